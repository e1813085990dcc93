"""The cloud of the panel's benchmark, in a process of its own: one stream, as fast as it is told.

Prints its address, then obeys lines on standard input: `burst COUNT` as fast as it is read, `rate
PER_SECOND SECONDS`, each answered by the number of events sent so far.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time

DEVICES = [f"3a001b0004473431383330{number:02d}" for number in range(8)]
KINDS = 1000  # different events, over and over: making them is not what is measured
TICK = 0.01  # s between two writes at a steady rate
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n6\r\n:ok\n\n\n\r\n"
)


def event(number: int) -> bytes:
    """One HTTP chunk, as the cloud frames it: mostly numbers, some JSON, some text."""
    name, data = "temperature", f"{20 + number % 50 / 10:.1f}"
    if number % 10 in (3, 7):
        name, data = "air", json.dumps({"humidity": 40 + number % 20, "co2": {"ppm": 400 + number}})
    elif number % 10 == 9:
        name, data = "status", "all is well, the door is closed"
    body = json.dumps(
        {
            "data": data,
            "ttl": 60,
            "published_at": f"2026-01-01T00:00:00.{number % 1000:03d}Z",
            "coreid": DEVICES[number % len(DEVICES)],
        }
    )
    text = f"event: {name}\ndata: {body}\n\n".encode()
    return b"%x\r\n%b\r\n" % (len(text), text)


class Cloud:
    def __init__(self) -> None:
        self._events = [event(number) for number in range(KINDS)]
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._stream: socket.socket | None = None
        self._opened = threading.Event()
        self.sent = 0

    def serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            while request := lines.readline():
                while lines.readline().strip():
                    pass
                if b"/events" in request:
                    connection.sendall(HEAD)
                    self._stream = connection
                    self.send(1)
                    self._opened.set()
                    threading.Event().wait()
                body = json.dumps(
                    [{"id": each, "name": "", "connected": True} for each in DEVICES]
                ).encode()
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(head.encode() + body)

    def send(self, count: int) -> None:
        assert self._stream is not None
        while count:
            start = self.sent % KINDS
            block = self._events[start : start + count]
            self._stream.sendall(b"".join(block))
            self.sent += len(block)
            count -= len(block)

    def send_steadily(self, per_second: int, seconds: float) -> None:
        began, before, pause = time.monotonic(), self.sent, threading.Event()
        while (passed := time.monotonic() - began) < seconds:
            self.send(max(0, round(passed * per_second) - (self.sent - before)))
            pause.wait(TICK)
        self.send(round(per_second * seconds) - (self.sent - before))

    def obey(self, line: str) -> None:
        self._opened.wait()
        match line.split():
            case ["burst", count]:
                self.send(int(count))
            case ["rate", per_second, seconds]:
                self.send_steadily(int(per_second), float(seconds))


def main() -> None:
    cloud = Cloud()
    threading.Thread(target=cloud.serve, daemon=True).start()
    print(json.dumps({"url": cloud.url}), flush=True)
    for line in sys.stdin:
        cloud.obey(line)
        print(json.dumps({"sent": cloud.sent}), flush=True)


if __name__ == "__main__":
    main()
