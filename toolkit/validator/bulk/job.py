"""What is done with every part of an input: by whom it is judged, how much is kept, and how long a line may be."""

from __future__ import annotations

from contextlib import ExitStack

from toolkit.dataclass import dataclass
from toolkit.validator.bulk.judging import Judge, Verdicts
from toolkit.validator.bulk.source import Block, LongLine, blocks, read_range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolkit.validator.validator import Validator


@dataclass(frozen=True, slots=True)
class Range:
    """A part of a file, made of whole lines, which a worker reads itself."""

    path: str
    offset: int
    byte_count: int


Task = Block | LongLine | Range


@dataclass(frozen=True, slots=True)
class Job:
    """The settings of one run, which every process that works on it has."""

    validator: Validator
    most_refused: int | None
    expected_bytes: int
    templates: bool
    longest_line: int
    block_bytes: int

    def judge(self) -> Judge:
        """Return a judge for this job."""
        return Judge(
            self.validator,
            most_refused=self.most_refused,
            expected_bytes=self.expected_bytes,
            templates=self.templates,
        )

    def verdicts(self, task: Task, judge: Judge) -> Verdicts:
        """
        Return what *judge* finds in *task*; offsets count from the start of the task.

        Tasks come in the order of the input, so that what a judge has kept comes before all that it will find.
        """
        if not isinstance(task, Range):
            if isinstance(task, LongLine):
                found = judge.refuse_long_line(task.length, self.longest_line)
            else:
                found = judge.verdicts(task.data)
            judge.keep_fewer(len(found.refused))
            return found
        found = Verdicts()
        with ExitStack() as stack:
            read = read_range(task.path, task.offset, task.byte_count, stack)
            parts = blocks(read, longest_line=self.longest_line, size=self.block_bytes, at_start=task.offset == 0)
            for part in parts:
                found.extend(self.verdicts(part, judge), part.offset, self.most_refused)
        return found
