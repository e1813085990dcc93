"""`staff` and `customers`: what whoever runs the backend types, and what happens then."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from setup_wizard.cli.options import ROLES
from setup_wizard.service.models import Role
from tests.cli.command import Answer, Running, ask, refuses, run
from tests.cli.world import QuickWorld

pytestmark = pytest.mark.slow

Command = Callable[..., Answer]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "shop.sqlite"


@pytest.fixture
def command(database: Path) -> Command:
    """Runs one with nothing but a product and a database."""

    def typed(*words: str) -> Answer:
        settings = {"SETUP_WIZARD_PRODUCT": "lamp"}
        return run(*words, "--database", f"sqlite:///{database}", env=settings)

    return typed


def test_the_command_knows_every_role():
    assert set(ROLES) == set(Role)


def test_a_staff_member_is_added_listed_revoked_and_added_again(command: Command):
    added = command("staff", "add", "anna", "--role", "installer")
    command("staff", "add", "joe", "--role", "admin")
    revoked = command("staff", "revoke", "anna")
    listed = command("staff", "list")
    again = command("staff", "add", "anna", "--role", "support")

    (key,) = added.out.splitlines()
    assert (added.status, len(key)) == (0, 43)
    assert "anna may sign in as installer with this key. It is shown only now." in added.err
    assert key not in added.err
    assert (revoked.status, revoked.out, revoked.err) == (0, "", "")
    assert listed.out.splitlines() == [
        "anna\tinstaller\trevoked\tnever used",
        "joe\tadmin\tactive\tnever used",
    ]
    assert key not in listed.out
    assert (again.status, again.out.strip() == key) == (0, False)


def test_a_key_opens_a_running_backend_at_once_and_no_more_when_it_is_revoked(
    command: Command, database: Path, tmp_path: Path, running_world: QuickWorld
):
    cloud = running_world.told["cloud"]
    settings = tmp_path / "shop.toml"
    (tmp_path / "client-secret").write_text(cloud["client_secret"])
    settings.write_text(
        f'[service]\ncloud_url = "{cloud["url"]}"\nproduct = "lamp"\n'
        f'client_id = "{cloud["client_id"]}"\nclient_secret_file = "client-secret"\n'
        f'database_url = "sqlite:///{database}"\n'
    )
    with Running("serve", "--config", str(settings)) as running:
        url = f"{running.told['backend']['url']}/v1/sessions"
        add = ("staff", "add", "anna", "--role", "installer", "--config", str(settings))
        key = run(*add).out
        body = {"customer": "jane@example.com", "installer_key": key.strip()}
        opened = ask(url, body)
        used = command("staff", "list").out
        command("staff", "revoke", "anna")
        with pytest.raises(OSError, match="401"):
            ask(url, body)
        customers = run("customers", "list", "--config", str(settings)).out

    assert opened["customer"] == "jane@example.com"
    assert "\tused 20" in used
    assert customers.startswith("jane@example.com\t0 devices\tsince 20")


def test_a_product_may_be_named_beside_the_settings(command: Command):
    command("staff", "add", "anna", "--role", "admin", "--product", "oven")

    assert command("staff", "list").out == ""
    assert command("staff", "list", "--product", "oven").out == "anna\tadmin\tactive\tnever used\n"


def test_what_was_done_is_in_the_audit_log(command: Command, database: Path):
    command("staff", "add", "anna", "--role", "admin")
    command("staff", "revoke", "anna")

    with closing(sqlite3.connect(database)) as connection:
        log = connection.execute("SELECT actor, staff_id, verb FROM audit_entry").fetchall()

    assert log == [("system", 1, "staff.added"), ("system", 1, "staff.revoked")]


def test_what_cannot_be_written_down_is_not_done(command: Command, database: Path):
    command("staff", "add", "joe", "--role", "admin")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON audit_entry"
            " BEGIN SELECT RAISE(ABORT, 'as a full disk would'); END"
        )

    refuses(command("staff", "add", "anna", "--role", "admin"))
    refuses(command("staff", "revoke", "joe"))

    assert command("staff", "list").out == "joe\tadmin\tactive\tnever used\n"


def test_a_customer_is_deleted_at_the_cloud_and_here(tmp_path: Path, running_world: QuickWorld):
    cloud = running_world.told["cloud"]
    environment = {
        "SETUP_WIZARD_CLOUD_URL": cloud["url"],
        "SETUP_WIZARD_PRODUCT": cloud["product"],
        "SETUP_WIZARD_CLIENT_ID": cloud["client_id"],
        "SETUP_WIZARD_CLIENT_SECRET": cloud["client_secret"],
        "SETUP_WIZARD_INSTALLER_KEYS": "shop=key",
        "SETUP_WIZARD_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.sqlite'}",
    }
    with Running("serve", env=environment) as running:
        url = f"{running.told['backend']['url']}/v1/sessions"
        ask(url, {"customer": "gone@example.com", "installer_key": "key"})

    deleted = run("customers", "delete", "Gone@Example.com", env=environment, afresh=True)
    listed = run("customers", "list", env=environment)
    unknown = run("customers", "delete", "gone@example.com", env=environment)

    assert (deleted.status, deleted.out, deleted.err) == (0, "", "")
    assert listed.out == ""
    assert "there is no customer gone@example.com" in refuses(unknown)


def test_a_customer_is_kept_when_the_cloud_cannot_be_asked(tmp_path: Path):
    environment = {
        "SETUP_WIZARD_CLOUD_URL": "http://127.0.0.1:9",
        "SETUP_WIZARD_PRODUCT": "lamp",
        "SETUP_WIZARD_CLIENT_ID": "lamp-1",
        "SETUP_WIZARD_CLIENT_SECRET": "hush",
        "SETUP_WIZARD_INSTALLER_KEYS": "shop=key",
        "SETUP_WIZARD_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.sqlite'}",
    }
    with Running("serve", env=environment) as running:
        url = f"{running.told['backend']['url']}/v1/sessions"
        ask(url, {"customer": "jane@example.com", "installer_key": "key"})

    sentence = refuses(run("customers", "delete", "jane@example.com", env=environment))

    assert "jane@example.com is not deleted: The cloud did not answer." in sentence
    assert run("customers", "list", env=environment).out.startswith("jane@example.com\t")


def test_a_name_twice_or_not_at_all_is_said(command: Command):
    command("staff", "add", "anna", "--role", "admin")

    twice = refuses(command("staff", "add", "anna", "--role", "admin"))
    nobody = refuses(command("staff", "revoke", "joe"))

    assert "anna may sign in already" in twice
    assert "there is nobody named joe who may sign in" in nobody


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("staff",), "DEED"),
        (("staff", "add", "anna"), "--role"),
        (("staff", "add", "anna", "--role", "king"), "king"),
        (("staff", "add", "a\nb", "--role", "admin"), "printable"),
        (("staff", "add", " ", "--role", "admin"), "printable"),
        (("staff", "list"), "SETUP_WIZARD_PRODUCT"),
        (("staff", "list", "--product", "lamp", "--database", "mysql://u@h/d"), "sqlite:///"),
        (("staff", "list", "--product", "lamp", "--database", "sqlite:////no/such/x"), "database"),
        (
            ("staff", "list", "--product", "lamp", "--database", "postgresql://u@127.0.0.1:9/d"),
            "the database cannot be opened",
        ),
        (("customers", "delete", "jane@example.com"), "SETUP_WIZARD_CLIENT_SECRET"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_in_one_sentence(words: tuple[str, ...], hint: str):
    assert hint in refuses(run(*words))


def test_a_password_of_the_database_is_taken_from_the_environment_and_not_shown():
    url = "postgresql://u:hunter2@127.0.0.1:9/d"
    answer = run("staff", "list", "--product", "lamp", env={"SETUP_WIZARD_DATABASE_URL": url})

    sentence = refuses(answer)
    assert "the database cannot be opened" in sentence
    assert "hunter2" not in sentence


def test_a_database_of_a_newer_program_is_refused(command: Command, database: Path):
    command("staff", "add", "anna", "--role", "admin")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    assert "newer version of this program: update" in refuses(command("staff", "list"))


@pytest.mark.parametrize(
    "words",
    [
        ("staff", "list"),
        ("staff", "revoke", "anna"),
        ("customers", "list"),
        ("customers", "delete", "jane@example.com"),
    ],
)
def test_a_mistyped_database_is_said_and_not_made(database: Path, words: tuple[str, ...]):
    settings = {
        "SETUP_WIZARD_CLOUD_URL": "http://127.0.0.1:9",
        "SETUP_WIZARD_PRODUCT": "lamp",
        "SETUP_WIZARD_CLIENT_ID": "lamp-1",
        "SETUP_WIZARD_CLIENT_SECRET": "hush",
    }

    sentence = refuses(run(*words, "--database", f"sqlite:///{database}", env=settings))

    assert f"there is no database {database}" in sentence
    assert not database.exists()
