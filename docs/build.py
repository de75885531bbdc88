"""Write the pages made from the code: exit codes, rules, and every `--help` in both languages.

    python docs/build.py            write them
    python docs/build.py --check    fail when one is not what the code says

The help pages are snapshots too: a change of any option shows in them, in a review.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

from secshare import errors
from secshare.messages import Language
from secshare.messages import text as worded
from secshare.preflight import RULES

DOCS = Path(__file__).resolve().parent

# Help is worded when the verbs are imported, so each language has an interpreter of its own.
_WALK = """
import json, sys
from secshare.cli import verbs
from secshare.cli.app import app
from secshare.opener.arguments import parser
from typer.main import get_command
helps = {}
def walk(command, path, parent=None):
    context = command.context_class(command, info_name=path[-1], parent=parent,
                                    **command.context_settings)
    helps[" ".join(path)] = command.get_help(context)
    for name, inner in getattr(command, "commands", {}).items():
        walk(inner, [*path, name], context)
verbs.load()
walk(get_command(app), ["secshare"])
helps["secshare-open"] = parser().format_help()
json.dump(helps, sys.stdout)
"""

_OWNED = (
    (0, "success", "The command did what it says."),
    (1, "fault", "A fault of secshare itself; two lines say where, and hold no personal data."),
    (2, "usage", "The command line could not be understood."),
    (129, "hung_up", "The window was closed (SIGHUP); nothing was left half done."),
    (130, "interrupted", "Interrupted with Ctrl-C; nothing was left half done."),
    (143, "ended", "Ended by the system (SIGTERM); nothing was left half done."),
)

_HEAD = {
    "cli.md": "# Commands\n\nMade from the commands by `docs/build.py`. In French: "
    "[cli.fr.md](cli.fr.md). What each status means: [exit-codes.md](exit-codes.md).\n",
    "cli.fr.md": "# Commandes\n\nPage écrite à partir des commandes par `docs/build.py`. En "
    "anglais : [cli.md](cli.md). Sens des codes de sortie : [exit-codes.md](exit-codes.md).\n",
}


def exit_codes() -> str:
    """The page of exit codes, from the classes of `secshare.errors`."""
    page = [
        "# Exit codes\n",
        "Made from `secshare/errors.py` by `docs/build.py`. Scripts may rely on these numbers.",
        "Every failure is two lines on stderr: what happened, then what to do.\n",
        "| code | name | when |",
        "|---|---|---|",
    ]
    rows = list(_OWNED)
    for code in errors.ExitCode:
        first = next(
            kind
            for kind in vars(errors).values()
            if inspect.isclass(kind)
            and issubclass(kind, errors.SecshareError)
            and vars(kind).get("code") == code
        )
        rows.append((int(code), code.name.lower(), " ".join(inspect.getdoc(first).split())))
    page += [f"| {code} | {name} | {when} |" for code, name, when in sorted(rows)]
    return "\n".join(page) + "\n"


def rules() -> str:
    """The page of the preflight's rules, in both languages."""
    rows = [
        f"| `{rule.name}` | {rule.severity} | {worded(rule.key, Language.EN)} "
        f"| {worded(rule.key, Language.FR)} |"
        for rule in RULES.values()
    ]
    head = [
        "# Rules of the preflight\n",
        "Made from `secshare/preflight/rules.py` by `docs/build.py`; `secshare check --rules` "
        "prints it. What they are for: [preflight.md](preflight.md). The names are what `--accept` "
        "and `--override` take. A `note` is said, a `confirm` asks, a `block` stops.\n",
        "| rule | severity | what it finds | ce qu'elle trouve |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def helps(language: str) -> dict[str, str]:
    """Every command's help in one language, by the command as it is typed."""
    environ = {
        key: value
        for key, value in os.environ.items()
        if key not in {"LC_ALL", "LC_MESSAGES", "LANGUAGE", "SECSHARE_PRACTICE"}
    }
    environ |= {"LANG": f"{language}.UTF-8", "COLUMNS": "100", "PYTHONUTF8": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _WALK],
        capture_output=True,
        encoding="utf-8",
        env=environ,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def commands(page: str, language: str) -> str:
    """The page of commands in one language."""
    parts = [_HEAD[page]]
    for command, text in helps(language).items():
        lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
        parts.append(f"## {command}\n\n```text\n{lines}\n```\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Every made page by its file name."""
    return {
        "exit-codes.md": exit_codes(),
        "rules.md": rules(),
        "cli.md": commands("cli.md", "C"),
        "cli.fr.md": commands("cli.fr.md", "fr_FR"),
    }


def main() -> int:
    """Write the pages, or compare them."""
    stale = 0
    for name, text in pages().items():
        path = DOCS / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text("utf-8") != text:
                sys.stderr.write(
                    f"docs/{name} is not what the code says: run python docs/build.py\n"
                )
                stale = 1
        else:
            path.write_text(text, "utf-8", newline="\n")
    return stale


if __name__ == "__main__":
    sys.exit(main())
