'use strict';

/** Who was asked has not answered in time. */
class Late extends Error {}

/** Something of this class was thrown on another thread. */
class Elsewhere extends Error {
  constructor(raised) {
    super(raised);
    this.raised = String(raised);
  }
}

/** The class of what was thrown; never what it says. */
function nameOf(error) {
  try {
    if (error instanceof Elsewhere) return error.raised;
    const name = error instanceof Error ? error.constructor.name : typeof error;
    return typeof name === 'string' && name !== '' ? name : 'Error';
  } catch {
    return 'Error';
  }
}

/** What one side said: a value, or the class of what it threw, or nothing in time. */
class Said {
  constructor(ns, { value, raised, late = false }) {
    this.ns = Math.round(ns);
    this.value = value;
    this.raised = raised;
    this.late = late;
  }

  get failed() {
    return this.late || this.raised !== undefined;
  }

  /** As the ledger takes it; `write` makes JSON of a value. */
  json(write) {
    if (this.late) return '{"timeout":true}';
    if (this.raised !== undefined) return `{"raised":${JSON.stringify(this.raised)}}`;
    return `{"value":${write(this.value)}}`;
  }
}

module.exports = { Elsewhere, Late, Said, nameOf };
