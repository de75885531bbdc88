"""Protects an address from another use than the one it was given for, first and second time."""

from __future__ import annotations

from datetime import date

import pytest

from secshare import files
from secshare.errors import ExitCode, RecipientRefused
from secshare.model import Road
from secshare.register import Operation
from secshare.sharing import address, address_again, prepare

TODAY = date(2026, 11, 22)


def seal(desk, folder, **purpose):
    addressed = address(desk, "jeanne-exemple", road=Road.QR, today=TODAY, **purpose)
    (folder / "report.txt").write_text("Compte rendu fictif.", "utf-8")
    with files.open_source(folder / "report.txt") as source:
        return prepare(desk, addressed, [source]).share


def entered(desk, share):
    """The purposes that the journal has for a share's intent."""
    entries = desk.journal.entries(share.reference)
    return [e.facts["purpose"] for e in entries if e.operation is Operation.PREPARE]


def test_a_share_is_for_care_unless_it_is_said_otherwise(desk, tmp_path):
    share = seal(desk, tmp_path)
    assert desk.register.share(share.reference).purpose == "soins"
    assert entered(desk, share) == ["soins"]


def test_another_purpose_is_kept_where_the_person_gave_it(desk, tmp_path):
    desk.directory.edit(desk.directory.find("jeanne-exemple"), purposes=("soins", "étude x"))
    share = seal(desk, tmp_path, purpose="Etude X")
    assert desk.register.share(share.reference).purpose == "étude x"
    assert entered(desk, share) == ["étude x"]


def test_a_petition_is_refused_and_leaves_nothing(desk, tmp_path):
    head = desk.journal.head()
    with pytest.raises(RecipientRefused) as caught:
        seal(desk, tmp_path, purpose="pétition")
    assert (caught.value.code, caught.value.key) == (ExitCode.RECIPIENT_REFUSED, "sharing.purpose")
    assert desk.journal.head() == head
    assert not list(desk.register.shares())
    assert not list(desk.practice.outbox.iterdir())


def test_what_is_sealed_again_is_for_the_same_purpose_or_refused(desk, tmp_path):
    jeanne = desk.directory.edit(
        desk.directory.find("jeanne-exemple"), purposes=("soins", "étude x")
    )
    share = seal(desk, tmp_path, purpose="étude x")
    again = address_again(desk, share, road=None, by_hand=False, today=TODAY)
    assert again.purpose == "étude x"
    desk.directory.edit(jeanne, purposes=("soins",))  # she left the study
    with pytest.raises(RecipientRefused) as caught:
        address_again(desk, share, road=None, by_hand=False, today=TODAY)
    assert caught.value.key == "sharing.purpose"
