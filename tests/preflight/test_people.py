"""Who a document is about is read where forms, letters and tables say it, and nowhere else."""

from __future__ import annotations

import re
from datetime import date

import pytest

from secshare.model import Place
from secshare.preflight import people
from secshare.preflight.content import Part, Role, Stated, Table
from secshare.preflight.contexts import role_of
from secshare.preflight.identifiers import find


def said(text: str) -> list[Stated]:
    part = Part(Place("letter.txt"), text)
    found = [
        (part, match, role_of(text, match.start, match.end)) for match in find(text, region="FR")
    ]
    return people.stated([part], found)


def who(text: str, role: Role = Role.PATIENT) -> list[tuple[tuple[str, ...], date | None]]:
    return [(one.names, one.birth_date) for one in said(text) if one.role is role]


BORN = date(1980, 3, 12)
SHAPES = {
    "fields": "Nom : EXEMPLE\nPrénom : Camille\nNé(e) le : 12/03/1980",
    "one line": "Nom : EXEMPLE  Prénom : Camille  Né(e) le : 12/03/1980  Sexe : F",
    "no colons": "Nom EXEMPLE Prénom Camille Né(e) le 12/03/1980 Sexe F",
    "values below": "PATIENT\nEXEMPLE\nCamille\nDate de naissance\n12/03/1980",
    "patient": "Patient(e) : EXEMPLE Camille né(e) le 12/03/1980",
    "identity": "Identité : EXEMPLE, Camille (F) - Né(e) le : 12/03/1980",
    "label": "EXEMPLE Camille\n12/03/1980 - F - 46 ans\nIPP 2500",
    "subject": "Concerne : Mme EXEMPLE Camille, née le 12/03/1980",
    "address": "Mme EXEMPLE Camille\n12 rue de l'Essai\n99100 NULLEPART\nnée le 12/03/1980",
    "sentence": "Je vous adresse Mme EXEMPLE Camille, née le 12/03/1980, pour avis.",
    "comma": "J'ai vu Mme EXEMPLE, Camille, née le 12/03/1980, ce jour.",
    "English": "Patient name: EXEMPLE Camille\nDate of birth: 12/03/1980",
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_a_patient_is_read_with_the_birth_date_in_every_layout(text: str) -> None:
    assert who(text) == [(("EXEMPLE Camille",), BORN)]


def test_names_at_birth_and_in_use_are_one_person() -> None:
    text = (
        "Nom de naissance : DURAND\nPremier prénom de naissance : CAMILLE\n"
        "Nom utilisé : EXEMPLE\nDate de naissance : 12/03/1980"
    )
    assert who(text) == [(("DURAND Camille", "EXEMPLE Camille"), BORN)]
    assert who("Concerne : Mme EXEMPLE Camille née DURAND, née le 12/03/1980") == [
        (("EXEMPLE Camille", "DURAND Camille"), BORN)
    ]


@pytest.mark.parametrize(
    "name",
    ["DE LA TOUR Paul", "LE GOFF Anne", "N'DIAYE Awa", "EL AMRANI Sami", "D’ESSAI Jean-Pierre"],
)
def test_particles_apostrophes_and_hyphens_are_part_of_a_name(name: str) -> None:
    assert who(f"Patient : {name}\nNé le : 12/03/1980") == [((name,), BORN)]


@pytest.mark.parametrize(
    "text",
    [
        "Nom Prénom Date de naissance\n\nPATIENT NON COMMUNIQUE",
        "Patiente de 45 ans, sans antécédent. Patient connu pour un diabète.",
        "Objet : vos résultats\nChère Madame,",
        "Nom : voir ci-dessous",
        "98 place des Modèles Née le 3 mars 1955",
    ],
)
def test_headings_and_sentences_are_nobody(text: str) -> None:
    assert [one for one in who(text) if len(one[0][0].split()) > 1] == []


def test_everybody_in_a_document_has_the_role_that_the_words_around_give() -> None:
    text = (
        "Patient : EXEMPLE Camille\n"
        "Médecin traitant : Dr Noël BIDULE\n"
        "Personne à prévenir : M. Paul EXEMPLE\n"
        "Mère : Anne EXEMPLE\n"
        "Nouveau-né : EXEMPLE Léo\n"
        "Titulaire du compte : Mme Jeanne MACHIN"
    )
    roles = {one.names[0]: one.role for one in said(text)}
    assert roles == {
        "EXEMPLE Camille": Role.PATIENT,
        "Noël BIDULE": Role.PROFESSIONAL,
        "Paul EXEMPLE": Role.CONTACT,
        "Anne EXEMPLE": Role.PARENT,
        "EXEMPLE Léo": Role.CHILD,
        "Jeanne MACHIN": Role.HOLDER,
    }


def test_a_heading_gives_its_role_to_the_fields_below_it() -> None:
    text = (
        "PERSONNE RECEVANT LES SOINS\nNom et prénom : EXEMPLE Léo\nNé(e) le : 12/03/2018\n"
        "ASSURÉ(E) (à remplir si ce n'est pas l'assuré(e))\nNom et prénom : EXEMPLE Camille"
    )
    assert who(text) == [(("EXEMPLE Léo",), date(2018, 3, 12))]
    assert who(text, Role.INSURED) == [(("EXEMPLE Camille",), None)]


def test_a_companion_in_a_letter_is_no_patient() -> None:
    text = (
        "Je vous adresse Mme Camille EXEMPLE, née le 12/03/1980. Elle vient accompagnée de son "
        "époux, M. Paul EXEMPLE.\nDr Noël BIDULE"
    )
    assert who(text) == [(("Camille EXEMPLE",), BORN)]
    assert who(text, Role.CONTACT) == [(("Paul EXEMPLE",), None)]


def test_a_form_outweighs_a_sentence_about_whom_it_names() -> None:
    text = "Patient : EXEMPLE Camille\n\nJ'ai vu M. Paul DURAND en consultation."
    assert who(text) == [(("EXEMPLE Camille",), None)]
    assert who(text, Role.UNKNOWN) == [(("Paul DURAND",), None)]


def test_columns_of_a_table_name_people_and_a_list_of_physicians_has_no_patient() -> None:
    header = ("Nom", "Prénom", "Date de naissance")
    rows = [["EXEMPLE", "Camille", "12/03/1980"], ["DURAND", "Paul", ""]]
    place = Place("liste.csv")
    first, second = people.stated([], [], [Table(place, header, rows)])
    assert (first.names, first.birth_date, first.certain) == (("EXEMPLE Camille",), BORN, True)
    assert second.names == ("DURAND Paul",)
    doctors = Table(place, ("Nom", "Prénom", "RPPS"), [["BIDULE", "Noël", "10990000000"]])
    assert [one.role for one in people.stated([], [], [doctors])] == [Role.PROFESSIONAL]


def test_a_long_text_of_labels_is_read_in_proportion_to_its_length() -> None:
    text = "Nom : " * 40_000 + "EXEMPLE"
    assert len(re.findall("Nom", text)) == 40_000
    assert len(people.stated([Part(Place("a"), text)], [])) <= 2_000
