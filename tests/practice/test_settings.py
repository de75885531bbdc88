"""Protects the settings: what stands in secshare.toml is understood, or refused by its line."""

from __future__ import annotations

import tomllib
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.errors import PracticeInvalid
from secshare.messages import Language
from secshare.model import Road, Severity
from secshare.practice.settings import REGIONS, Settings
from secshare.roads.lines import checked_page

GOOD = {"name": "Cabinet médical Morel", "public_name": "Cabinet Morel", "phone": "01 99 00 12 34"}
LINES = 'name = "Cabinet Morel"\npublic_name = "Cabinet Morel"\nphone = "01 99 00 12 34"\n'


def refused(text, key, setting=None):
    with pytest.raises(PracticeInvalid) as caught:
        Settings.loads(text if isinstance(text, bytes) else text.encode())
    assert caught.value.key == key
    if setting is not None:
        assert caught.value.fields["setting"] == setting
    for language in Language:
        assert all(caught.value.explain(language))
    return caught.value


printable = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=100)
public = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9 .,'&()/+:-]{0,28}[A-Za-z0-9])?", fullmatch=True)


PAGES = [None, "https://www.example.org/open.html", "https://a.fr", "https://cabinet-morel.fr/"]


@given(
    printable,
    st.sampled_from(REGIONS),
    st.sampled_from(Language),
    st.sampled_from(Road),
    st.sampled_from(PAGES),
    st.booleans(),
)
def test_settings_read_back_as_they_were_written(name, region, language, road, page, in_qr):
    settings = Settings(
        name=name,
        public_name="Cabinet Morel",
        phone="+33 1 99 00 12 34",
        region=region,
        language=language,
        words=12,
        words_language=Language.EN,
        road=road,
        page=page,
        page_in_qr=in_qr and page is not None,
    )
    assert Settings.loads(settings.dumps().encode()) == settings


@given(public)
def test_every_public_name_that_is_taken_is_short_ascii_on_one_line(name):
    try:
        settings = Settings(**(GOOD | {"public_name": name}))
    except PracticeInvalid as error:
        assert error.key == "practice.public_name_specialty"
        return
    assert settings.public_name.isascii()
    assert len(settings.public_name) <= 30
    assert "\n" not in settings.public_name


def test_the_defaults_are_french_ten_words_by_sms():
    settings = Settings.loads(LINES.encode())
    assert (settings.region, settings.language, settings.words, settings.words_language) == (
        "FR",
        Language.FR,
        10,
        Language.FR,
    )
    assert settings.road is Road.SMS


def test_what_nobody_set_is_kept_as_long_as_the_profiles_say():
    settings = Settings.loads(LINES.encode())  # a file of before there were such settings
    kept = (settings.words_days, settings.outbox_days, settings.journal_months)
    assert kept == (30, 7, 12)
    assert (settings.shares_months, settings.incidents_months) == (60, 60)
    written = "outbox_days = 0\njournal_months = 36\nshares_months = 1\n"
    shorter = Settings.loads((LINES + written).encode())
    assert (shorter.outbox_days, shorter.journal_months, shorter.shares_months) == (0, 36, 1)
    assert Settings.loads(shorter.dumps().encode()) == shorter


def test_a_retention_that_cannot_be_is_answered_with_what_may_be():
    error = refused(LINES + "journal_months = 60\n", "practice.retention")
    assert error.explain(Language.EN) == (
        "secshare.toml:4 journal_months must be between 6 and 36.",
        "Correct it, or take the line out: it is 12 then.",
    )


def test_a_practice_has_no_page_until_it_says_where():
    settings = Settings.loads(LINES.encode())  # a file of before there was a page
    assert settings.page is None
    assert settings.page_in_qr is False
    written = settings.dumps()
    assert tomllib.loads(written)["page_in_qr"] is False
    assert "page" not in tomllib.loads(written)


@pytest.mark.parametrize(
    "page",
    [
        "https://www.cabinet-morel.fr",
        "https://cabinet.morel.example/",
        "https://example.org/Open.html",
        "https://example.org/documents/patients/ouvrir_v2.html",
        "https://xn--cabinet-mdical-beb.fr/o",
        "https://" + "a" * 48 + ".fr/",
    ],
)
def test_the_address_of_a_page_is_taken(page):
    assert Settings(**GOOD, page=page).page == page


@pytest.mark.parametrize(
    "page",
    [
        "",
        " ",
        "http://example.org/open.html",
        "HTTPS://example.org/",
        "example.org/open.html",
        "//example.org/open.html",
        "file:///home/open.html",
        "javascript:alert(1)",
        "https://",
        "https:///open.html",
        "https://localhost/open.html",
        "https://192.168.1.10/open.html",
        "https://[::1]/open.html",
        "https://example.org:8443/open.html",
        "https://example.org:/open.html",
        "https://user@example.org/open.html",
        "https://user:pass@example.org/open.html",
        "https://example.org@evil.example/",
        "https://example.org\\@evil.example/",
        "https://example.org/open.html?a=1",
        "https://example.org/open.html#",
        "https://example.org/open.html#words",
        "https://example.org/open html",
        "https://example.org/open.html ",
        " https://example.org/open.html",
        "https://example.org/open.html\n",
        "https://example.org/\r\nBcc: a@b.fr",
        "https://example.org/../open.html",
        "https://example.org//open.html",
        "https://example.org/%6fpen.html",
        "https://example.org/<open>",
        "https://example.org/~morel/",  # two septets of an SMS, and nobody finds it on a keyboard
        "https://éxample.org/open.html",
        "https://ехample.org/",
        "https://-a.org/",
        "https://a-.org/",
        "https://a..org/",
        "https://.org/",
        "https://a.o/",
        "https://example.org./",
        "https://" + "a" * 50 + ".fr/",
    ],
)
def test_what_is_no_plain_https_address_is_refused(page):
    with pytest.raises(PracticeInvalid) as caught:
        Settings(**GOOD, page=page)
    assert caught.value.key == "practice.page"
    assert caught.value.fields == {"setting": "page", "most": 60}


@pytest.mark.parametrize(
    "page",
    [
        "https://www.oncologie-nord.fr/",
        "https://example.org/cardiologie/o",
        "https://ivg.example.org",
    ],
)
def test_an_address_that_tells_a_specialty_is_refused(page):
    with pytest.raises(PracticeInvalid) as caught:
        Settings(**GOOD, page=page)
    assert caught.value.key == "practice.page_specialty"


@given(st.text("abA1.-/_:@?#%~\\ \n", max_size=56).map("https://a.fr".__add__))
def test_every_address_that_is_taken_is_what_a_browser_makes_of_it(page):
    try:
        Settings(**GOOD, page=page)
    except PracticeInvalid as error:
        assert error.key in {"practice.page", "practice.page_specialty"}
        return
    parts = urlsplit(page)
    assert parts.geturl() == page
    assert (parts.scheme, parts.query, parts.fragment, parts.port) == ("https", "", "", None)
    assert parts.netloc.lower() == parts.hostname
    assert ".." not in parts.path.split("/")
    assert len(page) <= 60


def test_a_file_saved_by_windows_notepad_is_read():
    data = b"\xef\xbb\xbf" + LINES.replace("\n", "\r\n").encode()
    assert Settings.loads(data).name == "Cabinet Morel"


@pytest.mark.parametrize(
    "name",
    [
        "Cabinet médical",
        "Cabinet\nMorel",
        "Cabinet\r\nBcc: a@b.fr",
        "",
        "   ",
        " Cabinet",
        "C" * 31,
        "Cabinet `Morel`",
        "Cabinet {M}",
        "Cabinet ~",
        "Сabinet",
        "Cabinet\x00",
        "Cabinet\u202emorel",
        'Cabinet "M"',
    ],
)
def test_a_public_name_that_a_mail_or_an_sms_cannot_carry_is_refused(name):
    with pytest.raises(PracticeInvalid) as caught:
        Settings(**(GOOD | {"public_name": name}))
    assert caught.value.fields["setting"] == "public_name"


@pytest.mark.parametrize(
    "name",
    [
        "Centre d'addictologie",
        "CMP Psychiatrie",
        "Clinique IVG",
        "HIV Clinic",
        "Oncologie",
        "Cabinet de cardiologie",
        "Dr Morel, urologue",
        "Sante mentale Nord",
        "Pediatre Dr Morel",
        "Centre de dialyse",
        "Planning familial",
    ],
)
def test_a_public_name_that_tells_a_specialty_is_refused(name):
    with pytest.raises(PracticeInvalid) as caught:
        Settings(**(GOOD | {"public_name": name}))
    assert caught.value.key == "practice.public_name_specialty"


@pytest.mark.parametrize(
    "name",
    [
        "Dr Cardin",
        "Cabinet Neuville",
        "Dr Sidonie Psalmon",
        "SELARL A",
        "Dr Sidaoui",
        "Dr Neurohr",
        "Dr Mentalin",
        "Laboratoire de biologie",
        "Centre medical Nord",
        "Pharmacie du Port",
        "Dr Olog",
        "Cabinet des Tilleuls",
    ],
)
def test_a_neutral_public_name_is_taken(name):
    assert Settings(**(GOOD | {"public_name": name})).public_name == name


@pytest.mark.parametrize("phone", ["", "1", "secretary", "01 99\n00", "+", "01---99", "0" * 30])
def test_what_is_no_telephone_number_is_refused(phone):
    with pytest.raises(PracticeInvalid) as caught:
        Settings(**(GOOD | {"phone": phone}))
    assert caught.value.key == "practice.phone"


@pytest.mark.parametrize("words", [0, -1, 9, 13, 1000])
def test_fewer_than_ten_words_cannot_be_set(words):
    with pytest.raises(PracticeInvalid) as caught:
        Settings(**GOOD, words=words)
    assert caught.value.key == "practice.words"


@pytest.mark.parametrize(
    ("text", "key", "setting"),
    [
        (LINES + "colour = 'red'\n", "practice.setting_unknown", "secshare.toml:4 colour"),
        (LINES + "[mail]\nhost = 'x'\n", "practice.setting_unknown", "secshare.toml:4 mail"),
        (LINES + "words = '10'\n", "practice.setting_number", "secshare.toml:4 words"),
        (LINES + "words = true\n", "practice.setting_number", "secshare.toml:4 words"),
        (LINES + "words = 5\n", "practice.words", "secshare.toml:4 words"),
        (LINES + "words_days = 0\n", "practice.retention", "secshare.toml:4 words_days"),
        (LINES + "words_days = true\n", "practice.setting_number", "secshare.toml:4 words_days"),
        (LINES + "outbox_days = -1\n", "practice.retention", "secshare.toml:4 outbox_days"),
        (LINES + "outbox_days = 366\n", "practice.retention", "secshare.toml:4 outbox_days"),
        (LINES + "journal_months = 5\n", "practice.retention", "secshare.toml:4 journal_months"),
        (LINES + "journal_months = 37\n", "practice.retention", "secshare.toml:4 journal_months"),
        (LINES + "shares_months = 0\n", "practice.retention", "secshare.toml:4 shares_months"),
        (
            LINES + "incidents_months = 11\n",
            "practice.retention",
            "secshare.toml:4 incidents_months",
        ),
        (LINES + "region = 'XX'\n", "practice.setting_choice", "secshare.toml:4 region"),
        (LINES + "road = 'mail'\n", "practice.setting_choice", "secshare.toml:4 road"),
        (LINES + "page = true\n", "practice.setting_text", "secshare.toml:4 page"),
        (LINES + "page = ''\n", "practice.page", "secshare.toml:4 page"),
        (LINES + "page = 'http://a.fr'\n", "practice.page", "secshare.toml:4 page"),
        (
            LINES + "page = 'https://urologue.fr'\n",
            "practice.page_specialty",
            "secshare.toml:4 page",
        ),
        (LINES + "page_in_qr = true\n", "practice.page_in_qr", "secshare.toml:4 page_in_qr"),
        (
            LINES + "page = 'https://a.fr'\npage_in_qr = 1\n",
            "practice.setting_yes_or_no",
            "secshare.toml:5 page_in_qr",
        ),
        (
            LINES + "page_in_qr = true\npage = 'x'\n",
            "practice.page",
            "secshare.toml:5 page",
        ),
        (LINES + "\n\nlanguage = 3\n", "practice.setting_text", "secshare.toml:6 language"),
        ("name = 'a'\nphone = '01'\n", "practice.setting_missing", "secshare.toml public_name"),
        ("", "practice.setting_missing", "secshare.toml name"),
        (
            LINES.replace('"Cabinet Morel"', '"a\\nb"', 1),
            "practice.setting_one_line",
            "secshare.toml:1 name",
        ),
    ],
)
def test_a_bad_setting_is_named_with_its_line(text, key, setting):
    refused(text, key, setting)


@pytest.mark.parametrize(
    ("text", "line"),
    [("name = \n", 1), (LINES + "oops\n", 4), (LINES + 'x = "', 4), ("x = " + "[" * 9999, 1)],
)
def test_a_line_that_is_not_toml_is_named(text, line):
    assert refused(text, "practice.settings_syntax").fields["line"] == line


@pytest.mark.parametrize("written", ["oui", "True", "1", '"oui"'])
def test_yes_that_is_written_otherwise_is_answered_with_how_it_is_written(written):
    with pytest.raises(PracticeInvalid) as caught:
        Settings.loads(f"{LINES}page = 'https://a.fr'\npage_in_qr = {written}\n".encode())
    for language in Language:
        what, do = caught.value.explain(language)
        assert "secshare.toml:5" in what
        assert "page_in_qr = true" in do
        assert "false" in do


def test_one_text_says_all_that_the_pages_address_is_and_the_last_gate_says_the_same():
    with pytest.raises(PracticeInvalid) as first:
        Settings(**GOOD, page="http://cabinet.example:8080/é?a#b")
    with pytest.raises(PracticeInvalid) as last:
        checked_page("http://cabinet.example:8080/é?a#b")
    rule = "elle commence par https://, sans port, sans ?, sans #, sans accent, en 60 caractères"
    for caught in (first, last):
        assert rule in caught.value.explain(Language.FR)[1].replace("Elle", "elle")


def test_a_file_in_another_encoding_is_said_with_its_line():
    data = (LINES + 'region = "é"\n').encode("cp1252")
    assert refused(data, "practice.settings_encoding").fields["line"] == 4


@given(st.binary(max_size=200))
def test_any_bytes_are_settings_or_refused(data):
    try:
        Settings.loads(data)
    except PracticeInvalid as error:
        assert error.explain(Language.FR)


def test_what_is_the_practices_own_is_kept_and_read_again():
    settings = Settings.loads(
        (
            LINES
            + "identifiers = ['1000 3456 789', 'FR76 3000 6000 0112 3456 7890 189', '2A0000147']\n"
            + "people = ['Dr Jeanne Exemple']\nemails = ['cabinet@example.fr']\nscans = 'note'\n"
        ).encode()
    )
    assert settings.scans is Severity.NOTE
    assert settings.people == ("Dr Jeanne Exemple",)
    assert Settings.loads(settings.dumps().encode()) == settings


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("identifiers = ['12345']", "practice.identifier"),
        ("identifiers = 'FR76'", "practice.setting_list"),
        ("people = [1]", "practice.setting_list"),
        ('people = ["a\\nb"]', "practice.setting_one_line"),
        ("scans = 'ignore'", "practice.setting_choice"),
    ],
)
def test_what_is_not_the_practices_own_is_refused_by_its_name(written, key):
    with pytest.raises(PracticeInvalid) as caught:
        Settings.loads(f"{LINES}{written}\n".encode())
    assert caught.value.key == key
    assert str(caught.value.fields["setting"]).startswith("secshare.toml:4 ")
