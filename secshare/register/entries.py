"""What an entry of the journal says: a few facts, from a closed list, as canonical bytes.

By itself never the name of a document or of a person, a content, a contact, a secret or the hash
of one: people stand under the random identifiers of the directory, documents under a keyed digest.
Two facts stand as somebody typed them: who acts, and the reason of an override.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Self

from secshare.model import FileState, Reference, SecretState, States
from secshare.register.states import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FACTS", "Actor", "Entry", "canonical", "cut_hash", "states_of", "told_states"]

FACTS: Final = frozenset(
    {
        *("recipient", "subject", "purpose", "kind", "documents", "macs", "format", "work_factor"),
        *("road", "file_road", "size", "sha256", "words_drawn", "words_sha256"),
        *("findings", "seals_again"),
        *("states", "given_as", "settled", "worth", "share", "people", "changed", "what", "count"),
        *("shares", "shares_sha256", "through", "through_hash", "kept", "former_sha256"),
        *("corrects", "before", "words_kept_sha256", "purged_shares", "purged_incidents", "limits"),
    }
)
"""What an entry may hold beside its number, time, actor, operation and reference."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something.

    Attributes:
        user: the account of the system.
        by: the person, where somebody said so.
    """

    user: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, read from its bytes.

    Attributes:
        facts: as the operation gave them; keys from `FACTS`.
    """

    number: int
    time: datetime
    actor: Actor
    operation: Operation
    reference: Reference | None
    facts: Mapping[str, Any]

    @classmethod
    def loads(cls, body: bytes) -> Self:
        """Read what `canonical` wrote.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it is nothing that this program writes.
        """
        try:
            document = json.loads(body)
        except RecursionError as error:  # nested without end
            raise ValueError("nested") from error
        named = document.pop("reference", None)
        return cls(
            number=document.pop("number"),
            time=datetime.fromisoformat(document.pop("time")),
            actor=Actor(document.pop("user"), document.pop("by", None)),
            operation=Operation(document.pop("operation")),
            reference=Reference(named) if named else None,
            facts=document,
        )

    def dumps(self) -> bytes:
        """Return the canonical bytes: RFC 8785. What is None is left out.

        Raises:
            ValueError: a fact that is not in `FACTS`.
        """
        if unknown := self.facts.keys() - FACTS:
            raise ValueError(f"no fact of an entry: {', '.join(sorted(unknown))}")
        document = {
            **self.facts,
            "number": self.number,
            "time": self.time.isoformat(timespec="milliseconds"),
            "user": self.actor.user,
            "by": self.actor.by,
            "operation": self.operation.value,
            "reference": str(self.reference) if self.reference else None,
        }
        return canonical({key: value for key, value in document.items() if value is not None})


def canonical(document: Mapping[str, Any] | list[Any]) -> bytes:
    """Return the canonical JSON of a document (RFC 8785)."""
    import rfc8785

    return rfc8785.dumps(document)


def cut_hash(body: bytes, through: int) -> bytes | None:
    """Return the hash of entry `through` where `body` is the cut that removed it."""
    try:
        facts = Entry.loads(body).facts
        return bytes.fromhex(facts["through_hash"]) if facts["through"] == through else None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None


def told_states(states: States) -> list[Any]:
    """Return states as an entry holds them: file, known, secret, known."""
    secret = states.secret.value if states.secret else None
    return [states.file.value, states.file_known, secret, states.secret_known]


def states_of(told: list[Any]) -> States:
    """Read what `told_states` wrote.

    Raises:
        ValueError: no such states.
    """
    file, file_known, secret, secret_known = told
    return States(
        FileState(file), file_known, SecretState(secret) if secret else None, secret_known
    )
