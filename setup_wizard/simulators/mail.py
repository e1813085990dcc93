"""A mail server on loopback that keeps every mail instead of delivering it, and tells its code.

It speaks SMTP by aiosmtpd (Apache 2.0), for it is what the backend's mails are tested against: a
server of our own would be wrong where our client is.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from setup_wizard.simulators.control_server import ControlServer

TAKEN = "250 Ok"
START_TIMEOUT = 10.0  # seconds; it listens within milliseconds
MOST_KEPT = 100  # mails; somebody who plays with the demo reads the newest

_CODE = re.compile(r"^\s*(\d{6,8})\s*$", re.MULTILINE)  # alone on its line

_log = logging.getLogger(__name__)


class MailServer:
    """`with MailServer() as server:` then use `server.port`."""

    port: int

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.changed = threading.Condition()
        """Guards the messages, and tells when there is another."""
        self.on_mail: Callable[[dict[str, str | None]], None] = lambda _mail: None
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(START_TIMEOUT):
            raise RuntimeError("the mail server did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()

    def code_for(self, address: str, *, timeout: float = 0.0) -> str | None:
        """The code in the newest mail to this address, waited for; None when none came."""
        with self.changed:
            self.changed.wait_for(lambda: self._newest_code(address) is not None, timeout)
            return self._newest_code(address)

    def told(self) -> list[dict[str, str | None]]:
        """The mails as a person would read them, the newest first."""
        with self.changed:
            kept = reversed(self.messages)
        return [_told(message) for message in kept]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (the library's name)
        """A mail arrived; what it answers goes back to the sender."""
        content = envelope.content
        message = message_from_bytes(
            content if isinstance(content, bytes) else b"", policy=policy.default
        )
        with self.changed:
            self.messages = [*self.messages, message][-MOST_KEPT:]
            self.changed.notify_all()
        self.on_mail(_told(message))
        _log.info("mail to=%s code=%s", message["To"], code_of(message))
        return TAKEN

    def speak(self) -> SMTP:
        """The conversation with one sender."""
        return SMTP(self, hostname="mail.demo", loop=self.loop)

    async def listen(self) -> asyncio.Server:
        """Take senders from now on."""
        return await self.loop.create_server(self.speak, "127.0.0.1", 0)

    def _newest_code(self, address: str) -> str | None:
        codes = (code_of(mail) for mail in reversed(self.messages) if mail["To"] == address)
        return next(codes, None)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(self.listen())
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self.loop.run_forever()
        server.close()
        self.loop.run_until_complete(_end_conversations())
        self.loop.close()


def mail_control(server: MailServer) -> ControlServer:
    """`GET /messages` shows the mails: what a person would find in the letter box."""

    def answer(method: str, path: str, _sent: object) -> tuple[HTTPStatus, object]:
        if (method, path) != ("GET", "/messages"):
            return HTTPStatus.NOT_FOUND, {"error": "GET /messages is all there is"}
        return HTTPStatus.OK, {"messages": server.told()}

    return ControlServer(answer)


def _told(message: EmailMessage) -> dict[str, str | None]:
    return {
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "text": message.get_content(),
        "code": code_of(message),
    }


def code_of(message: EmailMessage) -> str | None:
    """The one-time code in a mail; None when it holds none."""
    found = _CODE.search(message.get_content())
    return found[1] if found else None


async def _end_conversations() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
