'use strict';

const native = require('./lib/native');
const { Decision, LineError } = require('./lib/decision');
const { Engine } = require('./lib/engine');
const errors = require('./lib/errors');
const { Plan } = require('./lib/plan');
const {
  Address,
  FieldCheck,
  Validation,
  canonicalizeAddress,
  canonicalizeAddresses,
  checkField,
  validate,
} = require('./lib/pure');

module.exports = {
  Address,
  Decision,
  Engine,
  EngineError: errors.EngineError,
  FieldCheck,
  InputError: errors.InputError,
  InternalError: errors.InternalError,
  LeadwrightError: errors.LeadwrightError,
  LineError,
  Plan,
  PlanError: errors.PlanError,
  ReplayError: errors.ReplayError,
  StoreError: errors.StoreError,
  Validation,
  canonicalizeAddress,
  canonicalizeAddresses,
  checkField,
  validate,
  version: native.VERSION,
};
