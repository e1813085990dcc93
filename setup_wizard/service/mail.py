"""Sends the codes by SMTP, behind the answer's back: nobody waits for a mail server.

By the standard library's client in a few threads. A backend sends a mail now and then, and this
client is kept as long as Python is; an asynchronous one would be one more dependency.
"""

from __future__ import annotations

import asyncio
import logging
import smtplib
import ssl
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, closing, suppress
from email.message import EmailMessage
from email.utils import localtime, make_msgid

from setup_wizard.domain.errors import BackendError
from setup_wizard.domain.secret import Secret
from setup_wizard.service.sign_in_settings import MailEncryption, MailSettings
from setup_wizard.service.store.codes import CODE_LIFETIME

SMTP_TIMEOUT = 10.0  # seconds for each step; mail servers that slow callers down take five
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

    def send_code(self, address: str, code: Secret) -> None:
        """Send it soon; what goes wrong is logged. Raises MailBusy."""
        if len(self._waiting) >= MOST_WAITING:
            raise MailBusy(seconds=BUSY_PAUSE)
        task = asyncio.create_task(self._send(self._compose(address, code)))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def finish(self) -> None:
        """Give the mails under way a moment, then leave them."""
        if self._waiting:
            _, late = await asyncio.wait(self._waiting, timeout=LAST_MAILS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

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
        """None when the server took it, else why not and whether later may be better.

        Errors stay in here: their texts name the address.
        """
        try:
            with closing(self._connect()) as server:
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

    def _connect(self) -> smtplib.SMTP:
        at = self._settings
        if at.encryption is MailEncryption.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                at.host, at.port, timeout=SMTP_TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(at.host, at.port, timeout=SMTP_TIMEOUT)
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
