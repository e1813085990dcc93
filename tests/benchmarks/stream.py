"""Measures the event stream from socket to decoded event, ours and the official; one JSON line.

    python tests/benchmarks/stream.py [EVENTS] [ROUNDS]

Both read the same bytes from a plain server of a process of its own, in turn within each round:
one HTTP chunk for each event, as the cloud frames them, and big chunks. Of each the best round
counts, for whatever else runs on this computer only ever takes away. Then ten events in a second,
each with the time it was sent: chunked as the cloud does it, and without any chunks; `late` is in
milliseconds.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EVENTS, ROUNDS = 300_000, 5
SLOW_EVENTS, SLOW_PAUSE = 30, 0.1
SETTLE = 0.3  # seconds; the official client misses what comes before it looks
SLOW_ROUNDS = 2
IN_A_BIG_CHUNK = 400  # some 64 KiB
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PLAIN = HEAD + b"Connection: close\r\n\r\n"
OURS = [sys.executable, "-m", "tests.benchmarks.stream_ours"]
OFFICIAL = ["node", "--no-deprecation", "stream_official.js"]
GOAL, LATE_GOAL_MS, CPU_GOAL = 1.0, 5.0, 3.0


def event(data: str) -> bytes:
    body = {
        "data": data,
        "ttl": 60,
        "published_at": "2026-01-01T00:00:00.000Z",
        "coreid": "0123456789abcdef01234567",
    }
    return f"event: temperature\ndata: {json.dumps(body, separators=(',', ':'))}\n\n".encode()


def as_chunk(block: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(block), block)


def serve(ready: Connection, events: int) -> None:
    """Each connection gets what the query of its path asks for."""
    single = event("21.5")
    fast = {"each": as_chunk(single) * 1000, "big": as_chunk(single * IN_A_BIG_CHUNK)}
    in_one = {"each": 1000, "big": IN_A_BIG_CHUNK}
    nobody = threading.Event()  # is never set: it only lets time pass
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ready.send(listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                kind = connection.recv(65536).split(b" ")[1].split(b"/")[1].decode()
                hello = b":ok\n\n"
                connection.sendall(PLAIN + hello if kind == "plain" else CHUNKED + as_chunk(hello))
                nobody.wait(SETTLE)
                try:
                    if kind in fast:
                        for _ in range(events // in_one[kind]):
                            connection.sendall(fast[kind])
                    else:
                        for _ in range(SLOW_EVENTS):
                            nobody.wait(SLOW_PAUSE)
                            block = event(f"sent {time.time() * 1000:.3f}")
                            connection.sendall(block if kind == "plain" else as_chunk(block))
                    connection.recv(1)  # until the client goes
                except OSError:
                    continue


def run(command: list[str], url: str, events: int) -> dict[str, Any]:
    folder = ROOT / "tests" / "benchmarks" if command is OFFICIAL else ROOT
    environment = None
    if command is OFFICIAL:
        environment = os.environ | {"NODE_PATH": str(ROOT / "tests/conformance/node_modules")}
    ran = subprocess.run(
        [*command, url, str(events)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(there, events), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{here.recv()}"
    result: dict[str, Any] = {"benchmark": "stream", "events": events, "rounds": rounds}
    met = True
    for kind in ("each", "big"):
        runs: dict[str, list[dict[str, Any]]] = {"ours": [], "official": []}
        for _ in range(rounds):
            runs["ours"].append(run(OURS, f"{base}/{kind}", events))
            runs["official"].append(run(OFFICIAL, f"{base}/{kind}", events))
        best = {
            name: {
                "per_second": round(max(r["count"] / r["seconds"] for r in taken)),
                "cpu_per_million": round(min(r["cpu"] / r["count"] for r in taken) * 1e6, 2),
            }
            for name, taken in runs.items()
        }
        ratio = round(best["ours"]["per_second"] / best["official"]["per_second"], 2)
        met &= ratio >= GOAL and best["ours"]["cpu_per_million"] <= CPU_GOAL
        result[f"{kind}_chunk"] = {**best, "ratio": ratio}
    for kind in ("slow", "plain"):
        late: dict[str, dict[str, float]] = {}
        for name, client in (("ours", OURS), ("official", OFFICIAL)):
            taken = [run(client, f"{base}/{kind}", SLOW_EVENTS)["late"] for _ in range(SLOW_ROUNDS)]
            best_round = min(taken, key=max)
            late[name] = {
                "median": round(statistics.median(best_round), 2),
                "worst": round(max(best_round), 2),
            }
        result[f"late_{kind}"] = late
        met &= late["ours"]["worst"] <= LATE_GOAL_MS
    server.terminate()
    goal = {"ratio": GOAL, "late_ms": LATE_GOAL_MS, "cpu_per_million": CPU_GOAL}
    print(json.dumps({**result, "goal": goal, "met": met}))


if __name__ == "__main__":
    main()
