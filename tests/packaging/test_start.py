"""The start on a fresh machine, as far as it can be had without one."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "packaging" / "start.py"
CHILD_TIMEOUT = 50  # seconds; an empty environment takes about one


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", START)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["start"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


start = load()


@pytest.fixture
def commands(monkeypatch) -> list[list[str]]:
    """What would have been run; everything succeeds."""
    seen: list[list[str]] = []

    def run(command, **_: object) -> SimpleNamespace:
        seen.append([str(word) for word in command])
        return SimpleNamespace(returncode=0, stdout="")

    monkeypatch.setattr(start.subprocess, "run", run)
    return seen


@pytest.fixture(autouse=True)
def _folder_for_the_note(monkeypatch):
    """A recorded `python -m venv` makes no folder, and the note needs one."""
    write = start.Environment.write_note

    def make_and_write(self, note):
        self.folder.mkdir(exist_ok=True)
        write(self, note)

    monkeypatch.setattr(start.Environment, "write_note", make_and_write)


@pytest.fixture
def environment(tmp_path):
    """An environment that somebody made with start.py and that holds nothing yet."""
    folder = tmp_path / ".venv"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    made = start.Environment(folder)
    made.write_note({"root": str(ROOT)})
    return made


def test_arguments_behind_the_two_dashes_go_through():
    assert start.parse(["demo", "--", "--autopilot", "out/"]) == ("demo", ["--autopilot", "out/"])
    assert start.parse(["test", "--", "-k", "a", "--", "b"]) == ("test", ["-k", "a", "--", "b"])
    assert start.parse(["test"]) == ("test", [])


@pytest.mark.parametrize("arguments", [[], ["other"], ["demo", "--autopilot"]])
def test_wrong_usage_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as exit_:
        start.parse(arguments)

    assert exit_.value.code == 2
    assert "{demo,test} [-- ARGUMENTS]" in capsys.readouterr().err


def test_old_python_gets_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 2, "final", 0))

    assert start.main(["demo"]) == 1
    assert "needs Python 3.11 or newer, and this is Python 3.9.2" in capsys.readouterr().err


def test_nothing_that_an_old_python_lacks_is_imported_before_its_sentence():
    for line in START.read_text(encoding="utf-8").splitlines():
        assert not line.startswith(("import tomllib", "from tomllib"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_screen_is_x_or_wayland():
    assert start.has_screen({"DISPLAY": ":0"})
    assert start.has_screen({"WAYLAND_DISPLAY": "wayland-0"})
    assert not start.has_screen({"DISPLAY": ""})


@pytest.fixture
def bare_debian(monkeypatch):
    monkeypatch.setattr(start.sys, "platform", "linux")
    monkeypatch.setattr(start, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(start, "has_font", lambda: False)
    monkeypatch.setattr(start, "is_debian_like", lambda: True)
    monkeypatch.setattr(start.os, "geteuid", lambda: 0, raising=False)


def test_root_on_debian_gets_what_is_missing_installed(bare_debian, commands):
    start.prepare_system(window=False)

    assert commands[0][:2] == ["apt-get", "update"]
    assert commands[1][:2] == ["apt-get", "install"]
    assert commands[1][-3:] == ["libegl1", "fontconfig", "fonts-noto-core"]
    assert "--no-install-recommends" in commands[1]


def test_person_on_debian_gets_the_line_to_run(bare_debian, commands, monkeypatch):
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000, raising=False)

    with pytest.raises(start.Stop) as stop:
        start.prepare_system(window=False)

    assert str(stop.value).splitlines()[-1] == (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends "
        "libegl1 fontconfig fonts-noto-core"
    )
    assert commands == []


def test_debian_without_ensurepip_gets_the_venv_package(bare_debian, commands, monkeypatch):
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)

    start.prepare_system(window=False)

    assert f"python3.{sys.version_info.minor}-venv" in commands[1]


def test_other_linux_gets_the_names_of_the_libraries(bare_debian, commands, monkeypatch):
    monkeypatch.setattr(start, "is_debian_like", lambda: False)

    with pytest.raises(start.Stop, match=r"libEGL\.so\.1"):
        start.prepare_system(window=False)


def test_only_a_window_needs_the_libraries_of_a_screen(monkeypatch):
    monkeypatch.setattr(start, "loads", lambda library: False)

    assert "libxcb-cursor.so.0" in start.missing_libraries(window=True)
    assert "libxcb-cursor.so.0" not in start.missing_libraries(window=False)


def test_first_time_installs_the_build_tools_then_the_project(environment, commands):
    environment.prepare("demo")

    probe, tools, project, unpacking = commands
    assert probe[1:] == ["-c", ""]
    assert tools[-1] == "editables"
    assert project[-2:] == ["--editable", f"{ROOT}[demo]"]
    assert "--no-build-isolation" in project
    for command in (tools, project):
        assert command[command.index("--constraint") + 1] == str(start.CONSTRAINTS)
    assert unpacking == [str(environment.python), str(start.UNPACK_QT)]


def test_second_time_installs_nothing(environment, commands):
    environment.prepare("demo")
    commands.clear()

    environment.prepare("demo")

    assert [command[1:] for command in commands] == [["-c", ""]]


def test_demo_after_test_installs_nothing_but_test_after_demo_does(environment, commands):
    environment.prepare("test")
    note = environment.read_note()

    assert note["demo"] == note["test"]
    assert any("pytest" in word for word in commands[-2])
    assert any("ruff" in word for word in commands[-2])
    environment.write_note({key: note[key] for key in ("root", "demo")})
    commands.clear()
    environment.prepare("test")
    assert len(commands) == 4


def test_other_versions_are_installed_anew(environment, commands, monkeypatch, tmp_path):
    environment.prepare("demo")
    commands.clear()
    other = tmp_path / "constraints.txt"
    other.write_text("requests==2.0\n", encoding="utf-8")
    monkeypatch.setattr(start, "CONSTRAINTS", other)

    environment.prepare("demo")

    assert len(commands) == 4


@pytest.mark.parametrize(
    "note",
    [
        pytest.param({"root": str(ROOT), "installing": "demo"}, id="an installation was cut off"),
        pytest.param({"root": "/another/folder", "demo": "0"}, id="the checkout was moved"),
        pytest.param({}, id="it was made half, so that it has no pip"),
    ],
)
def test_environment_that_cannot_be_used_is_not_sound(environment, note):
    assert environment.is_sound({"root": str(ROOT)})
    assert not environment.is_sound(note)


def test_environment_whose_python_is_gone_is_not_sound(environment):
    environment.python.unlink()

    assert not environment.is_sound({"root": str(ROOT)})


def test_environment_that_is_not_sound_is_made_again(environment, commands):
    environment.write_note({"root": "/another/folder"})

    environment.prepare("demo")

    assert commands[0][1:] == ["-m", "venv", str(environment.folder)]
    assert not environment.python.exists()  # the making itself was only recorded


def test_failed_installation_says_what_to_do_and_keeps_the_environment(environment, monkeypatch):
    monkeypatch.setattr(start, "run", lambda command: 1)

    with pytest.raises(start.Stop, match=r"online.*disk.*what is done is kept"):
        environment.prepare("demo")

    assert environment.read_note() == {"root": str(ROOT)}


def test_demo_without_a_screen_drives_itself_and_tells_where_the_pictures_are(
    commands, capsys, monkeypatch, tmp_path
):
    monkeypatch.setattr(start, "ROOT", tmp_path)
    pictures = tmp_path / "out"
    pictures.mkdir()
    (pictures / "01-welcome-light.png").touch()

    assert start.demo(Path("python"), [], screen=False) == 0
    assert commands[0][-2:] == ["--autopilot", str(pictures)]
    assert f"The pictures are in {pictures}" in capsys.readouterr().out


def test_pictures_of_an_older_demo_are_not_told_as_this_ones(tmp_path, monkeypatch, capsys):
    pictures = tmp_path / "out"
    pictures.mkdir()
    (pictures / "01-welcome-light.png").touch()
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "run", lambda *_, **__: start.WRONG_USAGE)

    assert start.demo(Path("python"), ["--brand", "nosuch"], screen=False) == start.WRONG_USAGE
    assert "The pictures are in" not in capsys.readouterr().out


@pytest.mark.parametrize("passed_on", [["--autopilot", "here"], ["--autopilot=here"]])
def test_demo_leaves_a_given_autopilot_alone(commands, capsys, passed_on):
    start.demo(Path("python"), passed_on, screen=False)

    assert commands[0][1:] == ["-m", "setup_wizard", "--demo", *passed_on]
    assert capsys.readouterr().out == ""


def test_demo_with_a_screen_opens_the_window(commands):
    start.demo(Path("python"), [], screen=True)

    assert commands == [["python", "-m", "setup_wizard", "--demo"]]


def test_every_check_runs_and_arguments_go_to_pytest(commands, capsys, monkeypatch):
    monkeypatch.setattr(start, "prepare_conformance", lambda: "Skipped: no clients")
    monkeypatch.setattr("os.cpu_count", lambda: 3)

    assert start.test(Path("python"), ["-k", "secret"]) == 0
    assert [command[2] for command in commands[:3]] == ["ruff", "ruff", "mypy"]
    assert commands[-1][1:] == ["-m", "pytest", "-n", "7", "--dist", "worksteal", "-k", "secret"]
    closing = capsys.readouterr().out.splitlines()[-2:]
    assert closing[0].endswith("Skipped: no clients")
    assert "All 5 checks passed: format" in closing[1]


def test_first_failing_check_ends_the_run_with_its_status(monkeypatch, capsys):
    monkeypatch.setattr(start, "prepare_conformance", lambda: None)
    monkeypatch.setattr(start, "run", lambda command, **_: 7 if "mypy" in command else 0)

    assert start.test(Path("python"), []) == 7
    last = capsys.readouterr().out.splitlines()[-1]
    assert "FAILED at types (exit status 7)" in last


def test_without_node_the_foreign_clients_are_skipped_in_words(monkeypatch, commands):
    monkeypatch.setattr(start.shutil, "which", lambda name: None)

    assert "Node.js" in start.prepare_conformance()
    assert commands == []


def test_foreign_clients_are_fetched_once(monkeypatch, commands, tmp_path):
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setattr(start, "CONFORMANCE", tmp_path)
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/bin/{name}")

    assert start.prepare_conformance() is None
    assert start.prepare_conformance() is None

    assert [command[:3] for command in commands] == [["/bin/npm", "ci", "--ignore-scripts"]]


def test_process_ended_by_a_signal_is_told_as_a_shell_tells_it(monkeypatch):
    monkeypatch.setattr(start.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=-15))

    assert start.run(["anything"]) == 143


def test_every_required_library_has_its_tested_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    optional = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]
    wanted = [
        *project["project"]["dependencies"],
        *project["build-system"]["requires"],
        *(line for lines in (*optional.values(), *groups.values()) for line in lines),
    ]
    lines = start.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pinned = {plain_name(line.split("==")[0]) for line in lines if "==" in line}

    assert {plain_name(line) for line in wanted} - {"setup-wizard"} <= pinned


def test_constraints_name_no_place():
    text = start.CONSTRAINTS.read_text(encoding="utf-8")

    assert "://" not in text
    assert " @ " not in text


def test_foreign_clients_are_locked_without_addresses():
    lock = json.loads((start.CONFORMANCE / "package-lock.json").read_text(encoding="utf-8"))

    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


@pytest.mark.skipif(os.name == "nt", reason="bash is not assumed there")
def test_ci_runs_the_same_command_as_everybody(tmp_path):
    spy = tmp_path / "python3"
    spy.write_text('#!/bin/sh\necho "$PWD: $*"\n', encoding="utf-8")
    spy.chmod(0o755)
    ran = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        encoding="utf-8",
        timeout=CHILD_TIMEOUT,
    )

    assert ran.stdout == f"{ROOT}: packaging/start.py test\n"


def plain_name(requirement: str) -> str:
    name = requirement
    for border in "[=<>!~; ":
        name = name.split(border)[0]
    return name.lower().replace("_", "-")
