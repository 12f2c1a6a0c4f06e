'use strict';

// The limits step: before the old app sells, it takes the room from our caps. Then there is one authority over them,
// whoever sells, at any share of a canary.

const native = require('../native');
const { CURRENT } = require('./call');

const IN_FORCE = ['primary', 'done'];

/** What became of asking for room. `held` says whether the old app may sell. */
class Room {
  #limits;

  constructor(limits, key, held, reserved, why) {
    this.#limits = limits;
    this.key = key;
    this.held = held;
    /** Whether there is a reservation of this key. */
    this.reserved = reserved;
    /** What is in the way, as `reserveExternal` says it. */
    this.why = why;
  }

  /** It was sold. */
  confirm() {
    this.#limits.close(this, true);
  }

  /** It was not. */
  release() {
    this.#limits.close(this, false);
  }
}

class Limits {
  constructor(migration, name, engine) {
    Object.assign(this, { migration, name, engine, stage: ['off', 10_000], killed: false });
    this.counts = { calls: 0, held: 0, refused: 0, wouldRefuse: 0, confirmed: 0, released: 0, failures: 0 };
  }

  setStage(name, share) {
    this.stage = [name, share];
  }

  settle() {
    this.killed = this.migration.killed;
  }

  /** Whether every sale of the old app has room, or is not made. */
  get inForce() {
    return IN_FORCE.includes(this.stage[0]) && !this.killed;
  }

  room(contract, key, options) {
    if (this.killed || this.stage[0] === 'off') return new Room(this, key, true, false, null);
    const call = CURRENT.getStore();
    this.counts.calls += 1;
    let answer;
    try {
      answer = this.engine.reserveExternal(contract, key, options);
    } catch {
      // The old app sold before there were any limits of ours, and goes on when they cannot be asked.
      this.counts.failures += 1;
      return new Room(this, key, true, false, null);
    }
    // The same key twice is the same room.
    if (answer.state === 'held' || answer.state === 'confirmed') {
      this.counts.held += 1;
      call?.rooms.set(contract, key);
      return new Room(this, key, true, true, null);
    }
    const binds = this.#binds(call?.key ?? key);
    this.counts[binds ? 'refused' : 'wouldRefuse'] += 1;
    return new Room(this, key, !binds, false, answer.why ?? null);
  }

  #binds(key) {
    const [name, share] = this.stage;
    if (IN_FORCE.includes(name)) return true;
    return name === 'canary' && native.bucket(this.migration.name, this.name, String(key)) < share;
  }

  close(room, sold) {
    if (!room.reserved) return;
    room.reserved = false;
    try {
      if (sold) this.engine.confirmExternal(room.key);
      else this.engine.releaseExternal(room.key);
      this.counts[sold ? 'confirmed' : 'released'] += 1;
    } catch {
      // What was sold was sold; a reservation that nobody closes is over with its hold.
      this.counts.failures += 1;
    }
  }

  counters() {
    return { ...this.counts };
  }
}

module.exports = { Limits, Room };
