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
  ListError,
  Plan,
  PlanError,
  ReplayError,
  StoreError,
  SuppressionList,
  ValidatedLine,
  Validation,
  canonicalizeAddress,
  canonicalizeAddresses,
  checkField,
  redactText,
  validate,
  validateMany,
  version,
} = leadwright;
export default leadwright;
