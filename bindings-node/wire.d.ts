// Made by `cargo xtask generate` from the types of the core; do not edit.

/**
 * What leadwright writes, as JSON.parse reads it. Members that are not named here may come in a later version.
 * Amounts of money, dates and times are texts.
 *
 * @packageDocumentation
 */

/** The complete answer about one lead. Members are written in this order. */
export interface Decision {
  /** Who got it. */
  assignments: Assignment[];
  /** When: the effective time of the decision. */
  at: Timestamp;
  /** The canonical lead. Personal data. */
  canonical: { [name: string]: Value };
  /** What was changed. Personal data. */
  corrections: Correction[];
  /** SHA-256 over the members; 64 hex digits. */
  digest: string;
  /** Which engine decided. */
  engine: EngineVersion;
  /** `<source>/<lead>.<n>`. */
  id: DecisionId;
  /** The lead. */
  lead: LeadId;
  /** What the lists of the plan said, by name; those that could hold no value of the lead are left out. */
  lists?: { [name: string]: ListRead };
  /** The money. */
  money: DecisionMoney;
  /** What happens next, when nobody took it. */
  next?: Next;
  /** Whether another system decided, and this is what it did; absent where we decided. */
  observed?: boolean;
  /** What became of the lead. */
  outcome: Outcome;
  /** What operations had changed about contracts whose criteria were met, by contract and by what they set. */
  overrides?: { [name: string]: { [name: string]: Standing } };
  /** The decision that this one follows. */
  parent?: DecisionId;
  /** The plan's hash, `sha256:` and 64 hex digits. */
  plan: string;
  /** What was wrong with the lead. */
  problems: Problem[];
  /** How good the lead looks; absent where nothing speaks against it. */
  quality?: Quality;
  /** The seed. */
  seed: Seed;
  /** The channel it came through. */
  source: SourceId;
  /** Whose it is. */
  tenant: TenantId;
  /** Why. */
  trace: Trace;
  /** Version of this format. */
  v: 1;
}

/** This lead to this contract at this price. */
export interface Assignment {
  /** Who gets it. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** Through which group, `route/group`. */
  group: string;
  /** The delivery key, the same for every attempt: 64 hex digits. */
  key: string;
  /** What the buyer pays. */
  price: Money;
  /** Alone or with others. */
  sale: Sale;
  /** Where it stands. */
  state: AssignmentState;
}

/** Who receives leads and pays for them. */
export type BuyerId = string;

/** One purchase rule of a buyer. */
export type ContractId = string;

/** An amount in 1/10,000 of the currency unit; on the wire a string with 2 to 4 decimals. */
export type Money = string;

/**
 * One buyer alone, or several.
 *
 * - `exclusive`: One buyer only.
 * - `shared`: Several buyers.
 */
export type Sale =
  | 'exclusive'
  | 'shared';

/**
 * Where an assignment stands.
 *
 * - `reserved`: Cap and funds are held.
 * - `posting`: It is being sent.
 * - `accepted`: The buyer has it; a contract that the host delivers is here at once.
 * - `rejected`: The buyer refused it.
 * - `no_answer`: The buyer did not answer.
 * - `expired`: The hold ran out.
 * - `returned`: It came back.
 * - `adjusted`: Its price was changed later.
 */
export type AssignmentState =
  | 'reserved'
  | 'posting'
  | 'accepted'
  | 'rejected'
  | 'no_answer'
  | 'expired'
  | 'returned'
  | 'adjusted';

/** Milliseconds since 1970-01-01T00:00:00Z; on the wire RFC 3339 in UTC with three decimals. */
export type Timestamp = string;

/** A canonical value: money, dates and times are texts, numbers are whole. */
export type Value = boolean | number | string | Value[] | { [name: string]: Value };

/** A change that was made to a value. It holds the value, so it is personal data and redaction removes it. */
export interface Correction {
  /** Which change. */
  code: CorrectionCode;
  /** The text before. */
  from: string;
  /** Where: a JSON Pointer into the lead. */
  path: string;
  /** The text after. */
  to: string;
}

/** What can be changed about a value. A later version may have more. */
export type CorrectionCode =
  | 'address.city_alias'
  | 'address.city_from_zip'
  | 'address.city_standardized'
  | 'address.city_typo'
  | 'address.country_removed'
  | 'address.directional_standardized'
  | 'address.extra_removed'
  | 'address.number_zeros_removed'
  | 'address.parts_rearranged'
  | 'address.repeat_removed'
  | 'address.route_standardized'
  | 'address.state_from_zip'
  | 'address.state_standardized'
  | 'address.suffix_standardized'
  | 'address.suffix_typo'
  | 'address.unit_standardized'
  | 'address.zip_from_city'
  | 'address.zip_leading_zero'
  | 'address.zip_letter_o'
  | 'date.standardized'
  | 'domain.standardized'
  | 'email.host_repaired'
  | 'email.standardized'
  | 'enum.standardized'
  | 'field.default'
  | 'ip.standardized'
  | 'lead.fields_swapped'
  | 'lead.name_split'
  | 'leadid.standardized'
  | 'name.extra_removed'
  | 'name.recased'
  | 'name.reordered'
  | 'number.standardized'
  | 'phone.standardized'
  | 'state.standardized'
  | 'text.invisible_removed'
  | 'text.reencoded'
  | 'text.trimmed'
  | 'text.unescaped'
  | 'timestamp.standardized'
  | 'trustedform.standardized'
  | 'url.standardized'
  | 'uuid.standardized'
  | 'vehicle.make_standardized'
  | 'vin.standardized'
  | 'zip.leading_zero'
  | 'zip.standardized';

/** Which engine decided: the same bytes need the same engine. */
export interface EngineVersion {
  /** The version of its embedded data (ZIP codes, zones, phone metadata). */
  data: string;
  /** The version of the library. */
  version: string;
}

/** `<source>/<lead>.<n>`: the n-th decision about a lead, counted from 1. */
export type DecisionId = string;

/** A lead, unique within its tenant and source. */
export type LeadId = string;

/** What a list said about the lead (rule 75). */
export interface ListRead {
  /** How many entries it had, where that is known. */
  count?: number;
  /** Whether the lead is on it; none when it gave no answer. */
  hit?: boolean;
  /** Which state of the list was asked. */
  version?: string;
  /** Why it gave no answer. */
  why?: ListUnavailable;
}

/**
 * Why a list gave no answer.
 *
 * - `missing`: The engine was not given it.
 * - `empty`: It has no entries, and the plan does not say that this is right.
 * - `stale`: It is older than the plan allows.
 * - `unfit`: It holds something else than the plan says.
 * - `failed`: Reading it failed.
 */
export type ListUnavailable =
  | 'missing'
  | 'empty'
  | 'stale'
  | 'unfit'
  | 'failed';

/** The money of a decision; margin = revenue − payout. */
export interface DecisionMoney {
  /** The plan's currency. */
  currency: Currency;
  /** What stays. */
  margin: Money;
  /** What the source gets. */
  payout: Money;
  /** What buyers pay. */
  revenue: Money;
}

/** An ISO 4217 code: three capital letters. */
export type Currency = string;

/** What happens next to a lead that nobody took, or that waits. */
export interface Next {
  /** `retry`: it is decided again by itself. `hold`: somebody has to release it. `store`: it is kept, and that is all. */
  action: 'hold' | 'retry' | 'store';
  /** When it is decided again. */
  at?: Timestamp;
  /** Until when. */
  until?: Timestamp;
}

/**
 * What became of a lead in one decision; closed and never changed afterwards.
 *
 * - `rejected`: The lead itself is no good: a required field is missing or wrong.
 * - `duplicate`: The same person was here within the window.
 * - `suppressed`: The person is on a list of those who must not be sold, or such a list could not be asked.
 * - `assigned`: One or more contracts got it.
 * - `unmatched`: No contract's criteria were met.
 * - `unsold`: Some contracts' criteria were met, but none could take it.
 * - `queued`: It waits for a later try.
 * - `test`: A test lead: decided in full, nothing counted.
 */
export type Outcome =
  | 'rejected'
  | 'duplicate'
  | 'suppressed'
  | 'assigned'
  | 'unmatched'
  | 'unsold'
  | 'queued'
  | 'test';

/** An override as it stands: in the store, and in the decisions that it bore on. */
export interface Standing {
  /** Who said so. */
  by: string;
  /** Why. */
  reason: string;
  /** Since when. */
  since: Timestamp;
  /** Until when. */
  until?: Timestamp;
  /** What it sets: `paused`, `50`, `45.00`. */
  value: string;
}

/** Something about a lead's data. It never carries the value itself, only its shape. */
export interface Problem {
  /** What was done with the value. */
  action: Action;
  /** What it is. */
  code: ProblemCode;
  /** What would have been right. */
  expected?: string;
  /** Where: a JSON Pointer (RFC 6901) into the lead; empty for the lead as a whole. */
  path: string;
  /** How bad it is. */
  severity: Severity;
  /** The value's shape: digits as `9`, letters as `a` or `A`. Never the value. */
  shape?: string;
  /** Which bytes of the value. */
  span?: Span;
  /** A likely right value, where it says nothing about the person. */
  suggestion?: string;
}

/**
 * What was done with the value that has the problem.
 *
 * - `kept`: The value is used as it is.
 * - `fixed`: The value was repaired; the correction says how.
 * - `dropped`: The value is not used; the lead goes on without it.
 * - `held`: The lead waits for a person or a later try.
 * - `rejected`: The lead is refused because of it.
 */
export type Action =
  | 'kept'
  | 'fixed'
  | 'dropped'
  | 'held'
  | 'rejected';

/** What can be wrong with a lead. A later version may have more. */
export type ProblemCode =
  | 'address.city_unknown'
  | 'address.city_zip_mismatch'
  | 'address.foreign'
  | 'address.line_invalid'
  | 'address.missing'
  | 'address.no_house_number'
  | 'address.no_place'
  | 'address.no_street'
  | 'address.not_parsed'
  | 'address.part_missing'
  | 'address.placeholder'
  | 'address.postal_code_invalid'
  | 'address.state_unknown'
  | 'address.too_long'
  | 'address.unit_missing'
  | 'address.unparsed'
  | 'address.wrong_type'
  | 'address.zip_invalid'
  | 'address.zip_state_mismatch'
  | 'address.zip_unknown'
  | 'boolean.not_a_boolean'
  | 'consent.certificate_old'
  | 'consent.declined'
  | 'consent.missing'
  | 'consent.revoked'
  | 'consent.seller_not_named'
  | 'consent.too_old'
  | 'consent.unclear'
  | 'consent.unknown_text'
  | 'credit.not_a_band'
  | 'credit.not_a_score'
  | 'credit.score_out_of_range'
  | 'cross.age'
  | 'cross.all_same'
  | 'cross.area_code_state'
  | 'cross.in_future'
  | 'cross.ip_country'
  | 'date.ambiguous'
  | 'date.in_future'
  | 'date.not_a_date'
  | 'date.too_old'
  | 'date.too_young'
  | 'dedupe.duplicate'
  | 'domain.not_a_domain'
  | 'domain.public_suffix'
  | 'email.bad_domain'
  | 'email.bad_local'
  | 'email.disposable'
  | 'email.host_typo'
  | 'email.no_at'
  | 'email.role'
  | 'email.too_long'
  | 'enum.unknown'
  | 'field.missing'
  | 'field.unknown_kind'
  | 'field.unknown_option'
  | 'field.wrong_type'
  | 'input.bad_column'
  | 'input.line_too_long'
  | 'input.ragged_row'
  | 'ip.not_an_address'
  | 'ip.reserved'
  | 'json.duplicate_key'
  | 'json.empty_line'
  | 'json.invalid_utf8'
  | 'json.not_an_object'
  | 'json.syntax'
  | 'json.too_deep'
  | 'lead.bad_id'
  | 'lead.bad_reserved'
  | 'lead.clock_skew'
  | 'lead.dropped'
  | 'lead.field_twice'
  | 'lead.hold_expired'
  | 'lead.id_conflict'
  | 'lead.idempotency_key_reused'
  | 'lead.repair_not_allowed'
  | 'lead.repaired'
  | 'lead.repeated'
  | 'lead.source_missing'
  | 'lead.ssn_left_out'
  | 'lead.sub_id_blocked'
  | 'lead.suppressed'
  | 'lead.suppression_unavailable'
  | 'lead.test_answer'
  | 'lead.too_old'
  | 'lead.unknown_field'
  | 'lead.unknown_source'
  | 'lead.unknown_vertical'
  | 'lead.vertical_missing'
  | 'leadid.nil'
  | 'leadid.not_one'
  | 'limit.lead_bytes'
  | 'limit.lead_fields'
  | 'list.too_long'
  | 'money.negative'
  | 'name.company'
  | 'name.digits'
  | 'name.first_missing'
  | 'name.gibberish'
  | 'name.last_missing'
  | 'name.not_a_name'
  | 'name.placeholder'
  | 'name.placeholder_part'
  | 'name.test'
  | 'name.two_people'
  | 'number.not_a_number'
  | 'number.not_whole'
  | 'number.out_of_range'
  | 'number.percent_ambiguous'
  | 'number.range'
  | 'number.range_reversed'
  | 'number.too_large'
  | 'number.too_precise'
  | 'phone.fictitious'
  | 'phone.invalid'
  | 'phone.no_country'
  | 'phone.not_a_number'
  | 'phone.too_long'
  | 'phone.too_short'
  | 'phone.unknown_region'
  | 'ping.not_honoured'
  | 'record.unknown_member'
  | 'signal.gibberish'
  | 'signal.honeypot_filled'
  | 'signal.name_in_email'
  | 'signal.repeated_digits'
  | 'signal.sequential_digits'
  | 'signal.too_fast'
  | 'ssn.impossible'
  | 'ssn.not_last_four'
  | 'ssn.not_one'
  | 'state.unknown'
  | 'text.too_long'
  | 'timestamp.no_zone'
  | 'timestamp.not_one'
  | 'trustedform.aging'
  | 'trustedform.bad_name'
  | 'trustedform.expired'
  | 'trustedform.not_a_certificate'
  | 'trustedform.wrong_host'
  | 'url.bad_scheme'
  | 'url.has_password'
  | 'url.not_a_url'
  | 'user_agent.machine'
  | 'user_agent.not_one'
  | 'uuid.nil'
  | 'uuid.not_one'
  | 'vehicle.not_a_name'
  | 'vehicle.not_a_year'
  | 'vehicle.unknown_make'
  | 'vehicle.year_out_of_range'
  | 'vin.check_digit'
  | 'vin.not_one'
  | 'zip.not_a_zip'
  | 'zip.unassigned';

/**
 * How bad a problem is.
 *
 * - `info`: Worth knowing; nothing is wrong.
 * - `warn`: Probably wrong; the value is still used.
 * - `error`: Wrong; the value is not used.
 */
export type Severity =
  | 'info'
  | 'warn'
  | 'error';

/** A range of bytes in the text that a problem is about: `start` is the first, `end` one past the last. */
export interface Span {
  /** One past the last byte. */
  end: number;
  /** First byte. */
  start: number;
}

/** The score of a lead, made of signals. It refuses nobody by itself; criteria may ask about it as `quality`. */
export interface Quality {
  /** What the score is made of, the weightiest first; empty where nothing speaks against the lead, and where there is none. */
  reasons: QualityReason[];
  /** From 0 to 1000: 1000 where nothing speaks against the lead. */
  score: number;
}

/** A signal and what it adds to the score. */
export interface QualityReason {
  /** The signal. */
  code: ProblemCode;
  /** Its points: less than zero where it speaks against the lead. */
  points: number;
}

/** Where chance comes from: 0 to 2^53 − 1, so that every language holds it exactly. */
export type Seed = number;

/** The technical channel a lead came through. */
export type SourceId = string;

/** One customer of the host; the first part of every key in the store. */
export type TenantId = string;

/** Why the decision came out as it did. */
export interface Trace {
  /** Contracts whose criteria were met; `explain` adds all the others. */
  entries: TraceEntry[];
  /** How many contracts were left after each step. */
  funnel: Funnel;
  /** The groups that were asked, in order. */
  groups: TraceGroup[];
}

/** Why one contract did or did not get the lead. */
export interface TraceEntry {
  /** Which check decided: `where.homeowner`, `caps.contract.day`, … */
  check?: string;
  /** Why; `contract.sold` for one that got it. */
  code: ReasonCode;
  /** The contract. */
  contract: ContractId;
  /** What was found; for a field of the lead its shape only. */
  found?: string;
  /** Its group, `route/group`. */
  group: string;
  /** What was wanted. */
  wanted?: string;
}

/** Why a contract did or did not get a lead. A later version may have more. */
export type ReasonCode =
  | 'contract.bad_bid'
  | 'contract.bid_error'
  | 'contract.bid_expired'
  | 'contract.bid_timeout'
  | 'contract.breaker_open'
  | 'contract.buyer_has_it'
  | 'contract.call_window'
  | 'contract.caps'
  | 'contract.closed'
  | 'contract.consent'
  | 'contract.duplicate'
  | 'contract.floor'
  | 'contract.funds'
  | 'contract.margin'
  | 'contract.min_sales'
  | 'contract.never_with'
  | 'contract.no_bid'
  | 'contract.not_asked'
  | 'contract.outranked'
  | 'contract.pace'
  | 'contract.paused'
  | 'contract.previous_holder'
  | 'contract.rate'
  | 'contract.refused'
  | 'contract.repeats'
  | 'contract.sale_form'
  | 'contract.sold'
  | 'criteria.list_unavailable'
  | 'criteria.not_met'
  | 'criteria.unknown_missing_field';

/** How many contracts were left after each step. */
export interface Funnel {
  /** Contracts of the route. */
  considered: number;
  /** … with cap, funds and margin for it. */
  eligible: number;
  /** … whose criteria are met. */
  matched: number;
  /** … that are open and may take this lead (hours, sale, duplicates). */
  open: number;
  /** … that got it. */
  sold: number;
}

/** What a group did with the lead. */
export interface TraceGroup {
  /** What was heard of its contracts that were asked for bids. */
  auction?: TraceBid[];
  /** How many of its contracts could take the lead. */
  eligible: number;
  /** By revenue: the most for having it alone. */
  exclusive?: Money;
  /** `route/group`. */
  group: string;
  /** `greedy` when there were too many ways to sell it to look at all of them (rule 35). */
  search?: string;
  /** The selection method. */
  select: string;
  /** By revenue: the most for sharing it, all together. */
  shared?: Money;
  /** Who got it, in order. */
  took: ContractId[];
}

/** What was heard of a contract that was asked for a bid. */
export interface TraceBid {
  /** The contract. */
  contract: ContractId;
  /** What the buyer calls it. */
  id?: string;
  /** `bid`, `no_bid`, `late`, `timeout`, `error`, `not_sent`, `expired`, or `bad_bid.` and why. */
  is: string;
  /** The price; of what is no bid what it said. */
  price?: Money;
  /** To have the lead alone, or to share it. */
  sale: Sale;
  /** How long it took, in milliseconds. */
  took_ms: number;
  /** Until when a bid holds. */
  until?: Timestamp;
}

/** What the store says about a decision; not part of its bytes. */
export interface Receipt {
  /** How safe it is. */
  durability: Durability;
  /** The lead had been decided before: these are the bytes of then. */
  replayed: boolean;
  /** Position in the store's log; 0 when not recorded. */
  seq: number;
}

/**
 * How safe an acknowledged decision is.
 *
 * - `full`: On disk before the answer.
 * - `relaxed`: Committed, but a power cut may lose it.
 * - `memory`: Held in memory only.
 * - `none`: Not recorded: a dry run.
 */
export type Durability =
  | 'full'
  | 'relaxed'
  | 'memory'
  | 'none';

/** One thing that happened. `data` holds no personal data. */
export interface Event {
  /** When. */
  at: Timestamp;
  /** The rest, as canonical JSON text. */
  data: string;
  /** What. */
  kind: EventKind;
  /** About what. */
  subject: Subject;
  /** Whose. */
  tenant: TenantId;
}

/**
 * What happened.
 *
 * - `lead.decided.v1`: A decision was made and recorded.
 * - `lead.assigned.v1`: A contract got the lead.
 * - `lead.held.v1`: The lead waits: for a person, a list, an hour to call, or room.
 * - `lead.released.v1`: Somebody released, mended or dropped a lead that waited.
 * - `cap.exhausted.v1`: A cap has no room for another sale like this one.
 * - `cap.reserved.v1`: Another system took room from the limits of a contract before it sells.
 * - `cap.confirmed.v1`: What it reserved is sold.
 * - `cap.released.v1`: What it reserved was given back.
 * - `consent.revoked.v1`: Somebody took their consent back.
 * - `consent.restored.v1`: Somebody who had taken it back gave it anew.
 * - `override.set.v1`: Operations changed what holds for a contract, beside the plan.
 * - `override.cleared.v1`: Operations took such a change back.
 * - `funds.changed.v1`: Money was paid in for a buyer, or taken out.
 * - `lead.returned.v1`: A buyer gave a lead back.
 * - `sale.fell.v1`: A sale did not come about: the buyer does not have the lead.
 * - `sale.honored.v1`: A sale that fell came about after all: its buyer told late that it has the lead.
 * - `money.adjusted.v1`: Another amount is owed, for a reason that no lead gives.
 * - `statement.closed.v1`: A statement was closed: what it says does not change any more.
 * - `person.forgotten.v1`: The leads of somebody were erased, for they asked for it.
 * - `plan.activated.v1`: An engine began to decide by another plan than the one before.
 * - `problem.new.v1`: A problem that the error ledger did not have.
 * - `problem.regressed.v1`: A problem came again after somebody had resolved it.
 * - `problem.acknowledged.v1`: Somebody knows a problem, and it stays as it is.
 * - `problem.resolved.v1`: Somebody says that a problem will not come again.
 * - `delivery.attempted.v1`: Somebody is about to send a lead to its buyer.
 * - `delivery.accepted.v1`: The buyer has the lead.
 * - `delivery.rejected.v1`: An attempt ended, and the buyer did not get the lead by it.
 * - `delivery.unknown.v1`: Nobody knows how an attempt ended.
 * - `delivery.dead_lettered.v1`: A delivery was given up.
 * - `delivery.redriven.v1`: Somebody lets a delivery be tried again.
 * - `breaker.changed.v1`: The breaker of a buyer opened, tries again, or closed; or somebody said so.
 */
export type EventKind =
  | 'lead.decided.v1'
  | 'lead.assigned.v1'
  | 'lead.held.v1'
  | 'lead.released.v1'
  | 'cap.exhausted.v1'
  | 'cap.reserved.v1'
  | 'cap.confirmed.v1'
  | 'cap.released.v1'
  | 'consent.revoked.v1'
  | 'consent.restored.v1'
  | 'override.set.v1'
  | 'override.cleared.v1'
  | 'funds.changed.v1'
  | 'lead.returned.v1'
  | 'sale.fell.v1'
  | 'sale.honored.v1'
  | 'money.adjusted.v1'
  | 'statement.closed.v1'
  | 'person.forgotten.v1'
  | 'plan.activated.v1'
  | 'problem.new.v1'
  | 'problem.regressed.v1'
  | 'problem.acknowledged.v1'
  | 'problem.resolved.v1'
  | 'delivery.attempted.v1'
  | 'delivery.accepted.v1'
  | 'delivery.rejected.v1'
  | 'delivery.unknown.v1'
  | 'delivery.dead_lettered.v1'
  | 'delivery.redriven.v1'
  | 'breaker.changed.v1';

/** What an event is about: a decision, `contract:…`, `buyer:…`, `supplier:…`, `plan:…`, `problem:…`, or `person`. */
export type Subject = string;

/** An event as subscribers read it: a CloudEvent of version 1.0, structured. */
export type CloudEvent = LeadDecidedEvent | LeadAssignedEvent | LeadHeldEvent | LeadReleasedEvent | CapExhaustedEvent | CapReservedEvent | CapConfirmedEvent | CapReleasedEvent | ConsentRevokedEvent | ConsentRestoredEvent | OverrideSetEvent | OverrideClearedEvent | FundsChangedEvent | LeadReturnedEvent | SaleFellEvent | SaleHonoredEvent | MoneyAdjustedEvent | StatementClosedEvent | PersonForgottenEvent | PlanActivatedEvent | ProblemNewEvent | ProblemRegressedEvent | ProblemAcknowledgedEvent | ProblemResolvedEvent | DeliveryAttemptedEvent | DeliveryAcceptedEvent | DeliveryRejectedEvent | DeliveryUnknownEvent | DeliveryDeadLetteredEvent | DeliveryRedrivenEvent | BreakerChangedEvent;

/** A decision was made and recorded. */
export interface LeadDecidedEvent {
  /** What it says. */
  data: LeadDecided;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "lead.decided.v1";
}

/** What a decision did. With the time and the subject of its event it says everything that the tables of decisions, counters, deliveries and sums hold of it. */
export interface LeadDecided {
  /** Who got it, in the order of the sales; absent for none. */
  assignments?: Sold[];
  /** What was added to counters, of caps, rates and funds, by their keys. */
  counters?: { [name: string]: number };
  /** The currency of all amounts. */
  currency?: Currency;
  /** The civil date in the plan's zone, under which reports count it; absent for a test, which none counts. */
  date?: CivilDate;
  /** What was added to rolling caps at the time of the event, by their keys. */
  moments?: { [name: string]: number };
  /** `true` where another system decided, and this is what it did. */
  observed?: string;
  /** What became of the lead. */
  outcome: Outcome;
  /** The decision that this one follows. */
  parent?: DecisionId;
  /** The hash of the plan. */
  plan?: string;
  /** The codes of the problems that refused it; absent for none. */
  problems?: ProblemCode[];
  /** Which quarter of an hour of the date: 0 to 99. */
  slot?: number;
  /** `true` for a test whose answer was fixed by the lead; the others say so by their outcome. */
  test?: string;
}

/** One sale of a decision. */
export interface Sold {
  /** Who gets it. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** Through which group, `route/group`. */
  group: string;
  /** The delivery key, the same for every attempt: 64 hex digits. */
  key: string;
  /** What the source gets for it. */
  payout: Money;
  /** What the buyer pays. */
  price: Money;
  /** Alone or with others. */
  sale: Sale;
}

/** A calendar date, `YYYY-MM-DD`. */
export type CivilDate = string;

/** A contract got the lead. */
export interface LeadAssignedEvent {
  /** What it says. */
  data: LeadAssigned;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "lead.assigned.v1";
}

/** One sale by itself, for whoever waits for sales only. */
export interface LeadAssigned {
  /** Who gets it. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** The delivery key; absent in events of before it was told. */
  key?: string;
  /** What the buyer pays; absent in events of before it was told. */
  price?: Money;
}

/** The lead waits: for a person, a list, an hour to call, or room. */
export interface LeadHeldEvent {
  /** What it says. */
  data: LeadHeld;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "lead.held.v1";
}

/** A lead that waits. */
export interface LeadHeld {
  /** When it is looked at again. */
  due: Timestamp;
  /** When it does not wait any longer. */
  until: Timestamp;
  /** What it waits for. */
  why: WaitsFor;
}

/**
 * What a lead waits for.
 *
 * - `release`: Somebody who looks at it: a policy of the plan holds it.
 * - `list`: A list that could not be asked.
 * - `call_window`: The hours at which its consumer may be called.
 * - `retry`: A contract with room: its criteria are met, and it may buy later.
 */
export type WaitsFor =
  | 'release'
  | 'list'
  | 'call_window'
  | 'retry';

/** Somebody released, mended or dropped a lead that waited. */
export interface LeadReleasedEvent {
  /** What it says. */
  data: LeadReleased;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "lead.released.v1";
}

/** A lead that waited, and that somebody decided about. */
export interface LeadReleased {
  /** Who said so. */
  by: string;
  /** What was done: `release`, `fix` or `drop`. */
  do: string;
  /** Why. */
  reason: string;
}

/** A cap has no room for another sale like this one. */
export interface CapExhaustedEvent {
  /** What it says. */
  data: CapExhausted;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "cap.exhausted.v1";
}

/** A cap that has no room for another such sale. */
export interface CapExhausted {
  /** Whose cap and which, as `caps.contract.day`. */
  cap: string;
  /** The counter that it counts with. */
  counter: string;
  /** How much it lets through. */
  limit: string;
}

/** Another system took room from the limits of a contract before it sells. */
export interface CapReservedEvent {
  /** What it says. */
  data: CapReserved;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "cap.reserved.v1";
}

/** Room that another system took before it sells. */
export interface CapReserved {
  /** What was added to counters, of caps, rates and funds, by their keys. */
  counters?: { [name: string]: number };
  /** The name of the reservation. */
  key: string;
  /** What was added to rolling caps at the time of the event, by their keys. */
  moments?: { [name: string]: number };
  /** How long it is held; absent where it is sold already. */
  until?: Timestamp;
}

/** What it reserved is sold. */
export interface CapConfirmedEvent {
  /** What it says. */
  data: CapConfirmed;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "cap.confirmed.v1";
}

/** A reservation that became a sale. */
export interface CapConfirmed {
  /** The name of the reservation. */
  key: string;
}

/** What it reserved was given back. */
export interface CapReleasedEvent {
  /** What it says. */
  data: CapReleased;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "cap.released.v1";
}

/** A reservation that was given back. */
export interface CapReleased {
  /** When it was made: what rolling caps counted at that time is taken away. */
  at: Timestamp;
  /** `released`, `expired` where its time was over, or `posted` where the lead of a bid is decided that it was held for. */
  because: string;
  /** What is taken away from counters, by their keys. */
  counters?: { [name: string]: number };
  /** The name of the reservation. */
  key: string;
  /** What is taken away from rolling caps, by their keys. */
  moments?: { [name: string]: number };
}

/** Somebody took their consent back. */
export interface ConsentRevokedEvent {
  /** What it says. */
  data: ConsentChanged;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "consent.revoked.v1";
}

/** A consent that was taken back or given anew. Whose it is, is not said. */
export interface ConsentChanged {
  /** For how many of the phones and email addresses it changed nothing; absent for none. */
  already?: string;
  /** Who said so. */
  by?: string;
  /** Why. */
  reason?: string;
  /** How many phones and email addresses it was said about. */
  values: string;
}

/** Somebody who had taken it back gave it anew. */
export interface ConsentRestoredEvent {
  /** What it says. */
  data: ConsentChanged;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "consent.restored.v1";
}

/** Operations changed what holds for a contract, beside the plan. */
export interface OverrideSetEvent {
  /** What it says. */
  data: OverrideSet;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "override.set.v1";
}

/** Something that holds for a contract beside the plan. */
export interface OverrideSet {
  /** Who said so. */
  by: string;
  /** Why. */
  reason: string;
  /** Until when. */
  until?: Timestamp;
  /** What it is set to. */
  value: string;
  /** The id by which the contract was first known, where it is another one now. */
  was?: ContractId;
  /** What is set: `status`, `caps.day`, `price.exclusive`. */
  what: string;
}

/** Operations took such a change back. */
export interface OverrideClearedEvent {
  /** What it says. */
  data: OverrideCleared;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "override.cleared.v1";
}

/** Something that the plan says again. */
export interface OverrideCleared {
  /** Who said so. */
  by: string;
  /** Why. */
  reason: string;
  /** The id by which the contract was first known, where it is another one now. */
  was?: ContractId;
  /** What is no longer set. */
  what: string;
}

/** Money was paid in for a buyer, or taken out. */
export interface FundsChangedEvent {
  /** What it says. */
  data: FundsChanged;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "funds.changed.v1";
}

/** Money paid in for a buyer, or taken out. */
export interface FundsChanged {
  /** How much; less than zero was taken out. */
  add: Money;
  /** What the buyer has after it. */
  balance: Money;
  /** Who said so. */
  by: string;
  /** Why. */
  reason: string;
}

/** A buyer gave a lead back. */
export interface LeadReturnedEvent {
  /** What it says. */
  data: LeadReturned;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "lead.returned.v1";
}

/** A lead that a buyer gave back. */
export interface LeadReturned {
  /** Who gave it back. */
  buyer: BuyerId;
  /** Who said so. */
  by: string;
  /** What the supplier gives back of its payout; absent for nothing. */
  claw_back?: Money;
  /** Under which contract it was sold. */
  contract: ContractId;
  /** What was added to counters, of caps and funds, by their keys. */
  counters?: { [name: string]: number };
  /** The delivery key of the sale: 64 hex digits. */
  key: string;
  /** What the buyer does not have to pay. */
  price: Money;
  /** Why. */
  reason: string;
  /** The closed statement that has the sale; the return is in the next one. */
  refers_to?: string;
  /** The account of the supplier that gives back. */
  supplier?: Account;
}

/** An account of the ledger: `buyer:…`, `funds:…`, `supplier:…`, `revenue`, `cost` or `cash`. */
export type Account = string;

/** A sale did not come about: the buyer does not have the lead. */
export interface SaleFellEvent {
  /** What it says. */
  data: SaleFell;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "sale.fell.v1";
}

/** A sale that did not come about: the buyer does not have the lead, and what the sale took is given back. Or one that did after all, and takes it again. */
export interface SaleFell {
  /** How the attempt ended, as `rejected` or `accepted`; `no_answer` where it was not counted as sold after its time. */
  because: string;
  /** To whom it was sold. */
  buyer: BuyerId;
  /** The part of the payout that the supplier gives back, or gets again; absent for nothing. */
  claw_back?: Money;
  /** Under which contract. */
  contract: ContractId;
  /** What was added to counters, of caps and funds, by their keys. */
  counters?: { [name: string]: number };
  /** The civil date in the plan's zone under which reports have the sale. */
  date: CivilDate;
  /** The delivery key of the sale: 64 hex digits. */
  key: string;
  /** What was added to rolling caps at the time of the sale, by their keys. */
  moments?: { [name: string]: number };
  /** What the buyer does not have to pay, or has to again. */
  price: Money;
  /** The closed statement that has the sale; this is in the next one. */
  refers_to?: string;
  /** Which quarter of an hour of the date: 0 to 99. */
  slot: number;
  /** When it was sold. */
  sold_at: Timestamp;
  /** The account of the supplier that gives back. */
  supplier?: Account;
}

/** A sale that fell came about after all: its buyer told late that it has the lead. */
export interface SaleHonoredEvent {
  /** What it says. */
  data: SaleFell;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "sale.honored.v1";
}

/** Another amount is owed, for a reason that no lead gives. */
export interface MoneyAdjustedEvent {
  /** What it says. */
  data: MoneyAdjusted;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "money.adjusted.v1";
}

/** Another amount is owed, for a reason that no lead gives. */
export interface MoneyAdjusted {
  /** To which account it was posted. */
  account: Account;
  /** How much more a buyer owes or a supplier is owed; less than zero is less. */
  add: Money;
  /** What is owed after it. */
  balance: Money;
  /** Who said so. */
  by: string;
  /** `adjust`, or `payment` where a bill was paid. */
  kind: PostingKind;
  /** Why. */
  reason: string;
}

/**
 * Why money was posted. A kind says what the account of a party is posted against, so that nobody can post one side only.
 *
 * - `sale`: A buyer got a lead.
 * - `payout`: What the supplier gets for it.
 * - `return`: A buyer gave a lead back: the sale the other way round.
 * - `claw_back`: The payout of such a lead the other way round.
 * - `release`: A sale did not come about, for the buyer does not have the lead: the sale the other way round.
 * - `deposit`: Money paid in for a buyer, or taken out.
 * - `adjust`: What is owed was changed by somebody, who said why.
 * - `payment`: A bill was paid: by a buyer, or to a supplier.
 */
export type PostingKind =
  | 'sale'
  | 'payout'
  | 'return'
  | 'claw_back'
  | 'release'
  | 'deposit'
  | 'adjust'
  | 'payment';

/** A statement was closed: what it says does not change any more. */
export interface StatementClosedEvent {
  /** What it says. */
  data: StatementWasClosed;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "statement.closed.v1";
}

/** A statement that does not change any more. */
export interface StatementWasClosed {
  /** Who said so. */
  by: string;
  /** What is owed after it. */
  closing: Money;
  /** Its first day; absent for the first one, which has all that was before. */
  from?: CivilDate;
  /** The hash of the statement. */
  hash: string;
  /** `buyer:acme.1`. */
  id: string;
  /** What was owed before it. */
  opening: Money;
  /** Why. */
  reason: string;
  /** Its last day. */
  to: CivilDate;
}

/** The leads of somebody were erased, for they asked for it. */
export interface PersonForgottenEvent {
  /** What it says. */
  data: PersonForgotten;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "person.forgotten.v1";
}

/** Leads of somebody were erased. Whose they were, is not said. */
export interface PersonForgotten {
  /** Who said so. */
  by: string;
  /** From how many decisions, in the transaction of this event; there may be more of them. */
  decisions: string;
  /** How many leads of the past, where there were any. */
  history?: string;
  /** Why. */
  reason: string;
}

/** An engine began to decide by another plan than the one before. */
export interface PlanActivatedEvent {
  /** What it says. */
  data: PlanActivated;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "plan.activated.v1";
}

/** A plan that leads are decided by from now on. */
export interface PlanActivated {
  /** The hash of the plan of before; absent for the first. */
  before?: string;
  /** The name that the plan gives itself. */
  name: string;
  /** Its hash. */
  plan: string;
}

/** A problem that the error ledger did not have. */
export interface ProblemNewEvent {
  /** What it says. */
  data: ProblemMet;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "problem.new.v1";
}

/** A problem that is new, or that came again. */
export interface ProblemMet {
  /** What is wrong. */
  code: ProblemCode;
  /** Where: a JSON Pointer, with `*` for the entries of a list. */
  path: string;
  /** Which problem of the error ledger. */
  problem: Fingerprint;
}

/** Which problem: its code, place and source, hashed. */
export type Fingerprint = string;

/** A problem came again after somebody had resolved it. */
export interface ProblemRegressedEvent {
  /** What it says. */
  data: ProblemMet;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "problem.regressed.v1";
}

/** Somebody knows a problem, and it stays as it is. */
export interface ProblemAcknowledgedEvent {
  /** What it says. */
  data: ProblemNoted;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "problem.acknowledged.v1";
}

/** What somebody said about a problem. */
export interface ProblemNoted {
  /** Who said so. */
  by: string;
  /** Why. */
  reason: string;
}

/** Somebody says that a problem will not come again. */
export interface ProblemResolvedEvent {
  /** What it says. */
  data: ProblemNoted;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "problem.resolved.v1";
}

/** Somebody is about to send a lead to its buyer. */
export interface DeliveryAttemptedEvent {
  /** What it says. */
  data: DeliveryAttempted;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "delivery.attempted.v1";
}

/** Somebody is about to send a lead. */
export interface DeliveryAttempted {
  /** Which attempt, the first being 1. */
  attempt: number;
  /** To whom. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** The delivery key: 64 hex digits. */
  key: string;
  /** Until when its end has to be told. */
  until: Timestamp;
}

/** The buyer has the lead. */
export interface DeliveryAcceptedEvent {
  /** What it says. */
  data: DeliveryAccepted;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "delivery.accepted.v1";
}

/** The buyer has the lead. */
export interface DeliveryAccepted {
  /** By which attempt. */
  attempt: number;
  /** Who has it. */
  buyer: BuyerId;
  /** `accepted`, or `duplicate_of_ours` where it had it already. */
  class: AttemptClass;
  /** For one that came too late to be honoured: the buyer that has the lead, or the check that has no room. */
  conflict?: string;
  /** Under which contract. */
  contract: ContractId;
  /** The currency of `price`, where the buyer said so. */
  currency?: Currency;
  /** The delivery key: 64 hex digits. */
  key: string;
  /** `true` where it was told after something else was done about it. */
  late?: string;
  /** What the buyer says that it pays, where it says so; what it owes is the price of the sale (rule 48). */
  price?: Money;
  /** What the buyer calls the lead, where it says so. */
  their_id?: string;
}

/**
 * How an attempt to deliver ended. What follows from each is said by the rules of `deliver`.
 *
 * - `accepted`: The buyer said that it takes the lead.
 * - `duplicate_of_ours`: The buyer said that it has this very delivery already, by its key.
 * - `rejected`: The buyer said that it does not want the lead: it has it from elsewhere, its filter, its cap, its price.
 * - `duplicate`: The buyer said that it knows the person: it does not want the lead, nor another one of them soon.
 * - `invalid`: The buyer could not read the request.
 * - `auth`: The buyer does not know us, or not any more.
 * - `not_found`: There is nothing at the address.
 * - `rate_limited`: The buyer said that it is too much now.
 * - `unavailable`: The buyer said that it cannot take leads now.
 * - `not_sent`: No byte of the lead left us: no such host, a connection refused, no TLS.
 * - `unknown`: It was sent, and nobody knows what became of it: no answer in time, none that can be read, a crash.
 * - `unsendable`: It cannot be sent at all: no request can be made of it, or its address is not allowed.
 * - `not_tried`: Whoever claimed it gave it back untried.
 */
export type AttemptClass =
  | 'accepted'
  | 'duplicate_of_ours'
  | 'rejected'
  | 'duplicate'
  | 'invalid'
  | 'auth'
  | 'not_found'
  | 'rate_limited'
  | 'unavailable'
  | 'not_sent'
  | 'unknown'
  | 'unsendable'
  | 'not_tried';

/** An attempt ended, and the buyer did not get the lead by it. */
export interface DeliveryRejectedEvent {
  /** What it says. */
  data: DeliveryRejected;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "delivery.rejected.v1";
}

/** An attempt by which the buyer did not get the lead. */
export interface DeliveryRejected {
  /** Which attempt. */
  attempt: number;
  /** To whom. */
  buyer: BuyerId;
  /** How it ended. */
  class: AttemptClass;
  /** Under which contract. */
  contract: ContractId;
  /** The delivery key: 64 hex digits. */
  key: string;
  /** Why, in a word of the plan or of the buyer, where it said so. */
  reason?: string;
  /** When it is tried again; absent where it is not. */
  retry_at?: Timestamp;
  /** The status of the answer, where there was one. */
  status?: number;
}

/** Nobody knows how an attempt ended. */
export interface DeliveryUnknownEvent {
  /** What it says. */
  data: DeliveryUnknown;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "delivery.unknown.v1";
}

/** An attempt of which nobody knows how it ended. */
export interface DeliveryUnknown {
  /** Which attempt. */
  attempt: number;
  /** `told`; `claim_over` where nothing was told in its time; `too_old` or `no_lead` where it is not tried once more. */
  because: string;
  /** To whom. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** The delivery key: 64 hex digits. */
  key: string;
  /** When it is tried again under the same key; absent where it is kept until somebody finds out. */
  retry_at?: Timestamp;
  /** The status of the answer, where there was one. */
  status?: number;
}

/** A delivery was given up. */
export interface DeliveryDeadLetteredEvent {
  /** What it says. */
  data: DeliveryDeadLettered;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "delivery.dead_lettered.v1";
}

/** A delivery that was given up. */
export interface DeliveryDeadLettered {
  /** To whom it was to go. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** The delivery key: 64 hex digits. */
  key: string;
  /** Why. */
  reason: DeadReason;
}

/**
 * Why a delivery was given up.
 *
 * - `rejected`: The buyer does not want it.
 * - `invalid`: The buyer cannot read it.
 * - `auth`: The buyer does not know us.
 * - `not_found`: There is nothing at the address.
 * - `unsendable`: It cannot be sent at all.
 * - `too_many_tries`: It was tried as often as it may be.
 * - `too_old`: It is older than it may be.
 * - `no_lead`: The lead is not there any more: it was erased, or cannot be read.
 * - `no_answer`: Nobody found out whether the buyer has it while it was kept, and the contract does not count it as sold then.
 */
export type DeadReason =
  | 'rejected'
  | 'invalid'
  | 'auth'
  | 'not_found'
  | 'unsendable'
  | 'too_many_tries'
  | 'too_old'
  | 'no_lead'
  | 'no_answer';

/** Somebody lets a delivery be tried again. */
export interface DeliveryRedrivenEvent {
  /** What it says. */
  data: DeliveryRedriven;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "delivery.redriven.v1";
}

/** A delivery that is tried again because somebody says so. */
export interface DeliveryRedriven {
  /** To whom it goes: as before. */
  buyer: BuyerId;
  /** Who said so. */
  by: string;
  /** Under which contract. */
  contract: ContractId;
  /** The delivery key, as before: 64 hex digits. */
  key: string;
  /** Why. */
  reason: string;
}

/** The breaker of a buyer opened, tries again, or closed; or somebody said so. */
export interface BreakerChangedEvent {
  /** What it says. */
  data: BreakerChanged;
  /** What the data is. */
  datacontenttype: "application/json";
  /** The name of the data's schema. */
  dataschema: string;
  /** The same whenever the event is read: what comes twice is known by it. */
  id: string;
  /** The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order. */
  partitionkey: string;
  /** The position in the log, in 20 digits: the order of the texts is that of the events. */
  sequence: string;
  /** `/leadwright/` and the tenant. */
  source: string;
  /** The version of CloudEvents. */
  specversion: "1.0";
  /** What it is about. */
  subject: Subject;
  /** When. */
  time: Timestamp;
  /** What happened. */
  type: "breaker.changed.v1";
}

/** A breaker that stands elsewhere now. */
export interface BreakerChanged {
  /** Whose. */
  buyer: BuyerId;
  /** Who said so; absent where it went by itself. */
  by?: string;
  /** For what the buyer is called. */
  channel: Channel;
  /** Where it stood. */
  from: BreakerState;
  /** Why, where somebody said so. */
  reason?: string;
  /** Where it stands now. */
  to: BreakerState;
  /** When it tries again, where it is open. */
  until?: Timestamp;
}

/**
 * For what a buyer is called.
 *
 * - `post`: It gets leads that it bought.
 * - `ping`: It is asked for a bid.
 */
export type Channel =
  | 'post'
  | 'ping';

/**
 * Where a breaker stands.
 *
 * - `closed`: The buyer is called, and calls are counted.
 * - `open`: Too many calls failed: it is not called until a time.
 * - `half_open`: That time is over: a few calls show whether it answers again.
 * - `forced_open`: Somebody said that it is not called.
 * - `disabled`: Somebody said that nothing is counted, and that it is called whatever happens.
 * - `metrics_only`: Somebody said that calls are counted, and that it is called whatever they show.
 */
export type BreakerState =
  | 'closed'
  | 'open'
  | 'half_open'
  | 'forced_open'
  | 'disabled'
  | 'metrics_only';

/** Somebody who reads the events, and how far it is behind. */
export interface SubscriberLag {
  /** How many events of these types came after it. */
  behind: number;
  /** Under which name. */
  name: SubscriberName;
  /** The last event that was worked off; 0 before the first. */
  position: number;
  /** Which types of events; none for all. */
  types: EventKind[];
  /** What the clock of the store was when the cursor was moved last; absent before the first decision. */
  updated_at?: Timestamp;
}

/** Under which name somebody reads the events. */
export type SubscriberName = string;

/** A decision with an entry for every contract of its route, and what was near. */
export interface Explanation {
  /** The decision, as it was answered. */
  decision: Decision;
  /** Limits without which a contract would have had the lead. */
  decisive: Decisive[];
  /** Every contract of the route, in the order they were asked. */
  entries: Explained[];
  /** Contracts of which a criterion or two were not met, the nearest first. */
  near: NearMiss[];
  /** Sales that were given back later. */
  returned?: ExplainedReturn[];
  /** Each sale, with who would have had the lead otherwise. */
  sales: ExplainedSale[];
  /** On which state it was decided. */
  state: ExplainedState;
  /** Version of this format: 1. */
  v: 1;
}

/** Limits without which a contract would have had the lead. */
export interface Decisive {
  /** Its limits: `hours`, `caps.contract.day`. */
  checks: string[];
  /** Which contract. */
  contract: ContractId;
  /** Through which group. */
  group: string;
  /** Who had it in its place. */
  instead: ContractId[];
  /** Whether something of the state is not known, as nobody looked at it when the lead was decided. */
  perhaps?: boolean;
  /** For how much it would have had the lead. */
  price: Money;
  /** The same as a sentence. */
  text: string;
}

/** What an entry says, with the words for it. */
export interface Explained {
  /** Which check decided: `where.homeowner`, `caps.contract.day`, … */
  check?: string;
  /** Why; `contract.sold` for one that got it. */
  code: ReasonCode;
  /** The contract. */
  contract: ContractId;
  /** The criteria of the contract in words; none for one that buys every lead. */
  criteria?: string;
  /** Everything that was in its way, where all of it was asked for; the first is what the entry says. */
  failing?: FailingCheck[];
  /** What was found; for a field of the lead its shape only. */
  found?: string;
  /** The contract with all that was looked at, where it was asked for by name. */
  full?: InFull;
  /** Its group, `route/group`. */
  group: string;
  /** What was wanted. */
  wanted?: string;
}

/** A check that a contract does not pass. */
export interface FailingCheck {
  /** Which check: `where.homeowner`, `hours`, `caps.contract.day`, … */
  check?: string;
  /** What it means for the contract. */
  code: ReasonCode;
  /** What was found; for a field of the lead its shape only. */
  found?: string;
  /** What was wanted. */
  wanted?: string;
}

/** One contract with all that was looked at. */
export interface InFull {
  /** Whose it is. */
  buyer: BuyerId;
  /** The caps that a sale would count on, those of its buyer, group and source among them. */
  caps: CapSaid[];
  /** Every condition, met or not. */
  conditions: ConditionSaid[];
  /** Its price for having the lead alone. */
  exclusive?: Money;
  /** Whether it is open at the time of the decision. */
  open: boolean;
  /** Its price for sharing the lead. */
  shared?: Money;
}

/** A cap, and how much of it is used. */
export interface CapSaid {
  /** `caps.contract.day`, `caps.buyer.month.spend`. */
  check: string;
  /** How much there is. */
  limit: string;
  /** How much was used before this lead; absent where nobody looked at it when the lead was decided. */
  used?: string;
}

/** A condition of criteria beside the lead. */
export interface ConditionSaid {
  /** `where.homeowner`. */
  check: string;
  /** The shape of what was found. */
  found?: string;
  /** Whether it is met: absent where that cannot be said, as something is missing. */
  met?: boolean;
  /** What is wanted. */
  wanted: string;
}

/** A contract that the lead nearly met. */
export interface NearMiss {
  /** What else was in its way: `hours`, `caps.contract.day`. */
  also?: string[];
  /** Which: `where.credit_score`. */
  checks: string[];
  /** The contract. */
  contract: ContractId;
  /** How many of its criteria are not met. */
  failing: number;
  /** The first group that it is in, `route/group`. */
  group: string;
  /** `one criterion away: credit_score < 620`. */
  text: string;
  /** `would be eligible if credit_score >= 620`. */
  would: string;
}

/** What became of a sale after its decision: it fell, came about after all, or was given back. */
export interface ExplainedReturn {
  /** When. */
  at: Timestamp;
  /** Who had it, or was to have it. */
  contract?: ContractId;
  /** The same as a sentence, with who said so and why. */
  text: string;
}

/** A sale, and who would have had the lead without it. */
export interface ExplainedSale {
  /** Who got it. */
  contract: ContractId;
  /** For how much. */
  price: Money;
  /** Who would have got it in its place; none where nobody would. */
  runner_up?: RunnerUp;
  /** The same as a sentence. */
  text: string;
}

/** Who would have had the lead. */
export interface RunnerUp {
  /** Which contract. */
  contract: ContractId;
  /** Through which group. */
  group: string;
  /** How much less that is; below zero where it is more. */
  less: Money;
  /** For how much. */
  price: Money;
  /** Alone or with others. */
  sale: Sale;
}

/**
 * On which state a lead was decided.
 *
 * - `recorded`: On that of then: the decision was recorded.
 * - `current`: On that of the store as it is now; nothing was recorded.
 * - `empty`: On none: no cap is used, nobody was here before; nothing was recorded.
 */
export type ExplainedState =
  | 'recorded'
  | 'current'
  | 'empty';

/** A lead after validation. Nothing is thrown away: the raw lead is with the caller, changes are listed. */
export interface Validation {
  /** Its fields. Personal data. */
  canonical: { [name: string]: Value };
  /** What was changed. Personal data. */
  corrections: Correction[];
  /** What was wrong. */
  problems: Problem[];
  /** How good it looks. */
  quality: Quality;
  /** The schema. */
  schema: string;
  /** Version of this format: 1. */
  v: 1;
  /** Whether the lead is good enough to be offered. */
  valid: boolean;
}

/** What an address comes to. */
export interface Address {
  /** The same for all units of a building. */
  building_key: string | null;
  /** The parts, in the words that were written. */
  components: Components;
  /** How surely all parts are the right ones, 0 to 1000: of a thousand addresses that read like this one, about so many were read right where people had labelled them. It is no word on whether mail arrives there. */
  confidence: number;
  /** The same for each part. */
  confidence_by_part: PartConfidence;
  /** Every change worth telling. */
  corrections: Correction[];
  /** `k1-` and 32 hexadecimal digits: the same for one household however it is written. */
  key: string | null;
  /** Standard lines (USPS Publication 28): upper case, abbreviated, completed and mended from the ZIP table. */
  lines: string[];
  /** Whether somebody should look at it: the confidence is below `REVIEW_BELOW`, or what was written contradicts itself or cannot be delivered to, however surely it was read. */
  needs_review: boolean;
  /** What is wrong or doubtful. */
  problems: Problem[];
}

/** The parts that were found, in the words that were written: upper case, without accents and punctuation, and with the standard abbreviation where a part has one (suffix, directionals, unit designator, state). Nothing here is a guess: what the ZIP table adds or mends is in `lines` and in the key. */
export interface Components {
  /** The city. */
  city?: string;
  /** The two letters of the country (ISO 3166-1): `CA`, `GB`; absent in the United States. */
  country?: string;
  /** The street lines of a country where they are not parsed further, as they were written, one a line. */
  delivery?: string;
  /** `123`, `123A`, `12 1/2`, `59-17`, `N6W23001`, `ONE`. */
  house_number?: string;
  /** The number of a post office box, or of a box on a route. */
  po_box?: string;
  /** `SW` in `MAIN ST SW`. */
  postdirectional?: string;
  /** `N` in `N MAIN ST`. */
  predirectional?: string;
  /** The number of the route. */
  route_id?: string;
  /** `RR`, `HC`, and for military post `PSC`, `CMR` or `UNIT`. */
  route_type?: string;
  /** The two letters of the state, or of the province of Canada. */
  state?: string;
  /** In Canada: the post office of a box, `STN A`, `SUCC CENTRE-VILLE`, `RPO 3`. */
  station?: string;
  /** The name alone: `MAIN`, `US HIGHWAY 50`, `AVENUE C`. */
  street?: string;
  /** The other street of a corner, directionals included. */
  street2?: string;
  /** `ST` (Publication 28, Appendix C1). */
  suffix?: string;
  /** The suffix of the other street of a corner. */
  suffix2?: string;
  /** `4B`. */
  unit?: string;
  /** `7` in `BLDG 7 APT 4B`. */
  unit2?: string;
  /** What is around the unit: the `BLDG` of `BLDG 7 APT 4B`. */
  unit2_type?: string;
  /** `APT` (Publication 28, Appendix C2); absent where only `#` was written. */
  unit_type?: string;
  /** In Puerto Rico: `LAS GLADIOLAS` of `URB LAS GLADIOLAS`. */
  urbanization?: string;
  /** The ZIP code as it was written: five digits, or what stood in their place (`7302`). In Canada the postal code, `K1A 0B1`. */
  zip?: string;
  /** The four digits after the ZIP code. */
  zip4?: string;
}

/** How surely each part is the right one, 0 to 1000 (thousandths), also where it is absent: the confidence of an absent unit says how surely there is none. */
export interface PartConfidence {
  /** The city. */
  city: number;
  /** The state. */
  state: number;
  /** House number, street, box and route. */
  street: number;
  /** The unit, or that there is none. */
  unit: number;
  /** The ZIP code. */
  zip: number;
}

/** What `leadwright address` writes for a line: an address with the id of its line. */
export interface AddressLine {
  /** The same for all units of a building. */
  building_key: string | null;
  /** The parts, in the words that were written. */
  components: Components;
  /** How surely all parts are the right ones, 0 to 1000: of a thousand addresses that read like this one, about so many were read right where people had labelled them. It is no word on whether mail arrives there. */
  confidence: number;
  /** The same for each part. */
  confidence_by_part: PartConfidence;
  /** Every change worth telling. */
  corrections: Correction[];
  /** The id as it came; null where it was neither a text nor a number. */
  id: string | number | null;
  /** `k1-` and 32 hexadecimal digits: the same for one household however it is written. */
  key: string | null;
  /** Standard lines (USPS Publication 28): upper case, abbreviated, completed and mended from the ZIP table. */
  lines: string[];
  /** Whether somebody should look at it: the confidence is below `REVIEW_BELOW`, or what was written contradicts itself or cannot be delivered to, however surely it was read. */
  needs_review: boolean;
  /** What is wrong or doubtful. */
  problems: Problem[];
}

/** What `leadwright field` writes for a line: the value after its check. The parts of the value, as the extension of a phone number, stand beside the members named here. */
export interface FieldLine {
  /** What was changed. Personal data. */
  corrections: Correction[];
  /** The id as it came; null where it was neither a text nor a number. */
  id: string | number | null;
  /** The canonical value; absent where there is none. An amount of money that is whole is a whole number here. */
  normalized?: Value;
  /** What was wrong. */
  problems: Problem[];
  /** Whether nothing was wrong enough to refuse the value. */
  valid: boolean;
  /** Others by name. */
  [name: string]: unknown;
}

/** The answer to a line that was none: blank, too long, or no JSON object where one is due. */
export interface LineError {
  /** There is none. */
  id: null;
  /** The number of the line, from 1. */
  line: number;
  /** What was wrong. */
  problems: Problem[];
  /** It is not. */
  valid: false;
}

/** Something about a plan, with the place to look at. A plan holds no personal data, so the text found is shown. */
export interface Issue {
  /** What it is. */
  code: PlanCode;
  /** Column in characters, counted from 1. */
  column: number;
  /** What would have been right. */
  expected?: string;
  /** The file, as the plan names it. */
  file: string;
  /** Edits of the file that mend it. */
  fix?: Fix;
  /** Line, counted from 1. */
  line: number;
  /** One sentence that names what was found. */
  message: string;
  /** JSON Pointer into the file's document. */
  path: string;
  /** How bad: an error refuses the plan. */
  severity: Severity;
  /** Which bytes of the file. */
  span: Span;
  /** A near name. */
  suggestion?: string;
  /** A lead that shows it. */
  witness?: Witness;
}

/** What can be said about a plan. A later version may have more. */
export type PlanCode =
  | 'criteria.negated_optional'
  | 'criteria.never_true'
  | 'criteria.unknown_area'
  | 'criteria.unknown_field'
  | 'criteria.unknown_list'
  | 'criteria.unknown_value'
  | 'criteria.wrong_operator'
  | 'criteria.wrong_type'
  | 'lint.always_matches'
  | 'lint.cap_never_reached'
  | 'lint.cap_takes_none'
  | 'lint.duplicate_contract'
  | 'lint.expired'
  | 'lint.gap'
  | 'lint.never_matches'
  | 'lint.never_open'
  | 'lint.paces_nothing'
  | 'lint.price_too_low'
  | 'lint.shadowed'
  | 'lint.unused'
  | 'lint.zip_outside_states'
  | 'plan.bad_currency'
  | 'plan.bad_date'
  | 'plan.bad_day'
  | 'plan.bad_distance'
  | 'plan.bad_duration'
  | 'plan.bad_file_name'
  | 'plan.bad_hours'
  | 'plan.bad_id'
  | 'plan.bad_money'
  | 'plan.bad_reference'
  | 'plan.bad_template'
  | 'plan.bad_timezone'
  | 'plan.cap_across_shards'
  | 'plan.choose_one'
  | 'plan.day_twice'
  | 'plan.declared_twice'
  | 'plan.duplicate_key'
  | 'plan.empty_area'
  | 'plan.empty_condition'
  | 'plan.empty_group'
  | 'plan.empty_hours'
  | 'plan.empty_list'
  | 'plan.file_missing'
  | 'plan.include_matches_nothing'
  | 'plan.list_bad_entry'
  | 'plan.list_bad_form'
  | 'plan.list_empty'
  | 'plan.list_hash_of_empty'
  | 'plan.list_too_large'
  | 'plan.list_too_long'
  | 'plan.missing_field'
  | 'plan.mixed_routes'
  | 'plan.no_route'
  | 'plan.not_a_buyer'
  | 'plan.not_a_plan'
  | 'plan.not_an_integer'
  | 'plan.not_in_this_version'
  | 'plan.not_utf8'
  | 'plan.out_of_range'
  | 'plan.percent_sum'
  | 'plan.ping_tells_who'
  | 'plan.syntax'
  | 'plan.too_deep'
  | 'plan.too_large'
  | 'plan.too_many_contracts'
  | 'plan.too_many_findings'
  | 'plan.unfit_policy'
  | 'plan.unknown_field'
  | 'plan.unknown_name'
  | 'plan.unknown_operator'
  | 'plan.unknown_place'
  | 'plan.unknown_problem'
  | 'plan.unknown_word'
  | 'plan.wrong_format'
  | 'plan.wrong_type'
  | 'rows.bad_cell'
  | 'rows.missing_cell'
  | 'rows.twice'
  | 'rows.unknown_buyer'
  | 'rows.unknown_column'
  | 'rows.unknown_list';

/** Edits that mend what an issue is about. They touch nothing else: comments and the rest of the file stay. */
export interface Fix {
  /** What to write where, in the order of the file, without overlaps. They belong together. */
  edits: Edit[];
  /** Whether only the spelling changes and it says what was plainly meant. What is not safe is a guess: it takes something away, or fills something in that its author should look at. */
  safe: boolean;
}

/** One edit of a file. */
export interface Edit {
  /** The file, where it is another one than that of the issue. */
  file?: string;
  /** Which bytes are replaced; none for an insertion. */
  span: Span;
  /** By what. */
  text: string;
}

/** A lead that shows what an issue says. It is made up, out of values that the plan and its schemas name: nobody's data. */
export interface Witness {
  /** Its fields in canonical form; what does not matter is left out. */
  lead: { [name: string]: Value };
  /** The lists that it is on, or not on, where that matters. */
  lists?: { [name: string]: boolean };
  /** What happens to it. */
  shows: string;
}

/** What changes between two plans. */
export interface PlanDiff {
  /** What changes: the plan itself, then verticals, sources, lists, areas, hours, routes, buyers, contracts. */
  changes: PlanChange[];
  /** The hash of the plan after. */
  new: string;
  /** The hash of the plan before. */
  old: string;
  /** Version of this format: 1. */
  v: 1;
}

/** What happens to one thing of the plan. */
export interface PlanChange {
  /** Whether it is new, gone, or another. */
  change: ChangeKind;
  /** Its name. */
  id: string;
  /** `plan`, `vertical`, `source`, `list`, `area`, `hours`, `route`, `buyer` or `contract`. */
  kind: string;
  /** What is another; for what is new or gone, what it says. */
  lines?: ChangeLine[];
  /** All of it as a person would say it: `summit-dfw: price 42.50 -> 45.00, daily cap 50 -> 80`. */
  text: string;
}

/**
 * Whether something is new, gone, or another.
 *
 * - `added`: It was not there.
 * - `removed`: It is gone.
 * - `changed`: It says something else.
 */
export type ChangeKind =
  | 'added'
  | 'removed'
  | 'changed';

/** One thing that is said in another way. */
export interface ChangeLine {
  /** What came to a set. */
  added?: string[];
  /** What it was; absent where it was not there, or where it is a set. */
  from?: string;
  /** Where in the thing: `sell.exclusive.price`. */
  path: string;
  /** What left a set. */
  removed?: string[];
  /** As a person would say it. */
  text: string;
  /** What it is; absent where it is gone, or where it is a set. */
  to?: string;
  /** What that is called: `price`. */
  what: string;
}

/** Something that operations say: one change of the state that no lead makes. */
export type Operation = { by?: string; email?: string; key?: string; lead?: string; op: "revoke"; phone?: string; reason?: string } | { by?: string; email?: string; key?: string; lead?: string; op: "restore"; phone?: string; reason?: string } | { by: string; contract: ContractId; key?: string; op: "override"; reason: string; set: Set; until?: Timestamp } | { by: string; contract: ContractId; key?: string; op: "clear"; reason: string; what?: string[] } | { add: Money; buyer: BuyerId; by: string; key?: string; op: "funds"; reason: string } | { buyer: BuyerId; by: string; decision: DecisionId; key?: string; op: "return"; reason: string; resell?: boolean } | { add: Money; by: string; key?: string; op: "adjust"; party: Party; reason: string } | { amount: Money; by: string; key?: string; op: "payment"; party: Party; reason: string } | { by: string; key?: string; op: "close"; party: Party; reason: string; to: CivilDate } | { by: string; key?: string; op: "acknowledge"; problem: Fingerprint; reason: string } | { by: string; key?: string; op: "resolve"; problem: Fingerprint; reason: string } | { buyer: BuyerId; by: string; key?: string; op: "breaker"; reason: string; to: BreakerTo };

/** What an override sets; at least one thing. */
export interface Set {
  /** How many leads it takes, by window: `hour`, `day`, `week`, `month`, `total`. */
  caps?: { [name: string]: number };
  /** What it pays. */
  price?: Prices;
  /** Whether it buys. */
  status?: Status;
}

/** What a contract pays. */
export interface Prices {
  /** To have a lead alone. */
  exclusive?: Money;
  /** To share it. */
  shared?: Money;
}

/**
 * Whether a contract buys.
 *
 * - `active`: It buys.
 * - `paused`: It does not.
 */
export type Status =
  | 'active'
  | 'paused';

/** Whose statement it is: `buyer:…` or `supplier:…`. */
export type Party = string;

/**
 * Where somebody may put a breaker.
 *
 * - `open`: The buyer is not called, and nothing is sold to it, until somebody says otherwise.
 * - `closed`: It is as if it were new, and goes by itself from there.
 * - `disabled`: The buyer is called whatever happens, and nothing is counted.
 * - `metrics_only`: The buyer is called whatever happens, and calls are counted.
 */
export type BreakerTo =
  | 'open'
  | 'closed'
  | 'disabled'
  | 'metrics_only';

/** What became of an operation. */
export interface Operated {
  /** When it began to hold. */
  at: Timestamp;
  /** What was written into the log. */
  events: Event[];
  /** The next decision about the lead, for a return that offers it on. */
  next?: DecisionId;
  /** Whether the same key was used before: these are the events of then. */
  replayed: boolean;
  /** Version of this format: 1. */
  v: 1;
}

/** An override beside what the plan says. */
export interface Drift {
  /** Who said so. */
  by: string;
  /** The contract. */
  contract: ContractId;
  /** What is to be done about it. */
  is: DriftIs;
  /** What the plan says; none where it says nothing. */
  plan?: string;
  /** Why. */
  reason: string;
  /** Since when. */
  since: Timestamp;
  /** Until when. */
  until?: Timestamp;
  /** What it sets: `paused`, `50`, `45.00`. */
  value: string;
  /** What it sets: `status`, `caps.day`, `price.exclusive`. */
  what: string;
}

/**
 * What is to be done about an override.
 *
 * - `to_fold`: It holds without an end: the plan is to say so.
 * - `for_now`: It holds for a while yet.
 * - `same`: The plan says the same: it can be cleared.
 * - `over`: Its time is over.
 * - `not_permitted`: The plan of now does not let operations set it: it has no effect.
 * - `gone`: The plan has no such contract, or none that has this to set.
 */
export type DriftIs =
  | 'to_fold'
  | 'for_now'
  | 'same'
  | 'over'
  | 'not_permitted'
  | 'gone';

/** A lead in the queue. Of each lead there is one row at most. */
export interface Waiting {
  /** The decision that put it there. */
  decision: DecisionId;
  /** When it is looked at again. */
  due: Timestamp;
  /** When the lead first came: that is how old it is, where it does not say so itself. */
  received: Timestamp;
  /** Since when it waits for this. */
  since: Timestamp;
  /** How often it was looked at and waits on. */
  tries: number;
  /** When it does not wait any longer, whatever comes out. */
  until: Timestamp;
  /** What it waits for. */
  why: WaitsFor;
}

/** What somebody says about a lead that waits. */
export interface Release {
  /** Who says so. */
  by: string;
  /** What to do. */
  do: ReleaseDo;
  /** The lead, as `SOURCE/LEAD`, or the decision that put it into the queue. */
  lead: string;
  /** Why. */
  reason: string;
  /** For `fix`: the values to replace, under the names that the lead has them under; null takes one out. Personal data. */
  with?: { [name: string]: Value | null };
}

/**
 * What is to become of a lead in the queue.
 *
 * - `release`: It is decided now, as it is: what a policy held it for counts no more.
 * - `fix`: Some of its values are replaced, and it is decided now, by the policies of the plan.
 * - `drop`: It is taken out and sold to nobody.
 */
export type ReleaseDo =
  | 'release'
  | 'fix'
  | 'drop';

/** What another system did with a lead. */
export interface Observation {
  /** When: its caps are those of that time. Now when it is absent, and where it is later. */
  at?: Timestamp;
  /** Whether to say also what we would have decided, on the state before it. */
  compare?: boolean;
  /** What became of it there. Not `queued` and not `test`: what waits is told once it is over, and the lead says that it is a test. */
  outcome: Outcome;
  /** To whom it was sold; exactly where the outcome is `assigned`. */
  sales?: ObservedSale[];
}

/** A sale that another system made. */
export interface ObservedSale {
  /** The contract of our plan that it is counted for. */
  contract: ContractId;
  /** Through which group, `route/group`; the first of the route with the contract when absent. */
  group?: string;
  /** What the buyer pays; what the contract says when absent. */
  price?: Money;
  /** The reservation that it was made under: it is confirmed, and nothing is counted twice. */
  reservation?: string;
  /** Alone or with others; as the contract offers it when absent. */
  sale?: Sale;
}

/** Room that another system wants to take from our limits before it sells. */
export interface Reserve {
  /** Of which contract, with its buyer, group and route. */
  contract: ContractId;
  /** Through which group, `route/group`; the first of the route with the contract when absent. */
  group?: string;
  /** How long the room is kept, like `15m`, which it is when absent; at most `24h`. */
  hold?: string;
  /** A name for it, of whoever asks: the same again is the same request. */
  key: string;
  /** What the buyer will pay; what the contract says when absent. */
  price?: Money;
  /** The channel that the lead came through, for its caps; none of them counts when absent. */
  source?: SourceId;
  /** The part of that channel. */
  sub_id?: string;
  /** Of which kind of lead; may be absent where the contract buys one. */
  vertical?: string;
}

/** What became of a reservation. */
export interface Reserved {
  /** The buyer. */
  buyer?: BuyerId;
  /** The contract. */
  contract: ContractId;
  /** Its name. */
  key: string;
  /** Whether it was so before. */
  replayed: boolean;
  /** Where it stands; none where there is no room, and nothing was taken. */
  state?: ReservationState;
  /** How long the room is kept, where it is held. */
  until?: Timestamp;
  /** The version of this answer. */
  v: number;
  /** Why there is no room. */
  why?: TraceEntry;
}

/**
 * Where a reservation of another system stands.
 *
 * - `held`: The room is taken, until it is confirmed, released, or its time is over.
 * - `confirmed`: It was sold: the room stays taken.
 * - `released`: The room was given back.
 */
export type ReservationState =
  | 'held'
  | 'confirmed'
  | 'released';

/** Somebody wants to deliver. */
export interface ClaimDeliveries {
  /** How many leads of all buyers may be on their way at the same time; without it each buyer's own number counts. */
  at_once?: number;
  /** How long they are nobody else's, like `60s`, which it is when absent; at most `1h`. */
  hold?: string;
  /** How many at most, 1 to 256; 16 when absent. */
  limit?: number;
  /** How often and how long it is tried. */
  policy: DeliveryTerms;
  /** Only what the plan says how to send: of contracts with `post`, and of those that the plan has no more. */
  posts?: boolean;
  /** Who it is: a name of the host's, for people who look at attempts. */
  worker: string;
}

/** How often and how long it is tried. */
export interface DeliveryTerms {
  /** How long at most since the sale, like `24h`, which it is when absent; at most `30d`. */
  give_up_after?: string;
  /** By contract, what is done where nobody knows how an attempt ended; `hold` for those that are not named. */
  no_answer?: { [name: string]: NoAnswer };
  /** How often at most, 1 to 100; 12 when absent. */
  tries?: number;
}

/**
 * What is done about an attempt of which nobody knows how it ended.
 *
 * - `hold`: It is kept until somebody finds out.
 * - `retry`: It is sent again with the same key: the buyer knows what it has by that.
 */
export type NoAnswer =
  | 'hold'
  | 'retry';

/** A lead to send: by whom it was bought, and what the buyer gets. */
export interface Sending {
  /** Which attempt it is, the first being 1. */
  attempt: number;
  /** Who gets it. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** In which currency. */
  currency: Currency;
  /** The decision that sold it. */
  decision: DecisionId;
  /** The canonical lead. Personal data. */
  fields: { [name: string]: Value };
  /** What to report the outcome under: the key and the fence of this claim. */
  id: string;
  /** The delivery key, the same for every attempt: send it along, so that the buyer knows a second sending. */
  key: string;
  /** The lead. */
  lead: LeadId;
  /** What the buyer pays. */
  price: Money;
  /** Alone or with others. */
  sale: Sale;
  /** When it was sold, or redriven. */
  since: Timestamp;
  /** Where it came from. */
  source: SourceId;
  /** Until when the outcome has to be reported: from then on nobody knows how the attempt ended. */
  until: Timestamp;
  /** The version of this. */
  v: number;
}

/** How an attempt ended. */
export interface DeliveryOutcome {
  /** How; what the status says by itself when absent. */
  class?: AttemptClass;
  /** In which currency, where it said so. */
  currency?: Currency;
  /** How often and how long it is tried. */
  policy: DeliveryTerms;
  /** What the buyer said that it pays, where it said so: the event of the acceptance has it beside the price of the sale. */
  price?: Money;
  /** Why the buyer does not want it: a word, as what it writes may tell of the lead. */
  reason?: string;
  /** `Retry-After`, in seconds. */
  retry_after?: number;
  /** The HTTP status of the answer. */
  status?: number;
  /** What the buyer calls the lead. */
  their_id?: string;
  /** How long the call took, in milliseconds: without it no call counts as slow. */
  took_ms?: number;
}

/** What became of a delivery after a report. */
export interface DeliveryReported {
  /** Which attempt was reported. */
  attempt: number;
  /** How it ended. */
  class: AttemptClass;
  /** For an acceptance that came too late to be honoured: the buyer that has the lead, or the check that has no room. */
  conflict?: string;
  /** Why it was given up, where it was. */
  dead?: DeadReason;
  /** Whether its sale did not come about by it: what it took is given back. */
  fell?: boolean;
  /** The delivery key. */
  key: string;
  /** The decision by which the lead was offered to the next one, where it was. */
  next?: DecisionId;
  /** What to do about that. */
  remedy?: string;
  /** Whether the same was reported before. */
  replayed: boolean;
  /** When it is tried again, where it is. */
  retry_at?: Timestamp;
  /** Where the delivery stands. */
  state: DeliveryState;
  /** The version of this answer. */
  v: number;
}

/**
 * Where the delivery of a sale stands.
 *
 * - `ready`: It waits for somebody to claim it, at its time.
 * - `claimed`: Somebody has claimed it, and tries.
 * - `unknown`: Nobody knows whether the buyer has it: it is kept until somebody finds out, or says that it is tried again.
 * - `dead`: It was given up: there is a dead letter.
 * - `done`: The buyer has it, or nobody has to deliver it any more.
 */
export type DeliveryState =
  | 'ready'
  | 'claimed'
  | 'unknown'
  | 'dead'
  | 'done';

/** A delivery, with all that is known of it. Nothing personal. */
export interface DeliverySeen {
  /** Its attempts. */
  attempts: Attempt[];
  /** Who gets it. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** Why it was given up, where it was. */
  dead?: DeadReason;
  /** Its dead letters. */
  dead_letters: DeadLetter[];
  /** The decision that sold it. */
  decision: DecisionId;
  /** When it may be claimed, where it is ready. */
  due?: Timestamp;
  /** The delivery key. */
  key: string;
  /** Its place in the outbox. */
  position: number;
  /** What the buyer pays. */
  price: Money;
  /** What to do about that. */
  remedy?: string;
  /** When it was sold, or redriven. */
  since: Timestamp;
  /** Where it stands. */
  state: DeliveryState;
  /** Whether its attempts prove that the buyer does not have the lead: only then may another one get it. */
  undelivered: boolean;
  /** Until when. */
  until?: Timestamp;
  /** Who has claimed it, where it is claimed. */
  worker?: string;
}

/** An attempt to deliver. It is written before the lead is handed to whoever sends it; its end is written once it is known. */
export interface Attempt {
  /** How it ended; absent while it goes on. */
  class?: AttemptClass;
  /** The row of the outbox. */
  delivery: number;
  /** When its end was told, or its time was over. */
  ended_at?: Timestamp;
  /** By which claim. */
  fence: number;
  /** Which attempt of it, the first being 1. */
  n: number;
  /** When it is tried again, where it is. */
  retry_at?: Timestamp;
  /** When it was claimed. */
  started_at: Timestamp;
  /** The status of the answer, where there was one. */
  status?: number;
  /** Whose. */
  worker: string;
}

/** A delivery that was given up. */
export interface DeadLetter {
  /** When. */
  at: Timestamp;
  /** How the last attempt ended; absent where there was none. */
  class?: AttemptClass;
  /** The row of the outbox. */
  delivery: number;
  /** Which dead letter of it, the first being 1. */
  nth: number;
  /** Why. */
  reason: DeadReason;
  /** How it came to its end; absent while it is open. */
  resolved?: DeadEnd;
  /** When it did. */
  resolved_at?: Timestamp;
}

/**
 * How a dead letter came to its end.
 *
 * - `redriven`: It was given out again, under the same key.
 * - `accepted`: The buyer had taken it after all.
 * - `forgotten`: Its person was forgotten.
 */
export type DeadEnd =
  | 'redriven'
  | 'accepted'
  | 'forgotten';

/** How many deliveries of a buyer stand somewhere. */
export interface Backlog {
  /** Whose. */
  buyer: BuyerId;
  /** How many. */
  count: number;
  /** Since when the oldest is to be delivered. */
  oldest: Timestamp;
  /** Where. */
  state: DeliveryState;
}

/** A breaker, as people look at it. */
export interface BreakerSeen {
  /** Whose. */
  buyer: BuyerId;
  /** Who said that it stands there, where somebody did. */
  by?: string;
  /** How many calls it looks back at. */
  calls: number;
  /** For what it is called. */
  channel: Channel;
  /** How many of them failed. */
  failures: number;
  /** How many leads are on their way to the buyer. */
  on_the_way: number;
  /** Why. */
  reason?: string;
  /** How many more may be now. */
  room: number;
  /** Since when; absent where it never stood elsewhere. */
  since?: Timestamp;
  /** How many of them were slow. */
  slow: number;
  /** Where it stands. */
  state: BreakerState;
  /** When it tries again, while it is open. */
  until?: Timestamp;
}

/** What became of a submitted lead. */
export interface Submitted {
  /** Why it was refused, where it was. */
  because?: string[];
  /** The currency of amounts. */
  currency: Currency;
  /** The last decision about it. */
  decision: DecisionId;
  /** How it ended for its supplier. */
  ended: SubmitEnd;
  /** What that decision came to. */
  outcome: Outcome;
  /** What its supplier gets for the sales. */
  payout: Money;
  /** What its ping was good for, where it names one. */
  ping?: PingUse;
  /** What the supplier is answered with, where the plan says it in `answers` of the source. */
  response?: string;
  /** Who has it, or may have it. */
  sales: SubmittedSale[];
  /** The format, 1. */
  v: number;
}

/**
 * How a submitted lead ended, for its supplier.
 *
 * - `sold`: Somebody has it.
 * - `pending`: It is kept safe, and was not placed in time: it is delivered all the same, and what becomes of it is told later.
 * - `queued`: It waits, as the plan says.
 * - `unsold`: Nobody took it.
 * - `unmatched`: Nobody wants such leads.
 * - `duplicate`: The person was here before.
 * - `suppressed`: The person is not sold.
 * - `rejected`: Something is wrong with it.
 * - `test`: It was a test.
 */
export type SubmitEnd =
  | 'sold'
  | 'pending'
  | 'queued'
  | 'unsold'
  | 'unmatched'
  | 'duplicate'
  | 'suppressed'
  | 'rejected'
  | 'test';

/**
 * What the ping of a posted lead was good for.
 *
 * - `honoured`: The supplier gets what was bid, or more.
 * - `not_honoured`: What was bid cannot be paid any more: a cap is used up, a buyer refuses, a bid ran out.
 * - `no_bid`: Nothing was bid; the lead was decided all the same.
 * - `changed`: The lead says something else than its ping: the bid is void, and it was decided anew (rule 61).
 * - `expired`: The bid ran out before, and it was decided anew.
 * - `unknown`: There is no such ping of this source, and it was decided as if it named none.
 * - `again`: The ping was posted before: this is what came of it then (rule 64).
 */
export type PingUse =
  | 'honoured'
  | 'not_honoured'
  | 'no_bid'
  | 'changed'
  | 'expired'
  | 'unknown'
  | 'again';

/** A sale of a submitted lead. */
export interface SubmittedSale {
  /** Whether the buyer said that it has it, or the host delivers it; else that is not known yet. */
  accepted: boolean;
  /** Who has it, or may have it. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** The delivery key. */
  key: string;
  /** What the buyer pays. */
  price: Money;
  /** Alone or with others. */
  sale: Sale;
}

/** Our answer to a supplier that asks what we would pay for a lead. */
export interface Pinged {
  /** Why there is no bid. */
  because?: string[];
  /** What the supplier gets at least, where the lead is posted with the same data and in time; none: we do not want it. */
  bid?: Money;
  /** The currency of the bid. */
  currency: Currency;
  /** Until when the bid holds. */
  expires: Timestamp;
  /** What the post of the lead names. */
  ping_id: string;
  /** What the supplier is answered with, where the plan says it in `answers` of the source. */
  response?: string;
  /** The format, 1. */
  v: number;
}

/** Deliveries that were given up, and are to be tried again: to the same buyers, under the same keys. */
export interface Redrive {
  /** Only those to this buyer. */
  buyer?: BuyerId;
  /** Who says so. */
  by: string;
  /** Only those under this contract. */
  contract?: ContractId;
  /** Only say which. */
  dry_run?: boolean;
  /** Only the one of this key. */
  key?: string;
  /** How many at most, 1 to 1,000; 100 when absent. */
  limit?: number;
  /** Why. */
  reason: string;
  /** In place of those that were given up, those of which nobody knows whether the buyer has them: it must know a second sending by its key. */
  unknown?: boolean;
  /** Only those that were given up for this reason. */
  why?: DeadReason;
}

/** What was redriven, or would be. */
export interface Redriven {
  /** Which. */
  deliveries: RedrivenOne[];
  /** Whether nothing was done. */
  dry_run: boolean;
  /** Those whose sale fell and cannot be made again, or came back. */
  left_out?: RedriveLeftOut[];
  /** Whether there are more of them. */
  more: boolean;
  /** The version of this answer. */
  v: number;
}

/** A delivery that is tried again. */
export interface RedrivenOne {
  /** Who gets it: as before. */
  buyer: BuyerId;
  /** Under which contract. */
  contract: ContractId;
  /** The decision that sold it. */
  decision: DecisionId;
  /** The delivery key: as before. */
  key: string;
  /** Why it had been given up; absent where nobody knew. */
  why?: DeadReason;
}

/** A delivery whose sale fell or came back, and that is not tried again. */
export interface RedriveLeftOut {
  /** To whom. */
  buyer: BuyerId;
  /** The buyer that has the lead, the check that has no room, `returned` for a sale that its buyer gave back, or `no_lead`. */
  conflict: string;
  /** Under which contract. */
  contract: ContractId;
  /** The decision that sold it. */
  decision: DecisionId;
  /** The delivery key. */
  key: string;
}

/** Whose consent it is. All that is named is meant: the phone, the email address, and those of the lead. */
export interface Person {
  /** Who says so. */
  by?: string;
  /** An email address. Personal data. */
  email?: string;
  /** The same key again is the same request: nothing is done twice. */
  key?: string;
  /** A lead that was decided, as `SOURCE/LEAD`, or a decision about it, as `SOURCE/LEAD.N`. */
  lead?: string;
  /** A phone, as people write it. Personal data. */
  phone?: string;
  /** How it came in, without personal data: `text STOP`, `call`. */
  reason?: string;
}

/** What was done to forget somebody. */
export interface Forgotten {
  /** Decisions about the named lead whose lead had been erased before. */
  before: number;
  /** Decisions that are damaged, and may be about the person: nothing of them was touched. */
  damaged: DecisionId[];
  /** Decisions whose lead was erased now. */
  erased: number;
  /** Leads of the past that were erased now. */
  history: number;
  /** Decisions that were looked through: all there are. */
  searched: number;
}

/** A row of the error ledger. It has no value of a lead, only shapes. */
export interface ProblemGroup {
  /** How often each thing was done about it. */
  actions: { [name: string]: number };
  /** Who said so last. */
  by?: string;
  /** What is wrong. */
  code: ProblemCode;
  /** How often. */
  count: number;
  /** What would have been right. */
  expected?: string;
  /** Which. */
  fingerprint: Fingerprint;
  /** When it was first met. */
  first: Timestamp;
  /** The position in the log of the first decision that has it. */
  first_seq: number;
  /** When it was last met. */
  last: Timestamp;
  /** The position of the last one. */
  last_seq: number;
  /** Where: a JSON Pointer, with `*` for the entries of a list. */
  path: string;
  /** Why. */
  reason?: string;
  /** The worst severity it had. */
  severity: Severity;
  /** The shape of the value that it was first met with, never the value. */
  shape?: string;
  /** Since when. */
  since: Timestamp;
  /** Through which source it came; none where that was not said. */
  source?: string;
  /** What is known of it. */
  state: GroupState;
}

/**
 * What is known of a problem.
 *
 * - `new`: Nobody has looked at it.
 * - `known`: Somebody has, and it stays as it is.
 * - `resolved`: Somebody says that it will not come again.
 * - `regressed`: It came again after that.
 */
export type GroupState =
  | 'new'
  | 'known'
  | 'resolved'
  | 'regressed';

/** What came of looking at a decision again. */
export interface Retried {
  /** What had become of the lead. */
  before: Outcome;
  /** Whether what was recorded of the lead is damaged: nothing became of it, and the others were looked at. */
  damaged?: boolean;
  /** The new decision, by its id on the wire; none where nothing changed, or nothing was to be written. */
  decided?: DecisionId;
  /** What becomes of it now; the same where nothing has changed, and then nothing is recorded. */
  now: Outcome;
  /** The decision that had the problem. */
  was: DecisionId;
}

/** What is asked of a report. The dates are included; what is not given is not looked at. */
export interface SumsQuery {
  /** What there is a row for; with none, one row for all. */
  by: SumsBy[];
  /** Only sales of this contract. */
  contract?: ContractId;
  /** The first day. */
  from?: CivilDate;
  /** Only leads that this became of. */
  outcome?: Outcome;
  /** Only leads of this source. */
  source?: SourceId;
  /** The last day. */
  to?: CivilDate;
}

/**
 * What a report has a row for.
 *
 * - `day`: Each civil date in the plan's zone.
 * - `hour`: Each hour of the day, 0 to 23. An hour that came twice is one.
 * - `source`: Each source.
 * - `contract`: Each contract that bought.
 * - `outcome`: Each outcome.
 */
export type SumsBy =
  | 'day'
  | 'hour'
  | 'source'
  | 'contract'
  | 'outcome';

/** One row of a report. */
export interface Sums {
  /** The contract. */
  contract?: ContractId;
  /** The civil date in the plan's zone. */
  day?: CivilDate;
  /** The hour of the day, 0 to 23. */
  hour?: number;
  /** How many leads were decided; by contract, how many it got. One that waited is counted with each of its decisions. */
  leads: number;
  /** What stays. */
  margin: Money;
  /** What became of the leads. */
  outcome?: Outcome;
  /** What the sources get. */
  payout: Money;
  /** What buyers pay. */
  revenue: Money;
  /** How many sales were made of them. */
  sales: number;
  /** The source. */
  source?: SourceId;
}

/** What is asked for: one party, and the days of it. */
export interface StatementQuery {
  /** The first day; the one after the last closed statement when absent. */
  from?: CivilDate;
  /** The number of a closed one; then no days are asked for. */
  n?: number;
  /** Whose. */
  party: Party;
  /** The last day; all there is when absent. */
  to?: CivilDate;
}

/** What a party owes or is owed, over a period of civil days in the plan's zone. Amounts of a buyer say what it owes, those of a supplier what it is owed; less than zero is the other way round. */
export interface Statement {
  /** Who closed it; absent while it is open. */
  closed?: StatementClosed;
  /** What is open after it: the opening and all lines. */
  closing: Money;
  /** The currency of all amounts. */
  currency: Currency;
  /** What of that people did, one by one. */
  entries: StatementEntry[];
  /** The first day; absent where it has all that was before. */
  from?: CivilDate;
  /** What was added, by kind, contract and source. */
  lines: StatementLine[];
  /** What was open before. */
  opening: Money;
  /** Whose. */
  party: Party;
  /** The last day; absent where it goes on. */
  to?: CivilDate;
  /** Version of this format: 1. */
  v: 1;
}

/** A statement that does not change any more. */
export interface StatementClosed {
  /** When it was closed. */
  at: Timestamp;
  /** Who said so. */
  by: string;
  /** SHA-256 over all of it but this, and the hash of the statement before; 64 hex digits. */
  hash: string;
  /** `buyer:acme.1`: the party, and the number of the statement. */
  id: string;
  /** Why. */
  reason: string;
}

/** What somebody did. */
export interface StatementEntry {
  /** How much. */
  amount: Money;
  /** When. */
  at: Timestamp;
  /** Who said so. */
  by: string;
  /** The day it is posted on. */
  date: CivilDate;
  /** Why. */
  kind: PostingKind;
  /** Why, in their words. */
  reason: string;
  /** The closed statement that has that sale. */
  refers_to?: string;
  /** The sale that it is about. */
  sale?: StatementSale;
}

/** The sale that an entry is about. */
export interface StatementSale {
  /** Under which contract. */
  contract?: ContractId;
  /** The decision. */
  decision: DecisionId;
  /** The day it was sold on. */
  sold: CivilDate;
}

/** Postings of one kind. */
export interface StatementLine {
  /** How much. */
  amount: Money;
  /** Under which contract; absent where it is about no lead. */
  contract?: ContractId;
  /** How many. */
  count: number;
  /** Why. */
  kind: PostingKind;
  /** Through which source; absent where it is about no lead. */
  source?: SourceId;
}

/** All accounts: the trial balance. Their balances sum to zero. */
export interface Balances {
  /** The accounts, in the order of their names. */
  accounts: Balance[];
  /** Version of this format: 1. */
  v: 1;
}

/** What an account stands at. */
export interface Balance {
  /** Which account. */
  account: Account;
  /** Debit without credit; less than zero where more was credited. */
  balance: Money;
  /** What was credited. */
  credit: Money;
  /** What was debited. */
  debit: Money;
}

/**
 * A kind of field.
 *
 * - `address_line`: an address of the United States in one line
 * - `boolean`: `yes`, `Y`, `1`, `on`, `own`, `false` …
 * - `consent`: a word that affirms or declines: `yes`, `I agree`, `opt out`; what is neither is refused, and nothing is no consent
 * - `credit_band`: a word (`great`, `Fair (620-679)`) or a score
 * - `credit_score`: `720`, `Excellent (720)`; of `680-719` and `720+` the lower end
 * - `date`: `2026-11-24`, `11/24/2026`, `24 Nov 2026`, `20261124` and the like; the month first where it could be either
 * - `decimal`: `12.5`, `1,234.5`, `1.2k`; of a range the lower end
 * - `email`: one address, also in angle brackets or after `mailto:`
 * - `enum`: one of the words or its other spellings, however they are written
 * - `integer`: `1,200`, `12 k`; of a range the lower end
 * - `ip`: one address of version 4 or 6, with a port or in brackets; of the list of a proxy the first public one
 * - `leadid`: 32 hexadecimal digits, in five groups or none
 * - `list`: a list, one value alone, or a JSON list as text; of kinds without commas also words with commas between
 * - `money`: `$1,234.50`, `250k`, `1.2 million`, `1.234,50`; of a range the lower end
 * - `name`: `LEE, Amy`, `dr. amy van der lee jr`; of two people the first
 * - `percent`: `6.5%`, `6.5 percent`, `6,5 %`
 * - `phone`: a number of any country, however it is grouped, with its extension
 * - `record`: an object, or one as text; its keys however they are written
 * - `registrable_domain`: a domain name
 * - `ssn`: nine digits, in groups of 3, 2 and 4 or none; or `true`
 * - `ssn_last4`: four digits, also `xxx-xx-1234`
 * - `state`: letters, name or old abbreviation of a state or a province
 * - `text`: anything
 * - `timestamp`: RFC 3339, seconds or milliseconds since 1970, or a date with time and zone: `11/24/2026 3:30 pm EST`
 * - `trustedform_url`: the link of a certificate, or its 40 digits
 * - `url`: a link of the web, also without `https://`
 * - `user_agent`: what a browser says it is
 * - `uuid`: 32 hexadecimal digits, in five groups or none, in braces or after `urn:uuid:`
 * - `vehicle_make`: a make or what people call it: `chevy`, `VW`; one that is not known is kept
 * - `vehicle_model`: a few words
 * - `vehicle_year`: `2019`, `'19`; at most two years ahead of `as_of`
 * - `vin`: 17 signs, with spaces or dashes; I, O and Q where the check digit bears them out
 * - `zip`: five or nine digits, fewer where a zero in front was lost; a postal code of Canada
 */
export type FieldKind =
  | 'address_line'
  | 'boolean'
  | 'consent'
  | 'credit_band'
  | 'credit_score'
  | 'date'
  | 'decimal'
  | 'email'
  | 'enum'
  | 'integer'
  | 'ip'
  | 'leadid'
  | 'list'
  | 'money'
  | 'name'
  | 'percent'
  | 'phone'
  | 'record'
  | 'registrable_domain'
  | 'ssn'
  | 'ssn_last4'
  | 'state'
  | 'text'
  | 'timestamp'
  | 'trustedform_url'
  | 'url'
  | 'user_agent'
  | 'uuid'
  | 'vehicle_make'
  | 'vehicle_model'
  | 'vehicle_year'
  | 'vin'
  | 'zip';
