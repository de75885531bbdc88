"""Protects the practice folder: made whole or not at all, for its owner only, and only if ours."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess

import pytest

from secshare import files
from secshare.errors import OutputRefused, PracticeInvalid
from secshare.messages import Language
from secshare.practice import Practice, create
from tests.tools import need

PARTS = [
    *(".", "secshare.toml", "private", "keys"),
    *("keys/practice.pub", "private/practice.key", "private/journal.key"),
]


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def refused(key, act, *args, **options):
    with pytest.raises(PracticeInvalid) as caught:
        act(*args, **options)
    assert caught.value.key == key
    for language in Language:
        assert all(caught.value.explain(language))


@pytest.fixture
def made(tmp_path, settings):
    return create(tmp_path / "cabinet", settings, protection=None)


def test_a_new_practice_opens_with_what_it_was_made_with(made, settings):
    opened = Practice.open(made.folder)
    assert opened.settings == settings
    assert names(opened.folder) == [
        "inbox",
        "keys",
        "outbox",
        "private",
        "secrets",
        "secshare.toml",
    ]
    assert names(opened.private) == ["journal.key", "practice.key"]
    assert names(opened.keys) == ["practice.pub"]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_everything_in_it_is_for_its_owner_only(made):
    for entry in (made.folder, *made.folder.rglob("*")):
        expected = 0o700 if entry.is_dir() else 0o600
        assert stat.S_IMODE(entry.stat().st_mode) == expected, entry


def test_the_settings_file_is_one_a_person_can_edit(made):
    path = made.folder / "secshare.toml"
    path.write_text(path.read_text("utf-8").replace("words = 10", "words = 12"), "utf-8")
    assert Practice.open(made.folder).settings.words == 12


def test_upper_layers_fill_the_folder_before_it_has_its_name(tmp_path, settings):
    seen = []

    def populate(hidden):
        seen.append(hidden.folder)
        assert not (tmp_path / "cabinet").exists()
        hidden.database.write_bytes(b"made here")

    made = create(tmp_path / "cabinet", settings, protection=None, populate=populate)
    assert made.database.read_bytes() == b"made here"
    assert seen != [made.folder]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError, OutputRefused("files.disk_full")])
def test_made_halfway_nothing_is_left(tmp_path, settings, fault):
    def populate(_):
        raise fault

    expected = fault if isinstance(fault, type) else type(fault)
    with pytest.raises(expected):
        create(tmp_path / "cabinet", settings, protection=None, populate=populate)
    assert names(tmp_path) == []


def test_an_empty_folder_is_used_and_given_back_when_making_fails(tmp_path, settings):
    folder = tmp_path / "cabinet"
    folder.mkdir()

    def populate(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create(folder, settings, protection=None, populate=populate)
    assert names(folder) == []
    create(folder, settings, protection=None)
    assert Practice.open(folder).settings == settings


def test_a_second_start_in_the_same_folder_says_so_and_changes_nothing(made, settings):
    before = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    refused("practice.exists", create, made.folder, settings, protection=None)
    assert {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()} == before


def test_a_folder_with_files_in_it_is_left_alone(tmp_path, settings):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "lettre.txt").write_text("Bonjour")
    refused("practice.not_empty", create, folder, settings, protection=None)
    assert names(folder) == ["lettre.txt"]


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path, settings):
    (tmp_path / "cabinet").write_text("Bonjour")
    with pytest.raises(OutputRefused):
        create(tmp_path / "cabinet", settings, protection=None)
    assert (tmp_path / "cabinet").read_text() == "Bonjour"


def test_a_folder_whose_parent_does_not_exist_is_refused(tmp_path, settings):
    with pytest.raises(OutputRefused):
        create(tmp_path / "nowhere" / "cabinet", settings, protection=None)
    assert names(tmp_path) == []


@pytest.mark.parametrize("place", ["Dropbox", "OneDrive - Cabinet", "Nextcloud"])
def test_a_synchronised_folder_is_refused(tmp_path, settings, place):
    (tmp_path / place).mkdir()
    refused(
        "practice.drive_synchronised",
        create,
        tmp_path / place / "cabinet",
        settings,
        protection=None,
    )
    assert names(tmp_path / place) == []


def test_a_practice_moved_to_a_synchronised_folder_is_refused(tmp_path, made):
    (tmp_path / "Dropbox").mkdir()
    moved = tmp_path / "Dropbox" / "cabinet"
    shutil.move(made.folder, moved)
    refused("practice.drive_synchronised", Practice.open, moved)


@pytest.mark.parametrize("kind", ["network", "synchronised"])
def test_a_refused_drive_is_said_by_its_kind(tmp_path, settings, monkeypatch, kind):
    monkeypatch.setattr(files, "drive_trouble", lambda _: kind)
    refused(f"practice.drive_{kind}", create, tmp_path / "cabinet", settings, protection=None)


def test_a_place_without_a_practice_says_so(tmp_path):
    refused("practice.missing", Practice.open, tmp_path)
    refused("practice.missing", Practice.open, tmp_path / "nowhere")


def test_a_practice_is_not_looked_for_in_parent_folders(made):
    refused("practice.missing", Practice.open, made.outbox)


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
@pytest.mark.parametrize("part", PARTS)
def test_what_everybody_may_write_is_not_used(made, part):
    path = made.folder / part
    path.chmod(path.stat().st_mode | 0o002)
    refused("practice.not_ours", Practice.open, made.folder)


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
@pytest.mark.parametrize("part", PARTS)
def test_what_a_group_may_write_is_not_used_and_not_mended_in_silence(made, part):
    path = made.folder / part
    path.chmod(path.stat().st_mode | 0o020)
    before = path.stat().st_mode
    with pytest.raises(PracticeInvalid) as caught:
        Practice.open(made.folder)
    assert caught.value.key == "practice.group_writes"
    for language in Language:
        what, mend = caught.value.explain(language)
        assert str(path) in what
        assert f'chmod go-w "{path}"' in mend
    assert path.stat().st_mode == before
    subprocess.run(["chmod", "go-w", path], check=True)
    assert Practice.open(made.folder)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("part", PARTS)
def test_what_belongs_to_somebody_else_is_not_used(made, part):
    os.chown(made.folder / part, 65534, -1)
    refused("practice.not_ours", Practice.open, made.folder)


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_what_a_backup_opened_to_readers_is_closed_again(made):
    made.folder.chmod(0o755)
    made.private.chmod(0o755)
    opened = Practice.open(made.folder)
    assert files.is_private(opened.folder)
    assert files.is_private(opened.private)


def test_empty_folders_that_a_backup_dropped_are_made_again(made):
    for folder in (made.outbox, made.secrets, made.inbox):
        folder.rmdir()
    opened = Practice.open(made.folder)
    assert all(files.is_private(path) for path in (opened.outbox, opened.secrets, opened.inbox))


@pytest.mark.parametrize("part", ["private/practice.key", "keys/practice.pub", "private", "keys"])
def test_a_practice_without_its_keys_says_which(made, part):
    files.remove(made.folder / part)
    refused("practice.unreadable", Practice.open, made.folder)


@pytest.mark.parametrize("content", ["", "# nothing\n", "age1nonsense\n", "\0" * 50])
def test_damaged_public_keys_are_said(made, content):
    made.practice_pub.write_text(content)
    with pytest.raises(PracticeInvalid):
        _ = Practice.open(made.folder).recipient


def test_a_folder_with_an_odd_name_works(tmp_path, settings):
    folder = tmp_path / "Cabinet d'Élodie ; été\n2026"
    create(folder, settings, protection=None)
    assert Practice.open(folder).settings == settings


def test_every_age_reads_the_practices_public_file(made, tmp_path):
    (tmp_path / "clear").write_bytes(b"Bonjour")
    sealed = tmp_path / "sealed.age"
    subprocess.run(
        [need("age"), "-R", made.practice_pub, "-o", sealed, tmp_path / "clear"], check=True
    )
    import io

    from secshare import age

    clear = io.BytesIO()
    with sealed.open("rb") as source:
        age.decrypt(source, clear, made.identities(lambda: pytest.fail("no words are needed")))
    assert clear.getvalue() == b"Bonjour"
