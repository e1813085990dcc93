"""Measures the backend's provisioning path against a minimal Express server; one JSON line.

    python -m tests.benchmarks.backend [SECONDS] [ROUNDS]

The path is POST /v1/provisions, for customers whose tokens are kept: one look-up of the session in
the database and one call to the cloud, for a claim code. It is what the server half of the usual
two-legged set-up does for each device; making the customer and their token is done once for each,
and the cloud allows 100 of those in five minutes, so they can be no measure of speed. The Express
server (express/server.js) does the same look-up in the same PostgreSQL, keeps tokens and
connections as ours does, and has none of the rest: no limits, no metrics, no strict JSON.

Each is asked by wrk over 50 connections, in turn within each round; ratios are of one round, and
the middle one counts. wrk, the cloud, PostgreSQL and the servers share this computer's cores. So
the processor time of each is told too, in ms for each request, and what the cores did for others.
With fewer than four cores two workers cannot have one each beside all those. There each worker is
given half a core, by a control group, one as well as two: `two_workers_equal_ratio` then counts
for the goal, and where that cannot be done none is called met. Each worker has its 50 connections:
what comes at once is looked up at once, so one that has fewer does more for each. Where others
took more than a fifth of a core (`quiet` is false) only the processor times say much, and no goal
is called met or missed.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks import processor_shares
from tests.benchmarks.backend_servers import (
    EXPRESS,
    Server,
    claims_given,
    cloud,
    express,
    ours,
    postgresql_of,
    signed_in,
)
from tests.service.databases import PostgreSql, running_postgresql

SCRIPT = Path(__file__).with_name("backend.lua")
SECONDS, ROUNDS, WARM_UP = 8, 3, 2
CONNECTIONS = 50
CLOUD_MS = 80
CUSTOMERS = [f"customer{number}@example.com" for number in range(4)]
RATIOS = {"requests": "requests_per_s", "p99": "p99_ms", "processor": "server_cpu_ms"}
QUIET = 0.2  # cores that others may use
CORES_FOR_TWO = 4  # a worker each; the cloud, PostgreSQL and wrk take one more together
SHARE = 0.5  # of a core for each worker, where there are fewer
GOALS = {"requests": 0.9, "p99": 1.3, "two_workers": 1.6}


@dataclass(frozen=True)
class Contender:
    """A server to measure, and the sessions that are open at it."""

    server: Server
    sessions: list[str]
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Surroundings:
    """What works for every contender."""

    cloud: Server
    postgresql: Server


def wrk(contender: Contender, seconds: float) -> dict[str, float]:
    told = subprocess.run(
        [
            *("wrk", "--threads", "1", "--connections", str(contender.connections)),
            *("--duration", f"{seconds:.0f}s", "--timeout", "30s", "--script", str(SCRIPT)),
            *(contender.server.url, "--", *contender.sessions),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return result


def measure(contender: Contender, around: Surroundings, seconds: float) -> dict[str, float]:
    parts = {"server": contender.server, "cloud": around.cloud, "database": around.postgresql}
    claims = claims_given(around.cloud)
    before = {name: part.processor_seconds() for name, part in parts.items()}
    wrk_before, all_before = _wrk_seconds(), _busy_seconds()
    result = wrk(contender, seconds)
    used = {name: part.processor_seconds() - before[name] for name, part in parts.items()}
    used["wrk"] = _wrk_seconds() - wrk_before
    others = _busy_seconds() - all_before - sum(used.values())
    requests = result["requests"]
    assert claims_given(around.cloud) - claims >= requests - result["errors"], "not one call each"
    return {
        "requests_per_s": requests / result["seconds"],
        "median_ms": result["median_ms"],
        "p99_ms": result["p99_ms"],
        "errors": result["errors"],
        **{f"{name}_cpu_ms": spent / requests * 1000 for name, spent in used.items()},
        "cores_for_others": others / result["seconds"],
        "resident_mib": contender.server.resident_mib(),
    }


def take_turns(
    contenders: Mapping[str, Contender], around: Surroundings, seconds: float, rounds: int
) -> dict[str, list[dict[str, float]]]:
    for contender in contenders.values():
        wrk(contender, WARM_UP)
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            runs[name].append(measure(contender, around, seconds))
    return runs


def middle(runs: list[dict[str, float]]) -> dict[str, float]:
    figures = {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}
    return {**figures, "errors": sum(run["errors"] for run in runs)}


def ratio(over: list[dict[str, float]], under: list[dict[str, float]], figure: str) -> float:
    pairs = zip(over, under, strict=True)
    return round(statistics.median(mine[figure] / theirs[figure] for mine, theirs in pairs), 3)


@contextmanager
def contender_of_ours(cloud: Server, database_url: str, *, workers: int = 1) -> Iterator[Contender]:
    with ours(cloud, database_url, workers=workers) as server:
        yield Contender(server, signed_in(server, CUSTOMERS), CONNECTIONS * workers)


def against_express(database: PostgreSql, seconds: float, rounds: int) -> dict[str, Any]:
    """With a cloud that takes its time; ours on SQLite too, which is what it uses by default."""
    url = database.fresh(database.migrated).url
    with ExitStack() as stack:
        enter = stack.enter_context
        slow = enter(cloud(CLOUD_MS))
        folder = enter(tempfile.TemporaryDirectory())
        mine = enter(contender_of_ours(slow, url))
        sqlite = enter(contender_of_ours(slow, f"sqlite:///{folder}/service.db"))
        theirs = Contender(enter(express(slow, url)), mine.sessions)
        contenders = {"express": theirs, "ours": mine, "ours_on_sqlite": sqlite}
        around = Surroundings(slow, postgresql_of(url))
        runs = take_turns(contenders, around, seconds, rounds)
    return {
        **{name: middle(taken) for name, taken in runs.items()},
        **{
            f"{figure}_ratio{name.removeprefix('ours')}": ratio(runs[name], runs["express"], field)
            for name in ("ours", "ours_on_sqlite")
            for figure, field in RATIOS.items()
        },
    }


def two_workers(database: PostgreSql, seconds: float, rounds: int) -> dict[str, Any]:
    """With a cloud that answers at once, so that the workers are what is waited for."""
    urls = [database.fresh(database.migrated).url for _ in range(2)]
    with ExitStack() as stack:
        enter = stack.enter_context
        quick = enter(cloud(0))
        one = enter(contender_of_ours(quick, urls[0]))
        two = enter(contender_of_ours(quick, urls[1], workers=2))
        theirs = Contender(enter(express(quick, urls[0])), one.sessions)
        contenders = {"express": theirs, "one": one, "two": two}
        around = Surroundings(quick, postgresql_of(urls[0]))
        runs = take_turns(contenders, around, seconds, rounds)
        equal = None
        if processor_shares.can_be_given():
            pair = {"one": one, "two": two}
            workers = [each for contender in pair.values() for each in contender.server.workers()]
            with processor_shares.given(workers, SHARE):
                shared = take_turns(pair, around, seconds, rounds)
            equal = ratio(shared["two"], shared["one"], "requests_per_s")
    return {
        **{name: middle(taken) for name, taken in runs.items()},
        "requests_ratio": ratio(runs["one"], runs["express"], "requests_per_s"),
        "two_workers_ratio": ratio(runs["two"], runs["one"], "requests_per_s"),
        "two_workers_equal_ratio": equal,
    }


def _wrk_seconds() -> float:
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


def main() -> None:
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: nothing was measured. On Debian: apt-get install wrk")
    if not (EXPRESS / "node_modules").is_dir():
        sys.exit(
            "Express is missing: nothing was measured. npm ci --prefix tests/benchmarks/express"
        )
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    with running_postgresql() as database:
        slow = against_express(database, seconds, rounds)
        quick = two_workers(database, seconds, rounds)
    measured = [
        figures
        for scene in (slow, quick)
        for figures in scene.values()
        if isinstance(figures, dict)
    ]
    enough_cores = (os.cpu_count() or 1) >= CORES_FOR_TWO
    scaled = quick["two_workers_ratio" if enough_cores else "two_workers_equal_ratio"]
    quiet = all(figures["cores_for_others"] <= QUIET for figures in measured)
    met = {
        "requests": slow["requests_ratio"] >= GOALS["requests"],
        "p99": slow["p99_ratio"] <= GOALS["p99"],
        "errors": all(figures["errors"] == 0 for figures in measured),
        "two_workers": scaled is not None and scaled >= GOALS["two_workers"],
    }
    told = {
        "benchmark": "backend",
        "load": f"wrk, {CONNECTIONS} connections, {rounds} times {seconds:.0f} s",
        "cores": os.cpu_count(),
        "quiet": quiet,
        f"cloud_{CLOUD_MS}_ms": slow,
        "cloud_0_ms": quick,
        "goals": GOALS,
        "met": met if quiet else None,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
