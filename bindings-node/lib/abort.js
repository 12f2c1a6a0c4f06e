'use strict';

/** A signal, checked: another thing would be found out only when it does not abort. */
function signalOf(signal) {
  if (signal === undefined || signal === null) return undefined;
  if (typeof signal.throwIfAborted === 'function' && typeof signal.addEventListener === 'function') return signal;
  throw new TypeError('`signal` is an AbortSignal');
}

/**
 * What a promise comes to, or the reason of a signal that aborts before. Work that cannot be taken back goes on then, and
 * nobody hears how it ended. `undo` takes back what can be.
 */
async function unlessAborted(signal, start, undo = () => {}) {
  if (signal === undefined) return start();
  signal.throwIfAborted();
  let onAbort;
  const abort = new Promise((_, reject) => {
    onAbort = () => {
      undo();
      reject(signal.reason);
    };
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([start(), abort]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

module.exports = { signalOf, unlessAborted };
