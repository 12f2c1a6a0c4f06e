"""The inbox as a table of a PostgreSQL database: as many who take as one likes, none waits for another."""

from __future__ import annotations

import asyncio

from psycopg import AsyncConnection, sql
from psycopg_pool import AsyncConnectionPool

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
    """A few connections; one that breaks is replaced. Each call is a transaction."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection], name: str) -> None:
        self._pool = pool
        self._table = sql.Identifier(f"{name}_inbox")

    @classmethod
    async def connect(cls, url: str, name: str) -> Postgres:
        pool: AsyncConnectionPool[AsyncConnection] = AsyncConnectionPool(url, min_size=1, max_size=4, open=False)
        await pool.open(wait=True)
        self = cls(pool, name)
        async with pool.connection() as connection:
            # Two services that make it at the same moment would both try.
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('leads inbox'))")
            await connection.execute(self._sql(TABLE))
        return self

    def _sql(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(name=self._table)

    async def put(self, key: str, lead: bytes) -> None:
        async with self._pool.connection() as connection:
            insert = self._sql("INSERT INTO {name}(key, lead) VALUES (%s, %s) ON CONFLICT DO NOTHING")
            await connection.execute(insert, (key, lead))

    async def take(self, most: int) -> list[tuple[object, bytes]]:
        async with self._pool.connection() as connection:
            taken = await (await connection.execute(self._sql(TAKE), (HOLD, most))).fetchall()
        if not taken:
            await asyncio.sleep(0.02)
        return sorted(taken)

    async def done(self, tokens: list[object]) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(self._sql("DELETE FROM {name} WHERE seq = ANY(%s)"), (tokens,))

    async def close(self) -> None:
        await self._pool.close()
