"""What code says to people exists: a missing sentence would end a command in a traceback."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import secshare
from secshare.messages import Language, catalogue
from secshare.model import Finding, Place
from secshare.preflight.case import Case, Person
from secshare.preflight.content import Content, Part, Unread, Why
from secshare.preflight.examining import examine
from secshare.preflight.judging import judge

MOTHER = Person("Camille Exemple", date(1980, 3, 12))
CHILD = Person("Léo Exemple", date(2018, 11, 2))
KEYS = sorted(f"preflight.{name}" for name in catalogue("preflight"))


def keys() -> Iterator[tuple[str, str]]:
    """Yield every constant in the code that reads as the key of a text, with its file."""
    shape = re.compile(r"preflight\.[a-z0-9]+(?:_[a-z0-9]+)*")
    for path in sorted(Path(secshare.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and shape.fullmatch(str(node.value)):
                yield str(node.value), path.name


def test_every_sentence_that_the_code_names_is_in_the_catalogue() -> None:
    named = list(keys())
    assert len(named) > 20
    assert [(key, file) for key, file in named if key not in KEYS] == []


def test_every_sentence_that_the_code_puts_together_is_in_the_catalogue() -> None:
    made = [f"preflight.unchecked_{why}" for why in Why if why not in {Why.SCAN, Why.ENCRYPTED}]
    made += [f"preflight.hidden_{what}" for what in ("nir", "account", "birth_date", "name")]
    made += ["preflight.not_named", "preflight.not_named_undated"]
    made += ["preflight.export", "preflight.export_pseudonymous"]
    made += [f"preflight.other_number{which}" for which in ("", "_of", "_given", "_sex")]
    assert set(made) <= set(KEYS)


def found(text: str, case: Case) -> Finding:
    content = Content(parts=[Part(Place("a.txt"), text)])
    return judge([examine("a.txt", content, region="FR")], case).findings[0]


@pytest.mark.parametrize(
    ("case", "text", "said"),
    [
        (
            Case(MOTHER, MOTHER, known=(CHILD,)),
            "Patient : EXEMPLE Léo, né le 02/11/2018",
            "indiquez avec --about la personne concernée.",
        ),
        (
            Case(CHILD, MOTHER, known=(MOTHER,)),
            "Patiente : EXEMPLE Camille, née le 12/03/1980",
            "retirez --about.",
        ),
    ],
)
def test_a_document_of_the_other_of_two_people_on_record_says_what_to_do(
    case: Case, text: str, said: str
) -> None:
    finding = found(text, case)
    assert finding.rule == "other-person"
    assert finding.sentence(Language.FR).endswith(said)
    assert finding.sentence(Language.EN)


def test_no_french_sentence_needs_an_elision_before_a_name() -> None:
    names = r"\b(?:de|que|le|la|jusque|lorsque) \{(?:subject|name|to)\}"
    assert [
        key for key, said in catalogue("preflight").items() if re.search(names, str(said["fr"]))
    ] == []


def test_scanned_pages_are_counted_and_one_picture_is_not() -> None:
    pages = [Unread(Why.SCAN, Place("a.pdf", page=page)) for page in (2, 3)]
    for unread, said in ((pages, "(2 pages)"), (pages[:1], "Une image")):
        content = Content(parts=[Part(Place("a.pdf"), "Patient : EXEMPLE Camille")], unread=unread)
        report = judge([examine("a.pdf", content, region="FR")], Case(MOTHER))
        scan = next(one for one in report.findings if one.rule == "scan")
        assert said in scan.sentence(Language.FR)
