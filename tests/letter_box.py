"""Looks into the simulated letter box for the mail that was asked for, and not for an older one."""

from __future__ import annotations

from collections.abc import Callable

from setup_wizard.simulators.mail import MailServer

MAIL_SECONDS = 10.0  # far more than a mail on loopback takes


def code_sent_by(ask: Callable[[], object], mail: MailServer, customer: str) -> str:
    """The code in the mail that asking for one brings."""
    before = len(mail.messages)
    ask()
    with mail.changed:
        assert mail.changed.wait_for(lambda: len(mail.messages) > before, MAIL_SECONDS)
    code = mail.code_for(customer.lower())
    assert code is not None
    return code
