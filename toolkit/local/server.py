"""
The server: one HTTP endpoint for every service.

A WSGI application looks at each request: those for Athena are ours, all others go to moto, in the same process.
Heavy libraries load when a server starts, so that importing this module costs nothing.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from toolkit.local.athena.limits import Limits
from toolkit.local.errors import AlreadyRunning, LocalPlatformError, PortInUse, is_disk_full
from toolkit.local.platform import ACCOUNT_ID, RESULTS_BUCKET, Platform, platform_at
from toolkit.local.state.directory import DataDirectory, announce
from toolkit.local.state.requests import Request, request_of

if TYPE_CHECKING:
    from toolkit.local.athena.service import AthenaService
    from toolkit.local.sqs_moves import MessageMoves
    from toolkit.local.state.ledger import Ledger
    from toolkit.local.state.store import Store

DEFAULT_REGION = "eu-west-1"

# Long polls (SQS up to 20 s, GetQueryExecution up to 2 s) hold a thread each; idle threads cost little.
THREADS = 32

# The largest PUT of S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
LARGEST_BODY_IN_BYTES = 5 * 2**30

# Requests for Athena name their operation in a header: https://docs.aws.amazon.com/athena/latest/APIReference
ATHENA_TARGET = "AmazonAthena."
SQS_TARGET = "AmazonSQS."

# Whoever puts objects or tables will query them soon. An SQS client alone never needs what queries do.
BEFORE_QUERIES = ("/s3/aws4_request", "/glue/aws4_request")

# A query of some hundred brackets or calls in each other takes thousands of Python's own calls to read; since Python 3.11
# these need no room on the stack of the thread.
RECURSION_LIMIT = 5_000

Environ = dict[str, Any]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_serving = threading.Lock()


class Application:
    """
    The WSGI application of the platform: Athena here, everything else in moto.

    With a *store* every change is written before its request is answered, and what was written is there again.
    """

    def __init__(
        self, region: str, directory: DataDirectory, store: Store | None, limits: Limits | None = None
    ) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication
        from moto.s3.models import s3_backends

        from toolkit.local import bounds, s3_events, sqs
        from toolkit.local import s3 as s3_requests
        from toolkit.local.state import objects

        sqs.install()
        self._files = objects.ContentFiles(directory.objects)
        objects.install(self._files)
        s3_requests.install()
        s3_events.install()
        self._refused = bounds.refused
        self._refused_upload, self._bound_list = s3_requests.refused_upload, s3_requests.bound_list
        self._directory = directory
        self._store = store
        self._limits = limits
        self._ledger: Ledger | None = None
        s3 = s3_backends[ACCOUNT_ID]["aws"]
        if store is not None:
            from toolkit.local.state.ledger import Ledger

            self._ledger = Ledger(store, directory.path)
            self._ledger.restore()
            self._files.sweep(objects.file_names(s3))
        if RESULTS_BUCKET not in s3.buckets:
            with self._recorded(Request("s3")):
                s3.create_bucket(RESULTS_BUCKET, region)
        self.region = region
        moto: Any = DomainDispatcherApplication(_service_application)
        # moto lists its own folder for each request to find the service; the answer per host never changes. Nor do the
        # names of a class's methods, which it collects to find the operation.
        moto.get_backend_for_host = lru_cache(maxsize=1024)(moto.get_backend_for_host)
        responses: Any = import_module("moto.core.responses")
        if not hasattr(responses.method_names_from_class, "cache_info"):
            responses.method_names_from_class = lru_cache(maxsize=256)(responses.method_names_from_class)
        self._moto_whole: WsgiApplication = moto.__call__
        self._moves: MessageMoves | None = None
        self._objects = objects.DirectObjects(lambda: self._recorded(Request("s3", touches_entities_only=True)))
        self._athena: AthenaService | None = None
        self._loads_ahead = False
        self._lock = threading.Lock()
        # Athena's own requests may follow from one that has its turn.
        self._turn = threading.RLock()

    @property
    def athena(self) -> AthenaService:
        """The Athena of this platform, made at its first request: its libraries are the heaviest."""
        with self._lock:
            if self._athena is None:
                from toolkit.local.athena.service import AthenaService
                from toolkit.local.glue import DirectTables

                self._athena = AthenaService(
                    self._moto,
                    self.region,
                    self._directory,
                    self._store,
                    direct=self._objects,
                    tables=DirectTables(self.region),
                    limits=self._limits,
                )
            return self._athena

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith(ATHENA_TARGET):
            return self.athena(environ, start_response)
        if not self._loads_ahead and any(each in environ.get("HTTP_AUTHORIZATION", "") for each in BEFORE_QUERIES):
            self._loads_ahead = True
            threading.Thread(target=_load_ahead, name="load-ahead", daemon=True).start()
        # From this moto reads an object's key; the decoded path does not tell %2F from a slash.
        environ.setdefault("RAW_URI", environ.get("REQUEST_URI", ""))
        if environ.get("CONTENT_TYPE", "").startswith("application/x-amz-cbor"):
            from toolkit.local import cbor

            return cbor.answer(environ, start_response, self._moto)
        return self._moto(environ, start_response)

    def _moto(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Let moto answer, and write down what that changed."""
        request = request_of(environ)
        if request.service == "s3":
            self._bound_list(environ)
            if request.is_writing and (refusal := self._refused_upload(environ, start_response)) is not None:
                return refusal
        answers: list[tuple[Any, ...]] = []
        try:
            with self._turn if request.goes_in_turn else nullcontext(), self._recorded(request):
                content = self._moto_itself(environ, lambda *answer: answers.append(answer))
        except OSError as error:
            text, status, headers = _disk_full(
                request.service, error, "what this request changed is lost should it end before there is room"
            )
            content, answers = [text.encode()], [(f"{status} Insufficient Storage", [*headers.items()])]
        start_response(*answers[-1])
        return content

    def _moto_itself(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if refusal := self._refused(environ, start_response):
            return refusal
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith(SQS_TARGET):
            # Imported by its first request: it needs moto's IAM, which takes long to load.
            from toolkit.local.sqs_requests import answer_directly

            answer = answer_directly(environ, start_response)
            if answer is None:
                answer = self._message_moves.answer(environ, start_response)
            if answer is not None:
                return answer
        return _sent_by_the_server(environ, self._moto_whole(environ, start_response))

    @property
    def _message_moves(self) -> MessageMoves:
        with self._lock:
            if self._moves is None:
                from toolkit.local.sqs_moves import MessageMoves

                self._moves = MessageMoves(lambda: self._recorded(Request("sqs", touches_entities_only=True)))
            return self._moves

    def _recorded(self, request: Request) -> AbstractContextManager[None]:
        if self._ledger is None or not request.is_writing:
            return nullcontext()
        return self._ledger.writing(request)

    def close(self) -> None:
        """Stop the running queries; what was written stays."""
        if self._moves is not None:
            self._moves.close()
        if self._athena is not None:
            self._athena.close()
        if self._store is not None:
            self._files.is_open = False


def _sent_by_the_server(environ: Environ, answer: Iterable[bytes]) -> Iterable[bytes]:
    """
    Hand an object's file to the server, which sends it without a thread.

    A client that opens objects and reads them later would hold a thread with each; all of them, and nobody is answered.
    """
    from toolkit.local.state.objects import SENT_FILE

    file = environ.pop(SENT_FILE, None)
    # A part of an object has been read from the file already, which closed it.
    if file is None or file.closed or "wsgi.file_wrapper" not in environ:
        return answer
    if hasattr(answer, "close"):
        answer.close()
    sent: Iterable[bytes] = environ["wsgi.file_wrapper"](file)
    return sent


class Server:
    """An HTTP server on a socket of its own, with a loop that another thread can stop."""

    def __init__(self, application: WsgiApplication, listener: socket.socket) -> None:
        from waitress.server import create_server

        from toolkit.local.http import Channel

        self._sockets: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._server = create_server(
            application,
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            channel_timeout=600,
            connection_limit=1000,
            max_request_body_size=LARGEST_BODY_IN_BYTES,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=True,
            ident=None,
        )
        self._server.channel_class = Channel

    def run(self) -> None:
        """Serve until ``stop`` is called."""
        from waitress import wasyncore

        while not self._stopping.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown(timeout=0.2)
        wasyncore.close_all(self._sockets, ignore_all=True)

    def stop(self) -> None:
        """End ``run`` soon; safe from any thread and from a signal handler."""
        self._stopping.set()
        # The loop may have seen it by itself, and closed the trigger.
        with suppress(OSError):
            self._server.trigger.pull_trigger()


def listen(host: str, port: int) -> socket.socket:
    """
    Bind a listening socket.

    Raises:
        PortInUse: something listens on the port.
        LocalPlatformError: the address can't be bound for another reason.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # Lets a restart take the port of connections that are still closing; a live listener still refuses it.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise PortInUse(host, port) from error
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise LocalPlatformError(f"can't listen on {host} port {port}: {reason}; choose another") from error
    return listener


@contextmanager
def serving(
    host: str, port: int, region: str, data_directory: str | Path | None = None, limits: Limits | None = None
) -> Iterator[tuple[Server, Platform]]:
    """Bind, and hand over the server that is ready to run; without a data directory, state is forgotten on exit."""
    if not _serving.acquire(blocking=False):
        raise AlreadyRunning
    try:
        with ExitStack() as resources:
            resources.callback(sys.setrecursionlimit, sys.getrecursionlimit())
            sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
            listener = resources.enter_context(listen(host, port))
            platform = platform_at(host, listener.getsockname()[1], region)
            limits = limits or Limits()
            directory, store = _opened(resources, data_directory, platform, limits)
            _silence_request_logs()
            resources.callback(_forget)
            application = Application(region, directory, store, limits)
            resources.callback(application.close)
            yield Server(application, listener), platform
    finally:
        _serving.release()


def _opened(
    resources: ExitStack, data_directory: str | Path | None, platform: Platform, limits: Limits
) -> tuple[DataDirectory, Store | None]:
    if data_directory is None:
        temporary = resources.enter_context(TemporaryDirectory(prefix="toolkit-local-", ignore_cleanup_errors=True))
        return DataDirectory(Path(temporary)), None
    from toolkit.local.state.store import Store

    directory = DataDirectory(Path(data_directory).expanduser().absolute())
    announce(resources.enter_context(directory.held()), platform.endpoint_url, limits.cache_in_bytes)
    store = Store(directory.store)
    resources.callback(store.close)
    return directory, store


@contextmanager
def start(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    region: str = DEFAULT_REGION,
    data_directory: str | Path | None = None,
    athena_limits: Limits | None = None,
) -> Iterator[Platform]:
    """
    Serve from a thread of this process until the block ends; gives the ``Platform``.

    Port 0 takes a free one. With a *data_directory* the account is as it was left there, however the last server ended;
    without one each start is an empty account, and what was in it is forgotten at the end. *athena_limits* are the quotas
    beyond which Athena answers TooManyRequestsException.

    Raises:
        PortInUse: something listens on the port.
        AlreadyRunning: this process serves a platform already.
        DirectoryInUse: another server keeps its state in the data directory.
        NotADataDirectory: the data directory can't be made or written.
        UnreadableState: the state there is damaged, or of another version.
    """
    with serving(host, port, region, data_directory, athena_limits) as (server, platform):
        thread = threading.Thread(target=server.run, name="toolkit-local", daemon=True)
        thread.start()
        try:
            yield platform
        finally:
            server.stop()
            thread.join()


def _load_ahead() -> None:
    """Import what the first query needs, while its user is still at something else."""
    for name in ("toolkit.local.athena.service", "pyarrow.csv", "pyarrow.compute", "pyarrow.parquet"):
        import_module(name)


def _forget() -> None:
    """Empty moto, whose state lives in its modules."""
    from moto.core.base_backend import BackendDict
    from moto.core.model_instances import reset_model_data

    BackendDict.reset()
    reset_model_data()


def _service_application(service: Any) -> Any:
    """Give moto's application for one service, made at its first request."""
    from moto.moto_server.werkzeug_app import create_backend_app

    if service in ("dynamodb", "glue", "sns"):
        import_module(f"toolkit.local.{service}").install()
    application = create_backend_app(service)
    application.register_error_handler(NotImplementedError, lambda error: _not_implemented(service, error))
    application.register_error_handler(OSError, lambda error: _disk_full(service, error))
    return application


def _not_implemented(service: str, error: NotImplementedError) -> tuple[str, int, dict[str, str]]:
    """Answer an operation that moto lacks, so that a client neither tries again nor has to guess."""
    message = f"The local platform does not implement this operation of {service}: {error}"
    return _refusal(service, 400, "UnsupportedOperationException", message)


def _disk_full(
    service: str, error: OSError, lost: str = "nothing of this request was kept"
) -> tuple[str, int, dict[str, str]]:
    """Answer a request for which the disk has no room; with this status no client tries again."""
    if not is_disk_full(error):
        raise error
    message = f"The disk of the local platform is full, and {lost}: delete objects, or free room"
    return _refusal(service, 507, "InsufficientStorage", message)


def _refusal(service: str, status: int, code: str, message: str) -> tuple[str, int, dict[str, str]]:
    from xml.sax.saxutils import escape

    if service in ("iam", "s3", "sns", "sts", "cloudformation"):
        text = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
        answer = (
            f"<Error>{text}</Error>" if service == "s3" else f"<ErrorResponse><Error>{text}</Error></ErrorResponse>"
        )
        return answer, status, {"Content-Type": "text/xml"}
    return json.dumps({"__type": code, "message": message}), status, {"Content-Type": "application/x-amz-json-1.1"}


def _silence_request_logs() -> None:
    import logging

    # Waitress warns of every queued request; under load that is ordinary here.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
