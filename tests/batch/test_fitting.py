"""Protects people from a document or an address of another row, and ordinary rows from a guess."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from secshare import profiles
from secshare.batch import rows
from secshare.batch.addressing import settle
from secshare.batch.fitting import seen
from secshare.batch.people import survey
from secshare.batch.spelt import named_in, spells, touches
from secshare.batch.wanted import Wanted
from secshare.files import open_source
from secshare.model import Kind
from secshare.preflight import Checker, judge
from secshare.sharing import Desk
from secshare.sharing.checking import case_for
from secshare.store.spool import Spool
from tests.documents import report
from tests.practices import add_patient, make_practice

TODAY = date(2026, 11, 22)
NIR = "1 71 02 75 999 001 53"
THREE = (
    ("Jeanne Exemple", date(1958, 4, 12), "2 58 04 75 999 001 57"),
    ("Paul Modèle", date(1971, 2, 3), NIR),
    ("Nadia Fictive", date(1990, 1, 1), "2 90 01 75 999 001 69"),
)


@pytest.fixture(scope="module")
def checker():
    with Checker() as opened:
        yield opened


@pytest.fixture
def desk(tmp_path):
    with Desk(make_practice(tmp_path / "practice")) as opened:
        yield opened


class Manifest:
    """Rows in a spool, looked at one by one with the real preflight."""

    def __init__(self, desk, checker, folder):
        self._desk, self._checker, self._folder = desk, checker, folder
        self._wanted = []
        self.asked = []  # what the last `seen` looked up

    def row(self, *documents, **said):
        """Add a row with documents, each as its bytes or its text."""
        number = len(self._wanted) + 2
        paths = []
        for at, document in enumerate(documents):
            pdf = isinstance(document, bytes)
            path = self._folder / f"file-{number}-{at}.{'pdf' if pdf else 'txt'}"
            path.write_bytes(document if pdf else document.encode())
            paths.append(str(path))
        if "to" not in said:
            said = {"email": f"patient{number}@example.org", "phone": "+33639980001"} | said
        self._wanted.append(Wanted(number=number, last=number, files=tuple(paths), **said))
        return self

    def seen(self):
        """Return what each row says."""
        out = []
        with Spool.create(self._folder) as spool:
            rows.begin(spool)
            rows.add_shares(spool, self._wanted)
            survey(self._desk, spool)
            self.asked.clear()
            spool.connection.set_trace_callback(self.asked.append)
            for wanted in self._wanted:
                case = case_for(self._desk, settle(self._desk, wanted, today=TODAY))
                if wanted.nir is not None:
                    case = replace(case, subject=replace(case.subject, nir=wanted.nir))
                facts = []
                for path in wanted.files:
                    with open_source(self._folder / path) as source:
                        facts.append(self._checker.facts(source))
                out.append(seen(spool, wanted, case, facts, judge(facts, case)))
        return out

    def documents(self):
        return [(each.own, each.fits) for each in self.seen()]

    def addresses(self):
        return [(each.address, each.address_fits) for each in self.seen()]


@pytest.fixture
def manifest(desk, checker, tmp_path):
    return Manifest(desk, checker, tmp_path)


def test_a_document_is_its_rows_or_another_rows_or_says_nothing(manifest):
    manifest.row(report("Paul MODÈLE", "03/02/1971"), name="Jeanne Exemple")
    manifest.row(report("Paul MODÈLE", "03/02/1971"), name="Paul Modèle")
    manifest.row(report("Nadia FICTIVE", "01/01/1990"), name="Zoé Essai")
    manifest.row("Buvez deux litres de la solution la veille de l'examen.", name="Luc Factice")
    assert manifest.documents() == [(False, (3,)), (True, ()), (False, ()), (None, ())]


def test_a_row_far_away_is_found_by_the_name_and_by_the_number(manifest):
    manifest.row(report("MODÈLE Paul Marie", "03/02/1971"), name="Jeanne Exemple")
    text = f"Résultats d'analyses\nN° de sécurité sociale : {NIR}\nNé le 03/02/1971\nGlycémie 0,9\n"
    manifest.row(text, name="Zoé Essai", birth_date=date(1980, 1, 1))
    for number in range(8):
        name = f"Luc Factice{'abcdefgh'[number]}"
        manifest.row(report(name, "01/01/1990"), name=name)
    manifest.row(
        report("Paul MODÈLE", "03/02/1971"),
        name="Paul Modèle",
        nir="1710275999001",
        birth_date=date(1971, 2, 3),
    )
    told = manifest.documents()
    assert told[0] == (False, (12,))
    assert told[1][0] is False
    assert told[2:] == [(True, ())] * 9


def test_homonyms_without_a_birth_date_prove_nothing_and_with_one_are_told_apart(manifest):
    manifest.row(report("Jeanne EXEMPLE", "12/04/1958"), name="Jeanne Exemple")
    manifest.row(report("Jeanne EXEMPLE", "05/06/1990"), name="EXEMPLE Jeanne")
    assert manifest.documents() == [(True, ()), (True, ())]

    manifest.row(
        report("Paul MODÈLE", "05/06/1990"), name="Paul Modèle", birth_date=date(1958, 4, 12)
    )
    manifest.row(
        report("Paul MODÈLE", "05/06/1990"), name="Paul Modèle", birth_date=date(1990, 6, 5)
    )
    assert manifest.documents()[2:] == [(False, (5,)), (True, ())]


def test_a_father_and_a_son_of_one_name_are_not_told_apart_by_it(desk, manifest):
    for number, born in enumerate((date(1958, 4, 12), date(2019, 3, 1))):
        desk.directory.add(
            name="Paul Modèle",
            kind=Kind.PATIENT,
            id=f"paul-{number}",
            email=f"p{number}@example.org",
            phone=f"+3363998120{number}",
            birth_date=born,
        )
        manifest.row("Bonjour Paul MODÈLE, vos analyses sont bonnes.", to=f"paul-{number}")
    assert manifest.documents() == [(None, ()), (None, ())]


def test_twins_are_told_apart_by_the_given_name(manifest):
    born = date(2019, 3, 1)
    manifest.row(report("Léa EXEMPLE", "01/03/2019"), name="Tom Exemple", birth_date=born)
    manifest.row(report("Tom EXEMPLE", "01/03/2019"), name="Léa Exemple", birth_date=born)
    assert manifest.documents() == [(False, (3,)), (False, (2,))]


def told(name, born=None, number=None, before=""):
    """Return a document that says whom it is about."""
    lines = [f"{before}Résultats d'analyses", f"Patient : {name}"]
    lines += [f"Date de naissance : {born:%d/%m/%Y}"] if born else []
    lines += [f"N° de sécurité sociale : {number}"] if number else []
    return "\n".join([*lines, "Glycémie 0,9 g/L", ""])


def short(number):
    return number.replace(" ", "")[:13]


@pytest.mark.parametrize("stays", [{"birth_date"}, {"nir"}, {"birth_date", "nir"}])
def test_names_that_moved_beside_birth_dates_and_numbers_are_another_rows(manifest, stays):
    for (name, born, number), (other, others_born, others) in zip(
        THREE, (*THREE[1:], THREE[0]), strict=True
    ):
        manifest.row(
            told(name, born, number),
            name=other,
            birth_date=born if "birth_date" in stays else others_born,
            nir=short(number if "nir" in stays else others),
        )
    assert manifest.documents() == [(False, (4,)), (False, (2,)), (False, (3,))]


def test_a_name_moved_from_a_row_that_has_no_date_to_one_of_another_is_found(manifest):
    manifest.row(told("Paul MODÈLE", date(1971, 2, 3)), name="Jeanne Exemple")
    manifest.row(
        told("Jeanne EXEMPLE", date(1958, 4, 12)), name="Paul Modèle", birth_date=date(1958, 4, 12)
    )
    assert manifest.documents() == [(False, (3,)), (False, (2,))]


@pytest.mark.parametrize(
    "document",
    [told("Paul MODÈLE", number=NIR), "Laboratoire\nMODÈLE Paul, 03/02/1971\nGlycémie 0,9 2026\n"],
)
def test_a_number_or_a_date_beside_the_name_tells_that_its_rows_date_is_theirs(manifest, document):
    manifest.row(document, name="Jeanne Exemple", birth_date=date(1971, 2, 3))
    manifest.row("Sans objet.", name="Paul Modèle", birth_date=date(1958, 4, 12))
    assert manifest.documents()[0] == (False, (3,))


def test_a_namesake_of_somebody_with_another_birth_date_is_in_no_row(manifest):
    manifest.row(
        told("Paul MODÈLE", date(1971, 2, 3)), name="Jeanne Exemple", birth_date=date(1958, 4, 12)
    )
    manifest.row("Sans objet.", name="Paul Modèle", birth_date=date(1990, 1, 1))
    manifest.row(told("Nadia FICTIVE", number=THREE[2][2]), name="Jeanne Exemple")
    manifest.row("Sans objet.", name="Nadia Fictive", nir="2580475999001")
    rows = manifest.documents()
    assert (rows[0], rows[2]) == ((False, ()), (False, ()))


def test_who_is_insured_may_be_the_patient_and_a_child_is_not(manifest):
    insured = "Avis d'arrêt de travail 2026\nL'assuré(e)\nNom et prénom : MODÈLE Paul\n"
    manifest.row(
        f"{insured}Date de naissance : 3 février 1971\nPrescrit un arrêt de travail\n",
        name="Jeanne Exemple",
        birth_date=date(1971, 2, 3),
    )
    manifest.row("Sans objet.", name="Paul Modèle", birth_date=date(1958, 4, 12))
    child = "Assurée : Nadia FICTIVE\nBénéficiaire : Léa, née le 01/03/2019\nVaccin 2026\n"
    manifest.row(child, name="Lili Essai", birth_date=date(2019, 3, 1))
    manifest.row("Sans objet.", name="Nadia Fictive", birth_date=date(1990, 1, 1))
    told = manifest.documents()
    assert told[0] == (False, (3,))
    assert told[2] == (False, ())


def test_all_rows_of_a_name_count_where_one_has_the_birth_date_and_one_another(manifest):
    """Somebody has several rows, and the names slipped among them: one still looks right."""
    born = date(1971, 2, 3)
    manifest.row(told("Paul MODÈLE", born), name="Paul Modèle", birth_date=born)
    manifest.row(told("Paul MODÈLE", born), name="Jeanne Exemple", birth_date=born)
    manifest.row("Sans objet.", name="Paul Modèle", birth_date=date(1958, 4, 12))
    assert manifest.documents()[:2] == [(True, ()), (False, (2, 4))]


def test_numbers_that_stayed_beside_ids_of_the_directory_are_another_rows(desk, manifest):
    people = [*zip(THREE, ("p-1", "p-2", "p-3"), strict=True)]
    for at, ((name, born, _), id_) in enumerate(people):
        desk.directory.add(
            name=name,
            kind=Kind.PATIENT,
            id=id_,
            email=f"p{at}@example.org",
            phone=f"+3363998120{at}",
            birth_date=born,
        )
    for ((name, born, number), _), (_, id_) in zip(people, (*people[1:], people[0]), strict=True):
        manifest.row(told(name, born, number), to=id_, nir=short(number))
    assert manifest.documents() == [(False, (4,)), (False, (2,)), (False, (3,))]


def test_the_birth_date_of_the_directory_goes_with_its_person(desk, manifest):
    add_patient(desk, "Paul Modèle")
    add_patient(desk, "Jeanne Exemple")
    manifest.row(told("Paul MODÈLE", date(1971, 2, 3)), to="Jeanne Exemple")
    manifest.row("Sans objet.", to="Paul Modèle")
    assert manifest.documents()[0] == (False, ())


@pytest.mark.parametrize(
    "written",
    [
        "Madame Marie EXEMPLE\n\nMadame,\nVotre fille {name}, née le 01/03/2019, va bien.\n",
        "Patient : {name}\nNée le 01/03/2019\nMère : Marie EXEMPLE\nGlycémie 0,9\n",
        "Assurée : Marie EXEMPLE\nBénéficiaire : {name}, née le 01/03/2019\nGlycémie 0,9\n",
        "Madame Marie EXEMPLE\nRésultats de l'enfant {name} (01/03/2019)\nGlycémie 0,9\n",
    ],
)
@pytest.mark.parametrize("name", ["Léa EXEMPLE", "Léa ESSAI", "EXEMPLE-ESSAI Léa"])
def test_a_childs_document_is_not_its_mothers_who_is_in_a_silent_row(manifest, written, name):
    """Whatever name the row has of the child: the mother's is in it, beside the child's date."""
    born = date(2019, 3, 1)
    for child in ("Léa Exemple", "Léa Essai", "Léa Fictive", "Lili Exemple"):
        manifest.row(written.format(name=name), name=child, birth_date=born)
        manifest.row("Sans objet.", name="Marie Exemple", birth_date=date(1990, 1, 1))
    for at, (_, fits) in enumerate(manifest.documents()):
        assert not any(row % 2 for row in fits), at  # the mother's rows


def test_a_mother_and_a_daughter_with_their_own_documents_are_each_themselves(manifest):
    manifest.row(
        told("Marie EXEMPLE", date(1960, 1, 1)), name="Marie Exemple", birth_date=date(1960, 1, 1)
    )
    manifest.row(
        told("Léa EXEMPLE", date(1990, 1, 1), before="Madame Marie EXEMPLE\n"),
        name="Léa Exemple",
        birth_date=date(1990, 1, 1),
    )
    manifest.row(
        told("Tom EXEMPLE", date(1990, 1, 1)), name="Tom Exemple", birth_date=date(1990, 1, 1)
    )
    assert manifest.documents() == [(True, ())] * 3


def test_several_documents_of_a_row_are_anothers_where_one_is(manifest):
    jeanne, paul = report("Jeanne EXEMPLE"), report("Paul MODÈLE", "03/02/1971")
    leaflet = "Préparation à l'examen : venez à jeun, avec vos analyses précédentes."
    manifest.row(jeanne, leaflet, name="Jeanne Exemple")
    manifest.row(paul, name="Paul Modèle")
    manifest.row(jeanne, paul, name="Jeanne Exemple")
    assert manifest.documents() == [(None, ()), (True, ()), (False, (3,))]


def test_a_colleague_is_nobodys_patient_and_receives_what_is_about_theirs(desk, manifest):
    add_patient(desk, "Paul Modèle")
    for name in ("Inès Fictive", "Luc Factice"):
        desk.directory.add(
            name=f"Dr {name}",
            kind=Kind.PROFESSIONAL,
            email=f"{name[0].lower()}@cabinet.example",
            phone="+33639981203",
        )
    letter = (
        "Docteur Luc FACTICE\n12 rue de l'Exemple\n\nCher confrère,\nJe vous adresse M. Paul "
        "MODÈLE, né le 12/04/1958, pour avis.\nDr Inès FICTIVE\n"
    )
    manifest.row(letter, to="Dr Inès Fictive", about="Paul Modèle")
    manifest.row(letter, to="Dr Luc Factice")
    manifest.row(letter, name="Jeanne Exemple")
    manifest.row(letter, to="Dr Luc Factice", about="Paul Modèle")
    told = manifest.documents()
    assert told[:2] == [(True, ()), (None, ())]
    assert told[2] == (False, (2, 5))
    assert told[3] == (True, ())


def test_a_list_of_the_manifests_people_is_nobodys(manifest):
    table = "Nom;Prénom;Date de naissance\nEXEMPLE;Jeanne;12/04/1958\nMODÈLE;Paul;03/02/1971\n"
    table += "FICTIVE;Nadia;01/01/1990\nESSAI;Zoé;02/02/1985\nFACTICE;Luc;03/03/1975\n"
    manifest.row(table, name="Jeanne Exemple")
    manifest.row(report("Paul MODÈLE", "03/02/1971"), name="Paul Modèle")
    assert manifest.documents() == [(None, ()), (True, ())]


def test_an_archive_of_many_texts_is_looked_up_by_all_their_beginnings_and_no_further(manifest):
    drawn, letters = random.Random(1), "abcdefghijklmnopqrstuvwxyz"
    words = [a + b for a in letters for b in letters]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            noise = " ".join(drawn.choices(words, k=1_000))
            archive.writestr(f"{number}.txt", f"Bonjour Paul Modèle{number}x. {noise}")
        archive.writestr(
            "last.txt", f"Bonjour Paul Fictif, {' '.join(drawn.choices(words, k=999))}"
        )
    manifest.row(made.getvalue(), made.getvalue(), name="Jeanne Exemple")
    manifest.seen()
    asked = [each for each in manifest.asked if "bearer" in each]
    assert sum("'fictif paul'" in each for each in asked) == 2
    assert 0.9 * profiles.GUARD_WINDOWS < len(asked) < 1.1 * profiles.GUARD_WINDOWS


def test_an_address_spells_its_own_name_another_rows_or_nothing(manifest):
    note = "Sans objet particulier."
    manifest.row(note, name="Jeanne Exemple", email="jeanne.exemple@example.org")
    manifest.row(note, name="Paul Modèle", email="nadia.fictive@example.org")
    manifest.row(note, name="Nadia Fictive", email="bleu42@example.org")
    manifest.row(note, name="Zoé Essai", email="lesessai@example.org")
    manifest.row(note, name="Luc Factice", email="inconnue.ailleurs@example.org")
    assert manifest.addresses() == [
        (True, ()),
        (False, (4,)),
        (None, ()),
        (None, ()),
        (None, ()),
    ]


def test_an_address_of_somebody_who_has_their_own_is_no_sign(manifest):
    note = "Sans objet particulier."
    manifest.row(note, name="Jeanne Exemple", email="marie.modele@example.org")
    manifest.row(note, name="Marie Modèle", email="marie.modele@example.org")
    manifest.row(note, name="Paul Fictif", email="anne.fictif@example.org")  # a couple
    manifest.row(note, name="Anne Fictif", email="les-fictif@example.org")
    assert [address for address, _ in manifest.addresses()] == [None, True, None, None]


def test_one_row_is_enough_where_the_other_has_a_thirds_address(manifest):
    note = "Sans objet particulier."
    manifest.row(note, name="Jeanne Exemple", email="bleu42@example.org")
    manifest.row(note, name="Paul Modèle", email="nadia.fictive@example.org")
    manifest.row(note, name="Nadia Fictive", email="jeanne.exemple@example.org")
    told = manifest.seen()
    assert [each.address for each in told] == [None, False, False]
    assert [each.address_sure for each in told] == [False, True, False]


@pytest.mark.parametrize(
    "local",
    ["jeanne.exemple", "exemple.jeanne", "jeanneexemple12", "j-exemple", "jexemple", "EXEMPLEJ",
     "pro.jeanne.exemple", "jeanne_exemple+rdv"],
)  # fmt: skip
def test_an_address_spells_a_name(local):
    assert spells(f"{local}@example.org", "EXEMPLE Jeanne")
    assert touches(f"{local}@example.org", "Jeanne Exemple")
    assert not spells(f"{local}@example.org", "Paul Modèle")


def test_an_address_touches_a_name_that_it_does_not_spell():
    assert touches("famille.exemple@example.org", "Jeanne Exemple")
    assert not spells("famille.exemple@example.org", "Jeanne Exemple")
    assert not touches("bleu42@jeanne-exemple.example", "Jeanne Exemple")
    assert spells("anne-sophie.de-nullepart@example.org", "Anne-Sophie de Nullepart")
    assert spells("linh.nullepart@example.org", "Linh Marie Nullepart")
    assert not touches("bl@example.org", "Li Yu")


def test_only_an_address_of_several_words_is_looked_up():
    assert named_in("jeanne.exemple12@example.org") == "jeanne exemple"
    assert named_in("jexemple@example.org") is None
    assert named_in("j.exemple@example.org") is None
