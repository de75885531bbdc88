"""The password PDF: for a person with a telephone and no page.

It is what every PDF reader opens, and no more than that: its cipher is not authenticated and its
key derivation is fast, so it takes more words than an age file, and carries a label.
"""

from __future__ import annotations

import io
import secrets
import warnings
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import (
    ExtraMissing,
    FileDamaged,
    InputUnreadable,
    OutputRefused,
    PassphraseWrong,
    PracticeInvalid,
)
from secshare.messages import Language
from secshare.passphrase import entropy
from secshare.sealing.signatures import is_signed
from secshare.sealing.streams import Clear, Written

if TYPE_CHECKING:
    from typing import BinaryIO

    import pikepdf

    from secshare.files import Source

__all__ = ["check_pdf", "open_pdf", "seal_pdf", "words_needed"]

_HEADER: Final = b"%PDF-"
_HEADER_WITHIN: Final = 1024  # bytes: what readers forgive before the header
_END: Final = b"%%EOF"
_END_WITHIN: Final = 2048
_PASSWORD_BYTES: Final = 127  # ISO 32000-2, 7.6.4.3.3: what comes after is cut off
_OWNER_BYTES: Final = 24
# ISO 32000-2, table 29, but /Extensions: libqpdf writes the one that this encryption takes, and
# those of other programs would be read in clear.
_CATALOGUE: Final = frozenset((
    "/AA", "/AF", "/AcroForm", "/Collection", "/DPartRoot", "/DSS", "/Dests", "/Lang", "/Legal",
    "/MarkInfo", "/Metadata", "/Names", "/NeedsRendering", "/OCProperties", "/OpenAction",
    "/Outlines", "/OutputIntents", "/PageLabels", "/PageLayout", "/PageMode", "/Pages", "/Perms",
    "/PieceInfo", "/Requirements", "/SpiderInfo", "/StructTreeRoot", "/Threads", "/Type", "/URI",
    "/Version", "/ViewerPreferences",
))  # fmt: skip
# ... and the names that its entries may have for a value.
_CATALOGUE_NAMES: Final = frozenset((
    "/Catalog", "/FullScreen", "/OneColumn", "/SinglePage", "/TwoColumnLeft", "/TwoColumnRight",
    "/TwoPageLeft", "/TwoPageRight", "/UseAttachments", "/UseNone", "/UseOC", "/UseOutlines",
    "/UseThumbs", "/1.0", "/1.1", "/1.2", "/1.3", "/1.4", "/1.5", "/1.6", "/1.7", "/2.0",
))  # fmt: skip
# What libqpdf and its binding raise for a file they cannot make sense of; none of it is ours.
_FOREIGN: Final = (RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError)


def words_needed(language: Language) -> int:
    """Return how many drawn words a password PDF takes: the fewest with `profiles.PDF_BITS`.

    Raises:
        PracticeInvalid: no number of words that can be drawn has as many bits.
        ExtraMissing: the word list is not installed.
    """
    for count in range(profiles.WORDS, profiles.WORDS_STRONG + 1):
        if entropy(count, language) >= profiles.PDF_BITS:
            return count
    raise PracticeInvalid("pdf.words", bits=profiles.PDF_BITS, most=profiles.WORDS_STRONG)


def check_pdf(document: Source) -> None:
    """Refuse what cannot be made a password PDF, before anything is asked or written.

    Raises:
        InputUnreadable, ExtraMissing: as `seal_pdf`.
    """
    _check_library()
    clear = Clear(document)
    try:
        with _opened(clear) as pdf:
            _check_sealable(pdf, clear)
    except _troubles() as error:
        raise clear.trouble or _refused("damaged", document) from error
    if clear.trouble:
        raise clear.trouble


def seal_pdf(document: Source, sink: BinaryIO, words: str) -> None:
    """Write a PDF into `sink` that opens with the words, and with nothing else.

    AES-256 (ISO 32000-2, revision 6), the metadata too, a random owner password that nobody keeps,
    and no restriction on what the reader may do. Every stream keeps its bytes. What is written is
    opened again, without a password and with the words, before this returns: if it raises, the
    sink is not to be used.

    Args:
        document: read through its descriptor.
        sink: empty, readable, writable and seekable, as `files.publish` gives it.
        words: the canonical phrase, ASCII, at most 127 bytes. This is the secret.

    Raises:
        InputUnreadable: not a PDF, without a page, encrypted, signed, damaged beyond repair, or
            changed while it was read.
        OutputRefused: what was written did not pass its own check.
        ExtraMissing: pikepdf is not installed.
    """
    if not words.isascii() or not 0 < len(words) <= _PASSWORD_BYTES:
        msg = "the password of a PDF is ASCII, at most 127 bytes"
        raise ValueError(msg)
    _check_library()
    import pikepdf

    clear, written = Clear.held(document), Written(sink)
    try:
        with _opened(clear) as pdf:
            _check_sealable(pdf, clear)
            pages = len(pdf.pages)
            _conceal(pdf)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about forms that were odd before
                pdf.save(
                    written,  # type: ignore[arg-type]
                    encryption=pikepdf.Encryption(
                        # Without an owner password the file would open without any (qpdf 351).
                        owner=secrets.token_urlsafe(_OWNER_BYTES),
                        user=words,
                        R=6,
                        metadata=True,
                        allow=pikepdf.Permissions(modify_assembly=True),  # the rest is by default
                    ),
                    # Nothing is unpacked nor packed: it is fast, and no stream can be a bomb.
                    compress_streams=False,
                    # Objects outside these streams would show their names and numbers.
                    object_stream_mode=pikepdf.ObjectStreamMode.generate,
                    fix_metadata_version=False,
                    # The usual identifier is a digest of the title and the time.
                    static_id=True,
                )
    except _troubles() as error:
        raise clear.trouble or written.trouble or _refused("damaged", document) from error
    if trouble := clear.trouble or written.trouble:
        raise trouble
    _check_sealed(sink, words, pages)
    document.check_unchanged()


def open_pdf(sealed: Source, words: str) -> bytes:
    """Return the document that a password PDF was made from: its pages, not its very bytes.

    Nothing authenticates such a file: the caller knows its digest.

    Args:
        words: the canonical phrase. This is the secret.

    Raises:
        PassphraseWrong: the words do not open it.
        FileDamaged: it is none that can be read.
        ExtraMissing: pikepdf is not installed.
    """
    _check_library()
    import pikepdf

    sealed.file.seek(0)
    held, clear = io.BytesIO(sealed.file.readall()), io.BytesIO()
    try:
        with pikepdf.open(held, password=words) as pdf:
            pdf.save(clear, compress_streams=False, static_id=True)
    except pikepdf.PasswordError as error:
        raise PassphraseWrong("age.passphrase_wrong") from error
    except _troubles() as error:
        raise FileDamaged("pdf.unreadable", path=sealed.path) from error
    return clear.getvalue()


def _check_library() -> None:
    try:
        import pikepdf  # noqa: F401
    except ImportError as error:
        raise ExtraMissing("pdf.missing") from error


def _troubles() -> tuple[type[Exception], ...]:
    """Return what the library raises, in any of its versions."""
    import pikepdf

    # Older ones have no common base.
    own = getattr(pikepdf, "PikepdfError", pikepdf.PdfError)
    return (own, pikepdf.PdfError, pikepdf.PasswordError, pikepdf.DataDecodingError, *_FOREIGN)


def _refused(why: str, document: Source) -> InputUnreadable:
    return InputUnreadable(f"pdf.{why}", path=document.path)


def _opened(clear: Clear) -> pikepdf.Pdf:
    """Open the document, or say why it is none that can be sealed."""
    import pikepdf

    if _HEADER not in clear.part(0, _HEADER_WITHIN):
        raise _refused("not_pdf", clear.document)
    clear.seek(0)
    try:
        # Not mapped into memory: a file that is cut meanwhile would end the whole process.
        return pikepdf.open(clear, access_mode=pikepdf.AccessMode.stream)  # type: ignore[arg-type]
    except pikepdf.PasswordError as error:
        raise _refused("encrypted", clear.document) from error
    except pikepdf.PdfError as error:
        if "encryption" in str(error):  # to certificates, or by a method of somebody's own
            raise _refused("encrypted", clear.document) from error
        raise


def _check_sealable(pdf: pikepdf.Pdf, clear: Clear) -> None:
    if pdf.is_encrypted:  # it opens without a password, and forbids something
        raise _refused("encrypted", clear.document)
    if pdf.get_warnings() and _lost_something(pdf, clear):
        raise _refused("damaged", clear.document)
    if not len(pdf.pages):
        raise _refused("no_page", clear.document)
    if is_signed(pdf):
        raise _refused("signed", clear.document)


def _lost_something(pdf: pikepdf.Pdf, clear: Clear) -> bool:
    """Say whether a file that had to be repaired misses its end, a page or any object.

    The repair would put an empty page where one was lost, and nobody would know.
    """
    end = clear.part(clear.document.size - _END_WITHIN, _END_WITHIN)
    count = pdf.Root.Pages.get("/Count")
    return _END not in end or count != len(pdf.pages) or any(item is None for item in pdf.objects)


def _conceal(pdf: pikepdf.Pdf) -> None:
    """Move into encrypted streams, or leave out, what would stand in clear around them.

    The trailer and the catalogue are written as they are, but for their strings: names of
    destinations would be read there, entries of a program's own, and digests that some leave of
    the whole document.
    """
    import pikepdf

    for key in set(pdf.trailer.keys()) - {"/Root", "/Info", "/Size"}:
        del pdf.trailer[key]
    identifier = pikepdf.String(secrets.token_bytes(16))
    pdf.trailer.ID = pikepdf.Array([identifier, identifier])
    for key, value in list(pdf.Root.items()):
        if key not in _CATALOGUE or (
            isinstance(value, pikepdf.Name) and value not in _CATALOGUE_NAMES
        ):
            del pdf.Root[key]
    for holder in (pdf.trailer, pdf.Root):
        for key, value in list(holder.items()):
            inside = isinstance(value, (pikepdf.Dictionary, pikepdf.Array))
            if inside and key != "/ID" and not value.is_indirect:
                holder[key] = pdf.make_indirect(value)


def _check_sealed(sink: BinaryIO, words: str, pages: int) -> None:
    """Open what was written: without a password it must not open, with the words it must.

    Raises:
        OutputRefused: it is not so.
    """
    if _opens(sink, "") is not None:
        raise OutputRefused("pdf.not_sealed")
    if _opens(sink, words) != (6, {"aesv3"}, pages):
        raise OutputRefused("pdf.not_sealed")


def _opens(sink: BinaryIO, password: str) -> tuple[object, ...] | None:
    """Return how a file is encrypted and how many pages it has; None if it does not open."""
    import pikepdf

    sink.seek(0)
    try:
        with pikepdf.open(
            sink, password=password, access_mode=pikepdf.AccessMode.stream, attempt_recovery=False
        ) as pdf:
            if not pdf.is_encrypted:
                return ("clear",)
            how = pdf.encryption
            methods = {how.stream_method.name, how.string_method.name, how.file_method.name}
            return how.R, methods, len(pdf.pages)
    except pikepdf.PasswordError:
        return None
    except _troubles():
        return ("unreadable",)
