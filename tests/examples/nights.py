"""A machine at night: a practice, an export of another software, settings and a mail server."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.recipients import fold
from tests.documents import report
from tests.examples.mail_server import LOGIN, PASSWORD, mail_server
from tests.examples.run import EXAMPLES
from tests.tools import ROOT

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.examples.mail_server import MailServer

NIGHTLY = EXAMPLES / "nightly"
COLUMNS = ("nom", "date de naissance", "e-mail", "téléphone", "fichier")
FIRST = ("Jeanne", "Noël", "Zoé", "Ève", "Marc", "Anaïs", "Hugo", "Léa")
LAST = ("Exemple", "Fictif", "Imaginaire", "Inventé", "Inexistant", "Chimère", "Modèle")
PEOPLE = [
    (f"{first} {last}", f"{1 + place % 28:02}/{1 + place % 12:02}/{1940 + place}")
    for place, (first, last) in enumerate(zip(FIRST * len(LAST), LAST * len(FIRST), strict=True))
]
"""Nobody: each first name with each last one."""


def rows(count: int) -> list[dict[str, str]]:
    """Return the rows of the first people, each with a document of their own."""
    return [
        {
            "nom": name,
            "date de naissance": born,
            "e-mail": f"{'.'.join(fold(name).split())}@exemple{place}.example.org",
            "téléphone": f"06 39 98 {place:02d} {place * 7 % 100:02d}",
            "fichier": f"résultat {name}.pdf",
        }
        for place, (name, born) in enumerate(PEOPLE[:count], start=1)
    ]


@dataclass
class Night:
    """One machine.

    Attributes:
        settings: of nightly.conf, those of the test in their places.
        programs: a folder that comes first on the path.
    """

    folder: Path
    mail: MailServer
    settings: dict[str, str]
    programs: Path
    stack: ExitStack
    described: list[dict[str, str]] = field(default_factory=list)

    @property
    def practice(self) -> Path:
        return self.folder / "cabinet"

    @property
    def state(self) -> Path:
        return self.folder / "état"

    @property
    def manifest(self) -> Path:
        return self.folder / "export" / "résultats.csv"

    @property
    def sealed(self) -> set[str]:
        """References of what stands in the outbox."""
        return {path.name for path in (self.practice / "outbox").glob("[!.]*") if path.is_dir()}

    @property
    def mails(self) -> list[EmailMessage]:
        return [message for _, _, message in self.mail.received]

    def export(self, described: list[dict[str, str]]) -> None:
        """Write a manifest as a French spreadsheet does, and the documents that it names."""
        self.described = described
        self.manifest.parent.mkdir(exist_ok=True)
        for row in described:
            content = report(row["nom"], row["date de naissance"])
            (self.manifest.parent / row["fichier"]).write_bytes(content)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(described)
        self.manifest.write_bytes(text.getvalue().encode("cp1252"))

    def environ(self) -> dict[str, str]:
        return {
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",  # an installed secshare has its own
        }

    def command(self, *arguments: str) -> list[str]:
        """What systemd or cron starts: the script, with the settings in its environment."""
        conf = self.folder / "nightly.conf"
        lines = [f'{name}="{value}"\n' for name, value in self.settings.items()]
        conf.write_text("".join(lines), "utf-8")
        started = 'set -a; . "$1"; set +a; shift; exec "$@"'
        script = str(NIGHTLY / "nightly.sh")
        return ["/bin/sh", "-c", started, "sh", str(conf), script, *arguments]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environ(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # at night there is no terminal
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run it to its end; return its status and what it said."""
        started = self.start(*arguments)
        said, wrong = started.communicate()
        return started.returncode, said + wrong

    def program(self, name: str, script: str) -> None:
        """Put a program on the path, before the system's."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(0o755)


def settings_of(text: str) -> dict[str, str]:
    """Read settings as systemd and a shell both do, where they are as plain as ours."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            match = re.fullmatch(r'([A-Z_]+)="([^"\\$`]*)"', line)
            assert match, "systemd or a shell would read this line otherwise"
            found[match[1]] = match[2]
    return found


def make_night(folder: Path, stack: ExitStack, *, starttls: bool = False) -> Night:
    """Make the machine; `stack` ends its mail server."""
    programs = folder / "bin"
    programs.mkdir()
    (folder / "home").mkdir()
    mail = stack.enter_context(mail_server(folder / "relais", starttls=starttls))
    netrc = folder / "smtp.netrc"
    netrc.write_text(f"machine localhost login {LOGIN} password {PASSWORD}\n", "ascii")
    netrc.chmod(0o600)
    settings = settings_of((NIGHTLY / "nightly.conf").read_text("utf-8"))
    night = Night(folder, mail, settings, programs, stack)
    own = {
        "NIGHTLY_PRACTICE": str(night.practice),
        "NIGHTLY_MANIFEST": str(night.manifest),
        "NIGHTLY_STATE": str(night.state),
        "NIGHTLY_SECSHARE": str(programs / "secshare"),
        "NIGHTLY_SMTP": mail.url,
        "NIGHTLY_NETRC": str(netrc),
        "NIGHTLY_CA": str(mail.authority),
    }
    assert own.keys() <= settings.keys()
    settings |= own
    night.program("secshare", f'exec "{sys.executable}" -m secshare "$@"')
    made = subprocess.run(
        [
            *(programs / "secshare", "init", night.practice, "--name", "Cabinet Exemple"),
            *("--public-name", "Cabinet Exemple", "--phone", "01 99 00 00 01"),
            *("--unprotected", "--yes"),
        ],
        env=night.environ(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return night
