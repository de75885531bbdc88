"""Other engines behind `concurrent.futures.Executor`: in this process, at once or one by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

from secshare.batch import working


class Inline(Executor):
    """As a distributed engine stands in the place of processes, without any."""

    def submit(self, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(act(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future

    def __exit__(self, *_: object) -> None:
        working.end()


class Failing(Inline):
    """One whose workers are lost, when and how it is told.

    Args:
        fails: given a task and its arguments, returns what becomes of it; None if it is done.
        at: whether the error comes as the task's `result`, or out of `submit`.
        most: tasks that it takes before the test is ended: it would be asked for ever.
    """

    def __init__(
        self,
        fails: Callable[[Callable[..., Any], Any], Exception | None],
        *,
        at: str = "result",
        most: int = 10_000,
    ) -> None:
        self._fails, self._at, self._left = fails, at, most

    def submit(self, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._left -= 1
        if not self._left:
            raise AssertionError("asked for ever")
        error = self._fails(act, args)
        if error is None:
            return super().submit(act, *args, **kwargs)
        if self._at == "submit":
            raise error
        future: Future[Any] = Future()
        future.set_exception(error)
        return future


class Late(Failing):
    """One that does a task when `do_next` says so, the oldest first: the others stay under way.

    Attributes:
        under_way: what it was given and has not done, with its arguments.
    """

    def __init__(
        self, fails: Callable[[Callable[..., Any], Any], Exception | None] = lambda *_: None
    ) -> None:
        super().__init__(fails)
        self.under_way = deque[tuple[Callable[..., Any], Any, Future[Any]]]()

    def submit(self, act: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.under_way.append((act, args, future))
        return future

    def do_next(self) -> None:
        """Do one task, if there is one; with a worker that dies all the others come to nothing."""
        if not self.under_way:
            return
        act, args, future = self.under_way.popleft()
        if not future.set_running_or_notify_cancel():
            return
        done = super().submit(act, *args)
        error = done.exception()
        if isinstance(error, BrokenExecutor):
            self.under_way.clear()
        if error is None:
            future.set_result(done.result())
        else:
            future.set_exception(error)
