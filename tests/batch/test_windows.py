"""Protects manifests that were written on Windows, and read there, as far as Linux can tell."""

from __future__ import annotations

import ntpath
import os
import shutil
from datetime import date
from functools import partial
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.batch import cells
from secshare.batch.manifest import read_manifest
from secshare.batch.paths import beside
from secshare.batch.people import survey
from secshare.batch.results import Result, State
from secshare.batch.rows import numbers, wanted
from secshare.batch.running import Options, run
from secshare.errors import ManifestInvalid
from secshare.sharing import Desk
from secshare.store.spool import Spool
from tests.batches import write_batch
from tests.fakes.executors import Inline
from tests.files.test_other_systems import windows  # noqa: F401 - a fixture
from tests.practices import make_practice

TODAY = date(2026, 11, 22)

FOLDERS = (
    PureWindowsPath("E:\\"),
    PureWindowsPath(r"D:\export"),
    PureWindowsPath(r"\\serveur\résultats\nuit"),
    PureWindowsPath(r"\\?\D:\un chemin long"),
)


def beside_on_windows(folder: PureWindowsPath, cell: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "sep", "\\")
        return beside(folder, cell, windows=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
@pytest.mark.parametrize(
    ("cell", "path"),
    [
        ("compte rendu.pdf", ["compte rendu.pdf"]),
        (r"scans\été\a.pdf", ["scans", "été", "a.pdf"]),
        ("scans/été/a.pdf", ["scans", "été", "a.pdf"]),
        (r".\scans\\a.pdf", ["scans", "a.pdf"]),
        (r"..scans\a..pdf", ["..scans", "a..pdf"]),
        ("x" * 300 + ".pdf", ["x" * 300 + ".pdf"]),
    ],
    ids=["plain", "backslashes", "slashes", "dots", "names with dots", "long"],
)
def test_a_cell_names_a_file_of_the_manifests_own_folder(folder, cell, path):
    assert beside_on_windows(folder, cell) == str(folder.joinpath(*path))


@pytest.mark.parametrize(
    "cell",
    [
        *(r"C:\Users\secret.pdf", "C:secret.pdf", "c:/secret.pdf", r"\secret.pdf", "/secret.pdf"),
        *(r"\\serveur\partage\a.pdf", "//serveur/partage/a.pdf", r"\\?\C:\a.pdf", r"\\.\COM1"),
        *(r"..\cabinet\private\practice.key", r"a\..\..\b.pdf", "a/../../b.pdf", ".."),
        *("a.pdf:caché", r"dossier\a.pdf::$DATA", "a?.pdf", "a*.pdf", 'a".pdf', "a|b.pdf", "<a>"),
        *("CON", "nul", "NUL.pdf", r"scans\aux.txt", "com1.pdf", "LPT³", "conin$", "PRN .pdf"),
        *("a.pdf.", "a.pdf ", r"scans.\a.pdf", r"scans \a.pdf", "...", r"scans\. .\a.pdf"),
    ],
)
def test_no_cell_reaches_elsewhere_nor_a_device_nor_a_name_that_windows_reads_otherwise(cell):
    for folder in FOLDERS:
        with pytest.raises(ManifestInvalid):
            beside_on_windows(folder, cell)


@given(st.text(st.sampled_from(r"aN\/.: C?U$L"), min_size=1, max_size=12))
def test_whatever_a_cell_says_it_is_below_the_folder_as_windows_sees_it(cell):
    folder = PureWindowsPath(r"D:\export\nuit")
    try:
        path = beside_on_windows(folder, cell)
    except ManifestInvalid:
        return
    assert PureWindowsPath(ntpath.normpath(path)).is_relative_to(folder)
    assert ntpath.normpath(path) == path
    below = PureWindowsPath(path).relative_to(folder)
    for part in below.parts:
        assert part == part.rstrip(" .")
        assert ":" not in part
        assert part.partition(".")[0].rstrip().upper() != "NUL"


def test_on_another_system_a_backslash_is_said_and_not_guessed(tmp_path):
    with pytest.raises(ManifestInvalid) as caught:
        beside(tmp_path, r"scans\a.pdf", windows=False)
    assert caught.value.key == "manifest.file_backslash"


# --- whole manifests ------------------------------------------------------------------------------

HEADER = "nom;prénom;e-mail;téléphone;fichier"
ROWS = (
    "Exemple;Zoé;zoe.exemple@example.org;06 39 98 00 01;été\\reçu 1.pdf",
    "Fictif;Noël;noel.fictif@example.com;06 39 98 00 02;été\\reçu 2.pdf",
)


@pytest.fixture
def on_windows(monkeypatch):
    """Paths as Windows takes them apart and compares them."""
    monkeypatch.setattr(cells, "beside", partial(beside, windows=True))
    monkeypatch.setattr(os.path, "normcase", ntpath.normcase)


def read(folder: Path, content: bytes):
    """Return what a manifest asks for."""
    path = folder / "manifeste.csv"
    path.write_bytes(content)
    with Spool.create(folder) as spool:
        read_manifest(path, spool, region="FR", today=TODAY)
        return [wanted(spool, number) for number in numbers(spool, 0, 10)]


WRITTEN = {
    "French Excel": ("", "cp1252", "\r\n"),
    "Excel, CSV UTF-8": ("", "utf-8-sig", "\r\n"),
    "Excel, text in Unicode": ("", "utf-16", "\r\n"),
    "with its separator": ("sep=;\r\n", "cp1252", "\r\n"),
    "PowerShell 5.1's Out-File": ("", "utf-16", "\r\n"),
    "Notepad of another time": ("", "cp1252", "\n"),
}


@pytest.mark.usefixtures("on_windows")
@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_manifest_says_the_same_however_windows_wrote_it(tmp_path, written):
    first, encoding, ends = written
    content = (first + ends.join((HEADER, *ROWS, ""))).encode(encoding)
    shares = read(tmp_path, content)
    assert [share.name for share in shares] == ["Zoé Exemple", "Noël Fictif"]
    assert [share.files for share in shares] == [
        (str(tmp_path / "été" / f"reçu {number}.pdf"),) for number in (1, 2)
    ]


@pytest.mark.parametrize(
    ("column", "content"),
    [
        ("nom", "nom;email;fichier\r\nZoé Exemple;zoe.exemple@example.org;a.pdf\r\n"),
        ("destinataire", "destinataire;fichier\r\nZoé Exemple;a.pdf\r\n"),
    ],
)
def test_a_name_that_lost_its_accents_is_nobodys(tmp_path, column, content):
    """PowerShell 5.1's Export-Csv writes ASCII unless it is told otherwise."""
    assert len(read(tmp_path, content.encode("utf-8"))) == 1
    with pytest.raises(ManifestInvalid) as caught:
        read(tmp_path, content.encode("ascii", "replace"))
    (problem,) = caught.value.fields["problems"]
    assert (problem.row, problem.column) == (2, column)
    assert problem.error.key == "recipients.cell_accents"


@pytest.mark.usefixtures("on_windows")
def test_one_file_under_two_spellings_is_one_file(tmp_path):
    again = ROWS[0].replace("été\\reçu", "ÉTÉ/REÇU").replace(".pdf", ".PDF")
    with pytest.raises(ManifestInvalid) as caught:
        read(tmp_path, "\r\n".join((HEADER, *ROWS, again)).encode("cp1252"))
    (problem,) = caught.value.fields["problems"]
    assert (problem.row, problem.error.key) == (4, "manifest.twice")


@pytest.mark.usefixtures("on_windows")
def test_errors_of_paths_are_told_with_the_others_before_anything_is_sealed(tmp_path):
    rows = [ROWS[0].replace("été\\reçu 1.pdf", cell) for cell in (r"D:\a.pdf", "NUL", r"..\a.pdf")]
    with pytest.raises(ManifestInvalid) as caught:
        read(tmp_path, "\r\n".join((HEADER, *rows)).encode("cp1252"))
    problems = caught.value.fields["problems"]
    assert [(problem.row, problem.column) for problem in problems] == [
        (row, "fichier") for row in (2, 3, 4)
    ]


# --- running it -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("windows")
def test_nothing_that_is_open_is_renamed_or_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "_use_fd_functions", False)  # Windows removes by whole paths
    practice = make_practice(tmp_path / "cabinet")
    manifest = write_batch(tmp_path / "lot", 5)
    (tmp_path / "lot" / "3.pdf").unlink()
    options = Options(run="nuit", jobs=1, today=TODAY, named=True, drafts=True)
    results: list[Result] = []
    with Desk(practice) as desk, Spool.create(practice.private) as spool, Inline() as executor:
        asked = read_manifest(manifest, spool, region="FR", today=TODAY)
        survey(desk, spool)
        run(desk, spool, asked, options, on_result=results.append, executor=executor)
    states = [result.state for result in results]
    assert (states.count(State.PREPARED), states.count(State.FAILED)) == (4, 1)
    assert [path.name for path in practice.outbox.iterdir() if path.name.startswith(".")] == []
    assert [path.name for path in practice.private.iterdir() if path.name.startswith(".")] == []
