"""The page is built the same everywhere from what is locked, and holds its own rules: one script
that may run, nothing from any network, the licences of what is inside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools import ROOT, missing, need

SOURCES = ROOT / "secshare" / "page"


def build(folder: Path, target: Path) -> bytes:
    node = need("node")
    done = subprocess.run(
        [node, folder / "build.mjs", target], cwd=target.parent, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return target.read_bytes()


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> bytes:
    if not (SOURCES / "node_modules" / "esbuild").is_dir():
        missing("npm ci --prefix secshare/page was not run")
    return build(SOURCES, tmp_path_factory.mktemp("built") / "open.html")


def test_the_same_sources_in_another_folder_give_the_same_bytes(built, tmp_path) -> None:
    package = tmp_path / "somewhere else" / "page"
    shutil.copytree(SOURCES, package, ignore=shutil.ignore_patterns("node_modules", "open.html*"))
    (package / "node_modules").symlink_to(SOURCES / "node_modules")
    (package.parent / "messages").mkdir()
    shutil.copy(ROOT / "secshare/messages/page.toml", package.parent / "messages")
    assert build(package, tmp_path / "again.html") == built


def test_only_the_one_script_and_the_one_style_of_the_page_are_allowed(built) -> None:
    page = built.decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "http" not in policy
    for kind in ("script", "style"):
        (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    head = page[: page.index("<style>")]
    assert head.index("Content-Security-Policy") < head.index("<title>")


def test_nothing_is_asked_of_any_network(built) -> None:
    page = built.decode()
    without_licences = re.sub(
        r'<script type="text/plain" id="licences">.*?</script>', "", page, flags=re.DOTALL
    )
    shown = re.sub(
        r"<script[^>]*>.*?</script>|<style>.*?</style>", "", without_licences, flags=re.DOTALL
    )
    assert not re.search(r"<(link|iframe|object|embed|img|audio|video)[^>]+(src|href)=", shown)
    assert "@import" not in page
    assert "url(" not in page.split("<style>")[1].split("</style>")[0]
    assert "sourceMappingURL" not in page


def test_what_python_fills_is_there_once(built) -> None:
    assert built.count(b'<script type="application/json" id="practice">null</script>') == 1
    mark = b'<script type="application/octet-stream" id="sealed" data-name=""></script>'
    assert built.count(mark) == 1


def test_every_package_inside_comes_with_its_licence(built) -> None:
    text = re.search(rb'id="licences">(.*?)</script>', built, re.DOTALL)[1].decode()
    for name in ("age-encryption", "@noble/ciphers", "@noble/hashes", "@noble/post-quantum"):
        version = json.loads((SOURCES / "node_modules" / name / "package.json").read_text())[
            "version"
        ]
        assert f"{name} {version} (" in text
    assert text.count("Permission is hereby granted") >= 4
    assert "Redistribution and use in source and binary forms" in text


def test_the_lock_is_exact_and_names_no_place_on_a_network() -> None:
    asked = json.loads((SOURCES / "package.json").read_text())
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    for wanted in (asked["dependencies"], asked["devDependencies"]):
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert packages
    for name, about in packages.items():
        assert "resolved" not in about, name
        assert about["integrity"].startswith("sha512-"), name
        assert name.count("node_modules/") == 1, f"{name}: a second copy"
