"""The plot: its lines, its scale, what is under the pointer, and its colours."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from setup_wizard.domain.stream import Batch, Gap, Live, Loss
from setup_wizard.qt.panel.plot_area import BY_ITSELF, PlotArea
from setup_wizard.qt.panel.scale import contrast, figure, line_colours, ticks, time_ticks
from tests.qt.helpers.pixels import rows
from tests.qt.helpers.stage import Dress, dress
from tests.qt.panel.outside import CELLAR, said


@pytest.fixture
def area(qapp, look, names):
    made = PlotArea(look, names)
    made.resize(700, 300)
    made.plot._now = lambda: 100.0
    made.show()
    yield made
    made.close()
    made.deleteLater()


def at(moment: float, *rows):
    return Batch(rows, Live(), 1_000_000.0 + moment, moment)


def rising(first: float, last: float, **more):
    return [at(first + n, said(data=str(n), **more)) for n in range(int(last - first))]


def titles(area) -> list[str]:
    return [line.title for line in area.plot.lines]


def ink(area) -> int:
    """Points of the picture in the colour of the first line."""
    wanted = area.plot.lines[0].colour.rgba()
    return sum(row.count(wanted) for row in rows(area.plot.grab().toImage())[::2])


def test_numbers_are_found_and_drawn_by_themselves(area):
    area.take(rising(50.0, 90.0))

    assert titles(area) == ["temperature"]
    assert ink(area) > 50


def test_the_same_number_of_other_devices_joins_and_other_numbers_wait(area):
    area.take([at(90.0, said(), said(device=CELLAR.device_id), said(name="air", data='{"h":4}'))])

    assert len(area.plot.lines) == 2


def test_of_a_fleet_a_few_lines_are_drawn(area):
    area.take([at(90.0, *(said(device=f"{number:024x}") for number in range(20)))])

    assert len(area.plot.lines) == BY_ITSELF


def test_several_lines_are_named_in_a_row_of_their_own(area):
    area.take([at(90.0, said())])
    assert area._beside.isVisibleTo(area)

    area.take([at(91.0, said(device=CELLAR.device_id))])

    assert area._below.isVisibleTo(area)
    assert area._below.accessibleName().startswith("temperature, Lumen")


def test_a_number_inside_is_picked_by_its_path(area):
    area.take([at(90.0, said(), said(name="air", data='{"co2":{"ppm":400}}'))])

    area._fill_menu()
    (action,) = [each for each in area._menu.actions() if "ppm" in each.text()]
    action.trigger()

    assert titles(area) == ["temperature", "air.co2.ppm"]


def test_a_line_that_was_picked_away_stays_away(area):
    area.take([at(90.0, said())])
    area._fill_menu()
    area._menu.actions()[0].trigger()

    area.take([at(91.0, said(name="other"))])

    assert titles(area) == []


def test_of_one_device_only_its_own_lines_are_drawn(area):
    area.take([at(90.0, said(), said(device=CELLAR.device_id))])

    area.set_devices(frozenset({str(CELLAR.device_id)}))

    assert [line.key.device_id for line in area.plot.lines] == [str(CELLAR.device_id)]


def test_what_has_just_begun_fills_the_picture(area):
    area.take(rising(60.0, 90.0))

    assert area.plot.bounds() == (60.0, 100.0)


def test_a_span_shows_the_last_of_it(area):
    area.take(rising(10.0, 90.0))
    area.plot.set_span(60.0)

    assert area.plot.bounds() == (40.0, 100.0)


def test_a_peak_of_a_thousand_numbers_in_one_column_is_seen(area):
    crowd = [at(60.0 + n / 100, said(data="9" if n == 1500 else "1")) for n in range(3000)]
    area.take(crowd)

    columns = area.book.columns(area.plot.lines[0].key, *area.plot.bounds(), count=200)

    assert max(column.high for column in columns) == 9.0


def test_a_gap_is_to_be_seen(area):
    whole = rising(60.0, 95.0)
    area.take(whole)
    unbroken = area.plot.grab().toImage()
    area.book.clear()
    area.take([*whole[:20], at(79.5, Gap(Loss.DISCONNECTED, 3.0)), *whole[20:]])

    assert area.plot.grab().toImage() != unbroken


def test_the_pointer_tells_time_and_values(area):
    area.take(rising(60.0, 95.0))
    area.plot.setFocus()

    for _ in range(30):
        QTest.keyClick(area.plot, Qt.Key.Key_Left)

    assert "temperature: " in area.plot.accessibleDescription()

    QTest.keyClick(area.plot, Qt.Key.Key_Escape)

    assert area.plot.accessibleDescription() == ""


def test_the_picture_is_saved_on_its_own_ground(area, tmp_path, qtbot):
    area.take(rising(60.0, 95.0))

    with qtbot.waitSignal(area.told) as told:
        area.save_to(tmp_path / "plot.png")

    picture = QImage(str(tmp_path / "plot.png"))
    assert picture.width() == area.plot.width() * 2
    assert tmp_path.name in told.args[0]


def test_a_picture_that_cannot_be_saved_is_told(area, tmp_path, qtbot):
    area.take(rising(60.0, 95.0))

    with qtbot.waitSignal(area.told) as told:
        area.save_to(tmp_path / "nowhere" / "plot.png")

    assert told.args[0] == "It was not saved: No such file or directory."


def test_a_picture_of_nothing_is_told_and_leaves_the_older_one(area, tmp_path, qtbot):
    file = tmp_path / "plot.png"
    file.write_bytes(b"older")
    area.take(rising(60.0, 95.0))
    area.plot.resize(0, 0)

    with qtbot.waitSignal(area.told) as told:
        area.save_to(file)

    assert told.args[0] == "It was not saved. Choose another place."
    assert file.read_bytes() == b"older"


@pytest.mark.parametrize("brand", ["default", "moss"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_line_is_plain_on_its_ground(qapp, look, brand, dark):
    theme = dress(qapp, Dress(brand=brand, dark=dark)).theme

    colours = line_colours(theme, 8)

    assert len({colour.name() for colour in colours}) == 8
    assert min(contrast(each, theme.colour("raised")) for each in colours) >= 3.0


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [(0.0, 10.0, 5, [0, 2, 4, 6, 8, 10]), (21.3, 22.1, 5, [21.4, 21.6, 21.8, 22.0])],
)
def test_ticks_are_round_numbers(low, high, most, wanted):
    assert ticks(low, high, most) == pytest.approx(wanted)


def test_nothing_has_no_ticks():
    assert ticks(1.0, 1.0, 5) == []
    assert time_ticks(5.0, 5.0, 3) == []


def test_times_are_whole_minutes():
    assert all(moment % 60 == 0 for moment in time_ticks(1_000_000.0, 1_000_300.0, 5))


@pytest.mark.parametrize(
    ("number", "span", "text"),
    [(21.456, 1.0, "21.46"), (1234567.0, 1.0, "1.235e+06"), (40.0, 100.0, "40"), (0.0, 0.0, "0")],
)
def test_figures_have_as_many_digits_as_are_worth_reading(number, span, text):
    assert figure(number, span) == text
