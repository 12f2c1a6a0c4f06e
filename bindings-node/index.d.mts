export * from './index.js';
import * as leadwright from './index.js';
export default leadwright;
