"""The servers that the backend's benchmark measures, each in processes of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import requests

ROOT = Path(__file__).parents[2]
EXPRESS = Path(__file__).parent / "express"
PRODUCT, CLIENT_ID, CLIENT_SECRET, KEY = "benchmark-v1", "benchmark-1", "c" * 40, "installer-key"


@dataclass(frozen=True)
class Server:
    """One server: where it is, and the process that began it."""

    url: str
    root: psutil.Process

    def processes(self) -> list[psutil.Process]:
        return [self.root, *self.root.children(recursive=True)]

    def workers(self) -> list[psutil.Process]:
        """Those that answer: the children, where it has any but the library's own helper."""
        children = self.root.children(recursive=True)
        return [
            each for each in children if "resource_tracker" not in " ".join(each.cmdline())
        ] or [self.root]

    def processor_seconds(self) -> float:
        """Of all its processes so far."""
        return sum(sum(process.cpu_times()[:2]) for process in self.processes())

    def resident_mib(self) -> float:
        return sum(process.memory_info().rss for process in self.processes()) / 2**20


@contextmanager
def cloud(delay_ms: int) -> Iterator[Server]:
    with _announced(["node", "cloud.js", str(delay_ms)], {}) as (told, root):
        yield Server(told["url"], root)


def claims_given(cloud: Server) -> int:
    return int(requests.get(f"{cloud.url}/claims", timeout=5).json()["claims"])


@contextmanager
def express(cloud: Server, database_url: str) -> Iterator[Server]:
    variables = {
        "CLOUD_URL": cloud.url,
        "DATABASE_URL": database_url,
        "PRODUCT": PRODUCT,
        "CLIENT_ID": CLIENT_ID,
        "CLIENT_SECRET": CLIENT_SECRET,
        "NODE_ENV": "production",
    }
    with _announced(["node", "server.js"], variables) as (told, root):
        yield Server(told["url"], root)


@contextmanager
def ours(cloud: Server, database_url: str, *, workers: int = 1) -> Iterator[Server]:
    """`setup-wizard serve` as anybody starts it, with every limit as it is."""
    variables = {
        "SETUP_WIZARD_CLOUD_URL": cloud.url,
        "SETUP_WIZARD_DATABASE_URL": database_url,
        "SETUP_WIZARD_PRODUCT": PRODUCT,
        "SETUP_WIZARD_CLIENT_ID": CLIENT_ID,
        "SETUP_WIZARD_CLIENT_SECRET": CLIENT_SECRET,
        "SETUP_WIZARD_INSTALLER_KEYS": f"bench={KEY}",
    }
    command = [sys.executable, "-m", "setup_wizard", "serve", "--workers", str(workers)]
    with _announced(command, variables) as (told, root):
        yield Server(told["backend"]["url"], root)


def signed_in(backend: Server, customers: Sequence[str]) -> list[str]:
    """A session of each customer, opened at our backend."""
    return [
        requests.post(
            f"{backend.url}/v1/sessions",
            json={"customer": customer, "installer_key": KEY},
            timeout=30,
        ).json()["session_token"]
        for customer in customers
    ]


def postgresql_of(database_url: str) -> Server:
    """The database server itself, for its processor time."""

    async def its_parent() -> psutil.Process:
        connection = await asyncpg.connect(database_url)
        try:
            pid = await connection.fetchval("SELECT pg_backend_pid()")
            return psutil.Process(pid).parent()
        finally:
            await connection.close()

    return Server("", asyncio.run(its_parent()))


@contextmanager
def _announced(
    command: Sequence[str], variables: Mapping[str, str]
) -> Iterator[tuple[dict[str, Any], psutil.Process]]:
    """Runs until the block ends; with the JSON line that it begins with."""
    folder = EXPRESS if command[0] == "node" else ROOT
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline()), psutil.Process(process.pid)
        finally:
            process.terminate()
