"""`setup-wizard watch`, `call` and `read`: a living device without a window."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable

from setup_wizard.bootstrap import open_brand, open_outside
from setup_wizard.cancellation import StopSwitch
from setup_wizard.cli.access import access_settings, staff_settings
from setup_wizard.cli.endings import end_by
from setup_wizard.cli.failure import told
from setup_wizard.cli.output import ReaderGone, put, say
from setup_wizard.cli.parser import EXIT_FAILED
from setup_wizard.cli.typed import Codes, TypedLines, sign_in_by_code
from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.domain.errors import Cancelled, DeviceNotYours, SetupError
from setup_wizard.domain.stream import Batch, Gap, Live, Quiet, Reconnecting, Source, Stopped
from setup_wizard.domain.value import value
from setup_wizard.flow.sign_in_work import enter
from setup_wizard.live.export import as_document, iso_time
from setup_wizard.ports import Cloud, Renew, Stream
from setup_wizard.words import Words

EXIT_CANCELLED = 130
SLICE = 0.05  # seconds between looks at the switch: some systems do not wake a waiting thread
_TYPES = {bool: "bool", int: "int32", float: "double", str: "string"}


@value
class Way:
    """The way into the cloud that was found for a command."""

    cloud: Cloud
    renew: Renew
    product: str | None
    switch: StopSwitch
    words: Words


Deed = Callable[[Namespace, Way], int]


def watch(options: Namespace) -> int:
    """Print events as they come, until there were enough or it took long enough."""
    return _run(options, _watch, for_staff=options.product_events)


def call(options: Namespace) -> int:
    """Call a function and print what it returned."""
    return _run(options, _call)


def read(options: Namespace) -> int:
    """Print the value of a variable."""
    return _run(options, _read)


def _run(options: Namespace, deed: Deed, *, for_staff: bool = False) -> int:
    settings = staff_settings(options) if for_staff else access_settings(options)
    _, words = open_brand(settings.brand)
    outside = open_outside(settings)
    switch = StopSwitch()
    end_by(switch)
    try:
        backend = outside.backend
        if options.code_stdin:
            codes = Codes(TypedLines(), words, switch)
            sign_in_by_code(settings.customer, outside, codes, switch)
        elif settings.proof is not None and not for_staff:  # staff ask by their key, for nobody
            enter(settings.proof, backend, switch)
        renew = backend.product_access if for_staff else backend.renew_access
        access = renew(switch)
        cloud = outside.open_cloud(access)
        return deed(options, Way(cloud, renew, access.product, switch, words))
    except Cancelled:
        return EXIT_CANCELLED
    except SetupError as error:
        say(json.dumps({"error": told(error, words)}))
        return EXIT_FAILED


# --- watch ------------------------------------------------------------------------------------


def _watch(options: Namespace, way: Way) -> int:
    stream = way.cloud.stream(_source(options, way), renew=way.renew)
    try:
        return _Watcher(stream, way, options).watch()
    finally:
        stream.stop()


def _source(options: Namespace, way: Way) -> Source:
    if options.product_events:
        return Source(product=way.product, prefix=options.prefix)
    device_id = None if options.all else _find(way, options.device)
    return Source(device_id, prefix=options.prefix)


class _Watcher:
    """Prints what one stream brings."""

    def __init__(self, stream: Stream, way: Way, options: Namespace) -> None:
        self._stream = stream
        self._switch = way.switch
        self._words = way.words
        self._wanted: int | None = options.count
        self._seconds: float | None = options.seconds
        self._as_json: bool = options.json
        self._count = 0
        self._told: str | None = None
        """The code of why there is no connection, once it was said."""

    def watch(self) -> int:
        end = None if self._seconds is None else time.monotonic() + self._seconds
        while self._wanted is None or self._count < self._wanted:
            self._switch.check()
            left = SLICE if end is None else min(SLICE, end - time.monotonic())
            if left <= 0:
                return self._fewer()
            batch = self._stream.take(left)
            if not self._print(batch):
                break
            match batch.state:
                case Stopped(cause):
                    raise cause or Cancelled
                case Reconnecting(seconds, cause) if seconds:  # none: it comes back at once
                    self._tell(cause)
                case Live() | Quiet():
                    self._told = None
        return 0

    def _fewer(self) -> int:
        """The time is over: a failure where more was wanted."""
        if self._wanted is None:
            return 0
        print(f"{self._count} of {self._wanted} events came in time", file=sys.stderr)
        return EXIT_FAILED

    def _tell(self, cause: SetupError) -> None:
        """Say once why nothing comes: whoever waits may be able to mend it."""
        said = told(cause, self._words)
        if said["code"] != self._told:
            self._told = said["code"]
            line = f"no connection, trying again ({said['code']}): {said['message']}"
            print(line, file=sys.stderr)

    def _print(self, batch: Batch) -> bool:
        """False when nobody reads on. Raises OutputLost."""
        lines = []
        for row in batch.rows:
            if isinstance(row, Gap):
                print(f"events may be missing ({row.loss.value})", file=sys.stderr)
            elif self._wanted is None or self._count < self._wanted:
                self._count += 1
                lines.append(self._line(batch.received_at, row))
        try:
            put(*lines)
        except ReaderGone:
            return False
        return True

    def _line(self, received_at: float, event: DeviceEvent) -> str:
        if self._as_json:
            return json.dumps(as_document(received_at, event))  # in ASCII, for any pipe
        # Escaped, because what a device publishes could also steer a terminal.
        name, data = (
            ascii(text)[1:-1] if not text.isprintable() else text
            for text in (event.name, event.data or "")
        )
        return f"{iso_time(received_at)}  {event.device_id}  {name}  {data}"


# --- call and read ----------------------------------------------------------------------------


def _call(options: Namespace, way: Way) -> int:
    device_id = _find(way, options.device)
    returned = way.cloud.call(device_id, options.function, options.argument, way.switch)
    say(json.dumps({"return_value": returned}))
    return 0


def _read(options: Namespace, way: Way) -> int:
    device_id = _find(way, options.device)
    found = way.cloud.read(device_id, options.variable, way.switch)
    known = way.cloud.device(device_id, way.switch).variables.get(options.variable)
    put(json.dumps({"value": found, "type": known or _TYPES.get(type(found))}))
    return 0


def _find(way: Way, wanted: str) -> DeviceId:
    """By its id, or by the name that its owner gave it."""
    try:
        return DeviceId.parse(wanted)
    except ValueError:
        listed = way.cloud.devices(way.switch)
        named: list[Device] = [each for each in listed if each.name == wanted]
        if not named:
            raise DeviceNotYours(device=wanted) from None
        return named[0].device_id
