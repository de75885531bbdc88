"""A time that was set is over once, and only if nobody stopped it: whatever was set before."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from secshare.preflight.watch import Watch

LONG = 3600.0


class Expiring:
    """A watch, and how often its time was over."""

    def __init__(self) -> None:
        self.times = 0
        self.over = threading.Event()
        self.watch = Watch(self._expired)

    def _expired(self) -> None:
        self.times += 1
        self.over.set()


@pytest.fixture
def one() -> Iterator[Expiring]:
    expiring = Expiring()
    yield expiring
    expiring.watch.end()


def test_a_time_is_over_once(one: Expiring) -> None:
    one.watch.start(0)
    assert one.over.wait(10)
    one.watch.stop()
    assert one.times == 1


def test_a_time_that_is_stopped_is_never_over(one: Expiring) -> None:
    for _ in range(1000):
        one.watch.start(LONG)
        one.watch.stop()
    assert one.times == 0


def test_a_shorter_time_after_a_longer_one_is_not_slept_through(one: Expiring) -> None:
    one.watch.start(LONG)
    one.watch.stop()
    one.watch.start(0)
    assert one.over.wait(10)


def test_after_a_time_was_over_the_next_one_counts(one: Expiring) -> None:
    for _ in range(3):
        one.over.clear()
        one.watch.start(0)
        assert one.over.wait(10)
    one.watch.stop()
    assert one.times == 3


def test_a_time_set_while_it_sleeps_for_a_stopped_one_is_kept(one: Expiring) -> None:
    one.watch.start(0.05)
    one.watch.stop()
    one.watch.start(0.2)
    assert one.over.wait(10)
    one.watch.stop()
    assert one.times == 1


def test_nothing_is_left_of_it_once_it_is_ended() -> None:
    expiring = Expiring()
    expiring.watch.start(LONG)
    thread = expiring.watch._thread
    assert thread is not None
    expiring.watch.end()
    thread.join(10)
    assert not thread.is_alive()
    assert expiring.times == 0


def test_one_that_was_never_set_can_be_ended() -> None:
    Expiring().watch.end()
