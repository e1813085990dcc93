"""What the command tells about itself, and what it says when it cannot begin."""

from __future__ import annotations

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup_wizard import __version__
from setup_wizard.cli.options import build_parser, read_arguments
from tests.cli.command import refuses, run


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("provision",),
        ("simulate",),
        ("simulate", "photon"),
        ("simulate", "cloud"),
        ("simulate", "world"),
        ("serve",),
        ("report",),
        ("staff",),
        ("staff", "add"),
        ("staff", "revoke"),
        ("staff", "list"),
        ("customers",),
        ("customers", "list"),
        ("customers", "delete"),
        ("watch",),
        ("call",),
        ("read",),
    ],
)
def test_help_shows_an_example_that_can_be_typed(command: tuple[str, ...]) -> None:
    answer = run(*command, "--help")

    example = answer.out.rpartition("example:\n")[2].strip()
    words = example.partition(" < ")[0].split()
    typed = words[words.index("setup-wizard") + 1 :]
    assert (answer.status, answer.err) == (0, "")
    assert tuple(typed[: len(command)]) == command
    build_parser().read(typed)


def test_every_word_that_can_be_typed_is_explained() -> None:
    unexplained = [
        f"{parser.prog} {action.dest}"
        for parser in every_parser(build_parser())
        for action in parser._actions
        if not action.help and not isinstance(action, _SubParsersAction)
    ]

    assert unexplained == []


def every_parser(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for command in action.choices.values():
                yield from every_parser(command)


def test_the_example_of_provision_is_whole() -> None:
    """Whoever copies it is not told that something is missing."""
    example = run("provision", "--help").out

    assert "--installer-key-file key --customer jane@example.com" in example


@pytest.mark.parametrize("command", ["provision", "watch", "call", "read"])
def test_every_way_to_sign_in_is_shown(command: str) -> None:
    shown = run(command, "--help").out

    assert "--code-stdin" in shown
    assert "--installer-key-file FILE" in shown
    assert "--account-token-file FILE" in shown


def test_version() -> None:
    answer = run("--version", afresh=True)

    assert (answer.status, answer.out, answer.err) == (0, f"{__version__}\n", "")


def test_the_autopilot_flies_in_the_demo_only(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"

    assert "--demo" in refuses(run("--autopilot", str(folder)))
    assert not folder.exists()


def test_the_autopilot_needs_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "pictures"
    file.touch()

    assert str(file) in refuses(run("--demo", "--autopilot", str(file)))


@pytest.mark.parametrize("arguments", [("--demo",), ("--backend", "http://127.0.0.1:9")])
def test_no_display_is_said(arguments: tuple[str, ...]) -> None:
    sentence = refuses(run(*arguments))

    assert "no display" in sentence
    assert "--autopilot" in sentence


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ((), "--backend"),
        (("--backend", "nonsense"), "nonsense"),
        (("--brand", "nobody", "--demo"), "nobody"),
        (("--config", "/no/such/file"), "/no/such/file"),
        (("--frobnicate",), "--frobnicate"),
        (("fly",), "fly"),
        (("sign-in",), "sign-in"),
    ],
)
def test_a_window_that_cannot_open_says_why(arguments: tuple[str, ...], hint: str) -> None:
    assert hint in refuses(run(*arguments, env={"QT_QPA_PLATFORM": "offscreen"}))


@pytest.mark.parametrize(
    "typed",
    [
        [],
        ["--demo", "--brand", "moss", "--autopilot", "out", "--verbose"],
        ["--backend", "https://setup.example.com", "--config", "shop.toml"],
        ["--verbose", "report", "report.zip"],
        ["--backend", "https://setup.example.com", "call", "kitchen", "led"],
    ],
)
def test_a_line_is_read_the_same_the_quick_way(typed: list[str]) -> None:
    assert vars(read_arguments(typed)) == vars(build_parser().read(typed))


@pytest.mark.parametrize("typed", [["--demo", "sing"], ["sing"], ["--demi"], ["--brand"]])
def test_a_slip_is_found_the_quick_way_too(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for read in (read_arguments, build_parser().read):
        with pytest.raises(SystemExit):
            read(typed)
        said.append(capsys.readouterr().err)

    assert said[0] == said[1] != ""
