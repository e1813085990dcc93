"""Gives processes a fixed share of a processor core each, by Linux control groups.

Where a computer has too few cores for what is measured and for what measures it, this makes room:
everybody has what they would have on a larger and slower one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

PERIOD_US = 10_000  # short, so that a process whose share is used up waits for milliseconds only
_ROOT = Path("/sys/fs/cgroup")


def can_be_given() -> bool:
    """Whether this system has the controller and lets us use it."""
    return os.access(_parent(), os.W_OK) and (_is_old() or "cpu" in _controllers())


@contextmanager
def given(processes: Sequence[psutil.Process], share: float) -> Iterator[None]:
    """Each of these has this part of one core, and no more, until the block ends."""
    groups = []
    try:
        for process in processes:
            group = _parent() / f"benchmark-{process.pid}"
            group.mkdir()
            groups.append(group)
            _limit(group, round(PERIOD_US * share))
            (group / "cgroup.procs").write_text(str(process.pid))
        yield
    finally:
        for group in groups:
            for pid in (group / "cgroup.procs").read_text().split():
                (_parent() / "cgroup.procs").write_text(pid)
            group.rmdir()


def _limit(group: Path, quota_us: int) -> None:
    if _is_old():
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(quota_us))
    else:
        (group / "cpu.max").write_text(f"{quota_us} {PERIOD_US}")


def _is_old() -> bool:
    """Version 1, with a tree for each controller."""
    return (_ROOT / "cpu" / "cpu.cfs_quota_us").exists() or (_ROOT / "cpu" / "tasks").exists()


def _parent() -> Path:
    return _ROOT / "cpu" if _is_old() else _ROOT


def _controllers() -> str:
    told = _ROOT / "cgroup.subtree_control"
    return told.read_text() if told.exists() else ""
