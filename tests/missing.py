"""What a test needs and a computer may lack."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skip the test, but fail it on CI, where everything is to be there."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
