"""
Many queues, side by side: the same results whatever the number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.errors import InterruptedRun


class Named(Protocol):
    """
    A result that knows its queue.
    """

    @property
    def queue(self) -> str:
        """The queue's name."""


Task = TypeVar("Task")
Result = TypeVar("Result", bound=Named)


def each(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    workers: int = 1,
    progress: Progress = silent,
    stop: Stop = never,
) -> Iterator[Result]:
    """
    The tasks' results in order, from so many processes; the same whatever their number.

    Raises
    ------
    InterruptedRun
        ``stop`` says so.
    """
    results: Iterable[Result] = map(work, tasks)
    if workers > 1 and len(tasks) > 1:
        from joblib import Parallel, delayed

        # linear algebra in one thread: the processes are the threads
        pool = Parallel(n_jobs=min(workers, len(tasks)), return_as="generator", batch_size="auto")
        results = pool(delayed(work)(task) for task in tasks)
    for number, result in enumerate(results):
        if stop():
            raise InterruptedRun("stopped before the last queue", hint="run it again")
        progress(number + 1, len(tasks), result.queue)
        yield result
