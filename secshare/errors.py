"""Every failure secshare raises on purpose, each with the exit code of the command it ends.

An error carries the key of a text in the catalogues and the fields that fill it. A field names a
place (a file, a line, an entry), never a content and never a secret.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from secshare.messages import Language, explain


class ExitCode(IntEnum):
    """What a command's exit status means. 0, 1, 2 and 130 belong to the command-line library."""

    INPUT_UNREADABLE = 3
    OUTPUT_REFUSED = 4
    RECIPIENT_UNKNOWN = 10
    RECIPIENT_REFUSED = 11
    RECIPIENT_DATA_INVALID = 12
    ANSWER_NEEDED = 13
    DECLINED = 14
    PRACTICE_INVALID = 15
    PASSPHRASE_WRONG = 20
    IDENTITY_MISMATCH = 21
    WRONG_KIND = 22
    FILE_DAMAGED = 23
    WORK_REFUSED = 24
    PREFLIGHT_STOPPED = 30
    REGISTER_UNWRITABLE = 40
    JOURNAL_BROKEN = 41
    SHARE_UNKNOWN = 42
    SHARE_STATE = 43
    ROAD_FAILED = 50
    BATCH_INCOMPLETE = 60
    MANIFEST_INVALID = 61
    EXTRA_MISSING = 70


class SecshareError(Exception):
    """The base of every error this package raises on purpose.

    Attributes:
        code: the exit status of a command that ends on this error.
        key: the text's key in the catalogues, `area.name`.
        fields: what fills the text. Never a secret, never a document's content.
    """

    code: ClassVar[ExitCode]

    def __init__(self, key: str, /, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields

    def explain(self, language: Language) -> tuple[str, str]:
        """Return two lines for people: what happened, and what to do about it."""
        return explain(self.key, language, **self.fields)

    def __str__(self) -> str:
        return " ".join(self.explain(Language.EN))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.key, self.fields)


def _rebuild(kind: type[SecshareError], key: str, fields: dict[str, object]) -> SecshareError:
    return kind(key, **fields)


class InputUnreadable(SecshareError):
    """A file to read is missing, not regular, empty, changing, or not a kind we accept."""

    code = ExitCode.INPUT_UNREADABLE


class NotAgeFile(InputUnreadable):
    """The file is not in the age format at all."""


class OutputRefused(SecshareError):
    """The output exists, is the input, cannot be written, or the disk is full."""

    code = ExitCode.OUTPUT_REFUSED


class ResultLost(OutputRefused):
    """It was done, but stdout could not be written, so that nobody saw what was done."""


class RecipientUnknown(SecshareError):
    """No such name, or several: the fields list who could be meant."""

    code = ExitCode.RECIPIENT_UNKNOWN


class RecipientRefused(SecshareError):
    """The recipient is revoked, opposed to e-mail, or not entitled to what is about another."""

    code = ExitCode.RECIPIENT_REFUSED


class RecipientDataInvalid(SecshareError):
    """A row or a field about a recipient cannot be taken as it is."""

    code = ExitCode.RECIPIENT_DATA_INVALID


class AnswerNeeded(SecshareError):
    """A question has to be answered: there is no terminal to ask it on, or none is asked there."""

    code = ExitCode.ANSWER_NEEDED


class Declined(SecshareError):
    """The person answered no."""

    code = ExitCode.DECLINED


class PracticeInvalid(SecshareError):
    """No practice folder, or one that is not ours, badly set, or on a refused drive."""

    code = ExitCode.PRACTICE_INVALID


class PassphraseWrong(SecshareError):
    """These words do not open this file."""

    code = ExitCode.PASSPHRASE_WRONG


class IdentityMismatch(SecshareError):
    """The file was sealed for somebody else, or the identity cannot be read or is locked."""

    code = ExitCode.IDENTITY_MISMATCH


class WrongKind(SecshareError):
    """A passphrase file was given a key, or a file sealed to keys was given a passphrase."""

    code = ExitCode.WRONG_KIND


class FileDamaged(SecshareError):
    """The file is in the age format, and damaged. The subclass says where."""

    code = ExitCode.FILE_DAMAGED


class HeaderDamaged(FileDamaged):
    """The header does not follow the format."""


class HeaderMacWrong(FileDamaged):
    """The header follows the format, but was altered after it was written."""


class ArmorDamaged(FileDamaged):
    """The text form (armor) of the file does not follow the format."""


class PayloadDamaged(FileDamaged):
    """The content was altered. The subclass says how, when it can be known."""


class PayloadTruncated(PayloadDamaged):
    """The content ends too early."""


class PayloadTrailing(PayloadDamaged):
    """Something was added after the end of the content."""


class WorkRefused(SecshareError):
    """The file asks for more work, memory or room than the profile allows."""

    code = ExitCode.WORK_REFUSED


class PreflightStopped(SecshareError):
    """What was found has to be answered or overridden first; the findings are printed."""

    code = ExitCode.PREFLIGHT_STOPPED


class RegisterUnwritable(SecshareError):
    """The register cannot be read or written; nothing was left behind."""

    code = ExitCode.REGISTER_UNWRITABLE


class JournalBroken(SecshareError):
    """The journal is not what was written: which entry, or that the file is damaged."""

    code = ExitCode.JOURNAL_BROKEN


class ShareUnknown(SecshareError):
    """No share has this reference."""

    code = ExitCode.SHARE_UNKNOWN


class ShareState(SecshareError):
    """The share, or the journal, is not in a state that allows this."""

    code = ExitCode.SHARE_STATE


class RoadFailed(SecshareError):
    """The document is sealed, but the words or the mail draft could not be written."""

    code = ExitCode.ROAD_FAILED


class BatchIncomplete(SecshareError):
    """At least one row of a batch came to no share; its report has the code of each."""

    code = ExitCode.BATCH_INCOMPLETE


class ManifestInvalid(SecshareError):
    """A manifest cannot be taken as it is: every error, by row and column."""

    code = ExitCode.MANIFEST_INVALID


class ExtraMissing(SecshareError):
    """A part of secshare is not installed."""

    code = ExitCode.EXTRA_MISSING
