"""A real mail server on loopback that keeps what it gets; it can refuse, and keep secrets."""

from __future__ import annotations

import asyncio
import logging
import ssl
import warnings
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from setup_wizard.simulators import mail
from tests.service.fake_cloud import WAIT

USER, PASSWORD = "backend", "mail-password-77"


class MailServer(mail.MailServer):
    """`with MailServer() as server:` then use `server.port`."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, starttls: bool = False) -> None:
        super().__init__()
        self.answers: list[str] = []
        """What it says to the next mails instead of taking them."""
        self.refused: list[str] = []
        self.greetings: list[str | None] = []
        """As whom each sender of a mail greeted it."""
        self._tls = tls
        self.starttls = starttls

    def __enter__(self) -> Self:
        # They write down whatever they are told, which is not what the tests of our logs are about.
        _silence(disabled=True)
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        _silence(disabled=False)

    def wait_for(self, number: int) -> list[EmailMessage]:
        """The mails, when there are so many."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.messages) >= number, WAIT)
            return list(self.messages)

    def wait_for_refusals(self, number: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.refused) >= number, WAIT)

    def code(self, number: int = 1) -> str:
        """The code in the mail with this number."""
        found = mail.code_of(self.wait_for(number)[number - 1])
        assert found
        return found

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.greetings.append(session.host_name)
        if not self.answers:
            return await super().handle_DATA(server, session, envelope)
        with self.changed:
            self.refused.append(self.answers.pop(0))
            self.changed.notify_all()
            return self.refused[-1]

    def speak(self) -> SMTP:
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
                loop=self.loop,
            )

    async def listen(self) -> asyncio.Server:
        tls = None if self.starttls else self._tls
        return await self.loop.create_server(self.speak, "127.0.0.1", 0, ssl=tls)


def _silence(*, disabled: bool) -> None:
    for name in ("mail.log", mail.__name__):
        logging.getLogger(name).disabled = disabled


def _check(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    assert isinstance(data, LoginPassword)
    is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=is_right)
