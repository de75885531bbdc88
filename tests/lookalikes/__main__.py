"""`python -m tests.lookalikes`: pairs that must be found, and questions that are asked for nothing.

A directory of ordinary people is filled one by one, each looked at before they are added: those who
would be asked about are false questions. Then contacts made to be like somebody's are looked at,
each as a stranger's: one that is not found is missed. All of it through the directory itself.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from secshare.errors import RecipientDataInvalid
from secshare.model import Kind, Recipient
from secshare.recipients import Directory
from secshare.recipients.providers import PROVIDERS as KNOWN
from secshare.store import Store
from tests.lookalikes.mutations import EMAILS, PHONES, PROVIDERS, Mutation
from tests.lookalikes.people import Person, people


@contextmanager
def an_empty_directory():
    with TemporaryDirectory() as made:
        (Path(made) / "keys").mkdir()
        with Store.open(Path(made) / "practice.db", create=True) as store:
            yield Directory(store, Path(made) / "keys", region="FR")


def draft(person: Person, number: int = 0) -> Recipient:
    return Recipient(
        uid=f"draft-{number}",
        id=f"draft-{number}",
        name=person.name,
        kind=Kind.PATIENT,
        email=person.email,
        phone=person.phone,
        birth_date=person.born,
    )


def fill(directory: Directory, drawn: list[Person]) -> Counter[str]:
    """Add everybody in turn; return how many were asked about, and why."""
    asked: Counter[str] = Counter()
    for number, person in enumerate(drawn):
        found = directory.look_alikes(draft(person))
        shared = directory.shared_contacts(draft(person))
        assert not shared
        if found:
            asked["people asked about"] += 1
        for reason in {f"{look.contact}, {look.why}" for look in found}:
            asked[reason] += 1
        directory.add(
            name=person.name,
            kind=Kind.PATIENT,
            id=f"p{number}",
            email=person.email,
            phone=person.phone,
            birth_date=person.born,
        )
    return asked


def missed(directory: Directory, drawn: list[Person], seed: int, each: int) -> dict[str, list[int]]:
    """Return, by kind, how many pairs there are and how many are missed."""
    draw = random.Random(seed)
    tally: dict[str, list[int]] = {}
    by_email = {person.email: person for person in drawn}
    for kind, mutation in {**EMAILS, **PHONES, **PROVIDERS}.items():
        contact = "phone" if kind in PHONES else "email"
        tally[kind] = [0, 0]
        tries = 0
        while tally[kind][0] < each and tries < 200 * each:
            tries += 1
            victim = draw.choice(drawn)
            if (made := changed(draw, mutation, getattr(victim, contact))) is None:
                continue
            if (kind in PROVIDERS and made.rpartition("@")[2] in KNOWN) or made in by_email:
                continue  # another provider's own host, somebody's own address: neither is a slip
            # Half are strangers, and half bear the very name of the other.
            name = victim.name if draw.random() < 0.5 else f"Zénobie Fictive-{tries}"
            person = Person(name, date(1999, 9, 9), "", "")
            stranger = draft(person, tries)
            stranger = Recipient(
                uid=stranger.uid, id="s", name=name, kind=Kind.PATIENT, **{contact: made}
            )
            try:
                directory.draft(name="Zénobie Essai", kind=Kind.PATIENT, **{contact: made})
            except RecipientDataInvalid:
                continue  # no address or number at all: it is refused before it is looked at
            found = directory.look_alikes(stranger)
            tally[kind][0] += 1
            tally[kind][1] += not seen(found, victim, kind)
    return tally


def changed(draw: random.Random, mutation: Mutation, contact: str) -> str | None:
    made = mutation(draw, contact)
    return None if made is None or made.casefold() == contact.casefold() else made


def seen(found, victim: Person, kind: str) -> bool:
    if kind in PROVIDERS:
        return any(look.provider is not None for look in found)
    return any(look.other is not None and look.other.name == victim.name for look in found)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.lookalikes", description=__doc__)
    options.add_argument("--people", type=int, default=5000)
    options.add_argument("--pairs", type=int, default=25, help="of each kind")
    options.add_argument("--seed", type=int, default=2026)
    options.add_argument("--landlines", type=float, default=0.1, help="share of the numbers")
    given = options.parse_args()
    drawn = people(given.people, given.seed, landlines=given.landlines)
    with an_empty_directory() as directory:
        start = time.perf_counter()
        asked = fill(directory, drawn)
        filled = time.perf_counter() - start
        tally = missed(directory, drawn, given.seed, given.pairs)
    print(f"seed {given.seed}; {len(drawn)} people, {len({p.name for p in drawn})} names,")
    print(f"{given.landlines:.0%} landlines; added one by one in {filled:.0f} s\n")
    print("| pairs | made | missed |\n|---|---|---|")
    for kind, (made, lost) in tally.items():
        print(f"| {kind} | {made} | {lost} |")
    made, lost = (sum(column) for column in zip(*tally.values(), strict=True))
    print(f"| all | {made} | {lost} |\n")
    false = asked.pop("people asked about", 0)
    print(f"people asked about for nothing: {false} of {len(drawn)}, {false / len(drawn):.2%}")
    for reason, count in asked.most_common():
        print(f"  {reason}: {count}")


if __name__ == "__main__":
    main()
