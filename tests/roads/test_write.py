"""What a road carries is written whole, for its owner only, in the folder of that road."""

from __future__ import annotations

import email
import email.policy
import random
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from secshare import profiles
from secshare.errors import InputUnreadable, OutputRefused, PracticeInvalid, RecipientDataInvalid
from secshare.messages import Language
from secshare.model import Reference, Road
from secshare.passphrase import draw, understand
from secshare.roads import Handover, write_mail

REFERENCE = Reference.draw(random.Random(1).randrange)
WORDS = draw(randbelow=random.Random(2).randrange).reveal()


def secret(folder: Path, road: Road, **changes: object) -> Path:
    fields = {
        "words": WORDS,
        "reference": REFERENCE,
        "public_name": "Cabinet Martin",
        "phone": "+33639980000",
        "language": Language.EN,
        "desk_language": Language.FR,
    } | changes
    handover = Handover(**fields)  # type: ignore[arg-type]
    assert WORDS not in repr(handover)
    path = handover.write(folder, road)
    assert path.read_bytes() == handover.content(road)
    return path


def mail(folder: Path, **changes: object) -> Path | None:
    sealed = folder / f"document-{REFERENCE}.pdf.age"
    if not sealed.exists():
        sealed.write_bytes(b"age-encryption.org/v1\n" + bytes(1000))
    fields = {
        "sealed": sealed,
        "to": "jeanne@example.fr",
        "public_name": "Cabinet Martin",
        "phone": "01 99 00 12 34",
        "reference": REFERENCE,
        "road": Road.SMS,
        "language": Language.FR,
    } | changes
    return write_mail(folder, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("road", "name"), [(Road.QR, ".png"), (Road.SMS, ".sms.txt"), (Road.PHONE, ".txt")]
)
def test_each_road_has_its_file_and_only_its_owner_reads_it(
    tmp_path: Path, road: Road, name: str
) -> None:
    path = secret(tmp_path, road)
    assert path == tmp_path / f"{REFERENCE}{name}"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_each_file_gives_the_words_back(tmp_path: Path) -> None:
    (code,) = zxingcpp.read_barcodes(Image.open(secret(tmp_path, Road.QR)))
    assert code.text == WORDS
    for road in (Road.SMS, Road.PHONE):
        pasted = secret(tmp_path, road).read_text("utf-8")
        assert understand(pasted).candidates[-1] == WORDS
        assert understand(pasted).reference == str(REFERENCE)


def test_the_patient_and_the_desk_each_read_their_language(tmp_path: Path) -> None:
    assert "Your words" in secret(tmp_path, Road.SMS).read_text("utf-8")
    assert "À LIRE AU TÉLÉPHONE" in secret(tmp_path, Road.PHONE).read_text("utf-8")


def test_the_sheet_asks_what_the_record_can_confirm(tmp_path: Path) -> None:
    birth, function = "date de naissance", "votre fonction"
    for folder, changes, asked in (
        ("patient", {}, [birth]),
        ("no date", {"birth_date_known": False}, []),
        ("laboratory", {"organisation": True}, [function]),
    ):
        (tmp_path / folder).mkdir()
        sheet = secret(tmp_path / folder, Road.PHONE, **changes).read_text("utf-8")
        assert [question for question in (birth, function) if question in sheet] == asked


def test_the_sms_file_is_a_number_and_a_message(tmp_path: Path) -> None:
    number, blank, message, end = secret(tmp_path, Road.SMS).read_text("ascii").split("\n")
    assert (number, blank, end) == ("+33639980000", "", "")
    assert message.endswith(WORDS)


@pytest.mark.parametrize("road", list(Road))
def test_an_existing_file_is_never_replaced(tmp_path: Path, road: Road) -> None:
    path = secret(tmp_path, road)
    path.write_bytes(b"mine")
    with pytest.raises(OutputRefused):
        secret(tmp_path, road)
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("road", list(Road))
def test_after_a_refusal_nothing_is_left(tmp_path: Path, road: Road) -> None:
    with pytest.raises(PracticeInvalid):
        secret(tmp_path, road, public_name="Deux\nlignes")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputRefused):
        secret(tmp_path / "absent", road)
    assert list(tmp_path.iterdir()) == []


def test_the_draft_and_the_text_to_copy_say_the_same(tmp_path: Path) -> None:
    draft = mail(tmp_path)
    assert draft == tmp_path / "message.eml"
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    text, attachment = message.iter_parts()
    copied = (tmp_path / "message.txt").read_text("utf-8")
    for part in (message["To"], message["Subject"], attachment.get_filename()):
        assert part in copied.splitlines()
    assert text.get_content().replace("\r\n", "\n").strip() in copied
    sealed = tmp_path / f"document-{REFERENCE}.pdf.age"
    assert attachment.get_content() == sealed.read_bytes()


def test_the_labels_of_the_text_to_copy_are_in_the_language_of_the_desk(tmp_path: Path) -> None:
    mail(tmp_path, language=Language.EN, desk_language=Language.FR)
    copied = (tmp_path / "message.txt").read_text("utf-8")
    assert copied.startswith("--- ADRESSE\njeanne@example.fr\n")
    assert "Hello," in copied


@pytest.mark.parametrize(("extra", "drafted"), [(0, True), (1, False)])
def test_above_the_mail_limit_there_is_no_draft(tmp_path: Path, extra: int, drafted: bool) -> None:
    sealed = tmp_path / f"document-{REFERENCE}.pdf.age"
    with sealed.open("wb") as sink:
        sink.truncate(profiles.MAIL_BYTES + extra)
    assert (mail(tmp_path) is not None) == drafted
    written = {"message.eml", "message.txt"} if drafted else set()
    assert {path.name for path in tmp_path.iterdir()} == {sealed.name} | written


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"to": "jeanne@example.fr\nBcc: x@y.fr"}, RecipientDataInvalid),
        ({"public_name": "Deux\nlignes"}, PracticeInvalid),
        ({"phone": "1\n2"}, PracticeInvalid),
    ],
)
def test_an_injection_leaves_no_draft(
    tmp_path: Path, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        mail(tmp_path, **changes)
    assert not list(tmp_path.glob("message.*"))


def test_a_sealed_file_that_is_gone_leaves_no_draft(tmp_path: Path) -> None:
    with pytest.raises(InputUnreadable):
        mail(tmp_path, sealed=tmp_path / "gone.age")
    assert not list(tmp_path.glob("message.*"))


def test_a_draft_that_exists_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "message.eml").write_bytes(b"mine")
    with pytest.raises(OutputRefused):
        mail(tmp_path)
    assert (tmp_path / "message.eml").read_bytes() == b"mine"
