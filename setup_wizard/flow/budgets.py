"""How long each part of a set-up may take, and why: every wait of the flow, in one place.

The adapters have budgets of their own, for one command each; these are for what is made of
several. A stage that is out of time ends with the error that says who kept it waiting.
"""

from __future__ import annotations

from collections.abc import Callable

from setup_wizard.domain.errors import SetupError
from setup_wizard.ports import Cancellation

# trying again
ATTEMPTS = 3  # one hiccup is common, three in a row are a finding
PAUSE = 1.0  # seconds between attempts: long enough for a stale route to go

# before the device
ASK_BUDGET = 60.0  # a backend asks the cloud three times, 20 s each; nobody waits for longer

MAY_BUDGET = 2.0  # a computer on the device's network has no way to the backend; nobody feels this
LEAVE_DOOR_BUDGET = 10.0  # signing out: forgotten here at once, and nobody waits for the rest

# being where the device is
FIND_BUDGET = 300.0  # a person has to find a button, wait for a light and open a menu
FIND_PAUSE = 1.0  # often enough to feel immediate
REJOIN_BUDGET = 300.0  # a person may have to choose the device's network again
REJOIN_PAUSE = 1.0
SCAN_TRIES = 3  # the radio may have just come up and hear nothing yet
SCAN_PAUSE = 2.0

# telling the device
CLAIM_CODE_LIFE = 3000.0  # the cloud takes one for an hour, and a device needs minutes to show it
SAVE_BUDGET = 180.0  # configure-ap may take 45 s, three times; the other commands 45 s together
CONNECT_TRIES = 3
LEAVE_BUDGET = 6.0  # the device leaves the air within a second or two of connect-ap
LEAVE_PAUSE = 0.25
GONE_LOOKS = 3

# looking for evidence
EVIDENCE_BUDGET = 180.0  # the device tries its network for 60 s, then shakes hands, then updates
EVIDENCE_PAUSE = 1.0
ANSWER_BUDGET = 20.0  # a device that is found at the last moment has a moment to answer, too
AFTER_SCAN_BUDGET = 25.0  # one scan of a device that came back: it only makes the cause clearer
BUSY_PAUSE = 60.0  # what the cloud wants when it does not say

KEEP_PAUSE = 15.0  # a device that is late is minutes late; the cloud may be asked far oftener
KEEP_BUDGET = 3.0  # a round of looking on: two or three looks, then a pause
UPDATE_BUDGET = 600.0  # an update takes minutes: two downloads over a slow line, two restarts
UPDATE_SILENCE = 60.0  # events get lost: a device that answers so long after its last one is back

# the maker's own test
LIFE_CALL_BUDGET = 75.0  # the cloud waits for a function for up to 65 s and then says so

# writing it down
RECORD_BUDGET = 60.0  # a name and a record, three times, from a computer that is just back home


class Within(Cancellation):
    """The person's wish to stop, and a clock that runs out: whichever comes first."""

    def __init__(
        self, cancel: Cancellation, seconds: float, late: Callable[[], SetupError]
    ) -> None:
        self._cancel = cancel
        self._until = cancel.now() + seconds
        self._late = late

    def check(self) -> None:
        self._cancel.check()
        if self.now() >= self._until:
            raise self._late()

    def wait(self, seconds: float) -> None:
        self._cancel.wait(max(0.0, min(seconds, self._until - self.now())))
        self.check()

    def now(self) -> float:
        return self._cancel.now()
