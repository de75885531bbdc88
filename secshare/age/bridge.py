"""The only door to pyrage: SSH keys and hardware plugins, one whole file at a time.

pyrage is the independent implementation that our tests compare with, and it reads keys that the
engine does not. What it does not do well stays behind this door: it holds the interpreter while it
works, turns Ctrl-C and a full disk into its own errors, and says "decryption error" of a cut file.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

from secshare import profiles
from secshare.age import bech32, positioned, scrypt, ssh, unlocking
from secshare.age.handover import Dialogue, Ends, answering
from secshare.age.intake import left
from secshare.age.opening import begin
from secshare.age.payload import NONCE_BYTES
from secshare.age.protocols import Guarded
from secshare.age.x25519 import X25519Recipient
from secshare.errors import (
    ExtraMissing,
    HeaderDamaged,
    IdentityMismatch,
    PayloadDamaged,
    RecipientDataInvalid,
    WrongKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import BinaryIO

    from secshare.age.header import Stanza
    from secshare.age.protocols import Progress, Recipient

_PLUGIN_RECIPIENT: Final = "age1"
_PLUGIN_IDENTITY: Final = "age-plugin-"
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
            RecipientDataInvalid: it is no such key, an SSH key that would give everybody the file,
                or its plugin is not allow-listed.
            ExtraMissing: pyrage is not installed.
        """
        if text.lstrip().startswith(ssh.TYPES):
            pyrage = _pyrage()
            key = ssh.canonical(text)
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
    positioned.check_apart(source, sink)
    pyrage = _pyrage()
    unique = unlocking.distinct(recipients)
    ends = Ends(source, sink, left(source), progress)

    def work() -> None:
        theirs = [_recipient(pyrage, recipient) for recipient in unique]
        pyrage.encrypt_io(ends.reader, ends.writer, theirs, armor)

    refused = RecipientDataInvalid("age.bridge_failed")
    ends.run(work, otherwise=refused, broken=refused)


def decrypt(
    source: BinaryIO,
    sink: BinaryIO,
    identities: Sequence[BridgedIdentity],
    *,
    progress: Progress | None = None,
) -> None:
    """Decrypt with pyrage's identities. Called by `decrypt_file`; the source must be seekable.

    `progress` counts bytes of the sealed file here: pyrage does not say how far it is.

    Raises:
        As `engine.decrypt`; PayloadDamaged also stands for a file that was cut or added to, which
            pyrage does not tell apart.
        ExtraMissing: pyrage or the plugin's program is not installed.
    """
    positioned.check_apart(source, sink)
    pyrage = _pyrage()
    start, size = source.tell(), left(source)
    opened = begin(source)
    if scrypt.work_factor(opened.header.stanzas) is not None:  # pyrage's own ceiling is 2**23
        raise WrongKind("age.needs_passphrase")
    if len(opened.intake.peek(NONCE_BYTES)) < NONCE_BYTES:  # pyrage says that no key fits
        raise HeaderDamaged("age.nonce_cut")
    source.seek(start)
    ends = Ends(source, sink, size, progress)

    def work() -> None:
        theirs = [_identity(pyrage, identity, ends) for identity in identities]
        pyrage.decrypt_io(ends.reader, ends.writer, theirs)

    no_match, damaged = IdentityMismatch("age.no_match"), PayloadDamaged("age.payload_end")
    ends.run(work, otherwise=no_match, broken=damaged)


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
    return pyrage.plugin.RecipientPluginV1(recipient.plugin, [theirs], [], Dialogue())


def _identity(pyrage: Any, identity: BridgedIdentity, ends: Ends) -> object:  # noqa: ANN401
    text = identity.reveal()
    if identity.plugin is None:
        return pyrage.ssh.Identity.from_buffer(text.encode("utf-8", "replace"))
    theirs = pyrage.plugin.Identity.from_str(text)
    ask = None if identity.ask is None else ends.kept(answering(identity.ask))
    return pyrage.plugin.IdentityPluginV1(identity.plugin, [theirs], Dialogue(ask))


def _plugin(text: str, before: str) -> str:
    """Return the plugin that a key names, or nothing."""
    try:
        prefix, _ = bech32.decode(text.strip())
    except ValueError:
        return ""
    return prefix.removeprefix(before) if prefix.startswith(before) else ""
