"""The plot with its choices: which lines, how much time, and the picture for somebody else."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QBuffer, QPoint, QSize, Signal
from PySide6.QtGui import QAction, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from setup_wizard.domain.stream import Batch
from setup_wizard.live.series import SeriesBook, SeriesKey
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.panel.legend import Legend
from setup_wizard.qt.panel.names import Names
from setup_wizard.qt.panel.plot import Plot
from setup_wizard.qt.panel.plot_view import Line
from setup_wizard.qt.panel.saving import ask_where, why_not_saved
from setup_wizard.qt.panel.scale import line_colours
from setup_wizard.qt.theme import Space, Theme
from setup_wizard.qt.widgets.buttons import quiet_button
from setup_wizard.qt.widgets.fields import Card, DropDown

MOST_LINES = 8  # more cannot be told apart
BY_ITSELF = 4  # lines that nobody chose
_SPANS: dict[str, float | None] = {
    "panel.span_minute": 60.0,
    "panel.span_five": 300.0,
    "panel.span_hour": 3_600.0,
    "panel.span_all": None,
}
_USUAL = "panel.span_five"
_RARELY = 1.0  # s between two pictures of a plot in which nothing happens, at most


class PlotArea(Card):
    """Signals: told(str): something happened that a person should hear of."""

    told = Signal(str)

    def __init__(self, look: Look, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plot_area")
        self._words = words = look.words
        self._theme = look.theme
        self._names = names
        self.book = SeriesBook()
        self._chosen: set[SeriesKey] | None = None
        """None: nobody chose yet."""
        self._devices: frozenset[str] | None = None
        self._fresh = False
        self._painted_at = 0.0
        self.plot = Plot(look.theme, self.book)
        self.plot.setAccessibleName(words("panel.plot"))
        self.plot.set_placeholder(words("panel.plot_empty"))
        self._beside, self._below = Legend(look.theme), Legend(look.theme)
        self._below.setObjectName("legend_below")
        self._legend = self._beside
        self._pick = quiet_button(words("panel.lines"))
        self._pick.setObjectName("lines")
        self._menu = QMenu(self._pick)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._picked)
        self._pick.setMenu(self._menu)
        self._spans = DropDown()
        self._spans.setObjectName("span")
        self._spans.setAccessibleName(words("panel.span"))
        for key, seconds in _SPANS.items():
            self._spans.addItem(words(key), seconds)
        self._spans.setCurrentIndex(list(_SPANS).index(_USUAL))
        self._spans.currentIndexChanged.connect(self._span_chosen)
        save = quiet_button(words("panel.picture"))
        save.setObjectName("save_picture")
        save.clicked.connect(self._save_pressed)
        row = QHBoxLayout()
        row.setSpacing(Space.TIGHT)
        row.addWidget(self._beside, 1000)
        row.addStretch(1)
        row.addWidget(self._pick)
        row.addWidget(self._spans)
        row.addWidget(save)
        self.body.setContentsMargins(Space.NEAR, Space.NEAR, Space.NEAR, Space.TIGHT)
        self.body.addLayout(row)
        self.body.addWidget(self._below)
        self.body.addWidget(self.plot, 1)
        self._below.hide()
        self._span_chosen()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._choose_lines()

    # --- what comes in ------------------------------------------------------------------------

    def take(self, batches: list[Batch]) -> None:
        for batch in batches:
            if batch.rows:
                self._fresh = True
                if self.book.add_many(batch):
                    self._choose_lines()

    def refresh(self) -> None:
        """A new picture where there is something new to see."""
        now = time.monotonic()
        still = min(_RARELY, self.plot.seconds_per_column())
        if self.plot.lines and (self._fresh or now - self._painted_at >= still):
            self._fresh, self._painted_at = False, now
            self._legend.update()
            self.plot.update()

    def set_devices(self, device_ids: frozenset[str] | None) -> None:
        """Lines of these devices, or of all."""
        if device_ids != self._devices:
            self._devices, self._chosen = device_ids, None
            self._choose_lines()

    def keep_only(self, device_ids: frozenset[str]) -> None:
        """Of other devices nothing is heard any more, and these need the room."""
        self.book.keep_only(device_ids)
        self._choose_lines()

    def names_changed(self) -> None:
        self._choose_lines()

    # --- which lines --------------------------------------------------------------------------

    def _offered(self) -> list[SeriesKey]:
        return [key for key in self.book.series if self._wants(key)]

    def _wants(self, key: SeriesKey) -> bool:
        return self._devices is None or key.device_id in self._devices

    def _by_itself(self) -> set[SeriesKey]:
        """The first numbers that came, and the same of other devices: they share a scale."""
        offered = self._offered()
        if not offered:
            return set()
        first = offered[0]
        like = [key for key in offered if (key.name, key.path) == (first.name, first.path)]
        return set(like[:BY_ITSELF])

    def _choose_lines(self) -> None:
        offered = self._offered()
        chosen = self._by_itself() if self._chosen is None else self._chosen
        keys = [key for key in offered if key in chosen][:MOST_LINES]
        colours = line_colours(self._theme, MOST_LINES)
        alike = len({(key.name, key.path) for key in keys}) == 1
        lines = tuple(
            Line(key, self._title(key, alike=alike), colour)
            for key, colour in zip(keys, colours, strict=False)
        )
        self.plot.set_lines(lines)
        # One line has room beside the buttons; several need a row of their own.
        self._legend = self._below if len(lines) > 1 else self._beside
        self._beside.setVisible(self._legend is self._beside)
        self._below.setVisible(self._legend is self._below)
        shared = self._title(keys[0]).split(" · ")[0] if alike and len(keys) > 1 else ""
        self._legend.show_lines([(line, self.book.series[line.key]) for line in lines], shared)

    def _title(self, key: SeriesKey, *, alike: bool = False) -> str:
        """What is measured and by whom, without what goes without saying."""
        what = f"{key.name}.{key.path}" if key.path else key.name
        several = len({each.device_id for each in self._offered()}) > 1
        if not several:
            return what
        sender = self._names.sender(key.device_id)
        return sender if alike else f"{what} · {sender}"

    def _fill_menu(self) -> None:
        self._menu.clear()
        shown = {line.key for line in self.plot.lines}
        for key in self._offered():
            action = QAction(self._title(key).replace("&", "&&"), self._menu)
            action.setCheckable(True)
            action.setChecked(key in shown)
            action.setData(key)
            self._menu.addAction(action)
        if self._menu.isEmpty():
            self._menu.addAction(self._words("panel.lines_none")).setEnabled(False)

    def _picked(self, action: QAction) -> None:
        key = SeriesKey(*action.data())
        chosen = {line.key for line in self.plot.lines}
        self._chosen = chosen ^ {key}
        self._choose_lines()

    def _span_chosen(self) -> None:
        self.plot.set_span(self._spans.currentData())

    # --- the picture --------------------------------------------------------------------------

    def _save_pressed(self) -> None:
        words = self._words
        name = f"plot-{time.strftime('%Y-%m-%d-%H%M')}"
        kinds = (f"{words('panel.picture_kind')} (*.png)",)
        file = ask_where(self, words("panel.picture_dialog"), name, kinds)
        if file is not None:
            self.save_to(file)

    def save_to(self, file: Path) -> None:
        """The plot with its legend, on the ground that it stands on, twice as fine."""
        memory = QBuffer()
        if not self.picture().save(memory, "PNG"):
            self.told.emit(why_not_saved(self._words, ""))
            return  # and an older picture there stays as it is
        try:
            file.write_bytes(memory.data().data())
        except OSError as error:
            self.told.emit(why_not_saved(self._words, error.strerror or ""))
        else:
            folder = file.parent.name or str(file.parent)
            self.told.emit(self._words("panel.picture_saved", folder=folder))

    def picture(self) -> QPixmap:
        legend = self._legend.height() + Space.TIGHT
        size = QSize(self.plot.width(), self.plot.height() + legend)
        picture = QPixmap(size * 2)
        if picture.isNull():  # there is no room to draw in, or no memory
            return picture
        picture.setDevicePixelRatio(2)
        picture.fill(self._theme.colour("raised"))
        painter = QPainter(picture)
        self._legend.render(painter, QPoint(0, 0), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.translate(0, legend)
        self.plot.render(painter, QPoint(0, 0), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.end()
        return picture
