"""The rules of the house that no linter knows, each as a test that names who breaks it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.failures import leaves

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "setup_wizard"
LONGEST_FILE = 400  # lines: what is longer says more than one thing

# Where a secret may be read. Everybody else passes it on as it is.
MAY_REVEAL = (
    "setup_wizard/softap/",
    "setup_wizard/particle/",
    "setup_wizard/backend.py",
    "setup_wizard/certificates.py",
    "setup_wizard/web.py",
    "setup_wizard/service/",
    "setup_wizard/bootstrap.py",
    "setup_wizard/cli/",
    "setup_wizard/sessions.py",  # into the system's key store
    "setup_wizard/qt/widgets/passphrase_field.py",  # gives back to the person what they typed
)
MAY_CATCH_EVERYTHING = (
    "setup_wizard/qt/worker.py",
    "setup_wizard/qt/report_bar.py",  # the button waits for an end, whichever it is
    "setup_wizard/qt/controller.py",  # a journal that fails costs no set-up
    "setup_wizard/qt/panel/feed.py",  # the window says why it hears nothing more
    "setup_wizard/qt/panel/errands.py",  # whoever asked waits for an end, whichever it is
    "setup_wizard/qt/panel/saving.py",  # the person is told, whatever the reason
    "setup_wizard/service/app.py",
    "setup_wizard/sessions.py",  # each system's key store fails in its own way
    "setup_wizard/interruptible.py",  # raised again, in the thread that waits for it
)
MAY_START_PROCESSES = ("setup_wizard/wifi/", "setup_wizard/demo.py")
MAY_PRINT = ("setup_wizard/cli/",)
MAY_SLEEP = ("tests/simulators/photon/test_golden.py",)  # a pause is part of the recording

# In PySide6-Essentials, and under the LGPL: a maker can ship it. QtCharts, for one, is GPL.
QT_MODULES = {
    "QtCore",
    "QtDBus",
    "QtGui",
    "QtNetwork",
    "QtSvg",
    "QtSvgWidgets",
    "QtTest",
    "QtWidgets",
}
# The customer never hears of the cloud behind the maker, nor of how it is spoken to.
UNHEARD_WORDS = re.compile(r"particle|soft-?ap|\btokens?\b|claim[ -]codes?", re.IGNORECASE)

# What answers something else in each worker of the tests, so that their lists would differ.
DIFFERS_EACH_TIME = {"time", "now", "monotonic", "urandom", "token_hex", "uuid4", "random", "set"}

Rule = Callable[[ast.AST], bool]


def is_reveal(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in {"reveal", "reveal_bytes"}


def is_attribute(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name


def is_catch_all(node: ast.AST) -> bool:
    """`except Exception` and its like, unless everything caught is raised again."""
    if isinstance(node, ast.ExceptHandler):
        last = node.body[-1]
        if isinstance(last, ast.Raise) and last.exc is None:
            return False
        return node.type is None or names_everything(node.type)
    return any(names_everything(each) for each in arguments(node, of="suppress"))


def is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "print"


def is_sleep(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "time" and any(each.name == "sleep" for each in node.names)
    return is_attribute(node, "sleep") and ast.unparse(node) == "time.sleep"


def names_a_test_by_chance(node: ast.AST) -> bool:
    """A case that is another in each worker: pytest-xdist then refuses to start at all."""
    return any(
        called(part) in DIFFERS_EACH_TIME or isinstance(part, ast.Set)
        for each in arguments(node, of="parametrize")
        for part in ast.walk(each)
    )


def starts_processes(node: ast.AST) -> bool:
    return any(name.split(".")[0] == "subprocess" for name in imported(node))


def asks_for_the_application(node: ast.AST) -> bool:
    return is_attribute(node, "instance") and bool(
        re.search(r"Q(Core|Gui)?Application\.instance$", ast.unparse(node))
    )


def connects_a_passing_function(node: ast.AST) -> bool:
    """A lambda or partial runs in the sender's thread, a bound method in its object's own."""
    return any(
        isinstance(each, ast.Lambda) or called(each) == "partial"
        for each in arguments(node, of="connect")
    )


def imports_foreign_qt(node: ast.AST) -> bool:
    modules = [name.split(".")[1] for name in imported(node) if name.startswith("PySide6.")]
    return any(module not in QT_MODULES for module in modules)


RULES: list[tuple[str, Rule, tuple[str, ...], tuple[str, ...]]] = [
    ("a secret is read only where it leaves", is_reveal, ("setup_wizard",), MAY_REVEAL),
    ("errors are caught by name", is_catch_all, ("setup_wizard",), MAY_CATCH_EVERYTHING),
    ("only the command line prints", is_print, ("setup_wizard",), MAY_PRINT),
    ("nobody sleeps", is_sleep, ("setup_wizard", "tests"), MAY_SLEEP),
    ("a test is the same each time", names_a_test_by_chance, ("tests",), ()),
    ("only Wi-Fi starts processes", starts_processes, ("setup_wizard",), MAY_START_PROCESSES),
    ("nobody asks for the application", asks_for_the_application, ("setup_wizard",), ()),
    ("signals go to bound methods", connects_a_passing_function, ("setup_wizard/qt",), ()),
    ("Qt comes from the Essentials", imports_foreign_qt, ("setup_wizard", "tests"), ()),
]


@pytest.mark.slow
def test_every_rule_is_kept(subtests: pytest.Subtests) -> None:
    """One for all: each file is read once, and workers do not share what they read."""
    broken: dict[str, list[str]] = {says: [] for says, *_ in RULES}
    looked_at: Counter[str] = Counter()
    for file in python_files("setup_wizard", "tests"):
        name = file.relative_to(ROOT).as_posix()
        rules = [
            (says, rule)
            for says, rule, folders, allowed in RULES
            if name.startswith(folders) and not name.startswith(allowed)
        ]
        looked_at.update(says for says, _ in rules)
        for node in nodes(file):
            for says, rule in rules:
                if rule(node):
                    broken[says].append(f"{name}:{getattr(node, 'lineno', '?')}")

    for says, places in broken.items():
        with subtests.test(says):
            assert looked_at[says]
            assert not places


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (is_reveal, "secret.reveal()"),
        (is_reveal, "map(Secret.reveal_bytes, secrets)"),
        (is_catch_all, "try: act()\nexcept Exception: pass"),
        (is_catch_all, "try: act()\nexcept (OSError, BaseException) as e: raise Other from e"),
        (is_catch_all, "try: act()\nexcept: pass"),
        (is_catch_all, "with contextlib.suppress(Exception): act()"),
        (is_print, "print(1)"),
        (is_sleep, "time.sleep(1)"),
        (is_sleep, "from time import sleep"),
        (names_a_test_by_chance, "parametrize('end', [json.dumps(int(time.time()) - 1)])"),
        (names_a_test_by_chance, "parametrize('each', {1, 2})"),
        (starts_processes, "import subprocess"),
        (starts_processes, "from subprocess import run"),
        (asks_for_the_application, "QtWidgets.QApplication.instance()"),
        (asks_for_the_application, "QCoreApplication.instance()"),
        (connects_a_passing_function, "button.clicked.connect(lambda: 1)"),
        (connects_a_passing_function, "clicked.connect(functools.partial(act, 1), type)"),
        (imports_foreign_qt, "from PySide6.QtCharts import QChart"),
        (imports_foreign_qt, "from PySide6 import QtGraphs"),
        (imports_foreign_qt, "import PySide6.QtCharts as charts"),
    ],
)
def test_rule_catches_what_it_forbids(rule: Rule, code: str) -> None:
    assert any(rule(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (is_catch_all, "try: act()\nexcept BaseException:\n tidy()\n raise"),
        (is_catch_all, "try: act()\nexcept OSError: pass"),
        (is_sleep, "await asyncio.sleep(1)"),
        (connects_a_passing_function, "button.clicked.connect(self.act)"),
        (imports_foreign_qt, "from PySide6 import QtCore"),
    ],
)
def test_rule_lets_pass_what_is_right(rule: Rule, code: str) -> None:
    assert not any(rule(node) for node in ast.walk(ast.parse(code)))


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for file in python_files("setup_wizard", "tests", "packaging")
    }

    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}


def test_every_room_has_its_place_in_the_layers() -> None:
    rooms = {
        path.stem
        for path in PACKAGE.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
    }

    assert rooms - {name.removeprefix("setup_wizard.") for name in layers()} == set()


def test_every_failure_has_its_own_code() -> None:
    codes = Counter(failure.code for failure in leaves(within=PACKAGE.name))

    assert [code for code, times in codes.items() if times > 1] == []
    assert [code for code in codes if not re.fullmatch(r"SW(-[A-Z]+)+", code)] == []


def test_customer_never_hears_of_the_cloud_behind_the_maker() -> None:
    words = list(customers_words())

    assert len(words) > 100
    assert [text for text in words if UNHEARD_WORDS.search(text)] == []


def python_files(*folders: str) -> list[Path]:
    found = [
        file
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in file.parts
    ]
    assert found
    return found


def nodes(file: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def called(node: ast.AST) -> str | None:
    """The last name of what is called: `connect` in `button.clicked.connect(…)`."""
    if not isinstance(node, ast.Call):
        return None
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return None


def arguments(node: ast.AST, *, of: str) -> list[ast.expr]:
    return node.args if isinstance(node, ast.Call) and called(node) == of else []


def names_everything(node: ast.expr) -> bool:
    names = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(n, ast.Name) and n.id in {"Exception", "BaseException"} for n in names)


def imported(node: ast.AST) -> list[str]:
    """Every dotted name that an import may bring: `a.b` for `from a import b`."""
    match node:
        case ast.Import(names=names):
            return [each.name for each in names]
        case ast.ImportFrom(module=str(module), names=names, level=0):
            return [f"{module}.{each.name}" for each in names]
    return []


def layers() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in project["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            for layer in contract["layers"]:
                yield from (name.strip() for name in re.split(r"[|:]", layer))


def customers_words() -> Iterator[str]:
    """Every text for the customer: the sentences, and whatever a brand says or draws."""
    for file in sorted((PACKAGE / "words").glob("*.py")):
        for node in nodes(file):
            if isinstance(node, ast.Dict):
                for value in node.values:
                    yield from (
                        part.value
                        for part in ast.walk(value)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    )
    for file in sorted((ROOT / "resources" / "brands").rglob("*")):
        if file.suffix == ".toml":
            yield from texts(tomllib.loads(file.read_text(encoding="utf-8")))
        elif file.suffix == ".svg":
            yield file.read_text(encoding="utf-8")


def texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from texts(each)
        case list():
            for each in value:
                yield from texts(each)
