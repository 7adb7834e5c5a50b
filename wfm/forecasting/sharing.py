"""
Many queues, side by side: the same results wherever and in how many processes they run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any, Protocol, TypeVar

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.errors import InterruptedRun, SettingsError

PATIENCE = 10.0  # seconds in which a cluster must answer
SHARE = 8  # tasks of a batch at most, so that progress moves and memory stays small


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
    cluster: str | None = None,
    progress: Progress = silent,
    stop: Stop = never,
) -> Iterator[Result]:
    """
    The tasks' results in order; the same whatever the number of processes.

    Parameters
    ----------
    workers
        Processes of this machine.
    cluster
        Address of a Dask scheduler, ``tcp://host:8786``, whose workers do it instead.

    Raises
    ------
    InterruptedRun
        ``stop`` says so.
    SettingsError
        Dask is not installed, or nobody answers at the address.
    """
    results: Iterable[Result] = map(work, tasks)
    if cluster:
        results = _on_cluster(work, tasks, cluster)
    elif workers > 1 and len(tasks) > 1:
        from joblib import Parallel, delayed

        # linear algebra in one thread: the processes are the threads
        pool = Parallel(n_jobs=min(workers, len(tasks)), return_as="generator", batch_size="auto")
        results = pool(delayed(work)(task) for task in tasks)
    for number, result in enumerate(results):
        if stop():
            raise InterruptedRun("stopped before the last queue", hint="run it again")
        progress(number + 1, len(tasks), result.queue)
        yield result


def _on_cluster(
    work: Callable[[Task], Result], tasks: Sequence[Task], address: str
) -> Iterator[Result]:
    """Results from a Dask cluster, in order; what is left is cancelled when nobody wants it."""
    client = _client(address)
    futures = client.map(work, tasks, pure=False, batch_size=SHARE)
    try:
        for future in futures:
            yield future.result()
            future.release()
    finally:
        client.cancel(futures)
        client.close()


def _client(address: str) -> Any:
    if find_spec("distributed") is None:
        raise SettingsError(
            "--cluster needs Dask, which is not installed",
            hint="pip install 'contact-centre-wfm[cluster]', here and on the cluster's workers",
        )
    from distributed import Client

    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:  # nobody there in time; no address
        raise SettingsError(
            f"--cluster {address}: no Dask scheduler answers",
            hint="its address looks like tcp://host:8786",
        ) from error
