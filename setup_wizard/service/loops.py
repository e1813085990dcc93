"""How the service waits: asyncio's own loop, but for who may be connected."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable

from setup_wizard.service.connections import Door


class ServiceLoop(asyncio.SelectorEventLoop):
    """Takes connections through a `Door`: uvicorn can be given a loop, but no way to listen."""

    async def create_server(  # type: ignore[override]  # uvicorn only closes what it gets
        self,
        converse: Callable[[], asyncio.BaseProtocol],
        *,
        sock: socket.socket,
        ssl: ssl.SSLContext | None = None,
        backlog: int,
    ) -> Door:
        sock.setblocking(False)
        sock.listen(backlog)
        door = Door(self, sock, converse, ssl)
        door.open()
        return door
