"""A mail server on this machine, as a relay is: TLS with an authority of its own, and a login.

It speaks as much of RFC 5321 and RFC 3207 as a client that hands over one message needs, takes
nothing without TLS and nothing without the login, and keeps what it was given.
"""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

LOGIN, PASSWORD = "nuit", "un-mot-de-passe-de-test"


@dataclass
class MailServer:
    """Where it listens, whose certificates it shows, and what it was given.

    Attributes:
        url: with its port, as curl takes it.
        authority: the certificate that its own is checked by.
        received: sender, recipients and message of each.
        refuses: whether it answers every sender with a 550.
    """

    url: str
    authority: Path
    received: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def mail_server(folder: Path, *, starttls: bool = False) -> Iterator[MailServer]:
    """Listen on a port of the loopback until the block ends; TLS from the first byte, or after."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = _certificate(folder)
    context.load_cert_chain(authority, folder / "mail-server.key")
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    told = MailServer(f"{'smtp' if starttls else 'smtps'}://localhost:{port}", authority)
    server.told, server.context, server.starttls = told, context, starttls  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(socketserver.StreamRequestHandler):
    """One client, from its greeting to its QUIT."""

    def handle(self) -> None:
        self.encrypted = False
        self.known = False
        try:
            if not self.server.starttls:  # type: ignore[attr-defined]
                self._encrypt()
            self._say("220 relay ESMTP")
            while line := self.rfile.readline():
                if not self._answer(line.decode().strip()):
                    return
        except (ssl.SSLError, ConnectionError):  # it did not trust the certificate, or went
            return

    def _encrypt(self) -> None:
        self.rfile.close()
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)  # type: ignore[attr-defined]
        self.rfile = self.connection.makefile("rb")
        self.encrypted = True

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the base closes the socket that TLS took over

    def _say(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\r\n")

    def _answer(self, line: str) -> bool:
        """Answer one command; False once it was the last."""
        told: MailServer = self.server.told  # type: ignore[attr-defined]
        verb = line.upper()
        if verb.startswith("EHLO"):
            self._say("250-relay")
            self._say("250 AUTH PLAIN" if self.encrypted else "250 STARTTLS")
        elif verb == "STARTTLS":
            self._say("220 go on")
            self._encrypt()
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        elif not self.encrypted:
            self._say("530 encrypt first")
        elif verb.startswith("AUTH PLAIN"):
            given = line[10:].strip()
            if not given:
                self._say("334 ")
                given = self.rfile.readline().decode().strip()
            self.known = base64.b64decode(given) == f"\0{LOGIN}\0{PASSWORD}".encode()
            self._say("235 welcome" if self.known else "535 no")
        elif not self.known or told.refuses:
            self._say("550 not from here")
        elif verb.startswith("MAIL FROM:"):
            self.sender, self.recipients = _address(line), list[str]()
            self._say("250 ok")
        elif verb.startswith("RCPT TO:"):
            self.recipients.append(_address(line))
            self._say("250 ok")
        elif verb == "DATA":
            self._say("354 go on")
            lines = list(iter(self.rfile.readline, b".\r\n"))
            data = b"".join(line.removeprefix(b".") for line in lines)
            assert all(line.endswith(b"\r\n") for line in lines), "RFC 5321 2.3.8"
            message = message_from_bytes(data, policy=policy.default)
            told.received.append((self.sender, self.recipients, message))
            self._say("250 taken")
        else:
            self._say("502 not here")
        return True


def _address(line: str) -> str:
    return line[line.index("<") + 1 : line.index(">")]


def _certificate(folder: Path) -> Path:
    """Make a certificate that is its own authority; return its path. Its key stands beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [
        x509.DNSName("localhost"),
        x509.IPAddress(ip_address("127.0.0.1")),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "mail-server.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "mail-server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path
