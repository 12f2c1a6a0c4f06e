"""The inbox as a table of a PostgreSQL database: as many who take as one likes, none waits for another."""

from __future__ import annotations

import asyncio

from psycopg import AsyncConnection, sql

from . import HOLD

TABLE = """
CREATE TABLE IF NOT EXISTS {name} (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key TEXT NOT NULL UNIQUE,
                                   lead BYTEA NOT NULL, taken_until TIMESTAMPTZ NOT NULL DEFAULT '-infinity')
"""
TAKE = """
UPDATE {name} SET taken_until = now() + make_interval(secs => %s)
WHERE seq IN (SELECT seq FROM {name} WHERE taken_until < now() ORDER BY seq LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING seq, lead
"""


class Postgres:
    """One connection, whose calls come one after the other; each is a transaction."""

    def __init__(self, connection: AsyncConnection, name: str) -> None:
        self._connection = connection
        self._table = sql.Identifier(f"{name}_inbox")

    @classmethod
    async def connect(cls, url: str, name: str) -> Postgres:
        self = cls(await AsyncConnection.connect(url, autocommit=True), name)
        # Two services that make it at the same moment would both try.
        async with self._connection.transaction():
            await self._connection.execute("SELECT pg_advisory_xact_lock(hashtext('leads inbox'))")
            await self._connection.execute(self._sql(TABLE))
        return self

    def _sql(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(name=self._table)

    async def put(self, key: str, lead: bytes) -> None:
        insert = self._sql("INSERT INTO {name}(key, lead) VALUES (%s, %s) ON CONFLICT DO NOTHING")
        await self._connection.execute(insert, (key, lead))

    async def take(self, most: int) -> list[tuple[object, bytes]]:
        taken = await (await self._connection.execute(self._sql(TAKE), (HOLD, most))).fetchall()
        if not taken:
            await asyncio.sleep(0.02)
        return sorted(taken)

    async def done(self, tokens: list[object]) -> None:
        await self._connection.execute(self._sql("DELETE FROM {name} WHERE seq = ANY(%s)"), (tokens,))

    async def close(self) -> None:
        await self._connection.close()
