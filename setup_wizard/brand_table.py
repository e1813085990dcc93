"""One table of a brand's file: what it asks for is there and of its kind, or is written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

VIEW_BOX = re.compile(r'viewBox="0 0 ([0-9]+(?:\.[0-9]+)?) ([0-9]+(?:\.[0-9]+)?)"')
"""Width and height of a picture, in its own units: without them nobody knows its shape."""
_LONGEST_PREFIX = 25  # bytes; a hyphen and six letters follow, in a network's name of at most 32
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LINK = re.compile(r"(https://|mailto:)\S+")


class Table:
    """One table of the file; what was not asked for when all is read is a mistake.

    Every slip is written down, and something of the right kind stands in its place.
    """

    def __init__(
        self,
        file: Path,
        name: str,
        content: Mapping[str, object] | None,
        *,
        slips: list[tuple[str, str]],
    ) -> None:
        self.file = file
        self.slips = slips
        """Key and problem; one list for all tables of the file."""
        self._name = name
        self._is_there = content is not None
        self._content = dict(content or {})

    def has(self, key: str) -> bool:
        return key in self._content

    def text(
        self,
        key: str,
        *,
        may_be_empty: bool = False,
        pattern: re.Pattern[str] | None = None,
        like: str = "",
    ) -> str:
        given = self._take(key)
        if given is None:
            return ""
        if not isinstance(given, str):
            self._slip(key, "must be a text in quotes")
            return ""
        if not given.strip() and not may_be_empty:
            self._slip(key, "must not be empty")
        elif pattern is not None and not pattern.fullmatch(given):
            self._slip(key, f"must be {like}, not {given!r}")
        return given

    def colour(self, key: str) -> str:
        return self.text(key, pattern=_COLOUR, like="a colour like #1a2b3c").lower()

    def link(self, key: str) -> str:
        return self.text(key, pattern=_LINK, like="a link that starts with https:// or mailto:")

    def network_prefix(self, key: str) -> str:
        """The start of the name of a device's own network."""
        given = self.text(key)
        if not given.isprintable() or len(given.encode()) > _LONGEST_PREFIX:
            limit = f"{_LONGEST_PREFIX} bytes"
            self._slip(key, f"must be printable and have at most {limit}, not {given!r}")
        return given

    def flag(self, key: str) -> bool:
        given = self._take(key)
        if not isinstance(given, bool | None):
            self._slip(key, "must be true or false")
        return given is True

    def number(self, key: str, *, lowest: float, highest: float) -> float:
        given = self._take(key)
        if given is None:
            return lowest
        if isinstance(given, bool) or not isinstance(given, int | float):
            self._slip(key, "must be a number")
            return lowest
        if not lowest <= given <= highest:
            self._slip(key, f"must be from {lowest} to {highest}, not {given}")
            return lowest
        return given

    def whole_number(self, key: str, *, lowest: int, highest: int) -> int:
        given = self.number(key, lowest=lowest, highest=highest)
        if not isinstance(given, int):
            self._slip(key, f"must be a whole number, not {given}")
        return int(given)

    def picture(self, key: str, *, parts: tuple[str, ...] = ()) -> Path:
        name = self.text(key)
        if not name.strip():
            return self.file  # it was said already
        if not name.isprintable():  # some of which no path can hold
            self._slip(key, f"must be a file's name that can be printed, not {name!r}")
            return self.file
        path = (self.file.parent / name).resolve()
        if path.suffix != ".svg" or not path.is_relative_to(self.file.parent.resolve()):
            self._slip(key, f"must be an .svg file in the brand's own folder, not {name!r}")
            return path
        try:
            drawing = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self._slip(key, f"cannot be read: {error}")
            return path
        box = VIEW_BOX.search(drawing)
        if box is None or not (float(box[1]) and float(box[2])):
            self._slip(key, f'{name} needs a viewBox="0 0 width height"')
        for part in parts:
            if f'id="{part}"' not in drawing:
                self._slip(key, f'{name} has no element with id="{part}"')
        return path

    def table(self, key: str) -> Table:
        given = self._take(key)
        if given is not None and not isinstance(given, dict):
            self._slip(key, "must be a table")
            given = None
        return Table(self.file, self._path(key), given, slips=self.slips)

    def words(self, key: str) -> Mapping[str, str]:
        if not self.has(key):
            return MappingProxyType({})
        return self.table(key).all_texts()

    def all_texts(self) -> Mapping[str, str]:
        return MappingProxyType({key: self.text(key) for key in tuple(self._content)})

    def refuse_the_rest(self) -> None:
        for key in self._content:
            self._slip(key, "is not a key that a brand has here")

    def _take(self, key: str) -> object | None:
        """None: it is missing, which no value of a TOML file can say."""
        if key not in self._content and self._is_there:
            self._slip(key, "is missing")
        return self._content.pop(key, None)

    def _slip(self, key: str, problem: str) -> None:
        self.slips.append((self._path(key), problem))

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key
