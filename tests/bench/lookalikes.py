"""How long a newcomer is looked at among 20,000 recipients, and the survey of them all.

    python -m tests.bench.lookalikes [--people 20000] [--runs 21]

Each newcomer meets a directory that has just been opened, as in a command; then the same one is
looked at again, as in a batch. The time is the processor's, so that neighbours do not count.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from secshare.model import Kind, Recipient
from secshare.recipients import Directory
from secshare.store import Store
from tests.lookalikes.people import people


def newcomers(count: int) -> list[Recipient]:
    drawn = people(count, 2026)
    return [
        Recipient(
            uid=secrets.token_hex(16),
            id=f"p{number}",
            name=person.name,
            kind=Kind.PATIENT,
            email=person.email,
            phone=person.phone,
            birth_date=person.born,
        )
        for number, person in enumerate(drawn)
    ]


def milliseconds(times: list[float]) -> str:
    return f"{statistics.median(times) * 1000:6.1f} ms (at most {max(times) * 1000:.1f})"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--runs", type=int, default=21)
    given = options.parse_args()
    everybody = newcomers(given.people + given.runs)
    kept, others = everybody[: given.people], everybody[given.people :]
    looked: list[float] = []
    added: list[float] = []
    again: list[float] = []
    with TemporaryDirectory() as made:
        keys = Path(made) / "keys"
        keys.mkdir()
        with Store.open(Path(made) / "practice.db", create=True) as store:
            Directory(store, keys, region="FR").add_all(lambda: kept)
            for each in others:
                directory = Directory(store, keys, region="FR")
                start = time.process_time()
                directory.look_alikes(each)
                directory.shared_contacts(each)
                seen = time.process_time()
                directory.add(
                    name=each.name,
                    kind=each.kind,
                    id=each.id,
                    email=each.email,
                    phone=each.phone,
                    birth_date=date(1900, 1, 1),
                )
                done = time.process_time()
                directory.look_alikes(each)
                then = time.process_time()
                directory.look_alikes(each)
                again.append(time.process_time() - then)
                looked.append(seen - start)
                added.append(done - start)
            start = time.process_time()
            pairs = sum(1 for _ in directory.survey())
            survey = time.process_time() - start
    print(f"{given.people} recipients, {given.runs} newcomers")
    print(f"looked at:           {milliseconds(looked)}")
    print(f"looked at and added: {milliseconds(added)}")
    print(f"looked at again:     {milliseconds(again)}")
    print(f"survey of all: {survey:.1f} s, {pairs} pairs")


if __name__ == "__main__":
    main()
