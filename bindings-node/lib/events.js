'use strict';

const { setTimeout: nap } = require('node:timers/promises');
const { signalOf } = require('./abort');
const { Json } = require('./answer');
const { call, translated } = require('./errors');
const { options } = require('./options');

/** So many events are read at once by iterators. */
const PAGE = 256;

/** So long they wait at the end of the log before they look again, in milliseconds. */
const NAP = 100;

/** A CloudEvent of version 1.0. It names nobody. */
class Event extends Json {
  constructor(bytes, position) {
    super(bytes);
    this.position = position;
  }

  summary() {
    return `${this.position} ${this.type} ${this.subject}`;
  }
}

Json.reads(
  Event,
  ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema', 'sequence'],
  ...['partitionkey', 'data'],
);

/**
 * Somebody who reads the events under a name, each at least once and in the order of the log.
 *
 * What was not acknowledged comes again when somebody subscribes under the name anew; whoever read under it before gets
 * `events.fenced` then.
 */
class Subscription {
  #native;
  #name;
  /** Its events come from the engine's store, which is open as long as the engine is. */
  #engine;
  /** Events that an iterator has read and nobody has worked off. */
  #ready = [];

  constructor(engine, native, name) {
    this.#engine = engine;
    this.#native = native;
    this.#name = name;
  }

  /** Its name. */
  get name() {
    return this.#name;
  }

  /** Up to `limit` events after those that were handed out before; none when there are none now. */
  async poll(limit = 100) {
    if (!Number.isSafeInteger(limit) || limit < 0) throw new TypeError('`limit` is a whole number');
    const page = this.#ready.splice(0, limit);
    if (page.length < limit) page.push(...(await this.#read(Math.min(limit - page.length, 0xffffffff))));
    return page;
  }

  /** Says that everything up to an event, or a position, is worked off. */
  async ack(event) {
    const position = event instanceof Event ? event.position : event;
    if (!Number.isSafeInteger(position) || position < 0) throw new TypeError('an event, or its position');
    await settled(() => this.#native.ack(position));
  }

  /** Reads on from `start`, `now` or the event of a position: the way to read again what was worked off. */
  async seek(start) {
    await settled(() => this.#native.seek(String(start)));
    this.#ready = [];
  }

  /**
   * Events as they come, waiting for more; ends when none came for `timeout` milliseconds, and fails with the reason of a
   * `signal`.
   *
   * An event is acknowledged when the next one is asked for: one on which the loop was left comes again. Each is then a
   * transaction of its own; where many are worked off together, `poll` and one `ack` cost less.
   */
  async *follow(given) {
    const { signal: asked, timeout = Infinity } = options(given, 'signal', 'timeout');
    const signal = signalOf(asked);
    if (typeof timeout !== 'number' || !(timeout >= 0)) throw new TypeError('`timeout` is milliseconds');
    let waited = 0;
    while (true) {
      signal?.throwIfAborted();
      if (this.#ready.length === 0) this.#ready = await this.#read(PAGE);
      while (this.#ready.length > 0) {
        signal?.throwIfAborted();
        waited = 0;
        const [event] = this.#ready;
        yield event;
        await this.ack(event);
        // Meanwhile it may have been polled, or the cursor set elsewhere.
        if (this.#ready[0] === event) this.#ready.shift();
      }
      if (waited >= timeout) return;
      const rest = Math.min(NAP, timeout - waited);
      await nap(rest, undefined, { signal }).catch(() => signal.throwIfAborted());
      waited += rest;
    }
  }

  [Symbol.asyncIterator]() {
    return this.follow();
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `<Subscription ${this.#name}>`;
  }

  async #read(limit) {
    const { bytes, ends, positions } = await settled(() => this.#native.poll(limit));
    return Array.from(ends, (end, at) => new Event(bytes.subarray(ends[at - 1] ?? 0, end), positions[at]));
  }
}

/** What a promise of the native half comes to, with errors of the package. */
async function settled(work) {
  try {
    return await call(work);
  } catch (error) {
    throw translated(error);
  }
}

module.exports = { Event, Subscription };
