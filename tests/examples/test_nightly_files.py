"""Protects what a night is installed from: systemd, Task Scheduler and PowerShell take it."""

from __future__ import annotations

import configparser
import re
import subprocess
import xml.etree.ElementTree as ET
from contextlib import ExitStack

import pytest
import tree_sitter_powershell
from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Language, Parser

from tests.examples.nights import NIGHTLY, make_night, rows, settings_of
from tests.tools import missing, need

SERVICE = NIGHTLY / "secshare-nightly.service"
UNITS = [*sorted(NIGHTLY.glob("*.service")), NIGHTLY / "secshare-nightly.timer"]
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
POWERSHELL = (NIGHTLY / "nightly.ps1").read_text("ascii")


class Unit(configparser.ConfigParser):
    """A unit of systemd: names keep their case, and `%` means what systemd says."""

    def __init__(self, name: str) -> None:
        super().__init__(interpolation=None, strict=True, delimiters="=", comment_prefixes="#")
        self.optionxform = str
        self.read_string((NIGHTLY / name).read_text("utf-8"))


# --- systemd --------------------------------------------------------------------------------------


def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS:
        text = unit.read_text("utf-8")
        text = text.replace("/usr/local/lib/secshare-nightly", str(NIGHTLY))
        text = re.sub("^(User|Group)=secshare$", r"\1=root", text, flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, "utf-8")
    units = [str(tmp_path / unit.name) for unit in UNITS]
    program = need("systemd-analyze")
    done = subprocess.run([program, "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    exposed = ["security", "--offline=true", "--threshold=20", str(SERVICE)]
    done = subprocess.run([program, *exposed], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-200:]


def test_the_units_and_the_settings_name_the_same_places():
    service, failed = Unit("secshare-nightly.service"), Unit("secshare-nightly-failed.service")
    timer = Unit("secshare-nightly.timer")
    settings = settings_of((NIGHTLY / "nightly.conf").read_text("utf-8"))
    run = service["Service"]
    assert run["ReadWritePaths"] == settings["NIGHTLY_PRACTICE"]
    assert settings["NIGHTLY_MANIFEST"].startswith(run["ReadOnlyPaths"] + "/")
    assert settings["NIGHTLY_STATE"] == f"/var/lib/{run['StateDirectory']}"
    assert service["Unit"]["OnFailure"] == "secshare-nightly-failed.service"
    told = failed["Unit"]["ConditionPathExists"]
    assert told == f"!{settings['NIGHTLY_STATE']}/told"
    assert failed["Service"]["ExecStart"] == f"{run['ExecStart']} --failed"
    assert run["KillSignal"] == "SIGINT"
    assert timer["Timer"]["OnCalendar"] == "*-*-* 01:30:00", (
        "after midnight, where a night is a day"
    )


def test_a_night_needs_to_write_only_where_the_unit_lets_it(tmp_path):
    """The disk read-only but for its paths, no capability, no way to any: as the unit asks."""
    unshare, setpriv, _ = need("unshare"), need("setpriv"), need("curl")
    with ExitStack() as stack:
        night = make_night(tmp_path, stack)
        night.export(rows(2))
        night.state.mkdir()
        writable = [night.practice, night.state]
        home = night.folder / "home"
        script = [f'mount --bind "{path}" "{path}"' for path in writable]
        script += ["mount -o remount,bind,ro /"]
        script += [f'mount -o remount,bind,ro "{home}" 2>/dev/null || :']
        script += [f'! touch "{home}/written" 2>/dev/null || exit 99']
        script += [f'exec {setpriv} --no-new-privs --bounding-set -all --inh-caps -all "$@"']
        sandbox = [unshare, "--mount", "sh", "-ec", "\n".join(script), "sh"]
        tried = subprocess.run([*sandbox, "true"], capture_output=True, check=False)
        if tried.returncode:
            missing(f"a disk cannot be made read-only here: {tried.stderr.decode()}")
        done = subprocess.run(
            [*sandbox, *night.command()],
            env=night.environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert len(night.sealed) == 2
        assert len(night.mails) == 1


def calls_of(group):
    """Return the system calls of a group of systemd's, those of the groups in it too."""
    said = subprocess.run(
        [need("systemd-analyze"), "syscall-filter", group],
        capture_output=True,
        text=True,
        check=True,
    )
    names = [line.strip() for line in said.stdout.splitlines()[1:] if "#" not in line]
    inside = [calls_of(name) if name.startswith("@") else {name} for name in names if name]
    return set().union(*inside)


def test_the_unit_lets_every_call_of_a_night_and_nothing_is_made_elsewhere(tmp_path):
    allowed = calls_of(Unit("secshare-nightly.service")["Service"]["SystemCallFilter"])
    strace, _ = need("strace"), need("curl")
    with ExitStack() as stack:
        night = make_night(tmp_path, stack)
        night.export(rows(2))
        traced = [strace, "--follow-forks", "-o", str(tmp_path / "trace"), *night.command()]
        done = subprocess.run(
            traced,
            env=night.environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert len(night.mails) == 1
    trace = (tmp_path / "trace").read_text("utf-8", "replace")
    made = set(re.findall(r"^\d+ +(\w+)\(", trace, re.MULTILINE))
    assert {"execve", "socket", "fsync"} <= made
    assert made <= allowed
    created = set(re.findall(r'\bopen(?:at)?\([^"\n]*"([^"]+)", [^)\n]*O_CREAT', trace))
    assert [path for path in created if not path.startswith((str(tmp_path), "/dev/"))] == []
    families = set(re.findall(r"\bsocket\((AF_\w+)", trace))
    assert families <= set(
        Unit("secshare-nightly.service")["Service"]["RestrictAddressFamilies"].split()
    )


# --- Windows --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def task():
    return ET.parse(NIGHTLY / "secshare-nightly.xml").getroot()


def value(task, path):
    found = task.find("/".join(f"{TASK}{name}" for name in path.split("/")))
    assert found is not None, path
    return found.text


def test_the_task_is_written_as_task_scheduler_exports_one(task):
    raw = (NIGHTLY / "secshare-nightly.xml").read_bytes()
    assert raw.startswith(b"\xff\xfe")
    text = raw.decode("utf-16")
    assert text.startswith('<?xml version="1.0" encoding="UTF-16"?>\r\n')
    assert "\n" not in text.replace("\r\n", "")
    assert task.tag == f"{TASK}Task"
    assert [part.tag.removeprefix(TASK) for part in task] == [
        *("RegistrationInfo", "Triggers", "Principals", "Settings", "Actions")
    ]


def test_the_task_keeps_no_password_and_never_runs_twice_at_a_time(task):
    assert value(task, "Principals/Principal/LogonType") == "S4U"
    assert value(task, "Principals/Principal/RunLevel") == "LeastPrivilege"
    assert value(task, "Settings/MultipleInstancesPolicy") == "IgnoreNew"
    assert value(task, "Settings/StartWhenAvailable") == "true"
    assert value(task, "Settings/RunOnlyIfIdle") == "false"
    assert re.fullmatch(r"PT\dH", value(task, "Settings/ExecutionTimeLimit"))
    assert value(task, "Triggers/CalendarTrigger/StartBoundary").endswith("T01:30:00")
    (principal,) = task.iter(f"{TASK}Principal")
    (actions,) = task.iter(f"{TASK}Actions")
    assert actions.get("Context") == principal.get("id")


def test_the_task_starts_the_script_without_anybodys_profile(task):
    arguments = value(task, "Actions/Exec/Arguments")
    for option in ("-NoProfile", "-NonInteractive", "-File", "-Settings"):
        assert option in arguments
    assert "Bypass" not in arguments
    assert '\\nightly.ps1"' in arguments
    assert value(task, "Actions/Exec/Command").startswith("%SystemRoot%\\System32\\")


def test_both_scripts_start_the_same_commands_and_know_the_same_settings():
    shell = (NIGHTLY / "nightly.sh").read_text("ascii")
    started = re.findall(r'"\$secshare" (.*?)</dev/null', shell, re.DOTALL)
    assert len(started) == 2
    options = re.findall(r"--[a-z-]+", " ".join(started))
    assert options == re.findall(r"'(--[a-z-]+)'", POWERSHELL)
    assert "@('batch', $config.Manifest" in POWERSHELL
    assert "@('journal', 'head'" in POWERSHELL
    known = set(re.findall(r"\$(?:config|Config)\.(\w+)\b(?!\()", POWERSHELL))
    written = set(
        re.findall(r"^    (\w+) *=", (NIGHTLY / "nightly.psd1").read_text("ascii"), re.MULTILINE)
    )
    assert known == written


def test_both_scripts_say_the_same_of_the_same_report():
    shell = (NIGHTLY / "nightly.sh").read_text("ascii")
    for read in (
        '{"report":',
        '"dry_run": true',
        "prepared",
        "already",
        "standing",
        "former",
        "differing",
        "stages",
    ):
        assert read in shell
        assert read in POWERSHELL
    meanings = (NIGHTLY / "meanings.txt").read_text("utf-8").splitlines()
    assert {line.count("|") for line in meanings} == {3}
    assert "nuit-[0-9]{4}-[0-9]{2}-[0-9]{2}" in POWERSHELL
    assert "nuit-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9])" in shell
    known = {line.partition("|")[0] for line in meanings}
    words = set(re.findall(r"word=([a-z-]+)", shell))
    assert words == set(re.findall(r"\$word = '([a-z-]+)'", POWERSHELL))
    assert words == {"changed", "doubled", "dry-run", "former", "other"}
    said = re.findall(r"\bsay ([a-z]+)", shell)
    assert said == re.findall(r"Get-Meaning '([a-z]+)'", POWERSHELL)
    assert said == ["changed", "former", "doubled", "standing"]
    assert words | {"standing", "failed"} <= known
    statuses = [set(re.findall(r"\d+", each)) for each in re.findall(r"-in ([\d, ]+)", POWERSHELL)]
    assert statuses == [
        set(each) for each in re.findall(r"^ +(\d+) \| (\d+)\)\s", shell, re.MULTILINE)
    ]


@pytest.mark.parametrize("name", ["nightly.ps1", "nightly.psd1"])
def test_powershell_can_be_read_and_any_encoding_reads_it_alike(name):
    """By its grammar: no PowerShell can be had here. 5.1 takes a file without a mark as ANSI."""
    content = (NIGHTLY / name).read_bytes()
    assert content.isascii()
    tree = Parser(Language(tree_sitter_powershell.language())).parse(content)
    assert not tree.root_node.has_error
    assert Parser(tree.language).parse(content.replace(b"\n}", b"\n", 1)).root_node.has_error


PIECES = st.text(st.sampled_from('ab \\"é\t'), min_size=1, max_size=12)


@given(st.lists(PIECES, min_size=1, max_size=4))
def test_arguments_reach_a_program_of_windows_as_they_are(arguments):
    """The two replacements of Format-Argument, and how the C library there takes a line apart."""
    rules = re.findall(r"\[regex\]::Replace\(\$\w+, '(.*?)', '(.*?)'\)", POWERSHELL)
    assert len(rules) == 2
    quoted = []
    for argument in arguments:
        text = argument
        for pattern, replacement in rules:
            text = re.sub(pattern, _as_python(replacement), text)
        quoted.append(f'"{text}"')
    assert taken_apart(" ".join(quoted)) == arguments


def _as_python(replacement: str) -> str:
    return replacement.replace("\\", "\\\\").replace("$1", r"\1")


def taken_apart(line: str) -> list[str]:
    """Split a command line as the C library of Windows does, for arguments that are all quoted."""
    found, text, inside, at = [], "", False, 0
    while at < len(line):
        slashes = len(line[at:]) - len(line[at:].lstrip("\\"))
        after = line[at + slashes : at + slashes + 1]
        if after == '"':
            text += "\\" * (slashes // 2)
            if slashes % 2:
                text += '"'
            else:
                inside = not inside
            at += slashes + 1
        elif slashes:
            text += "\\" * slashes
            at += slashes
        elif line[at] == " " and not inside:
            found.append(text)
            text = ""
            at += 1
        else:
            text += line[at]
            at += 1
    return [*found, text]
