"""Another engine behind `concurrent.futures.Executor`: does everything at once, in this process."""

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
