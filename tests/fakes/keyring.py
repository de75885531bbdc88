"""A keyring of the user's session, in memory; and one of those that keep nothing."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """A keyring that works."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        try:
            del self.kept[service, username]
        except KeyError:
            raise PasswordDeleteError from None


class ForgetfulKeyring(MemoryKeyring):
    """Says nothing and keeps nothing, as keyring's null backend."""

    def set_password(self, service, username, password):
        pass


class NoKeyring(MemoryKeyring):
    """A server: there is none, as keyring's fail backend says."""

    def get_password(self, service, username):
        raise NoKeyringError

    def set_password(self, service, username, password):
        raise NoKeyringError

    def delete_password(self, service, username):
        raise NoKeyringError


class LockedKeyring(MemoryKeyring):
    """Works, but its owner does not unlock it."""

    def get_password(self, service, username):
        raise KeyringLocked

    def set_password(self, service, username, password):
        raise KeyringLocked
