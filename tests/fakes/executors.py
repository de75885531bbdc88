"""Other engines behind `concurrent.futures.Executor`: everything at once, in this process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
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
