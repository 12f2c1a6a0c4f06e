import migrate from './migrate.js';

export const {
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
} = migrate;
export default migrate;
