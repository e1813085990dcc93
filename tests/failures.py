"""Every way in which the product can fail."""

from __future__ import annotations

from setup_wizard.domain import errors
from setup_wizard.domain.errors import SetupError


def leaves(
    branch: type[SetupError] = SetupError, *, within: str = errors.__name__
) -> list[type[SetupError]]:
    """Every failure that has a code of its own: of set-up, or of all that is `within`."""
    below = [kind for kind in branch.__subclasses__() if kind.__module__.startswith(within)]
    own = [branch] if "code" in vars(branch) else []
    return own + [leaf for kind in below for leaf in leaves(kind, within=within)]
