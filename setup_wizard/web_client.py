"""One question over HTTP and its answer: limited in time and in size, and given up for good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock

import requests
from requests.auth import AuthBase

from setup_wizard.domain.value import value
from setup_wizard.interruptible import interruptible
from setup_wizard.ports import Cancellation
from setup_wizard.web import is_distrust

LARGEST_ANSWER = 8 * 1024 * 1024  # bytes; a list of a thousand devices has one
PIECE = 64 * 1024  # bytes


class NoAnswer(Exception):
    """Nobody answered, or not within the time; its cause holds no request, and so no secret."""

    def __init__(self, *, distrusted: bool = False) -> None:
        super().__init__("no answer")
        self.distrusted = distrusted
        """There was somebody, whose certificate was turned down."""


@value
class WebAnswer:
    """What came back. One that is too large has no content."""

    status: int
    headers: Mapping[str, str]
    """Found in capitals and small letters alike."""
    content: bytes

    def document(self) -> object:
        """The JSON, or None where it is none; what cannot be read is not quoted."""
        try:
            found: object = json.loads(self.content)
        except (ValueError, RecursionError):
            return None
        return found


class WebClient:
    """Asks one server, one question at a time, over connections that stay open in between."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self._idle: requests.Session | None = None
        """Open connections; put back only by a question that came to its end."""

    def ask(
        self,
        method: str,
        path: str,
        cancel: Cancellation,
        *,
        connect_timeout: float,
        answer_timeout: float,
        auth: AuthBase | None = None,
        body: Mapping[str, object] | None = None,
    ) -> WebAnswer:
        """Raises NoAnswer and Cancelled."""
        session, self._idle = self._idle or requests.Session(), None
        question = _Question(
            session,
            requests.Request(method, self.base + path, json=body, auth=auth or _Nobody()),
            (connect_timeout, answer_timeout),
        )
        try:
            answer = interruptible(question.ask, cancel, limit=connect_timeout + answer_timeout)
        except requests.RequestException as error:
            raise no_answer(error) from error
        except TimeoutError as error:
            raise NoAnswer from error
        finally:
            question.give_up()
        self._idle = session
        return answer


def no_answer(error: requests.RequestException) -> NoAnswer:
    """Takes the request, and with it the token, out of the library's exception."""
    error.request = None
    return NoAnswer(distrusted=is_distrust(error))


def read_answer(response: requests.Response) -> WebAnswer:
    """Reads on until there is more than anybody has to say."""
    content = bytearray()
    for piece in response.iter_content(PIECE):
        content += piece
        if len(content) > LARGEST_ANSWER:
            content.clear()
            break
    return WebAnswer(response.status_code, response.headers, bytes(content))


def shut_down(response: requests.Response) -> None:
    """End a read that another thread waits in, which fails then in one of many ways."""
    # Not close(), which waits for the very read that it is to end. It raises when the connection
    # has just ended by itself.
    with suppress(ValueError, RuntimeError, OSError):
        response.raw.shutdown()


class _Nobody(AuthBase):
    """Keeps requests from sending what ~/.netrc has for this host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Question:
    """Asked in one thread, and given up by another one: then nothing more is read."""

    def __init__(
        self, session: requests.Session, request: requests.Request, timeout: tuple[float, float]
    ) -> None:
        self._session = session
        self._request = request
        self._timeout = timeout
        self._lock = Lock()
        self._response: requests.Response | None = None
        self._given_up = False

    def ask(self) -> WebAnswer:
        asked = self._request
        with self._session.request(
            asked.method or "GET",
            asked.url or "",
            json=asked.json,
            auth=asked.auth,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            if not self._hold(response):
                raise TimeoutError  # heard by nobody
            try:
                return read_answer(response)
            finally:
                self._hold(None)

    def give_up(self) -> None:
        """Of no effect once it was answered."""
        with self._lock:
            self._given_up = True
            if self._response is not None:
                shut_down(self._response)

    def _hold(self, response: requests.Response | None) -> bool:
        """Show `give_up` what to shut down; False when it came first."""
        with self._lock:
            self._response = response
            return not self._given_up
