'use strict';

const { LeadwrightError } = require('../errors');

/** A migration that is put together wrongly, or a stage that it may not have yet. */
class MigrationError extends LeadwrightError {}

/** A candidate tried to write while the legacy answers. */
class ReadOnlyError extends LeadwrightError {}

/** In the stage `verify`, where it was asked for: legacy and candidate differ. Says where and how, never what. */
class Mismatch extends LeadwrightError {}

module.exports = { MigrationError, Mismatch, ReadOnlyError };
