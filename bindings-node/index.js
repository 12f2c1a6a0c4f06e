'use strict';

const native = require('./lib/native');
const { Buyers } = require('./lib/buyers');
const { Decision, LineError } = require('./lib/decision');
const { Engine } = require('./lib/engine');
const { Event, Subscription } = require('./lib/events');
const errors = require('./lib/errors');
const { Plan } = require('./lib/plan');
const { Address, FieldCheck, canonicalizeAddress, canonicalizeAddresses, checkField, verifyWebhook } = require('./lib/pure');
const { SuppressionList } = require('./lib/lists');
const { Messages } = require('./lib/messages');
const { ValidatedLine, Validation, redactText, validate, validateMany } = require('./lib/validate');

module.exports = {
  Address,
  Buyers,
  Decision,
  Engine,
  EngineError: errors.EngineError,
  Event,
  EventsError: errors.EventsError,
  FieldCheck,
  InputError: errors.InputError,
  InternalError: errors.InternalError,
  LeadwrightError: errors.LeadwrightError,
  LineError,
  ListError: errors.ListError,
  Messages,
  ParityError: errors.ParityError,
  Plan,
  PlanError: errors.PlanError,
  OperationError: errors.OperationError,
  ReplayError: errors.ReplayError,
  StoreError: errors.StoreError,
  Subscription,
  SuppressionList,
  ValidatedLine,
  Validation,
  canonicalizeAddress,
  canonicalizeAddresses,
  checkField,
  redactText,
  validate,
  validateMany,
  verifyWebhook,
  version: native.VERSION,
};
