"""A failure as a command tells it: where the window would ask again, a command is started again."""

from __future__ import annotations

from setup_wizard.domain.errors import (
    BackendUnreachable,
    DeviceNotYours,
    KeyPasswordMissing,
    NetworkUnseen,
    NotExposed,
    ProductEventsNotOffered,
    SetupError,
    SignInExpired,
)
from setup_wizard.words import Words


def told(error: SetupError, words: Words) -> dict[str, str]:
    """The code, what happened and what to do, for results in JSON."""
    said = words.error(error)
    advice = _advice(error) or said.advice
    return {"code": said.code, "message": said.sentence, "advice": advice}


def _advice(error: SetupError) -> str | None:
    """What is to be done here and nowhere else."""
    match error:
        case BackendUnreachable(parameters={"status": status}):
            return (
                f"Something answers there, and it is no backend (status {status}). See that the "
                "backend's address is right, and that this computer is on the internet."
            )
        case ProductEventsNotOffered(parameters={"product": product}):
            return (
                f"The cloud does not know the product {product}. See that --product and --cloud "
                "are right, or at a backend what it has for them."
            )
        case DeviceNotYours():
            return (
                "See that the device's name or id is right. One that belongs to somebody else must "
                "be removed from their account first."
            )
        case SignInExpired():
            return "Start the command again, to sign in anew."
        case NotExposed():
            return "See that its name is right, capitals too. The device may need an update."
        case NetworkUnseen():
            return (
                "Check the spelling, capitals too; a hidden network needs --hidden. It may also be "
                "too far away, or a 5 GHz network."
            )
        case KeyPasswordMissing():
            return "Put that password into a file and name it by --private-key-password-file."
    return None
