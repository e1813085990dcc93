"""Looks into an exception as a support bundle would, and deeper."""

from __future__ import annotations

import traceback


def everything_said(error: BaseException) -> str:
    """Text, parameters and attributes of an exception and of all that it is chained to."""
    said = ["".join(traceback.format_exception(error))]
    chain: list[BaseException | None] = [error]
    seen: set[int] = set()
    while chain:
        link = chain.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        said += [repr(link), repr(link.args), repr(vars(link))]
        request = getattr(link, "request", None)
        said.append(repr(vars(request)) if request is not None else "")
        chain += [link.__cause__, link.__context__]
        chain += [part for part in link.args if isinstance(part, BaseException)]
    return "\n".join(said)
