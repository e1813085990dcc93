"""What every screen is: a centred column with one question, and a footer described as data."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from setup_wizard.brand import Brand
from setup_wizard.domain.value import value
from setup_wizard.flow.state import State
from setup_wizard.qt.theme import Space, Theme
from setup_wizard.qt.widgets.labels import body, headline, small
from setup_wizard.words import Words


@value
class Look:
    """What a page needs to draw and to speak."""

    theme: Theme
    brand: Brand
    words: Words

    def dressed(self, theme: Theme) -> Look:
        return replace(self, theme=theme)


@value
class Footer:
    """The buttons under the column; an empty label means that there is none."""

    primary: str = ""
    enabled: bool = True
    back: str = ""
    secondary: str = ""


class Page(QWidget):
    """Base of all pages.

    Signals:
        happened(object): an Action.
        footer_changed(): what the person typed makes the footer look different.
    """

    happened = Signal(object)
    footer_changed = Signal()

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.look = look
        self.words = look.words
        self.column = QVBoxLayout()
        self.column.setSpacing(Space.BASE)
        self.column.setContentsMargins(0, 0, 0, 0)
        self._column_widget = QWidget()
        self._column_widget.setLayout(self.column)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._column_widget.setSizePolicy(policy)
        self._column_widget.setMaximumWidth(look.theme.column_width)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.make_room_for_bar(0)
        outer.addStretch(1)
        outer.addWidget(self._column_widget, 1000)
        outer.addStretch(1)
        self._headline = headline()
        self._headline.setObjectName("headline")
        self._headline.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text = body()
        self._text.setObjectName("text")
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)

    def set_theme(self, theme: Theme) -> None:
        self._column_widget.setMaximumWidth(theme.column_width)
        self.look = self.look.dressed(theme)

    def heightForWidth(self, width: int) -> int:
        """The least: a picture or a list gives way before anybody has to scroll."""
        across = min(width - 2 * Space.WIDE, self._column_widget.maximumWidth())
        items = [
            item for place in range(self.column.count()) if (item := self.column.itemAt(place))
        ]
        heights = (
            item.heightForWidth(across) if item.hasHeightForWidth() else item.minimumSize().height()
            for item in items
        )
        gaps = max(0, sum(not item.isEmpty() for item in items) - 1)
        return sum(heights) + gaps * self.column.spacing()

    def make_room_for_bar(self, width: int) -> None:
        """A scroll bar stands in the margin, so that the column stays where it is."""
        self.setContentsMargins(Space.WIDE, 0, Space.WIDE - width, 0)

    def add_title(self, headline_text: str = "", text: str = "") -> None:
        """The headline and its lines of text, at this place of the column."""
        self.column.addWidget(self._headline)
        self.column.addWidget(self._text)
        self.set_title(headline_text, text)

    def set_title(self, headline_text: str, text: str) -> None:
        self._headline.setText(headline_text)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(headline_text)
        self.setAccessibleDescription(text)

    @property
    def title(self) -> str:
        return self._headline.text()

    def add_field(self, text: str, field: QWidget) -> QLabel:
        """A field with its label right above it."""
        label = label_for(text, field)
        rows = QVBoxLayout()
        rows.setSpacing(Space.HAIR)
        rows.addWidget(label)
        rows.addWidget(field)
        self.column.addLayout(rows)
        return label

    def add_centred(self, widget: QWidget) -> None:
        self.column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def render_state(self, state: State) -> None:
        """Show this state. Called for every change while the page is in front."""

    def footer(self, state: State) -> Footer:
        raise NotImplementedError

    def progress(self) -> str:
        """What runs now; a screen reader says it when it changes."""
        return ""

    def took_enter(self, focus: QWidget | None) -> bool:
        """Whether Enter meant this control, and not the primary button; then it is done."""
        return False

    def press_primary(self) -> None:
        """The person chose the one obvious way on."""

    def press_secondary(self) -> None: ...

    def start_over(self) -> None:
        """Forget what was typed: the next device begins."""

    def forget_customer(self) -> None:
        """They signed out: whoever comes next may be somebody else."""

    def first_focus(self) -> QWidget | None:
        """Where typing should go when the page appears; None: the primary button."""
        return None


class GoOn(QTimer):
    """Presses a page's primary button by itself, once the page was ready for long enough."""

    def __init__(self, page: Page, milliseconds: int) -> None:
        super().__init__(page)
        self.setSingleShot(True)
        self.setInterval(milliseconds)
        self.timeout.connect(page.press_primary)

    def when(self, *, ready: bool) -> None:
        if not ready:
            self.stop()
        elif not self.isActive():
            self.start()


class PageScroll(QScrollArea):
    """Around one page: its column stays in the middle, and what has the focus in sight."""

    def __init__(self, page: Page, parent: QWidget) -> None:
        super().__init__(parent)  # at once: each move of a whole page dresses all its parts anew
        self._page = page
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        self.verticalScrollBar().rangeChanged.connect(self._ranged)
        self._soon = QTimer(self)  # when everything has its new place; it ends with the page
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._reveal)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.reveal_soon()
        return super().eventFilter(watched, event)

    def _ranged(self, _lowest: int, highest: int) -> None:
        bar = self.verticalScrollBar().sizeHint().width() if highest else 0
        self._page.make_room_for_bar(bar)

    def reveal_soon(self) -> None:
        self._soon.start()

    def _reveal(self) -> None:
        focus = self.window().focusWidget()
        if focus is not None and self._page.isAncestorOf(focus):
            # Not ensureWidgetVisible: of a field it shows no more than the cursor.
            middle = focus.mapTo(self._page, focus.rect().center())
            self.ensureVisible(middle.x(), middle.y(), 0, focus.height() // 2 + Space.BASE)


def label_for(text: str, buddy: QWidget) -> QLabel:
    """A small label that belongs to a field, for eyes and for screen readers."""
    label = small(text)
    label.setBuddy(buddy)
    return label
