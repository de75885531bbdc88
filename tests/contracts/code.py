"""The repository and the package as data: what the contract tests walk."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from tests.tools import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "secshare"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its dotted name, parsed."""
    return {
        name(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    }


def name(path: Path) -> str:
    """The dotted name of a module of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def literals(tree: ast.AST) -> Iterator[str]:
    """Every string written in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def called(node: ast.Call) -> str:
    """The last name of what a call calls: `explain` of `error.explain(...)`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository: what git tracks or would track, or all without git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode("utf-8", "surrogateescape").split("\0")
        paths = (ROOT / name for name in names if name)
    else:  # an unpacked source distribution
        made = ("__pycache__", "node_modules", ".venv", ".pytest", ".ruff", ".mypy", ".hypothesis")
        paths = (
            path
            for path in ROOT.rglob("*")
            if not any(part.startswith(made) for part in path.relative_to(ROOT).parts)
        )
    return tuple(path for path in paths if path.is_file())
