"""One question to the cloud: a bearer token, JSON both ways, refusals in set-up's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    CloudBroken,
    CloudBusy,
    CloudError,
    CloudUnreachable,
    CloudUntrusted,
    DeviceNotYours,
    DeviceOffline,
    NotExposed,
    TokenRefused,
)
from setup_wizard.ports import Cancellation
from setup_wizard.web import Bearer, busy_seconds
from setup_wizard.web_client import NoAnswer, WebAnswer, WebClient

CONNECT_TIMEOUT = 10.0  # a tethered laptop on a weak signal connects within this
ANSWER_TIMEOUT = 20.0  # the cloud's own work takes well under a second
DEVICE_TIMEOUT = 65.0  # the cloud asks the device; its own "timed out" must come before ours

_ABOUT_THE_TOKEN = {"invalid_token", "unauthorized", "The access token was not found"}
"""What the cloud says of a token that is no good, or not for this."""


class CloudApi:
    """The cloud's HTTP interface with one customer's token."""

    def __init__(self, access: CloudAccess) -> None:
        self._web = WebClient(access.url)
        self._bearer = Bearer(access.access_token, TokenRefused)

    def ask(
        self,
        method: str,
        path: str,
        cancel: Cancellation,
        *,
        body: Mapping[str, object] | None = None,
        device: DeviceId | None = None,
        name: str | None = None,
        timeout: float = ANSWER_TIMEOUT,
    ) -> object:
        """The JSON answer; device and name (of a function or variable) say what it is about."""
        try:
            answer = self._web.ask(
                method,
                path,
                cancel,
                connect_timeout=CONNECT_TIMEOUT,
                answer_timeout=timeout,
                auth=self._bearer,
                body=body,
            )
        except NoAnswer as error:
            raise unreachable(error) from error
        return meant(answer, device=device, name=name)


def unreachable(error: NoAnswer) -> CloudUnreachable:
    return CloudUntrusted() if error.distrusted else CloudUnreachable()


def meant(answer: WebAnswer, *, device: DeviceId | None = None, name: str | None = None) -> object:
    """The JSON of an answer; raises what the cloud says is wrong."""
    document = answer.document()
    if answer.status // 100 == 2 and document is not None:
        return document
    raise _refusal(answer, document, device, name)


def _refusal(
    answer: WebAnswer, document: object, device: DeviceId | None, name: str | None
) -> CloudError:
    status = answer.status
    texts = tuple(_texts(document))
    if status in (429, 529):
        return CloudBusy(seconds=busy_seconds(answer.headers))
    if status == 401 or _ABOUT_THE_TOKEN & set(texts):
        return TokenRefused()
    if device is None:
        # Nothing but the token can be the reason when no device is asked about.
        return TokenRefused() if status == 403 else CloudBroken(status=status)
    if status == 408 or any(text.startswith("Timed out") for text in texts):
        return DeviceOffline(device=device.text)
    if status == 404 and name is not None:
        return NotExposed(name=name)
    if status in (403, 404):
        return DeviceNotYours(device=device.text)
    return CloudBroken(status=status)


def _texts(part: object) -> Iterator[str]:
    """Every error text of the cloud's three envelopes: error, errors and error_description."""
    match part:
        case str():
            yield part
        case list():
            for item in part:
                yield from _texts(item)
        case dict():
            for key in ("error", "errors", "error_description"):
                yield from _texts(part.get(key))
