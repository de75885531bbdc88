"""Protects the choice of the practice: the option, the environment, the default, nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from secshare.errors import OutputRefused, PracticeInvalid
from secshare.practice import create, default, locate, set_default


def test_without_any_choice_it_says_how_to_make_one(tmp_path):
    with pytest.raises(PracticeInvalid) as caught:
        locate(None, {})
    assert caught.value.key == "practice.none"
    assert default() is None


def test_the_option_comes_first_then_the_environment_then_the_default(tmp_path):
    set_default(tmp_path / "by default")
    environ = {"SECSHARE_PRACTICE": str(tmp_path / "by environment")}
    assert locate(tmp_path / "by option", environ) == tmp_path / "by option"
    assert locate(None, environ) == tmp_path / "by environment"
    assert locate(None, {"SECSHARE_PRACTICE": ""}) == tmp_path / "by default"


def test_a_practice_in_the_present_folder_is_not_taken_unasked(tmp_path, settings, monkeypatch):
    made = create(tmp_path / "cabinet", settings, protection=None)
    for folder in (made.folder, made.outbox):
        monkeypatch.chdir(folder)
        with pytest.raises(PracticeInvalid) as caught:
            locate(None, {})
        assert caught.value.key == "practice.none"


def test_a_relative_choice_is_of_the_present_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert locate(Path("cabinet"), {}) == tmp_path / "cabinet"


def test_the_default_can_be_changed_and_is_private(tmp_path):
    set_default(tmp_path / "un")
    set_default(tmp_path / "dëux é")
    assert default() == tmp_path / "dëux é"
    (kept,) = (tmp_path / "data").rglob("practice")
    assert os.name == "nt" or kept.stat().st_mode & 0o777 == 0o600


def test_what_a_killed_start_was_writing_goes_with_the_next(tmp_path):
    set_default(tmp_path / "un")
    (kept,) = (tmp_path / "data").rglob("practice")
    left = kept.with_name(".secshare-0123456789abcdef.part")
    left.write_bytes(b"/half of a na")
    set_default(tmp_path / "deux")
    assert not left.exists()
    assert default() == tmp_path / "deux"


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_a_default_that_everybody_may_write_is_not_followed(tmp_path):
    set_default(tmp_path / "cabinet")
    (kept,) = (tmp_path / "data").rglob("practice")
    kept.chmod(0o666)
    with pytest.raises(PracticeInvalid) as caught:
        locate(None, {})
    assert caught.value.key == "practice.not_ours"


@pytest.mark.parametrize("content", [b"", b"cabinet\n", b"../cabinet", b"/a\0b"])
def test_a_default_that_names_no_absolute_folder_is_refused(tmp_path, content):
    set_default(tmp_path / "cabinet")
    (kept,) = (tmp_path / "data").rglob("practice")
    kept.write_bytes(content)
    with pytest.raises(PracticeInvalid):
        locate(None, {})


def test_a_home_where_nothing_can_be_written_is_said(tmp_path):
    (tmp_path / "data").write_text("a file in the way")
    with pytest.raises(OutputRefused):
        set_default(tmp_path / "cabinet")
