"""Protects people's desktops: a double click opens `.age` files, and undoing it undoes it all."""

from __future__ import annotations

import os
import plistlib
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from secshare.errors import OutputRefused
from secshare.files.association import Labels, association
from secshare.files.association.desktop import with_default, without_default
from secshare.files.association.mac import MacApplication, script
from secshare.files.association.registry import WindowsRegistry
from secshare.messages import Language
from secshare.opener import associating
from secshare.opener.command import run as run_here
from secshare.opener.talk import Talk
from tests.fakes.winreg import FakeWinreg
from tests.opener.kit import COMMAND, PDF, PHRASE, environ, names, run, seal
from tests.terminal.windows import Session
from tests.tools import need

LABELS = Labels({"en": "Open", "fr": "Ouvrir"}, {"en": "c", "fr": "é"}, {"en": "Kind", "fr": "k"})
ENTRY = ".local/share/applications/secshare-open.desktop"


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def program(folder: Path) -> Path:
    """An installed script with an unfriendly path."""
    path = folder / 'a "strange" $folder' / "back\\slash é" / "secshare-open"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{COMMAND[0]}" -m secshare.opener "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    return home


def linux(home: Path) -> None:
    """Install it as on a Linux desktop."""
    desktop = association("linux")
    assert desktop is not None
    desktop.install(program(home.parent), LABELS)


# --- Linux ---------------------------------------------------------------------------------------


def query(home: Path, *arguments: str) -> str:
    env = {**os.environ, "HOME": str(home), "XDG_CURRENT_DESKTOP": "GNOME", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        arguments, env=env, cwd=home, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_the_desktop_knows_the_kind_and_who_opens_it(home: Path) -> None:
    for tool in ("xdg-mime", "gio", "update-mime-database", "update-desktop-database"):
        need(tool)
    linux(home)
    need("desktop-file-validate")
    assert query(home, "desktop-file-validate", str(home / ENTRY)) == ""
    seal(home / "a.pdf.age", PDF)
    assert query(home, "xdg-mime", "query", "filetype", "a.pdf.age") == "application/x-age"
    shutil.copy(home / "a.pdf.age", home / "renamed")
    assert query(home, "xdg-mime", "query", "filetype", "renamed") == "application/x-age"
    assert query(home, "xdg-mime", "query", "default", "application/x-age") == Path(ENTRY).name
    assert Path(ENTRY).name in query(home, "gio", "mime", "application/x-age")


def test_the_desktop_starts_the_program_with_the_file_whatever_their_names(home: Path) -> None:
    need("gio")
    linux(home)
    seal(home / "ma lettre é $x.txt.age", b"a letter")
    (home / "words").write_text(PHRASE)
    entry = home / ENTRY
    entry.write_text(
        entry.read_text()
        .replace("Terminal=true", "Terminal=false")
        .replace("--pause", "--passphrase-file words --no-view")
    )
    query(home, "env", f"PYTHONPATH={os.getcwd()}", "gio", "launch", str(entry),
          str(home / "ma lettre é $x.txt.age"))  # fmt: skip
    for _ in range(100):
        if (home / "ma lettre é $x.txt").exists():
            break
        subprocess.run(["sleep", "0.1"], check=True)
    assert (home / "ma lettre é $x.txt").read_bytes() == b"a letter"


def test_undoing_it_leaves_nothing_of_ours(home: Path) -> None:
    linux(home)
    linux(home)  # twice is as once
    assert everything(home)
    desktop = association("linux")
    assert desktop is not None
    assert desktop.remove()
    assert everything(home) == {}
    assert not (home / ".local/share/mime").exists()
    assert not (home / ".local/share/applications").exists()
    assert not desktop.remove()


@pytest.mark.parametrize(
    "defaults",
    [
        "[Default Applications]\napplication/x-age=other.desktop\ntext/plain=vi.desktop\n",
        "[Added Associations]\na/b=c.desktop;\n\n[Default Applications]\nx/y=z.desktop\n",
        "# mine\n[Default Applications]\n\n[Removed Associations]\napplication/x-age=no.desktop;\n",
        "[Added Associations]\na/b=c.desktop;",
        "[Default Applications]\napplication/x-age = first.desktop;second.desktop;\n",
    ],
)
def test_the_defaults_of_others_are_kept_and_come_back(home: Path, defaults: str) -> None:
    path = home / ".config/mimeapps.list"
    path.parent.mkdir()
    path.write_text(defaults)
    other = home / ".local/share/applications/other.desktop"
    other.parent.mkdir(parents=True)
    other.write_text("[Desktop Entry]\nType=Application\nName=o\nExec=o\nMimeType=x/y;\n")
    kind = home / ".local/share/mime/packages/other.xml"
    kind.parent.mkdir(parents=True)
    kind.write_text("<mime-info xmlns='http://www.freedesktop.org/standards/shared-mime-info'/>\n")
    before = {name: data for name, data in everything(home).items() if "mime/" not in name}
    linux(home)
    lines = path.read_text().splitlines()
    (line,) = [line for line in lines if "secshare-open.desktop" in line]
    assert line.split("=")[1].split(";")[0].strip() == "secshare-open.desktop"
    desktop = association("linux")
    assert desktop is not None
    assert desktop.remove()
    after = everything(home)
    assert not [name for name in after if "secshare" in name]
    assert after.pop(".local/share/mime/packages/other.xml")
    after = {
        name: data for name, data in after.items() if "mime/" not in name and ".cache" not in name
    }
    if not defaults.endswith("\n"):
        before[".config/mimeapps.list"] += b"\n"
    assert after == before


def test_a_default_chosen_since_is_left(home: Path) -> None:
    linux(home)
    path = home / ".config/mimeapps.list"
    path.write_text("[Default Applications]\napplication/x-age=other.desktop\n")
    desktop = association("linux")
    assert desktop is not None
    assert desktop.remove()
    assert path.read_text() == "[Default Applications]\napplication/x-age=other.desktop\n"


def test_ours_is_taken_out_of_any_list_of_defaults() -> None:
    for line in ("a.desktop;secshare-open.desktop;", "secshare-open.desktop;a.desktop;"):
        lines = ["[Default Applications]\n", f"application/x-age={line}\n"]
        assert without_default(lines)[1] == "application/x-age=a.desktop;\n"
        assert with_default(lines)[1] == "application/x-age=secshare-open.desktop;a.desktop;\n"
    assert without_default([]) == []


def test_a_closed_home_is_two_lines(home: Path) -> None:
    (home / ".local").write_text("a file in the way")
    desktop = association("linux")
    assert desktop is not None
    with pytest.raises(OutputRefused):
        desktop.install(Path("/usr/bin/true"), LABELS)
    assert everything(home) == {".local": b"a file in the way"}


def test_a_program_that_the_desktop_would_not_find_is_refused_before_anything_is_written(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = home.parent / "100 % ours" / "secshare-open"
    installed.parent.mkdir()
    installed.write_text("")
    monkeypatch.setattr(sys, "argv", [str(installed)])
    monkeypatch.setattr(associating, "association", lambda: association("linux"))
    for language in Language:
        assert run_here(["--associate"], Talk(language, lambda: None)) == 4
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 2
        assert str(installed) in lines[0]
        assert "--associate" in lines[1]
    assert everything(home) == {}


# --- the command ---------------------------------------------------------------------------------


def test_the_command_says_what_it_did_and_how_to_undo_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = program(home.parent)
    monkeypatch.setattr(sys, "argv", [str(installed)])
    monkeypatch.setattr(associating, "association", lambda: association("linux"))
    talk = Talk(Language.EN, lambda: None)
    assert run_here(["--associate"], talk) == 0
    said = capsys.readouterr().err
    assert "--dissociate" in said
    assert "TryExec=" in (home / ENTRY).read_text()
    assert str(installed).replace("\\", "\\\\") in (home / ENTRY).read_text()
    assert "fr]=Ouvrir un document protégé" in (home / ENTRY).read_text()
    assert run_here(["--dissociate"], talk) == 0
    assert "no longer" in capsys.readouterr().err
    assert run_here(["--dissociate"], talk) == 0
    assert "nothing to undo" in capsys.readouterr().err
    assert everything(home) == {}


def test_it_is_said_when_there_is_no_desktop_or_no_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = Talk(Language.EN, lambda: None)
    monkeypatch.setattr(associating, "program", lambda: None)
    assert run_here(["--associate"], talk) == 4
    assert "started by its own name" in capsys.readouterr().err
    monkeypatch.setattr(associating, "association", lambda: association("emscripten"))
    for option in ("--associate", "--dissociate"):
        assert run_here([option], talk) == 4
        assert len(capsys.readouterr().err.splitlines()) == 2


def test_the_program_is_the_single_file_or_an_installed_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script_path = tmp_path / "secshare-open"
    script_path.write_text("")
    monkeypatch.setattr(sys, "argv", [str(script_path)])
    assert associating.program() == script_path
    windows = tmp_path / "secshare-open.exe"  # argv leaves the extension out there
    windows.write_text("")
    assert associating.program() == windows
    monkeypatch.setattr(sys, "argv", ["-m"])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    assert associating.program() == windows
    windows.unlink()
    script_path.unlink()
    assert associating.program() is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "anything"))
    assert associating.program() == (tmp_path / "anything").resolve()


@pytest.mark.parametrize("option", ["--associate", "--dissociate"])
def test_they_are_given_alone(tmp_path: Path, option: str) -> None:
    for other in (["a.age"], ["--force"], ["-i", "x"], ["--qr", "x"]):
        done = run(tmp_path, option, *other)
        assert done.status == 2
        assert "given alone" in done.lines[0]
    assert names(tmp_path) == []


def test_the_window_of_a_double_click_stays_until_enter(tmp_path: Path) -> None:
    """What the desktop's entry starts, in a terminal."""
    seal(tmp_path / "a.bin.age", PDF)
    with Session(
        [*COMMAND, "--pause", str(tmp_path / "a.bin.age")], cwd=tmp_path, env=environ(), columns=80
    ) as session:
        session.until(lambda window: "Your words:" in window.shown)
        session.type(PHRASE + "\r")
        session.until(lambda window: "Press Enter to close this window" in window.shown)
        session.type("\r")
        assert session.end() == 0
    assert (tmp_path / "a.bin").read_bytes() == PDF


# --- Windows, simulated --------------------------------------------------------------------------

CLASSES = r"\Software\Classes"
COMMAND_KEY = CLASSES + r"\secshare.document.1\shell\open\command@"


@pytest.fixture
def winreg(monkeypatch: pytest.MonkeyPatch) -> FakeWinreg:
    fake = FakeWinreg()
    monkeypatch.setitem(sys.modules, "winreg", fake)  # type: ignore[arg-type]
    fake.user.find(r"Software\Classes\.txt", make=True).values[""] = ("", "txtfile")
    return fake


def test_windows_opens_the_extension_with_the_quoted_program(winreg: FakeWinreg) -> None:
    before = winreg.user.everything()
    found = association("win32")
    assert isinstance(found, WindowsRegistry)
    for _ in range(2):
        found.install(Path(r"C:\Program Files\secshare-open.exe"), LABELS)
        now = winreg.user.everything()
        assert now[COMMAND_KEY] == r'"C:\Program Files\secshare-open.exe" --pause "%1"'
        assert now[CLASSES + r"\.age@"] == "secshare.document.1"
    assert found.remove()
    assert winreg.user.everything() == before
    assert not found.remove()
    assert winreg.user.everything() == before


def test_windows_gives_the_extension_back(winreg: FakeWinreg) -> None:
    age = winreg.user.find(r"Software\Classes\.age", make=True)
    age.values[""] = ("", "other.program")
    winreg.user.find(r"Software\Classes\.age\OpenWithProgids", make=True).values["o"] = ("o", "")
    before = winreg.user.everything()
    registry = WindowsRegistry()
    for _ in range(2):
        registry.install(Path("C:/s.exe"), LABELS)
    assert registry.remove()
    assert winreg.user.everything() == before


def test_windows_leaves_a_program_chosen_since(winreg: FakeWinreg) -> None:
    registry = WindowsRegistry()
    registry.install(Path("C:/s.exe"), LABELS)
    winreg.user.find(r"Software\Classes\.age").values[""] = ("", "chosen.since")
    assert registry.remove()
    assert winreg.user.everything()[CLASSES + r"\.age@"] == "chosen.since"
    assert not [key for key in winreg.user.everything() if "secshare" in key]


def test_a_closed_registry_is_two_lines(winreg: FakeWinreg) -> None:
    winreg.locked = True
    with pytest.raises(OutputRefused) as refused:
        WindowsRegistry().install(Path("C:/s.exe"), LABELS)
    assert "s.exe" in str(refused.value)


# --- macOS, simulated ----------------------------------------------------------------------------

OSACOMPILE = """#!/bin/sh
while [ $# -gt 1 ]; do
  [ "$1" = -e ] && lines="$lines$2
"
  [ "$1" = -o ] && made=$2
  shift
done
mkdir -p "$made/Contents"
printf '%s' "$lines" > "$made/Contents/script"
cp plist "$made/Contents/Info.plist"
"""


@pytest.fixture
def mac(home: Path, monkeypatch: pytest.MonkeyPatch) -> MacApplication:
    tools = home.parent / "tools"
    tools.mkdir()
    (tools / "osacompile").write_text(OSACOMPILE)
    (tools / "osacompile").chmod(stat.S_IRWXU)
    monkeypatch.chdir(tools)
    with open(tools / "plist", "wb") as file:
        plistlib.dump({"CFBundleExecutable": "applet"}, file)
    return MacApplication({"PATH": f"{tools}:/usr/bin:/bin"})


def test_macos_gets_an_application_that_names_the_extension(
    home: Path, mac: MacApplication
) -> None:
    application = home / "Applications" / "secshare-open.app"
    for _ in range(2):
        mac.install(Path('/Users/a "b"/secshare-open'), LABELS)
    described = plistlib.loads((application / "Contents/Info.plist").read_bytes())
    assert described["CFBundleExecutable"] == "applet"
    (kind,) = described["UTImportedTypeDeclarations"]
    assert kind["UTTypeTagSpecification"]["public.filename-extension"] == ["age"]
    said = (application / "Contents/script").read_text()
    assert r'quoted form of "/Users/a \"b\"/secshare-open" & " --pause "' in said
    assert said.splitlines() == script(Path('/Users/a "b"/secshare-open'))
    assert mac.remove()
    assert everything(home) == {}
    assert not mac.remove()


class AppleScript:
    """So much of AppleScript as the application's script is made of, and a real shell."""

    def __init__(self, program: Path, dropped: str, *, refused: bool = False) -> None:
        self.typed: list[str] = []  # what Terminal is told, one text a window
        self.failed = False
        self.known = {"linefeed": "\n", "one": dropped}
        for line in script(program):
            if line.startswith("do script "):
                if refused:  # the person did not allow the application to drive Terminal
                    self.failed = True
                else:
                    self.typed.append(self.value(line.removeprefix("do script ")))
            elif match := re.fullmatch(r"set (\w+) to (.*)", line):
                self.known[match[1]] = self.value(match[2])
            elif line.startswith("do shell script ") and self.failed:  # after `on error`
                self.value(line)

    def value(self, expression: str) -> str:
        if expression.startswith("do shell script "):
            command = self.value(expression.removeprefix("do shell script "))
            shell = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True)
            return os.fsdecode(shell.stdout).rstrip("\n")
        parts = re.findall(r'((?:quoted form of |POSIX path of )*)("(?:\\.|[^"\\])*"|\w+)( & |$)',
                           expression)  # fmt: skip
        assert "".join(map("".join, parts)) == expression
        found = []
        for how, what, _ in parts:
            text = re.sub(r"\\(.)", r"\1", what[1:-1]) if what[0] == '"' else self.known[what]
            found.append(shlex.quote(text) if "quoted form of" in how else text)
        return "".join(found)


HOSTILE = [
    "a\x15touch ran; echo 'b",
    "a\x03touch ran; echo 'b",
    "a\ntouch ran\nb",
    "a\rtouch ran\rb",
    "a\x04touch ran\x04\n",
    "a' ; touch ran ; '",
    "$(touch ran)`touch ran`!!",
    "a\x1b[201~\x16\x12\x0f\x7f\tb",
    "é \\ \" ' ~ * & # =",
    "-",
    "/".join(["x" * 200] * 20),  # more than a terminal takes on a line
]


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Unix")
@pytest.mark.parametrize("shell", [["bash", "--norc", "-i"], ["sh", "-i"]], ids=["bash", "sh"])
@pytest.mark.parametrize("name", HOSTILE)
def test_macos_types_nothing_of_a_files_name_into_the_terminal(
    tmp_path: Path, shell: list[str], name: str
) -> None:
    """A terminal takes the control characters of what is typed into it for keys."""
    recorder = tmp_path / 'it\'s a "program" $x' / "secshare-open"
    recorder.parent.mkdir()
    recorder.write_text(
        f"#!{sys.executable}\nimport os, sys\nfrom pathlib import Path\n"
        'Path("argv.part").write_bytes(b"\\0".join(map(os.fsencode, sys.argv[1:])))\n'
        'Path("argv.part").rename("argv")\n'
    )
    recorder.chmod(0o755)
    path = f"/Users/x/Downloads/{name}.pdf.age"
    (typed,) = AppleScript(recorder, path).typed
    assert re.fullmatch(r"/bin/sh /tmp/secshare-open\.\w{8}", typed)
    task = Path(typed.split()[1])
    try:
        assert stat.S_IMODE(task.stat().st_mode) == 0o600
        folder = tmp_path / "where"
        folder.mkdir()
        plain = {"PS1": "ready>", "HISTFILE": "", "ENV": ""}
        with Session([need(shell[0]), *shell[1:]], cwd=folder, env=environ() | plain) as session:
            session.until("ready>")
            session.type(typed + "\r")
            session.until(lambda _: (folder / "argv").exists())
            session.type("exit\r")
            session.end()
        assert (folder / "argv").read_bytes().split(b"\0") == [b"--pause", path.encode()]
        assert names(folder) == ["argv"]
        assert not task.exists()
    finally:
        task.unlink(missing_ok=True)


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
def test_macos_leaves_no_file_where_terminal_may_not_be_driven() -> None:
    refused = AppleScript(Path("/s"), "/Users/x/a.age", refused=True)
    assert refused.typed == []
    assert refused.known["taskFile"].startswith("/tmp/secshare-open.")
    assert not Path(refused.known["taskFile"]).exists()
    assert "error failText number failNumber" in script(Path("/s"))  # and the person is told


def test_macos_leaves_an_application_of_somebody_else(home: Path, mac: MacApplication) -> None:
    theirs = home / "Applications/secshare-open.app/Contents/Info.plist"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(plistlib.dumps({"CFBundleIdentifier": "theirs"}))
    with pytest.raises(OutputRefused):
        mac.install(Path("/s"), LABELS)
    assert not mac.remove()
    assert theirs.exists()


def test_macos_without_its_compiler_says_so(home: Path) -> None:
    with pytest.raises(OutputRefused) as refused:
        MacApplication({"PATH": "/nonexistent"}).install(Path("/s"), LABELS)
    assert "osacompile" in str(refused.value)
