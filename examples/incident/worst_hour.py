"""A report that went to a wrong address, to the end: `python worst_hour.py FOLDER`.

Makes a practice with people who do not exist in FOLDER, seals a report for an address that somebody
mistyped, and then does what docs/incident.md says, with the commands that a secretary types. Each
command is printed with what it answers. At the end FOLDER holds `incident.md` and `incident.html`.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from secshare.cli.demo_documents import report_pdf

REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")


def said(folder: Path, *words: str) -> str:
    """Run one command as it is typed in FOLDER, print both, and return its result."""
    print("$ secshare", shlex.join(words))
    home = str(folder / "home")  # `init` makes a practice the user's own: not on this machine
    environ = {**os.environ, "HOME": home, "XDG_DATA_HOME": home, "LOCALAPPDATA": home}
    done = subprocess.run(
        [sys.executable, "-m", "secshare", *words],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    print(done.stdout)
    if done.returncode:
        raise SystemExit(f"secshare {words[0]} ended with {done.returncode}")
    return done.stdout


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "compte-rendu.pdf").write_bytes(report_pdf())
    said(
        *(folder, "init", "cabinet", "--name", "Cabinet médical Exemple"),
        *("--public-name", "Cabinet Exemple", "--phone", "01 99 00 00 01"),
        *("--unprotected", "--yes"),
    )
    # One letter is missing: she is jeanne.exemple@example.org.
    said(
        *(folder, "recipients", "add", "--name", "Jeanne Exemple", "--kind", "patient"),
        *("--birth-date", "12/04/1958", "--email", "jeanne.exmple@example.org"),
        *("--phone", "06 39 98 00 01", "--road", "sms", "--yes"),
    )
    sealed = said(folder, "seal", "compte-rendu.pdf", "--to", "jeanne-exemple", "--yes")
    found = REFERENCE.search(sealed)
    assert found is not None
    reference = found[0]
    said(folder, "mark", reference, "sent", "--by", "Sophie")

    # She calls: nothing came. Somebody else has that address. First of all, the words.
    said(folder, "recall", reference, "--by", "Sophie")

    # Then what is known is written down, within 72 hours and as often as something new is known.
    said(
        *(folder, "incident", reference, "--by", "Sophie"),
        *("--wrong-address", "jeanne.exmple@example.org", "--people", "1"),
        *("--how", "La patiente a appelé : elle n'a rien reçu."),
    )
    said(
        *(folder, "recipients", "edit", "jeanne-exemple", "--email", "jeanne.exemple@example.org"),
        *("--yes",),
    )
    said(
        *(folder, "reseal", reference, "compte-rendu.pdf", "--yes"),
        *("--accept", "changed-contact", "--by", "Sophie"),
    )
    said(
        *(folder, "incident", reference, "--by", "Sophie", "-o", "incident.md"),
        *("--measure", "Adresse corrigée dans l'annuaire, vérifiée au téléphone."),
    )

    # What the practice decides closes it; the 72 hours stop there.
    said(
        *(folder, "incident", reference, "--by", "Sophie", "-o", "incident.md", "--force"),
        *("--decision", "Notifié à la CNIL le lendemain, n° 2026-0001."),
    )
    said(folder, "incidents")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
