"""Which Wi-Fi: the device's own list, or a network named by hand, and its password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from setup_wizard.domain.errors import ChoiceError
from setup_wizard.domain.wifi import Network, Security, SecurityKind, check_ssid
from setup_wizard.flow.messages import RescanPressed, SetUpPressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.hints import password_hint, password_is_possible
from setup_wizard.qt.pages.manual_network import ManualNetwork
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import (
    NetworkList,
    NetworkRow,
    NetworkWords,
    Notice,
    PassphraseField,
    PassphraseWords,
    link_button,
    quiet,
)
from setup_wizard.words import Words

if TYPE_CHECKING:
    from setup_wizard.qt.pages.company_sign_in import CompanySignIn


class NetworkPage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "network")
        words = self.words
        self.add_title(words("network.headline"), words("network.text"))
        self._list = NetworkList(
            look.theme,
            NetworkWords(
                signals=(
                    words("network.signal_0"),
                    words("network.signal_1"),
                    words("network.signal_2"),
                    words("network.signal_3"),
                    words("network.signal_4"),
                ),
                secured=words("network.secured"),
                open=words("network.open"),
            ),
        )
        self._list.setObjectName("networks")
        self._list.setAccessibleName(words("network.list"))
        self._list.selection_changed.connect(self._chosen)
        self._list.row_activated.connect(self._activated)
        self._manual = ManualNetwork(words)
        self._manual.changed.connect(self._chosen)
        self._manual.setVisible(False)
        self.column.addWidget(self._list, 1)
        self.column.addWidget(self._manual, 1)
        self._notice = Notice(look.theme)
        self._notice.setVisible(False)
        self.column.addWidget(self._notice)
        self.column.addLayout(self._links())
        self._field = PassphraseField(
            look.theme, PassphraseWords(words("network.show"), words("network.hide"))
        )
        self._field.setObjectName("passphrase")
        self._field.text_changed.connect(self._chosen)
        self._label = self.add_field("", self._field)
        self._company: CompanySignIn | None = None
        self._open_note = quiet("")
        self.column.addWidget(self._open_note)
        self.column.setSpacing(Space.TIGHT)
        self._preselected = False
        self._failed = False
        self._networks: dict[object, Network] = {}
        self._chosen()

    def _links(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._rescan = link_button(self.words("network.rescan"))
        self._rescan.setObjectName("rescan")
        self._rescan.clicked.connect(self._rescan_pressed)
        self._by_hand = link_button(self.words("network.manual"))
        self._by_hand.setObjectName("by_hand")
        self._by_hand.setCheckable(True)
        self._by_hand.toggled.connect(self._switch)
        row.addWidget(self._rescan)
        row.addStretch(1)
        row.addWidget(self._by_hand)
        return row

    # --- showing ------------------------------------------------------------------------------

    def render_state(self, state: State) -> None:
        words = self.words
        mine = state.computer_network
        self._networks = {_key(network): network for network in state.networks}
        self._list.set_rows(
            [
                NetworkRow(
                    _key(network),
                    network.name,
                    network.bars,
                    network.security.kind is not SecurityKind.OPEN,
                    words("network.mine") if network.ssid == mine else "",
                )
                for network in _mine_first(state.networks, mine)
            ]
        )
        scanning = state.working and state.reading is None
        self._list.set_placeholder(words("network.scanning" if scanning else "network.empty"))
        self._rescan.setText(words("network.scanning" if scanning else "network.rescan"))
        if self._company is not None:
            self._company.hear(state.error)
        missing = (
            mine is not None
            and bool(state.networks)
            and mine not in {network.ssid for network in state.networks}
        )
        name = mine.decode("utf-8", "replace") if mine else ""
        text = words("network.mine_missing", network=name) if missing else None
        self._failed = state.error is not None
        self._show_text()
        self._notice.set_notice(text)
        self._notice.setVisible(missing)
        self._preselect(state)

    def _preselect(self, state: State) -> None:
        """The computer's own network is the likely answer, or the one that was chosen before."""
        if self._preselected or not state.networks:
            return
        wanted = state.credentials.network.ssid if state.credentials else state.computer_network
        likely = (network for network in state.networks if network.ssid == wanted)
        if (network := next(likely, None)) is not None:
            self._list.select(_key(network))
        self._preselected = True

    def start_over(self) -> None:
        """Another device: nothing of the last one is left in the fields."""
        self._preselected = False
        self._field.clear()
        self._field.set_shown(False)
        if self._company is not None:
            self._company.clear()
        self._manual.clear()
        self._by_hand.setChecked(False)

    def footer(self, state: State) -> Footer:
        return Footer(
            primary=self.words("network.primary"),
            enabled=self._complete(),
            back=self.words("back"),
        )

    def first_focus(self) -> QWidget | None:
        if self._by_hand.isChecked() and self.network is None:
            return self._manual.first_focus
        if self._needs_password():
            return self._field.line_edit
        if self._needs_sign_in():
            return self._sign_in_fields().first_focus
        return self._list if self._list.rows() and not self._by_hand.isChecked() else None

    # --- choosing -----------------------------------------------------------------------------

    def fill_in(self, passphrase: str, user_name: str = "") -> None:
        if self._needs_sign_in():
            self._sign_in_fields().fill_in(user_name, passphrase)
        else:
            self._field.set_text(passphrase)

    @property
    def network(self) -> Network | None:
        if self._by_hand.isChecked():
            return self._manual.network()
        row = self._list.selected()
        return self._networks.get(row.key) if row else None

    def press_primary(self) -> None:
        network = self.network
        if network is None or not self._complete():
            return
        if self._needs_sign_in():
            self.happened.emit(SetUpPressed(network, sign_in=self._sign_in_fields().choice()))
            return
        passphrase = self._field.secret() if self._needs_password() else None
        self.happened.emit(SetUpPressed(network, passphrase))

    def _needs_password(self) -> bool:
        security = self._security()
        return security is not None and security.kind.takes_passphrase

    def _needs_sign_in(self) -> bool:
        security = self._security()
        return security is not None and security.kind is SecurityKind.ENTERPRISE

    def _sign_in_fields(self) -> CompanySignIn:
        """Made with the first company network: at home nobody sees one."""
        if self._company is None:
            from setup_wizard.qt.pages.company_sign_in import CompanySignIn

            self._company = CompanySignIn(self.look)
            self._company.changed.connect(self._chosen)
            self.column.insertWidget(self.column.indexOf(self._open_note), self._company)
        return self._company

    def _security(self) -> Security | None:
        """By hand it is known before the name is, so that the field does not come and go."""
        if self._by_hand.isChecked():
            return self._manual.security
        network = self.network
        return network.security if network else None

    def _complete(self) -> bool:
        network = self.network
        if network is None:
            return False
        if self._needs_sign_in():
            return self._sign_in_fields().choice() is not None
        if not self._needs_password():
            return True
        return password_is_possible(network.security, self._field.text())

    def _chosen(self, _choice: object = None) -> None:
        words, network, security = self.words, self.network, self._security()
        needs = self._needs_password()
        self._field.setVisible(needs)
        self._label.setVisible(needs)
        if self._needs_sign_in():
            self._sign_in_fields().setVisible(True)
        elif self._company is not None:
            self._company.setVisible(False)
        if security is not None and needs:
            label = words("network.password_plain")
            if network is not None:
                label = words("network.password", network=network.name)
            self._label.setText(label)
            self._field.set_name(label)
            self._field.set_hint(password_hint(words, security, self._field.text()))
        is_open = network is not None and network.security.kind is SecurityKind.OPEN
        self._open_note.setVisible(is_open)
        if network is not None and is_open:
            self._open_note.setText(words("network.no_password", network=network.name))
        self._manual.set_error(_name_error(words, network))
        self.footer_changed.emit()

    def _show_text(self) -> None:
        """It is about the list; and what went wrong needs the room."""
        self._text.setVisible(not self._failed and not self._by_hand.isChecked())

    def _activated(self, _row: object) -> None:
        """Enter in the list, or a double click: go on with this one, as far as it is known."""
        if self._complete():
            self.press_primary()
        elif self._needs_password():
            self._field.line_edit.setFocus(Qt.FocusReason.TabFocusReason)
        elif self._needs_sign_in():
            self._sign_in_fields().first_focus.setFocus(Qt.FocusReason.TabFocusReason)

    def _switch(self, by_hand: bool) -> None:
        self._list.setVisible(not by_hand)
        self._manual.setVisible(by_hand)
        self._by_hand.setText(self.words("network.from_list" if by_hand else "network.manual"))
        self._rescan.setVisible(not by_hand)
        self._show_text()
        self._chosen()
        focus = self._manual.first_focus if by_hand else self.first_focus()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.TabFocusReason)

    def _rescan_pressed(self) -> None:
        self.happened.emit(RescanPressed())


def _key(network: Network) -> tuple[bytes, SecurityKind]:
    """What stays the same from scan to scan: strength and channel do not."""
    return network.ssid, network.security.kind


def _mine_first(networks: tuple[Network, ...], mine: bytes | None) -> list[Network]:
    """Strongest first, as they come, with the computer's own network on top."""
    return sorted(networks, key=lambda network: network.ssid != mine)


def _name_error(words: Words, network: Network | None) -> str:
    if network is None or not network.ssid:
        return ""
    try:
        check_ssid(network.ssid)
    except ChoiceError as error:
        return words.error(error).sentence
    return ""
