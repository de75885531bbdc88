"""How the words travel (QR, SMS, telephone), and how the sealed file travels (mail).

Two roads, two doors: `write_mail` has no parameter through which a secret could come, and
`Handover` none through which a document could.
"""

from __future__ import annotations

from secshare.roads import mail, phone, qr, sms
from secshare.roads.draft import write_mail
from secshare.roads.words import Handover

__all__ = ["Handover", "mail", "phone", "qr", "sms", "write_mail"]
