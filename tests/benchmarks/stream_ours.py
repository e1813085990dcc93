"""Our client on one event stream: the counterpart of stream_official.js."""

from __future__ import annotations

import gc
import json
import sys
import time

from setup_wizard.__main__ import OBJECTS_BEFORE_COLLECTING
from setup_wizard.domain.cloud import CloudAccess, DeviceEvent
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.stream import Source
from setup_wizard.particle.stream import EventStream

MOST_TIMED = 1000  # events; more come too fast to be looked at one by one


def main() -> None:
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)  # as the program does
    url, wanted = sys.argv[1], int(sys.argv[2])
    stream = EventStream(CloudAccess(url, Secret("0" * 40)), Source())
    count, first, used = 0, 0.0, 0.0
    late: list[float] = []
    while count < wanted:
        batch = stream.take(1.0)
        if batch.rows and not count:
            first, used = time.perf_counter(), time.process_time()
        count += len(batch.rows)
        if wanted <= MOST_TIMED:
            now = time.time() * 1000
            sent = (row.data or "" for row in batch.rows if isinstance(row, DeviceEvent))
            late += [now - float(data.removeprefix("sent ")) for data in sent]
    seconds, cpu = time.perf_counter() - first, time.process_time() - used
    stream.stop()
    print(json.dumps({"count": count, "seconds": seconds, "cpu": cpu, "late": late}))


if __name__ == "__main__":
    main()
