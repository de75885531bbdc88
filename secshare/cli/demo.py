"""`secshare demo`: a whole round with invented people, in a new folder, in a few seconds."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from secshare import files, roads
from secshare.cli import findings as told
from secshare.cli.base import LANGUAGE, tr, verb
from secshare.cli.demo_documents import export_csv, report_pdf
from secshare.cli.session import Session, session_of
from secshare.errors import PayloadDamaged
from secshare.messages import Language
from secshare.model import Answer, Answered, Kind, Road

if TYPE_CHECKING:
    from secshare.age import Identity
    from secshare.practice import Practice
    from secshare.preflight import Checker
    from secshare.sharing import Checked, Desk, Prepared

_FOLDER: Final = Path("secshare-demo")
_PATIENT: Final = "Jeanne Exemple"
_OTHER: Final = "Paul Fictif"
_LABORATORY: Final = "Laboratoire Fictif"
_PAGE: Final = "open.html"


@verb("demo", "demo.help")
def demo(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help=tr("demo.arg_folder"))
    ] = None,
) -> None:
    """Make a practice, seal two documents, open them again, and say what is where."""
    session = session_of(ctx)
    chosen = (folder or _free(_FOLDER)).absolute()
    with files.publish_folder(chosen) as hidden:
        _play(session, hidden, chosen)


def _free(folder: Path) -> Path:
    """Return the folder, or the first of `folder-2`, `folder-3` ... that does not exist."""
    candidate, number = folder, 1
    while candidate.exists():
        number += 1
        candidate = folder.with_name(f"{folder.name}-{number}")
    return candidate


def _play(session: Session, hidden: Path, chosen: Path) -> None:
    from secshare.age import HybridIdentity
    from secshare.preflight import Checker
    from secshare.sharing import Desk, handover

    documents = hidden / "documents"
    files.make_private_folder(documents)
    report, export = documents / "report.pdf", documents / "export.csv"
    for path, content in ((report, report_pdf()), (export, export_csv())):
        _write(path, content)
    laboratory = HybridIdentity.generate()
    _write(hidden / "laboratory.key", f"{laboratory.reveal()}\n".encode())
    with Desk(_make_practice(hidden / "practice")) as desk, Checker() as checker:
        checker.start()
        _add_people(desk, str(laboratory.recipient()))
        to_patient = _seal(desk, checker, report, _PATIENT)
        to_laboratory = _seal(desk, checker, export, _LABORATORY)
        wrong = _checked(desk, checker, report, _OTHER)
        words = desk.register.words(to_patient.share.reference, desk.practice.identities(_no_words))
        share = to_patient.share
        patient = desk.directory.by_uid(share.recipient)
        carried = handover(desk.practice, share, patient, share.phone, words)
        for road in (Road.QR, Road.PHONE):  # the SMS stands there already: it is her own road
            carried.write(desk.practice.secrets, road)
        _open_again(hidden, to_patient, to_laboratory, words, laboratory)
        _write_page(hidden / _PAGE, desk.practice)
    _say(session, chosen, hidden, to_patient, to_laboratory, words)
    session.result(tr("demo.wrong", name=_OTHER))
    for line in told.lines(wrong.findings):
        session.result(f"    {line}")


def _say(
    session: Session,
    chosen: Path,
    hidden: Path,
    to_patient: Prepared,
    to_laboratory: Prepared,
    words: str,
) -> None:
    def shown(path: Path) -> Path:
        return chosen / path.relative_to(hidden)

    session.result(tr("demo.where", folder=chosen))
    for key, prepared in (("patient", to_patient), ("laboratory", to_laboratory)):
        name, reference = prepared.share.name, prepared.share.reference
        session.result(tr(f"demo.{key}", name=name, reference=reference))
        for path in prepared.files:
            session.result(f"    {shown(path)}")
    session.result(tr("demo.secrets", folder=chosen / "practice" / "secrets"))
    session.result(tr("demo.compared", folder=chosen / "opened"))
    sealed = shown(next(path for path in to_patient.files if path.suffix == ".age"))
    session.result(tr("demo.try", sealed=sealed))
    if (hidden / _PAGE).exists():
        session.result(tr("demo.try_page", page=chosen / _PAGE))
    if session.terminal is not None:
        lines = [tr("demo.phone_shows"), "", *roads.qr.terminal_lines(words), "", words]
        session.terminal.show_secret("\n".join(lines), tr("secret.any_key"))


def _write(path: Path, content: bytes) -> None:
    with files.publish(path) as sink:
        sink.write(content)


def _write_page(path: Path, practice: Practice) -> None:
    """Write the page too, where this package was built with it."""
    from secshare import page

    if page.available():
        with files.publish(path) as sink:
            page.write(sink, page.PracticeOnPage.of(practice))


def _make_practice(folder: Path) -> Practice:
    from secshare.practice import Settings
    from secshare.sharing import create_practice

    settings = Settings(
        name="Cabinet médical de démonstration",
        public_name="Cabinet Demo",
        phone="01 99 00 00 01",
        language=Language(LANGUAGE),
    )
    return create_practice(folder, settings, protection=None)


def _no_words() -> str:
    raise AssertionError  # the demo's practice key is not protected


def _add_people(desk: Desk, key: str) -> None:
    desk.directory.add(
        name=_PATIENT,
        kind=Kind.PATIENT,
        email="jeanne.exemple@example.org",
        phone="+33639980001",
        birth_date=date(1958, 4, 12),
        road=Road.SMS,
    )
    desk.directory.add(
        name=_OTHER,
        kind=Kind.PATIENT,
        email="p.fictif@example.org",
        birth_date=date(1971, 9, 30),
        road=Road.QR,
    )
    desk.directory.add(
        name=_LABORATORY,
        kind=Kind.ORGANISATION,
        email="resultats@example.org",
        keys=(key,),
    )


def _checked(desk: Desk, checker: Checker, document: Path, name: str) -> Checked:
    from secshare.sharing import address, check

    with files.open_source(document) as source:
        return check(desk, checker, address(desk, name, today=date.today()), [source])


def _seal(desk: Desk, checker: Checker, document: Path, name: str) -> Prepared:
    from secshare.sharing import address, check, prepare

    with files.open_source(document) as source:
        addressed = address(desk, name, today=date.today())
        checked = check(desk, checker, addressed, [source])
        answered = [
            Answered(each.rule, each.severity, Answer.ACCEPTED) for each in checked.findings
        ]
        kind = checked.report.kind
        return prepare(desk, addressed, [source], kind=kind, checked=checked, answered=answered)


def _open_again(
    hidden: Path, to_patient: Prepared, to_laboratory: Prepared, words: str, key: Identity
) -> None:
    """Open both as their recipients would, and compare every byte.

    Raises:
        PayloadDamaged: what came out is not what went in.
    """
    from secshare.age import ScryptIdentity, decrypt
    from secshare.passphrase import understand

    files.make_private_folder(hidden / "opened")
    typed = understand(words.replace("-", " ").upper()).candidates
    keys = [ScryptIdentity(candidate) for candidate in typed[-1:]]
    for prepared, identities, name in (
        (to_patient, keys, "report.pdf"),
        (to_laboratory, [key], "export.csv"),
    ):
        sealed = next(path for path in prepared.files if path.suffix == ".age")
        clear = io.BytesIO()
        with files.open_source(sealed) as source:
            decrypt(source.file, clear, identities)
        if clear.getvalue() != (hidden / "documents" / name).read_bytes():
            raise PayloadDamaged("demo.differs", path=name)
        _write(hidden / "opened" / name, clear.getvalue())
