"""Manifests drawn by chance, of invented people and their documents, and ways to spoil one."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, groupby
from typing import TYPE_CHECKING

from secshare.batch.wanted import Wanted
from secshare.model import Kind, Road
from tests.corpus import spelling
from tests.corpus.document import Doc, Heading, Text
from tests.corpus.maker import EVERYTHING, Maker
from tests.corpus.people import ascii_only
from tests.corpus.writers import pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from secshare.sharing import Desk
    from tests.corpus.people import Somebody

ADULTS = (
    *("laboratory", "laboratory", "laboratory", "imaging", "discharge", "operative"),
    *("prescription", "certificate", "patient letter", "appointment", "invoice", "record"),
    *("colleague letter", "sick leave", "vaccination"),
)
CHILDREN = ("child", "letter to a parent", "care sheet of a child", "vaccination", "laboratory")
NICKNAME = "reve"
_COME = 0.85  # of a household, who have a row
CLINICAL = ("laboratory", "imaging", "discharge", "operative")  # that are written as CDA too


@dataclass(frozen=True)
class Document:
    """A file.

    Attributes:
        whose: the number of its person; None for what names nobody.
        tells: whether its text says whose it is.
    """

    path: Path
    whose: int | None
    tells: bool


@dataclass
class Known:
    """Somebody of the manifests, as their rows have them.

    Attributes:
        household: a number that those have in common who live together.
        to: their id in the directory, where they are in it; `about` where another receives.
        email: as a row has it; None where the directory has it.
        said: their documents that tell; `silent` is a scan.
    """

    number: int
    person: Somebody
    household: int
    name: str
    birth_date: date | None = None
    nir: str | None = None
    email: str | None = None
    phone: str | None = None
    to: str | None = None
    about: str | None = None
    said: list[Document] = field(default_factory=list)
    silent: Document | None = None

    @property
    def named(self) -> bool:
        """Return whether the address bears a name, and is no nickname."""
        return self.email is not None and not self.email.startswith(NICKNAME)


@dataclass(frozen=True)
class Line:
    """A row: its own cells, and whose document and whose address stand in it.

    Attributes:
        who: whose name and whose telephone number.
        born, insured: whose birth date, and whose social-security number; None for who is named.
        to: a colleague who receives it.
    """

    who: Known
    file: Document
    group: int
    address_of: Known
    to: str | None = None
    born: Known | None = None
    insured: Known | None = None


class Drawn:
    """People, their documents in a folder, and manifests of them, all from one seed."""

    def __init__(self, seed: int, desk: Desk, folder: Path, people: int) -> None:
        self.draw = random.Random(seed)
        self.make = Maker(seed)
        self._desk, self._folder = desk, folder
        self._files, self._groups, self._households = count(1), count(1), count(1)
        self.people: list[Known] = []
        scan = pdf.scanned(["Compte rendu"], self.draw)
        self._scan = pdf.saved(pdf.build([pdf.Page(image=scan)], self.draw))
        self.colleagues = [self._colleague(number) for number in range(6)]
        self.lists: list[Known] = []
        while len(self.people) < people:
            self._household()
        leaflet = Doc(
            [
                Heading("Préparation à la coloscopie"),
                Text(
                    "Suivez un régime sans résidu pendant trois jours. Buvez deux litres de la "
                    "solution la veille. Venez à jeun."
                ),
            ]
        )
        self.leaflet = Document(self._write(pdf.write(leaflet, self.draw), "pdf"), None, False)

        for number, to in enumerate(self.colleagues[:2]):
            some = [known.person for known in self.draw.sample(self.people, 12)]
            table = "Nom;Prénom;Date de naissance;Résultat\n" + "".join(
                f"{one.family.upper()};{one.first};{one.birth:%d/%m/%Y};{number + 5},2\n"
                for one in some
            )
            listed = Known(-1 - number, some[0], -1 - number, to, to=to)
            listed.said = [Document(self._write(table.encode(), "csv"), listed.number, False)]
            self.lists.append(listed)

    # --- people -----------------------------------------------------------------------------------

    def _colleague(self, number: int) -> str:
        somebody = self.make.town.professional("cardiologue")
        return self._desk.directory.add(
            name=f"Dr {somebody.name}",
            kind=Kind.PROFESSIONAL,
            email=f"cabinet{number}@cabinet{number}.example",
            phone=f"+33639989{number:03d}",
            road=Road.SMS,
        ).id

    def _household(self) -> None:
        town, draw, number = self.make.town, self.draw, next(self._households)
        first = town.somebody(age=(27, 90))
        kinds = ("alone", "couple", "parent", "daughter", "namesakes")
        match draw.choices(kinds, (56, 18, 16, 6, 4))[0]:
            case "alone":
                alone = self._add(first, number)
                if draw.random() < 0.25:
                    self._recorded(alone)
            case "couple":
                shared = draw.random() < 0.3
                one = self._add(first, number)
                self._add(town.spouse(first), number, email=one.email if shared else None)
            case "parent":
                parent = self._recorded(self._add(first, number))
                for _ in range(draw.choice((1, 1, 2))):
                    self._child(town.child(first), number, parent)
            case "daughter":  # whose address an old parent gives, and who has another name
                daughter = self._add(town.somebody(sex=2, age=(40, 60)), number)
                self._add(town.somebody(age=(70, 94)), number, email=daughter.email)
                if draw.random() < 0.5:
                    daughter.email = f"{NICKNAME}{daughter.number}bleu@courriel.example"
            case "namesakes":
                self._add(first, number, dated=True)
                self._add(town.namesake(first), number, dated=True)

    def _add(
        self, somebody: Somebody, household: int, *, email: str | None = None, dated: bool = False
    ) -> Known:
        draw = self.draw
        known = Known(
            number=len(self.people),
            person=somebody,
            household=household,
            name=spelling.recorded(draw, somebody),
            birth_date=somebody.birth if dated or draw.random() < 0.7 else None,
            nir=somebody.nir if draw.random() < 0.2 else None,
            email=email or self._address(somebody),
            phone=f"+3363998{len(self.people):04d}",
        )
        self.people.append(known)
        for _ in range(draw.choice((1, 1, 2))):
            known.said.append(self._document(known))
        known.silent = Document(self._write(self._scan, "pdf"), known.number, False)
        return known

    def _recorded(self, known: Known) -> Known:
        """Add somebody to the directory, so that their rows say `to`."""
        known.to = self._desk.directory.add(
            name=f"{known.person.first} {known.person.family}",
            kind=Kind.PATIENT,
            id=f"p-{known.number}",
            email=known.email,
            phone=known.phone,
            birth_date=known.person.birth,
            road=Road.SMS,
        ).id
        known.name, known.email = f"{known.person.first} {known.person.family}", None
        return known

    def _child(self, somebody: Somebody, household: int, parent: Known) -> None:
        child = self._recorded(self._add(somebody, household))
        directory = self._desk.directory
        assert child.to is not None and parent.to is not None
        directory.represent(
            directory.find(parent.to), directory.find(child.to), ground="parent", until=None
        )
        child.to, child.about = parent.to, child.to

    def _address(self, somebody: Somebody) -> str:
        """Return an address: of the name, of an initial, of a nickname; a few are of nobody."""
        draw, first = self.draw, ascii_only(somebody.first).lower()
        family, number = ascii_only(somebody.family).lower(), len(self.people)
        local = draw.choices(
            (
                f"{first}.{family}",
                f"{family}{first}",
                f"{first[0]}{family}",
                f"{NICKNAME}{number}bleu",
            ),
            (50, 10, 15, 25),
        )[0]
        return f"{local}{number}@courriel{number % 4}.example"

    # --- documents --------------------------------------------------------------------------------

    def _scene(self, known: Known, template: str = ""):
        scene = self.make.scene(template, known.person)
        scene.birth = scene.birth or template in {"record", "sick leave"}
        return scene

    def _document(self, known: Known) -> Document:
        child = known.person.age < 18
        template = self.draw.choice(CHILDREN if child else ADULTS)
        scene = self._scene(known, template)
        kinds = ("pdf", "pdf", "pdf", "docx", "cda" if template in CLINICAL else "txt")
        kind = self.draw.choice(kinds)
        data = self.make.write(kind, EVERYTHING[template](scene), scene, template)
        return Document(self._write(data, "xml" if kind == "cda" else kind), known.number, True)

    def _write(self, data: bytes, extension: str) -> Path:
        path = self._folder / f"document-{next(self._files):05d}.{extension}"
        path.write_bytes(data)
        return path

    # --- manifests --------------------------------------------------------------------------------

    def manifest(
        self, size: int, silent: float, *, inline: bool = False, recorded: bool = False
    ) -> list[Line]:
        """Return rows that are right: of families together, by name, or as people came.

        Args:
            size: of rows, about.
            silent: which part of the documents says nothing.
            inline: whether all have a name and an address of their own.
            recorded: whether all are in the directory.
        """
        draw = self.draw
        homes: dict[int, list[Known]] = {}
        for known in self.people:
            if not (inline and known.email is None) and not (recorded and known.to is None):
                homes.setdefault(known.household, []).append(known)
        lines: list[Line] = []
        if not (inline or recorded) and draw.random() < 0.3:
            listed = draw.choice(self.lists)
            lines.append(Line(listed, listed.said[0], next(self._groups), listed))
        for home in draw.sample([*homes.values()], len(homes)):
            if len(lines) >= size:
                break
            for known in home:
                if draw.random() < _COME:
                    lines += self._lines(known, silent)
        order = draw.choice(("came", "name", "birth"))
        if order == "name":
            lines.sort(key=lambda line: (line.who.person.family, line.who.number))
        elif order == "birth":
            lines.sort(key=lambda line: (line.who.person.birth, line.who.number))
        return lines

    def _lines(self, known: Known, silent: float) -> Iterator[Line]:
        draw = self.draw
        some = draw.sample(known.said, draw.randint(1, len(known.said)))
        if len(some) == 1 and draw.random() < 0.1:
            some.append(self.leaflet)
        group, together = next(self._groups), draw.random() < 0.5
        to = draw.choice(self.colleagues) if known.about or known.to else None
        colleague = to if to is not None and draw.random() < 0.3 else None
        for document in some:
            if not together:
                group = next(self._groups)
            scan = known.silent if document.tells and draw.random() < silent else None
            yield Line(known, scan or document, group, known, colleague)

    def shares(self, lines: list[Line]) -> list[tuple[Wanted, list[Line]]]:
        """Return what the rows ask for, with the rows of each share."""
        out, number = [], 2
        for _, rows in groupby(lines, key=lambda line: line.group):
            some = [*rows]
            out.append((_wanted(some, number), some))
            number += len(some)
        return out


def _wanted(some: list[Line], number: int) -> Wanted:
    line = some[0]
    known, address = line.who, line.address_of
    wanted = partial(
        Wanted,
        number=number,
        last=number + len(some) - 1,
        files=tuple(str(each.file.path) for each in some),
    )
    if line.to is not None:
        return wanted(to=line.to, about=known.about or known.to)
    if known.about is not None:
        return wanted(to=known.to, about=known.about)
    born, nir = (line.born or known).birth_date, (line.insured or known).nir
    if known.email is None:
        return wanted(to=known.to, birth_date=born, nir=nir)
    return wanted(name=known.name, email=address.email, phone=known.phone, birth_date=born, nir=nir)


# --- what goes wrong ------------------------------------------------------------------------------


def lone(draw: random.Random, lines: list[Line]) -> list[Line] | None:
    """One row has the document of another, which has it too: an error, and nothing slipped."""
    unsure = {line.who.number for line in lines if not line.file.tells}
    told = [line for line in lines if line.who.number not in unsure]
    if not told:
        return None
    one = draw.choice(told)
    others = [
        at
        for at, line in enumerate(lines)
        if line.who.household != one.who.household and line.file.tells
    ]
    if not others:
        return None
    at = draw.choice(others)
    return [*lines[:at], replace(lines[at], file=one.file), *lines[at + 1 :]]


def _files(lines: list[Line], files: list[Document]) -> list[Line]:
    return [replace(line, file=file) for line, file in zip(lines, files, strict=False)]


def _addresses(lines: list[Line], addresses: list[Known]) -> list[Line]:
    return [replace(line, address_of=known) for line, known in zip(lines, addresses, strict=False)]


def shifted(draw: random.Random, lines: list[Line]) -> list[Line]:
    """The files slip by one row, up or down, from a row on; the one left over fills the gap."""
    at = draw.randrange(len(lines) - 1)
    files = [line.file for line in lines]
    tail = files[at:]
    turned = [*tail[1:], tail[0]] if draw.random() < 0.5 else [tail[-1], *tail[:-1]]
    return _files(lines, files[:at] + turned)


def one_twice(draw: random.Random, lines: list[Line]) -> list[Line]:
    """A file stands twice, and all that follow slip down; the last is not there."""
    at = draw.randrange(1, len(lines) - 1)
    files = [line.file for line in lines]
    return _files(lines, files[:at] + files[at - 1 : -1])


def missing(draw: random.Random, lines: list[Line]) -> list[Line]:
    """A file was never made, and all later ones move up; the last row is cut off."""
    at = draw.randrange(len(lines) - 2)
    files = [line.file for line in lines]
    del files[at]
    return _files(lines, files)


def sorted_apart(draw: random.Random, lines: list[Line]) -> list[Line]:
    """Names are sorted while files are not; or files are, whose names say nothing."""
    files = [line.file for line in lines]
    if draw.random() < 0.5:
        ordered = sorted(lines, key=lambda line: line.who.name)
        return _files(ordered, files)
    return _files(lines, sorted(files, key=lambda file: file.path.name))


def names_sorted_alone(draw: random.Random, lines: list[Line]) -> list[Line]:
    """Names are sorted, and neither files nor addresses are."""
    del draw
    ordered = sorted(lines, key=lambda line: line.who.name)
    turned = _addresses(ordered, [line.address_of for line in lines])
    return _files(turned, [line.file for line in lines])


def contacts_shifted(draw: random.Random, lines: list[Line]) -> list[Line]:
    """Names slip with their contacts, from a row on; birth dates or numbers, or both, do not."""
    lines = _dated(draw, lines)
    at = draw.randrange(len(lines) - 1)
    tail = lines[at:]
    turned = [*tail[1:], tail[0]] if draw.random() < 0.5 else [tail[-1], *tail[:-1]]
    return _beside(draw, lines, [*lines[:at], *turned])


def contacts_sorted(draw: random.Random, lines: list[Line]) -> list[Line]:
    """Names are sorted with their contacts, and birth dates or numbers, or both, are not."""
    lines = _dated(draw, lines)
    return _beside(draw, lines, sorted(lines, key=lambda line: line.who.name))


def _dated(draw: random.Random, lines: list[Line]) -> list[Line]:
    """Return only rows with a birth date, half of the time: many practices have one for each."""
    some = [line for line in lines if line.who.birth_date is not None]
    return some if len(some) > 3 and draw.random() < 0.5 else lines


def _beside(draw: random.Random, lines: list[Line], named: list[Line]) -> list[Line]:
    """Return rows with the names of others; files stay, with what else is drawn to stay."""
    born, insured = draw.choice(((True, True), (True, False), (False, True)))
    return [
        replace(
            name,
            file=line.file,
            group=-at,  # of no group: one person in two rows has one birth date in both
            born=line.who if born else None,
            insured=line.who if insured else None,
        )
        for at, (line, name) in enumerate(zip(lines, named, strict=True), start=1)
    ]


def recipients_sorted(draw: random.Random, lines: list[Line]) -> list[Line]:
    """The ids of the directory are sorted, beside birth dates and numbers that are not."""
    del draw
    own = [at for at, line in enumerate(lines) if line.who.to and not (line.who.about or line.to)]
    out = [*lines]
    for at, name in zip(own, sorted((lines[at] for at in own), key=_id), strict=True):
        line = lines[at]
        out[at] = replace(name, file=line.file, group=-at - 1, born=line.who, insured=line.who)
    return out


def _id(line: Line) -> str:
    return line.who.to or ""


def addresses_sorted(draw: random.Random, lines: list[Line]) -> list[Line]:
    """Only the column of addresses is sorted: every document is with its name."""
    del draw
    ordered = sorted((line.address_of for line in lines), key=lambda known: known.email or "")
    return _addresses(lines, ordered)


def addresses_shifted(draw: random.Random, lines: list[Line]) -> list[Line]:
    """Only the column of addresses slips, from a row on."""
    at = draw.randrange(max(1, len(lines) - 3))
    addresses = [line.address_of for line in lines]
    return _addresses(lines, [*addresses[:at], *addresses[at + 1 :], addresses[at]])


DOCUMENTS: tuple[Callable[[random.Random, list[Line]], list[Line]], ...] = (
    *(shifted, one_twice, missing, sorted_apart, names_sorted_alone),
    *(contacts_shifted, contacts_sorted, recipients_sorted),
)
ADDRESSES = (addresses_sorted, addresses_shifted)
INLINE = {*ADDRESSES, names_sorted_alone, contacts_shifted, contacts_sorted}
