"""What is told of a journal: an entry in a line or as JSON, and what verifying it found."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from secshare.cli.base import LANGUAGE, tr
from secshare.cli.shares_told import day
from secshare.messages import explain, printable
from secshare.model import SecretState
from secshare.register.found import Removed, adopted_by
from secshare.register.states import Operation

if TYPE_CHECKING:
    from secshare.recipients import Directory
    from secshare.register.entries import Entry
    from secshare.register.faults import Fault, Verified

_PEOPLE = ("recipient", "subject")
_SHOWN = 10  # faults on the screen: whoever wants all of a ruin takes --json


def entry_line(entry: Entry, directory: Directory) -> str:
    """Return an entry as people read it: when, who, what, on which share, about whom."""
    actor = entry.actor
    user = printable(actor.user)
    who = tr("journal.by", user=actor.user, by=actor.by) if actor.by else user
    parts = [day(entry.time), str(entry.number), who, tr(f"journal.op_{entry.operation}")]
    if entry.reference is not None:
        parts.append(printable(entry.reference))
    parts += [_named(entry.facts[whose], directory) for whose in _whose(entry)]
    if change := _change(entry.facts):
        parts.append(change)
    if entry.operation is Operation.BEGUN and (count := adopted_by(entry.facts)):
        parts.append(tr("journal.took_over", count=count))
    if entry.operation is Operation.CUT and (removed := Removed.read(entry.facts)):
        parts.append(_removed(removed))
    return "  ".join(parts)


def _whose(entry: Entry) -> list[str]:
    """Return which facts name people, one of them where both are the same person."""
    there = [whose for whose in _PEOPLE if entry.facts.get(whose)]
    return there if len({entry.facts[whose] for whose in there}) > 1 else there[:1]


def _named(uid: str, directory: Directory) -> str:
    """Return somebody's name: looked up for reading, and never part of the journal."""
    found = directory.by_uid(uid)
    if found is None:
        return tr("journal.person_gone")
    return tr("journal.person", name=found.name, id=found.id)


def _change(facts: Any) -> str:  # noqa: ANN401 - what an entry holds
    """Return what an entry changed of a share's states; nothing where it changed none."""
    before, now = facts.get("before"), facts.get("states")
    if not before or not now:
        return ""
    changed = [
        tr(f"journal.{which}", before=_short(*before[at : at + 2]), now=_short(*now[at : at + 2]))
        for which, at in (("change_file", 0), ("change_words", 2))
        if before[at] != now[at]
    ]
    return ", ".join(changed)


def _short(state: str | None, known: object) -> str:
    if state == SecretState.DESTROYED and not known:
        return tr("journal.destroyed_assumed")
    return tr(f"shares.short_{state}") if state else tr("shares.short_no_words")


def entry_as_json(entry: Entry, directory: Directory) -> dict[str, Any]:
    """Return an entry as it stands, and beside it whom its identifiers name today."""
    return {
        "number": entry.number,
        "time": entry.time.isoformat(),
        "user": entry.actor.user,
        "by": entry.actor.by,
        "operation": entry.operation,
        "reference": str(entry.reference) if entry.reference else None,
        "facts": dict(entry.facts),
        "names": {
            entry.facts[whose]: found.name
            for whose in _PEOPLE
            if entry.facts.get(whose) and (found := directory.by_uid(entry.facts[whose]))
        },
    }


def verified_lines(found: Verified, key: str = "", *, own: bool = False) -> list[str]:
    """Return what verifying found, for people.

    Args:
        key: the fingerprint of the key that signed.
        own: whether nothing but the file itself says that this is the practice's key.
    """
    lines = [_wrong(fault) for fault in found.faults[:_SHOWN]]
    if more := found.more + len(found.faults) - len(lines):
        lines.append(tr("journal.more", count=more))
    if found.uncompared is not None and not lines:  # the error says that it is intact
        lines = [tr("journal.head_is", head=found.head)]
    elif not lines and found.head is not None:
        text = "journal.verifies_own" if own else "journal.verifies"
        lines = [tr(text, count=found.entries, key=key), str(found.head)]
    if found.begun is not None:
        key = "journal.begun_anew" if found.anew else "journal.begun"
        if found.adopted and not found.anew:
            key = "journal.begun_over"
        lines.append(tr(key, date=day(found.begun), count=found.adopted))
    if found.removed is not None:
        lines.append(tr("journal.was_cut", number=found.cut, removed=_removed(found.removed)))
    return lines


def _removed(removed: Removed) -> str:
    journal, shares, incidents = removed.months
    return tr(
        "journal.removed",
        entries=removed.entries,
        shares=removed.shares,
        incidents=removed.incidents,
        journal=journal,
        of_shares=shares,
        of_incidents=incidents,
    )


def _wrong(fault: Fault) -> str:
    what = explain(fault.key, LANGUAGE, **fault.fields)[0]
    return tr("journal.in_line", line=fault.line, what=what) if fault.line else what


def verified_as_json(
    found: Verified, key: str | None = None, *, own: bool = False
) -> dict[str, Any]:
    """Return what verifying found, in names that stay. The arguments are those of the lines."""
    return {
        "ok": not found.faults,
        "head": str(found.head) if found.head else None,
        "key": key,
        "key_known": key is not None and not own,
        "uncompared": found.uncompared,
        "entries": found.entries,
        "begun": found.begun.isoformat() if found.begun else None,
        "anew": found.anew,
        "adopted": found.adopted,
        "removed": asdict(found.removed) if found.removed else None,
        "cut": found.cut,
        "faults": [
            {
                "kind": fault.kind,
                "entry": fault.number,
                "last": fault.last,
                "reference": fault.reference,
                "line": fault.line,
                "text": explain(fault.key, LANGUAGE, **fault.fields)[0],
            }
            for fault in found.faults
        ],
        "more": found.more,
    }
