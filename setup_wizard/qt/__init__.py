"""The window: the only room that imports PySide6.

PySide puts a function of its own before Python's import and from then on reads the source of every
module that imports something, to look for its `__feature__` switches. Nobody here uses those, and
the reading was 10 ms of the time to the first paint, and more with each module that comes later.
"""

from __future__ import annotations

import builtins

_import = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401  # between the two lines that undo what it does

builtins.__import__ = _import
