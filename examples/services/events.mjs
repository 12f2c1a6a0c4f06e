// The events, from their beginning: out of the store itself, or of the broker that a relay keeps them in.

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Hands each event to `told`, in the order of the log, until `signal` says so. `url` is `store`, `nats://…` or
 * `redis://…`; the client of each is imported only where it is used.
 */
export async function readEvents(url, { engine, reader, tenant = 'main', stream, signal }, told) {
  if (url === 'store') return fromStore(engine, reader, signal, told);
  if (url.startsWith('nats://') || url.startsWith('tls://')) {
    return fromNats(url, stream ?? `leadwright-${tenant}`, signal, told);
  }
  if (url.startsWith('redis://') || url.startsWith('rediss://')) {
    return fromRedis(url, stream ?? `leadwright:${tenant}`, signal, told);
  }
  throw new Error('LEADS_EVENTS is `store`, or begins with nats:// or redis://');
}

async function fromStore(engine, reader, signal, told) {
  const events = engine.subscribe(reader);
  await events.seek('start');
  while (!signal.aborted) {
    const page = await events.poll(500);
    for (const event of page) told(event);
    // So that `store prune` may let go of what was read.
    if (page.length) await events.ack(page.at(-1));
    else await nap(100, signal);
  }
}

async function fromNats(url, stream, signal, told) {
  const { connect } = await import('@nats-io/transport-node');
  const { jetstream } = await import('@nats-io/jetstream');
  const client = await connect({ servers: url, maxReconnectAttempts: -1 });
  signal.addEventListener('abort', () => client.close());
  while (!signal.aborted) {
    try {
      // An ordered consumer begins at the first message, and anew behind the last one when a server is gone.
      const consumer = await jetstream(client).consumers.get(stream);
      for await (const message of await consumer.consume()) told(message.json());
    } catch (error) {
      if (!signal.aborted) await later(error, signal);
    }
  }
}

async function fromRedis(url, stream, signal, told) {
  const { createClient } = await import('redis');
  const client = createClient({ url });
  client.on('error', () => {}); // It connects again by itself.
  await client.connect();
  signal.addEventListener('abort', () => client.destroy());
  let last = '0';
  while (!signal.aborted) {
    try {
      const answer = await client.xRead([{ key: stream, id: last }], { COUNT: 500, BLOCK: 500 });
      for (const { id, message } of answer?.[0]?.messages ?? []) {
        told(JSON.parse(message.event));
        last = id;
      }
    } catch (error) {
      if (!signal.aborted) await later(error, signal);
    }
  }
}

/** The relay makes the stream when it starts, which may be after us. */
async function later(error, signal) {
  console.error(`report: tried again: ${error.message}`);
  await nap(500, signal);
}

/** Ends early where nobody waits any more. */
function nap(ms, signal) {
  return sleep(ms, undefined, { signal }).catch(() => {});
}
