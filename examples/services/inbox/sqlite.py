"""The inbox as a table of a SQLite file of its own: intake never waits for who writes into the store."""

from __future__ import annotations

import asyncio
import sqlite3
import time

from . import HOLD

TABLE = """
CREATE TABLE IF NOT EXISTS inbox (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, lead BLOB NOT NULL,
                                  taken_until REAL NOT NULL DEFAULT 0)
"""
TAKE = """
UPDATE inbox SET taken_until = :until
WHERE seq IN (SELECT seq FROM inbox WHERE taken_until < :now ORDER BY seq LIMIT :most) RETURNING seq, lead
"""


class Sqlite:
    """One connection; its calls run in a thread, one after the other."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        # An answer says that the lead is on disk.
        self._db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {TABLE}")
        self._alone = asyncio.Lock()

    async def _run(self, sql: str, *rows: object) -> list[tuple[object, bytes]]:
        def work() -> list[tuple[object, bytes]]:
            if len(rows) == 1:
                return self._db.execute(sql, rows[0]).fetchall()  # type: ignore[arg-type]
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(sql, rows)  # type: ignore[arg-type]
            self._db.execute("COMMIT")
            return []

        async with self._alone:
            return await asyncio.to_thread(work)

    async def put(self, key: str, lead: bytes) -> None:
        await self._run("INSERT INTO inbox(key, lead) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, lead))

    async def take(self, most: int) -> list[tuple[object, bytes]]:
        now = time.time()
        taken = await self._run(TAKE, {"now": now, "until": now + HOLD, "most": most})
        if not taken:
            await asyncio.sleep(0.02)
        return sorted(taken)

    async def done(self, tokens: list[object]) -> None:
        await self._run("DELETE FROM inbox WHERE seq = ?", *((token,) for token in tokens))

    async def close(self) -> None:
        self._db.close()
