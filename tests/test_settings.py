"""Settings: what a file says, what was asked for over it, and what cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from setup_wizard.domain.secret import Secret
from setup_wizard.settings import (
    Settings,
    SettingsError,
    check_trusted_certificates,
    load_settings,
    read_key,
    read_secret,
)
from tests.identities import certificate, ec_key, pem

WriteFile = Callable[[str, str | bytes], Path]

FILE = """
brand = "moss"
backend_url = "https://setup.example.com"
installer_key_file = "key"
customer = "jane@example.com"
"""


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


URL = "https://setup.example.com"


def test_without_a_file_everything_has_its_default() -> None:
    settings = load_settings(None)

    assert settings == Settings()
    assert settings.needs_sign_in


def test_a_file_and_the_secrets_beside_it(write: WriteFile) -> None:
    write("key", "open sesame\n")

    settings = load_settings(write("shop.toml", FILE))

    assert settings.brand == "moss"
    assert settings.backend_url == "https://setup.example.com"
    assert settings.installer_key == Secret("open sesame")
    assert not settings.needs_sign_in


def test_what_was_asked_for_wins_over_the_file(write: WriteFile) -> None:
    write("key", "open sesame")

    settings = load_settings(
        write("shop.toml", FILE), {"brand": "default", "installer_key": Secret("another")}
    )

    assert settings.brand == "default"
    assert settings.installer_key == Secret("another")
    assert settings.customer == "jane@example.com"


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        (Settings(installer_key=Secret("k")), True),
        (Settings(customer="jane@example.com"), True),
        (Settings(backend_url=URL, installer_key=Secret("k"), customer="jane@example.com"), False),
        (Settings(backend_url=URL, account_token=Secret("t")), False),
        (Settings(access_token=Secret("t")), False),
    ],
)
def test_a_person_signs_in_unless_all_is_known(settings: Settings, needed: bool) -> None:
    assert settings.needs_sign_in is needed


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("not TOML", "shop.toml"),
        (b"\xff\xfe", r"shop\.toml: this is not text in UTF-8"),
        ("backend_url = 5", "backend_url: must be text in quotes"),
        ("foo = 1", "foo: there is no such setting"),
        ("[service]\nproduct = 'lamp'", "service: there is no such setting"),
        ('backend = "https://setup.example.com"', "backend"),
        ('installer_key = "a secret in the file itself"', "installer_key"),
        ('installer_key_file = "nowhere"', "nowhere"),
        ('session_token_file = "session"', "there is no such setting"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    content: str | bytes, hint: str, write: WriteFile
) -> None:
    with pytest.raises(SettingsError, match=hint) as refused:
        load_settings(write("shop.toml", content))

    assert "a secret" not in str(refused.value)


def test_a_mark_at_the_beginning_of_a_file_is_no_fault(write: WriteFile) -> None:
    file = write("shop.toml", b"\xef\xbb\xbf" + b'brand = "moss"')

    assert load_settings(file).brand == "moss"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: cannot be read"):
        load_settings(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"backend_url": "http://a", "cloud_url": "http://b"}, "not both"),
        ({"backend_url": "http://a", "access_token": Secret("t")}, "not both"),
        ({"cloud_url": "http://b"}, "--access-token-file"),
        ({"access_token": Secret("t")}, "--cloud"),
    ],
)
def test_a_backend_or_a_cloud_with_its_token(changes: dict[str, str | Secret], hint: str) -> None:
    with pytest.raises(SettingsError, match=hint):
        load_settings(None, changes)


@pytest.mark.parametrize(
    "url",
    [
        "setup.example.com",
        "ftp://example.com",
        "https://",
        "http://[::1",
        "http://[::x]",
        "http://a:b",
        "http://a:70000",
        "//a",
        "http://a b/",
        "http://a/b c",
        " http://a",
        "https://-x_%/",
        "https://-a.example.com",
        "https://a..example.com",
        f"https://{'ü' * 60}/",
        f"https://{'a' * 64}/",
        f"https://{'a.' * 127}a/",
    ],
)
@pytest.mark.parametrize("name", ["backend_url", "cloud_url"])
def test_an_address_that_is_none(name: str, url: str) -> None:
    changes: dict[str, str | Secret] = {name: url}
    if name == "cloud_url":
        changes["access_token"] = Secret("t")

    with pytest.raises(SettingsError, match="an address is https://"):
        load_settings(None, changes)


@pytest.mark.parametrize(
    "url",
    [
        "https://setup.example.com/shop",
        "https://setup.example.com./",
        "http://my_shop:8080",
        "https://geräte.example",
        "http://127.0.0.1:8080",
        "http://[::1]:80",
        "https://example.com/@shop",
    ],
)
def test_an_address_that_is_one(url: str) -> None:
    assert load_settings(None, {"backend_url": url}).backend_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://user:geheim@h",
        "http://user:geheim@h:70000",
        "http://user:geheim@[::1",
        "http://user:geheim@a b",
        "user:geheim@h",
        "http:/user:geheim@h",
        "http://user:geheim%40h",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_said(url: str) -> None:
    with pytest.raises(SettingsError, match="backend: an address") as refused:
        load_settings(None, {"backend_url": url})

    assert "geheim" not in str(refused.value)


def test_a_password_is_named_where_an_address_has_one() -> None:
    with pytest.raises(SettingsError, match="must not hold a user or a password"):
        load_settings(None, {"backend_url": "http://user:geheim@h:70000"})


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"phrase", b"phrase"),
        (b"phrase\n", b"phrase"),
        (b"phrase\r\n", b"phrase"),
        (b" two words \n", b" two words "),
        (b"two\rlines\n", b"two\rlines"),
        (b"\xe9t\xe9\n", b"\xe9t\xe9"),
        (b"\xef\xbb\xbfphrase\r\n", b"phrase"),
        (b"\xff\xfephrase", b"\xff\xfephrase"),
    ],
)
def test_a_passphrase_is_its_bytes_without_one_line_end(
    content: bytes, secret: bytes, write: WriteFile
) -> None:
    assert read_secret(write("passphrase", content)) == Secret(secret)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b"\n\n", "empty"), (b"\r\n\r\n", "empty"), (b"phrase\nmore\n", "one line")],
)
def test_a_file_that_is_no_passphrase(content: bytes, reason: str, write: WriteFile) -> None:
    with pytest.raises(SettingsError, match=reason) as refused:
        read_secret(write("secret", content))

    assert "phrase\n" not in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_passphrase_in_two_bytes_a_letter_is_refused(encoding: str, write: WriteFile) -> None:
    content = "\N{ZERO WIDTH NO-BREAK SPACE}phrase\r\n".encode(encoding)

    with pytest.raises(SettingsError, match="UTF-8; save it as that"):
        read_secret(write("passphrase", content))


def test_a_key_is_text_without_what_stands_around_it(write: WriteFile) -> None:
    for mark in ("", "\N{ZERO WIDTH NO-BREAK SPACE}"):
        assert read_key(write("key", f"{mark} key \r\n\r\n")) == Secret("key")


@pytest.mark.parametrize("content", [b"", b"\n", b" \n\n", b"\xff\xfek\0"])
def test_a_key_that_is_none(content: bytes, write: WriteFile) -> None:
    with pytest.raises(SettingsError, match="key: ") as refused:
        read_key(write("key", content))

    assert r"\xff" not in str(refused.value)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_to_trust_that_are_not_there_are_named(variable: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        check_trusted_certificates({variable: str(tmp_path / "nowhere.pem")})

    assert str(refused.value).startswith(f"{variable}: {tmp_path / 'nowhere.pem'} cannot be read")


def test_certificates_to_trust_may_be_a_file_or_a_folder_or_unset(
    write: WriteFile, tmp_path: Path
) -> None:
    trusted = write("trusted.pem", b"# whom this shop trusts\n" + pem(certificate(ec_key())))
    for path in (trusted, tmp_path, ""):
        check_trusted_certificates({"REQUESTS_CA_BUNDLE": str(path)})


@pytest.mark.parametrize("content", ["", "any", b"\x30\x82\x01", "-----BEGIN PRIVATE KEY-----\n"])
def test_certificates_to_trust_that_are_none_are_named(
    content: str | bytes, write: WriteFile
) -> None:
    with pytest.raises(SettingsError, match=r"REQUESTS_CA_BUNDLE: .* no certificates in PEM"):
        check_trusted_certificates({"REQUESTS_CA_BUNDLE": str(write("trusted.pem", content))})


def test_of_two_places_for_certificates_the_first_counts(tmp_path: Path) -> None:
    check_trusted_certificates({"REQUESTS_CA_BUNDLE": str(tmp_path), "CURL_CA_BUNDLE": "nowhere"})


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(backend_url="https://shop.example"), ""),
        (Settings(backend_url="http://127.0.0.1:8080"), ""),
        (Settings(backend_url="http://my_shop:8080"), "http://my_shop:8080"),
        (Settings(cloud_url="http://192.168.0.7"), "http://192.168.0.7"),
        (Settings(), ""),
    ],
)
def test_where_others_could_read_what_is_sent(settings: Settings, told: str) -> None:
    assert settings.open_address == told


def test_nobody_sees_a_secret_in_the_settings() -> None:
    settings = Settings(installer_key=Secret("sesame"), access_token=Secret("sesame"))

    assert "sesame" not in repr(settings)
