"""`secshare.toml`: what a practice is called, how it is reached, and what it draws by default."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from secshare import profiles
from secshare.errors import PracticeInvalid
from secshare.messages import Language
from secshare.model import Road, Severity

__all__ = ["REGIONS", "Settings"]

REGIONS: Final = (
    *("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "MC"),
    *("BE", "CH", "LU"),
)
"""Where a practice may be: what a national telephone number is read by (ISO 3166-1)."""

# One GSM-7 septet each (no backquote, brackets, braces, `^`, `~`, `|`, `\`), harmless in a mail
# header, in a shell and on paper.
_PUBLIC_NAME: Final = re.compile(r"[A-Za-z0-9 .,'&()/+:-]+")

_PHONE: Final = re.compile(r"\+?[0-9]([ .()/-]{0,2}[0-9]){2,17}")

# What a name must not tell whoever sees the envelope: families of words by their ends (biology
# apart, it tells nothing), then what no family has. Surnames must pass: Sidaoui, Neurohr.
_SPECIALTIES: Final = re.compile(
    r"\b(?!biolog)\w{2,}(?:olog(?:ie|ies|ique|iques|ue|ues|iste|istes|y|ist|ists)"
    r"|iatr(?:e|es|ie|ies|ique|iques|y|ist|ists))\b"
    r"|\b(?:addict|alcool|avortement|cancer|depist|dialys|diabet|fertilit|hepatit|gyneco|obstetri"
    r"|palliati|procreat|psych|radiother|sexuel|sexual|tabac|toxico|chimio|abortion|rehab)"
    r"|\b(?:ivg|vih|sida|hiv|aids|mental|mentale|planning familial)\b"
)

# RPPS (11 digits), FINESS (9, with Corsica's letters), SIREN and SIRET, IBAN.
_IDENTIFIER: Final = re.compile(
    r"[0-9][0-9AB][0-9]{7}|[0-9]{11}|[0-9]{14}|[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}"
)

# The page's address goes into mail, SMS and codes, and is typed by hand: a host with a point and
# plain folders. No port, no user, and nothing after the path: the words follow a `#` of ours.
_PAGE: Final = re.compile(
    r"https://(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])"
    r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """A practice's settings, always valid: making one checks every field.

    Attributes:
        name: the legal name, at most 100 characters on one line.
        public_name: what mail, SMS and sheets show: ASCII, one line, at most
            `profiles.PUBLIC_NAME_CHARACTERS`, and no medical specialty.
        phone: as patients read it on a sheet: `01 99 00 12 34`.
        region: one of `REGIONS`.
        language: what the practice's own messages and papers are written in.
        words, words_language: how many words a passphrase has, and from which list.
        road: how words travel when nobody says. SMS: CNIL's guide names it, and a telephone
            number is what a practice has of nearly every patient.
        page: the https address where the practice put its page, at most
            `profiles.PAGE_CHARACTERS`; None where it has none. Mail, SMS and codes name it.
        page_in_qr: whether a code holds that address with the words after `#`, and opens the page.
            Off by default: the browser writes that address into its history on disk, and may
            synchronise it with an account, before the page can take the words out of its own tab.
        scans: what a picture of a page does, which nobody can read for you: a note, a question or
            a stop.
        identifiers: the practice's own RPPS, FINESS, SIRET and IBAN. They stand in its documents,
            and say nothing of whom a document is about.
        people: who works there, by name, as documents name them: `Dr Jeanne Exemple`.
        emails: the practice's own addresses.
        words_days: how long the register keeps its copy of a share's words.
        outbox_days: how long a share's folder stays in the outbox once it was marked as sent.
        journal_months, shares_months, incidents_months: how old entries of the journal, shares and
            incidents are before `purge` removes them. Nothing else does.

    Raises:
        PracticeInvalid: a field cannot be taken; it is named.
    """

    name: str
    public_name: str
    phone: str
    region: str = "FR"
    language: Language = Language.FR
    words: int = profiles.WORDS
    words_language: Language = Language.FR
    road: Road = Road.SMS
    page: str | None = None
    page_in_qr: bool = False
    scans: Severity = Severity.CONFIRM
    identifiers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    words_days: int = profiles.WORDS_DAYS
    outbox_days: int = profiles.OUTBOX_DAYS
    journal_months: int = profiles.JOURNAL_MONTHS
    shares_months: int = profiles.SHARES_MONTHS
    incidents_months: int = profiles.INCIDENTS_MONTHS

    def __post_init__(self) -> None:
        _line("name", self.name, profiles.PRACTICE_NAME_CHARACTERS)
        _public_name(self.public_name)
        if not _PHONE.fullmatch(self.phone):
            raise PracticeInvalid("practice.phone", setting="phone")
        if self.region not in REGIONS:
            raise _one_of("region", REGIONS)
        if not profiles.WORDS <= self.words <= profiles.WORDS_STRONG:
            raise PracticeInvalid(
                "practice.words",
                setting="words",
                least=profiles.WORDS,
                most=profiles.WORDS_STRONG,
            )
        if self.page is not None:
            _page(self.page)
        elif self.page_in_qr:
            raise PracticeInvalid("practice.page_in_qr", setting="page_in_qr")
        for identifier in self.identifiers:
            if not _IDENTIFIER.fullmatch(re.sub(r"[ .]", "", identifier)):
                raise PracticeInvalid("practice.identifier", setting="identifiers")
        for setting in ("people", "emails"):
            for value in getattr(self, setting):
                _line(setting, value, profiles.PRACTICE_NAME_CHARACTERS)
        for setting, limits in _RETENTIONS.items():
            _retention(setting, getattr(self, setting), *limits)

    def dumps(self) -> str:
        """Return the text of `secshare.toml`."""
        lines = ["# The settings of this practice. Les paramètres de ce cabinet."]
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        # TOML has no word for nothing: what is not set is not written.
        lines += [
            f"{name} = {_toml(value)}" for name, value in values.items() if value not in {None, ()}
        ]
        return "\n".join(lines) + "\n"

    @classmethod
    def loads(cls, data: bytes) -> Settings:
        """Read `secshare.toml`; a byte order mark and Windows line ends are fine.

        Raises:
            PracticeInvalid: not UTF-8, not TOML, a setting that is unknown, missing or not
                usable; the setting and its line are named, its value is not shown.
        """
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise PracticeInvalid("practice.settings_encoding", line=line) from error
        try:
            table = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else text.count("\n") + 1
            raise PracticeInvalid("practice.settings_syntax", line=line) from error
        try:
            return cls(**_values(table))
        except PracticeInvalid as error:
            place = _in_file(text, str(error.fields["setting"]))
            raise PracticeInvalid(error.key, **{**error.fields, "setting": place}) from error


_TYPES: Final[dict[str, type]] = {
    "name": str,
    "public_name": str,
    "phone": str,
    "region": str,
    "language": Language,
    "words": int,
    "words_language": Language,
    "road": Road,
    "page": str,
    "page_in_qr": bool,
    "scans": Severity,
    "identifiers": tuple,
    "people": tuple,
    "emails": tuple,
    "words_days": int,
    "outbox_days": int,
    "journal_months": int,
    "shares_months": int,
    "incidents_months": int,
}
# What each is by default, at least and at most, in days or in months as its name says.
_RETENTIONS: Final = {
    "words_days": (profiles.WORDS_DAYS, 1, profiles.RETENTION_DAYS_MOST),
    "outbox_days": (profiles.OUTBOX_DAYS, 0, profiles.RETENTION_DAYS_MOST),
    "journal_months": (
        profiles.JOURNAL_MONTHS,
        profiles.JOURNAL_MONTHS_LEAST,
        profiles.JOURNAL_MONTHS_MOST,
    ),
    "shares_months": (profiles.SHARES_MONTHS, 1, profiles.RETENTION_MONTHS_MOST),
    "incidents_months": (profiles.INCIDENTS_MONTHS, 12, profiles.RETENTION_MONTHS_MOST),
}
_CHOICES: Final[dict[type, type[StrEnum]]] = {Language: Language, Road: Road, Severity: Severity}
_NEEDED: Final = ("name", "public_name", "phone")


def _values(table: dict[str, Any]) -> dict[str, Any]:
    for setting in table:
        if setting not in _TYPES:
            raise PracticeInvalid("practice.setting_unknown", setting=setting)
    for setting in _NEEDED:
        if setting not in table:
            raise PracticeInvalid("practice.setting_missing", setting=setting)
    return {setting: _value(setting, value) for setting, value in table.items()}


def _value(setting: str, value: object) -> object:
    kind = _TYPES[setting]
    if kind is int:
        if type(value) is not int:  # a TOML boolean is a Python int
            raise PracticeInvalid("practice.setting_number", setting=setting)
        return value
    if kind is bool:
        if type(value) is not bool:
            raise PracticeInvalid("practice.setting_yes_or_no", setting=setting)
        return value
    if kind is tuple:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise PracticeInvalid("practice.setting_list", setting=setting)
        return tuple(value)
    if not isinstance(value, str):
        raise PracticeInvalid("practice.setting_text", setting=setting)
    if kind is str:
        return value
    try:
        return kind(value)
    except ValueError as error:
        raise _one_of(setting, tuple(_CHOICES[kind])) from error


def _line(setting: str, value: str, most: int) -> None:
    if not value.strip() or len(value) > most:
        raise PracticeInvalid("practice.setting_length", setting=setting, most=most)
    if any(unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" for c in value):
        raise PracticeInvalid("practice.setting_one_line", setting=setting)


def _public_name(value: str) -> None:
    _line("public_name", value, profiles.PUBLIC_NAME_CHARACTERS)
    if not _PUBLIC_NAME.fullmatch(value) or value != value.strip():
        raise PracticeInvalid("practice.public_name", setting="public_name")
    if _SPECIALTIES.search(value.lower()):
        raise PracticeInvalid("practice.public_name_specialty", setting="public_name")


def _page(value: str) -> None:
    if len(value) > profiles.PAGE_CHARACTERS or not _PAGE.fullmatch(value):
        raise PracticeInvalid("practice.page", setting="page", most=profiles.PAGE_CHARACTERS)
    if _SPECIALTIES.search(re.sub("[._/-]+", " ", value.lower())):
        raise PracticeInvalid("practice.page_specialty", setting="page")


def _retention(setting: str, value: int, default: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise PracticeInvalid(
            "practice.retention", setting=setting, default=default, least=least, most=most
        )


def _one_of(setting: str, allowed: tuple[str, ...]) -> PracticeInvalid:
    return PracticeInvalid("practice.setting_choice", setting=setting, allowed=", ".join(allowed))


def _in_file(text: str, setting: str) -> str:
    """Return a setting's name after the file and, unless it is written oddly, its line."""
    found = re.search(rf"""^[ \t\[]*["']?{re.escape(setting)}\b""", text, re.MULTILINE)
    line = f":{text.count(chr(10), 0, found.start()) + 1}" if found else ""
    return f"secshare.toml{line} {setting}"


def _toml(value: object) -> str:
    if isinstance(value, bool):  # which is an int, and written otherwise
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    # The escapes of JSON are among those of TOML; what differs is refused by `_line`.
    return str(value) if isinstance(value, int) else json.dumps(str(value), ensure_ascii=False)
