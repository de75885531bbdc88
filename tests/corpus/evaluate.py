"""Running the preflight over the corpus, and counting: recall, answers by rule, false stops."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from secshare.messages import Language
from secshare.model import Severity
from tests.corpus.sample import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from secshare.model import Finding
    from tests.corpus.sample import Sample

RECALL = 0.99  # of misdirected documents, at least
FALSE = 0.01  # of right ones, at most


@dataclass(frozen=True)
class Outcome:
    """What the preflight said of a document."""

    sample: Sample
    verdict: Severity | None
    findings: tuple[Finding, ...]

    @property
    def stopped(self) -> bool:
        return self.verdict in {Severity.CONFIRM, Severity.BLOCK}

    @property
    def answered(self) -> bool:
        """Return whether a rule that should answer is among those that stopped it."""
        return any(rule in self.stopping for rule in self.sample.rules)

    @property
    def stopping(self) -> set[str]:
        return {f.rule for f in self.findings if f.severity is not Severity.NOTE}

    @property
    def unsaid(self) -> set[str]:
        """Return the rules that should have spoken, of whatever severity, and did not."""
        return set(self.sample.notes) - {finding.rule for finding in self.findings}

    def lines(self) -> Iterable[str]:
        """Yield what a person needs to understand it: the case, and every finding."""
        sample, case = self.sample, self.sample.case
        subject = case.subject
        about = f"{subject.name} ({subject.birth_date or 'no date'})" if subject else "nobody"
        yield f"{sample.name}: {sample.what} / {sample.why} / {sample.label}; about {about}"
        for finding in self.findings:
            place = finding.place.as_json() if finding.place else {}
            where = " ".join(f"{k}={v}" for k, v in place.items() if k != "file")
            yield (
                f"    {finding.severity:8}{finding.rule:18}{finding.sentence(Language.EN)} {where}"
            )


def run(
    samples: Iterable[Sample], folder: Path, said: Callable[[int], None] = lambda _: None
) -> list[Outcome]:
    """Write each document, read it as `seal` does, and judge it. The files stay in the folder."""
    from secshare.files import open_source
    from secshare.preflight.checker import Checker
    from secshare.preflight.judging import judge

    outcomes = []
    with Checker() as checker:
        for number, sample in enumerate(samples):
            own = folder / f"{number:04d}"
            own.mkdir()
            path = own / sample.name
            path.write_bytes(sample.data)
            with open_source(path) as source:
                facts = checker.facts(source, region=sample.case.region)
            report = judge([facts], sample.case)
            outcomes.append(Outcome(sample, report.verdict, tuple(report.findings)))
            said(number + 1)
    return outcomes


@dataclass
class Tally:
    """Counts of one rule or of one format."""

    wrong: int = 0
    stopped: int = 0
    answered: int = 0
    right: int = 0
    false: int = 0
    asks: int = 0
    asked: int = 0


@dataclass
class Figures:
    """The figures of a run.

    Attributes:
        rules: by the rule that should answer first; `false` counts right documents it stopped.
        formats: by format.
        misses: misdirected documents that were not stopped.
        false: right documents that were.
        unasked: documents that somebody has to look at, and nobody was asked, or blocked.
        unanswered: stopped, but by no rule that should have.
        unsaid: right or not, a rule did not speak that should have.
    """

    outcomes: list[Outcome]
    rules: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    formats: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def __post_init__(self) -> None:
        for outcome in self.outcomes:
            self._count(outcome)

    @property
    def misses(self) -> list[Outcome]:
        return [o for o in self._of(Label.MISDIRECTED) if not o.stopped]

    @property
    def false(self) -> list[Outcome]:
        return [o for o in self._of(Label.RIGHT) if o.stopped]

    @property
    def unasked(self) -> list[Outcome]:
        return [o for o in self._of(Label.ASKS) if o.verdict is not Severity.CONFIRM]

    @property
    def unanswered(self) -> list[Outcome]:
        wanted = self._of(Label.MISDIRECTED) + self._of(Label.ASKS)
        return [o for o in wanted if o.stopped and not o.answered]

    @property
    def unsaid(self) -> list[Outcome]:
        return [o for o in self.outcomes if o.unsaid]

    @property
    def recall(self) -> float:
        wrong = len(self._of(Label.MISDIRECTED))
        return 1 - len(self.misses) / wrong if wrong else 1.0

    @property
    def false_rate(self) -> float:
        right = len(self._of(Label.RIGHT))
        return len(self.false) / right if right else 0.0

    def _of(self, label: Label) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.sample.label is label]

    def _count(self, outcome: Outcome) -> None:
        sample = outcome.sample
        tallies = [self.formats[sample.format]]
        if sample.rules:
            tallies.append(self.rules[sample.rules[0]])
        for tally in tallies:
            match sample.label:
                case Label.MISDIRECTED:
                    tally.wrong += 1
                    tally.stopped += outcome.stopped
                    tally.answered += outcome.answered
                case Label.ASKS:
                    tally.asks += 1
                    tally.asked += outcome.verdict is Severity.CONFIRM
                case Label.RIGHT:
                    tally.right += 1
                    tally.false += outcome.stopped
        if sample.label is Label.RIGHT:
            for rule in outcome.stopping:
                self.rules[rule].false += 1
