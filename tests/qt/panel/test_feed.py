"""The stream in its own thread: handed over in portions, nothing lost, over at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.errors import CloudUnreachable, DeviceNotYours
from setup_wizard.domain.stream import Batch, Gap, Loss, Row, Stopped
from setup_wizard.ports import Stream
from setup_wizard.qt.panel.feed import HELD_ROWS, TAKEN_ROWS, Feed
from tests.qt.panel.outside import HandedStream, said


@pytest.fixture
def feed_of(thread) -> Iterator[Callable[[Callable[[], Stream]], Feed]]:
    """Makes feeds that outlive their thread: what still waits there may call them."""
    made: list[Feed] = []

    def make(open_stream: Callable[[], Stream]) -> Feed:
        made.append(Feed(open_stream, thread))
        return made[-1]

    yield make
    for feed in made:
        feed.stop()
    thread.quit()
    assert thread.wait(3_000), "a thread outlived its feeds"


def taken(feed: Feed) -> list[object]:
    return [row for batch in feed.take() for row in batch.rows]


def test_what_comes_is_taken_in_order(feed_of, qtbot):
    stream = HandedStream()
    feed = feed_of(lambda: stream)
    feed.begin()
    for number in range(5):
        stream.put(said(data=str(number)))
    rows: list[object] = []

    qtbot.waitUntil(lambda: _grew(rows, feed, 5))
    feed.stop()

    assert [row.data for row in rows] == list("01234")  # type: ignore[attr-defined]
    assert feed.wait(1.0)


def _grew(rows: list[object], feed: Feed, count: int) -> bool:
    rows += taken(feed)
    return len(rows) >= count


def test_a_stop_ends_it_within_a_fifth_of_a_second(feed_of, qtbot):
    stream = HandedStream()
    feed = feed_of(lambda: stream)
    feed.begin()
    stream.put(said())
    qtbot.waitUntil(lambda: bool(taken(feed)))
    began = time.monotonic()

    feed.stop()

    assert feed.wait(2.0)
    assert time.monotonic() - began < 1.0, "0.2 on a computer with nothing else to do"
    assert stream.stopped


def test_a_stop_before_the_beginning_opens_nothing(feed_of):
    opened: list[bool] = []

    def open_stream() -> HandedStream:
        opened.append(True)
        return HandedStream()

    feed = feed_of(open_stream)
    feed.stop()
    feed.begin()

    assert feed.wait(2.0)
    assert opened == []


@pytest.mark.slow
def test_of_very_much_the_window_takes_a_part_and_the_stream_waits(feed_of, qtbot):
    stream = HandedStream()
    feed = feed_of(lambda: stream)
    many = tuple(said(data=str(number)) for number in range(TAKEN_ROWS))
    sent = 2 * HELD_ROWS // TAKEN_ROWS
    for _ in range(sent):
        stream.put(*many)
    feed.begin()
    qtbot.waitUntil(lambda: feed._rows_held >= HELD_ROWS)
    left = len(stream._batches)
    rows = 0

    def all_taken() -> bool:
        nonlocal rows
        portion = len(taken(feed))
        rows += portion
        assert portion <= 2 * TAKEN_ROWS
        return rows == sent * TAKEN_ROWS

    qtbot.waitUntil(all_taken)
    feed.stop()

    assert left > 0, "it took everything at once"
    assert feed.wait(1.0)


def test_a_stop_ends_a_stream_that_waits_for_the_window(feed_of, qtbot):
    stream = HandedStream()
    stream.put(*[said()] * HELD_ROWS)
    feed = feed_of(lambda: stream)
    feed.begin()
    qtbot.waitUntil(lambda: feed._rows_held >= HELD_ROWS)

    feed.stop()

    assert feed.wait(2.0)


def test_a_cloud_that_cannot_be_opened_is_told_as_the_end(feed_of, qtbot):
    def open_stream() -> HandedStream:
        raise CloudUnreachable

    feed = feed_of(open_stream)
    feed.begin()

    assert feed.wait(2.0)
    assert isinstance(feed.take()[-1].state, Stopped)


def test_a_fault_of_ours_is_told_and_its_text_is_not(feed_of, caplog):
    text = f"hidden-{1}"  # its line of code is told, which does not hold it

    def open_stream() -> HandedStream:
        raise RuntimeError(text)

    feed = feed_of(open_stream)
    feed.begin()

    assert feed.wait(2.0)
    state = feed.take()[-1].state
    assert isinstance(state, Stopped)
    assert state.cause is not None
    assert state.cause.code == "SW-UNEXPECTED"
    assert text not in caplog.text


def test_a_stream_that_ends_by_itself_ends_the_feed(feed_of, qtbot):
    stream = HandedStream()
    feed = feed_of(lambda: stream)
    stream.put(state=Stopped(DeviceNotYours(device="x")))
    feed.begin()

    assert feed.wait(2.0)
    assert stream.stopped
    assert not [each for each in threading.enumerate() if each.name == "event-stream"]


def test_it_turns_from_one_stream_to_another_and_says_of_the_first_only_what_came(feed_of, qtbot):
    first, second = HandedStream(), HandedStream()
    feed = feed_of(lambda: first)
    feed.begin()
    first.put(said(data="1"))
    rows: list[object] = []
    qtbot.waitUntil(lambda: _grew(rows, feed, 1))

    feed.turn_to(lambda: second)
    second.put(said(data="2"))
    batches: list[Batch] = []

    def second_came() -> bool:
        batches.extend(feed.take())
        return [row.data for row in heard() if isinstance(row, DeviceEvent)] == ["2"]

    def heard() -> list[Row]:
        return [row for batch in batches for row in batch.rows]

    qtbot.waitUntil(second_came)
    feed.stop()

    assert heard()[0] == Gap(Loss.TURNED, 0.0), "what was said meanwhile cannot be replayed"
    assert first.stopped
    assert not [each for each in batches if isinstance(each.state, Stopped)]
    assert feed.wait(1.0)
    assert second.stopped


def test_it_turns_also_from_a_stream_that_has_ended(feed_of, qtbot):
    first, second = HandedStream(), HandedStream()
    feed = feed_of(lambda: first)
    first.put(state=Stopped(DeviceNotYours(device="x")))
    feed.begin()
    assert feed.wait(2.0)

    feed.turn_to(lambda: second)
    second.put(said())

    qtbot.waitUntil(lambda: any(isinstance(row, DeviceEvent) for row in taken(feed)))
    feed.stop()
    assert feed.wait(1.0)


def test_turned_twice_while_one_opens_it_opens_only_the_last(feed_of, qtbot):
    opened: list[str] = []
    last, opening, goes_on = HandedStream(), threading.Event(), threading.Event()

    def open_slowly() -> HandedStream:
        opening.set()
        assert goes_on.wait(5.0)
        return HandedStream()

    def open_as(name: str) -> HandedStream:
        opened.append(name)
        return last

    feed = feed_of(open_slowly)
    feed.begin()
    assert opening.wait(5.0)
    feed.turn_to(lambda: open_as("second"))
    feed.turn_to(lambda: open_as("third"))
    goes_on.set()
    last.put(said())
    qtbot.waitUntil(lambda: any(isinstance(row, DeviceEvent) for row in taken(feed)))
    last.put(state=Stopped(DeviceNotYours(device="x")))

    assert feed.wait(2.0)
    assert opened == ["third"]


@pytest.mark.parametrize("failure", [CloudUnreachable(), RuntimeError()])
def test_turned_while_one_fails_to_open_only_the_new_one_says_how_it_stands(
    feed_of, qtbot, failure
):
    second, opening, goes_on = HandedStream(), threading.Event(), threading.Event()

    def fail_slowly() -> HandedStream:
        opening.set()
        assert goes_on.wait(5.0)
        raise failure

    feed = feed_of(fail_slowly)
    feed.begin()
    assert opening.wait(5.0)
    feed.turn_to(lambda: second)
    goes_on.set()
    second.put(said())
    batches: list[Batch] = []

    def second_came() -> bool:
        batches.extend(feed.take())
        return bool(_data(batches))

    qtbot.waitUntil(second_came)
    feed.stop()

    assert not [each for each in batches if isinstance(each.state, Stopped)]
    assert feed.wait(1.0)


def test_what_is_taken_at_once_came_from_one_stream_only(feed_of, qtbot):
    mine, product = HandedStream(), HandedStream()
    feed = feed_of(lambda: mine)
    feed.begin()
    mine.put(said(data="1"))
    qtbot.waitUntil(lambda: feed.has_more)

    feed.turn_to(lambda: product, product=True)
    product.put(said(data="2"))
    qtbot.waitUntil(lambda: len(_data(batch for _, batch in list(feed._held))) == 2)
    portions = [(_data(feed.take()), feed.of_product) for _ in range(2)]
    feed.stop()

    assert portions == [(["1"], False), (["2"], True)]
    assert feed.wait(1.0)


def _data(batches: Iterable[Batch]) -> list[str | None]:
    rows = [row for batch in batches for row in batch.rows]
    return [row.data for row in rows if isinstance(row, DeviceEvent)]
