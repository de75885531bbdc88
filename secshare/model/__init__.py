"""The words of the house as values: what the parts hand to each other. Nothing here does I/O."""

from secshare.model.findings import Answer, Answered, DocumentKind, Finding, Place, Severity
from secshare.model.passphrase import Passphrase
from secshare.model.people import Kind, Recipient, Representation, Subject
from secshare.model.reference import Reference
from secshare.model.roads import Road
from secshare.model.shares import (
    SealedToKeys,
    SealedToWords,
    SealFormat,
    Secret,
    Share,
    ShareStatus,
)
from secshare.model.states import FileState, SecretState, States

__all__ = [
    "Answer",
    "Answered",
    "DocumentKind",
    "FileState",
    "Finding",
    "Kind",
    "Passphrase",
    "Place",
    "Recipient",
    "Reference",
    "Representation",
    "Road",
    "SealFormat",
    "SealedToKeys",
    "SealedToWords",
    "Secret",
    "SecretState",
    "Severity",
    "Share",
    "ShareStatus",
    "States",
    "Subject",
]
