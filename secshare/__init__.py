"""Seal a health document for the right person, and hand the words over by another road.

    >>> import io
    >>> from secshare import SecshareError, age, passphrase
    >>> words = passphrase.draw()
    >>> sealed, opened = io.BytesIO(), io.BytesIO()
    >>> age.encrypt(io.BytesIO(b"a report"), sealed, [age.ScryptRecipient(words)])
    >>> typed = passphrase.understand(words.reveal().upper()).candidates[-1]
    >>> _ = sealed.seek(0)
    >>> age.decrypt(sealed, opened, [age.ScryptIdentity(typed)])
    >>> opened.getvalue()
    b'a report'

For a library, these parts are the public ones: `age` (the format), `passphrase` (drawing words and
reading them again), `errors` (every failure, with two lines for people). They load when they are
used; `import secshare` alone costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secshare import age, errors, passphrase
    from secshare.errors import SecshareError

__all__ = ["SecshareError", "age", "errors", "passphrase"]


def __getattr__(name: str) -> object:
    if name == "SecshareError":
        return import_module(f"{__name__}.errors").SecshareError
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    msg = f"module 'secshare' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return __all__
