"""The only door to pyrage: SSH keys and hardware plugins, one whole file at a time.

pyrage is the independent implementation that our tests compare with, and it reads keys that the
engine does not. What it does not do well stays behind this door: it holds the interpreter while it
works, turns Ctrl-C and a full disk into its own errors, and says "decryption error" of a cut file.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

from secshare import profiles
from secshare.age import bech32, scrypt, unlocking
from secshare.age.intake import Intake, Outlet, left
from secshare.age.opening import begin
from secshare.age.protocols import Guarded
from secshare.age.x25519 import X25519Recipient
from secshare.errors import (
    ExtraMissing,
    HeaderDamaged,
    HeaderMacWrong,
    IdentityMismatch,
    PayloadDamaged,
    RecipientDataInvalid,
    SecshareError,
    WrongKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import BinaryIO

    from secshare.age.header import Stanza
    from secshare.age.protocols import Progress, Recipient

_SSH: Final = ("ssh-ed25519", "ssh-rsa")
_PLUGIN_RECIPIENT: Final = "age1"
_PLUGIN_IDENTITY: Final = "age-plugin-"
_MAC_WRONG: Final = "Header MAC is invalid"
_STANZA_DAMAGED: Final = "Decryption failed"  # for us by its tag, and yet it does not open
_NO_PROGRAM: Final = "on the PATH"
_LOCKED: Final = "must be decrypted first"


class BridgedRecipient:
    """A public key that pyrage knows: `ssh-ed25519 ...`, `ssh-rsa ...`, or a plugin's `age1...`."""

    label = ""

    def __init__(self, text: str, plugin: str | None) -> None:
        self._text = text
        self.plugin = plugin

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one key; an SSH key's comment is dropped.

        Raises:
            RecipientDataInvalid: it is no such key, or its plugin is not allow-listed.
            ExtraMissing: pyrage is not installed.
        """
        words = text.split()
        if len(words) >= 2 and words[0] in _SSH:
            pyrage = _pyrage()
            key = " ".join(words[:2])
            try:
                pyrage.ssh.Recipient.from_str(key)
            except pyrage.RecipientError:
                raise RecipientDataInvalid("age.recipient_invalid") from None
            return cls(key, None)
        plugin = _plugin(text, _PLUGIN_RECIPIENT)
        if not plugin:
            raise RecipientDataInvalid("age.recipient_invalid")
        if plugin not in profiles.PLUGINS:
            raise RecipientDataInvalid("age.plugin_refused", plugin=plugin)
        return cls(text.strip().lower(), plugin)

    def wrap(self, file_key: bytes) -> NoReturn:
        """Refuse: pyrage does whole files only, see `encrypt_file`."""
        raise WrongKind("age.bridge_whole_file")

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<BridgedRecipient {self._text[:24]}...>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BridgedRecipient) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


class BridgedIdentity(Guarded):
    """An SSH private key, or a plugin's `AGE-PLUGIN-NAME-1...`, which is a handle to hardware.

    Attributes:
        plugin: the plugin's name, None for an SSH key.
        ask: called with a plugin's question (a PIN); without it such questions stay unanswered.
    """

    __slots__ = ("_text", "ask", "plugin")

    def __init__(self, text: str, plugin: str | None) -> None:
        self._text = text
        self.plugin = plugin
        self.ask: Callable[[str], str] | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a whole SSH private key file, or a plugin's identity.

        Raises:
            IdentityMismatch: it is neither, the key has a passphrase of its own, or its plugin is
                not allow-listed.
            ExtraMissing: pyrage is not installed.
        """
        text = text.strip() + "\n"
        if text.startswith("-----BEGIN"):
            pyrage = _pyrage()
            try:
                pyrage.ssh.Identity.from_buffer(text.encode("utf-8", "replace"))
            except pyrage.IdentityError as error:
                locked = _LOCKED in str(error)
                key = "age.identity_locked" if locked else "age.identity_invalid"
                raise IdentityMismatch(key) from None
            return cls(text, None)
        plugin = _plugin(text, _PLUGIN_IDENTITY).removesuffix("-")
        if not plugin:
            raise IdentityMismatch("age.identity_invalid")
        if plugin not in profiles.PLUGINS:
            raise IdentityMismatch("age.plugin_refused", plugin=plugin)
        return cls(text.strip().upper(), plugin)

    def reveal(self) -> str:
        """Return the key as it was read. This is the secret."""
        return self._text

    def unwrap(self, stanzas: Sequence[Stanza]) -> NoReturn:
        """Refuse: pyrage does whole files only, see `decrypt_file`."""
        raise WrongKind("age.bridge_whole_file")


def encrypt(
    source: BinaryIO,
    sink: BinaryIO,
    recipients: Iterable[Recipient],
    *,
    armor: bool = False,
    progress: Progress | None = None,
) -> None:
    """Encrypt for recipients of which one at least is pyrage's. Called by `encrypt_file`.

    Raises:
        As `engine.encrypt`; WrongKind too for hybrid recipients, which pyrage does not know.
        ExtraMissing: pyrage or the plugin's program is not installed.
        RecipientDataInvalid: the plugin refused the key.
    """
    pyrage = _pyrage()
    unique = unlocking.distinct(recipients)
    ends = _Ends(source, sink, left(source), progress)
    refused = RecipientDataInvalid("age.bridge_failed")
    with ends.failing(otherwise=refused, broken=refused):
        theirs = [_recipient(pyrage, recipient) for recipient in unique]
        pyrage.encrypt_io(ends.reader, ends.writer, theirs, armor)


def decrypt(
    source: BinaryIO,
    sink: BinaryIO,
    identities: Sequence[BridgedIdentity],
    *,
    progress: Progress | None = None,
) -> None:
    """Decrypt with pyrage's identities. Called by `decrypt_file`; the source must be seekable.

    Raises:
        As `engine.decrypt`; PayloadDamaged also stands for a file that was cut or added to, which
            pyrage does not tell apart.
        ExtraMissing: pyrage or the plugin's program is not installed.
    """
    pyrage = _pyrage()
    start, size = source.tell(), left(source)
    stanzas = begin(source).header.stanzas
    source.seek(start)
    if scrypt.work_factor(stanzas) is not None:  # pyrage's own ceiling is 2**23
        raise WrongKind("age.needs_passphrase")
    ends = _Ends(source, sink, size, progress)
    no_match, damaged = IdentityMismatch("age.no_match"), PayloadDamaged("age.payload_end")
    with ends.failing(otherwise=no_match, broken=damaged):
        theirs = [_identity(pyrage, identity) for identity in identities]
        pyrage.decrypt_io(ends.reader, ends.writer, theirs)


class _Ends:
    """Both files as pyrage sees them, remembering the first thing that went wrong on our side."""

    def __init__(
        self, source: BinaryIO, sink: BinaryIO, total: int | None, progress: Progress | None
    ) -> None:
        self._error: BaseException | None = None
        self._done = 0
        intake, outlet = Intake(source), Outlet(sink)

        def read(size: int) -> bytes:
            data = intake.take(size)
            self._done += len(data)
            if progress is not None and data:
                progress(self._done, total)
            return data

        self.reader = _Reader(self._kept(read))
        self.writer = _Writer(self._kept(outlet.write))

    def _kept(self, call: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def kept(argument: object) -> object:
            if self._error is not None:
                raise OSError
            try:
                return call(argument)
            except BaseException as error:
                self._error = error  # pyrage would make a text of it
                raise OSError from None

        return kept

    def failing(self, *, otherwise: SecshareError, broken: SecshareError) -> _Failing:
        """Return a block in which pyrage's failures become ours; an OSError becomes `broken`."""
        return _Failing(lambda: self._error, otherwise, broken)


class _Failing:
    def __init__(
        self,
        error: Callable[[], BaseException | None],
        otherwise: SecshareError,
        broken: SecshareError,
    ) -> None:
        self._error = error
        self._otherwise = otherwise
        self._broken = broken

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, theirs: BaseException | None, __: object) -> None:
        if (ours := self._error()) is not None:
            raise ours
        if theirs is None or isinstance(theirs, (SecshareError, KeyboardInterrupt)):
            return
        text = str(theirs)
        if _NO_PROGRAM in text:
            raise ExtraMissing("age.plugin_missing") from None
        if isinstance(theirs, OSError):
            raise self._broken from None
        if text == _MAC_WRONG:
            raise HeaderMacWrong("age.header_mac_wrong") from None
        if text == _STANZA_DAMAGED:
            raise HeaderDamaged("age.stanza_damaged", type="ssh") from None
        raise self._otherwise from None


class _Reader:
    def __init__(self, read: Callable[[Any], Any]) -> None:
        self.read = read


class _Writer:
    def __init__(self, write: Callable[[Any], Any]) -> None:
        self._write = write

    def write(self, data: bytes) -> int:
        self._write(data)
        return len(data)

    def flush(self) -> None:
        """Leave it: the sink is published, or flushed by whoever owns it."""


class _Dialogue:
    """What a plugin may say and ask. Nothing is printed here; only a PIN can be asked for."""

    def __init__(self, ask: Callable[[str], str] | None = None) -> None:
        self._ask = ask

    def display_message(self, message: str) -> None:
        """Drop it: "touch your key" is for the command to say beforehand."""

    def confirm(self, message: str, yes: str, no: str | None) -> None:
        """Leave it unanswered."""

    def request_public_string(self, question: str) -> None:
        """Leave it unanswered."""

    def request_passphrase(self, question: str) -> str | None:
        """Pass the question on, if there is somebody to ask."""
        return None if self._ask is None else self._ask(question)


def _pyrage() -> Any:  # noqa: ANN401 - the module has no complete stubs
    # By name: a patient's command reaches this module and must not have pyrage in what it imports.
    try:
        return importlib.import_module("pyrage")
    except ImportError:
        raise ExtraMissing("age.bridge_missing") from None


def _recipient(pyrage: Any, recipient: Recipient) -> object:  # noqa: ANN401
    if isinstance(recipient, X25519Recipient):
        return pyrage.x25519.Recipient.from_str(str(recipient))
    if not isinstance(recipient, BridgedRecipient):
        raise WrongKind("age.hybrid_mixed")
    if recipient.plugin is None:
        return pyrage.ssh.Recipient.from_str(str(recipient))
    theirs = pyrage.plugin.Recipient.from_str(str(recipient))
    return pyrage.plugin.RecipientPluginV1(recipient.plugin, [theirs], [], _Dialogue())


def _identity(pyrage: Any, identity: BridgedIdentity) -> object:  # noqa: ANN401
    text = identity.reveal()
    if identity.plugin is None:
        return pyrage.ssh.Identity.from_buffer(text.encode("utf-8", "replace"))
    theirs = pyrage.plugin.Identity.from_str(text)
    return pyrage.plugin.IdentityPluginV1(identity.plugin, [theirs], _Dialogue(identity.ask))


def _plugin(text: str, before: str) -> str:
    """Return the plugin that a key names, or nothing."""
    try:
        prefix, _ = bech32.decode(text.strip())
    except ValueError:
        return ""
    return prefix.removeprefix(before) if prefix.startswith(before) else ""
