"""A runner that kills itself, as `kill -9` does, just before or just after the N-th call of an operation."""

import os
import signal
import sys

from toolkit import aws
from toolkit.cli import main

operation, when, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
count = 0
real = aws.call


def call(service, called, /, **parameters):
    global count
    if called == operation:
        count += 1
        if count == number and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    answer = real(service, called, **parameters)
    if called == operation and count == number and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer


aws.call = call
sys.exit(main(sys.argv[4:]))
