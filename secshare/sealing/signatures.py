"""Whether a PDF is signed, wherever its signature stands: a password PDF would break it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf

__all__ = ["is_signed"]

_SIGNATURES_EXIST: Final = 1  # the first bit of /SigFlags
_Traits = tuple[bool, bool]  # of a field of a form: it is for a signature; it is filled
_NOTHING: Final[_Traits] = (False, False)


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Say whether there is an electronic signature, which a change of any byte would break."""
    import pikepdf

    permissions = pdf.Root.get("/Perms")
    if isinstance(permissions, pikepdf.Dictionary) and len(permissions):
        return True  # a certification, or rights that Adobe signed
    fields = list(_signature_fields(pdf))
    form = pdf.Root.get("/AcroForm")
    flags = form.get("/SigFlags") if isinstance(form, pikepdf.Dictionary) else 0
    claimed = isinstance(flags, int) and bool(flags & _SIGNATURES_EXIST)
    return any(fields) or (claimed and not fields)


def _signature_fields(pdf: pikepdf.Pdf) -> Iterator[bool]:
    """Give every signature field of the form and of the pages: whether it is filled.

    A field has its kind and its value from those above it too, and a page may show one that the
    form does not lead to. So it is looked at from both sides, again if more is known of it, and
    four times at most: a document may have thousands.
    """
    import pikepdf

    form = pdf.Root.get("/AcroForm")
    lists = [form.get("/Fields")] if isinstance(form, pikepdf.Dictionary) else []
    lists += [page.obj.get("/Annots") for page in pdf.pages]
    waiting: list[tuple[Any, _Traits]] = [(fields, _NOTHING) for fields in lists]
    above: dict[tuple[int, int], _Traits] = {}
    seen: set[tuple[tuple[int, int], _Traits]] = set()
    while waiting:
        item, traits = waiting.pop()
        if not isinstance(item, (pikepdf.Dictionary, pikepdf.Array)):
            continue
        if isinstance(item, pikepdf.Dictionary):
            carried, climbed = _traits(item, traits), _climbed(item, above)
            traits = (carried[0] or climbed[0], carried[1] or climbed[1])
        if item.is_indirect:
            if (item.objgen, traits) in seen:
                continue
            seen.add((item.objgen, traits))
        if isinstance(item, pikepdf.Array):
            waiting += [(field, traits) for field in item]
        else:
            if traits[0]:
                yield traits[1]
            waiting.append((item.get("/Kids"), traits))


def _climbed(field: pikepdf.Object, known: dict[tuple[int, int], _Traits]) -> _Traits:
    """Return what a field is by itself and by its parents; `known` keeps it for each of them."""
    import pikepdf

    line, numbers, traits = [], set(), _NOTHING
    one: pikepdf.Object | None = field
    while isinstance(one, pikepdf.Dictionary):
        if one.is_indirect:
            if one.objgen in known:
                traits = known[one.objgen]
                break
            if one.objgen in numbers:  # its own ancestor
                break
            numbers.add(one.objgen)
        line.append(one)
        one = one.get("/Parent")
    for passed in reversed(line):
        traits = _traits(passed, traits)
        if passed.is_indirect:
            known[passed.objgen] = traits
    return traits


def _traits(field: pikepdf.Object, inherited: _Traits) -> _Traits:
    import pikepdf

    kind = field.get("/FT")
    signs = inherited[0] if kind is None else kind == pikepdf.Name.Sig
    return signs, inherited[1] or field.get("/V") is not None
