'use strict';

const native = require('./native');
const { signalOf, unlessAborted } = require('./abort');
const { innerBuyers, secretsOf } = require('./buyers');
const { decideBatch, prepareBatch, settleBatch } = require('./batch');
const { Decision, decision } = require('./decision');
const { call, translated } = require('./errors');
const { Subscription } = require('./events');
const { innerList } = require('./lists');
const { bytesOf, listed, millis, options, textOf } = require('./options');
const { filePath, inner } = require('./plan');
const { Queue } = require('./queue');
const values = require('./values');

/** So many decisions are replayed at a time. */
const PAGE = 1000;

/** Where a store is: a path, or the URL of a database. */
function placeOf(store) {
  const isDatabase = store instanceof URL && ['postgres:', 'postgresql:'].includes(store.protocol);
  return isDatabase ? store.href : filePath(store);
}

/** The keys of a store in their order. An id begins with a letter, so that JavaScript keeps the order of an object's members. */
function hostKeys(keys) {
  if (keys === undefined || keys === null) return undefined;
  if (typeof keys !== 'object') throw new TypeError('keys are an object of ids and bytes');
  return Object.entries(keys).map(([id, key]) => {
    if (!(key instanceof Uint8Array)) throw new TypeError('a key is a Buffer or a Uint8Array of 32 bytes');
    return { id, key };
  });
}

/** How a batch is decided or prepared. */
function batch(given) {
  const { threads = 1, signal, ...rest } = options(given, 'now', 'seed', 'threads', 'signal');
  if (!Number.isSafeInteger(threads) || threads < 1) throw new TypeError('`threads` is a whole number from 1');
  return { ...tick(rest), threads: Math.min(threads, 1024), signal: signalOf(signal) };
}

/** Golden vectors pin what decisions say about the engine. */
const VERSION = Symbol.for('leadwright.version');

/**
 * Decides leads by a plan and records them in a store.
 *
 * `store` is the path of a SQLite file, made when it is not there, or a PostgreSQL database (`postgres://…`); without it
 * decisions are kept in memory. `lists` are
 * those that the plan keeps outside of itself: until one is given, nobody is sold whom it could hold. With `keys`, all that
 * is about a person is encrypted in the file.
 */
class Engine {
  #native;
  #queue;
  #tenant;

  constructor(plan, given) {
    const told = options(given, 'store', 'tenant', 'relaxed', 'keys', 'lists');
    const path = told.store === undefined || told.store === null ? undefined : placeOf(told.store);
    const { tenant = 'main', relaxed = false, [VERSION]: version } = told;
    const of = inner(plan);
    const keys = hostKeys(told.keys);
    if (keys && path === undefined) throw new TypeError('keys are for a store in a file: there is no `store`');
    this.#tenant = String(tenant);
    this.#native = call(() => new native.Engine(of, path, this.#tenant, Boolean(relaxed), keys, version));
    for (const [name, list] of Object.entries(told.lists ?? {})) this.setList(name, list);
    this.#queue = new Queue(this.#native.share());
  }

  /**
   * Decides one lead and records the decision. Calls of one turn of the event loop share a transaction.
   *
   * A bad lead is no error: its outcome is `rejected`, and its problems say why. A `signal` that aborts before the
   * transaction begins takes the lead back; after it the promise is rejected all the same, and the decision may be recorded.
   */
  async decide(lead, given) {
    const { signal, ...rest } = options(given, 'now', 'seed', 'signal');
    const [{ now, seed }, until] = [tick(rest), signalOf(signal)];
    const text = values.lead(lead);
    call(() => this.#native.checkOpen());
    // Bytes are copied: who gave them may write into them before they are read.
    return this.#queue.add(typeof text === 'string' ? text : Uint8Array.from(text), now, seed, until);
  }

  /** The same at once, on this thread. */
  decideSync(lead, given) {
    return this.#now(lead, given, false);
  }

  /** Decides against the state of the store, and writes nothing. */
  dryRun(lead, given) {
    return this.#now(lead, given, true);
  }

  #now(lead, given, dry) {
    const { now, seed } = tick(options(given, 'now', 'seed'));
    const text = values.lead(lead);
    return decision(call(() => this.#native.decide(text, now, seed, dry)));
  }

  /** Decides JSON Lines, or any iterable of leads, in their order and off the event loop. */
  async decideBatch(leads, given) {
    return decideBatch(this.#native, leads, batch(given));
  }

  /**
   * The half of `decideBatch` that needs no state, for a machine that does not settle: a row of bytes for each lead, for
   * `settleBatch` of an engine with the same plan, tenant and version. Rows hold the lead: personal data.
   */
  async prepareBatch(leads, given) {
    return prepareBatch(this.#native, leads, batch(given));
  }

  /** Settles what `prepareBatch` gave, in the order of the rows: the same bytes as `decideBatch` of the leads. */
  async settleBatch(rows, given) {
    const { line = 1, signal } = options(given, 'line', 'signal');
    if (!Number.isSafeInteger(line) || line < 1 || line > 0xffff_ffff) throw new TypeError('`line` is a whole number from 1');
    return settleBatch(this.#native, rows, { line, signal: signalOf(signal) });
  }

  /**
   * Does what operations say beside the plan, at once and without a new plan: `override`, `clear`, `funds`, `revoke` or
   * `restore`. Answers with the events that were written into the log.
   */
  operate(operation, given) {
    const { now } = options(given, 'now');
    const text = said(operation);
    return JSON.parse(call(() => this.#native.operate(text, millis(now))));
  }

  /**
   * Takes down what another system did with a lead, so that caps, duplicates, turns and reports count it. `seen` has
   * `outcome`, the `sales` of one that is `assigned`, and where that is not now, `at`; with `compare` it is also answered what
   * would have been decided here. The same again changes nothing.
   */
  observe(lead, seen, given) {
    const { now, seed } = tick(options(given, 'now', 'seed'));
    const [text, what] = [values.lead(lead), said(seen)];
    const { told, ours } = call(() => this.#native.observe(text, what, now, seed));
    return { told: decision(told), ours: ours ? decision(ours) : null };
  }

  /**
   * Takes room from the limits of a contract before another system sells. `state` is `held` where there is any; else it is
   * missing, and `why` says what is in the way. What is not confirmed within `hold` (`15m`) is given back.
   */
  reserveExternal(contract, key, given) {
    const names = ['source', 'sub_id', 'vertical', 'group', 'price', 'hold'];
    const { now, ...rest } = options(given, 'now', ...names);
    return JSON.parse(call(() => this.#native.reserveExternal(values.told({ contract, key, ...rest }), millis(now))));
  }

  /** What was reserved under this key is sold. One whose time is over takes its room anew, where there is any. */
  confirmExternal(key, given) {
    const { now } = options(given, 'now');
    return JSON.parse(call(() => this.#native.confirmExternal(String(key), millis(now))));
  }

  /** Gives back what was reserved under this key; `null` where nothing was. */
  releaseExternal(key, given) {
    const { now } = options(given, 'now');
    return JSON.parse(call(() => this.#native.releaseExternal(String(key), millis(now))));
  }

  /**
   * Leads, sales and money, a row for each `day`, `hour`, `source`, `contract` and `outcome` that is asked for, from sums
   * that are kept with every decision. `from` and `to` are the first and the last day.
   */
  report(given) {
    const { by = ['day'], ...rest } = options(given, 'by', 'from', 'to', 'source', 'contract', 'outcome');
    return JSON.parse(call(() => this.#native.report(values.told({ by: listed(by), ...rest }))));
  }

  /**
   * What a buyer owes (`buyer:acme`) or a supplier is owed (`supplier:web`): a closed statement by its number `n`, or the
   * days `from` to `to`, which are the open period when they are absent.
   */
  statement(party, given) {
    const days = options(given, 'n', 'from', 'to');
    return JSON.parse(call(() => this.#native.statement(values.told({ party, ...days }))));
  }

  /** The closed statements of a party, or of all. Close one with `operate`: `{ op: 'close', … }`. */
  statements(party) {
    return JSON.parse(call(() => this.#native.statements(textOf('party', party))));
  }

  /** What every account of the money ledger stands at. */
  balances() {
    return JSON.parse(call(() => this.#native.balances()));
  }

  /**
   * Erases the leads of a person who asked for it, named by `phone`, `email` or `lead`, with `by` and `reason`. Digests still
   * verify. It reads the whole log.
   */
  forget(person, given) {
    const { now } = options(given, 'now');
    const text = said(person);
    return JSON.parse(call(() => this.#native.forget(text, millis(now))));
  }

  /**
   * The error ledger: every problem that leads had, once, with shapes and never values. Say `acknowledge` or `resolve` with
   * `operate`.
   */
  errors() {
    return JSON.parse(call(() => this.#native.errors()));
  }

  /**
   * Decides again the leads with this problem that were not sold: `was`, `before`, `now`, and `decided` where a new decision
   * was recorded. Unless `dry` is false nothing is recorded.
   */
  retry(problem, given) {
    const { dry = true, ...rest } = options(given, 'dry', 'now', 'seed');
    const { now, seed } = tick(rest);
    return JSON.parse(call(() => this.#native.retry(String(problem), now, seed, Boolean(dry))));
  }

  /**
   * Hands out leads to send, `limit` (16) at most, each to nobody else for `hold` (`60s`), to every buyer in turn. Send each
   * with its `key`, and say with `delivered` how it ended. What nobody reports in time becomes `unknown`: it is kept, and sent
   * again only where `policy` says of its contract that `no_answer` is `retry`.
   */
  claim(worker, given) {
    const { now, ...rest } = options(given, 'now', 'limit', 'hold', 'policy', 'posts');
    return JSON.parse(call(() => this.#native.claim(values.told({ worker, ...rest }), millis(now))));
  }

  /**
   * Says how an attempt ended: by its class, or with `class`, `status` and `retry_after` in seconds. Answers what becomes of
   * the delivery. An error `delivery.fenced` says that somebody else has it now.
   */
  delivered(id, outcome, given) {
    const { now, policy } = options(given, 'now', 'policy');
    const ended = { ...(typeof outcome === 'string' ? { class: outcome } : outcome), ...(policy && { policy }) };
    return JSON.parse(call(() => this.#native.delivered(String(id), values.told(ended), millis(now))));
  }

  /**
   * Sends what was sold to its buyers, as `post` and `endpoints` of the plan say, and reports how it ended, until `signal`
   * aborts, or with `untilEmpty` until nothing is due any more. It works in threads of its own; what is on its way when it ends
   * is waited for. Answers how many attempts `ended` in which class. An abort is how it ends, and no error.
   */
  async runDelivery(given) {
    const told = options(given, 'workers', 'secrets', 'allow', 'signal', 'untilEmpty', 'worker');
    const { workers = 16, secrets = {}, allow = [], untilEmpty = false, worker = 'leadwright' } = told;
    const signal = signalOf(told.signal);
    if (!Number.isSafeInteger(workers) || workers < 1) throw new TypeError('`workers` is a whole number from 1');
    // Threads are named after it.
    if (String(worker).includes('\0')) throw new TypeError('`worker` is a name, and has no zero byte');
    const stop = new native.Stop();
    const onAbort = () => stop.set();
    if (signal?.aborted) stop.set();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const known = secretsOf(secrets);
      return JSON.parse(
        await this.#native.runDelivery(workers, known, listed(allow, String), Boolean(untilEmpty), String(worker), stop),
      );
    } catch (error) {
      throw translated(error);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Decides a lead and places it while its supplier waits, for `within` milliseconds at most: contracts that bid are asked, the
   * lead is posted to who won, and to the next one where it refuses. `ended` is `sold`, why not, or `pending`: it is kept safe
   * then, and the outbox delivers it.
   */
  async submit(lead, buyers, given) {
    return this.#ask('submit', lead, buyers, { within: 2000, ...given });
  }

  /** What the supplier of this lead would get, of which there may be only a part: a `bid`, and the `ping_id` for `post`. */
  async ping(lead, buyers, given) {
    return this.#ask('ping', lead, buyers, { within: 800, ...given });
  }

  /** As `submit`, for a lead with the `ping_id` of a `ping`: its supplier gets what was bid, or the lead is not taken. */
  async post(lead, buyers, given) {
    return this.#ask('post', lead, buyers, { within: 2000, ...given });
  }

  async #ask(asking, lead, buyers, given) {
    const { within, signal, ...rest } = options(given, 'within', 'now', 'seed', 'signal');
    const [{ now, seed }, until] = [tick(rest), signalOf(signal)];
    if (!(within > 0 && within <= 3_600_000)) throw new RangeError('`within` is more than 0 and at most 3600000 milliseconds');
    const inner = innerBuyers(buyers);
    try {
      const text = values.lead(lead);
      return JSON.parse(await unlessAborted(until, () => this.#native.ask(asking, inner, text, Math.round(within), now, seed)));
    } catch (error) {
      throw translated(error);
    }
  }

  /**
   * The request that carries a lead which `claim` handed out, for a client of your own: `method`, `url`, `headers`, `body`,
   * `wait_ms`. Where there is none, `class` is what to report and `says` is why.
   */
  requestOf(sending, given) {
    const { secrets = {}, now } = options(given, 'secrets', 'now');
    const known = secretsOf(secrets);
    return JSON.parse(call(() => this.#native.requestOf(values.told(sending), known, millis(now))));
  }

  /** What `delivered` is to be told of a lead that was answered so, by the table of its endpoint. */
  outcomeOf(sending, answered, given) {
    const { now } = options(given, 'now');
    const { status, headers = {}, body = '', tookMs } = answered;
    const pairs = typeof headers[Symbol.iterator] === 'function' ? listed(headers) : Object.entries(headers);
    const told = {
      status: Number(status),
      headers: pairs.map(([name, value]) => [String(name), String(value)]),
      body: bytesOf(body),
      tookMs: tookMs === undefined || tookMs === null ? undefined : Number(tookMs),
    };
    return JSON.parse(call(() => this.#native.outcomeOf(values.told(sending), told, millis(now))));
  }

  /** How much is still to be delivered, by buyer and state, and since when the oldest is. */
  outbox() {
    return JSON.parse(call(() => this.#native.outbox()));
  }

  /** Where the breaker of each buyer stands that was ever delivered to, and when it tries again. */
  breakers(given) {
    const { now } = options(given, 'now');
    return JSON.parse(call(() => this.#native.breakers(millis(now))));
  }

  /** The deliveries in a state, with their attempts; without one all that are not done. Dead letters are the `dead` ones. */
  *deliveries(state) {
    let after = 0;
    while (true) {
      const page = JSON.parse(call(() => this.#native.deliveries(textOf('state', state), after, PAGE)));
      if (page.length === 0) return;
      for (const row of page) {
        after = row.position;
        yield row;
      }
    }
  }

  /** One delivery by its key, with its attempts; `null` where there is none. */
  delivery(key) {
    return JSON.parse(call(() => this.#native.delivery(String(key))));
  }

  /**
   * Lets deliveries that were given up be tried again, to the same buyers under the same keys: the one of a `key`, or those
   * of a `buyer`, a `contract`, or that were given up for this reason (`why`); `limit` (100) at most. With `unknown` those of
   * which nobody knows whether the buyer has them. With `dry_run` it only says which.
   */
  redrive(which, given) {
    const { now } = options(given, 'now');
    const text = said(which);
    return JSON.parse(call(() => this.#native.redrive(text, millis(now))));
  }

  /** The leads that wait, in the order in which they came. */
  *queue() {
    let after = 0;
    while (true) {
      const page = JSON.parse(call(() => this.#native.queue(after, PAGE)));
      if (page.length === 0) return;
      for (const [place, row] of page) {
        after = place;
        yield row;
      }
    }
  }

  /**
   * Looks at up to `most` leads whose time has come, the oldest first, and answers with those that were decided. Nothing
   * calls it but you: every minute or so, from as many processes as you like.
   */
  workQueue(given) {
    const { most = 256, ...rest } = options(given, 'now', 'seed', 'most');
    if (!Number.isSafeInteger(most) || most < 1) throw new TypeError('`most` is a whole number from 1');
    const { now, seed } = tick(rest);
    return call(() => this.#native.workQueue(now, seed, Math.min(most, 100_000))).map(decision);
  }

  /** Decides a lead that waits, because somebody says so: `do` is `release`, `fix` or `drop`. */
  release(which, given) {
    const { now, seed } = tick(options(given, 'now', 'seed'));
    const text = said(which);
    return decision(call(() => this.#native.release(text, now, seed)));
  }

  /** What operations have changed beside the plan of now, and what is to be done about each. */
  drift(given) {
    const { now } = options(given, 'now');
    return JSON.parse(call(() => this.#native.drift(millis(now))));
  }

  /**
   * What this engine did in this process: decisions by outcome, problems and failures by code, and how long transactions
   * took. Nothing in it comes from a lead.
   */
  metrics() {
    return JSON.parse(call(() => this.#native.metrics()));
  }

  /** The same as the text that Prometheus scrapes, of the content type `text/plain; version=0.0.4`. */
  prometheus() {
    return call(() => this.#native.prometheus());
  }

  /**
   * Why each contract of the route did or did not get the lead: the decision, `entries` for all, `near`, `sales` with who
   * came next, and `decisive`, the limits without which somebody would have had the lead.
   */
  explain(of, given) {
    const { all = false, contract } = options(given, 'all', 'contract');
    return JSON.parse(call(() => this.#native.explain(idOf(of), Boolean(all), textOf('contract', contract))));
  }

  /** What would become of a lead now, on the state of the store, and why; nothing is recorded. */
  explainLead(lead, given) {
    const { all = false, contract, ...rest } = options(given, 'now', 'seed', 'all', 'contract');
    const { now, seed } = tick(rest);
    const text = values.lead(lead);
    return JSON.parse(call(() => this.#native.explainLead(text, now, seed, Boolean(all), textOf('contract', contract))));
  }

  /** Decides again what was decided, one decision or all: its id, and whether it is the same to the byte. */
  *replay(of) {
    const one = of === undefined ? undefined : idOf(of);
    let after = 0;
    while (true) {
      const page = call(() => this.#native.replay(one, after, PAGE));
      for (const { id, same } of page) yield { id, same };
      if (one !== undefined || page.length === 0) return;
      after = page.at(-1).seq;
    }
  }

  /**
   * Reads the events under a name, of some types or all, from where its cursor is. A new name begins at the `start`, `now`,
   * or at the event of a position.
   */
  subscribe(name, given) {
    const { types = [], start = 'start' } = options(given, 'types', 'start');
    const kinds = typeof types === 'string' ? [types] : listed(types, String);
    const native = call(() => this.#native.subscribe(String(name), kinds, String(start)));
    return new Subscription(this, native, String(name));
  }

  /** Who reads the events, and how many events each is `behind`. */
  subscribers() {
    return JSON.parse(call(() => this.#native.subscribers()));
  }

  /** Forgets a subscriber and its cursor; whether there was one. */
  unsubscribe(name) {
    return call(() => this.#native.unsubscribe(String(name)));
  }

  /**
   * Gives the engine a list that its plan keeps outside of it, or a newer state of one that it has. Leads that come from
   * now on are looked up in it.
   */
  setList(name, list) {
    const of = innerList(list);
    call(() => this.#native.setList(String(name), of));
  }

  /** Decides by another plan from now on; counters and turns go on. */
  swap(plan) {
    const of = inner(plan);
    call(() => this.#native.swap(of));
  }

  /** The hash of the plan that is decided by now. */
  get planHash() {
    return call(() => this.#native.planHash());
  }

  /** What `console.log` shows: no place of a store, as the address of a database may hold a password. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    try {
      return `<Engine ${this.#tenant} ${this.planHash}>`;
    } catch {
      return `<Engine ${this.#tenant} closed>`;
    }
  }

  /** Closes the store. Calls after it fail with `engine.closed`; those before it are decided, then it resolves. */
  async close() {
    call(() => this.#native.close());
    await this.#queue.close();
  }

  async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    await this.close();
  }

  [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() {
    this.close();
  }
}

/** The time and the seed of a call. */
function tick({ now, seed = 0 }) {
  if (typeof seed !== 'number') throw new TypeError('`seed` is a number');
  return { now: millis(now), seed };
}

/** What is said about leads, as JSON. */
function said(what) {
  return typeof what === 'string' ? values.wellFormed(what) : values.told(what);
}

function idOf(decision) {
  if (typeof decision === 'string') return decision;
  if (decision instanceof Decision) return decision.id;
  throw new TypeError('a decision is given by its id, or as it was answered');
}

module.exports = { Engine };
