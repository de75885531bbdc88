"""A person at a terminal, without one: answers given in advance, everything said kept."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Self

from secshare.errors import Declined


class FakeTerminal:
    """Stands for `secshare.terminal.Terminal`. An answer that is an exception is raised.

    Attributes:
        said, asked, asked_words, hints: texts, in order.
        shown: the secrets and their prompts, in order.
        closed: whether it was let go.
    """

    def __init__(self, answers: Iterable[str | BaseException] = (), width: int = 80) -> None:
        self._answers = list(answers)
        self.width = width
        self.said: list[str] = []
        self.asked: list[str] = []
        self.asked_words: list[str] = []
        self.hints: list[str] = []
        self.shown: list[tuple[str, str]] = []
        self.closed = False

    def _answer(self) -> str:
        if not self._answers:
            raise Declined("terminal.closed")
        answer = self._answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer.strip()

    @property
    def answers_left(self) -> int:
        """How many answers nobody asked for."""
        return len(self._answers)

    def say(self, text: str) -> None:
        self.said.append(text)

    def ask(self, question: str) -> str:
        self.asked.append(question)
        return self._answer()

    def ask_words(self, question: str, hint: str = "") -> str:
        self.asked_words.append(question)
        self.hints.append(hint)
        return self._answer()

    def unseen(self) -> AbstractContextManager[None]:
        return nullcontext()

    def show_secret(self, text: str, prompt: str) -> None:
        self.shown.append((text, prompt))

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
