"""How often streams may be opened: the cloud counts, and so do we."""

from __future__ import annotations

from collections import deque
from threading import Lock

WINDOW = 300.0  # seconds over which the cloud counts
MOST = 90  # of the 100 that it allows for one address; others may be behind the same one


class Openings:
    """Counts the openings of all streams of this program to one cloud. For any thread."""

    def __init__(self, most: int = MOST) -> None:
        self._moments: deque[float] = deque(maxlen=most)
        self._most = most
        self._lock = Lock()

    def take(self, now: float) -> float:
        """Count one opening now and return 0, or return the seconds until one is allowed."""
        with self._lock:
            if len(self._moments) == self._most:
                pause = self._moments[0] + WINDOW - now
                if pause > 0:
                    return pause
            self._moments.append(now)
            return 0.0
