"""Protects `incident` and `incidents`: nothing is recorded by halves, and no address is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from secshare.model import Reference
from secshare.register import Operation
from secshare.sharing import Desk
from tests.cli.test_check import ground, run

__all__ = ["ground"]  # the fixture

WRONG = "jeane.exmple@example.net"
PATIENT = "158042299904158@patient.mssante.fr"


@pytest.fixture
def reference(ground: Path) -> str:
    done = run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    (folder,) = (ground / "practice" / "outbox").iterdir()
    return folder.name


def entries(ground: Path, reference: str) -> list[dict[str, object]]:
    from secshare.practice import Practice

    with Desk(Practice.open(ground / "practice")) as desk:
        return [
            {"by": entry.actor.by, **entry.facts}
            for entry in desk.journal.entries(Reference(reference))
            if entry.operation is Operation.INCIDENT
        ]


def left(ground: Path) -> list[str]:
    return sorted(path.name for path in ground.iterdir())


def test_it_is_recorded_once_and_completed_with_who_did_it(ground: Path, reference: str) -> None:
    first = run(ground, "incident", reference, "--wrong-address", WRONG, "--by", "Sophie", "--json")
    assert first.returncode == 0, first.stderr
    measures = ("--measure", "rappel", "--measure", "suppression demandée")
    second = run(ground, "incident", reference, *measures, "--by", "Paul", "--json")
    said = [json.loads(done.stdout) for done in (first, second)]
    assert said[0]["found"] == said[1]["found"]
    assert said[1]["questions"] == said[0]["questions"] - 1
    assert [each["text"] for each in said[1]["measures"]] == ["rappel", "suppression demandée"]
    assert entries(ground, reference) == [
        {"by": "Paul", "changed": ["measures"]},
        {"by": "Sophie", "changed": ["found", "wrong_address"]},
    ]
    listed = json.loads(run(ground, "incidents", "--json").stdout)
    assert [each["reference"] for each in listed] == [reference]
    assert listed == [{key: value for key, value in said[1].items() if key in listed[0]}]
    assert (listed[0]["passed"], listed[0]["hours"]) == (False, 71)


@pytest.mark.parametrize("address", [WRONG, PATIENT])
def test_the_wrong_address_is_shown_nowhere(ground: Path, reference: str, address: str) -> None:
    for options in ((), ("--json",), ("-o", "f"), ("--with-names", "--language", "en")):
        done = run(ground, "incident", reference, "--wrong-address", address, *options)
        assert done.returncode == 0, done.stderr
        shown = done.stdout + done.stderr
        shown += "".join(path.read_text("utf-8") for path in ground.glob("f.*"))
        assert address.partition("@")[0] not in shown
        if not options or "--with-names" in options:
            assert address.partition("@")[2] in shown
    done = run(ground, "incidents", "--json")
    assert address.partition("@")[0] not in done.stdout


def test_what_people_wrote_is_masked_wherever_it_is_shown(ground: Path, reference: str) -> None:
    options = [
        ("--how", f"par {WRONG}"),
        ("--measure", f"à {WRONG}"),
        ("--decision", f"vu {WRONG}"),
    ]
    words = [word for option in options for word in option]
    done = [run(ground, "incident", reference, *words, "--json")]
    done += [run(ground, "incidents", *options) for options in ((), ("--json",))]
    for each in done:
        assert each.returncode == 0, each.stderr
        assert "jeane" not in each.stdout + each.stderr
    for (listed,) in ([json.loads(done[0].stdout)], json.loads(done[2].stdout)):
        for name, text in (("how", "par"), ("measures", "à"), ("decision", "vu")):
            assert [note["text"] for note in listed[name]] == [f"{text} j***@example.net"]
    assert "j***@example.net" in done[1].stdout


def test_the_list_is_the_register_of_breaches(ground: Path, reference: str) -> None:
    def listed() -> list[str]:
        shown = run(ground, "incidents").stdout.splitlines()
        assert reference in shown[0]
        return [line.strip() for line in shown[1:]]

    assert run(ground, "incident", reference).returncode == 0
    facts, clock = listed()
    assert facts == "other than an address, or not recorded yet; words: not stopped; measures: 0"
    assert clock.startswith("72 hours: 71 hours left")
    assert run(ground, "recall", reference).returncode == 0
    options = ("--wrong-address", WRONG, "--measure", "rappel", "--decision", "Notifié, n° 7.")
    done = run(ground, "incident", reference, *options)
    assert "a decision was written down in time" in done.stderr
    facts, decision = listed()
    assert facts == "wrong address, j***@example.net; words: perhaps given; measures: 1"
    assert decision.startswith("decision, written down on ")
    assert decision.endswith(": Notifié, n° 7.")
    (known,) = json.loads(run(ground, "incidents", "--json").stdout)
    assert known["decided"] == known["decision"][0]["recorded"]
    assert (known["nature"], known["states"]["worth"]) == ("wrong-address", "possibly-released")


@pytest.mark.parametrize("name", ["fiche", "fiche.md", "fiche.html", "fiche.v2"])
def test_both_forms_are_written_beside_each_other(ground: Path, reference: str, name: str) -> None:
    done = run(ground, "incident", reference, "-o", name)
    stem = name.removesuffix(".md").removesuffix(".html")
    assert done.stdout.splitlines() == [f"{stem}.md", f"{stem}.html"]
    assert (ground / f"{stem}.md").read_text("utf-8").startswith("# ")
    assert (ground / f"{stem}.html").read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("edit", [b"another one", None, "typed", "appended", "crlf"])
@pytest.mark.parametrize("taken", ["fiche.md", "fiche.html"])
def test_what_somebody_typed_is_never_replaced(
    ground: Path, reference: str, taken: str, edit: bytes | str | None
) -> None:
    assert run(ground, "incident", reference, "-o", "fiche.md").returncode == 0
    path = ground / taken
    written = path.read_bytes()
    edited = {
        None: b"",
        "typed": written.replace(b"</html>", b"typed</html>").replace(b"## 2", b"typed\n## 2"),
        "appended": written + b"typed\n",
        "crlf": written.replace(b"\n", b"\r\n"),
    }.get(edit, edit)
    assert isinstance(edited, bytes)
    assert edited != written
    path.write_bytes(edited)
    before, recorded = left(ground), entries(ground, reference)
    for force in ((), ("--force",)):
        done = run(ground, "incident", reference, "--people", "2", "-o", "fiche.md", *force)
        assert done.returncode == 4
        assert done.stderr.startswith(f"{taken} was edited by hand")
        assert path.read_bytes() == edited
        assert left(ground) == before
        assert entries(ground, reference) == recorded
    assert run(ground, "incident", reference, "-o", "autre.md").returncode == 0


def test_a_name_that_is_taken_stops_before_anything_is_recorded(
    ground: Path, reference: str
) -> None:
    assert run(ground, "incident", reference, "-o", "fiche.md").returncode == 0
    before = [(ground / name).read_bytes() for name in ("fiche.md", "fiche.html")]
    (ground / "fiche.md").rename(ground / "copie.md")  # the other one is still there
    done = run(ground, "incident", reference, "--people", "2", "-o", "fiche.md")
    assert done.returncode == 4
    assert "fiche.html" in done.stderr
    assert "--force" in done.stderr
    assert not (ground / "fiche.md").exists()
    assert (ground / "fiche.html").read_bytes() == before[1]
    assert len(entries(ground, reference)) == 1
    # A copy is as it was written, under any name.
    for name in ("fiche.md", "copie.md"):
        done = run(ground, "incident", reference, "--people", "2", "-o", name, "--force")
        assert done.returncode == 0, done.stderr
        assert (ground / name).read_bytes() != before[0]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--found", "demain"), 12),
        (("--found", "01/01/2020"), 12),
        (("--found", "01/01/2999 10:00"), 12),
        (("--wrong-address", "jeanne"), 12),
        (("--how", "patient 1 58 04 22 999 041 58"), 12),
        (("--people", "0"), 2),
        (("--language", "de"), 2),
        (("-o", "practice/outbox/fiche.md"), 4),
        (("-o", "practice/secrets/fiche.md"), 4),
        (("-o", "nowhere/fiche.md"), 4),
    ],
)
def test_what_is_refused_leaves_nothing(
    ground: Path, reference: str, options: tuple[str, ...], status: int
) -> None:
    before = left(ground)
    done = run(ground, "incident", reference, *options, *(() if "-o" in options else ("-o", "f")))
    assert done.returncode == status, done.stderr
    assert len(done.stderr.strip().splitlines()) == 2
    assert done.stdout == ""
    assert left(ground) == before
    assert entries(ground, reference) == []
    assert json.loads(run(ground, "incidents", "--json").stdout) == []


def test_a_reference_that_no_share_has_is_said(ground: Path) -> None:
    done = run(ground, "incident", str(Reference.draw()), "-o", "f")
    assert done.returncode == 42
    assert not list(ground.glob("f.*"))


def test_the_words_are_spoken_of_first_while_they_can_be_stopped(
    ground: Path, reference: str
) -> None:
    advice = f"secshare recall {reference}"
    assert advice in run(ground, "incident", reference).stderr.splitlines()[0]
    assert run(ground, "recall", reference).returncode == 0
    assert advice not in run(ground, "incident", reference).stderr


def test_the_document_speaks_the_practices_language_unless_told(
    ground: Path, reference: str
) -> None:
    assert "Violation de données" in run(ground, "incident", reference).stdout
    assert "Personal data breach" in run(ground, "incident", reference, "--language", "en").stdout
