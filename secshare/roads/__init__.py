"""How the words travel (QR, SMS, telephone), and how the sealed file travels (mail).

Two roads, two functions: `write_mail` has no parameter through which a secret could come, and
`write_secret` none through which a document could.
"""

from __future__ import annotations

from secshare.roads import mail, phone, qr, sms
from secshare.roads.draft import write_mail
from secshare.roads.words import secret_bytes, write_secret

__all__ = ["mail", "phone", "qr", "secret_bytes", "sms", "write_mail", "write_secret"]
