"""What sign-in must be told, and how a mistake in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup_wizard.domain.secret import Secret
from setup_wizard.service.settings import ServiceSettings, SettingsError
from setup_wizard.service.sign_in_settings import MailEncryption
from tests.service.test_settings import COMPLETE

MAIL = {
    "SETUP_WIZARD_MAIL_HOST": "mail.example",
    "SETUP_WIZARD_MAIL_SENDER": "hello@lamp.example",
}


def test_without_a_mail_server_there_is_none():
    assert ServiceSettings.from_environment(COMPLETE).mail is None


def test_a_mail_server_needs_a_host_and_a_sender():
    mail = ServiceSettings.from_environment({**COMPLETE, **MAIL}).mail

    assert mail
    assert (mail.host, mail.port) == ("mail.example", 587)
    assert mail.encryption is MailEncryption.STARTTLS
    assert str(mail.sender) == "lamp <hello@lamp.example>"


def test_the_letter_comes_from_the_product_as_customers_call_it(tmp_path: Path):
    (tmp_path / "password").write_text("hush-hush\n")
    environ = {
        **COMPLETE,
        **MAIL,
        "SETUP_WIZARD_PRODUCT_NAME": "Bright Lämp",
        "SETUP_WIZARD_MAIL_ENCRYPTION": "tls",
        "SETUP_WIZARD_MAIL_USER": "backend",
        "SETUP_WIZARD_MAIL_PASSWORD_FILE": str(tmp_path / "password"),
    }

    settings = ServiceSettings.from_environment(environ)

    assert settings.mail
    assert settings.mail.sender.display_name == "Bright Lämp"
    assert settings.mail.port == 465
    assert settings.mail.password == Secret("hush-hush")
    assert "hush-hush" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_PORT", "0"),
        ("MAIL_PORT", "65536"),
        ("MAIL_PORT", "smtp"),
        ("MAIL_ENCRYPTION", "ssl"),
        ("MAIL_ENCRYPTION", "none"),
        ("MAIL_USER", "backend"),
        ("MAIL_PASSWORD", "hush-hush"),
        ("MAIL_SENDER", ""),
        ("MAIL_SENDER", "lamp"),
        ("MAIL_SENDER", "@lamp.example"),
        ("MAIL_SENDER", "a@lamp.example, b@lamp.example"),
        ("MAIL_SENDER", "h\u00e4llo@lamp.example"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str):
    environ = {**COMPLETE, **MAIL, f"SETUP_WIZARD_{name}": value}

    with pytest.raises(SettingsError, match=name.lower()) as caught:
        ServiceSettings.from_environment(environ)

    assert "hush-hush" not in str(caught.value)


def test_a_product_name_with_a_line_end_is_named():
    environ = {**COMPLETE, **MAIL, "SETUP_WIZARD_PRODUCT_NAME": "Lamp\nBcc: joe@example.com"}

    with pytest.raises(SettingsError, match="product_name"):
        ServiceSettings.from_environment(environ)
