"""Protects from XML that hides people, or that is made to take the machine away."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.model import Place
from secshare.preflight import readers
from secshare.preflight.content import Content, Why
from secshare.preflight.readers.budget import Budget
from secshare.preflight.readers.trees import grow
from secshare.preflight.readers.xml import read


def lines(xml: str | bytes) -> list[str]:
    data = xml if isinstance(xml, bytes) else xml.encode()
    content = readers.read("a.xml", data)
    return [
        line for part in content.parts if not part.place.hidden for line in part.text.split("\n")
    ]


@pytest.mark.parametrize(
    "xml",
    [
        "<p><nom>MARTIN</nom><prenom>Lou</prenom><dateNaissance>19620301</dateNaissance></p>",
        "<p><NOM_FAMILLE>MARTIN</NOM_FAMILLE><Prenoms>Lou</Prenoms><DDN>1962-03-01</DDN></p>",
        "<p nom='MARTIN' prenom='Lou' date-naissance='1962-03-01'/>",
        "<p><family value='MARTIN'/><given value='Lou'/><birthDate value='1962-03-01'/></p>",
        "<p><nom><valeur>MARTIN</valeur></nom><prenom>Lou</prenom>"
        "<dateNaissance><date>1962-03-01</date></dateNaissance></p>",
        "<x:p xmlns:x='urn:x'><x:lastName>MARTIN</x:lastName><x:firstName>Lou</x:firstName>"
        "<x:birthTime value='19620301'/></x:p>",
    ],
)
def test_a_field_is_a_line_under_the_name_that_a_form_has_for_it(xml):
    assert lines(xml) == ["Nom : MARTIN", "Prénom : Lou", "Date de naissance : 1962-03-01"]


def test_whose_fields_they_are_stands_before_them():
    xml = "<d><medecin><nom>DURAND</nom></medecin><patient><nom>MARTIN</nom></patient></d>"
    assert lines(xml) == ["Médecin", "Médecin, Nom : DURAND", "Patient", "Nom : MARTIN"]


def test_a_value_is_called_as_what_names_it_beside_it():
    pairs = "<champ><libelle>Nom du patient</libelle><valeur>MARTIN</valeur></champ>"
    others = "<valeur nom='Axe'>90</valeur><champ valeur='Lou' libelle='Prénoms'/>"
    assert lines(f"<d>{pairs}{others}</d>") == [
        "Nom du patient : MARTIN",
        "Axe : 90",
        "Prénom : Lou",
    ]


def test_pieces_of_a_page_are_lines_as_they_are():
    content = readers.read("a.xml", b"<d><titre>Bilan</titre><ligne>Pour M. MARTIN</ligne></d>")
    assert [part.text for part in content.parts if part.title] == ["Bilan"]
    assert lines("<d><ligne>Pour M. MARTIN</ligne><texte>Rien.</texte></d>") == [
        "Pour M. MARTIN",
        "Rien.",
    ]


def test_text_between_elements_is_one_line():
    xml = "<r><note>Lou <b>MAR</b>TIN, née le <date>01/03/1962</date>, va bien</note></r>"
    assert lines(xml) == ["Lou MARTIN, née le  01/03/1962 , va bien"]


def test_the_metadata_of_an_exchange_say_the_patient():
    xml = (
        "<Slot name='sourcePatientInfo'><ValueList><Value>PID-5|MARTIN^Lou^^^^^D</Value>"
        "<Value>PID-7|19620301</Value></ValueList></Slot>"
    )
    assert lines(xml)[-2:] == ["Patient : MARTIN Lou", "Date de naissance : 1962-03-01"]


def test_comments_are_read_and_hidden():
    content = readers.read("a.xml", b"<r><!-- Lou MARTIN --><a>x</a></r>")
    (hidden,) = [part for part in content.parts if part.place.hidden]
    assert (hidden.text, hidden.place.field) == ("Lou MARTIN", "comment")


def test_a_document_in_base64_is_read():
    inner = base64.b64encode(b"%PDF-1.7\n" + b"x" * 200).decode()
    content = readers.read("a.xml", f"<r><piece>{inner}</piece></r>".encode())
    assert [unread.place.member for unread in content.unread] == ["document-1"]


def test_accents_are_read_however_they_are_written():
    assert lines("<r><nom>H&eacute;l&#232;ne</nom></r>") == ["Nom : Hélène"]
    latin = "<?xml version='1.0' encoding='windows-1252'?><r><nom>Hélène €</nom></r>"
    assert lines(latin.encode("cp1252")) == ["Nom : Hélène €"]
    assert lines("<?xml version='1.0'?><r><nom>Hélène</nom></r>".encode("utf-16")) == [
        "Nom : Hélène"
    ]


def whys(data: bytes) -> list[Why]:
    return [unread.why for unread in readers.read("a.xml", data).unread]


def test_an_entity_bomb_is_refused_before_it_grows():
    entities = "".join(
        f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'MARTIN'}'>" for n in range(12)
    )
    budget = Budget()
    tree = grow(f"<!DOCTYPE r [{entities}]><r>&e11;</r>".encode(), budget)
    assert tree.why is Why.BROKEN
    assert profiles.PREFLIGHT_CHARACTERS - budget.characters < 10_000


def test_one_long_entity_named_often_ends_at_the_budget():
    bomb = f"<!DOCTYPE r [<!ENTITY e '{'x' * 100_000}'>]><r>{'&e;' * 1_000}</r>"
    assert set(whys(bomb.encode())) <= {Why.TOO_LARGE, Why.BROKEN}
    assert whys(bomb.encode())


@pytest.mark.parametrize(
    "xml",
    [
        "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><r>a &e; b</r>",
        "<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://example.org/x'> %p;]><r>a b</r>",
    ],
)
def test_nothing_outside_is_fetched_and_that_is_told(xml):
    assert whys(xml.encode()) == [Why.BROKEN]


def test_a_document_type_elsewhere_is_no_fault():
    xml = b"<!DOCTYPE r SYSTEM 'r.dtd'><r><nom>MARTIN</nom></r>"
    assert whys(xml) == []
    assert lines(xml) == ["Nom : MARTIN"]


def test_nesting_ends_where_nobody_nests():
    deep = b"<?xml version='1.0'?>" + b"<a>" * 100_000
    assert whys(deep) == [Why.TOO_LARGE]


def test_what_stands_around_a_fault_is_read():
    fields = b"<nom>MARTIN</nom><prenom>Lou & Zo</prenom><tel>06 39 98 00 01</tel>"
    content = readers.read("a.xml", b"<?xml version='1.0'?><r>" + fields)
    assert [unread.why for unread in content.unread] == [Why.BROKEN]
    read = "\n".join(part.text for part in content.parts)
    assert "Nom : MARTIN" in read
    assert "06 39 98 00 01" in read


@settings(max_examples=300, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                "<a>",
                "</a>",
                "<b c='d'",
                "/>",
                "&x;",
                "&#0;",
                "<![CDATA[",
                "]]>",
                "<!--",
                "<?p",
                "MARTIN",
            ]
        )
        | st.text(max_size=5),
        max_size=30,
    )
)
def test_no_markup_raises_and_no_text_is_lost(pieces):
    xml = "<?xml version='1.0'?><r>DEBUT" + "".join(pieces)
    content = Content()
    read(xml.encode("utf-8", "replace"), Place("a.xml"), Budget(), content)
    assert "DEBUT" in "".join(part.text for part in content.parts)
    assert content.unread
