'use strict';

/** The native half. */
const { here, load } = require('./load');

module.exports = load(here());
