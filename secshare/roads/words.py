"""Writing what carries the words, for the person who asked for it and for nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.messages import text
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
        page: the https address of the practice's page, which each road then names.
        page_in_qr: whether the code holds that address too, and opens the page.
        exact: whether the words are the password of a PDF, to be typed exactly. No page opens one,
            so that it is not named then.
        opens_itself: whether the file is a page with the document inside; no other page opens it.
    """

    words: str = field(repr=False)
    reference: Reference
    public_name: str
    phone: str | None
    language: Language
    desk_language: Language
    birth_date_known: bool = True
    organisation: bool = False
    page: str | None = None
    page_in_qr: bool = False
    exact: bool = False
    opens_itself: bool = False

    @property
    def code(self) -> str:
        """What a QR code holds: the words, or the page's address and the words.

        Raises:
            PracticeInvalid: the address is none of a page.
        """
        page = self._page
        return qr.payload(self.words, page) if page and self.page_in_qr else self.words

    @property
    def _page(self) -> str | None:
        return None if self.exact or self.opens_itself else self.page

    def content(self, road: Road) -> bytes:
        """Return what one road carries: an image, a number and its SMS, or a sheet to read aloud.

        What is returned holds the secret.

        Raises:
            PracticeInvalid: the public name is not one line of ASCII that fits, or the address is
                none of a page.
            ExtraMissing: the library that writes QR codes is not installed.
        """
        if road is Road.QR:
            caption = self.caption()
            return qr.png(self.words, caption.above, caption.below, code=self.code)
        if road is Road.SMS:
            label = text("roads.sms_second", self.desk_language)
            return sms.sheet(self.phone, *self.messages(), label=label).encode()
        return phone_road.sheet(
            self.words,
            reference=self.reference,
            public_name=self.public_name,
            phone=self.phone,
            language=self.desk_language,
            birth_date_known=self.birth_date_known,
            organisation=self.organisation,
            page=self._page,
            exact=self.exact,
            opens_itself=self.opens_itself,
        ).encode()

    def caption(self) -> qr.Caption:
        """Return the lines around the code, in the recipient's language.

        Raises:
            PracticeInvalid: as `content`.
        """
        return qr.caption(
            self.public_name,
            self.reference,
            self.language,
            page=self._page,
            page_in_qr=self.page_in_qr,
            exact=self.exact,
            opens_itself=self.opens_itself,
        )

    def messages(self) -> tuple[str, ...]:
        """Return the SMS that carry the words: one; or two, the second the password alone.

        Raises:
            PracticeInvalid: as `content`.
        """
        about = (self.public_name, self.reference, self.words, self.language)
        if self.exact:
            return sms.exact_messages(*about)
        return (sms.message(*about, page=self._page),)

    def file_name(self, road: Road) -> str:
        """Return the name of the file for one road: `REF.png`, `REF.sms.txt` or `REF.txt`."""
        return f"{self.reference}{_SUFFIX[road]}"

    def write(self, folder: Path, road: Road) -> Path:
        """Write what one road carries into `folder`, readable by the owner only; return the file.

        An existing file is never replaced.

        Raises:
            OutputRefused: the folder cannot be written, or the file exists.
            PracticeInvalid, ExtraMissing: as `content`; nothing is written.
        """
        content = self.content(road)
        path = folder / self.file_name(road)
        with files.publish(path) as sink:
            write_whole(sink, content)
        return path
