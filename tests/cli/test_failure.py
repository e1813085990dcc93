"""What a failure advises at the command line, where it is not what the window would do."""

from __future__ import annotations

import pytest

from setup_wizard.bootstrap import open_brand
from setup_wizard.cli.failure import told
from setup_wizard.domain.errors import (
    BackendUnreachable,
    KeyPasswordMissing,
    NetworkUnseen,
    NotExposed,
    ProductEventsNotOffered,
    SetupError,
    SignInExpired,
    WrongPassphrase,
)

WORDS = open_brand("default")[1]


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (SignInExpired(), "Start the command again, to sign in anew."),
        (
            ProductEventsNotOffered(product="lamp"),
            (
                "The cloud does not know the product lamp. See that --product and --cloud are "
                "right, or at a backend what it has for them."
            ),
        ),
        (
            BackendUnreachable(status=302),
            (
                "Something answers there, and it is no backend (status 302). See that the "
                "backend's address is right, and that this computer is on the internet."
            ),
        ),
        (
            NotExposed(name="lde"),
            "See that its name is right, capitals too. The device may need an update.",
        ),
        (
            NetworkUnseen(network="homenet"),
            (
                "Check the spelling, capitals too; a hidden network needs --hidden. It may also be "
                "too far away, or a 5 GHz network."
            ),
        ),
        (
            KeyPasswordMissing(name="jane.key"),
            "Put that password into a file and name it by --private-key-password-file.",
        ),
    ],
)
def test_a_command_is_started_again_where_the_window_would_ask(
    error: SetupError, advice: str
) -> None:
    said = WORDS.error(error)

    assert told(error, WORDS) == {"code": said.code, "message": said.sentence, "advice": advice}


@pytest.mark.parametrize(
    "error", [BackendUnreachable(), ProductEventsNotOffered(), WrongPassphrase(network="Home")]
)
def test_all_else_is_said_as_in_the_window(error: SetupError) -> None:
    assert told(error, WORDS)["advice"] == WORDS.error(error).advice
