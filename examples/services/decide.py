"""Decides what came in, a batch at a time, and says that it is done after the commit: a lead that a killed process had is
decided by the next one, and one that was decided already gets the decision of then.

    python decide.py
"""

from __future__ import annotations

import asyncio
import logging
import signal

import inbox
import settings

import leadwright

MOST = 64

log = logging.getLogger("decide")


async def main() -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    leads = await inbox.connect(settings.INBOX, settings.NAME)
    with leadwright.Engine(leadwright.Plan.load(settings.PLAN), settings.STORE) as engine:
        log.info("decides by %s", engine.plan_hash)
        while not stop.is_set():
            taken = await leads.take(MOST)
            if taken:
                await decide(engine, [lead for _, lead in taken], stop)
                await leads.done([token for token, _ in taken])
    await leads.close()


async def decide(engine: leadwright.Engine, batch: list[bytes], stop: asyncio.Event) -> None:
    """A store that is busy or away is asked again. A bad lead raises nothing: it is a decision with problems."""
    pause = 0.05
    while True:
        try:
            await asyncio.to_thread(engine.decide_batch, batch)
            return
        except (leadwright.StoreError, leadwright.EngineError) as error:
            if stop.is_set():
                raise
            log.warning("tried again: %s", error.code)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    asyncio.run(main())
