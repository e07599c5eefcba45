"""Read many inputs at once, in several processes, because Python uses one core a process.

Each process gets its share of the jobs when it starts. None waits for work, so none is left over if the parent process
is killed.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class WorkerError(Exception):
    """A process ended before its work was done, e.g. because memory ran out."""


def in_order(work: Callable[[Job], Result], jobs: Sequence[Job], count: int) -> Iterator[Result]:
    """Yield ``work(job)`` for each job, in their order, made by up to ``count`` processes.

    Raises:
        WorkerError: a process was killed; what it did before stays done.
        Exception: what ``work`` raised.
    """
    count = min(count, len(jobs))
    if count <= 1:
        yield from map(work, jobs)
        return
    receivers: list[Connection] = []
    processes = []
    for place in range(count):
        receiver, sender = multiprocessing.Pipe(duplex=False)
        receivers.append(receiver)
        process = multiprocessing.Process(
            target=_do, args=(work, jobs[place::count], sender, list(receivers)), daemon=True
        )
        process.start()
        sender.close()  # or the next process keeps it open, and the end of this one is not seen
        processes.append(process)
    try:
        for place in range(len(jobs)):
            try:
                result, error = receivers[place % count].recv()
            except EOFError as end:
                raise WorkerError("a process that read an input was killed; run the same command again") from end
            if error:
                raise error
            yield result
    finally:
        for receiver in receivers:
            receiver.close()
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _do(
    work: Callable[[Job], Result], jobs: Sequence[Job], sender: Connection, receivers: Sequence[Connection]
) -> None:
    for receiver in receivers:  # the parent's; if they stay open here, its end is not seen
        receiver.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whatever the parent does with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends this process
    for job in jobs:
        try:
            answer: tuple[Result | None, Exception | None] = (work(job), None)
        except Exception as error:  # the parent raises it
            answer = (None, error)
        try:
            sender.send(answer)
        except BrokenPipeError:
            return
