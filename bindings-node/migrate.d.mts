export * from './migrate.js';
import * as migrate from './migrate.js';
export default migrate;
