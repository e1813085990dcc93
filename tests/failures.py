"""Every way in which set-up can fail, as the product defines them."""

from __future__ import annotations

from setup_wizard.domain.errors import SetupError


def leaves(branch: type[SetupError] = SetupError) -> list[type[SetupError]]:
    """Every failure that has a code of its own; those that a test defines do not count."""
    below = [kind for kind in branch.__subclasses__() if kind.__module__.startswith("setup_wizard")]
    return [leaf for kind in below for leaf in leaves(kind)] if below else [branch]
