"""A question over HTTP ends in time, whatever the other side does, and then it is over for good."""

from __future__ import annotations

import socket
import threading

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import Cancelled
from setup_wizard.web_client import LARGEST_ANSWER, NoAnswer, WebAnswer, WebClient
from tests.particle.servers import BOUND, Answer, raw_server, scripted_server

LONG = 5.0  # seconds; none of the answers takes it


def ask(url: str, *, limit: float = LONG) -> WebAnswer:
    client, half = WebClient(url), limit / 2
    return client.ask("GET", "/", StopSwitch(), connect_timeout=half, answer_timeout=half)


class Endless:
    """Sends piece after piece of an answer until nobody takes it any more."""

    def __init__(self, piece: bytes, pause: float = 0.0) -> None:
        self._piece = piece
        self._pause = pause
        self.begun = threading.Event()
        self.gone = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n")
        self.begun.set()
        try:
            while not self.gone.wait(self._pause):
                connection.sendall(self._piece)
        except OSError:
            self.gone.set()


def test_an_answer_is_its_status_its_headers_and_its_content() -> None:
    with scripted_server() as server:
        server.answer = Answer(503, '{"a": 1}', {"Retry-After": "7"})

        found = ask(server.url)

    assert (found.status, found.headers["retry-after"]) == (503, "7")
    assert found.document() == {"a": 1}


@pytest.mark.parametrize("text", ["", "<html>", '{"a":', "[" * 200_000, b"\xff\xfe"])
def test_what_cannot_be_read_is_no_document(text: str | bytes) -> None:
    with scripted_server() as server:
        server.answer = Answer(200, text)

        assert ask(server.url).document() is None


def test_an_answer_without_an_end_is_not_kept() -> None:
    endless = Endless(b"x" * 65536)
    with raw_server(endless) as server:
        found = ask(server.url)

        assert (found.status, found.content) == (200, b"")
        assert endless.gone.wait(BOUND)


def test_the_largest_answer_is_taken_whole() -> None:
    with scripted_server() as server:
        server.answer = Answer(200, "x" * LARGEST_ANSWER)

        assert len(ask(server.url).content) == LARGEST_ANSWER


def test_an_answer_that_trickles_is_given_up_and_the_connection_with_it() -> None:
    """Each byte starts the time-out of a read anew, so there is a limit for all of them."""
    slow = Endless(b"x", pause=0.02)
    with raw_server(slow) as server:
        with pytest.raises(NoAnswer):
            ask(server.url, limit=0.4)

        assert slow.gone.wait(BOUND)


def test_whoever_stops_ends_the_reading_too() -> None:
    slow, switch = Endless(b"x", pause=0.02), StopSwitch()
    with raw_server(slow) as server:

        def stop() -> None:
            slow.begun.wait(BOUND)
            switch.turn()

        thread = threading.Thread(target=stop)
        thread.start()
        client = WebClient(server.url)
        with pytest.raises(Cancelled):
            client.ask("GET", "/", switch, connect_timeout=LONG, answer_timeout=LONG)
        thread.join()

        assert slow.gone.wait(BOUND)


def test_connections_stay_open_between_two_questions() -> None:
    def twice(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
        while b"\r\n\r\n" not in connection.recv(4096):
            pass
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2")

    with raw_server(twice) as server:
        client, switch = WebClient(server.url), StopSwitch()
        found = [
            client.ask("GET", "/", switch, connect_timeout=LONG, answer_timeout=LONG).document()
            for _ in range(2)
        ]

    assert found == [1, 2]
    assert len(server.requests) == 1
