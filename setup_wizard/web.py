"""What the maker's backend and the cloud have in common when they are asked over HTTP."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence

import requests
from requests.auth import AuthBase

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.secret import Secret

BUSY_SECONDS = 60  # when nobody says how long; the cloud's limits count over five minutes
LONGEST_BUSY_SECONDS = 3600  # nobody waits for longer, whatever a header says

_HEADER_SAFE = re.compile(rb"[\x21-\x7e]+")
_log = logging.getLogger(__name__)


def is_distrust(error: BaseException) -> bool:
    """Whether no connection came about because the other side's certificate was turned down.

    By a clock that is wrong, often, or by a network that would read along.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


class Bearer(AuthBase):
    """Puts a token into the header, and never into a URL.

    Plain headers will not do: requests lets an entry of ~/.netrc replace them. A server that
    wants another header than the usual one, wants its own without a scheme.
    """

    def __init__(self, token: Secret, refused: type[SetupError], *, header: str = "") -> None:
        self._token = token
        self._header = header
        self._refused = refused
        """What is wrong when no header can hold the token."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # The HTTP library would quote an unwritable token in its own exception.
        if not _HEADER_SAFE.fullmatch(self._token.reveal_bytes()):
            raise self._refused
        if self._header:
            request.headers[self._header] = self._token.reveal()
        else:
            request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


def busy_seconds(headers: Mapping[str, str]) -> int:
    """Seconds of an answer's Retry-After; the rare form with a date counts as not said."""
    header = headers.get("Retry-After", "")
    if not re.fullmatch(r"[0-9]{1,9}", header):
        return BUSY_SECONDS
    return min(max(int(header), 1), LONGEST_BUSY_SECONDS)


def usable_ids(listed: Sequence[object]) -> tuple[DeviceId, ...]:
    """The ids that are a device's; one of another shape is no reason to set up none."""
    usable = tuple(_usable(listed))
    if len(usable) < len(listed):
        _log.warning("device_ids=%d unusable=%d", len(listed), len(listed) - len(usable))
    return usable


def _usable(listed: Sequence[object]) -> Iterator[DeviceId]:
    for text in listed:
        try:
            yield DeviceId.parse(str(text))
        except ValueError:
            continue
