"""Where the database is may be an argument; its password may not, as everybody can read those."""

from __future__ import annotations

import pytest

from setup_wizard.cli.options import read_arguments
from tests.cli.command import refuses, run


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hunter2@127.0.0.1/d",
        "postgresql://u:hunter2@127.0.0.1:5432/d",
        "postgresql+asyncpg://u:hunter2@[::1]/d",
        "postgresql://u:hunter2/@h/d",
        "postgresql://:hunter2@h/d",
        "postgresql://u@h/d?password=hunter2",
        "postgresql://h/d?sslmode=require&PASS%57ORD=hunter2",
        "mysql://u:hunter2@h/d",
        "host=h user=u password=hunter2",
    ],
)
def test_a_password_of_the_database_is_no_argument(url: str):
    sentence = refuses(run("serve", "--database", url))

    assert "database_url_file" in sentence
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    "command", [("staff", "list"), ("customers", "delete", "jane@example.com")]
)
def test_nor_is_it_one_for_the_commands_about_people(command: tuple[str, ...]):
    sentence = refuses(run(*command, "--database", "postgresql://u:hunter2@127.0.0.1/d"))

    assert "database_url_file" in sentence
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///C:/some/password=/a@b.sqlite",
        "postgresql://h:5432/d",
        "postgresql://u@h:5432/d",
        "postgresql://h:5432/d?user=me@corp",
        "postgresql:///d?host=/var/run&passfile=/run/pass",
    ],
)
def test_a_database_without_a_password_may_be_one(url: str):
    assert read_arguments(["serve", "--database", url]).database == url
