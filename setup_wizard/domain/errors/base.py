"""What every failure is."""

from __future__ import annotations

from typing import ClassVar

Parameter = str | int | float


class SetupError(Exception):
    """Something that set-up can name. Parameters fill the sentence and are never secret."""

    code: ClassVar[str]
    retryable: ClassVar[bool] = False
    """Worth trying again by itself, a bounded number of times."""

    def __init__(self, **parameters: Parameter) -> None:
        self.parameters = parameters
        facts = " ".join(f"{name}={value}" for name, value in parameters.items())
        super().__init__(f"{self.code} {facts}".strip())


class Cancelled(Exception):
    """The person asked to stop."""
