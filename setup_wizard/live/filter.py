"""Which rows of the log are wanted: by name, by device, and by a text that they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.stream import Gap, Row
from setup_wizard.domain.value import value


@value
class Filter:
    """What is wanted. Gaps are always wanted: they say what the events cannot."""

    prefix: str = ""
    devices: frozenset[str] | None = None
    """Their ids; None is every device."""
    text: str = ""
    """Somewhere in the name or the data, in any case."""

    @property
    def wants_all(self) -> bool:
        return not self.prefix and self.devices is None and not self.text

    def matcher(self) -> Callable[[Row], bool]:
        """The same question for many rows, put together once."""
        prefix, devices, text = self.prefix, self.devices, self.text.casefold()

        def matches(row: Row) -> bool:
            if isinstance(row, Gap):
                return True
            if prefix and not row.name.startswith(prefix):
                return False
            if devices is not None and row.device_id not in devices:
                return False
            return not text or _holds(row, text)

        return matches

    def chosen(self, rows: Sequence[Row]) -> list[bool]:
        """For each row, whether it is wanted."""
        if self.wants_all:
            return [True] * len(rows)
        matches = self.matcher()
        return [matches(row) for row in rows]


def _holds(event: DeviceEvent, text: str) -> bool:
    return text in (event.data or "").casefold() or text in event.name.casefold()
