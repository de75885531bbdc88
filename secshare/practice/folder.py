"""The practice folder: opened only if it is ours, its keys used only if they are."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from secshare import files, profiles
from secshare.errors import PracticeInvalid, SecshareError
from secshare.practice import access, ring
from secshare.practice import keys as key_files
from secshare.practice.layout import Layout
from secshare.practice.public import PublicKeys, account
from secshare.practice.settings import Settings
from secshare.practice.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from secshare.age import HybridRecipient, Identity
    from secshare.model import Passphrase

__all__ = ["SETTINGS", "Practice"]

SETTINGS: Final = "secshare.toml"


@dataclass(frozen=True)
class Practice(Layout):
    """A practice folder and its settings. `Practice.open` is the way to get one.

    Attributes:
        settings: what `secshare.toml` says.
    """

    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a practice folder that is ours.

        Folders that a copy or a clean-up dropped because they were empty are made again, and
        what a backup gave others the right to read is closed again; a right to write is refused.

        Raises:
            PracticeInvalid: there is none, it or its settings or keys belong to somebody else or
                may be changed by others, it is on a network or synchronised drive, or a setting
                is not usable.
            OutputRefused: a dropped folder cannot be made again.
        """
        folder = Path(folder).expanduser().absolute()
        path = folder / SETTINGS
        if not access.is_file(path):
            raise PracticeInvalid("practice.missing", path=folder)
        for ours in (folder, path, folder / "private", folder / "keys"):
            access.check_ours(ours)
        for part in ("private", "keys", "outbox", "secrets", "inbox"):
            access.check_not_linked(folder / part)
        access.check_drive(folder)
        practice = cls(folder, Settings.loads(access.read(path, profiles.SETTINGS_BYTES)))
        for ours in (practice.practice_pub, practice.practice_key, practice.journal_key):
            access.check_ours(ours)
        for dropped in (practice.outbox, practice.secrets, practice.inbox):
            if not dropped.is_dir():
                files.make_private_folder(dropped)
        for open_to_others in (folder, practice.private):
            if not files.is_private(open_to_others):  # a copy or a backup lost the modes
                files.make_private_folder(open_to_others)
        return practice

    # --- keys -----------------------------------------------------------------------------------

    @cached_property
    def public_keys(self) -> PublicKeys:
        """What `keys/practice.pub` holds, as the practice itself signed it.

        Raises:
            PracticeInvalid: it cannot be read, is damaged, or holds keys that this practice did
                not sign: nothing is sealed to those.
        """
        data = access.read(self.practice_pub, profiles.KEY_FILE_BYTES)
        try:
            public = PublicKeys.loads(data.decode("utf-8-sig"))
        except (ValueError, SecshareError) as error:
            raise PracticeInvalid("practice.key_damaged", path=self.practice_pub) from error
        if not public.is_signed_by(self._journal_public):
            raise PracticeInvalid("practice.pub_changed", path=self.practice_pub)
        return public

    @property
    def _journal_public(self) -> bytes:
        return self.signer.public

    def _journal_key(self) -> bytes:
        return access.read(self.journal_key, profiles.KEY_FILE_BYTES)

    @cached_property
    def signer(self) -> Signer:
        """What signs the journal, and keys the digests of documents.

        Raises:
            PracticeInvalid: `journal.key` cannot be read, or is damaged.
        """
        with suppress(ValueError):
            return Signer(self._journal_key())
        raise PracticeInvalid("practice.key_damaged", path=self.journal_key)

    @property
    def account(self) -> str:
        """What its words are filed under in a keyring.

        Raises:
            PracticeInvalid: `journal.key` cannot be read, or is damaged.
        """
        return account(self._journal_public)

    @property
    def recipient(self) -> HybridRecipient:
        """What the practice's own secrets are sealed to; unsealing them takes `practice.key`."""
        return self.public_keys.hybrid

    def identities(
        self, ask: Callable[[], str], *, corrected: Callable[[int], None] = lambda _: None
    ) -> tuple[Identity, ...]:
        """Return what unseals, the newest first; words come from the keyring, else from `ask`.

        Args:
            corrected: is told the position of each word that was read as another one than typed.

        Raises:
            PassphraseWrong: the words asked for, three times, do not open the key.
            PracticeInvalid: the key cannot be read, or is damaged.
        """
        return self._identities(self._open_key(self._key_data(), ask, corrected))

    def protected(self) -> bool:
        """Return whether `practice.key` needs words, from the keyring or from a person."""
        return key_files.is_sealed(self._key_data())

    def rotate(
        self,
        ask: Callable[[], str],
        *,
        corrected: Callable[[int], None] = lambda _: None,
        writing: Callable[[], AbstractContextManager[object]] = nullcontext,
        today: date | None = None,
    ) -> None:
        """Draw new identities, which seal from now on; the old ones stay, and still open.

        `keys/practice.pub` is written anew, whatever it held: this mends one that was changed.

        The words that protect the key stay the same. Interrupted, either all is as before or the
        key merely holds identities that nothing is sealed to yet.

        Args:
            corrected: as `identities`.
            writing: keeps other rotations away; entered when everything was asked and derived, for
                no longer than the files take to be written.

        Raises:
            PassphraseWrong, PracticeInvalid: as `identities`.
            OutputRefused: the files cannot be written.
        """
        _ = self._journal_public  # whether journal.key can sign is said before anything is asked
        day = today or datetime.now(UTC).date()

        def renew(opened: key_files.Opened) -> Callable[[], None]:
            drawn, public = key_files.draw_identities(self._journal_key(), today=day)
            sealed = key_files.seal_key(drawn + opened.text, opened.words)

            def write() -> None:
                # In this order: a public key without its identity would seal what nobody opens.
                access.write(self.practice_key, sealed, overwrite=True)
                access.write(self.practice_pub, public.dumps().encode(), overwrite=True)
                self.__dict__.pop("public_keys", None)

            return write

        self._rewrite(renew, ask, corrected, writing)

    def protect(
        self,
        ask: Callable[[], str],
        draw: Callable[[], Passphrase | None],
        *,
        in_keyring: bool = False,
        corrected: Callable[[int], None] = lambda _: None,
        writing: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """Protect `practice.key` with other words, or with none; its identities stay the same.

        Interrupted, it opens with the former words or with the new ones; the keyring, where it is
        to keep them, has both in between, so that no moment exists in which nobody can open it.

        Args:
            draw: gives the new words, or None for no protection; called once, after the former
                words have opened the key.
            in_keyring: have the keyring keep the new words. Else it forgets what it kept.
            corrected, writing: as `rotate`.

        Raises:
            PassphraseWrong, PracticeInvalid: as `identities`; the keyring keeps nothing.
            OutputRefused: the file cannot be written. All is as before.
        """
        filed = self.account
        drawn: list[Passphrase | None] = []

        def change(opened: key_files.Opened) -> Callable[[], None]:
            if not drawn:
                drawn.append(draw())
            words = drawn[0]
            sealed = key_files.seal_key(opened.text, words)

            def write() -> None:
                former = ring.kept(filed)
                if in_keyring and words is not None:
                    ring.keep(filed, words.reveal(), *former)
                try:
                    access.write(self.practice_key, sealed, overwrite=True)
                except BaseException:
                    if in_keyring:
                        ring.replace(filed, *former)
                    raise
                ring.replace(filed, *([words.reveal()] if in_keyring and words else []))

            return write

        self._rewrite(change, ask, corrected, writing)

    def _rewrite(
        self,
        make: Callable[[key_files.Opened], Callable[[], None]],
        ask: Callable[[], str],
        corrected: Callable[[int], None],
        writing: Callable[[], AbstractContextManager[object]],
    ) -> None:
        """Write what `make` gives for the open key, unless the key changed in the meantime."""
        while True:
            before = self._key_data()
            opened = self._open_key(before, ask, corrected)
            self._identities(opened)  # nothing is made out of what is damaged
            write = make(opened)
            with writing():
                if self._key_data() == before:
                    write()
                    return
            # Another command came first: what it wrote must stay, too. Nobody is asked again.
            ask, corrected = _again(opened.words, ask), lambda _: None

    def _identities(self, opened: key_files.Opened) -> tuple[Identity, ...]:
        with suppress(key_files.KeyDamaged):
            return opened.identities()
        raise PracticeInvalid("practice.key_damaged", path=self.practice_key)

    def _key_data(self) -> bytes:
        return access.read(self.practice_key, profiles.KEY_FILE_BYTES)

    def _open_key(
        self,
        data: bytes,
        ask: Callable[[], str],
        corrected: Callable[[int], None] = lambda _: None,
    ) -> key_files.Opened:
        kept = ring.kept(self.account) if key_files.is_sealed(data) else ()
        with suppress(key_files.KeyDamaged):
            opened = key_files.open_key(data, kept, ask)
            for position in opened.corrected:
                corrected(position)
            return opened
        raise PracticeInvalid("practice.key_damaged", path=self.practice_key)


def _again(words: str | None, ask: Callable[[], str]) -> Callable[[], str]:
    return ask if words is None else lambda: words
