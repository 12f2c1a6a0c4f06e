'use strict';

/** The native half, next to this package. */
function load() {
  try {
    return require('../leadwright.node');
  } catch (cause) {
    const hint = 'in a checkout, `cargo xtask bindings` builds it';
    throw new Error(`leadwright.node cannot be loaded (${process.platform}, ${process.arch}); ${hint}`, { cause });
  }
}

module.exports = load();
