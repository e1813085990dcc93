"""The steps of the journey as data: one step is one screen, whatever front end shows it."""

from __future__ import annotations

from enum import Enum


class Step(Enum):
    """A screen: one question to the person."""

    WELCOME = "welcome"
    SIGN_IN = "sign_in"
    SIGN_IN_CODE = "sign_in_code"
    PREPARE = "prepare"
    LISTENING = "listening"
    JOIN = "join"
    NETWORK = "network"
    SETTING_UP = "setting_up"
    WRONG_PASSPHRASE = "wrong_passphrase"  # noqa: S105 - the name of a screen
    STILL_CHECKING = "still_checking"
    DONE = "done"


class Milestone(Enum):
    """The dots of the step line: how far the person has come."""

    START = "start"
    DEVICE = "device"
    NETWORK = "network"
    CONNECT = "connect"
    DONE = "done"


class Stage(Enum):
    """A part of the unattended work, shown as a line with a tick."""

    REACH_BACKEND = "reach_backend"
    PROVISION = "provision"
    CHECK_WIFI = "check_wifi"
    SAVE = "save"
    JOIN_NETWORK = "join_network"
    GO_ONLINE = "go_online"
    MAKE_YOURS = "make_yours"


MILESTONE: dict[Step, Milestone] = {
    Step.WELCOME: Milestone.START,
    Step.SIGN_IN: Milestone.START,
    Step.SIGN_IN_CODE: Milestone.START,
    Step.PREPARE: Milestone.START,
    Step.LISTENING: Milestone.DEVICE,
    Step.JOIN: Milestone.DEVICE,
    Step.NETWORK: Milestone.NETWORK,
    Step.SETTING_UP: Milestone.CONNECT,
    Step.WRONG_PASSPHRASE: Milestone.NETWORK,
    Step.STILL_CHECKING: Milestone.CONNECT,
    Step.DONE: Milestone.DONE,
}

BACK: dict[Step, Step] = {
    Step.SIGN_IN: Step.WELCOME,
    Step.SIGN_IN_CODE: Step.SIGN_IN,
    Step.PREPARE: Step.WELCOME,
    Step.LISTENING: Step.WELCOME,
    Step.JOIN: Step.LISTENING,
    Step.NETWORK: Step.LISTENING,
    Step.SETTING_UP: Step.NETWORK,
    Step.WRONG_PASSPHRASE: Step.NETWORK,
}
"""Where Back and Cancel lead. A step that is not here has no way back."""

PREPARATION = (Stage.REACH_BACKEND, Stage.PROVISION, Stage.CHECK_WIFI)
SETUP = (Stage.SAVE, Stage.JOIN_NETWORK, Stage.GO_ONLINE, Stage.MAKE_YOURS)
