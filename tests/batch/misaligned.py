"""How many spoiled manifests the guard stops, and how many ordinary ones.

    python -m tests.batch.misaligned --seed 1 --manifests 120
    python -m tests.batch.misaligned --silence

The second says how much silence it bears: what happens when most documents are scans.

Documents are read by the real preflight, in its own process, once for all manifests. Then each
manifest goes through the directory, the preflight and the guard as in a batch, and what would have
been sealed is counted: with every rule that asks answered beforehand, which is the worst case.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.batch import rows
from secshare.batch.addressing import settle
from secshare.batch.answering import unattended
from secshare.batch.fitting import seen
from secshare.batch.guard import Guard, Seen, refuse
from secshare.batch.people import survey
from secshare.errors import (
    PreflightStopped,
    RecipientDataInvalid,
    RegisterUnwritable,
    SecshareError,
)
from secshare.files import open_source
from secshare.preflight import RULES, Checker, judge
from secshare.sharing import Desk
from secshare.sharing.checking import case_for
from secshare.store.spool import Spool
from tests.batch import drawn
from tests.batch.drawn import Drawn
from tests.practices import make_practice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.batch.wanted import Wanted
    from secshare.preflight import Facts
    from secshare.sharing import Addressed
    from tests.batch.drawn import Line

TODAY = date(2026, 11, 22)
ACCEPTED = frozenset(name for name, rule in RULES.items() if rule.acceptable)
NAMES = 5  # people whose addresses bear their names: fewer are not expected to be enough
KINDS = (*drawn.DOCUMENTS, *drawn.ADDRESSES)
AT_ONCE = 6  # shares that come back in no order


@dataclass
class Ran:
    """What became of one manifest.

    Attributes:
        error: what the guard stopped it with.
        at: the first row of the share that was told when it stopped.
        sealed, wrong: shares that would have been sealed, and that hold another's document or go to
            another's address.
        failed: shares that their own check stopped.
        unread: shares that failed before their documents were compared.
    """

    error: PreflightStopped | None = None
    at: int | None = None
    shares: int = 0
    sealed: int = 0
    wrong: list[int] = field(default_factory=list)
    failed: int = 0
    unread: set[int] = field(default_factory=set)


class Runner:
    """Reads each document once, and runs manifests over what was read."""

    def __init__(self, desk: Desk, checker: Checker, seed: int) -> None:
        self._desk, self._checker = desk, checker
        self._facts: dict[str, Facts] = {}
        self._draw = random.Random(seed)

    def run(self, shares: Sequence[tuple[Wanted, list[Line]]]) -> Ran:
        """Run the shares of a manifest as a batch does, and return what became of them."""
        ran, guard, known, passed = Ran(shares=len(shares)), Guard(len(shares)), 0, {}
        with Spool.create(self._desk.practice.private) as spool:
            rows.begin(spool)
            rows.add_shares(spool, [wanted for wanted, _ in shares])
            survey(self._desk, spool)
            for position in self._order(len(shares)):
                wanted, _ = shares[position]
                told, passed[position] = self._look(spool, wanted, ran)
                try:
                    guard.see(position, told)
                    while known < len(shares) and guard.knows(known):
                        self._seal(ran, *shares[known], passes=passed[known])
                        known += 1
                except PreflightStopped as error:
                    ran.error, ran.at = error, wanted.number
                    break
        return ran

    def _seal(self, ran: Ran, wanted: Wanted, lines: list[Line], *, passes: bool) -> None:
        if not passes:
            ran.failed += 1
            return
        ran.sealed += 1
        if any(is_wrong(line) for line in lines):
            ran.wrong.append(wanted.number)

    def _order(self, count: int) -> list[int]:
        order = []
        for start in range(0, count, AT_ONCE):
            some = [*range(start, min(start + AT_ONCE, count))]
            self._draw.shuffle(some)
            order += some
        return order

    def _look(self, spool: Spool, wanted: Wanted, ran: Ran) -> tuple[Seen, bool]:
        """Return what a share tells the guard, and whether its own check lets it pass."""
        told = Seen(wanted.number)
        ran.unread.add(wanted.number)
        try:
            addressed, refused = self._settled(wanted)
            case = case_for(self._desk, addressed)
            if case.subject is not None and wanted.nir is not None:
                case = replace(case, subject=replace(case.subject, nir=wanted.nir))
            facts = [self._read(file) for file in wanted.files]
            report = judge(facts, case)
            told = seen(spool, wanted, case, facts, report)
            ran.unread.discard(wanted.number)
            if refused is not None:
                raise refused
            unattended(report.findings, ACCEPTED)
            refuse(told)
        except RegisterUnwritable:
            raise
        except SecshareError:
            return told, False
        return told, True

    def _settled(self, wanted: Wanted) -> tuple[Addressed, RecipientDataInvalid | None]:
        """Settle a row, also one whose birth date is not the directory's: its documents tell."""
        try:
            return settle(self._desk, wanted, today=TODAY), None
        except RecipientDataInvalid as error:
            if wanted.to is None:
                raise
            only = replace(wanted, birth_date=None)
            return settle(self._desk, only, today=TODAY), error

    def _read(self, file: str) -> Facts:
        if file not in self._facts:
            with open_source(Path(file)) as source:
                self._facts[file] = self._checker.facts(source)
        return self._facts[file]


def is_wrong(line: Line) -> bool:
    """Return whether somebody else's document stands in a row, or somebody else's address."""
    return has_anothers(line) or line.address_of.email != line.who.email


def has_anothers(line: Line) -> bool:
    return line.file.whose not in {None, line.who.number}


def can_be_told(shares: Sequence[tuple[Wanted, list[Line]]], unread: set[int]) -> bool:
    """Return whether a document says that a manifest is spoilt: compared, and told by its text.

    What goes to a colleague without saying about whom is compared with nobody; and a document that
    stands twice tells of its own row only, where the other has it too.
    """
    lines = [line for _, some in shares for line in some]
    own = Counter(line.who.number for line in lines if line.file.whose == line.who.number)
    rows_of = Counter(line.who.number for line in lines)
    return any(
        has_anothers(line) and line.file.tells and own[line.file.whose] < rows_of[line.file.whose]
        for wanted, some in shares
        for line in some
        if wanted.number not in unread and line.who.number >= 0
    )


def names_told(lines: Sequence[Line]) -> int:
    """Return how many people's addresses stand elsewhere, and bear their names."""
    return len(
        {
            line.address_of.number
            for line in lines
            if line.address_of.email != line.who.email and line.address_of.named
        }
    )


def sizes(draw: random.Random, most: int) -> int:
    """Return how many rows a manifest has: as many short ones as long ones."""
    return round(3 * (most / 3) ** draw.random())


@dataclass
class Figures:
    """What is counted of one kind of manifest."""

    manifests: int = 0
    stopped: int = 0
    told_nothing: int = 0
    wrong: int = 0
    wrong_untold: int = 0
    sealed: int = 0
    failed: int = 0
    at: list[int] = field(default_factory=list)
    keys: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def evaluate(
    seed: int, manifests: int, folder: Path, *, people: int = 150, most: int = 200
) -> dict[str, Figures]:
    """Draw, spoil and run manifests; return figures by kind, `ordinary` among them."""
    practice = make_practice(folder / "practice")
    documents = folder / "documents"
    documents.mkdir()
    out: dict[str, Figures] = defaultdict(Figures)
    with Desk(practice) as desk, Checker() as checker:
        town = Drawn(seed, desk, documents, people)
        runner, draw = Runner(desk, checker, seed), random.Random(seed)
        for number in range(manifests):
            spoil = KINDS[number % len(KINDS)]
            inline, recorded = spoil in drawn.INLINE, spoil is drawn.recipients_sorted
            lines: list[Line] = []
            spoilt: list[Line] = []
            while sum(map(is_wrong, spoilt)) < 2:
                silent = draw.uniform(0, 0.6)
                rows_ = sizes(draw, most)
                lines = town.manifest(rows_, silent, inline=inline, recorded=recorded)
                spoilt = spoil(draw, lines) if len(lines) > 3 else []
            what = f"seed {seed}, manifest {number}: {len(lines)} rows, {silent:.0%} silent"
            _count(out["ordinary"], runner.run(town.shares(lines)), what, told=True)
            if (mistaken := drawn.lone(draw, lines)) is not None:
                _count(out["lone"], runner.run(town.shares(mistaken)), what, told=True)
            shares = town.shares(spoilt)
            ran = runner.run(shares)
            if spoil in drawn.ADDRESSES:
                told = names_told(spoilt) >= NAMES
            else:
                told = can_be_told(shares, ran.unread)
            _count(out[spoil.__name__], ran, what, told=told)
    return out


def _count(figures: Figures, ran: Ran, what: str, *, told: bool) -> None:
    figures.manifests += 1
    figures.sealed += ran.sealed
    figures.failed += ran.failed
    if ran.error is not None:
        figures.stopped += 1
        figures.keys[ran.error.key] += 1
        figures.at.append(ran.at or 0)
        figures.wrong += len(ran.wrong)
        figures.missed.append(f"{what}: {ran.error} {ran.error.fields['pairs']}")
    elif told:
        figures.wrong += len(ran.wrong)
        figures.missed.append(f"{what}: not stopped, {ran.failed} rows failed, wrong {ran.wrong}")
    else:
        figures.told_nothing += 1
        figures.wrong_untold += len(ran.wrong)


def by_silence(seed: int, telling: float, *, rows_: int = 2_000, manifests: int = 400) -> list[int]:
    """Return how many rows were sealed wrongly in each of the manifests that slipped by one.

    Nothing is read: each document tells whom it is about with the same chance, and whatever says
    nothing is sealed as soon as the guard lets it pass.
    """
    draw, out = random.Random(seed), []
    for _ in range(manifests):
        first, guard, known = draw.randrange(1, rows_), Guard(rows_), 0
        tells = [draw.random() < telling for _ in range(rows_)]
        try:
            for at in range(rows_):
                said = tells[at - 1] if at >= first else tells[at]
                moved = at >= first
                fits = (at - 1,) if said and moved else ()
                guard.see(at, Seen(at, None if not said else not moved, fits))
                while known < rows_ and guard.knows(known):
                    known += 1
        except PreflightStopped:
            pass
        out.append(sum(not tells[at - 1] for at in range(first, known)))
    return out


def _print_silence(seed: int) -> None:
    for telling in (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0):
        wrong = by_silence(seed, telling)
        print(
            f"{telling:6.1%} tell whom they are about: {sum(map(bool, wrong)):4} of {len(wrong)} "
            f"manifests with a wrong row sealed, {sum(wrong) / len(wrong):8.2f} rows each"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--manifests", type=int, default=120)
    parser.add_argument("--people", type=int, default=150)
    parser.add_argument("--most", type=int, default=200, help="rows of the longest")
    parser.add_argument("--ahead", type=int, default=profiles.GUARD_ROWS, help="GUARD_ROWS, tried")
    parser.add_argument("--silence", action="store_true", help="only how many scans it bears")
    options = parser.parse_args()
    vars(profiles)["GUARD_ROWS"] = options.ahead
    if options.silence:
        _print_silence(options.seed)
        return
    with tempfile.TemporaryDirectory() as folder:
        out = evaluate(
            options.seed,
            options.manifests,
            Path(folder),
            people=options.people,
            most=options.most,
        )
    for kind, it in out.items():
        print(
            f"{kind:20} {it.manifests:4} manifests, {it.stopped:4} stopped, "
            f"{it.told_nothing} of which nothing tells; "
            f"sealed {it.sealed}, failed {it.failed}, WRONG {it.wrong} (+{it.wrong_untold} untold)"
        )
        for key, count in it.keys.most_common():
            print(f"    {count:4} {key}")
        for line in it.missed:
            if (kind == "ordinary") == ("not stopped" not in line):
                print(f"    {line}")


if __name__ == "__main__":
    main()
