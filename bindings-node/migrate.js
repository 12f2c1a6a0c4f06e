'use strict';

const { Call, current } = require('./lib/migrate/call');
const { inWorker } = require('./lib/migrate/elsewhere');
const { MigrationError, Mismatch, ReadOnlyError } = require('./lib/migrate/errors');
const { Room } = require('./lib/migrate/limits');
const { Migration } = require('./lib/migrate/migration');
const { killedByEnv, killedByFile, stageFromEnv, stageFromFile, stageFromOpenFeature } = require('./lib/migrate/source');
const { Args } = require('./lib/migrate/step');

module.exports = {
  Args,
  Call,
  Migration,
  MigrationError,
  Mismatch,
  ReadOnlyError,
  Room,
  current,
  inWorker,
  killedByEnv,
  killedByFile,
  stageFromEnv,
  stageFromFile,
  stageFromOpenFeature,
};
