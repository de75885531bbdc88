"""Words that are never drawn: a patient opening a result should not read bad news in its key.

The lists stay short on purpose: 140 words cost a tenth of a bit for each word drawn. They hold
what could be read as a finding, frighten, hurt or embarrass in an SMS from a medical practice,
where words that are harmless elsewhere weigh more.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from secshare.messages import Language

__all__ = ["stop_list"]

_FRENCH: Final = {
    "reads as a finding or a treatment": """
        analyse arteriel bandage biopsie bistouri cerebral cerveau curatif dopamine embryon
        epidemie febrile femur fissure gelule hematome hormone hypnose injecter inoculer
        irradier lithium medecin microbe operer organe phobie pommade poumon psychose
        reanimer remede resultat revulsif scalpel sedatif serum sevrage survie therapie toxine
        vaccin virus
    """,
    "frightens, threatens or wounds": """
        affreux alarmer aneantir angoisse anxieux arsenic assaut atroce attaque blessant brutal
        calvaire crainte cruel cyanure danger desastre detresse diable effrayer ennemi fatigue
        feroce fleau frapper frayeur horrible hurler incendie infliger lacerer lugubre
        malefice malheur matraque maudire menacer monstre morsure naufrage nefaste nocif
        nuisible penible perte pleurer priver prison punitif ravager redouter sinistre sombre
        solitude suspect terrible tragique trahir tyran venger venimeux
    """,
    "death": "epitaphe eternel eteindre fatal ultime",
    "intimate": """
        caresser denuder excitant feconder gicler intime jouissif orifice seduire semence seminal
    """,
    "insults, belittles or sorts people": """
        ethnie folie honteux injure insulter inutile maigre mechant mensonge outrager
        risible sottise vetuste vilain
    """,
    "reads as a fault of the message": "erreur illicite negation",
}

_ENGLISH: Final = {
    "reads as a finding or a treatment": """
        addict alcohol anxiety asthma blood bone brain chronic clinic dentist diet disease disorder
        doctor dose fever heart hospital ill illness infant inject injury kidney negative nerve
        nurse organ patient pill pulse result sick stomach symptom test tissue virus
    """,
    "frightens, threatens or wounds": """
        abandon abuse accident afraid alone anger assault attack awful bleak bomb broken bullet
        cage chaos crash crime cruel cry damage danger denial despair destroy evil fatigue fury
        ghost gloom grief gun hazard horror hurt inflict knife lonely misery monster nasty nuclear
        panic pistol poverty prison rifle risk sad sadness scare shock shoot struggle suffer suspect
        trouble unhappy warfare weapon worry wreck
    """,
    "death": "demise expire fatal skull tragic vanish",
    "intimate": "kiss",
    "insults, belittles or sorts people": """
        blame crazy dumb fat guilt idle insane liar mad naive silly ugly useless weird
    """,
    "reads as a fault of the message": "error illegal wrong",
}

_LISTS: Final = {Language.FR: _FRENCH, Language.EN: _ENGLISH}


@cache
def stop_list(language: Language) -> frozenset[str]:
    """Return the words of a language that `draw` never gives."""
    return frozenset(word for theme in _LISTS[language].values() for word in theme.split())
