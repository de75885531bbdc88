"""The build hook: makes secshare/page/open.html from its sources, where Node and npm are there.

Nobody who installs secshare must have Node: without it, or without its packages, everything is
built but the page, and `secshare page` says what is missing. `SECSHARE_PAGE=required` makes that an
error, for whoever builds what others install. A source distribution holds the built page, so that
a wheel made from one needs no Node. Why it is so: docs/decisions/067-building-the-page.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("secshare") / "page"
SECONDS = 300
"""How long npm may take. A registry that does not answer must not hold an installation for ever."""

# The lock file names every package by its digest; none of them runs anything when it is installed.
INSTALL = (
    *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"),
    *("--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-timeout=60000"),
)


class PageHook(BuildHookInterface[Any]):
    """Called by hatchling before a wheel, an editable wheel or a source distribution is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the page if it is missing or older than its sources."""
        del version, build_data
        root = Path(self.root)
        asset = root / PAGE / "open.html"
        if (root / "PKG-INFO").exists() and asset.exists():
            return  # a source distribution: unpacking says nothing of what is older
        if not is_stale(asset, sources(root)):
            return
        trouble = make(root / PAGE)
        if trouble is None:
            return
        asset.unlink(missing_ok=True)  # of older sources: worse than none
        if os.environ.get("SECSHARE_PAGE") == "required":
            msg = f"the browser page is required and was not built: {trouble}"
            raise RuntimeError(msg)
        self.app.display_warning(
            f"secshare: built without the browser page ({trouble}); `secshare page` will not work."
        )


def sources(root: Path) -> list[Path]:
    """Return what the page is made from: what npm reads, and the page's texts."""
    made = {"node_modules", "open.html", "__pycache__"}
    found = [root / "secshare" / "messages" / "page.toml"]
    for entry in (root / PAGE).iterdir():
        if entry.name in made or entry.suffix == ".py":
            continue
        found += [path for path in (entry, *entry.rglob("*")) if path.is_file()]
    return found


def is_stale(asset: Path, sources: list[Path]) -> bool:
    """Return whether the page is missing, or older than what it is made from."""
    if not asset.exists():
        return True
    made = asset.stat().st_mtime_ns
    return any(path.stat().st_mtime_ns > made for path in sources if path.exists())


def make(page: Path) -> str | None:
    """Build the page; return None, or why it could not be built."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return "Node and npm are not installed"
    installed, lock = page / "node_modules" / ".package-lock.json", page / "package-lock.json"
    steps: list[tuple[str, ...]] = [("run", "--silent", "build")]
    if is_stale(installed, [lock]):
        steps.insert(0, INSTALL)
    for step in steps:
        try:
            done = subprocess.run(
                [npm, *step],
                cwd=page,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"npm {step[0]}: {type(error).__name__}"
        if done.returncode:
            said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
            return f"npm {step[0]}: {said[0] if said else f'status {done.returncode}'}"
    return None if (page / "open.html").exists() else "npm run build wrote nothing"
