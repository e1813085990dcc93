"""Devices: what the owner sees and can do, and what everybody else is told."""

from __future__ import annotations

import pytest

DEVICE = "3a001b000447343138333038"
OTHER = "3a001b000447343138333039"


@pytest.fixture
def owned(cloud, jane):
    """Jane's device, online, by name."""
    cloud.add_device(
        DEVICE,
        name="gongbot",
        functions={"led": 1},
        variables={"temperature": 21.5, "count": 3, "open": True, "colour": "red"},
        owner="jane@example.com",
        online=True,
    )
    return f"/v1/devices/{DEVICE}"


def test_owner_sees_the_device_alone_and_in_the_list(api, owned, jane):
    shown = api.ask("GET", owned, jane).json()

    assert api.ask("GET", "/v1/devices", jane).json() == [shown]
    assert api.ask("GET", "/v1/devices/gongbot", jane).json() == shown
    assert shown["id"] == DEVICE
    assert shown["owner"] == "jane@example.com"
    assert shown["online"] is shown["connected"] is True
    assert shown["platform_id"] == 6
    assert shown["functions"] == ["led"]
    assert shown["variables"] == {
        "temperature": "double",
        "count": "int32",
        "open": "bool",
        "colour": "string",
    }
    assert shown["last_heard"] == "2027-01-15T08:00:00.250Z"


def test_list_begins_with_the_newest_handshake(api, cloud, owned, jane):
    api.pass_time(5)
    cloud.add_device(OTHER, owner="jane@example.com", online=True)

    assert [d["id"] for d in api.ask("GET", "/v1/devices", jane).json()] == [OTHER, DEVICE]


def test_what_an_offline_device_can_do_is_unknown(api, cloud, owned, jane):
    cloud.set_online(DEVICE, False)

    shown = api.ask("GET", owned, jane).json()

    assert shown["online"] is shown["connected"] is False
    assert shown["functions"] is shown["variables"] is None


@pytest.mark.parametrize("device", [DEVICE, OTHER, DEVICE.upper()])
def test_foreign_and_unknown_devices_look_the_same(api, owned, device):
    zoe = api.customer("zoe@example.com")

    reply = api.ask("GET", f"/v1/devices/{device}", zoe)

    assert reply.status_code == 403
    assert reply.json()["error"] == "Permission Denied"
    assert reply.json()["info"].startswith("I didn't recognize that device name or ID")
    assert api.ask("GET", "/v1/devices", zoe).json() == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", ""),
        ("DELETE", ""),
        ("PUT", "/ping"),
        ("GET", "/temperature"),
        ("POST", "/led"),
        ("GET", "/events"),
    ],
)
def test_nothing_can_be_done_to_a_foreign_device(api, owned, method, path):
    zoe = api.customer("zoe@example.com")

    assert api.ask(method, owned + path, zoe).status_code == 403
    assert api.ask(method, owned + path).status_code == 400


def test_team_sees_the_product_and_customers_do_not(api, cloud, owned, jane):
    cloud.add_device(OTHER)
    path = f"/v1/products/{cloud.product}/devices"

    listed = api.ask("GET", path, cloud.team_token).json()
    found = api.ask("GET", path, cloud.team_token, params={"deviceName": "gong"}).json()
    page = api.ask("GET", path, cloud.team_token, params={"per_page": 1, "page": 2}).json()

    assert [d["id"] for d in listed["devices"]] == [DEVICE, OTHER]
    assert [c["username"] for c in listed["customers"]] == ["jane@example.com"]
    assert listed["meta"] == {"total_pages": 1}
    assert [d["id"] for d in found["devices"]] == [DEVICE]
    assert [d["id"] for d in page["devices"]] == [OTHER]
    assert page["meta"] == {"total_pages": 2}
    shown = api.ask("GET", f"{path}/{DEVICE}", cloud.team_token).json()
    assert shown["firmware_version"] == 1
    assert api.ask("GET", path, jane).status_code == 403
    assert api.ask("GET", f"{path}/{DEVICE}", jane).status_code == 403
    missing = api.ask("GET", "/v1/products/other/devices", cloud.team_token)
    assert (missing.status_code, missing.json()["error"]) == (404, "Product not found.")


def test_rename_and_notes(api, cloud, owned, jane):
    renamed = api.ask("PUT", owned, jane, json={"name": "kitchen"})
    noted = api.ask("PUT", owned, jane, data={"notes": "left of the door"})
    nothing = api.ask("PUT", owned, jane)

    assert renamed.json().keys() == {"id", "name", "updated_at"}
    assert renamed.json()["name"] == cloud.device(DEVICE)["name"] == "kitchen"
    assert noted.json()["notes"] == "left of the door"
    assert nothing.status_code == 400


def test_signal_and_ping_tell_whether_the_device_hears(api, cloud, owned, jane):
    signal = api.ask("PUT", owned, jane, json={"signal": "1"})
    ping = api.ask("PUT", owned + "/ping", jane)
    cloud.set_online(DEVICE, False)
    deaf = api.ask("PUT", owned, jane, data={"signal": "0"})
    silence = api.ask("PUT", owned + "/ping", jane)

    assert signal.json() == {"id": DEVICE, "connected": True, "signaling": True}
    assert cloud.device(DEVICE)["signaling"] is True
    assert ping.json() == {"online": True, "ok": True}
    assert deaf.status_code == 500
    assert deaf.json()["errors"][0]["error"].startswith("Timed out")
    assert (silence.status_code, silence.json()) == (200, {"online": False, "ok": True})


def test_variable_is_read_or_not_found_or_out_of_reach(api, cloud, owned, jane):
    read = api.ask("GET", owned + "/temperature", jane)
    raw = api.ask("GET", owned + "/temperature", jane, params={"format": "raw"})
    unknown = api.ask("GET", owned + "/pressure", jane)
    cloud.set_online(DEVICE, False)
    offline = api.ask("GET", owned + "/temperature", jane)

    body = read.json()
    assert (body["cmd"], body["name"], body["result"]) == ("VarReturn", "temperature", 21.5)
    assert body["coreInfo"]["deviceID"] == DEVICE
    assert raw.text == "21.5"
    assert unknown.status_code == 404
    assert unknown.json() == {"ok": False, "error": "Variable not found"}
    assert (offline.status_code, offline.json()) == (408, {"error": "Timed out."})


def test_function_is_called_or_not_found_or_out_of_reach(api, cloud, owned, jane):
    called = api.ask("POST", owned + "/led", jane, data={"arg": "on"})
    unknown = api.ask("POST", owned + "/blahblah", jane)
    cloud.set_online(DEVICE, False)
    offline = api.ask("POST", owned + "/led", jane)

    assert called.json() == {
        "id": DEVICE,
        "name": "gongbot",
        "connected": True,
        "return_value": 1,
    }
    assert unknown.status_code == 404
    assert unknown.json() == {"ok": False, "error": "Function blahblah not found"}
    assert (offline.status_code, offline.json()) == (400, {"ok": False, "error": "Timed out."})


@pytest.mark.parametrize("body", ["data", "json"])
@pytest.mark.parametrize("name", ["arg", "args", "params"])
def test_argument_reaches_the_hook_under_each_of_its_names(api, cloud, owned, jane, body, name):
    calls = []

    def answer(device_id: str, function: str, argument: str) -> int:
        calls.append((device_id, function, argument))
        cloud.publish(device_id, "led", argument)  # a hook may use the cloud
        return -7

    cloud.on_call = answer
    reply = api.ask("POST", owned + "/led", jane, **{body: {name: "ön & off"}})

    assert reply.json()["return_value"] == -7
    assert calls == [(DEVICE, "led", "ön & off")]


def test_hook_answers_for_a_variable(api, cloud, owned, jane):
    cloud.on_read = lambda device_id, name: f"{device_id[-4:]}/{name}"

    assert api.ask("GET", owned + "/colour", jane).json()["result"] == "3038/colour"


def test_online_device_of_nobody_can_be_claimed_without_a_code(api, cloud, jane):
    zoe = api.customer("zoe@example.com")
    cloud.add_device(DEVICE)

    unknown = api.ask("POST", "/v1/devices", jane, data={"id": OTHER})
    offline = api.ask("POST", "/v1/devices", jane, data={"id": DEVICE})
    cloud.set_online(DEVICE, True)
    claimed = api.ask("POST", "/v1/devices", jane, json={"id": DEVICE, "request_transfer": False})
    taken = api.ask("POST", "/v1/devices", zoe, data={"id": DEVICE})

    assert (unknown.status_code, unknown.json()["errors"]) == (404, ["device does not exist"])
    assert (offline.status_code, offline.json()["errors"]) == (404, [["Core isn't online", 404]])
    assert (claimed.status_code, claimed.json()["ok"]) == (200, True)
    assert (taken.status_code, taken.json()["errors"]) == (403, ["That belongs to someone else."])
    assert cloud.device(DEVICE)["owner"] == "jane@example.com"


def test_owner_and_team_can_unclaim(api, cloud, owned, jane):
    by_owner = api.ask("DELETE", owned, jane)
    after = api.ask("GET", owned, jane)
    cloud.add_device(DEVICE, owner="jane@example.com")
    product = f"/v1/products/{cloud.product}/devices/{DEVICE}"
    by_team = api.ask("DELETE", product + "/owner", cloud.team_token)
    removed = api.ask("DELETE", product, cloud.team_token)

    assert by_owner.json() == by_team.json() == {"ok": True}
    assert after.status_code == 403
    assert removed.status_code == 204
    assert cloud.summary()["devices"] == []


def test_claim_code_gives_the_device_to_its_maker_once(api, cloud, jane):
    code = api.ask("POST", "/v1/device_claims", jane).json()["claim_code"]
    cloud.add_device(DEVICE)
    cloud.add_device(OTHER)

    cloud.set_online(DEVICE, True, claim_code=code)
    cloud.set_online(OTHER, True, claim_code=code)

    assert cloud.device(DEVICE)["owner"] == "jane@example.com"
    assert cloud.device(OTHER)["owner"] is None
    assert cloud.device(OTHER)["online"] is True


def test_claim_code_lives_for_one_hour(api, cloud, jane):
    code = api.ask("POST", "/v1/device_claims", jane).json()["claim_code"]
    cloud.add_device(DEVICE)
    assert cloud.summary()["open_claim_codes"] == 1
    api.pass_time(3600)

    cloud.set_online(DEVICE, True, claim_code=code)

    assert cloud.device(DEVICE)["owner"] is None
    assert cloud.summary()["open_claim_codes"] == 0


def test_claim_code_does_not_take_a_device_from_its_owner(api, cloud, owned):
    zoe = api.customer("zoe@example.com")
    code = api.ask("POST", "/v1/device_claims", zoe).json()["claim_code"]

    cloud.set_online(DEVICE, True, claim_code=code)

    assert cloud.device(DEVICE)["owner"] == "jane@example.com"
