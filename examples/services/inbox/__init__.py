"""Leads on their way from intake to decide: put, taken, done. What is put is on disk before the supplier has an answer."""

from __future__ import annotations

from typing import Protocol

#: How long a lead that was taken and is not done is nobody else's, in seconds. It has to be longer than a batch takes.
HOLD = 10


class Inbox(Protocol):
    """A queue. A lead may be handed out twice, as after a crash: to decide it again gives the decision of then."""

    async def put(self, key: str, lead: bytes) -> None:
        """Keeps a lead. The same key again may be kept or not; it is the same lead."""

    async def take(self, most: int) -> list[tuple[object, bytes]]:
        """Up to so many leads, each under a token; none when there were none for a moment."""

    async def done(self, tokens: list[object]) -> None:
        """These are decided: nobody gets them any more."""

    async def close(self) -> None:
        """Lets go of the connection."""


async def connect(url: str, name: str = "leads") -> Inbox:
    """The inbox behind a URL: ``sqlite:inbox.db``, ``postgres://…``, ``nats://…`` or ``redis://…``.

    The client of each is imported only where it is used.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite":
        from .sqlite import Sqlite

        return Sqlite(rest)
    if scheme in ("postgres", "postgresql"):
        from .postgres import Postgres

        return await Postgres.connect(url, name)
    if scheme in ("nats", "tls"):
        from .nats import Nats

        return await Nats.connect(url, name)
    if scheme in ("redis", "rediss"):
        from .redis import Redis

        return await Redis.connect(url, name)
    raise ValueError("LEADS_INBOX is one of sqlite:, postgres:, nats: and redis:")
