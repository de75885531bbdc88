"""Protects the journal: each entry says whose account it was; none fails for want of a name."""

from __future__ import annotations

import os
import pwd

import pytest

from secshare.terminal import system_user
from secshare.terminal import user as module


class Advapi32:
    """What stands for the library of Windows."""

    def __init__(self, name: str | None) -> None:
        self.name = name

    def GetUserNameW(self, buffer, size):  # noqa: N802 - Windows calls it so
        if self.name is None:
            return 0
        assert size._obj.value > len(self.name)
        buffer.value = self.name
        return 1


def named(monkeypatch, name):
    entry = pwd.struct_passwd((name, "x", os.getuid(), 0, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: entry)


def test_the_account_is_what_the_system_says_and_not_what_the_environment_does(monkeypatch):
    for name in ("USER", "USERNAME", "LOGNAME", "LNAME"):
        monkeypatch.setenv(name, "somebody-else")
    named(monkeypatch, "claire")
    assert system_user() == "claire"
    assert system_user(Advapi32("Secrétariat Étage 2")) == "Secrétariat Étage 2"


def test_an_account_without_a_name_is_its_number(monkeypatch):
    def unknown(number):
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(module.os, "getuid", lambda: 1000)
    assert system_user() == "uid-1000"
    assert system_user(Advapi32(None)) == "?"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a\nb", "a_b"),
        ("caf\udce9", "caf_"),  # a byte that is no UTF-8, as Python reads it
        ("a\u202eb", "a_b"),
        ("x" * 200, "x" * 60),
        ("DOMAIN\\claire d", "DOMAIN\\claire d"),
    ],
)
def test_whatever_the_system_calls_it_it_is_one_plain_line(monkeypatch, name, told):
    named(monkeypatch, name)
    assert system_user() == told
    assert system_user().encode("utf-8")


def test_a_name_of_nothing_but_spaces_is_none(monkeypatch):
    named(monkeypatch, "  ")
    monkeypatch.setattr(module.os, "getuid", lambda: 7)
    assert system_user() == "uid-7"
