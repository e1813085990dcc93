"""A real mail server on loopback that keeps what it gets; it can refuse, and keep secrets."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import threading
import warnings
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.service.fake_cloud import WAIT

TAKEN = "250 Ok"
USER, PASSWORD = "backend", "mail-password-77"


class MailServer:
    """`with MailServer() as server:` then use `server.port`."""

    port: int

    def __init__(self, *, tls: ssl.SSLContext | None = None, starttls: bool = False) -> None:
        self.messages: list[EmailMessage] = []
        self.answers: list[str] = []
        """What it says to the next mails instead of taking them."""
        self.refused: list[str] = []
        self._tls = tls
        self.starttls = starttls
        self._changed = threading.Condition()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        logging.getLogger("mail.log").disabled = True  # it writes down whatever it is told
        self._thread.start()
        assert self._ready.wait(WAIT)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT)
        logging.getLogger("mail.log").disabled = False

    def wait_for(self, number: int) -> list[EmailMessage]:
        """The mails, when there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.messages) >= number, WAIT)
            return list(self.messages)

    def wait_for_refusals(self, number: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.refused) >= number, WAIT)

    def code(self, number: int = 1) -> str:
        """The code in the mail with this number."""
        letter = self.wait_for(number)[number - 1]
        found = re.search(r"^    (\d{6})\r?$", letter.get_content(), re.MULTILINE)
        assert found
        return found[1]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (the library's name)
        with self._changed:
            self._changed.notify_all()
            if self.answers:
                self.refused.append(self.answers.pop(0))
                return self.refused[-1]
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.messages.append(message)
        return TAKEN

    def _speak(self) -> SMTP:
        is_private = self._tls is not None
        with warnings.catch_warnings():  # it warns of what is not encrypted by itself
            warnings.simplefilter("ignore")
            return SMTP(
                self,
                hostname="mail.test",
                tls_context=self._tls if self.starttls else None,
                require_starttls=self.starttls,
                auth_required=is_private,
                auth_require_tls=self.starttls,
                authenticator=_check if is_private else None,
                loop=self._loop,
            )

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.run_forever()
        self._loop.run_until_complete(self._stop())
        self._loop.close()

    async def _serve(self) -> None:
        self._server = await self._loop.create_server(
            self._speak, "127.0.0.1", 0, ssl=None if self.starttls else self._tls
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._ready.set()

    async def _stop(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _check(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    assert isinstance(data, LoginPassword)
    is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=is_right)
