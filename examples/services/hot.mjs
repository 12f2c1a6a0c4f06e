// A cache of answers about decisions that may forget whatever it likes, and never answers otherwise than the store.
//
// An answer is kept with the position of the log at which it was made. Whatever changes an answer about a lead is an event
// with the lead as its `partitionkey`: so before an answer is given, the events since the last look are read, and one that
// is older than the last event about its lead is made anew.

/** Of so many leads the last event is known; what is kept about others from before that is not believed. */
const LEADS = 100_000;
/** So long answers are kept, in seconds. `store prune` is no event: let it be shorter than what you keep. */
const KEPT = 3_600;

export class Hot {
  #engine;
  #redis;
  #make;
  #name;
  #prefix;
  #events;
  #running;
  #next;
  /** By lead, the position of the last event; the leads in the order of these. */
  #last = new Map();
  /** What was made before this position is not believed. */
  #floor = 0;
  #position = 0;
  /** How many answers were kept ones, and how many were made. */
  hits = 0;
  made = 0;

  /**
   * `make` is called with an id and gives a text. `redis` has `get` and `set`; without it every answer is made anew.
   * `name` is that of a subscriber: each process has its own.
   */
  constructor({ engine, redis, make, name, prefix = 'leads' }) {
    this.#engine = engine;
    this.#redis = redis;
    this.#make = make;
    this.#name = name;
    this.#prefix = prefix;
  }

  async read(id) {
    if (!this.#redis) return this.#make(id);
    const at = await this.#catchUp();
    const key = `${this.#prefix}:${id}`;
    // A cache that is away is one that has forgotten.
    const kept = await this.#redis.get(key).catch(() => null);
    if (kept) {
      const end = kept.indexOf(' ');
      const made = Number(kept.slice(0, end));
      if (made >= this.#floor && made >= (this.#last.get(leadOf(id)) ?? 0)) {
        this.hits += 1;
        return kept.slice(end + 1);
      }
    }
    this.made += 1;
    const text = this.#make(id);
    await this.#redis.set(key, `${at} ${text}`, { EX: KEPT }).catch(() => {});
    return text;
  }

  /** Reads the events up to the end of the log. One look runs; all who come meanwhile share the next one. */
  #catchUp() {
    if (!this.#running) {
      this.#running = this.#read().finally(() => (this.#running = undefined));
      return this.#running;
    }
    this.#next ??= this.#running.catch(() => {}).then(() => {
      this.#next = undefined;
      return this.#catchUp();
    });
    return this.#next;
  }

  async #read() {
    this.#events ??= await this.#begin();
    for (;;) {
      const page = await this.#events.poll(500);
      for (const event of page) this.#heard(event);
      if (page.length < 500) return this.#position;
      await this.#events.ack(page.at(-1));
    }
  }

  async #begin() {
    const events = this.#engine.subscribe(this.#name);
    await events.seek('now');
    const { position } = this.#engine.subscribers().find(({ name }) => name === this.#name);
    this.#position = this.#floor = position;
    return events;
  }

  #heard({ position, type, partitionkey }) {
    this.#position = position;
    if (type === 'person.forgotten.v1') this.#floor = position; // It names no lead.
    this.#last.delete(partitionkey);
    this.#last.set(partitionkey, position);
    if (this.#last.size > LEADS) {
      const [lead, at] = this.#last.entries().next().value;
      this.#last.delete(lead);
      this.#floor = Math.max(this.#floor, at);
    }
  }
}

/** `web/L1.2` is a decision about `web/L1`. */
function leadOf(id) {
  return id.slice(0, id.lastIndexOf('.'));
}
