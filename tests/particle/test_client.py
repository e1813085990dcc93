"""The customer's devices, asked from a scripted cloud."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.errors import (
    ArgumentTooLong,
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    DeviceNotYours,
    DeviceOffline,
    DeviceSlow,
    NotExposed,
    SetupError,
    TokenRefused,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.particle import api
from setup_wizard.particle.client import ParticleCloud
from tests.particle.conftest import TOKEN
from tests.particle.leaks import everything_said
from tests.particle.servers import Answer, ScriptedServer, raw_server, refused_url, until_hung_up

NEVER = StopSwitch()
"""Nobody turns it."""
DEVICE = DeviceId("0123456789abcdef01234567")
GONGBOT = {
    "id": "0123456789ABCDEF01234567",
    "name": "gongbot",
    "last_heard": "2015-07-17T22:28:40.907Z",
    "product_id": 6,
    "online": True,
    "connected": True,
    "functions": ["gong"],
    "variables": {"Gongs": "int32"},
    "system_firmware_version": "1.5.2",
    "status": "normal",
}


@pytest.fixture
def particle(access: CloudAccess) -> ParticleCloud:
    return ParticleCloud(access)


def test_devices_are_listed_with_the_token_in_the_header_only(
    particle: ParticleCloud, cloud: ScriptedServer
) -> None:
    cloud.answer = Answer(body=[GONGBOT])

    devices = particle.devices(NEVER)

    assert devices == (
        Device(
            DEVICE,
            name="gongbot",
            online=True,
            functions=("gong",),
            variables={"Gongs": "int32"},
            last_heard="2015-07-17T22:28:40.907Z",
            firmware_version="1.5.2",
            system_version="1.5.2",
        ),
    )
    assert [(asked.method, asked.path) for asked in cloud.asked] == [("GET", "/v1/devices")]
    assert cloud.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"functions": None, "variables": None}, {"functions": (), "variables": {}}),
        ({"online": None, "connected": True}, {"online": False}),
        ({"name": None, "last_heard": None}, {"name": "", "last_heard": None}),
        ({"firmware_version": 7}, {"firmware_version": "7"}),
    ],
)
def test_what_a_device_leaves_out(
    particle: ParticleCloud,
    cloud: ScriptedServer,
    changes: dict[str, object],
    expected: dict[str, object],
) -> None:
    cloud.answer = Answer(body=GONGBOT | changes)

    device = particle.device(DEVICE, NEVER)

    assert {name: getattr(device, name) for name in expected} == expected


def test_an_old_answer_says_connected_for_online(
    particle: ParticleCloud, cloud: ScriptedServer
) -> None:
    cloud.answer = Answer(body={"id": DEVICE.text, "connected": True})

    assert particle.device(DEVICE, NEVER) == Device(DEVICE, online=True)


def test_a_listed_thing_without_a_device_id_does_not_hide_the_others(
    particle: ParticleCloud, cloud: ScriptedServer
) -> None:
    cloud.answer = Answer(body=[{"id": "virtual"}, None, GONGBOT])

    assert [device.device_id for device in particle.devices(NEVER)] == [DEVICE]


def test_a_device_is_renamed(particle: ParticleCloud, cloud: ScriptedServer) -> None:
    cloud.answer = Answer(body={"id": DEVICE.text, "name": "Küche"})

    particle.rename(DEVICE, "Küche", NEVER)

    assert (cloud.asked[0].method, cloud.asked[0].path) == ("PUT", f"/v1/devices/{DEVICE}")
    assert cloud.asked[0].json == {"name": "Küche"}


@pytest.mark.parametrize("online", [True, False])
def test_a_ping_is_the_answer_of_the_device_itself(
    particle: ParticleCloud, cloud: ScriptedServer, online: bool
) -> None:
    cloud.answer = Answer(body={"online": online, "ok": True})

    assert particle.ping(DEVICE, NEVER) is online
    assert (cloud.asked[0].method, cloud.asked[0].path) == ("PUT", f"/v1/devices/{DEVICE}/ping")


def test_a_function_is_called(particle: ParticleCloud, cloud: ScriptedServer) -> None:
    cloud.answer = Answer(body={"id": DEVICE.text, "connected": True, "return_value": -3})

    assert particle.call(DEVICE, "gong", "höher", NEVER) == -3
    assert (cloud.asked[0].method, cloud.asked[0].path) == ("POST", f"/v1/devices/{DEVICE}/gong")
    assert cloud.asked[0].json == {"arg": "höher"}


@pytest.mark.parametrize("value", [46, 21.5, "text", True, None])
def test_a_variable_is_read(particle: ParticleCloud, cloud: ScriptedServer, value: object) -> None:
    cloud.answer = Answer(body={"cmd": "VarReturn", "name": "a/b", "result": value})

    assert particle.read(DEVICE, "a/b", NEVER) == value
    assert cloud.asked[0].path == f"/v1/devices/{DEVICE}/a%2Fb"


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_be_another_path_is_not_sent(
    particle: ParticleCloud, cloud: ScriptedServer, name: str
) -> None:
    with pytest.raises(NotExposed):
        particle.call(DEVICE, name, "", NEVER)

    assert cloud.asked == []


Ask = Callable[[ParticleCloud], object]
ASK_ALL: Ask = lambda cloud: cloud.devices(NEVER)  # noqa: E731
ASK_ONE: Ask = lambda cloud: cloud.device(DEVICE, NEVER)  # noqa: E731
RENAME: Ask = lambda cloud: cloud.rename(DEVICE, "x", NEVER)  # noqa: E731
CALL: Ask = lambda cloud: cloud.call(DEVICE, "gong", "", NEVER)  # noqa: E731
READ: Ask = lambda cloud: cloud.read(DEVICE, "Gongs", NEVER)  # noqa: E731

UNKNOWN_TOKEN = {"error": "invalid_token", "error_description": "The access token is invalid."}
NO_TOKEN = {"error": "invalid_request", "error_description": "The access token was not found"}
FOREIGN = {"error": "Permission Denied", "info": "I didn't recognize that device name or ID"}
NO_SERVICE = {"ok": False, "errors": [{"error": "Timed out, didn't hear back"}], "code": 500}

YOURS = {"device": DEVICE.text}


@pytest.mark.parametrize(
    ("ask", "answer", "error", "parameters"),
    [
        (ASK_ALL, Answer(401, UNKNOWN_TOKEN), TokenRefused, {}),
        (ASK_ONE, Answer(401, "not even JSON"), TokenRefused, {}),
        (ASK_ALL, Answer(400, NO_TOKEN), TokenRefused, {}),
        (CALL, Answer(400, UNKNOWN_TOKEN), TokenRefused, {}),
        (ASK_ALL, Answer(403, FOREIGN), TokenRefused, {}),
        (ASK_ONE, Answer(403, FOREIGN), DeviceNotYours, YOURS),
        (RENAME, Answer(403, FOREIGN), DeviceNotYours, YOURS),
        (CALL, Answer(403, FOREIGN), DeviceNotYours, YOURS),
        (ASK_ONE, Answer(404, {"error": "Not found"}), DeviceNotYours, YOURS),
        (
            CALL,
            Answer(404, {"ok": False, "error": "Function gong not found"}),
            NotExposed,
            {"name": "gong"},
        ),
        (
            READ,
            Answer(404, {"ok": False, "error": "Variable not found"}),
            NotExposed,
            {"name": "Gongs"},
        ),
        (READ, Answer(408, {"error": "Timed out."}), DeviceOffline, YOURS),
        (CALL, Answer(408, ""), DeviceOffline, YOURS),
        (CALL, Answer(400, {"ok": False, "error": "Timed out."}), DeviceOffline, YOURS),
        (RENAME, Answer(500, NO_SERVICE), DeviceOffline, YOURS),
        (CALL, Answer(400, {"ok": False, "errors": [["Timed out.", 400]]}), DeviceOffline, YOURS),
        (ASK_ALL, Answer(408, {"error": "Timed out."}), CloudBroken, {"status": 408}),
        (CALL, Answer(400, {"ok": False, "error": "bad"}), CloudBroken, {"status": 400}),
        (ASK_ALL, Answer(429, {}), CloudBusy, {"seconds": 60}),
        (ASK_ALL, Answer(529, "", {"Retry-After": "7"}), CloudBusy, {"seconds": 7}),
        (ASK_ALL, Answer(429, "", {"Retry-After": "0"}), CloudBusy, {"seconds": 1}),
        (ASK_ALL, Answer(429, "", {"Retry-After": "99999999"}), CloudBusy, {"seconds": 3600}),
        (
            ASK_ALL,
            Answer(429, "", {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}),
            CloudBusy,
            {"seconds": 60},
        ),
        (ASK_ALL, Answer(500, {}), CloudBroken, {"status": 500}),
        (CALL, Answer(503, "<html>"), CloudBroken, {"status": 503}),
        (ASK_ALL, Answer(200, "<html>a hotel</html>"), CloudBroken, {"status": 200}),
        (ASK_ALL, Answer(200, b"\xff\xfe["), CloudBroken, {"status": 200}),
        (ASK_ALL, Answer(200, ""), CloudBroken, {"status": 200}),
        (ASK_ALL, Answer(200, {"devices": []}), CloudBroken, {"status": 200}),
        (ASK_ONE, Answer(200, {"id": "short"}), CloudBroken, {"status": 200}),
        (CALL, Answer(200, {"return_value": "1"}), CloudBroken, {"status": 200}),
        (CALL, Answer(200, {"return_value": True}), CloudBroken, {"status": 200}),
        (READ, Answer(200, {"name": "Gongs"}), CloudBroken, {"status": 200}),
    ],
)
def test_a_refusal_is_named(
    particle: ParticleCloud,
    cloud: ScriptedServer,
    ask: Ask,
    answer: Answer,
    error: type[SetupError],
    parameters: dict[str, object],
) -> None:
    cloud.answer = answer

    with pytest.raises(error) as raised:
        ask(particle)

    assert type(raised.value) is error
    assert raised.value.parameters == parameters


@pytest.mark.parametrize("ask", [ASK_ALL, CALL])
def test_no_redirect_is_followed(particle: ParticleCloud, cloud: ScriptedServer, ask: Ask) -> None:
    cloud.answer = Answer(302, "", {"Location": cloud.url + "/elsewhere"})

    with pytest.raises(CloudBroken) as raised:
        ask(particle)

    assert raised.value.parameters == {"status": 302}
    assert len(cloud.asked) == 1


def test_nobody_there_is_unreachable_and_tells_no_token() -> None:
    particle = ParticleCloud(CloudAccess(refused_url(), Secret(TOKEN)))

    with pytest.raises(CloudUnreachable) as raised:
        particle.devices(NEVER)

    assert raised.value.__cause__ is not None
    assert TOKEN not in everything_said(raised.value)


def test_silence_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "DEVICE_TIMEOUT", 0.05)
    monkeypatch.setattr("setup_wizard.particle.client.DEVICE_TIMEOUT", 0.05)
    with raw_server(until_hung_up) as server:
        particle = ParticleCloud(CloudAccess(server.url, Secret(TOKEN)))

        with pytest.raises(CloudUnreachable):
            particle.call(DEVICE, "gong", "", NEVER)


@pytest.mark.parametrize("token", ["line\n", "gr\u00fcn", "", "two words"])
def test_a_token_that_no_header_can_hold_is_refused_and_not_quoted(
    cloud: ScriptedServer, token: str
) -> None:
    particle = ParticleCloud(CloudAccess(cloud.url, Secret(token)))

    with pytest.raises(TokenRefused) as raised:
        particle.devices(NEVER)

    assert cloud.asked == []
    assert not token or token not in everything_said(raised.value)


def test_an_answer_that_is_not_json_is_not_quoted(
    particle: ParticleCloud, cloud: ScriptedServer
) -> None:
    cloud.answer = Answer(200, TOKEN.encode() + b"\xff")

    with pytest.raises(CloudBroken) as raised:
        particle.devices(NEVER)

    assert TOKEN not in everything_said(raised.value)


def test_a_netrc_entry_does_not_replace_the_token(
    particle: ParticleCloud,
    cloud: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    cloud.answer = Answer(body=[])

    particle.devices(NEVER)

    assert cloud.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_the_system_proxy_is_used(cloud: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", cloud.url)
    cloud.answer = Answer(body=[])

    ParticleCloud(CloudAccess("http://cloud.invalid", Secret(TOKEN))).devices(NEVER)

    assert cloud.asked[0].path == "http://cloud.invalid/v1/devices"


def test_nothing_secret_is_logged(
    particle: ParticleCloud, cloud: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    cloud.answer = Answer(body=[])

    particle.devices(NEVER)

    assert "/v1/devices" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(vars(particle))


def test_a_light_is_shown_and_a_device_is_given_up(
    particle: ParticleCloud, cloud: ScriptedServer
) -> None:
    particle.signal(DEVICE, NEVER, on=True)
    particle.signal(DEVICE, NEVER, on=False)
    particle.unclaim(DEVICE, NEVER)

    assert [(asked.method, asked.path) for asked in cloud.asked] == [
        ("PUT", f"/v1/devices/{DEVICE}"),
        ("PUT", f"/v1/devices/{DEVICE}"),
        ("DELETE", f"/v1/devices/{DEVICE}"),
    ]
    assert [asked.json for asked in cloud.asked[:2]] == [{"signal": "1"}, {"signal": "0"}]


def test_a_light_that_cannot_be_reached_is_that_of_a_device_which_is_away(
    particle: ParticleCloud, cloud: ScriptedServer
) -> None:
    text = "Timed out, didn't hear back from device service"
    cloud.answer = Answer(500, {"ok": False, "code": 500, "errors": [{"error": text}]})

    with pytest.raises(DeviceOffline):
        particle.signal(DEVICE, NEVER, on=True)


@pytest.mark.parametrize(("online", "error"), [(True, DeviceSlow), (False, DeviceOffline)])
def test_the_cloud_is_asked_whether_a_silent_device_is_there(
    particle: ParticleCloud, cloud: ScriptedServer, online: bool, error: type[SetupError]
) -> None:
    cloud.answer = Answer(400, {"ok": False, "error": "Timed out."})
    cloud.answers[f"GET /v1/devices/{DEVICE}"] = Answer(body=GONGBOT | {"online": online})

    with pytest.raises(error):
        particle.call(DEVICE, "led", "on", NEVER)


@pytest.mark.parametrize(("version", "allowed"), [("0.7.0", 63), ("1.5.2", 622), ("3.3.0", 864)])
def test_an_argument_longer_than_the_device_takes_is_not_sent(
    particle: ParticleCloud, cloud: ScriptedServer, version: str, allowed: int
) -> None:
    cloud.answer = Answer(body={"return_value": 1})
    device = Answer(body=GONGBOT | {"system_firmware_version": version})
    cloud.answers[f"GET /v1/devices/{DEVICE}"] = device

    assert particle.call(DEVICE, "led", "x" * allowed, NEVER) == 1
    with pytest.raises(ArgumentTooLong) as raised:
        particle.call(DEVICE, "led", "x" * (allowed - 1) + "ü", NEVER)
    assert raised.value.parameters == {"length": allowed + 1, "allowed": allowed}
    assert [asked.method for asked in cloud.asked].count("POST") == 1
