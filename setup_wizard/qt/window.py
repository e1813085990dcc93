"""The frame: mark and step line on top, one page in the middle, errors and buttons below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from setup_wizard.domain.errors import SetupError, WrongPassphrase
from setup_wizard.flow.machine import advance
from setup_wizard.flow.messages import BackPressed, RetryPressed
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import MILESTONE, Milestone, Step
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.book import PageBook
from setup_wizard.qt.pages.page import Look, Page, PageScroll
from setup_wizard.qt.theme import Space, Theme
from setup_wizard.qt.widgets.buttons import primary_button, quiet_button
from setup_wizard.qt.widgets.picture import Picture
from setup_wizard.qt.widgets.step_line import StepLine, StepWords

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent

    from setup_wizard.qt.late_note import LateNote
    from setup_wizard.qt.report_bar import ReportBar
    from setup_wizard.qt.widgets.error_box import ErrorBox

SIZE = (920, 640)
SMALLEST = (720, 540)
LOGO_HEIGHT = 28
_ROOMY = 500  # px at the default text size; what a page needs below the whole frame
_ENDS = (Step.DONE, Step.STILL_CHECKING)


class Window(QWidget):
    """Shows the page of the step; knows no page's inside."""

    def __init__(self, look: Look, controller: Controller, pages: PageBook) -> None:
        super().__init__()
        self.setObjectName("window")
        self.look = look
        self._words = look.words
        self._controller = controller
        self._pages = pages
        self._step: Step | None = None
        self._error: SetupError | None = None
        self._said = ""
        self._unsaid = ""
        self.setWindowTitle(self._words("window.title"))
        self.resize(*SIZE)
        self.setMinimumSize(*SMALLEST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._header())
        column.addLayout(self._note_row())
        column.addWidget(self._middle(), 1)
        column.addLayout(self._error_row())
        column.addWidget(_line())
        column.addLayout(self._footer_row())
        self.foot = QVBoxLayout()
        """What the demo adds below everything."""
        column.addLayout(self.foot)
        controller.state_changed.connect(self.show_state)

    # --- the frame ----------------------------------------------------------------------------

    def _header(self) -> QVBoxLayout:
        maker = self.look.brand.maker
        rows = QVBoxLayout()
        rows.setSpacing(0)
        self._head = rows
        top = QHBoxLayout()
        self._logo = Picture(self.look.theme, maker.logo, LOGO_HEIGHT, text=maker.name)
        self._logo.setObjectName("logo")
        top.addWidget(self._logo)
        top.addStretch(1)
        self._corner = top
        self._report_bar: ReportBar | None = None
        rows.addLayout(top)
        words = self._words
        spoken = StepWords(words("state.done"), words("state.now"), words("state.next"))
        self._steps = StepLine(self.look.theme, spoken)
        self._steps.setObjectName("step_line")
        self._steps.set_steps([words(f"milestone.{m.value}") for m in Milestone])
        rows.addWidget(self._steps)
        return rows

    def _note_row(self) -> QHBoxLayout:
        self._note: LateNote | None = None
        row = QHBoxLayout()
        row.setContentsMargins(Space.WIDE, 0, Space.WIDE, 0)
        row.addStretch(1)
        row.addStretch(1)
        self._note_place = row
        return row

    def _middle(self) -> QStackedWidget:
        self._stack = QStackedWidget()
        self._places: dict[Step, int] = {}
        self._scrolls: dict[Page, PageScroll] = {}
        self._stack.setMinimumHeight(1)  # in a low window with large text, words of help go first
        return self._stack

    def _error_row(self) -> QHBoxLayout:
        self._errors: ErrorBox | None = None
        row = QHBoxLayout()
        row.setContentsMargins(Space.WIDE, Space.TIGHT, Space.WIDE, Space.TIGHT)
        row.addStretch(1)
        row.addStretch(1)
        self._error_place = row
        return row

    def _error_box(self) -> ErrorBox:
        """Made with the first error: most set-ups never see one."""
        if self._errors is None:
            from setup_wizard.qt.widgets.error_box import ErrorBox, ErrorWords

            words = self._words
            spoken = ErrorWords(words("details"), words("copy"), words("copied"))
            self._errors = ErrorBox(self.look.theme, spoken)
            self._errors.setObjectName("error")
            self._errors.setMaximumWidth(self.look.theme.column_width)
            self._errors.action_pressed.connect(self._retry_pressed)
            self._error_place.insertWidget(1, self._errors, 1000)
        return self._errors

    def _footer_row(self) -> QHBoxLayout:
        self._back = quiet_button("")
        self._back.setObjectName("back")
        self._back.clicked.connect(self._back_pressed)
        self._secondary = quiet_button("")
        self._secondary.setObjectName("secondary")
        self._secondary.clicked.connect(self._secondary_pressed)
        self._primary = primary_button("")
        self._primary.setObjectName("primary")
        self._primary.clicked.connect(self._primary_pressed)
        row = QHBoxLayout()
        row.setContentsMargins(Space.WIDE, Space.BASE, Space.WIDE, Space.BASE)
        row.setSpacing(Space.NEAR)
        row.addWidget(self._back)
        row.addStretch(1)
        row.addWidget(self._secondary)
        row.addWidget(self._primary)
        return row

    def show_report_bar(self, bar: ReportBar) -> None:
        """In the upper corner, where nothing makes room for it."""
        self._report_bar = bar
        self._corner.addWidget(bar, 1000)
        bar.render_state(self._controller.state)

    def show_in_corner(self, link: QWidget) -> None:
        """At the end of the same row."""
        self._corner.addWidget(link)

    def set_theme(self, theme: Theme) -> None:
        self.look = self.look.dressed(theme)

    # --- showing ------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        return self.page_of(self._controller.state.step)

    def page_of(self, step: Step) -> Page:
        """The page of a step, made when it is first asked for.

        Each scrolls by itself: a tall page must not make the others tall.
        """
        page = self._pages.open(step, self.look)
        if step not in self._places:
            self._scrolls[page] = PageScroll(page, self._stack)
            self._places[step] = self._stack.addWidget(self._scrolls[page])
            page.happened.connect(self._controller.dispatch)
            page.footer_changed.connect(self._refresh_footer)
        return page

    def make_page(self, step: Step) -> None:
        """Half of the way to `page_of`, for whoever opens pages while the person reads."""
        self._pages.open(step, self.look)

    def show_state(self, state: State) -> None:
        leaves = state.step is Step.WELCOME and state.leaving is not None
        if leaves or (self._step in _ENDS and state.step is Step.PREPARE):
            for each in self._pages.opened():
                each.start_over()
                if leaves:
                    each.forget_customer()
        page = self.page_of(state.step)
        page.render_state(state)
        arrives = state.step is not self._step
        if arrives:
            self._step = state.step
            self._stack.setCurrentIndex(self._places[state.step])
            self._steps.set_current(list(Milestone).index(MILESTONE[state.step]))
        fails = self._show_error(state)
        if self._report_bar is not None:
            self._report_bar.render_state(state)
        news = self._show_late(state)
        self._fit()
        self._refresh_footer()
        if arrives:
            self._focus_on(page)
        self._speak(page, arrives=arrives, fails=fails, news=news)

    def _show_late(self, state: State) -> str:
        """Late news of a device that was left behind; what is to be said of it."""
        if self._note is None:
            if state.late is None:
                return ""
            from setup_wizard.qt.late_note import LateNote

            self._note = LateNote(self.look)
            self._note.happened.connect(self._controller.dispatch)
            self._note_place.insertWidget(1, self._note, 1000)
        return self._note.show_news(state.late)

    def _show_error(self, state: State) -> bool:
        """Show it or take it back; whether there is a new one to be said."""
        error = state.error
        if state.step is Step.WRONG_PASSPHRASE and isinstance(error, WrongPassphrase):
            error = None  # the page itself says it, with the field to mend it
        if error is self._error:
            return False
        self._error = error
        box = self._error_box()
        lost = box.isAncestorOf(self.focusWidget())
        if error is None:
            box.set_error(None)
        else:
            from setup_wizard.qt.widgets.error_box import ErrorText

            said = self._words.error(error)
            # A button that would do nothing is worse than none: then the page has the way on.
            action = said.action if advance(state, RetryPressed())[1] is not None else ""
            box.set_error(ErrorText(said.sentence, said.advice, action, said.code))
        frame = (None, self, self._primary, self._back, self._secondary)
        if lost or (error is not None and self.focusWidget() in frame):
            self._focus_on(self.page)
        return error is not None

    def _refresh_footer(self) -> None:
        footer = self.page.footer(self._controller.state)
        held = self.focusWidget()
        _dress(self._primary, footer.primary, enabled=footer.enabled)
        _dress(self._back, footer.back)
        _dress(self._secondary, footer.secondary)
        if held is None or held is self or self.focusWidget() is not held:
            # Nobody's, or a button's that just went: Qt would hand it to some neighbour.
            self._focus_on(self.page)

    def _focus_on(self, page: Page) -> None:
        """Where nothing can be pressed yet, the frame itself holds the focus."""
        way_on = self._errors.way_on if self._errors is not None else None
        focus = page.first_focus() or way_on
        if focus is None and self._primary.isVisibleTo(self) and self._primary.isEnabled():
            focus = self._primary
        if focus is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        focus.setFocus(Qt.FocusReason.TabFocusReason)
        self._scrolls[page].reveal_soon()

    def _fit(self) -> None:
        """Large text in a low window: the frame gives way to what has to be read."""
        low = self.height() < self.look.theme.scaled(_ROOMY)
        news = self._note is not None and not self._note.isHidden()
        self._logo.setVisible(not low)
        self._steps.setVisible(not low or not (news or self._error is not None))
        below = Space.TIGHT if low else Space.BASE
        self._head.setContentsMargins(Space.WIDE, Space.NEAR, Space.WIDE, below)

    # --- speaking -----------------------------------------------------------------------------

    def _speak(self, page: Page, *, arrives: bool, fails: bool, news: str) -> None:
        """For ears: each page, each failure, late news, and work at another stage."""
        parts = [page.title, page.accessibleDescription()] if arrives else []
        progress = page.progress()
        if progress != self._said:
            self._said = progress
            parts.append(progress)
        if fails:
            parts.append(self._error_box().spoken)
        parts.append(news)
        text = "\n".join(part for part in parts if part)
        if text:
            self._announce(text)

    def greet(self) -> None:
        """Say what was shown before the window was there to be heard."""
        text, self._unsaid = self._unsaid, ""
        if text:
            self._announce(text)

    def _announce(self, text: str) -> None:
        if not self.isVisible():
            self._unsaid = text
            return
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # --- hearing ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the button in focus, or the primary one; Esc is Back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():  # a key held down must not run through the pages
                self._enter()
        elif event.key() == Qt.Key.Key_Escape and self._back.isVisibleTo(self):
            self._back_pressed()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        elif not self.page.took_enter(focus) and self._primary.isVisibleTo(self):
            self._primary.click()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self._may_stop("close.stop"))

    def _may_stop(self, label: str) -> bool:
        """Whether nothing would be cut short, or the person wants it to be."""
        return not _busy(self._controller.state) or self._confirm_stop(label)

    def _confirm_stop(self, label: str) -> bool:
        """Ask; the question goes by itself when there is nothing left to stop."""
        from PySide6.QtWidgets import QMessageBox

        words = self._words
        box = QMessageBox(self)
        box.setObjectName("confirm_stop")
        box.setText(words("close.question"))
        box.setInformativeText(words("close.text"))
        stop = box.addButton(words(label), QMessageBox.ButtonRole.DestructiveRole)
        stop.setObjectName("stop")
        stay = box.addButton(words("close.stay"), QMessageBox.ButtonRole.RejectRole)
        stay.setObjectName("stay")
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)

        def follow(state: State) -> None:
            if not _busy(state):
                box.reject()

        self._controller.state_changed.connect(follow)
        try:
            box.exec()
            return box.clickedButton() is stop
        finally:
            self._controller.state_changed.disconnect(follow)
            box.deleteLater()

    def _primary_pressed(self) -> None:
        self.page.press_primary()

    def _secondary_pressed(self) -> None:
        self.page.press_secondary()

    def _back_pressed(self) -> None:
        if self._may_stop("cancel.stop"):
            self._controller.dispatch(BackPressed())

    def _retry_pressed(self) -> None:
        self._controller.dispatch(RetryPressed())


def _busy(state: State) -> bool:
    """Whether the device is being set up at this moment."""
    return state.step is Step.SETTING_UP and state.working


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "divider")
    return line


def _dress(button: QAbstractButton, text: str, *, enabled: bool = True) -> None:
    button.setText(text)
    button.setVisible(bool(text))
    button.setEnabled(enabled)
