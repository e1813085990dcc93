"""The family of widgets that pages are made of: they show and report, and know no page.

Each is imported when it is first asked for, because the first paint needs only a few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from setup_wizard.qt.widgets.buttons import (
        IconButton,
        danger_button,
        icon_button,
        link_button,
        plain_button,
        primary_button,
        quiet_button,
    )
    from setup_wizard.qt.widgets.demo_bar import DemoBar
    from setup_wizard.qt.widgets.device_picture import DevicePicture, LightPattern
    from setup_wizard.qt.widgets.error_box import ErrorBox, ErrorText, ErrorWords
    from setup_wizard.qt.widgets.event_list import EventList, EventRow
    from setup_wizard.qt.widgets.fields import Card, CheckBox, DropDown, divider, mark_invalid
    from setup_wizard.qt.widgets.file_field import FileField
    from setup_wizard.qt.widgets.labels import body, headline, mono, quiet, small, strong
    from setup_wizard.qt.widgets.light_picker import LightPicker, LightRow, LightWords
    from setup_wizard.qt.widgets.network_list import NetworkList, NetworkRow, NetworkWords
    from setup_wizard.qt.widgets.notice import Notice, NoticeKind
    from setup_wizard.qt.widgets.passphrase_field import PassphraseField, PassphraseWords
    from setup_wizard.qt.widgets.picture import Picture, icon, pixmap
    from setup_wizard.qt.widgets.sparkline import Sparkline
    from setup_wizard.qt.widgets.stage_list import (
        CheckList,
        StageList,
        StageRow,
        StageState,
        StageWords,
    )
    from setup_wizard.qt.widgets.step_line import StepLine, StepWords
    from setup_wizard.qt.widgets.story import Figure, Story

_HOMES = {
    "buttons": (
        "IconButton",
        "danger_button",
        "icon_button",
        "link_button",
        "plain_button",
        "primary_button",
        "quiet_button",
    ),
    "demo_bar": ("DemoBar",),
    "device_picture": (
        "DevicePicture",
        "LightPattern",
    ),
    "error_box": (
        "ErrorBox",
        "ErrorText",
        "ErrorWords",
    ),
    "event_list": (
        "EventList",
        "EventRow",
    ),
    "fields": (
        "Card",
        "CheckBox",
        "DropDown",
        "divider",
        "mark_invalid",
    ),
    "file_field": ("FileField",),
    "labels": (
        "body",
        "headline",
        "mono",
        "quiet",
        "small",
        "strong",
    ),
    "light_picker": (
        "LightPicker",
        "LightRow",
        "LightWords",
    ),
    "network_list": (
        "NetworkList",
        "NetworkRow",
        "NetworkWords",
    ),
    "notice": (
        "Notice",
        "NoticeKind",
    ),
    "passphrase_field": (
        "PassphraseField",
        "PassphraseWords",
    ),
    "picture": (
        "Picture",
        "icon",
        "pixmap",
    ),
    "sparkline": ("Sparkline",),
    "stage_list": (
        "CheckList",
        "StageList",
        "StageRow",
        "StageState",
        "StageWords",
    ),
    "step_line": (
        "StepLine",
        "StepWords",
    ),
    "story": (
        "Figure",
        "Story",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Card",
    "CheckBox",
    "CheckList",
    "DemoBar",
    "DevicePicture",
    "DropDown",
    "ErrorBox",
    "ErrorText",
    "ErrorWords",
    "EventList",
    "EventRow",
    "Figure",
    "FileField",
    "IconButton",
    "LightPattern",
    "LightPicker",
    "LightRow",
    "LightWords",
    "NetworkList",
    "NetworkRow",
    "NetworkWords",
    "Notice",
    "NoticeKind",
    "PassphraseField",
    "PassphraseWords",
    "Picture",
    "Sparkline",
    "StageList",
    "StageRow",
    "StageState",
    "StageWords",
    "StepLine",
    "StepWords",
    "Story",
    "body",
    "danger_button",
    "divider",
    "headline",
    "icon",
    "icon_button",
    "link_button",
    "mark_invalid",
    "mono",
    "pixmap",
    "plain_button",
    "primary_button",
    "quiet",
    "quiet_button",
    "small",
    "strong",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
