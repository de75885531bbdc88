"""Writing what carries the words, for the person who asked for it and for nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.model import Road
from secshare.roads import phone as phone_road
from secshare.roads import qr, sms
from secshare.roads.mail import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.messages import Language
    from secshare.model import Reference

__all__ = ["Handover"]

_SUFFIX: Final = {Road.QR: ".png", Road.SMS: ".sms.txt", Road.PHONE: ".txt"}


@dataclass(frozen=True, slots=True)
class Handover:
    """A share's words, and what the roads need to carry them. Its `repr` does not show them.

    Attributes:
        words: the canonical phrase. This is the secret.
        phone: the recipient's, in E.164, for SMS and telephone.
        language: of what the recipient reads; `desk_language` of what the practice reads.
        birth_date_known, organisation: what the telephone sheet asks, as in `phone.sheet`.
    """

    words: str = field(repr=False)
    reference: Reference
    public_name: str
    phone: str | None
    language: Language
    desk_language: Language
    birth_date_known: bool = True
    organisation: bool = False

    def content(self, road: Road) -> bytes:
        """Return what one road carries: an image, a number and its SMS, or a sheet to read aloud.

        What is returned holds the secret.

        Raises:
            PracticeInvalid: the public name is not one line of ASCII that fits.
            ExtraMissing: the library that writes QR codes is not installed.
        """
        if road is Road.QR:
            caption = qr.caption(self.public_name, self.reference, self.language)
            return qr.png(self.words, caption.above, caption.below)
        if road is Road.SMS:
            text = sms.message(self.public_name, self.reference, self.words, self.language)
            return sms.sheet(self.phone, text).encode()
        return phone_road.sheet(
            self.words,
            reference=self.reference,
            public_name=self.public_name,
            phone=self.phone,
            language=self.desk_language,
            birth_date_known=self.birth_date_known,
            organisation=self.organisation,
        ).encode()

    def write(self, folder: Path, road: Road) -> Path:
        """Write what one road carries into `folder`, readable by the owner only; return the file.

        `REF.png`, `REF.sms.txt` or `REF.txt`. An existing file is never replaced.

        Raises:
            OutputRefused: the folder cannot be written, or the file exists.
            PracticeInvalid, ExtraMissing: as `content`; nothing is written.
        """
        content = self.content(road)
        path = folder / f"{self.reference}{_SUFFIX[road]}"
        with files.publish(path) as sink:
            write_whole(sink, content)
        return path
