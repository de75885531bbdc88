"""`--associate` and `--dissociate`: opening `.age` files by a double click."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.errors import OutputRefused
from secshare.files.association import Labels, association
from secshare.messages import Language, text

if TYPE_CHECKING:
    from secshare.opener.talk import Talk

__all__ = ["associate", "dissociate", "program"]


def associate(talk: Talk) -> None:
    """Have this program open `.age` files, and say so.

    Raises:
        OutputRefused: the system has no desktop that is known, or refuses; or this program cannot
            be started again by a path.
    """
    desktop = association()
    if desktop is None:
        raise OutputRefused("opener.associate_system")
    found = program()
    if found is None:
        raise OutputRefused("opener.associate_program")
    desktop.install(found, _labels())
    talk.say("associated", program=found)
    talk.say("associated_stay")


def dissociate(talk: Talk) -> None:
    """Undo `associate`, and say whether there was something to undo.

    Raises:
        OutputRefused: as `associate`.
    """
    desktop = association()
    if desktop is None:
        raise OutputRefused("opener.associate_system")
    talk.say("dissociated" if desktop.remove() else "dissociated_nothing")


def program() -> Path | None:
    """Return the absolute path that starts this command: the single file, or a script."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve()
    started = Path(sys.argv[0]).absolute()
    beside = Path(sys.executable).with_name("secshare-open")  # where installers put scripts
    found = [started, beside] if started.stem == "secshare-open" else [beside]
    scripts = (path for one in found for path in (one.with_suffix(".exe"), one))
    return next((path for path in scripts if path.is_file()), None)


def _labels() -> Labels:
    def worded(key: str) -> dict[str, str]:
        return {language.value: text(key, language) for language in Language}

    return Labels(
        name=worded("opener.desktop_name"),
        comment=worded("opener.desktop_comment"),
        kind=worded("opener.desktop_kind"),
    )
