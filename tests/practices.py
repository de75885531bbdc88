"""A practice with invented people, made as `secshare init` makes one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.messages import Language
from secshare.model import Kind, Recipient, Road
from secshare.practice import Practice, Settings
from secshare.recipients import fold
from secshare.sharing import create_practice

if TYPE_CHECKING:
    from secshare.sharing import Desk

SETTINGS = Settings(
    name="Cabinet médical Exemple",
    public_name="Cabinet Exemple",
    phone="+33199000001",
    language=Language.FR,
)


def make_practice(folder: Path, settings: Settings = SETTINGS) -> Practice:
    """Make a practice whose own key is not protected."""
    return create_practice(folder, settings, protection=None)


def add_patient(desk: Desk, name: str = "Jeanne Exemple") -> Recipient:
    """Add a patient who gets words by SMS; another name has other contacts, far from the first."""
    first, dotted = name == "Jeanne Exemple", ".".join(fold(name).split())
    return desk.directory.add(
        name=name,
        kind=Kind.PATIENT,
        email="jeanne.exemple@example.org" if first else f"{dotted}@example.com",
        phone="+33639980001" if first else "+33639981202",
        birth_date=date(1958, 4, 12),
        road=Road.SMS,
    )
