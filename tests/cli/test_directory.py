"""Protects the practice and its people: each verb is a transcript, and questions need a person."""

from __future__ import annotations

import io
import itertools
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from secshare import age, files, passphrase
from secshare.cli import unlock
from secshare.cli.app import run
from secshare.cli.session import Session as Run
from secshare.errors import InputUnreadable, PassphraseWrong, RegisterUnwritable
from secshare.messages import Language
from secshare.model import Kind
from secshare.practice import Practice, Settings
from secshare.sharing import Desk, create_practice
from secshare.store import Store
from tests.cli import transcript
from tests.secrets_search import Secret
from tests.terminal.windows import Session
from tests.tools import ROOT, need

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts" / "directory").glob("*.txt"))
SECSHARE = [sys.executable, "-m", "secshare"]
SETTINGS = Settings("Cabinet", "Cabinet", "01 99 00 00 01", language=Language.FR)
INIT = ("init", "cabinet", "--name", "Cabinet Modèle", "--public-name", "Cabinet Modele")


def surroundings(folder, language="fr_FR.UTF-8"):
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "LC_ALL": language,
    }


def alone():
    """A run without a terminal, in this process."""
    return Run(environ={}, terminal=lambda: None)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_is_what_the_commands_say(path, tmp_path):
    if path.stem == "keys":
        need("age")
        identity, other = age.X25519Identity.generate(), age.X25519Identity.generate()
        (tmp_path / "labo.txt").write_text(identity.reveal() + "\n")
        (tmp_path / "un.pub").write_text(f"# labo\n{identity.recipient()}\n")
        (tmp_path / "deux.pub").write_text(f"{other.recipient()}\n")
        (tmp_path / "hybride.pub").write_text(f"{age.HybridIdentity.generate().recipient()}\n")
    transcript.play(path, tmp_path, surroundings(tmp_path))
    if path.stem == "keys":  # sealed to the practice before it drew new keys
        clear = io.BytesIO()
        practice = Practice.open(tmp_path / "cabinet")
        with (tmp_path / "pour-nous.age").open("rb") as sealed:
            age.decrypt(sealed, clear, practice.identities(lambda: pytest.fail("asked")))
        assert clear.getvalue() == (tmp_path / "un.pub").read_bytes()


# --- at a terminal ------------------------------------------------------------------------------


def at_terminal(folder, *arguments, language="fr_FR.UTF-8"):
    env = surroundings(folder, language)
    return Session([*SECSHARE, *arguments], columns=100, lines=40, env=env, cwd=folder)


def words_on(window):
    """The words on the screen, by their numbers."""
    found = {}
    for line in window.shown.splitlines():
        parts = line.split()
        if len(parts) == 2 and parts[0].isdigit():
            found[int(parts[0])] = parts[1]
    return found


def asked_word(window):
    question = [line for line in window.shown.splitlines() if "Mot numéro" in line][-1]
    return int(question.split("Mot numéro")[1].split()[0])


def test_a_practice_is_made_by_answering_and_its_words_are_shown_once(tmp_path):
    with at_terminal(tmp_path, "init", "cabinet") as session:
        session.until("Nom légal du cabinet")
        session.type("Cabinet médical Modèle\r")
        session.until("Nom que voient les patients")
        session.type("Cabinet Modèle\r")
        session.until("transporte mal")
        session.type("Cabinet Modele\r")
        session.until("Téléphone")
        session.type("0199000001\r")
        session.until("[oui/non]")
        assert "01 99 00 00 01" in " ".join(session.window.shown.split())
        session.type("oui\r")
        session.until("Appuyez sur une touche")
        words = words_on(session.window)
        assert sorted(words) == list(range(1, 11))
        session.type(" ")
        for count in (1, 2):
            session.until(lambda window, count=count: window.shown.count("Mot numéro") == count)
            asked = asked_word(session.window)
            session.type(words[asked][:4].upper() + "\r")
        assert session.end() == 0
        everything = session.window.everything
    assert "est prêt" in everything
    secret = Secret.of_words([words[number] for number in sorted(words)])
    assert not secret.traces(everything)
    practice = Practice.open(tmp_path / "cabinet")
    assert practice.protected()
    assert practice.settings.phone == "01 99 00 00 01"
    assert practice.identities(lambda: " ".join(words[number] for number in sorted(words)))
    assert not secret.traces(tmp_path)


def test_words_that_were_not_written_down_make_no_practice(tmp_path):
    with at_terminal(tmp_path, *INIT, "--phone", "01 99 00 00 01", "--yes") as session:
        for _ in range(3):
            session.until("Appuyez sur une touche")
            session.type(" ")
            session.until("Mot numéro")
            session.type("euh\r")
        assert session.end() == 14
        assert "aucun cabinet n'a été créé" in session.window.everything
    assert not (tmp_path / "cabinet").exists()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("moment", ["Téléphone", "[oui/non]", "Appuyez", "Mot numéro"])
def test_ctrl_c_at_any_question_makes_no_practice(tmp_path, moment):
    with at_terminal(tmp_path, *INIT) as session:
        for shown, typed in (
            ("Téléphone", "0199000001\r"),
            ("[oui/non]", "oui\r"),
            ("Appuyez", " "),
            ("Mot numéro", ""),
        ):
            session.until(shown)
            if shown == moment:
                session.type("\x03")
                break
            session.type(typed)
        assert session.end() == 130
        assert not words_on(session.window)
    assert not (tmp_path / "cabinet").exists()
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


def test_somebody_is_added_after_everything_was_read_aloud(tmp_path):
    setup = at_terminal(tmp_path, *INIT, "--phone", "0199000001", "--yes", "--unprotected")
    with setup as session:
        assert session.end() == 0
    with at_terminal(tmp_path, "recipients", "add", "--email", "j@example.org") as session:
        session.until("Nom complet")
        session.type("Jeanne Exemple\r")
        session.until("Patient, professionnel")
        session.type("docteur\r")
        session.until("Choisissez parmi : patient, professionnel, organisation")
        session.type("patiente\r")
        session.until("Téléphone (Entrée")
        session.type("639980001\r")
        session.until("Le numéro a perdu son premier zéro")
        session.type("0639980001\r")
        session.until("Date de naissance")
        session.type("\r")
        session.until("[oui/non]")
        shown = " ".join(session.window.shown.split())
        told = "patient, date de naissance : non renseignée, e-mail : j@example.org"
        assert f"Jeanne Exemple ({told}, téléphone : 06 39 98 00 01) ?" in shown
        session.type("oui\r")
        assert session.end() == 0
    with at_terminal(tmp_path, "recipients", "remove", "jeanne exemple") as session:
        session.until("[oui/non]")
        session.type("non\r")
        assert session.end() == 14
    with at_terminal(tmp_path, "recipients", "list") as session:
        assert session.end() == 0
        heading, person = session.window.everything.split("\n")[:2]
    assert heading.split()[:4] == ["identifiant", "nom", "type", "naissance"]
    assert person.startswith("jeanne-exemple")
    assert person.index("patient") == heading.index("type")


def a_practice(folder):
    command = [*SECSHARE, *INIT, "--phone", "0199000001", "--yes", "--unprotected"]
    env = surroundings(folder)
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)
    with Desk(Practice.open(folder / "cabinet")) as desk:
        desk.directory.add(
            name="Luc Neuf", kind=Kind.PATIENT, email="luc@example.org", birth_date=date(1970, 1, 2)
        )


def test_a_newcomer_with_the_name_of_somebody_else_is_asked_for_a_birth_date(tmp_path):
    a_practice(tmp_path)
    with at_terminal(tmp_path, "recipients", "add") as session:
        session.until("Nom complet")
        session.type("LUC NEUF\r")
        session.until("Patient, professionnel")
        session.type("patient\r")
        session.until("Adresse e-mail")
        session.type("luc.neuf@\r")
        session.until("L'adresse n'est pas une adresse e-mail seule")
        session.type("\r")
        session.until("Téléphone (Entrée")
        session.type("\r")
        session.until("Date de naissance")
        session.type("\r")
        session.until("ajoutez la ville à son nom")
        session.until(lambda window: window.shown.count("Date de naissance, JJ/MM/AAAA") == 2)
        session.type("03/04/1980\r")
        session.until("[oui/non]")
        session.type("oui\r")
        assert session.end() == 0
    with Desk(Practice.open(tmp_path / "cabinet")) as desk:
        added = desk.directory.by_id("luc-neuf-2")
    assert (added.email, added.phone, added.birth_date) == (None, None, date(1980, 4, 3))


def test_an_organisation_has_no_birth_date_and_a_whole_command_line_is_not_completed(tmp_path):
    a_practice(tmp_path)
    with at_terminal(tmp_path, "recipients", "add", "--kind", "organisation") as session:
        for question, answer in (("Nom complet", "Labo"), ("Adresse", ""), ("Téléphone", "")):
            session.until(question)
            session.type(f"{answer}\r")
        session.until("[oui/non]")
        assert "Date de naissance, JJ" not in session.window.shown
        session.type("non\r")
        assert session.end() == 14
    whole = ("recipients", "add", "--name", "Labo", "--kind", "organisation")
    with at_terminal(tmp_path, *whole) as session:
        session.until("[oui/non]")
        assert "Entrée" not in session.window.shown
        session.type("oui\r")
        assert session.end() == 0


def test_an_edit_shows_each_change_in_full_before_it_is_made(tmp_path):
    a_practice(tmp_path)
    edit = ("recipients", "edit", "luc-neuf", "--email", "luk@example.org", "--phone", "0639980001")
    for answer, status, email in (("non", 14, "luc@example.org"), ("oui", 0, "luk@example.org")):
        with at_terminal(tmp_path, *edit) as session:
            session.until("[oui/non]")
            shown = " ".join(session.window.shown.split())
            assert (
                "Modifier Luc Neuf (luc-neuf) : e-mail luc@example.org → luk@example.org ;"
                " téléphone (vide) → 06 39 98 00 01 ? Relisez d'abord à voix haute." in shown
            )
            session.type(f"{answer}\r")
            assert session.end() == status
        with Desk(Practice.open(tmp_path / "cabinet")) as desk:
            assert desk.directory.by_id("luc-neuf").email == email


def test_whom_somebody_represents_is_shown_before_it_changes(tmp_path):
    a_practice(tmp_path)
    with Desk(Practice.open(tmp_path / "cabinet")) as desk:
        desk.directory.add(name="Léo Neuf", kind=Kind.PATIENT)
    edit = ("recipients", "edit", "luc-neuf")
    for options, told in (
        (("--represents", "Léo Neuf", "--ground", "père"), "(vide) → Léo Neuf (leo-neuf) : père ?"),
        (("--no-longer-represents", "leo-neuf"), "Léo Neuf (leo-neuf) : père → (vide) ?"),
    ):
        with at_terminal(tmp_path, *edit, *options) as session:
            session.until("[oui/non]")
            assert f"représente {told}" in " ".join(session.window.shown.split())
            session.type("oui\r")
            assert session.end() == 0


def test_nothing_is_asked_where_nothing_changes(tmp_path):
    a_practice(tmp_path)
    for options, status, said in (
        ((), 12, "Rien à modifier."),
        (("--no-longer-represents", "luc-neuf"), 12, "ne représente pas luc-neuf"),
        (("--represents", "luc-neuf", "--ground", "moi"), 12, "ne peut pas se représenter"),
        (("--name", "Luc Neuf"), 0, "Rien ne change"),
    ):
        with at_terminal(tmp_path, "recipients", "edit", "luc-neuf", *options) as session:
            assert session.end() == status
            assert said in session.window.everything
            assert "[oui/non]" not in session.window.everything


def test_a_protected_key_is_rotated_with_its_words_and_they_leave_no_trace(tmp_path):
    words = passphrase.draw()
    before = create_practice(tmp_path / "cabinet", SETTINGS, protection=words).recipient
    arguments = ("keys", "rotate", "--practice", "cabinet")
    with at_terminal(tmp_path, *arguments) as session:
        session.until("[oui/non]")
        session.type("oui\r")
        session.until("mots de la clé")
        session.type(words.reveal().replace("-", " ") + "\r")
        assert session.end() == 0
        assert not Secret.of_words(words.words).traces(session.window.everything)
    assert Practice.open(tmp_path / "cabinet").recipient != before


def test_while_a_rotation_works_on_the_key_others_write_the_register(tmp_path, monkeypatch):
    words = passphrase.draw()
    made = create_practice(tmp_path / "cabinet", SETTINGS, protection=words)
    (tmp_path / "mots.txt").write_text(words.reveal())
    locked, encrypt, decrypt = [], age.encrypt, age.decrypt

    def watching(act):
        def watched(*args, **options):
            with Store.open(made.database, wait=0) as store:
                try:
                    with store.transaction():
                        locked.append(False)
                except RegisterUnwritable:
                    locked.append(True)
            return act(*args, **options)

        return watched

    monkeypatch.setattr(age, "encrypt", watching(encrypt))
    monkeypatch.setattr(age, "decrypt", watching(decrypt))
    options = ("--yes", "--passphrase-file", str(tmp_path / "mots.txt"))
    assert run(["keys", "rotate", *options, "--practice", str(made.folder)], alone()) == 0
    assert locked == [False, False]  # opened once, sealed once


def test_a_key_is_protected_with_words_that_are_shown_once_and_asked_back(tmp_path):
    former = passphrase.draw()
    made = create_practice(tmp_path / "cabinet", SETTINGS, protection=former)
    with at_terminal(tmp_path, "keys", "protect", "--practice", "cabinet") as session:
        session.until("mots de la clé")
        session.type(former.reveal() + "\r")
        session.until("Appuyez sur une touche")
        words = words_on(session.window)
        session.type(" ")
        for count in (1, 2):
            session.until(lambda window, count=count: window.shown.count("Mot numéro") == count)
            session.type(words[asked_word(session.window)] + "\r")
        assert session.end() == 0
        everything = session.window.everything
    assert "Les nouveaux mots protègent" in everything
    new = [words[number] for number in sorted(words)]
    assert not Secret.of_words(new).traces(everything, tmp_path)
    assert made.identities(lambda: " ".join(new))
    with pytest.raises(PassphraseWrong):
        made.identities(former.reveal)


def test_new_words_that_were_not_written_down_leave_the_former_ones(tmp_path):
    made = create_practice(tmp_path / "cabinet", SETTINGS, protection=None)
    with at_terminal(tmp_path, "keys", "protect", "--practice", "cabinet") as session:
        for _ in range(3):
            session.until("Appuyez sur une touche")
            session.type(" ")
            session.until("Mot numéro")
            session.type("euh\r")
        assert session.end() == 14
        assert "la clé reste protégée comme avant" in session.window.everything
    assert not made.protected()


def test_without_a_terminal_the_keyring_takes_the_new_words(tmp_path, capsys):
    import keyring

    from tests.fakes.keyring import MemoryKeyring

    made = create_practice(tmp_path / "cabinet", SETTINGS, protection=None)
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    try:
        assert run(["keys", "protect", "--practice", str(made.folder)], alone()) == 0
        assert made.protected()
        assert made.identities(lambda: pytest.fail("nobody is asked"))
    finally:
        keyring.set_keyring(before)
    (words,) = ring.kept.values()
    said = capsys.readouterr()
    assert not Secret.of_words(words.split("-")).traces(tmp_path, said.out, said.err)


def test_where_there_is_a_keyring_and_no_terminal_the_keyring_keeps_the_words(
    tmp_path, monkeypatch, capsys
):
    import keyring

    from tests.fakes.keyring import MemoryKeyring

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    drawn, before, ring = passphrase.draw(), keyring.get_keyring(), MemoryKeyring()
    monkeypatch.setattr(passphrase, "draw", lambda *_: drawn)
    keyring.set_keyring(ring)
    try:
        status = run(
            ["init", str(tmp_path / "cabinet"), *INIT[2:], "--phone", "0199000001", "--yes"],
            alone(),
        )
        assert status == 0
        practice = Practice.open(tmp_path / "cabinet")
        assert practice.protected()
        assert practice.identities(lambda: pytest.fail("nobody is asked"))
    finally:
        keyring.set_keyring(before)
    said = capsys.readouterr()
    assert not Secret.of_words(drawn.words).traces(tmp_path, said.out, said.err)
    assert list(ring.kept.values()) == [drawn.reveal()]


def test_a_default_that_cannot_be_written_leaves_no_practice(tmp_path, monkeypatch, capsys):

    (tmp_path / "data").write_text("a file in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    status = run(
        [
            "init",
            str(tmp_path / "cabinet"),
            *INIT[2:],
            "--phone",
            "0199000001",
            "--yes",
            "--unprotected",
        ],
        alone(),
    )
    assert status == 4
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_start_that_was_killed_leaves_nothing_once_the_next_is_done(tmp_path):
    command = [*SECSHARE, *INIT, "--phone", "0199000001", "--yes", "--unprotected"]
    env = surroundings(tmp_path)
    for hundredths in (20, 24, 27, 30, 33, 36, 40, 45):
        run = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
        time.sleep(hundredths / 100)
        run.kill()
        run.wait()
        if (tmp_path / "cabinet").exists():  # its name is given at once, to a whole practice
            assert Practice.open(tmp_path / "cabinet").database.exists()
            files.remove(tmp_path / "cabinet")
    subprocess.run(command, cwd=tmp_path, env=env, check=True, stdout=subprocess.DEVNULL)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cabinet", "data"]
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


# --- the words of the practice's key, from a file -------------------------------------------------


def chain(error):
    """An error and all that led to it, as a bug report would show them."""
    while error is not None:
        yield repr(error) + repr(vars(error)) + repr(getattr(error, "object", ""))
        yield from chain(error.__cause__)
        error = error.__context__


@pytest.mark.parametrize("through", ["file", "descriptor"])
def test_a_passphrase_file_that_cannot_be_decoded_stays_out_of_the_error(tmp_path, through):
    path = tmp_path / "mots.txt"
    path.write_bytes("abandon-béquille-cerise".encode("latin-1"))
    with path.open("rb") as file, pytest.raises(InputUnreadable) as caught:
        given = (path, None) if through == "file" else (None, file.fileno())
        unlock.asking(alone(), *given)()
    assert caught.value.key == "unlock.unreadable"
    shown = "".join(chain(caught.value))
    assert "abandon" not in shown
    assert "cerise" not in shown


def test_wrong_words_in_a_file_are_read_once_and_no_more(tmp_path):
    path = tmp_path / "mots.txt"
    path.write_text("abandon abandon")
    ask = unlock.asking(alone(), path, None)
    assert ask() == "abandon abandon"
    with pytest.raises(PassphraseWrong) as caught:
        ask()
    assert caught.value.key == "practice.key_words_wrong"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr_FR.UTF-8", "Le mot n° 4, mal saisi, a été lu comme un autre : vérifiez votre papier."),
        ("en_GB.UTF-8", "Word 4 was typed with an error and read as another one: check your paper"),
    ],
)
def test_a_word_that_was_corrected_is_said_by_its_number(tmp_path, language, expected):
    numbers = itertools.count(100, 50)
    words = passphrase.draw(randbelow=lambda _: next(numbers))
    create_practice(tmp_path / "cabinet", SETTINGS, protection=words)
    typed = list(words.words)
    typed[3] = typed[3][:-1] + ("q" if typed[3][-1] != "q" else "z")
    (tmp_path / "mots.txt").write_text(" ".join(typed))
    command = [*SECSHARE, "keys", "rotate", "--yes", "--passphrase-file", "mots.txt"]
    run = subprocess.run(
        [*command, "--practice", "cabinet"],
        cwd=tmp_path,
        env=surroundings(tmp_path, language),
        capture_output=True,
        text=True,
        check=True,
    )
    assert expected in run.stderr
    assert not Secret.of_words(words.words).traces(run.stdout, run.stderr)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_passphrase_file_is_read_as_windows_saves_it(tmp_path, coding):
    path = tmp_path / "mots.txt"
    path.write_bytes("abandon béquille\r\n".encode(coding))
    assert unlock.asking(alone(), path, None)() == "abandon béquille"


# --- contacts that resemble somebody else's -----------------------------------------------------


def test_a_look_alike_names_both_people_and_only_a_clear_yes_adds(tmp_path):
    a_practice(tmp_path)
    command = ("recipients", "add", "--name", "Luce Neuf", "--kind", "patient", "--yes")
    slip = ("--email", "luk@example.org", "--birth-date", "03/04/1980")
    for answer, status, people in (("non", 14, 1), ("oui", 0, 2)):
        with at_terminal(tmp_path, *command, *slip) as session:
            session.until("[oui/non]")
            asked = " ".join(session.window.shown.split())
            session.type(f"{answer}\r")
            assert session.end() == status
        assert "Luce Neuf a presque la même adresse que quelqu'un d'autre" in asked
        other = "Luc Neuf (luc-neuf, date de naissance : 02/01/1970), …[k|c]@example.org : un seul"
        assert other in asked
        assert "luk@" not in asked
        with Desk(Practice.open(tmp_path / "cabinet")) as desk:
            assert len(list(desk.directory.all())) == people
    with Desk(Practice.open(tmp_path / "cabinet")) as desk:
        luce = desk.directory.find("Luce Neuf")
        assert desk.directory.look_alikes(luce) == ()
        assert [pair.answered for pair in desk.directory.survey()] == [True]


def test_a_shared_contact_is_asked_about_and_shown(tmp_path):
    a_practice(tmp_path)
    with at_terminal(
        tmp_path, "recipients", "add", "--name", "Ida Neuf", "--kind", "patient",
        "--email", "luc@example.org", "--yes",
    ) as session:  # fmt: skip
        session.until("maison de retraite")
        session.type("oui\r")
        assert session.end() == 0
    with at_terminal(tmp_path, "recipients", "show", "luc-neuf") as session:
        assert session.end() == 0
        assert "e-mail partagé avec" in session.window.everything
        assert "Ida Neuf (ida-neuf)" in session.window.everything


def test_a_couple_that_shares_everything_is_one_question(tmp_path, capsys):
    made = create_practice(tmp_path / "cabinet", SETTINGS, protection=None)
    shared = {"email": "henri@example.org", "phone": "+33639980077"}
    with Desk(made) as desk:
        desk.directory.add(name="Henri Modèle", kind=Kind.PATIENT, **shared)
        desk.directory.add(name="Ugo Autre", kind=Kind.PATIENT, phone="+33639980077")
    odile = ["recipients", "add", "--name", "Odile Modèle", "--kind", "patient", "--yes",
             "--email", "henri@example.org", "--phone", "06 39 98 00 77"]  # fmt: skip
    assert run([*odile, "--practice", str(made.folder)], alone()) == 13
    said = capsys.readouterr().err
    assert said.count("henri-modele") == 1
    assert said.count("ugo-autre") == 1
    assert "06 39 98" not in said
    with at_terminal(tmp_path, *odile, "--practice", "cabinet") as session:
        session.until("E-mail et téléphone : Odile Modèle a les mêmes")
        session.type("oui\r")
        session.until("Ugo Autre")
        session.type("oui\r")
        assert session.end() == 0
        assert session.window.everything.count("[oui/non]") == 2
    with Desk(made) as desk:
        found = desk.directory.find("Odile Modèle")
        assert [answered for _, answered in desk.directory.shared_contacts(found)] == [True] * 3


def test_the_survey_as_json_masks_contacts_and_says_who_answered(tmp_path, capsys):
    import json

    made = create_practice(tmp_path / "cabinet", SETTINGS, protection=None)
    with Desk(made) as desk:
        for name, email in (
            ("Luc Neuf", "255081416802538@patient.mssante.fr"),
            ("Ida Neuf", "255081416802539@patient.mssante.fr"),
            ("Zoé Neuf", "zoe@gmial.com"),
        ):
            desk.directory.add(name=name, kind=Kind.PATIENT, email=email)
    assert run(["recipients", "lookalikes", "--json", "--practice", str(made.folder)], alone()) == 0
    said = capsys.readouterr().out
    assert "25508141680253" not in said
    pair, slip = json.loads(said)
    assert [person["email"] for person in pair["people"]] == ["***@patient.mssante.fr"] * 2
    assert (pair["contact"], pair["why"], pair["answered"]) == ("email", "edit", False)
    assert pair["difference"] == "***@patient.mssante.fr / ***@patient.mssante.fr"
    assert slip["difference"] is None
    assert (slip["provider"], slip["why"]) == ("gmail.com", "provider")
    for verb in (
        ["list"],
        ["list", "--json"],
        ["show", "luc-neuf"],
        ["show", "luc-neuf", "--json"],
    ):
        assert run(["recipients", *verb, "--practice", str(made.folder)], alone()) == 0
    edit = ["recipients", "edit", "luc-neuf", "--email", "255081416802530@patient.mssante.fr"]
    assert run([*edit, "--practice", str(made.folder), "--yes"], alone()) == 13
    assert "2550814168025" not in "".join(capsys.readouterr())
