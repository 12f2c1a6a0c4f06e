"""The inbox as a stream of Redis, from which a lead is gone once it is decided.

What Redis answers is on disk only with ``appendonly yes`` and ``appendfsync always``.
"""

from __future__ import annotations

import os
import socket
from typing import Any

import redis.asyncio as client
from redis.exceptions import ResponseError

from . import HOLD

GROUP = "decide"


class Redis:
    """A consumer group; each process is a consumer of its own."""

    def __init__(self, connection: client.Redis, name: str) -> None:
        self._redis = connection
        self._stream = f"{name}:received"
        self._me = f"{socket.gethostname()}-{os.getpid()}"

    @classmethod
    async def connect(cls, url: str, name: str) -> Redis:
        self = cls(client.Redis.from_url(url), name)
        try:
            await self._redis.xgroup_create(self._stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise
        return self

    async def put(self, key: str, lead: bytes) -> None:
        await self._redis.xadd(self._stream, {"key": key, "lead": lead})

    async def take(self, most: int) -> list[tuple[object, bytes]]:
        # First what somebody took and did not say that it was done.
        entries: Any = (await self._redis.xautoclaim(self._stream, GROUP, self._me, HOLD * 1000, count=most))[1]
        if not entries:
            answer: Any = await self._redis.xreadgroup(GROUP, self._me, {self._stream: ">"}, count=most, block=500)
            entries = answer[0][1] if answer else []
        return [(id, fields[b"lead"]) for id, fields in entries]

    async def done(self, tokens: list[object]) -> None:
        async with self._redis.pipeline(transaction=True) as both:
            both.xack(self._stream, GROUP, *tokens)  # type: ignore[arg-type]
            both.xdel(self._stream, *tokens)  # type: ignore[arg-type]
            await both.execute()

    async def close(self) -> None:
        await self._redis.aclose()
