"""The inbox as a stream of NATS JetStream, from which a lead is gone once it is decided."""

from __future__ import annotations

import nats
from nats.aio.client import Client
from nats.errors import TimeoutError as NothingCame
from nats.js.api import ConsumerConfig, RetentionPolicy
from nats.js.errors import NotFoundError

from . import HOLD


class Nats:
    """A work queue: all who take share one durable consumer."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._stream = client.jetstream()
        self._name = name
        self._reader: nats.js.JetStreamContext.PullSubscription | None = None

    @classmethod
    async def connect(cls, url: str, name: str) -> Nats:
        self = cls(await nats.connect(url, max_reconnect_attempts=-1), name)
        try:
            # Where it is there it stays as it is: replicas and limits are yours to set.
            await self._stream.stream_info(f"{name}-inbox")
        except NotFoundError:
            queue = RetentionPolicy.WORK_QUEUE
            await self._stream.add_stream(name=f"{name}-inbox", subjects=[f"{name}.received"], retention=queue)
        return self

    async def put(self, key: str, lead: bytes) -> None:
        # It returns when the server has it.
        await self._stream.publish(f"{self._name}.received", lead, headers={"Nats-Msg-Id": key})

    async def take(self, most: int) -> list[tuple[object, bytes]]:
        if self._reader is None:
            # Handed out as often as it takes: a lead is never given up here.
            how = ConsumerConfig(ack_wait=HOLD, max_deliver=-1, max_ack_pending=10_000)
            stream = f"{self._name}-inbox"
            self._reader = await self._stream.pull_subscribe(f"{self._name}.received", "decide", stream, how)
        try:
            messages = await self._reader.fetch(most, timeout=0.5)
        except NothingCame:
            return []
        return [(message, message.data) for message in messages]

    async def done(self, tokens: list[object]) -> None:
        for message in tokens:
            await message.ack()  # type: ignore[attr-defined]
        await self._client.flush()

    async def close(self) -> None:
        await self._client.close()
