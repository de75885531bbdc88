"""The same kinds of documents in English, for patients and practices that write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.corpus import spelling
from tests.corpus.document import Columns, Doc, Fields, Heading, Rows, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.corpus.identity import Scene
    from tests.corpus.people import Somebody


def _title(p: Somebody) -> str:
    return "Mrs" if p.sex == 2 else "Mr"


def _house(s: Scene) -> list[str]:
    house = s.other
    return [
        house.name,
        f"Dr {house.people[0].name}",
        house.street,
        house.town,
        f"Phone: {s.phone(house.phone)}",
        house.email,
    ]


def laboratory(s: Scene) -> Doc:
    p = s.patient
    pairs = [("Patient name", s.name())]
    if s.birth:
        pairs.append(
            (s.draw.choice(("Date of birth", "DOB", "Born")), spelling.english_day(s.draw, p.birth))
        )
    if s.number:
        pairs.append((s.draw.choice(("Social security no.", "SSN (France)")), s.nir()))
    pairs += [("Sex", p.letter), ("Referring physician", f"Dr {s.doctor()}")]
    return Doc(
        [
            Text("\n".join(_house(s))),
            Heading("Laboratory report"),
            Fields(pairs),
            Rows(
                ["Test", "Result", "Reference range"],
                [["Haemoglobin", "13.2 g/dL", "12-16"], ["Creatinine", "77 µmol/L", "49-90"]],
            ),
            Text(
                f"Collected {spelling.english_day(s.draw, s.recent())}. "
                f"Approved by Dr {s.colleague()}"
            ),
        ],
        title="Laboratory report",
    )


def letter(s: Scene) -> Doc:
    p = s.patient
    birth = f", born {spelling.english_day(s.draw, p.birth)}" if s.birth else ""
    return Doc(
        [
            Text("\n".join(_house(s))),
            Text(f"Re: {_title(p)} {p.first} {p.family}{birth}"),
            Text("Dear colleague,"),
            Text(
                f"Thank you for referring {_title(p)} {p.family}, a {p.age}-year-old "
                f"{'woman' if p.sex == 2 else 'man'} with hypertension. Examination was normal."
            ),
            Text(f"With kind regards,\nDr {s.colleague()}"),
        ],
        title="Clinic letter",
    )


def invoice(s: Scene) -> Doc:
    p = s.patient
    right = [f"{_title(p)} {p.first} {p.family}", p.street, p.town]
    if s.birth:
        right.append(f"Date of birth: {spelling.english_day(s.draw, p.birth)}")
    return Doc(
        [
            Columns(_house(s), right),
            Heading(f"Invoice no. {s.draw.randint(100, 999)}"),
            Rows(
                ["Date", "Description", "Amount"],
                [[spelling.english_day(s.draw, s.recent()), "Consultation", "EUR 80.00"]],
            ),
            Text(f"Payable to {s.practice.name}, IBAN {spelling.account(s.draw, s.practice.iban)}"),
        ],
        title="Invoice",
    )


def summary(s: Scene) -> Doc:
    p = s.patient
    contact = s.relatives.get("contact")
    pairs = [("Surname", p.family.upper()), ("First name", p.first)]
    if s.birth:
        pairs.append(("DOB", spelling.english_day(s.draw, p.birth)))
    if contact:
        pairs += [
            ("Emergency contact", f"{contact.first} {contact.family}"),
            ("Contact phone", s.phone(contact.mobile)),
        ]
    pairs.append(("GP", f"Dr {s.doctor()}"))
    return Doc(
        [
            Heading("Discharge summary"),
            Fields(pairs),
            Text("Admitted with chest pain. Troponin negative. Discharged on aspirin 75 mg."),
            Text(f"Consultant: Dr {s.colleague()}"),
        ],
        title="Discharge summary",
    )


ENGLISH: dict[str, Callable[[Scene], Doc]] = {
    "laboratory, English": laboratory,
    "letter, English": letter,
    "invoice, English": invoice,
    "summary, English": summary,
}
