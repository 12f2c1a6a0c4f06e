import leadwright from './index.js';

export const {
  Address,
  Decision,
  Engine,
  EngineError,
  FieldCheck,
  InputError,
  InternalError,
  LeadwrightError,
  LineError,
  Plan,
  PlanError,
  ReplayError,
  StoreError,
  Validation,
  canonicalizeAddress,
  canonicalizeAddresses,
  checkField,
  validate,
  version,
} = leadwright;
export default leadwright;
