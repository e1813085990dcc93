"""The simulated mail server, asked by the standard library's own client."""

from __future__ import annotations

import json
import logging
import smtplib
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from setup_wizard.simulators.mail import MOST_KEPT, MailServer, mail_control

JANE, JOE = "jane@example.com", "joe@example.com"
WAIT = 10.0  # seconds, for what should happen at once


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def _send(server: MailServer, to: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "maker@example.com", to, "Grüße"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", server.port, timeout=WAIT) as client:
        client.send_message(message)


def test_the_newest_code_for_an_address_is_told(server: MailServer):
    _send(server, JANE, "Hello,\n\n    111111\n\nBye")
    _send(server, JANE, "Hello,\n\n    222222\n\nBye")
    _send(server, JOE, "Hello,\n\n    333333\n\nBye")

    assert server.code_for(JANE, timeout=WAIT) == "222222"


@pytest.mark.parametrize("text", ["call 123456 today", "12345", "", "123456789"])
def test_a_mail_without_a_code_has_none(server: MailServer, text: str):
    _send(server, JANE, text)

    assert server.code_for(JANE) is None


def test_another_program_reads_the_letter_box_over_http(server: MailServer):
    _send(server, JANE, "Hello,\n\n    111111\n")
    control = mail_control(server)
    control.start()
    with urllib.request.urlopen(f"{control.url}/messages", timeout=WAIT) as answer:
        told = json.load(answer)["messages"]
    control.stop()

    assert [(mail["to"], mail["subject"], mail["code"]) for mail in told] == [
        (JANE, "Grüße", "111111")
    ]
    assert "Hello," in told[0]["text"]


def test_the_log_tells_the_code(server: MailServer, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)

    _send(server, JANE, "Hello,\n\n    111111\n")

    assert "mail to=jane@example.com code=111111" in caplog.text


def test_old_mails_are_thrown_away(server: MailServer):
    with smtplib.SMTP("127.0.0.1", server.port, timeout=WAIT) as client:
        for number in range(MOST_KEPT + 1):
            client.sendmail("maker@example.com", JANE, f"Subject: {number}\r\n\r\nx")

    assert [mail["subject"] for mail in server.told()][:: MOST_KEPT - 1] == ["100", "1"]
