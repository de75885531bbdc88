"""`python -m tests.corpus`: recall and false stops of the preflight on invented documents.

Builds the corpus from a seed, reads and judges every document as `seal` does, and prints what was
stopped by rule and by format, then every miss and every false stop with its findings. Ends with 1
where fewer than 99 % of misdirected documents, or more than 1 % of right ones, are stopped.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.corpus import printed
from tests.corpus.cases import PARTS, corpus
from tests.corpus.evaluate import FALSE, RECALL, Figures, run
from tests.corpus.maker import Maker
from tests.corpus.sample import Label

if TYPE_CHECKING:
    from tests.corpus.evaluate import Outcome, Tally


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, metavar="DIR", help="leave the documents there")
    options.add_argument("--only", metavar="RULE", help="documents this rule should stop")
    options.add_argument("--chromium", action="store_true", help="also what Chromium prints")
    options.add_argument("--brief", action="store_true", help="no list of misses")
    given = options.parse_args()
    samples = corpus(given.seed)
    if given.chromium:
        samples += printed.samples(Maker(given.seed))
    if given.only:
        samples = [sample for sample in samples if given.only in sample.rules[:1] + sample.notes]
        if not samples:
            options.error(f"no document for the rule {given.only}")
    folder = given.keep or Path(tempfile.mkdtemp(prefix="secshare-corpus-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        figures = Figures(run(samples, folder, said=_progress(len(samples))))
    finally:
        if given.keep is None:
            shutil.rmtree(folder)
    print(f"{len(samples)} documents, seed {given.seed}, {len(PARTS)} parts\n")
    table("rule", figures.rules)
    table("format", figures.formats)
    totals(figures)
    if not given.brief:
        listed("Misdirected, and not stopped", figures.misses)
        listed("Right, and stopped", figures.false)
        listed("To be asked about, and passed or blocked", figures.unasked)
        listed("Stopped by another rule than expected", figures.unanswered)
        listed("A rule that did not speak", figures.unsaid)
    good = figures.recall >= RECALL and figures.false_rate <= FALSE
    return 0 if good else 1


def table(what: str, tallies: dict[str, Tally]) -> None:
    """Print figures as a table in Markdown."""
    last = "right ones it stops" if what == "rule" else "right | false stops"
    print(f"| {what} | misdirected | stopped | recall | by its rule | to ask | asked | {last} |")
    print("|---" * (8 if what == "rule" else 9) + "|")
    for name, t in sorted(tallies.items()):
        recall = f"{t.stopped / t.wrong:.1%}" if t.wrong else "-"
        end = f"{t.false}" if what == "rule" else f"{t.right} | {t.false}"
        print(
            f"| {name} | {t.wrong} | {t.stopped} | {recall} | {t.answered} | {t.asks} | {t.asked} "
            f"| {end} |"
        )
    print()


def totals(figures: Figures) -> None:
    """Print the two figures that the issue asks for."""
    by_label = {label: [o for o in figures.outcomes if o.sample.label is label] for label in Label}
    wrong, right, asks = (by_label[label] for label in (Label.MISDIRECTED, Label.RIGHT, Label.ASKS))
    print(f"misdirected documents stopped: {len(wrong) - len(figures.misses)} of {len(wrong)}, "
          f"{figures.recall:.2%} (at least {RECALL:.0%})")  # fmt: skip
    print(f"right documents stopped: {len(figures.false)} of {len(right)}, "
          f"{figures.false_rate:.2%} (at most {FALSE:.0%})")  # fmt: skip
    print(f"documents to be asked about: {len(asks) - len(figures.unasked)} of {len(asks)} asked")


def listed(title: str, outcomes: list[Outcome]) -> None:
    """Print outcomes with what led to them."""
    if outcomes:
        print(f"\n{title}: {len(outcomes)}")
    for outcome in outcomes:
        for line in outcome.lines():
            print(f"  {line}")
        if outcome.sample.rules and not outcome.answered:
            print(f"    expected {' or '.join(outcome.sample.rules)}")
        if outcome.unsaid:
            print(f"    did not speak: {', '.join(sorted(outcome.unsaid))}")


def _progress(total: int):
    def said(done: int) -> None:
        if sys.stderr.isatty() and (done % 20 == 0 or done == total):
            end = "\n" if done == total else ""
            print(f"\r{done} of {total}", end=end, file=sys.stderr, flush=True)

    return said


if __name__ == "__main__":
    sys.exit(main())
