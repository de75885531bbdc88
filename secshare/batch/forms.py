"""What the words of a run are taken out as, and why some are left out."""

from __future__ import annotations

from enum import StrEnum

from secshare.model import Road

__all__ = ["Form", "Left"]


class Form(StrEnum):
    """What the words of a run are taken out as."""

    SMS_CSV = "sms-csv"
    SMS_XLSX = "sms-xlsx"
    QR_SHEET = "qr-sheet"

    @property
    def road(self) -> Road:
        """Return the road that it is for."""
        return Road.QR if self is Form.QR_SHEET else Road.SMS


class Left(StrEnum):
    """Why the words of a share are left out."""

    GIVEN = "given"
    """Written, shown or given before."""
    BY_SMS = "by-sms"
    BY_QR = "by-qr"
    BY_PHONE = "by-phone"
    """They go by that road, and are not asked for by this one."""
    KEYS = "keys"
    RECALLED = "recalled"
    REPLACED = "replaced"
    """Its row was corrected or taken out of the manifest since, or the directory contradicts it."""
    SEALED_SINCE = "sealed-since"
    """Another run sealed the same for the same name since, for another address or number."""
    REFUSED = "refused"
    """The person, or who may be that person, is revoked or opposed to e-mail by now."""
    UNSURE = "unsure"
    """Somebody was entered in the directory since who may be that person, with other contacts."""
    FORGOTTEN = "forgotten"
    """They reached their age, or the register has no words for another reason."""
    NO_PHONE = "no-phone"
    CHANGED_PHONE = "changed-phone"
    """The person's number is another today than when the share was sealed."""
    UNFINISHED = "unfinished"
    """It is being prepared."""
    DAMAGED = "damaged"
    """The sealed words do not open, or are another share's."""
