"""Protects who pastes what is suggested: no line end of ours stands inside of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from secshare.cli.pasting import place_of_run
from secshare.messages import Language, text
from tests.terminal.windows import Session, python

AT = place_of_run("le soir du 22", Path("/srv/le cabinet; $2"))
PRACTICE = "--practice '/srv/le cabinet; $2'"
DASHED = [place_of_run(name, Path("cabinet")) for name in ("-x", "-", "- l'été à $1")]
SAID = {
    text("batch_secrets.some_unfinished", Language.FR, **AT): (
        f"secshare batch MANIFESTE --run NOM {PRACTICE}"
    ),
    text("batch.former_part", Language.FR, run=AT["named"].strip()): '--run "le soir du 22"',
    text("batch.give_sms", Language.FR, **DASHED[0]): (
        "secshare batch secrets --as sms-csv --practice cabinet -- -x"
    ),
    text("batch_secrets.interrupted", Language.EN, count="3", form="qr-sheet", **DASHED[1]): (
        "secshare batch secrets --as qr-sheet --again --practice cabinet -- -"
    ),
    text("batch.give_qr", Language.FR, **DASHED[2]): (
        f"secshare batch secrets --as qr-sheet{DASHED[2]['ends']}"
    ),
    text("batch.give_one", Language.EN, **AT): f"secshare release REF --as phone {PRACTICE}",
    text("batch.drafted", Language.FR, **AT): f"secshare mark REF envoyé {PRACTICE}",
    text("batch.in_practice", Language.FR, **AT): PRACTICE,
    text("batch.may_accept", Language.FR, options="--accept scan --accept not-named"): (
        "--accept scan --accept not-named"
    ),
    "Its row was corrected. Stop its words: secshare recall REF - unless that was only a part": (
        "secshare recall REF"
    ),
    "Le registre est dans un autre dossier. Regardez : secshare keys show --practice .. (ou un"
    " autre), puis recommencez ; sinon : secshare init": "secshare keys show --practice ..",
    'Rien n\'est là ; pour commencer : secshare init "/srv/le cabinet; 2" --name "Le Labo" ; ou'
    " indiquez le dossier": 'secshare init "/srv/le cabinet; 2" --name "Le Labo"',
}


def written(columns: int, line: str) -> list[str]:
    """Return the lines that a terminal of so many columns is given for a line that is said."""
    code = f"from secshare.cli.session import Session; Session().write({line!r})"
    with Session(python(code), columns=columns) as session:
        assert session.end() == 0
    return session.raw.decode().rstrip("\r\n").split("\r\n")


@pytest.mark.parametrize("columns", [40, 60, 80])
@pytest.mark.parametrize(("line", "pasted"), SAID.items())
def test_a_command_stands_on_one_row_from_its_beginning_to_its_end(
    line: str, pasted: str, columns: int
) -> None:
    rows = written(columns, line)
    assert " ".join(rows) == line
    (row,) = [row for row in rows if pasted in row]
    if len(row) > columns:
        assert re.fullmatch(re.escape(pasted) + "( [:;]|[.)])?", row), "the rest is cut as ever"
    assert all(len(each) <= columns for each in rows if each != row)


def test_what_only_looks_like_a_command_is_cut_between_words() -> None:
    line = "La partie de secshare qui écrit les classeurs n'est pas installée, et c'est tout ce que"
    assert max(map(len, written(40, f"{line} secshare batches en dit -- a -x- b"))) <= 40


def test_blanks_without_end_do_not_keep_a_terminal_waiting() -> None:
    blanks = " " * 100_000  # from each of them to the last, it would take minutes
    assert written(40, f"Rien{blanks}") == ["Rien"]
    assert written(40, f"Rien{blanks}que cela") == ["Rien", "que cela"]
