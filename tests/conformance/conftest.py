"""What every test with a foreign client needs: node, and a way to run one script with it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.missing import missing

HERE = Path(__file__).parent
SCRIPT_TIMEOUT = 45.0  # seconds; node alone takes several to start on a busy machine


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node; without it the test is skipped, but on CI it fails."""
    found = shutil.which("node")
    if found is None:
        missing("Node.js is not installed")
    if not (HERE / "node_modules").is_dir():
        missing("the foreign clients are not installed: run `npm ci` in tests/conformance")
    return found


@pytest.fixture(scope="session")
def run_node(node: str) -> Callable[..., dict[str, Any]]:
    """Run a script of this folder; its last line on standard output is a JSON object.

    What is secret goes in by standard input, as everywhere.
    """

    def run(
        script: str,
        *arguments: str,
        stdin: str | None = None,
        timeout: float = SCRIPT_TIMEOUT,
    ) -> dict[str, Any]:
        ran = subprocess.run(
            [node, "--no-deprecation", script, *arguments],
            cwd=HERE,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
        )
        assert ran.returncode == 0, ran.stderr
        answer: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
        return answer

    return run
