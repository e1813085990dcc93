"""Sends the codes by SMTP, behind the answer's back: nobody waits for a mail server.

By the standard library's client in a few threads. A backend sends a mail now and then, and this
client is kept as long as Python is; an asynchronous one would be one more dependency.
"""

from __future__ import annotations

import asyncio
import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Any

from setup_wizard.domain.errors import BackendError
from setup_wizard.domain.secret import Secret
from setup_wizard.service.sign_in_settings import MailEncryption, MailSettings
from setup_wizard.service.store.codes import CODE_LIFETIME

SMTP_TIMEOUT = 10.0  # seconds for each step; mail servers that slow callers down take five
DELIVERY_TIMEOUT = 30.0  # seconds for all steps; each could go on for ever, letter by letter
RETRY_PAUSES = (2.0, 10.0)  # seconds; longer, and the customer has asked for another code
SENDERS = 4  # threads; mail servers do not like many connections from one place
MOST_WAITING = 200  # mails; at half a second each four threads need 25 s for them
BUSY_PAUSE = 30  # seconds, after which there is room again
LAST_MAILS = 5.0  # seconds at the end for the mails under way

_TRANSIENT = range(400, 500)  # RFC 5321, section 4.2.1: try the same again later

_log = logging.getLogger(__name__)


class MailBusy(BackendError):
    """More mails wait than can be sent soon. Parameters: seconds."""

    code = "SW-MAIL-BUSY"
    retryable = True


class Mailer:
    """The way to the customers' letter boxes. Made by `open_mailer`."""

    def __init__(self, settings: MailSettings, threads: ThreadPoolExecutor) -> None:
        self._settings = settings
        self._threads = threads
        self._waiting: set[asyncio.Task[None]] = set()
        self._deliveries: set[_Delivery] = set()
        self._has_finished = False

    def send_code(self, address: str, code: Secret) -> None:
        """Send it soon; what goes wrong is logged. Raises MailBusy."""
        if len(self._waiting) >= MOST_WAITING:
            raise MailBusy(seconds=BUSY_PAUSE)
        task = asyncio.create_task(self._send(self._compose(address, code)))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def finish(self) -> None:
        """Give the mails under way a moment, then break off."""
        if self._waiting:
            _, late = await asyncio.wait(self._waiting, timeout=LAST_MAILS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._has_finished = True
        for delivery in tuple(self._deliveries):
            delivery.break_off()

    async def _send(self, message: EmailMessage) -> None:
        loop = asyncio.get_running_loop()
        tries = len(RETRY_PAUSES) + 1
        for attempt, pause in enumerate((*RETRY_PAUSES, None), start=1):
            failure = await loop.run_in_executor(self._threads, self._deliver, message)
            if failure is None:
                _log.info("mail=sent attempt=%s/%s", attempt, tries)
                return
            reason, is_transient = failure
            _log.warning("mail=failed reason=%s attempt=%s/%s", reason, attempt, tries)
            if pause is None or not is_transient:
                _log.error("mail=lost reason=%s", reason)
                return
            await asyncio.sleep(pause)

    def _deliver(self, message: EmailMessage) -> tuple[str, bool] | None:
        """None when the server took it, else why not and whether later may be better."""
        with self._limited() as delivery:
            failure = self._hand_over(message, delivery)
            return ("too_slow", True) if failure and delivery.is_over else failure

    @contextmanager
    def _limited(self) -> Iterator[_Delivery]:
        delivery = _Delivery()
        timer = threading.Timer(DELIVERY_TIMEOUT, delivery.break_off)
        timer.start()
        self._deliveries.add(delivery)
        if self._has_finished:
            delivery.break_off()
        try:
            yield delivery
        finally:
            self._deliveries.discard(delivery)
            timer.cancel()
            timer.join()

    def _hand_over(self, message: EmailMessage, delivery: _Delivery) -> tuple[str, bool] | None:
        """Errors stay in here: their texts name the address."""
        try:
            with closing(self._connect(delivery)) as server:
                server.send_message(message)
                with suppress(smtplib.SMTPException, OSError):  # it was taken all the same
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            status = next(iter(error.recipients.values()))[0]
            return f"recipient_{status}", status in _TRANSIENT
        except smtplib.SMTPResponseException as error:
            return f"{type(error).__name__}_{error.smtp_code}", error.smtp_code in _TRANSIENT
        except smtplib.SMTPNotSupportedError:  # no STARTTLS, or no way to sign in
            return "not_supported", False
        except ssl.SSLCertVerificationError:
            return "certificate", False
        except (smtplib.SMTPException, OSError) as error:
            return type(error).__name__, True
        return None

    def _connect(self, delivery: _Delivery) -> smtplib.SMTP:
        at = self._settings
        if at.encryption is MailEncryption.TLS:
            server: smtplib.SMTP = _EncryptedSmtp(
                delivery, at.host, at.port, context=ssl.create_default_context()
            )
        else:
            server = _Smtp(delivery, at.host, at.port)
        with ExitStack() as on_failure:
            on_failure.callback(server.close)
            if at.encryption is MailEncryption.STARTTLS:
                server.starttls(context=ssl.create_default_context())
            if at.user:
                server.login(at.user, at.password.reveal())
            on_failure.pop_all()
        return server

    def _compose(self, address: str, code: Secret) -> EmailMessage:
        sender = self._settings.sender
        product = sender.display_name
        minutes = int(CODE_LIFETIME.total_seconds()) // 60
        message = EmailMessage()
        message["From"] = sender
        message["To"] = address
        message["Subject"] = f"{code.reveal()} is your code for {product}"
        message["Date"] = localtime()
        message["Message-ID"] = make_msgid(domain=sender.domain)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no "I am on holiday" back
        message.set_content(
            f"Hello,\n\nyour code for setting up {product} is:\n\n    {code.reveal()}\n\n"
            f"Type it in where you were asked for it. It works once, within {minutes} minutes.\n\n"
            "If you did not ask for a code, you need not do anything. Please do not pass it on:\n"
            "nobody from our team will ever ask you for it.\n"
        )
        return message


class _Delivery:
    """One mail on its way, which can be broken off from another thread."""

    def __init__(self) -> None:
        self.is_over = False
        self._server: smtplib.SMTP | None = None

    def watch(self, server: smtplib.SMTP) -> None:
        """This server is about to be waited for. Raises SMTPServerDisconnected."""
        self._server = server
        if self.is_over:
            raise smtplib.SMTPServerDisconnected("broken off")

    def break_off(self) -> None:
        self.is_over = True  # first: who does not see it is seen here
        connection = self._server.sock if self._server is not None else None
        if connection is not None:
            with suppress(OSError):  # its other end was faster
                # Not TLS's own, which takes the encryption from under the thread that reads.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _Smtp(smtplib.SMTP):
    """Bounds a delivery as a whole. `smtplib` bounds each time that something is read.

    Whatever can come without an end is a reply; to connect and to encrypt are bounded as a whole.
    """

    def __init__(self, delivery: _Delivery, host: str, port: int, **options: Any) -> None:
        self._delivery = delivery  # first: what follows reads the greeting already
        with ExitStack() as on_failure:
            on_failure.callback(self.close)
            own = socket.gethostname()  # whose full name would be asked of the network each time
            super().__init__(host, port, own, timeout=SMTP_TIMEOUT, **options)
            if "." not in own and self.sock is not None:
                self.local_hostname = _as_literal(self.sock.getsockname()[0])
            on_failure.pop_all()

    def getreply(self) -> tuple[int, bytes]:
        self._delivery.watch(self)
        return super().getreply()


def _as_literal(address: str) -> str:
    """How a computer without a full name greets (RFC 5321, 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


class _EncryptedSmtp(_Smtp, smtplib.SMTP_SSL):
    """From the first byte on."""


@asynccontextmanager
async def open_mailer(settings: MailSettings | None) -> AsyncIterator[Mailer | None]:
    """The mailer while the backend runs; None when there is no mail server."""
    if settings is None:
        yield None
        return
    threads = ThreadPoolExecutor(SENDERS, thread_name_prefix="mail")
    mailer = Mailer(settings, threads)
    try:
        yield mailer
    finally:
        await mailer.finish()
        threads.shutdown(wait=True, cancel_futures=True)
