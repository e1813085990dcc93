"""How the service waits: asyncio's own loop, but for two things that it does for other needs."""

from __future__ import annotations

import asyncio
from typing import Any

GOODBYE_TIMEOUT = 2.0  # seconds; an answer that was sent needs less, and a goodbye is a courtesy


class TlsLoop(asyncio.SelectorEventLoop):
    """Waits for a client's goodbye for a moment only.

    A client that keeps an idle connection does not read from it, and so never answers the end of
    TLS. asyncio waits 30 seconds for that, the service would end no sooner, and uvicorn has no
    setting for it.
    """

    async def create_server(self, *args: Any, **kwargs: Any) -> asyncio.Server:
        if kwargs.get("ssl") is not None:
            kwargs["ssl_shutdown_timeout"] = GOODBYE_TIMEOUT
        return await super().create_server(*args, **kwargs)


class WorkerLoop(TlsLoop):
    """Takes a new connection in each turn, and so leaves the others of a burst to who is idle.

    asyncio takes as many as may wait in the queue: of fifty clients that come at once, one of two
    workers was seen to take forty-four, and connections last. From Python 3.13 on it takes two.
    """

    async def create_server(self, *args: Any, **kwargs: Any) -> asyncio.Server:
        queue = kwargs.pop("backlog")
        server = await super().create_server(*args, **kwargs, backlog=1)
        kwargs["sock"].listen(queue)  # the queue itself stays as long as it was asked for
        return server
