"""Where the words of a run may be written, and where they are where nobody names a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.batch.forms import Form
from secshare.errors import OutputRefused
from secshare.sharing.desk import is_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.practice import Practice

__all__ = ["check_place", "usual_place"]

_ENDINGS: Final = {Form.SMS_CSV: ".csv", Form.SMS_XLSX: ".xlsx", Form.QR_SHEET: ".pdf"}


def check_place(practice: Practice, path: Path) -> None:
    """Keep words out of the practice's other folders, and findable in `secrets/`.

    Raises:
        OutputRefused: the file would stand beside the documents that they open; in `secrets/`,
            under a name that neither a recall nor the sweep looks for; or `-`, which elsewhere
            means the output that never has a secret.
    """
    if str(path) == "-":
        raise OutputRefused("batch_secrets.no_stdout")
    part = practice.part_of(path)
    if part not in {None, "secrets"}:
        raise OutputRefused("secret.two_roads", path=path)
    inside = part == "secrets" and path.parent.resolve() == practice.secrets.resolve()
    if part == "secrets" and not (inside and is_sheet(path.name)):
        raise OutputRefused("batch_secrets.unfindable", path=path)


def usual_place(practice: Practice, run: str, form: Form) -> Path:
    """Return a file of `secrets/` that is not there yet, where a recall and the sweep find it.

    Two runs may come to the same name: then one is numbered.
    """
    stem = files.safe_name(f"words-{run}".replace(".", "-"))
    name, number = f"{stem}{_ENDINGS[form]}", 1
    path = practice.secrets / name
    while path.is_symlink() or path.exists():
        number += 1
        path = practice.secrets / files.numbered(name, number)
    return path
