"""Networks as radios know them: bytes, numbers, dBm, and what of it a device can store."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from setup_wizard.domain.enterprise import PasswordSignIn
from setup_wizard.domain.errors import (
    ChoiceError,
    NetworkJoinFailed,
    NetworkNameImpossible,
    NetworkNameLength,
    NetworkSignInRefused,
    PassphraseImpossible,
    PassphraseLength,
    PassphraseMissing,
    PassphraseNeedless,
    SignInMissing,
    SignInNeedless,
    WepKeyImpossible,
    WrongPassphrase,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import (
    Credentials,
    Network,
    Security,
    SecurityKind,
    check_passphrase,
    check_ssid,
    join_failure,
    strongest_first,
)

ENTERPRISE = Security(0x2400004)
SIGN_IN = PasswordSignIn(b"jane@example.com", Secret("secret of jane"))
UNKNOWN = Security(-1)

rssi = st.none() | st.integers(-110, 0)
codes = st.sampled_from([0, 1, 0x200002, 0x400004, 0x2400004, -1])
networks = st.builds(
    Network, ssid=st.binary(max_size=3), security=st.builds(Security, codes), rssi=rssi
)


# --- security -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0, SecurityKind.OPEN),
        (0x1, SecurityKind.WEP),
        (0x8001, SecurityKind.WEP),
        (0x200002, SecurityKind.WPA),
        (0x200004, SecurityKind.WPA),
        (0x200006, SecurityKind.WPA),
        (0x400002, SecurityKind.WPA2),
        (0x400004, SecurityKind.WPA2),
        (0x400006, SecurityKind.WPA2),
        (0x2200002, SecurityKind.ENTERPRISE),
        (0x2200004, SecurityKind.ENTERPRISE),
        (0x2200006, SecurityKind.ENTERPRISE),
        (0x2400002, SecurityKind.ENTERPRISE),
        (0x2400004, SecurityKind.ENTERPRISE),
        (0x2400006, SecurityKind.ENTERPRISE),
        (-1, SecurityKind.UNKNOWN),
        (-(2**31), SecurityKind.UNKNOWN),
        (0x2, SecurityKind.UNKNOWN),
        (0x1000004, SecurityKind.UNKNOWN),
        (0x600004, SecurityKind.UNKNOWN),
        (0x10000000, SecurityKind.UNKNOWN),
        (0x7FFFFFFF, SecurityKind.UNKNOWN),
        (2**64, SecurityKind.UNKNOWN),
    ],
)
def test_every_number_has_a_kind(code: int, kind: SecurityKind) -> None:
    assert Security(code).kind is kind


@given(st.integers())
def test_no_number_is_a_reason_to_stop(code: int) -> None:
    assert isinstance(Security(code).kind, SecurityKind)


@pytest.mark.parametrize(
    ("security", "kind"),
    [
        (Security.OPEN, SecurityKind.OPEN),
        (Security.WEP, SecurityKind.WEP),
        (Security.WPA, SecurityKind.WPA),
        (Security.WPA2, SecurityKind.WPA2),
    ],
)
def test_a_choice_by_hand_is_of_the_kind_it_says(security: Security, kind: SecurityKind) -> None:
    assert security.kind is kind


# --- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ssid", "name"),
    [
        (b"Home", "Home"),
        ("Café 🏠".encode(), "Café 🏠"),
        (b"My Wi-Fi ", "My Wi-Fi "),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"Caf\xe9", "Caf\\xe9"),
        (b"a\tb\x01\x7f", "a\\x09b\\x01\\x7f"),
        (b"\x00\x00\x00", "\\x00\\x00\\x00"),
        (b"one\ntwo", "one\\x0atwo"),
        ("\u202egnirts".encode(), "\\x202egnirts"),
        (b"", ""),
    ],
)
def test_an_odd_name_is_readable_on_one_line(ssid: bytes, name: str) -> None:
    assert Network(ssid, Security.OPEN).name == name


@given(st.binary(max_size=32))
def test_no_name_can_break_a_line_or_turn_the_text_around(ssid: bytes) -> None:
    assert Network(ssid, Security.OPEN).name.isprintable()


@given(st.text("abcÄÖß漢字🏠 -_'&<", max_size=8))
def test_a_name_of_plain_letters_stays_as_it_is(text: str) -> None:
    assert Network(text.encode(), Security.OPEN).name == text


# --- strength -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strength", "bars"),
    [(None, 0), (-120, 0), (-88, 0), (-80, 1), (-70, 2), (-60, 3), (-55, 3), (-40, 4), (0, 4)],
)
def test_strength_is_shown_in_bars(strength: int | None, bars: int) -> None:
    assert Network(b"Home", Security.OPEN, rssi=strength).bars == bars


@given(st.integers(-130, 10), st.integers(-130, 10))
def test_a_stronger_network_never_has_fewer_bars(first: int, second: int) -> None:
    weak, strong = (Network(b"x", Security.OPEN, rssi=r) for r in sorted((first, second)))

    assert weak.bars <= strong.bars


def test_stations_of_one_network_are_one_entry_the_strongest() -> None:
    heard = [
        Network(b"Home", Security(0x400004), rssi=-80, channel=1),
        Network(b"Cafe", Security.OPEN, rssi=-60),
        Network(b"Home", Security(0x400006), rssi=-50, channel=6),
    ]

    assert strongest_first(heard) == (heard[2], heard[1])


def test_of_equally_strong_stations_the_first_one_heard_is_kept() -> None:
    heard = [Network(b"Home", Security.WPA2, rssi=-50, channel=channel) for channel in (1, 6)]

    assert strongest_first(heard) == (heard[0],)


def test_one_name_with_two_kinds_of_security_is_two_networks() -> None:
    heard = [Network(b"Home", Security.OPEN, rssi=-40), Network(b"Home", Security.WPA2, rssi=-50)]

    assert strongest_first(heard) == tuple(heard)


def test_a_network_of_unknown_strength_comes_last() -> None:
    heard = [Network(b"typed", Security.OPEN), Network(b"far", Security.OPEN, rssi=-99)]

    assert [n.ssid for n in strongest_first(heard)] == [b"far", b"typed"]


def test_equal_strength_is_ordered_by_name() -> None:
    heard = [Network(name, Security.OPEN, rssi=-50) for name in (b"b", b"C", b"a")]

    assert [n.ssid for n in strongest_first(heard)] == [b"a", b"b", b"C"]


@given(st.lists(networks))
def test_merging_loses_no_network_and_doubles_none(heard: list[Network]) -> None:
    merged = strongest_first(heard)
    keys = [(n.ssid, n.security.kind) for n in merged]

    assert set(keys) == {(n.ssid, n.security.kind) for n in heard}
    assert len(keys) == len(set(keys))
    assert set(merged) <= set(heard)
    assert strongest_first(merged) == merged


@given(st.lists(networks, unique_by=lambda n: n.rssi), st.randoms(use_true_random=False))
def test_the_order_of_a_scan_does_not_matter(heard: list[Network], chance) -> None:
    shuffled = list(heard)
    chance.shuffle(shuffled)

    assert strongest_first(shuffled) == strongest_first(heard)


# --- what a device can store ----------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 32])
def test_a_name_within_the_limits_is_fine(length: int) -> None:
    check_ssid(b"x" * length)


@pytest.mark.parametrize(
    ("ssid", "length"),
    [(b"", 0), (b"x" * 33, 33), ("ü".encode() * 17, 34), ("🏠".encode() * 9, 36)],
)
def test_a_name_is_measured_in_bytes(ssid: bytes, length: int) -> None:
    with pytest.raises(NetworkNameLength) as caught:
        check_ssid(ssid)

    assert caught.value.parameters == {"length": length}


@pytest.mark.parametrize("ssid", [b'say "hi"', b"back\\slash", b"cut\0off", b'"', b"\\", b"\0"])
def test_a_name_that_cannot_be_told_is_refused_before_anything_is_sent(ssid: bytes) -> None:
    with pytest.raises(NetworkNameImpossible):
        Credentials(Network(ssid, Security.OPEN))


@given(st.binary(min_size=1, max_size=32))
def test_every_other_name_can_be_stored(ssid: bytes) -> None:
    assume(not set(b'"\\\0') & set(ssid))

    check_ssid(ssid)


@pytest.mark.parametrize("security", [Security.WPA, Security.WPA2, Security(0x400006)])
@pytest.mark.parametrize("passphrase", ["x" * 8, "x" * 63, "0" * 64, "ü" * 4, "ü" * 32, " " * 8])
def test_a_wpa_passphrase_has_8_to_64_bytes(security: Security, passphrase: str) -> None:
    Credentials(Network(b"Home", security), Secret(passphrase))


@pytest.mark.parametrize("security", [Security.WPA, Security.WPA2])
@pytest.mark.parametrize("passphrase", ["x", "x" * 7, "x" * 65, "ü" * 3, "ü" * 33])
def test_any_other_wpa_passphrase_is_refused(security: Security, passphrase: str) -> None:
    with pytest.raises(PassphraseLength) as caught:
        Credentials(Network(b"Home", security), Secret(passphrase))

    assert caught.value.parameters["length"] == len(passphrase.encode())
    assert passphrase not in str(caught.value)


@pytest.mark.parametrize("key", ["abcde", "a" * 13, "0123456789", "aF" * 13, "ü234"])
def test_a_wep_key_is_5_or_13_bytes_of_text_or_10_or_26_digits(key: str) -> None:
    check_passphrase(Security.WEP, Secret(key))


@pytest.mark.parametrize("key", ["x" * 10, "g" * 26, "012345678z"])
def test_a_wep_key_of_that_length_has_hexadecimal_digits_only(key: str) -> None:
    with pytest.raises(WepKeyImpossible) as caught:
        check_passphrase(Security.WEP, Secret(key))

    assert caught.value.parameters == {"length": len(key)}


@pytest.mark.parametrize("key", ["x", "abcdef", "0" * 12, "0" * 58, "0" * 25])
def test_any_other_wep_key_is_refused(key: str) -> None:
    with pytest.raises(PassphraseLength) as caught:
        check_passphrase(Security(0x8001), Secret(key))

    assert caught.value.parameters == {"length": len(key), "allowed": "5, 10, 13, 26"}


@pytest.mark.parametrize("security", [Security.WEP, Security.WPA, Security.WPA2, UNKNOWN])
@pytest.mark.parametrize("passphrase", [None, Secret("")])
def test_a_secured_network_needs_a_passphrase(
    security: Security, passphrase: Secret | None
) -> None:
    with pytest.raises(PassphraseMissing):
        check_passphrase(security, passphrase)


@pytest.mark.parametrize("passphrase", [None, Secret("")])
def test_an_open_network_needs_no_passphrase(passphrase: Secret | None) -> None:
    assert not Credentials(Network(b"Cafe", Security.OPEN), passphrase).passphrase


def test_a_passphrase_is_not_dropped_for_an_open_network() -> None:
    with pytest.raises(PassphraseNeedless) as caught:
        Credentials(Network(b"Cafe", Security.OPEN), Secret("x"))

    assert caught.value.parameters == {"network": "Cafe"}


@pytest.mark.parametrize("passphrase", [None, Secret("password")])
def test_a_company_network_wants_more_than_a_passphrase(passphrase: Secret | None) -> None:
    with pytest.raises(SignInMissing):
        Credentials(Network(b"Office", ENTERPRISE), passphrase)


@pytest.mark.parametrize("security", [Security.WPA_ENTERPRISE, Security.WPA2_ENTERPRISE])
def test_a_company_network_takes_a_sign_in(security: Security) -> None:
    assert Credentials(Network(b"Office", security), sign_in=SIGN_IN).passphrase is None


@pytest.mark.parametrize("security", [Security.OPEN, Security.WEP, Security.WPA2, UNKNOWN])
def test_no_other_network_takes_a_sign_in(security: Security) -> None:
    with pytest.raises(SignInNeedless) as caught:
        Credentials(Network(b"Home", security), Secret("password"), SIGN_IN)

    assert caught.value.parameters == {"network": "Home"}


@pytest.mark.parametrize("security", [Security.WPA2, UNKNOWN])
def test_the_byte_that_ends_a_text_in_the_device_cannot_be_in_a_passphrase(
    security: Security,
) -> None:
    with pytest.raises(PassphraseImpossible) as caught:
        Credentials(Network(b"Home", security), Secret("pass\0phrase"))

    assert "phrase" not in str(caught.value)


def test_security_that_nobody_knows_may_be_tried() -> None:
    Credentials(Network(b"Home", UNKNOWN), Secret("password"))


@pytest.mark.parametrize("passphrase", ["x" * 65, "ü" * 33, "x" * 118])
def test_no_passphrase_is_longer_than_the_device_can_store(passphrase: str) -> None:
    with pytest.raises(PassphraseLength) as caught:
        check_passphrase(UNKNOWN, Secret(passphrase))

    assert caught.value.parameters == {"length": len(passphrase.encode()), "allowed": "1–64"}


@given(codes, st.none() | st.text(max_size=70))
def test_every_choice_is_taken_or_refused_by_name(code: int, text: str | None) -> None:
    passphrase = None if text is None else Secret(text)
    with suppress(ChoiceError):
        Credentials(Network(b"Home", Security(code)), passphrase)


def test_checked_credentials_are_silent() -> None:
    credentials = Credentials(Network(b"Home", Security.WPA2), Secret("horse battery"))

    assert "horse" not in repr(credentials)


# --- a device that came back ----------------------------------------------------------------


@pytest.mark.parametrize("security", [Security.WEP, Security.WPA, Security.WPA2])
def test_coming_back_from_a_secured_network_means_a_wrong_passphrase(security: Security) -> None:
    error = join_failure(Credentials(Network(b"Caf\xe9", security), Secret("abcdefghijklm")))

    assert isinstance(error, WrongPassphrase)
    assert error.parameters == {"network": "Caf\\xe9"}


def test_coming_back_from_a_company_network_may_be_the_user_name_as_well() -> None:
    error = join_failure(Credentials(Network(b"Office", ENTERPRISE), sign_in=SIGN_IN))

    assert isinstance(error, NetworkSignInRefused)
    assert error.parameters == {"network": "Office"}


def test_coming_back_from_an_open_network_is_no_fault_of_a_passphrase() -> None:
    error = join_failure(Credentials(Network(b"Cafe", Security.OPEN)))

    assert isinstance(error, NetworkJoinFailed)
    assert error.parameters == {"network": "Cafe"}
