"""Start on a fresh machine: make the environment once, then run the demo or every check.

python3 packaging/start.py demo [-- ARGUMENTS]   the window in the simulated world
python3 packaging/start.py test [-- ARGUMENTS]   every check; the arguments go to pytest

Needs nothing but Python 3.11 and the package registries.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 11)
WRONG_USAGE = 2  # the exit status of a program that was not even begun
ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
UNPACK_QT = ROOT / "packaging" / "unpack_qt.py"
CONFORMANCE = ROOT / "tests" / "conformance"

# What the Qt wheels expect of a Linux system: the file that is loaded, and Debian's package of it.
QT_LIBRARIES = {
    "libdbus-1.so.3": "libdbus-1-3",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
}
QT_SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONT_PACKAGES = ("fontconfig", "fonts-noto-core")


class Stop(Exception):
    """It cannot go on; the message says what happened and what to do next."""


def main(arguments: Sequence[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        needed, found = (".".join(map(str, v)) for v in (OLDEST_PYTHON, sys.version_info[:3]))
        print(
            f"Setup Wizard needs Python {needed} or newer, and this is Python {found}. "
            f"Install a newer Python and start again with it.",
            file=sys.stderr,
        )
        return 1
    command, passed_on = parse(arguments)
    screen = has_screen(os.environ)
    try:
        prepare_system(window=command == "demo" and screen)
        environment = Environment(ROOT / ".venv")
        environment.prepare(command)
        if command == "demo":
            return demo(environment.python, passed_on, screen=screen)
        return test(environment.python, passed_on)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def parse(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The command, and what stands behind `--` for the program that it runs."""
    own = list(arguments)
    passed_on: list[str] = []
    if "--" in own:
        border = own.index("--")
        own, passed_on = own[:border], own[border + 1 :]
    parser = argparse.ArgumentParser(
        prog="start.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="start.py {demo,test} [-- ARGUMENTS]",
    )
    parser.add_argument("command", choices=["demo", "test"])
    return parser.parse_args(own).command, passed_on


def has_screen(variables: Mapping[str, str]) -> bool:
    if sys.platform != "linux":
        return True
    return any(variables.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


# The system


def prepare_system(*, window: bool) -> None:
    """Have what Qt and the environment expect of a Linux system."""
    if sys.platform != "linux":
        return
    libraries = missing_libraries(window=window)
    if not is_debian_like():
        if libraries:
            raise Stop(
                f"Qt needs these libraries, which this system lacks: {', '.join(libraries)}. "
                f"Install them with the system's package manager and start again."
            )
        return
    packages = [*libraries.values()]
    if importlib.util.find_spec("ensurepip") is None:
        packages.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if not has_font():
        packages += FONT_PACKAGES
    if not packages:
        return
    if os.geteuid() != 0:
        raise Stop(
            f"This system lacks some packages. Install them with this line and start again:\n"
            f"sudo apt-get update && sudo apt-get install -y --no-install-recommends "
            f"{' '.join(packages)}"
        )
    say(f"Installing system packages: {' '.join(packages)}")
    apt_install(packages)


def missing_libraries(*, window: bool) -> dict[str, str]:
    """Files that cannot be loaded, with Debian's packages of them."""
    wanted = QT_LIBRARIES | (QT_SCREEN_LIBRARIES if window else {})
    return {name: package for name, package in wanted.items() if not loads(name)}


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def is_debian_like() -> bool:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    family = {release["ID"], *release.get("ID_LIKE", "").split()}
    return "debian" in family and shutil.which("apt-get") is not None


def has_font() -> bool:
    """Whether there is any font. Without one, Qt draws boxes."""
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list"], capture_output=True, check=False).stdout.strip())


def apt_install(packages: Sequence[str]) -> None:
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # One broken source fails the whole update, though the packages may still be had: the
    # installation alone decides.
    subprocess.run(["apt-get", "update", "-qq"], env=variables, check=False)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    result = subprocess.run(install, env=variables, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        print(result.stdout, end="")
        raise Stop(
            f"The system packages could not be installed; the lines above say why.\n{advice()}"
        )


# The environment


@dataclass(frozen=True)
class Environment:
    """The project's own Python in the checkout, and a note of what was installed in it."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def note(self) -> Path:
        return self.folder / "start.json"

    def prepare(self, command: str) -> None:
        """Make it, repair it, bring it up to date; nothing at all when it is."""
        note = self.read_note()
        if not self.is_sound(note):
            self.make()
            note = {"root": str(ROOT)}
        wanted = fingerprint(ROOT / "pyproject.toml", CONSTRAINTS, UNPACK_QT)
        if note.get(command) == wanted:
            return
        self.install(note, command)
        # What the tests need includes what the demo needs.
        done = ["demo", "test"] if command == "test" else ["demo"]
        self.write_note({**note, **dict.fromkeys(done, wanted)})

    def is_sound(self, note: Mapping[str, str]) -> bool:
        """Whether it can be used. Scripts in it hold its path, so a moved one cannot."""
        if "installing" in note or note.get("root", str(ROOT)) != str(ROOT):
            return False
        # Without a note it was made by somebody else, or not to the end: then pip tells.
        probe = ["-c", ""] if note else ["-m", "pip", "--version"]
        try:
            result = subprocess.run([self.python, *probe], capture_output=True, check=False)
        except OSError:
            return False
        return result.returncode == 0

    def make(self) -> None:
        if self.folder.is_symlink() or self.folder.is_file():
            self.folder.unlink()
        elif self.folder.exists():
            say(f"Removing {self.folder.name}: it is not complete, or belongs to another folder")
            shutil.rmtree(self.folder)
        say(f"Making the environment {self.folder.name} (only once)")
        if subprocess.run([sys.executable, "-m", "venv", self.folder], check=False).returncode:
            raise Stop(f"The environment could not be made in {self.folder}.\n{advice()}")

    def install(self, note: Mapping[str, str], command: str) -> None:
        say("Installing the libraries (the first time some 150 MB are fetched)")
        started = time.monotonic()
        self.write_note({**note, "installing": command})
        try:
            # The build tools come first and are used as they are, so that the constraints
            # hold for them too.
            self.pip_install([*build_requirements(), "editables"])
            extra = test_requirements() if command == "test" else []
            self.pip_install(["--no-build-isolation", "--editable", f"{ROOT}[demo]", *extra])
            # Only for a quicker start: where it fails, so will what is run, with its own words.
            run([self.python, UNPACK_QT])
        except Stop:
            self.write_note(note)  # pip cleans up after itself; only a killed one does not
            raise
        say(f"Installed in {time.monotonic() - started:.0f} s")

    def pip_install(self, arguments: Sequence[str]) -> None:
        pip = ["-m", "pip", "--disable-pip-version-check", "--no-input"]
        install = [*pip, "install", "--quiet", "--constraint", str(CONSTRAINTS), *arguments]
        if run([self.python, *install]) != 0:
            raise Stop(
                f"The libraries could not be installed; the lines above say why.\n{advice()}"
            )

    def read_note(self) -> dict[str, str]:
        try:
            note: dict[str, str] = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return note

    def write_note(self, note: Mapping[str, str]) -> None:
        self.note.write_text(json.dumps(note), encoding="utf-8")


def project() -> dict[str, dict[str, list[str]]]:
    import tomllib  # not before the version of Python is known to have it

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def build_requirements() -> list[str]:
    return project()["build-system"]["requires"]


def test_requirements() -> list[str]:
    """Read here, because pip knows dependency groups only since 25.1."""
    groups = project()["dependency-groups"]
    return groups["test"] + groups["lint"]


def fingerprint(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def advice() -> str:
    free = shutil.disk_usage(ROOT).free // 1_000_000
    return (
        f"Is this computer online, and may it reach the package registries (behind a proxy: is "
        f"HTTPS_PROXY set)? Is there room on the disk ({free} MB are free, 1000 are needed)? "
        f"Then start again; what is done is kept."
    )


# What is run


def demo(python: Path, passed_on: Sequence[str], *, screen: bool) -> int:
    """Open the window in the simulated world; without a screen let it drive itself."""
    variables = dict(os.environ)
    arguments = list(passed_on)
    pictures: Path | None = None
    if not screen:
        variables.setdefault("QT_QPA_PLATFORM", "offscreen")
        if not any(argument.startswith("--autopilot") for argument in arguments):
            pictures = ROOT / "out"
            arguments += ["--autopilot", str(pictures)]
            say("There is no screen, so the demo drives itself and takes a picture of every page")
    status = run([python, "-m", "setup_wizard", "--demo", *arguments], variables=variables)
    if pictures is not None and status != WRONG_USAGE and any(pictures.glob("*.png")):
        say(f"The pictures are in {pictures}")
    return status


def test(python: Path, passed_on: Sequence[str]) -> int:
    """Every check in order, up to the first that fails."""
    skipped = prepare_conformance()
    layers = "from importlinter.cli import lint_imports_command as check; check()"
    checks: list[tuple[str, list[str]]] = [
        ("format", ["-m", "ruff", "format", "--check", "."]),
        ("lint", ["-m", "ruff", "check", "."]),
        ("types", ["-m", "mypy"]),
        ("layers", ["-c", layers]),
        ("tests", ["-m", "pytest", "-n", workers(), "--dist", "worksteal", *passed_on]),
    ]
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    times: list[str] = []
    for number, (name, arguments) in enumerate(checks, start=1):
        print(f"\n=== {number}/{len(checks)} {name}", flush=True)
        started = time.monotonic()
        status = run([python, *arguments], variables=variables, folder=ROOT)
        times.append(f"{name} {time.monotonic() - started:.1f} s")
        if status != 0:
            say(f"FAILED at {name} (exit status {status}): {', '.join(times)}")
            return status
    print()
    if skipped:
        say(skipped)
    say(f"All {len(checks)} checks passed: {', '.join(times)}")
    return 0


def workers() -> str:
    """More than two for each core: much of the time is spent waiting for a device or a page."""
    return str(2 * (os.cpu_count() or 1) + 1)


def prepare_conformance() -> str | None:
    """Fetch the foreign clients of tests/conformance, or tell why not."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return "Skipped: the tests with foreign clients, which need Node.js and npm"
    lock, note = CONFORMANCE / "package-lock.json", CONFORMANCE / "node_modules" / "start.txt"
    wanted = fingerprint(lock)
    if note.is_file() and note.read_text(encoding="utf-8") == wanted:
        return None
    say("Fetching the foreign clients for tests/conformance (only once)")
    fetch = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if run(fetch, folder=CONFORMANCE) != 0:
        raise Stop(f"npm could not fetch the foreign clients; see above.\n{advice()}")
    note.write_text(wanted, encoding="utf-8")
    return None


def run(
    command: Sequence[str | Path],
    *,
    variables: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> int:
    status = subprocess.run(command, env=variables, cwd=folder, check=False).returncode
    return 128 - status if status < 0 else status  # ended by a signal: as a shell tells it


def say(text: str) -> None:
    print(f"[start] {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
