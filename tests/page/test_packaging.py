"""Protects who installs: the page comes with the package; nobody needs Node for the rest."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from secshare import page
from tests.contracts.code import tracked
from tests.page.pages import Seen
from tests.practices import make_practice
from tests.tools import ROOT, missing, need

ASSET = Path("secshare") / "page" / "open.html"
BUILT_FROM = ("secshare", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE", ".gitignore")


@pytest.fixture
def clone(tmp_path):
    """The sources as somebody gets them who clones the repository: nothing is built."""
    folder = tmp_path / "clone"
    for path in tracked():
        within = path.relative_to(ROOT)
        if within.parts[0] in BUILT_FROM and within != ASSET:
            (folder / within).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, folder / within)
    return folder


@pytest.fixture
def without_node(tmp_path):
    """A PATH on which there is nothing but Python and git."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in ("git", "sh", "env"):
        if found := shutil.which(program):
            (folder / program).symlink_to(found)
    return str(folder)


@pytest.fixture
def with_packages(clone):
    """A clone in which `npm ci` was run."""
    need("node")
    need("npm")
    packages = ROOT / ASSET.parent / "node_modules"
    if not packages.is_dir():
        missing("the page's packages are not installed (npm ci in secshare/page)")
    # Links, since nothing writes there; the builder must not find them outside the clone.
    shutil.copytree(
        packages, clone / ASSET.parent / "node_modules", symlinks=True, copy_function=os.link
    )
    return clone


def build(folder, *targets, path=None, **environ):
    """Run the build backend alone, without the network; return what it made and what it said."""
    out = folder.parent / f"dist-{time.monotonic_ns()}"
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(out)]
        + [word for target in targets for word in ("--target", target)],
        cwd=folder,
        env={**os.environ, "PATH": path or os.environ["PATH"], "SECSHARE_PAGE": "", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done, sorted(out.iterdir()) if out.exists() else []


def names(package):
    """What a wheel or a source distribution holds, without the folder that it unpacks into."""
    if package.suffix == ".whl":
        return set(zipfile.ZipFile(package).namelist())
    with tarfile.open(package) as opened:
        return {name.partition("/")[2] for name in opened.getnames()}


def test_without_node_all_is_built_but_the_page_and_it_is_said(clone, without_node):
    done, [wheel] = build(clone, "wheel", path=without_node)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("without the browser page (Node and npm are not installed)") == 1
    assert "secshare/page/filling.py" in names(wheel)
    assert not [name for name in names(wheel) if name.endswith((".html", ".ts", ".mjs", ".json"))]


def test_whoever_requires_the_page_is_not_given_a_package_without_it(clone, without_node):
    done, made = build(clone, "wheel", path=without_node, SECSHARE_PAGE="required")
    assert done.returncode != 0
    assert "the browser page is required and was not built: Node and npm are not" in done.stderr
    assert not made


def test_without_the_registry_all_is_built_but_the_page(clone, tmp_path):
    need("npm")
    nowhere = {
        "npm_config_registry": "http://127.0.0.1:9/",  # the port that answers nothing
        "npm_config_cache": str(tmp_path / "cache"),
        "npm_config_offline": "false",
    }
    done, made = build(clone, "wheel", **nowhere)
    assert done.returncode == 0, done.stderr
    assert "without the browser page (npm ci: " in done.stderr
    assert str(ASSET) not in names(made[0])


def test_the_page_is_in_both_packages_and_a_wheel_of_the_sdist_needs_no_node(
    with_packages, without_node, tmp_path
):
    done, [sdist, wheel] = by_suffix(
        build(with_packages, "sdist", "wheel", SECSHARE_PAGE="required")
    )
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower()
    asset = (with_packages / ASSET).read_bytes()
    assert zipfile.ZipFile(wheel).read(ASSET.as_posix()) == asset

    sources = {"build.mjs", "package.json", "package-lock.json", ".npmrc", "page.html", "page.css"}
    within = {str(ASSET.parent / source) for source in sources}
    typescript = {name for name in names(sdist) if name.startswith("secshare/page/src/")}
    assert within <= names(sdist)
    assert len(typescript) > 5
    assert {"secshare/messages/page.toml", "hatch_build.py"} <= names(sdist)
    assert not names(wheel) & (within | typescript)
    assert not [name for name in names(sdist) | names(wheel) if "node_modules" in name]

    with tarfile.open(sdist) as opened:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # from 3.11.4 on
        opened.extractall(tmp_path, **safely)
    unpacked = next(tmp_path.glob("secshare-*"))
    later = time.time() + 60  # some programs unpack with today's date, file by file
    os.utime(unpacked / ASSET.parent / "build.mjs", (later, later))
    done, [again] = build(unpacked, "wheel", path=without_node, SECSHARE_PAGE="required")
    assert done.returncode == 0, done.stderr
    assert zipfile.ZipFile(again).read(ASSET.as_posix()) == asset
    assert names(again) == names(wheel)


def by_suffix(result):
    done, made = result
    return done, sorted(made, key=lambda package: package.suffix)  # .gz, .whl


def test_a_page_older_than_its_sources_is_made_again_or_taken_away(with_packages, without_node):
    asset, source = with_packages / ASSET, with_packages / "secshare" / "messages" / "page.toml"
    asset.write_text("old")
    now = time.time()
    os.utime(source, (now + 60, now + 60))
    done, [wheel] = build(with_packages, "wheel")
    assert done.returncode == 0, done.stderr
    assert "without the browser page" not in done.stderr
    made = asset.read_bytes()
    assert zipfile.ZipFile(wheel).read(ASSET.as_posix()) == made != b"old"

    os.utime(asset, (now + 120, now + 120))  # newer than all: left as it is, without Node too
    done, [wheel] = build(with_packages, "wheel", path=without_node, SECSHARE_PAGE="required")
    assert done.returncode == 0, done.stderr
    assert zipfile.ZipFile(wheel).read(ASSET.as_posix()) == made

    os.utime(source, (now + 180, now + 180))
    done, [wheel] = build(with_packages, "wheel", path=without_node)
    assert done.returncode == 0, done.stderr
    assert "without the browser page" in done.stderr
    assert str(ASSET) not in names(wheel)
    assert not asset.exists(), "an installation in place would have served an old page"


def test_the_same_sources_give_the_same_page_wherever_they_stand(with_packages, page_file):
    sources = [path for path in tracked() if path.is_relative_to(ROOT / ASSET.parent)]
    if max(path.stat().st_mtime for path in sources) > page_file.stat().st_mtime:
        missing("the page here is older than its sources")
    done, _ = build(with_packages, "wheel", SECSHARE_PAGE="required")
    assert done.returncode == 0, done.stderr
    assert (with_packages / ASSET).read_bytes() == page_file.read_bytes()


def test_a_clone_without_node_says_what_is_missing_and_leaves_nothing(
    clone, without_node, tmp_path
):
    target = tmp_path / "open.html"
    for language, word in (
        ("fr_FR.UTF-8", "Il manque la page"),
        ("en_GB.UTF-8", "page is missing"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "secshare", "page", "-o", str(target), "--plain"],
            cwd=clone,
            env={"PATH": without_node, "HOME": str(tmp_path), "LC_ALL": language},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 70
        assert not done.stdout
        assert len(done.stderr.splitlines()) == 2
        assert word in done.stderr
        assert "Node" in done.stderr
    assert not target.exists()
    assert not list(tmp_path.glob(".secshare*"))


def test_the_real_page_is_filled_with_a_practice_and_with_a_file(page_file, tmp_path):
    assert page.available()
    practice = make_practice(tmp_path / "cabinet")
    shown = page.PracticeOnPage.of(practice)
    assert shown.recipient == str(practice.public_keys.hybrid)
    sink, plain = io.BytesIO(), io.BytesIO()
    page.write(sink, shown, sealed=io.BytesIO(b"sealed"), sealed_name="document.age")
    page.write(plain, None)
    assert plain.getvalue() == page_file.read_bytes()
    seen = Seen(sink.getvalue().decode())
    assert seen.rest == Seen(plain.getvalue().decode()).rest
    assert seen.sealed == ("document.age", b"sealed")
    assert seen.practice == {
        "name": "Cabinet médical Exemple",
        "publicName": "Cabinet Exemple",
        "phone": "+33199000001",
        "language": "fr",
        "recipient": shown.recipient,
    }
