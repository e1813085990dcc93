"""A value that must never be seen: silent in repr, str, format, logs and pickles."""

from __future__ import annotations

from contextlib import suppress
from typing import NoReturn, final


@final
class Secret:
    """Bytes or text that only an adapter may reveal.

    Text is kept as UTF-8, because the device and the cloud take bytes.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | bytes) -> None:
        self._value = _encoded(value) if isinstance(value, str) else bytes(value)

    def reveal(self) -> str:
        """The text. Raises ValueError when it was made from other bytes."""
        # That exception carries all the bytes, so it must not travel, not even as a context.
        with suppress(UnicodeDecodeError):
            return self._value.decode()
        raise ValueError("a secret that is no text")

    def reveal_bytes(self) -> bytes:
        return self._value

    @property
    def is_hexadecimal(self) -> bool:
        """Whether it is written in hexadecimal digits only: a raw key, not a phrase."""
        return all(byte in b"0123456789abcdefABCDEF" for byte in self._value)

    @property
    def has_end_byte(self) -> bool:
        """Whether it holds the zero byte that ends a text inside a device."""
        return b"\0" in self._value

    def __len__(self) -> int:
        """Length in bytes: what devices count."""
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac  # here: it brings OpenSSL along, and the first paint does not need that

        return hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied to disk")


def _encoded(text: str) -> bytes:
    with suppress(UnicodeEncodeError):
        return text.encode()
    raise ValueError("a secret that cannot be written in UTF-8")
