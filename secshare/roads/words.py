"""Writing what carries the words, for the person who asked for it and for nobody else."""

from __future__ import annotations

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

__all__ = ["secret_bytes", "write_secret"]

_SUFFIX: Final = {Road.QR: ".png", Road.SMS: ".sms.txt", Road.PHONE: ".txt"}


def secret_bytes(
    road: Road,
    *,
    words: str,
    reference: Reference,
    public_name: str,
    phone: str | None,
    language: Language,
    desk_language: Language,
    birth_date_known: bool = True,
    organisation: bool = False,
) -> bytes:
    """Return what one road carries: an image, a number and its SMS, or a sheet to read aloud.

    Args:
        words: the canonical phrase. What is returned is this secret.
        phone: the recipient's, in E.164, for SMS and telephone.
        language: of what the recipient reads; `desk_language` of what the practice reads.
        birth_date_known, organisation: what the telephone sheet asks, as in `phone.sheet`.

    Raises:
        PracticeInvalid: the public name is not one line of ASCII that fits.
        ExtraMissing: the library that writes QR codes is not installed.
    """
    if road is Road.QR:
        caption = qr.caption(public_name, reference, language)
        return qr.png(words, caption.above, caption.below)
    if road is Road.SMS:
        return sms.sheet(phone, sms.message(public_name, reference, words, language)).encode()
    return phone_road.sheet(
        words,
        reference=reference,
        public_name=public_name,
        phone=phone,
        language=desk_language,
        birth_date_known=birth_date_known,
        organisation=organisation,
    ).encode()


def write_secret(
    folder: Path,
    road: Road,
    *,
    words: str,
    reference: Reference,
    public_name: str,
    phone: str | None,
    language: Language,
    desk_language: Language,
    birth_date_known: bool = True,
    organisation: bool = False,
) -> tuple[Path, ...]:
    """Write what one road carries into `folder`, readable by the owner only; return the files.

    `REF.png`, `REF.sms.txt` or `REF.txt`. An existing file is never replaced.

    Raises:
        OutputRefused: the folder cannot be written, or the file exists.
        PracticeInvalid, ExtraMissing: as `secret_bytes`; nothing is written.
    """
    content = secret_bytes(
        road,
        words=words,
        reference=reference,
        public_name=public_name,
        phone=phone,
        language=language,
        desk_language=desk_language,
        birth_date_known=birth_date_known,
        organisation=organisation,
    )
    path = folder / f"{reference}{_SUFFIX[road]}"
    with files.publish(path) as sink:
        write_whole(sink, content)
    return (path,)
