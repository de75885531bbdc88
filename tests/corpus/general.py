"""Every template in every format, once for the right person and once for somebody else."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from secshare.model import Kind
from tests.corpus.maker import EVERYTHING, FORMATS, OF_CHILDREN, WRONG, Maker
from tests.corpus.sample import Label, Sample
from tests.corpus.writers.cda import LOINC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from secshare.preflight.case import Case
    from tests.corpus.identity import Scene
    from tests.corpus.people import Somebody

# What the arrêté of 26 April 2022 sends by MSSanté, by the template.
BY_MSSANTE = {"laboratory", "prescription", "bizone", "certificate", "operative"}


# No birth date is printed in these.
UNDATED = {"patient letter", "reminder"}


def samples(make: Maker, templates: Iterable[str] = ()) -> Iterator[Sample]:
    """Yield two documents a template and format: right, and misdirected."""
    wrongs = cycle(WRONG)
    for template in templates or EVERYTHING:
        for kind in (*FORMATS, *(("cda",) if template in LOINC else ())):
            yield written(make, template, kind, Label.RIGHT, "")
            yield written(make, template, kind, Label.MISDIRECTED, next(wrongs))


def written(make: Maker, template: str, kind: str, label: Label, how: str) -> Sample:
    """Return a document in a format, for the person it is about or for somebody else."""
    scene, case, why, rules = fitting(make, template, label, how)
    by_mssante = template in BY_MSSANTE and case.kind is Kind.PATIENT and label is Label.RIGHT
    return make.sample(
        kind,
        make.write(kind, EVERYTHING[template](scene), scene, template),
        what=template,
        why=why,
        label=label,
        case=case,
        rules=rules,
        notes=("mssante-kind",) if by_mssante else (),
        extension="xml" if kind == "cda" else None,
    )


def fitting(
    make: Maker, template: str, label: Label, how: str
) -> tuple[Scene, Case, str, tuple[str, ...]]:
    """Return a scene for a template, its case, how it is right or wrong, and what should answer."""
    scene = make.scene(template)
    patient = scene.patient
    if label is Label.RIGHT:
        known = make.rightly_known(scene, patient)
        dated = make.draw.random() < 0.85
        case = make.case(scene, template=template, known=known, dated=dated)
        return scene, case, _how(scene, template, known), ()
    how = _fit(scene, template, how)
    mentioned = _mentioned(scene, template) if how == "mentioned" else None
    other = mentioned or make.another(how, patient)
    dated = how == "namesake" or make.draw.random() < 0.85
    known = ()
    if template in OF_CHILDREN:
        # Brothers and sisters have the same parent on record; others have their own.
        parent = scene.relatives["parent"]
        known = (parent,) if how in {"sibling", "twin"} else (make.town.somebody(age=(27, 48)),)
    case = make.case(scene, other, template=template, known=known, dated=dated)
    return scene, case, how, WRONG[how]


def _fit(scene: Scene, template: str, how: str) -> str:
    """Return a way to be wrong that this document allows to see."""
    if how == "mentioned" and _mentioned(scene, template) is None:
        return "stranger"
    if how == "namesake" and (not scene.birth or template in UNDATED):
        return "same given name"  # no birth date is printed: nobody can see it
    if how == "spouse" and scene.patient.age < 19:
        return "sibling"
    if template == "maternity" and how in {"sibling", "twin", "spouse", "namesake", "near name"}:
        return "stranger"  # the mother, her twins: several of them may be the subject
    return how


def _mentioned(scene: Scene, template: str) -> Somebody | None:
    """Return somebody whom the document names beside its patient, without a right to it."""
    if template == "colleague letter":
        return scene.relatives.get("spouse")
    if template in {"emergency sheet", "discharge", "summary, English"}:
        return scene.relatives.get("contact")
    return None


def _how(scene: Scene, template: str, known: tuple[Somebody, ...]) -> str:
    for role, words in (
        ("parent", "child under a parent's number"),
        ("guardian", "guardian"),
        ("mother", "mother and newborn"),
    ):
        if role in scene.relatives:
            return words + (", on record" if known else "")
    return "plain" if _mentioned(scene, template) is None else "somebody mentioned"
