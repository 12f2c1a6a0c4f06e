# Made by `cargo xtask generate` from the types of the core; do not edit.
"""What leadwright writes, as ``json.loads`` reads it.

Members that are not named here may come in a later version. Amounts of money, dates and times are texts.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict, Union


#: Who receives leads and pays for them.
BuyerId: TypeAlias = str

#: One purchase rule of a buyer.
ContractId: TypeAlias = str

#: An amount in 1/10,000 of the currency unit; on the wire a string with 2 to 4 decimals.
Money: TypeAlias = str

#: One buyer alone, or several.
Sale: TypeAlias = Literal[
    #: One buyer only.
    "exclusive",
    #: Several buyers.
    "shared",
]

#: Where an assignment stands.
AssignmentState: TypeAlias = Literal[
    #: Cap and funds are held.
    "reserved",
    #: It is being sent.
    "posting",
    #: The buyer has it; a contract that the host delivers is here at once.
    "accepted",
    #: The buyer refused it.
    "rejected",
    #: The buyer did not answer.
    "no_answer",
    #: The hold ran out.
    "expired",
    #: It came back.
    "returned",
    #: Its price was changed later.
    "adjusted",
]

#: Milliseconds since 1970-01-01T00:00:00Z; on the wire RFC 3339 in UTC with three decimals.
Timestamp: TypeAlias = str

#: A canonical value: money, dates and times are texts, numbers are whole.
Value: TypeAlias = "Union[bool, int, str, list[Value], dict[str, Value]]"

#: What can be changed about a value. A later version may have more.
CorrectionCode: TypeAlias = Literal[
    "address.city_alias",
    "address.city_from_zip",
    "address.city_standardized",
    "address.city_typo",
    "address.country_removed",
    "address.directional_standardized",
    "address.extra_removed",
    "address.number_zeros_removed",
    "address.parts_rearranged",
    "address.repeat_removed",
    "address.route_standardized",
    "address.state_from_zip",
    "address.state_standardized",
    "address.suffix_standardized",
    "address.suffix_typo",
    "address.unit_standardized",
    "address.zip_from_city",
    "address.zip_leading_zero",
    "address.zip_letter_o",
    "date.standardized",
    "domain.standardized",
    "email.host_repaired",
    "email.standardized",
    "enum.standardized",
    "field.default",
    "ip.standardized",
    "lead.fields_swapped",
    "lead.name_split",
    "leadid.standardized",
    "name.extra_removed",
    "name.recased",
    "name.reordered",
    "number.standardized",
    "phone.standardized",
    "state.standardized",
    "text.invisible_removed",
    "text.reencoded",
    "text.trimmed",
    "text.unescaped",
    "timestamp.standardized",
    "trustedform.standardized",
    "url.standardized",
    "uuid.standardized",
    "vehicle.make_standardized",
    "vin.standardized",
    "zip.leading_zero",
    "zip.standardized",
]

#: `<source>/<lead>.<n>`: the n-th decision about a lead, counted from 1.
DecisionId: TypeAlias = str

#: A lead, unique within its tenant and source.
LeadId: TypeAlias = str

#: Why a list gave no answer.
ListUnavailable: TypeAlias = Literal[
    #: The engine was not given it.
    "missing",
    #: It has no entries, and the plan does not say that this is right.
    "empty",
    #: It is older than the plan allows.
    "stale",
    #: It holds something else than the plan says.
    "unfit",
    #: Reading it failed.
    "failed",
]

#: An ISO 4217 code: three capital letters.
Currency: TypeAlias = str

#: What became of a lead in one decision; closed and never changed afterwards.
Outcome: TypeAlias = Literal[
    #: The lead itself is no good: a required field is missing or wrong.
    "rejected",
    #: The same person was here within the window.
    "duplicate",
    #: The person is on a list of those who must not be sold, or such a list could not be asked.
    "suppressed",
    #: One or more contracts got it.
    "assigned",
    #: No contract's criteria were met.
    "unmatched",
    #: Some contracts' criteria were met, but none could take it.
    "unsold",
    #: It waits for a later try.
    "queued",
    #: A test lead: decided in full, nothing counted.
    "test",
]

#: What was done with the value that has the problem.
Action: TypeAlias = Literal[
    #: The value is used as it is.
    "kept",
    #: The value was repaired; the correction says how.
    "fixed",
    #: The value is not used; the lead goes on without it.
    "dropped",
    #: The lead waits for a person or a later try.
    "held",
    #: The lead is refused because of it.
    "rejected",
]

#: What can be wrong with a lead. A later version may have more.
ProblemCode: TypeAlias = Literal[
    "address.city_unknown",
    "address.city_zip_mismatch",
    "address.foreign",
    "address.line_invalid",
    "address.missing",
    "address.no_house_number",
    "address.no_place",
    "address.no_street",
    "address.not_parsed",
    "address.part_missing",
    "address.placeholder",
    "address.postal_code_invalid",
    "address.state_unknown",
    "address.too_long",
    "address.unit_missing",
    "address.unparsed",
    "address.wrong_type",
    "address.zip_invalid",
    "address.zip_state_mismatch",
    "address.zip_unknown",
    "boolean.not_a_boolean",
    "consent.certificate_old",
    "consent.declined",
    "consent.missing",
    "consent.revoked",
    "consent.seller_not_named",
    "consent.too_old",
    "consent.unclear",
    "consent.unknown_text",
    "credit.not_a_band",
    "credit.not_a_score",
    "credit.score_out_of_range",
    "cross.age",
    "cross.all_same",
    "cross.area_code_state",
    "cross.in_future",
    "cross.ip_country",
    "date.ambiguous",
    "date.in_future",
    "date.not_a_date",
    "date.too_old",
    "date.too_young",
    "dedupe.duplicate",
    "domain.not_a_domain",
    "domain.public_suffix",
    "email.bad_domain",
    "email.bad_local",
    "email.disposable",
    "email.host_typo",
    "email.no_at",
    "email.role",
    "email.too_long",
    "enum.unknown",
    "field.missing",
    "field.unknown_kind",
    "field.unknown_option",
    "field.wrong_type",
    "input.bad_column",
    "input.line_too_long",
    "input.ragged_row",
    "ip.not_an_address",
    "ip.reserved",
    "json.duplicate_key",
    "json.empty_line",
    "json.invalid_utf8",
    "json.not_an_object",
    "json.syntax",
    "json.too_deep",
    "lead.bad_id",
    "lead.bad_reserved",
    "lead.clock_skew",
    "lead.dropped",
    "lead.field_twice",
    "lead.hold_expired",
    "lead.id_conflict",
    "lead.idempotency_key_reused",
    "lead.repair_not_allowed",
    "lead.repaired",
    "lead.repeated",
    "lead.source_missing",
    "lead.ssn_left_out",
    "lead.sub_id_blocked",
    "lead.suppressed",
    "lead.suppression_unavailable",
    "lead.test_answer",
    "lead.too_old",
    "lead.unknown_field",
    "lead.unknown_source",
    "lead.unknown_vertical",
    "lead.vertical_missing",
    "leadid.nil",
    "leadid.not_one",
    "limit.lead_bytes",
    "limit.lead_fields",
    "list.too_long",
    "money.negative",
    "name.company",
    "name.digits",
    "name.first_missing",
    "name.gibberish",
    "name.last_missing",
    "name.not_a_name",
    "name.placeholder",
    "name.placeholder_part",
    "name.test",
    "name.two_people",
    "number.not_a_number",
    "number.not_whole",
    "number.out_of_range",
    "number.percent_ambiguous",
    "number.range",
    "number.range_reversed",
    "number.too_large",
    "number.too_precise",
    "phone.fictitious",
    "phone.invalid",
    "phone.no_country",
    "phone.not_a_number",
    "phone.too_long",
    "phone.too_short",
    "phone.unknown_region",
    "ping.not_honoured",
    "record.unknown_member",
    "signal.gibberish",
    "signal.honeypot_filled",
    "signal.name_in_email",
    "signal.repeated_digits",
    "signal.sequential_digits",
    "signal.too_fast",
    "ssn.impossible",
    "ssn.not_last_four",
    "ssn.not_one",
    "state.unknown",
    "text.too_long",
    "timestamp.no_zone",
    "timestamp.not_one",
    "trustedform.aging",
    "trustedform.bad_name",
    "trustedform.expired",
    "trustedform.not_a_certificate",
    "trustedform.wrong_host",
    "url.bad_scheme",
    "url.has_password",
    "url.not_a_url",
    "user_agent.machine",
    "user_agent.not_one",
    "uuid.nil",
    "uuid.not_one",
    "vehicle.not_a_name",
    "vehicle.not_a_year",
    "vehicle.unknown_make",
    "vehicle.year_out_of_range",
    "vin.check_digit",
    "vin.not_one",
    "zip.not_a_zip",
    "zip.unassigned",
]

#: How bad a problem is.
Severity: TypeAlias = Literal[
    #: Worth knowing; nothing is wrong.
    "info",
    #: Probably wrong; the value is still used.
    "warn",
    #: Wrong; the value is not used.
    "error",
]

#: Where chance comes from: 0 to 2^53 − 1, so that every language holds it exactly.
Seed: TypeAlias = int

#: The technical channel a lead came through.
SourceId: TypeAlias = str

#: One customer of the host; the first part of every key in the store.
TenantId: TypeAlias = str

#: Why a contract did or did not get a lead. A later version may have more.
ReasonCode: TypeAlias = Literal[
    "contract.bad_bid",
    "contract.bid_error",
    "contract.bid_expired",
    "contract.bid_timeout",
    "contract.breaker_open",
    "contract.buyer_has_it",
    "contract.call_window",
    "contract.caps",
    "contract.closed",
    "contract.consent",
    "contract.duplicate",
    "contract.floor",
    "contract.funds",
    "contract.margin",
    "contract.min_sales",
    "contract.never_with",
    "contract.no_bid",
    "contract.not_asked",
    "contract.outranked",
    "contract.pace",
    "contract.paused",
    "contract.previous_holder",
    "contract.rate",
    "contract.refused",
    "contract.repeats",
    "contract.sale_form",
    "contract.sold",
    "criteria.list_unavailable",
    "criteria.not_met",
    "criteria.unknown_missing_field",
]

#: How safe an acknowledged decision is.
Durability: TypeAlias = Literal[
    #: On disk before the answer.
    "full",
    #: Committed, but a power cut may lose it.
    "relaxed",
    #: Held in memory only.
    "memory",
    #: Not recorded: a dry run.
    "none",
]

#: What happened.
EventKind: TypeAlias = Literal[
    #: A decision was made and recorded.
    "lead.decided.v1",
    #: A contract got the lead.
    "lead.assigned.v1",
    #: The lead waits: for a person, a list, an hour to call, or room.
    "lead.held.v1",
    #: Somebody released, mended or dropped a lead that waited.
    "lead.released.v1",
    #: A cap has no room for another sale like this one.
    "cap.exhausted.v1",
    #: Another system took room from the limits of a contract before it sells.
    "cap.reserved.v1",
    #: What it reserved is sold.
    "cap.confirmed.v1",
    #: What it reserved was given back.
    "cap.released.v1",
    #: Somebody took their consent back.
    "consent.revoked.v1",
    #: Somebody who had taken it back gave it anew.
    "consent.restored.v1",
    #: Operations changed what holds for a contract, beside the plan.
    "override.set.v1",
    #: Operations took such a change back.
    "override.cleared.v1",
    #: Money was paid in for a buyer, or taken out.
    "funds.changed.v1",
    #: A buyer gave a lead back.
    "lead.returned.v1",
    #: A sale did not come about: the buyer does not have the lead.
    "sale.fell.v1",
    #: A sale that fell came about after all: its buyer told late that it has the lead.
    "sale.honored.v1",
    #: Another amount is owed, for a reason that no lead gives.
    "money.adjusted.v1",
    #: A statement was closed: what it says does not change any more.
    "statement.closed.v1",
    #: The leads of somebody were erased, for they asked for it.
    "person.forgotten.v1",
    #: An engine began to decide by another plan than the one before.
    "plan.activated.v1",
    #: A problem that the error ledger did not have.
    "problem.new.v1",
    #: A problem came again after somebody had resolved it.
    "problem.regressed.v1",
    #: Somebody knows a problem, and it stays as it is.
    "problem.acknowledged.v1",
    #: Somebody says that a problem will not come again.
    "problem.resolved.v1",
    #: Somebody is about to send a lead to its buyer.
    "delivery.attempted.v1",
    #: The buyer has the lead.
    "delivery.accepted.v1",
    #: An attempt ended, and the buyer did not get the lead by it.
    "delivery.rejected.v1",
    #: Nobody knows how an attempt ended.
    "delivery.unknown.v1",
    #: A delivery was given up.
    "delivery.dead_lettered.v1",
    #: Somebody lets a delivery be tried again.
    "delivery.redriven.v1",
    #: The breaker of a buyer opened, tries again, or closed; or somebody said so.
    "breaker.changed.v1",
]

#: What an event is about: a decision, `contract:…`, `buyer:…`, `supplier:…`, `plan:…`, `problem:…`, or `person`.
Subject: TypeAlias = str

#: An event as subscribers read it: a CloudEvent of version 1.0, structured.
CloudEvent: TypeAlias = "Union[LeadDecidedEvent, LeadAssignedEvent, LeadHeldEvent, LeadReleasedEvent, CapExhaustedEvent, CapReservedEvent, CapConfirmedEvent, CapReleasedEvent, ConsentRevokedEvent, ConsentRestoredEvent, OverrideSetEvent, OverrideClearedEvent, FundsChangedEvent, LeadReturnedEvent, SaleFellEvent, SaleHonoredEvent, MoneyAdjustedEvent, StatementClosedEvent, PersonForgottenEvent, PlanActivatedEvent, ProblemNewEvent, ProblemRegressedEvent, ProblemAcknowledgedEvent, ProblemResolvedEvent, DeliveryAttemptedEvent, DeliveryAcceptedEvent, DeliveryRejectedEvent, DeliveryUnknownEvent, DeliveryDeadLetteredEvent, DeliveryRedrivenEvent, BreakerChangedEvent]"

#: A calendar date, `YYYY-MM-DD`.
CivilDate: TypeAlias = str

#: What a lead waits for.
WaitsFor: TypeAlias = Literal[
    #: Somebody who looks at it: a policy of the plan holds it.
    "release",
    #: A list that could not be asked.
    "list",
    #: The hours at which its consumer may be called.
    "call_window",
    #: A contract with room: its criteria are met, and it may buy later.
    "retry",
]

#: An account of the ledger: `buyer:…`, `funds:…`, `supplier:…`, `revenue`, `cost` or `cash`.
Account: TypeAlias = str

#: Why money was posted. A kind says what the account of a party is posted against, so that nobody can post one side only.
PostingKind: TypeAlias = Literal[
    #: A buyer got a lead.
    "sale",
    #: What the supplier gets for it.
    "payout",
    #: A buyer gave a lead back: the sale the other way round.
    "return",
    #: The payout of such a lead the other way round.
    "claw_back",
    #: A sale did not come about, for the buyer does not have the lead: the sale the other way round.
    "release",
    #: Money paid in for a buyer, or taken out.
    "deposit",
    #: What is owed was changed by somebody, who said why.
    "adjust",
    #: A bill was paid: by a buyer, or to a supplier.
    "payment",
]

#: Which problem: its code, place and source, hashed.
Fingerprint: TypeAlias = str

#: How an attempt to deliver ended. What follows from each is said by the rules of `deliver`.
AttemptClass: TypeAlias = Literal[
    #: The buyer said that it takes the lead.
    "accepted",
    #: The buyer said that it has this very delivery already, by its key.
    "duplicate_of_ours",
    #: The buyer said that it does not want the lead: it has it from elsewhere, its filter, its cap, its price.
    "rejected",
    #: The buyer said that it knows the person: it does not want the lead, nor another one of them soon.
    "duplicate",
    #: The buyer could not read the request.
    "invalid",
    #: The buyer does not know us, or not any more.
    "auth",
    #: There is nothing at the address.
    "not_found",
    #: The buyer said that it is too much now.
    "rate_limited",
    #: The buyer said that it cannot take leads now.
    "unavailable",
    #: No byte of the lead left us: no such host, a connection refused, no TLS.
    "not_sent",
    #: It was sent, and nobody knows what became of it: no answer in time, none that can be read, a crash.
    "unknown",
    #: It cannot be sent at all: no request can be made of it, or its address is not allowed.
    "unsendable",
    #: Whoever claimed it gave it back untried.
    "not_tried",
]

#: Why a delivery was given up.
DeadReason: TypeAlias = Literal[
    #: The buyer does not want it.
    "rejected",
    #: The buyer cannot read it.
    "invalid",
    #: The buyer does not know us.
    "auth",
    #: There is nothing at the address.
    "not_found",
    #: It cannot be sent at all.
    "unsendable",
    #: It was tried as often as it may be.
    "too_many_tries",
    #: It is older than it may be.
    "too_old",
    #: The lead is not there any more: it was erased, or cannot be read.
    "no_lead",
    #: Nobody found out whether the buyer has it while it was kept, and the contract does not count it as sold then.
    "no_answer",
]

#: For what a buyer is called.
Channel: TypeAlias = Literal[
    #: It gets leads that it bought.
    "post",
    #: It is asked for a bid.
    "ping",
]

#: Where a breaker stands.
BreakerState: TypeAlias = Literal[
    #: The buyer is called, and calls are counted.
    "closed",
    #: Too many calls failed: it is not called until a time.
    "open",
    #: That time is over: a few calls show whether it answers again.
    "half_open",
    #: Somebody said that it is not called.
    "forced_open",
    #: Somebody said that nothing is counted, and that it is called whatever happens.
    "disabled",
    #: Somebody said that calls are counted, and that it is called whatever they show.
    "metrics_only",
]

#: Under which name somebody reads the events.
SubscriberName: TypeAlias = str

#: On which state a lead was decided.
ExplainedState: TypeAlias = Literal[
    #: On that of then: the decision was recorded.
    "recorded",
    #: On that of the store as it is now; nothing was recorded.
    "current",
    #: On none: no cap is used, nobody was here before; nothing was recorded.
    "empty",
]

#: What can be said about a plan. A later version may have more.
PlanCode: TypeAlias = Literal[
    "criteria.negated_optional",
    "criteria.never_true",
    "criteria.unknown_area",
    "criteria.unknown_field",
    "criteria.unknown_list",
    "criteria.unknown_value",
    "criteria.wrong_operator",
    "criteria.wrong_type",
    "lint.always_matches",
    "lint.cap_never_reached",
    "lint.cap_takes_none",
    "lint.duplicate_contract",
    "lint.expired",
    "lint.gap",
    "lint.never_matches",
    "lint.never_open",
    "lint.paces_nothing",
    "lint.price_too_low",
    "lint.shadowed",
    "lint.unused",
    "lint.zip_outside_states",
    "plan.bad_currency",
    "plan.bad_date",
    "plan.bad_day",
    "plan.bad_distance",
    "plan.bad_duration",
    "plan.bad_file_name",
    "plan.bad_hours",
    "plan.bad_id",
    "plan.bad_money",
    "plan.bad_reference",
    "plan.bad_template",
    "plan.bad_timezone",
    "plan.cap_across_shards",
    "plan.choose_one",
    "plan.day_twice",
    "plan.declared_twice",
    "plan.duplicate_key",
    "plan.empty_area",
    "plan.empty_condition",
    "plan.empty_group",
    "plan.empty_hours",
    "plan.empty_list",
    "plan.file_missing",
    "plan.include_matches_nothing",
    "plan.list_bad_entry",
    "plan.list_bad_form",
    "plan.list_empty",
    "plan.list_hash_of_empty",
    "plan.list_too_large",
    "plan.list_too_long",
    "plan.missing_field",
    "plan.mixed_routes",
    "plan.no_route",
    "plan.not_a_buyer",
    "plan.not_a_plan",
    "plan.not_an_integer",
    "plan.not_in_this_version",
    "plan.not_utf8",
    "plan.out_of_range",
    "plan.percent_sum",
    "plan.ping_tells_who",
    "plan.syntax",
    "plan.too_deep",
    "plan.too_large",
    "plan.too_many_contracts",
    "plan.too_many_findings",
    "plan.unfit_policy",
    "plan.unknown_field",
    "plan.unknown_name",
    "plan.unknown_operator",
    "plan.unknown_place",
    "plan.unknown_problem",
    "plan.unknown_word",
    "plan.wrong_format",
    "plan.wrong_type",
    "rows.bad_cell",
    "rows.missing_cell",
    "rows.twice",
    "rows.unknown_buyer",
    "rows.unknown_column",
    "rows.unknown_list",
]

#: Whether something is new, gone, or another.
ChangeKind: TypeAlias = Literal[
    #: It was not there.
    "added",
    #: It is gone.
    "removed",
    #: It says something else.
    "changed",
]

#: Something that operations say: one change of the state that no lead makes.
Operation: TypeAlias = "Union[dict[str, object], dict[str, object], dict[str, object], dict[str, object], dict[str, object], dict[str, object], dict[str, object], dict[str, object], dict[str, object], dict[str, object], dict[str, object], dict[str, object]]"

#: Whether a contract buys.
Status: TypeAlias = Literal[
    #: It buys.
    "active",
    #: It does not.
    "paused",
]

#: Whose statement it is: `buyer:…` or `supplier:…`.
Party: TypeAlias = str

#: Where somebody may put a breaker.
BreakerTo: TypeAlias = Literal[
    #: The buyer is not called, and nothing is sold to it, until somebody says otherwise.
    "open",
    #: It is as if it were new, and goes by itself from there.
    "closed",
    #: The buyer is called whatever happens, and nothing is counted.
    "disabled",
    #: The buyer is called whatever happens, and calls are counted.
    "metrics_only",
]

#: What is to be done about an override.
DriftIs: TypeAlias = Literal[
    #: It holds without an end: the plan is to say so.
    "to_fold",
    #: It holds for a while yet.
    "for_now",
    #: The plan says the same: it can be cleared.
    "same",
    #: Its time is over.
    "over",
    #: The plan of now does not let operations set it: it has no effect.
    "not_permitted",
    #: The plan has no such contract, or none that has this to set.
    "gone",
]

#: What is to become of a lead in the queue.
ReleaseDo: TypeAlias = Literal[
    #: It is decided now, as it is: what a policy held it for counts no more.
    "release",
    #: Some of its values are replaced, and it is decided now, by the policies of the plan.
    "fix",
    #: It is taken out and sold to nobody.
    "drop",
]

#: Where a reservation of another system stands.
ReservationState: TypeAlias = Literal[
    #: The room is taken, until it is confirmed, released, or its time is over.
    "held",
    #: It was sold: the room stays taken.
    "confirmed",
    #: The room was given back.
    "released",
]

#: What is done about an attempt of which nobody knows how it ended.
NoAnswer: TypeAlias = Literal[
    #: It is kept until somebody finds out.
    "hold",
    #: It is sent again with the same key: the buyer knows what it has by that.
    "retry",
]

#: Where the delivery of a sale stands.
DeliveryState: TypeAlias = Literal[
    #: It waits for somebody to claim it, at its time.
    "ready",
    #: Somebody has claimed it, and tries.
    "claimed",
    #: Nobody knows whether the buyer has it: it is kept until somebody finds out, or says that it is tried again.
    "unknown",
    #: It was given up: there is a dead letter.
    "dead",
    #: The buyer has it, or nobody has to deliver it any more.
    "done",
]

#: How a dead letter came to its end.
DeadEnd: TypeAlias = Literal[
    #: It was given out again, under the same key.
    "redriven",
    #: The buyer had taken it after all.
    "accepted",
    #: Its person was forgotten.
    "forgotten",
]

#: How a submitted lead ended, for its supplier.
SubmitEnd: TypeAlias = Literal[
    #: Somebody has it.
    "sold",
    #: It is kept safe, and was not placed in time: it is delivered all the same, and what becomes of it is told later.
    "pending",
    #: It waits, as the plan says.
    "queued",
    #: Nobody took it.
    "unsold",
    #: Nobody wants such leads.
    "unmatched",
    #: The person was here before.
    "duplicate",
    #: The person is not sold.
    "suppressed",
    #: Something is wrong with it.
    "rejected",
    #: It was a test.
    "test",
]

#: What the ping of a posted lead was good for.
PingUse: TypeAlias = Literal[
    #: The supplier gets what was bid, or more.
    "honoured",
    #: What was bid cannot be paid any more: a cap is used up, a buyer refuses, a bid ran out.
    "not_honoured",
    #: Nothing was bid; the lead was decided all the same.
    "no_bid",
    #: The lead says something else than its ping: the bid is void, and it was decided anew (rule 61).
    "changed",
    #: The bid ran out before, and it was decided anew.
    "expired",
    #: There is no such ping of this source, and it was decided as if it named none.
    "unknown",
    #: The ping was posted before: this is what came of it then (rule 64).
    "again",
]

#: What is known of a problem.
GroupState: TypeAlias = Literal[
    #: Nobody has looked at it.
    "new",
    #: Somebody has, and it stays as it is.
    "known",
    #: Somebody says that it will not come again.
    "resolved",
    #: It came again after that.
    "regressed",
]

#: What a report has a row for.
SumsBy: TypeAlias = Literal[
    #: Each civil date in the plan's zone.
    "day",
    #: Each hour of the day, 0 to 23. An hour that came twice is one.
    "hour",
    #: Each source.
    "source",
    #: Each contract that bought.
    "contract",
    #: Each outcome.
    "outcome",
]

#: A kind of field.
FieldKind: TypeAlias = Literal[
    #: an address of the United States in one line
    "address_line",
    #: `yes`, `Y`, `1`, `on`, `own`, `false` …
    "boolean",
    #: a word that affirms or declines: `yes`, `I agree`, `opt out`; what is neither is refused, and nothing is no consent
    "consent",
    #: a word (`great`, `Fair (620-679)`) or a score
    "credit_band",
    #: `720`, `Excellent (720)`; of `680-719` and `720+` the lower end
    "credit_score",
    #: `2026-11-24`, `11/24/2026`, `24 Nov 2026`, `20261124` and the like; the month first where it could be either
    "date",
    #: `12.5`, `1,234.5`, `1.2k`; of a range the lower end
    "decimal",
    #: one address, also in angle brackets or after `mailto:`
    "email",
    #: one of the words or its other spellings, however they are written
    "enum",
    #: `1,200`, `12 k`; of a range the lower end
    "integer",
    #: one address of version 4 or 6, with a port or in brackets; of the list of a proxy the first public one
    "ip",
    #: 32 hexadecimal digits, in five groups or none
    "leadid",
    #: a list, one value alone, or a JSON list as text; of kinds without commas also words with commas between
    "list",
    #: `$1,234.50`, `250k`, `1.2 million`, `1.234,50`; of a range the lower end
    "money",
    #: `LEE, Amy`, `dr. amy van der lee jr`; of two people the first
    "name",
    #: `6.5%`, `6.5 percent`, `6,5 %`
    "percent",
    #: a number of any country, however it is grouped, with its extension
    "phone",
    #: an object, or one as text; its keys however they are written
    "record",
    #: a domain name
    "registrable_domain",
    #: nine digits, in groups of 3, 2 and 4 or none; or `true`
    "ssn",
    #: four digits, also `xxx-xx-1234`
    "ssn_last4",
    #: letters, name or old abbreviation of a state or a province
    "state",
    #: anything
    "text",
    #: RFC 3339, seconds or milliseconds since 1970, or a date with time and zone: `11/24/2026 3:30 pm EST`
    "timestamp",
    #: the link of a certificate, or its 40 digits
    "trustedform_url",
    #: a link of the web, also without `https://`
    "url",
    #: what a browser says it is
    "user_agent",
    #: 32 hexadecimal digits, in five groups or none, in braces or after `urn:uuid:`
    "uuid",
    #: a make or what people call it: `chevy`, `VW`; one that is not known is kept
    "vehicle_make",
    #: a few words
    "vehicle_model",
    #: `2019`, `'19`; at most two years ahead of `as_of`
    "vehicle_year",
    #: 17 signs, with spaces or dashes; I, O and Q where the check digit bears them out
    "vin",
    #: five or nine digits, fewer where a zero in front was lost; a postal code of Canada
    "zip",
]


class _Decision(TypedDict):
    """The complete answer about one lead. Members are written in this order."""

    #: Who got it.
    assignments: list[Assignment]
    #: When: the effective time of the decision.
    at: Timestamp
    #: The canonical lead. Personal data.
    canonical: dict[str, Value]
    #: What was changed. Personal data.
    corrections: list[Correction]
    #: SHA-256 over the members; 64 hex digits.
    digest: str
    #: Which engine decided.
    engine: EngineVersion
    #: `<source>/<lead>.<n>`.
    id: DecisionId
    #: The lead.
    lead: LeadId
    #: The money.
    money: DecisionMoney
    #: What became of the lead.
    outcome: Outcome
    #: The plan's hash, `sha256:` and 64 hex digits.
    plan: str
    #: What was wrong with the lead.
    problems: list[Problem]
    #: The seed.
    seed: Seed
    #: The channel it came through.
    source: SourceId
    #: Whose it is.
    tenant: TenantId
    #: Why.
    trace: Trace
    #: Version of this format.
    v: Literal[1]


class Decision(_Decision, total=False):
    """The complete answer about one lead. Members are written in this order."""

    #: What the lists of the plan said, by name; those that could hold no value of the lead are left out.
    lists: dict[str, ListRead]
    #: What happens next, when nobody took it.
    next: Next
    #: Whether another system decided, and this is what it did; absent where we decided.
    observed: bool
    #: What operations had changed about contracts whose criteria were met, by contract and by what they set.
    overrides: dict[str, dict[str, Standing]]
    #: The decision that this one follows.
    parent: DecisionId
    #: How good the lead looks; absent where nothing speaks against it.
    quality: Quality


class Assignment(TypedDict):
    """This lead to this contract at this price."""

    #: Who gets it.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: Through which group, `route/group`.
    group: str
    #: The delivery key, the same for every attempt: 64 hex digits.
    key: str
    #: What the buyer pays.
    price: Money
    #: Alone or with others.
    sale: Sale
    #: Where it stands.
    state: AssignmentState


#: A change that was made to a value. It holds the value, so it is personal data and redaction removes it.
Correction = TypedDict(
    "Correction",
    {
        #: Which change.
        "code": "CorrectionCode",
        #: The text before.
        "from": "str",
        #: Where: a JSON Pointer into the lead.
        "path": "str",
        #: The text after.
        "to": "str",
    },
)


class EngineVersion(TypedDict):
    """Which engine decided: the same bytes need the same engine."""

    #: The version of its embedded data (ZIP codes, zones, phone metadata).
    data: str
    #: The version of the library.
    version: str


class ListRead(TypedDict, total=False):
    """What a list said about the lead (rule 75)."""

    #: How many entries it had, where that is known.
    count: int
    #: Whether the lead is on it; none when it gave no answer.
    hit: bool
    #: Which state of the list was asked.
    version: str
    #: Why it gave no answer.
    why: ListUnavailable


class DecisionMoney(TypedDict):
    """The money of a decision; margin = revenue − payout."""

    #: The plan's currency.
    currency: Currency
    #: What stays.
    margin: Money
    #: What the source gets.
    payout: Money
    #: What buyers pay.
    revenue: Money


class _Next(TypedDict):
    """What happens next to a lead that nobody took, or that waits."""

    #: `retry`: it is decided again by itself. `hold`: somebody has to release it. `store`: it is kept, and that is all.
    action: Literal["hold", "retry", "store"]


class Next(_Next, total=False):
    """What happens next to a lead that nobody took, or that waits."""

    #: When it is decided again.
    at: Timestamp
    #: Until when.
    until: Timestamp


class _Standing(TypedDict):
    """An override as it stands: in the store, and in the decisions that it bore on."""

    #: Who said so.
    by: str
    #: Why.
    reason: str
    #: Since when.
    since: Timestamp
    #: What it sets: `paused`, `50`, `45.00`.
    value: str


class Standing(_Standing, total=False):
    """An override as it stands: in the store, and in the decisions that it bore on."""

    #: Until when.
    until: Timestamp


class _Problem(TypedDict):
    """Something about a lead's data. It never carries the value itself, only its shape."""

    #: What was done with the value.
    action: Action
    #: What it is.
    code: ProblemCode
    #: Where: a JSON Pointer (RFC 6901) into the lead; empty for the lead as a whole.
    path: str
    #: How bad it is.
    severity: Severity


class Problem(_Problem, total=False):
    """Something about a lead's data. It never carries the value itself, only its shape."""

    #: What would have been right.
    expected: str
    #: The value's shape: digits as `9`, letters as `a` or `A`. Never the value.
    shape: str
    #: Which bytes of the value.
    span: Span
    #: A likely right value, where it says nothing about the person.
    suggestion: str


class Span(TypedDict):
    """A range of bytes in the text that a problem is about: `start` is the first, `end` one past the last."""

    #: One past the last byte.
    end: int
    #: First byte.
    start: int


class Quality(TypedDict):
    """The score of a lead, made of signals. It refuses nobody by itself; criteria may ask about it as `quality`."""

    #: What the score is made of, the weightiest first; empty where nothing speaks against the lead, and where there is none.
    reasons: list[QualityReason]
    #: From 0 to 1000: 1000 where nothing speaks against the lead.
    score: int


class QualityReason(TypedDict):
    """A signal and what it adds to the score."""

    #: The signal.
    code: ProblemCode
    #: Its points: less than zero where it speaks against the lead.
    points: int


class Trace(TypedDict):
    """Why the decision came out as it did."""

    #: Contracts whose criteria were met; `explain` adds all the others.
    entries: list[TraceEntry]
    #: How many contracts were left after each step.
    funnel: Funnel
    #: The groups that were asked, in order.
    groups: list[TraceGroup]


class _TraceEntry(TypedDict):
    """Why one contract did or did not get the lead."""

    #: Why; `contract.sold` for one that got it.
    code: ReasonCode
    #: The contract.
    contract: ContractId
    #: Its group, `route/group`.
    group: str


class TraceEntry(_TraceEntry, total=False):
    """Why one contract did or did not get the lead."""

    #: Which check decided: `where.homeowner`, `caps.contract.day`, …
    check: str
    #: What was found; for a field of the lead its shape only.
    found: str
    #: What was wanted.
    wanted: str


class Funnel(TypedDict):
    """How many contracts were left after each step."""

    #: Contracts of the route.
    considered: int
    #: … with cap, funds and margin for it.
    eligible: int
    #: … whose criteria are met.
    matched: int
    #: … that are open and may take this lead (hours, sale, duplicates).
    open: int
    #: … that got it.
    sold: int


class _TraceGroup(TypedDict):
    """What a group did with the lead."""

    #: How many of its contracts could take the lead.
    eligible: int
    #: `route/group`.
    group: str
    #: The selection method.
    select: str
    #: Who got it, in order.
    took: list[ContractId]


class TraceGroup(_TraceGroup, total=False):
    """What a group did with the lead."""

    #: What was heard of its contracts that were asked for bids.
    auction: list[TraceBid]
    #: By revenue: the most for having it alone.
    exclusive: Money
    #: `greedy` when there were too many ways to sell it to look at all of them (rule 35).
    search: str
    #: By revenue: the most for sharing it, all together.
    shared: Money


#: What was heard of a contract that was asked for a bid.
TraceBid = TypedDict(
    "TraceBid",
    {
        #: The contract.
        "contract": "ContractId",
        #: What the buyer calls it.
        "id": "str",
        #: `bid`, `no_bid`, `late`, `timeout`, `error`, `not_sent`, `expired`, or `bad_bid.` and why.
        "is": "str",
        #: The price; of what is no bid what it said.
        "price": "Money",
        #: To have the lead alone, or to share it.
        "sale": "Sale",
        #: How long it took, in milliseconds.
        "took_ms": "int",
        #: Until when a bid holds.
        "until": "Timestamp",
    },
    total=False,
)


class Receipt(TypedDict):
    """What the store says about a decision; not part of its bytes."""

    #: How safe it is.
    durability: Durability
    #: The lead had been decided before: these are the bytes of then.
    replayed: bool
    #: Position in the store's log; 0 when not recorded.
    seq: int


class Event(TypedDict):
    """One thing that happened. `data` holds no personal data."""

    #: When.
    at: Timestamp
    #: The rest, as canonical JSON text.
    data: str
    #: What.
    kind: EventKind
    #: About what.
    subject: Subject
    #: Whose.
    tenant: TenantId


class LeadDecidedEvent(TypedDict):
    """A decision was made and recorded."""

    #: What it says.
    data: LeadDecided
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["lead.decided.v1"]


class _LeadDecided(TypedDict):
    """What a decision did. With the time and the subject of its event it says everything that the tables of decisions, counters, deliveries and sums hold of it."""

    #: What became of the lead.
    outcome: Outcome


class LeadDecided(_LeadDecided, total=False):
    """What a decision did. With the time and the subject of its event it says everything that the tables of decisions, counters, deliveries and sums hold of it."""

    #: Who got it, in the order of the sales; absent for none.
    assignments: list[Sold]
    #: What was added to counters, of caps, rates and funds, by their keys.
    counters: dict[str, int]
    #: The currency of all amounts.
    currency: Currency
    #: The civil date in the plan's zone, under which reports count it; absent for a test, which none counts.
    date: CivilDate
    #: What was added to rolling caps at the time of the event, by their keys.
    moments: dict[str, int]
    #: `true` where another system decided, and this is what it did.
    observed: str
    #: The decision that this one follows.
    parent: DecisionId
    #: The hash of the plan.
    plan: str
    #: The codes of the problems that refused it; absent for none.
    problems: list[ProblemCode]
    #: Which quarter of an hour of the date: 0 to 99.
    slot: int
    #: `true` for a test whose answer was fixed by the lead; the others say so by their outcome.
    test: str


class Sold(TypedDict):
    """One sale of a decision."""

    #: Who gets it.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: Through which group, `route/group`.
    group: str
    #: The delivery key, the same for every attempt: 64 hex digits.
    key: str
    #: What the source gets for it.
    payout: Money
    #: What the buyer pays.
    price: Money
    #: Alone or with others.
    sale: Sale


class LeadAssignedEvent(TypedDict):
    """A contract got the lead."""

    #: What it says.
    data: LeadAssigned
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["lead.assigned.v1"]


class _LeadAssigned(TypedDict):
    """One sale by itself, for whoever waits for sales only."""

    #: Who gets it.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId


class LeadAssigned(_LeadAssigned, total=False):
    """One sale by itself, for whoever waits for sales only."""

    #: The delivery key; absent in events of before it was told.
    key: str
    #: What the buyer pays; absent in events of before it was told.
    price: Money


class LeadHeldEvent(TypedDict):
    """The lead waits: for a person, a list, an hour to call, or room."""

    #: What it says.
    data: LeadHeld
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["lead.held.v1"]


class LeadHeld(TypedDict):
    """A lead that waits."""

    #: When it is looked at again.
    due: Timestamp
    #: When it does not wait any longer.
    until: Timestamp
    #: What it waits for.
    why: WaitsFor


class LeadReleasedEvent(TypedDict):
    """Somebody released, mended or dropped a lead that waited."""

    #: What it says.
    data: LeadReleased
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["lead.released.v1"]


class LeadReleased(TypedDict):
    """A lead that waited, and that somebody decided about."""

    #: Who said so.
    by: str
    #: What was done: `release`, `fix` or `drop`.
    do: str
    #: Why.
    reason: str


class CapExhaustedEvent(TypedDict):
    """A cap has no room for another sale like this one."""

    #: What it says.
    data: CapExhausted
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["cap.exhausted.v1"]


class CapExhausted(TypedDict):
    """A cap that has no room for another such sale."""

    #: Whose cap and which, as `caps.contract.day`.
    cap: str
    #: The counter that it counts with.
    counter: str
    #: How much it lets through.
    limit: str


class CapReservedEvent(TypedDict):
    """Another system took room from the limits of a contract before it sells."""

    #: What it says.
    data: CapReserved
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["cap.reserved.v1"]


class _CapReserved(TypedDict):
    """Room that another system took before it sells."""

    #: The name of the reservation.
    key: str


class CapReserved(_CapReserved, total=False):
    """Room that another system took before it sells."""

    #: What was added to counters, of caps, rates and funds, by their keys.
    counters: dict[str, int]
    #: What was added to rolling caps at the time of the event, by their keys.
    moments: dict[str, int]
    #: How long it is held; absent where it is sold already.
    until: Timestamp


class CapConfirmedEvent(TypedDict):
    """What it reserved is sold."""

    #: What it says.
    data: CapConfirmed
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["cap.confirmed.v1"]


class CapConfirmed(TypedDict):
    """A reservation that became a sale."""

    #: The name of the reservation.
    key: str


class CapReleasedEvent(TypedDict):
    """What it reserved was given back."""

    #: What it says.
    data: CapReleased
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["cap.released.v1"]


class _CapReleased(TypedDict):
    """A reservation that was given back."""

    #: When it was made: what rolling caps counted at that time is taken away.
    at: Timestamp
    #: `released`, `expired` where its time was over, or `posted` where the lead of a bid is decided that it was held for.
    because: str
    #: The name of the reservation.
    key: str


class CapReleased(_CapReleased, total=False):
    """A reservation that was given back."""

    #: What is taken away from counters, by their keys.
    counters: dict[str, int]
    #: What is taken away from rolling caps, by their keys.
    moments: dict[str, int]


class ConsentRevokedEvent(TypedDict):
    """Somebody took their consent back."""

    #: What it says.
    data: ConsentChanged
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["consent.revoked.v1"]


class _ConsentChanged(TypedDict):
    """A consent that was taken back or given anew. Whose it is, is not said."""

    #: How many phones and email addresses it was said about.
    values: str


class ConsentChanged(_ConsentChanged, total=False):
    """A consent that was taken back or given anew. Whose it is, is not said."""

    #: For how many of the phones and email addresses it changed nothing; absent for none.
    already: str
    #: Who said so.
    by: str
    #: Why.
    reason: str


class ConsentRestoredEvent(TypedDict):
    """Somebody who had taken it back gave it anew."""

    #: What it says.
    data: ConsentChanged
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["consent.restored.v1"]


class OverrideSetEvent(TypedDict):
    """Operations changed what holds for a contract, beside the plan."""

    #: What it says.
    data: OverrideSet
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["override.set.v1"]


class _OverrideSet(TypedDict):
    """Something that holds for a contract beside the plan."""

    #: Who said so.
    by: str
    #: Why.
    reason: str
    #: What it is set to.
    value: str
    #: What is set: `status`, `caps.day`, `price.exclusive`.
    what: str


class OverrideSet(_OverrideSet, total=False):
    """Something that holds for a contract beside the plan."""

    #: Until when.
    until: Timestamp
    #: The id by which the contract was first known, where it is another one now.
    was: ContractId


class OverrideClearedEvent(TypedDict):
    """Operations took such a change back."""

    #: What it says.
    data: OverrideCleared
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["override.cleared.v1"]


class _OverrideCleared(TypedDict):
    """Something that the plan says again."""

    #: Who said so.
    by: str
    #: Why.
    reason: str
    #: What is no longer set.
    what: str


class OverrideCleared(_OverrideCleared, total=False):
    """Something that the plan says again."""

    #: The id by which the contract was first known, where it is another one now.
    was: ContractId


class FundsChangedEvent(TypedDict):
    """Money was paid in for a buyer, or taken out."""

    #: What it says.
    data: FundsChanged
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["funds.changed.v1"]


class FundsChanged(TypedDict):
    """Money paid in for a buyer, or taken out."""

    #: How much; less than zero was taken out.
    add: Money
    #: What the buyer has after it.
    balance: Money
    #: Who said so.
    by: str
    #: Why.
    reason: str


class LeadReturnedEvent(TypedDict):
    """A buyer gave a lead back."""

    #: What it says.
    data: LeadReturned
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["lead.returned.v1"]


class _LeadReturned(TypedDict):
    """A lead that a buyer gave back."""

    #: Who gave it back.
    buyer: BuyerId
    #: Who said so.
    by: str
    #: Under which contract it was sold.
    contract: ContractId
    #: The delivery key of the sale: 64 hex digits.
    key: str
    #: What the buyer does not have to pay.
    price: Money
    #: Why.
    reason: str


class LeadReturned(_LeadReturned, total=False):
    """A lead that a buyer gave back."""

    #: What the supplier gives back of its payout; absent for nothing.
    claw_back: Money
    #: What was added to counters, of caps and funds, by their keys.
    counters: dict[str, int]
    #: The closed statement that has the sale; the return is in the next one.
    refers_to: str
    #: The account of the supplier that gives back.
    supplier: Account


class SaleFellEvent(TypedDict):
    """A sale did not come about: the buyer does not have the lead."""

    #: What it says.
    data: SaleFell
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["sale.fell.v1"]


class _SaleFell(TypedDict):
    """A sale that did not come about: the buyer does not have the lead, and what the sale took is given back. Or one that did after all, and takes it again."""

    #: How the attempt ended, as `rejected` or `accepted`; `no_answer` where it was not counted as sold after its time.
    because: str
    #: To whom it was sold.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: The civil date in the plan's zone under which reports have the sale.
    date: CivilDate
    #: The delivery key of the sale: 64 hex digits.
    key: str
    #: What the buyer does not have to pay, or has to again.
    price: Money
    #: Which quarter of an hour of the date: 0 to 99.
    slot: int
    #: When it was sold.
    sold_at: Timestamp


class SaleFell(_SaleFell, total=False):
    """A sale that did not come about: the buyer does not have the lead, and what the sale took is given back. Or one that did after all, and takes it again."""

    #: The part of the payout that the supplier gives back, or gets again; absent for nothing.
    claw_back: Money
    #: What was added to counters, of caps and funds, by their keys.
    counters: dict[str, int]
    #: What was added to rolling caps at the time of the sale, by their keys.
    moments: dict[str, int]
    #: The closed statement that has the sale; this is in the next one.
    refers_to: str
    #: The account of the supplier that gives back.
    supplier: Account


class SaleHonoredEvent(TypedDict):
    """A sale that fell came about after all: its buyer told late that it has the lead."""

    #: What it says.
    data: SaleFell
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["sale.honored.v1"]


class MoneyAdjustedEvent(TypedDict):
    """Another amount is owed, for a reason that no lead gives."""

    #: What it says.
    data: MoneyAdjusted
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["money.adjusted.v1"]


class MoneyAdjusted(TypedDict):
    """Another amount is owed, for a reason that no lead gives."""

    #: To which account it was posted.
    account: Account
    #: How much more a buyer owes or a supplier is owed; less than zero is less.
    add: Money
    #: What is owed after it.
    balance: Money
    #: Who said so.
    by: str
    #: `adjust`, or `payment` where a bill was paid.
    kind: PostingKind
    #: Why.
    reason: str


class StatementClosedEvent(TypedDict):
    """A statement was closed: what it says does not change any more."""

    #: What it says.
    data: StatementWasClosed
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["statement.closed.v1"]


#: A statement that does not change any more.
StatementWasClosed = TypedDict(
    "StatementWasClosed",
    {
        #: Who said so.
        "by": "str",
        #: What is owed after it.
        "closing": "Money",
        #: Its first day; absent for the first one, which has all that was before.
        "from": "CivilDate",
        #: The hash of the statement.
        "hash": "str",
        #: `buyer:acme.1`.
        "id": "str",
        #: What was owed before it.
        "opening": "Money",
        #: Why.
        "reason": "str",
        #: Its last day.
        "to": "CivilDate",
    },
    total=False,
)


class PersonForgottenEvent(TypedDict):
    """The leads of somebody were erased, for they asked for it."""

    #: What it says.
    data: PersonForgotten
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["person.forgotten.v1"]


class _PersonForgotten(TypedDict):
    """Leads of somebody were erased. Whose they were, is not said."""

    #: Who said so.
    by: str
    #: From how many decisions, in the transaction of this event; there may be more of them.
    decisions: str
    #: Why.
    reason: str


class PersonForgotten(_PersonForgotten, total=False):
    """Leads of somebody were erased. Whose they were, is not said."""

    #: How many leads of the past, where there were any.
    history: str


class PlanActivatedEvent(TypedDict):
    """An engine began to decide by another plan than the one before."""

    #: What it says.
    data: PlanActivated
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["plan.activated.v1"]


class _PlanActivated(TypedDict):
    """A plan that leads are decided by from now on."""

    #: The name that the plan gives itself.
    name: str
    #: Its hash.
    plan: str


class PlanActivated(_PlanActivated, total=False):
    """A plan that leads are decided by from now on."""

    #: The hash of the plan of before; absent for the first.
    before: str


class ProblemNewEvent(TypedDict):
    """A problem that the error ledger did not have."""

    #: What it says.
    data: ProblemMet
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["problem.new.v1"]


class ProblemMet(TypedDict):
    """A problem that is new, or that came again."""

    #: What is wrong.
    code: ProblemCode
    #: Where: a JSON Pointer, with `*` for the entries of a list.
    path: str
    #: Which problem of the error ledger.
    problem: Fingerprint


class ProblemRegressedEvent(TypedDict):
    """A problem came again after somebody had resolved it."""

    #: What it says.
    data: ProblemMet
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["problem.regressed.v1"]


class ProblemAcknowledgedEvent(TypedDict):
    """Somebody knows a problem, and it stays as it is."""

    #: What it says.
    data: ProblemNoted
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["problem.acknowledged.v1"]


class ProblemNoted(TypedDict):
    """What somebody said about a problem."""

    #: Who said so.
    by: str
    #: Why.
    reason: str


class ProblemResolvedEvent(TypedDict):
    """Somebody says that a problem will not come again."""

    #: What it says.
    data: ProblemNoted
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["problem.resolved.v1"]


class DeliveryAttemptedEvent(TypedDict):
    """Somebody is about to send a lead to its buyer."""

    #: What it says.
    data: DeliveryAttempted
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["delivery.attempted.v1"]


class DeliveryAttempted(TypedDict):
    """Somebody is about to send a lead."""

    #: Which attempt, the first being 1.
    attempt: int
    #: To whom.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: The delivery key: 64 hex digits.
    key: str
    #: Until when its end has to be told.
    until: Timestamp


class DeliveryAcceptedEvent(TypedDict):
    """The buyer has the lead."""

    #: What it says.
    data: DeliveryAccepted
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["delivery.accepted.v1"]


#: The buyer has the lead.
DeliveryAccepted = TypedDict(
    "DeliveryAccepted",
    {
        #: By which attempt.
        "attempt": "int",
        #: Who has it.
        "buyer": "BuyerId",
        #: `accepted`, or `duplicate_of_ours` where it had it already.
        "class": "AttemptClass",
        #: For one that came too late to be honoured: the buyer that has the lead, or the check that has no room.
        "conflict": "str",
        #: Under which contract.
        "contract": "ContractId",
        #: The currency of `price`, where the buyer said so.
        "currency": "Currency",
        #: The delivery key: 64 hex digits.
        "key": "str",
        #: `true` where it was told after something else was done about it.
        "late": "str",
        #: What the buyer says that it pays, where it says so; what it owes is the price of the sale (rule 48).
        "price": "Money",
        #: What the buyer calls the lead, where it says so.
        "their_id": "str",
    },
    total=False,
)


class DeliveryRejectedEvent(TypedDict):
    """An attempt ended, and the buyer did not get the lead by it."""

    #: What it says.
    data: DeliveryRejected
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["delivery.rejected.v1"]


#: An attempt by which the buyer did not get the lead.
DeliveryRejected = TypedDict(
    "DeliveryRejected",
    {
        #: Which attempt.
        "attempt": "int",
        #: To whom.
        "buyer": "BuyerId",
        #: How it ended.
        "class": "AttemptClass",
        #: Under which contract.
        "contract": "ContractId",
        #: The delivery key: 64 hex digits.
        "key": "str",
        #: Why, in a word of the plan or of the buyer, where it said so.
        "reason": "str",
        #: When it is tried again; absent where it is not.
        "retry_at": "Timestamp",
        #: The status of the answer, where there was one.
        "status": "int",
    },
    total=False,
)


class DeliveryUnknownEvent(TypedDict):
    """Nobody knows how an attempt ended."""

    #: What it says.
    data: DeliveryUnknown
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["delivery.unknown.v1"]


class _DeliveryUnknown(TypedDict):
    """An attempt of which nobody knows how it ended."""

    #: Which attempt.
    attempt: int
    #: `told`; `claim_over` where nothing was told in its time; `too_old` or `no_lead` where it is not tried once more.
    because: str
    #: To whom.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: The delivery key: 64 hex digits.
    key: str


class DeliveryUnknown(_DeliveryUnknown, total=False):
    """An attempt of which nobody knows how it ended."""

    #: When it is tried again under the same key; absent where it is kept until somebody finds out.
    retry_at: Timestamp
    #: The status of the answer, where there was one.
    status: int


class DeliveryDeadLetteredEvent(TypedDict):
    """A delivery was given up."""

    #: What it says.
    data: DeliveryDeadLettered
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["delivery.dead_lettered.v1"]


class DeliveryDeadLettered(TypedDict):
    """A delivery that was given up."""

    #: To whom it was to go.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: The delivery key: 64 hex digits.
    key: str
    #: Why.
    reason: DeadReason


class DeliveryRedrivenEvent(TypedDict):
    """Somebody lets a delivery be tried again."""

    #: What it says.
    data: DeliveryRedriven
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["delivery.redriven.v1"]


class DeliveryRedriven(TypedDict):
    """A delivery that is tried again because somebody says so."""

    #: To whom it goes: as before.
    buyer: BuyerId
    #: Who said so.
    by: str
    #: Under which contract.
    contract: ContractId
    #: The delivery key, as before: 64 hex digits.
    key: str
    #: Why.
    reason: str


class BreakerChangedEvent(TypedDict):
    """The breaker of a buyer opened, tries again, or closed; or somebody said so."""

    #: What it says.
    data: BreakerChanged
    #: What the data is.
    datacontenttype: Literal["application/json"]
    #: The name of the data's schema.
    dataschema: str
    #: The same whenever the event is read: what comes twice is known by it.
    id: str
    #: The lead, `source/lead`, or the subject: what has the same one is to be worked off in its order.
    partitionkey: str
    #: The position in the log, in 20 digits: the order of the texts is that of the events.
    sequence: str
    #: `/leadwright/` and the tenant.
    source: str
    #: The version of CloudEvents.
    specversion: Literal["1.0"]
    #: What it is about.
    subject: Subject
    #: When.
    time: Timestamp
    #: What happened.
    type: Literal["breaker.changed.v1"]


#: A breaker that stands elsewhere now.
BreakerChanged = TypedDict(
    "BreakerChanged",
    {
        #: Whose.
        "buyer": "BuyerId",
        #: Who said so; absent where it went by itself.
        "by": "str",
        #: For what the buyer is called.
        "channel": "Channel",
        #: Where it stood.
        "from": "BreakerState",
        #: Why, where somebody said so.
        "reason": "str",
        #: Where it stands now.
        "to": "BreakerState",
        #: When it tries again, where it is open.
        "until": "Timestamp",
    },
    total=False,
)


class _SubscriberLag(TypedDict):
    """Somebody who reads the events, and how far it is behind."""

    #: How many events of these types came after it.
    behind: int
    #: Under which name.
    name: SubscriberName
    #: The last event that was worked off; 0 before the first.
    position: int
    #: Which types of events; none for all.
    types: list[EventKind]


class SubscriberLag(_SubscriberLag, total=False):
    """Somebody who reads the events, and how far it is behind."""

    #: What the clock of the store was when the cursor was moved last; absent before the first decision.
    updated_at: Timestamp


class _Explanation(TypedDict):
    """A decision with an entry for every contract of its route, and what was near."""

    #: The decision, as it was answered.
    decision: Decision
    #: Limits without which a contract would have had the lead.
    decisive: list[Decisive]
    #: Every contract of the route, in the order they were asked.
    entries: list[Explained]
    #: Contracts of which a criterion or two were not met, the nearest first.
    near: list[NearMiss]
    #: Each sale, with who would have had the lead otherwise.
    sales: list[ExplainedSale]
    #: On which state it was decided.
    state: ExplainedState
    #: Version of this format: 1.
    v: Literal[1]


class Explanation(_Explanation, total=False):
    """A decision with an entry for every contract of its route, and what was near."""

    #: Sales that were given back later.
    returned: list[ExplainedReturn]


class _Decisive(TypedDict):
    """Limits without which a contract would have had the lead."""

    #: Its limits: `hours`, `caps.contract.day`.
    checks: list[str]
    #: Which contract.
    contract: ContractId
    #: Through which group.
    group: str
    #: Who had it in its place.
    instead: list[ContractId]
    #: For how much it would have had the lead.
    price: Money
    #: The same as a sentence.
    text: str


class Decisive(_Decisive, total=False):
    """Limits without which a contract would have had the lead."""

    #: Whether something of the state is not known, as nobody looked at it when the lead was decided.
    perhaps: bool


class _Explained(TypedDict):
    """What an entry says, with the words for it."""

    #: Why; `contract.sold` for one that got it.
    code: ReasonCode
    #: The contract.
    contract: ContractId
    #: Its group, `route/group`.
    group: str


class Explained(_Explained, total=False):
    """What an entry says, with the words for it."""

    #: Which check decided: `where.homeowner`, `caps.contract.day`, …
    check: str
    #: The criteria of the contract in words; none for one that buys every lead.
    criteria: str
    #: Everything that was in its way, where all of it was asked for; the first is what the entry says.
    failing: list[FailingCheck]
    #: What was found; for a field of the lead its shape only.
    found: str
    #: The contract with all that was looked at, where it was asked for by name.
    full: InFull
    #: What was wanted.
    wanted: str


class _FailingCheck(TypedDict):
    """A check that a contract does not pass."""

    #: What it means for the contract.
    code: ReasonCode


class FailingCheck(_FailingCheck, total=False):
    """A check that a contract does not pass."""

    #: Which check: `where.homeowner`, `hours`, `caps.contract.day`, …
    check: str
    #: What was found; for a field of the lead its shape only.
    found: str
    #: What was wanted.
    wanted: str


class _InFull(TypedDict):
    """One contract with all that was looked at."""

    #: Whose it is.
    buyer: BuyerId
    #: The caps that a sale would count on, those of its buyer, group and source among them.
    caps: list[CapSaid]
    #: Every condition, met or not.
    conditions: list[ConditionSaid]
    #: Whether it is open at the time of the decision.
    open: bool


class InFull(_InFull, total=False):
    """One contract with all that was looked at."""

    #: Its price for having the lead alone.
    exclusive: Money
    #: Its price for sharing the lead.
    shared: Money


class _CapSaid(TypedDict):
    """A cap, and how much of it is used."""

    #: `caps.contract.day`, `caps.buyer.month.spend`.
    check: str
    #: How much there is.
    limit: str


class CapSaid(_CapSaid, total=False):
    """A cap, and how much of it is used."""

    #: How much was used before this lead; absent where nobody looked at it when the lead was decided.
    used: str


class _ConditionSaid(TypedDict):
    """A condition of criteria beside the lead."""

    #: `where.homeowner`.
    check: str
    #: What is wanted.
    wanted: str


class ConditionSaid(_ConditionSaid, total=False):
    """A condition of criteria beside the lead."""

    #: The shape of what was found.
    found: str
    #: Whether it is met: absent where that cannot be said, as something is missing.
    met: bool


class _NearMiss(TypedDict):
    """A contract that the lead nearly met."""

    #: Which: `where.credit_score`.
    checks: list[str]
    #: The contract.
    contract: ContractId
    #: How many of its criteria are not met.
    failing: int
    #: The first group that it is in, `route/group`.
    group: str
    #: `one criterion away: credit_score < 620`.
    text: str
    #: `would be eligible if credit_score >= 620`.
    would: str


class NearMiss(_NearMiss, total=False):
    """A contract that the lead nearly met."""

    #: What else was in its way: `hours`, `caps.contract.day`.
    also: list[str]


class _ExplainedReturn(TypedDict):
    """What became of a sale after its decision: it fell, came about after all, or was given back."""

    #: When.
    at: Timestamp
    #: The same as a sentence, with who said so and why.
    text: str


class ExplainedReturn(_ExplainedReturn, total=False):
    """What became of a sale after its decision: it fell, came about after all, or was given back."""

    #: Who had it, or was to have it.
    contract: ContractId


class _ExplainedSale(TypedDict):
    """A sale, and who would have had the lead without it."""

    #: Who got it.
    contract: ContractId
    #: For how much.
    price: Money
    #: The same as a sentence.
    text: str


class ExplainedSale(_ExplainedSale, total=False):
    """A sale, and who would have had the lead without it."""

    #: Who would have got it in its place; none where nobody would.
    runner_up: RunnerUp


class RunnerUp(TypedDict):
    """Who would have had the lead."""

    #: Which contract.
    contract: ContractId
    #: Through which group.
    group: str
    #: How much less that is; below zero where it is more.
    less: Money
    #: For how much.
    price: Money
    #: Alone or with others.
    sale: Sale


class Validation(TypedDict):
    """A lead after validation. Nothing is thrown away: the raw lead is with the caller, changes are listed."""

    #: Its fields. Personal data.
    canonical: dict[str, Value]
    #: What was changed. Personal data.
    corrections: list[Correction]
    #: What was wrong.
    problems: list[Problem]
    #: How good it looks.
    quality: Quality
    #: The schema.
    schema: str
    #: Version of this format: 1.
    v: Literal[1]
    #: Whether the lead is good enough to be offered.
    valid: bool


class Address(TypedDict):
    """What an address comes to."""

    #: The same for all units of a building.
    building_key: Union[str, None]
    #: The parts, in the words that were written.
    components: Components
    #: How surely all parts are the right ones, 0 to 1000: of a thousand addresses that read like this one, about so many were read right where people had labelled them. It is no word on whether mail arrives there.
    confidence: int
    #: The same for each part.
    confidence_by_part: PartConfidence
    #: Every change worth telling.
    corrections: list[Correction]
    #: `k1-` and 32 hexadecimal digits: the same for one household however it is written.
    key: Union[str, None]
    #: Standard lines (USPS Publication 28): upper case, abbreviated, completed and mended from the ZIP table.
    lines: list[str]
    #: Whether somebody should look at it: the confidence is below `REVIEW_BELOW`, or what was written contradicts itself or cannot be delivered to, however surely it was read.
    needs_review: bool
    #: What is wrong or doubtful.
    problems: list[Problem]


class Components(TypedDict, total=False):
    """The parts that were found, in the words that were written: upper case, without accents and punctuation, and with the standard abbreviation where a part has one (suffix, directionals, unit designator, state). Nothing here is a guess: what the ZIP table adds or mends is in `lines` and in the key."""

    #: The city.
    city: str
    #: The two letters of the country (ISO 3166-1): `CA`, `GB`; absent in the United States.
    country: str
    #: The street lines of a country where they are not parsed further, as they were written, one a line.
    delivery: str
    #: `123`, `123A`, `12 1/2`, `59-17`, `N6W23001`, `ONE`.
    house_number: str
    #: The number of a post office box, or of a box on a route.
    po_box: str
    #: `SW` in `MAIN ST SW`.
    postdirectional: str
    #: `N` in `N MAIN ST`.
    predirectional: str
    #: The number of the route.
    route_id: str
    #: `RR`, `HC`, and for military post `PSC`, `CMR` or `UNIT`.
    route_type: str
    #: The two letters of the state, or of the province of Canada.
    state: str
    #: In Canada: the post office of a box, `STN A`, `SUCC CENTRE-VILLE`, `RPO 3`.
    station: str
    #: The name alone: `MAIN`, `US HIGHWAY 50`, `AVENUE C`.
    street: str
    #: The other street of a corner, directionals included.
    street2: str
    #: `ST` (Publication 28, Appendix C1).
    suffix: str
    #: The suffix of the other street of a corner.
    suffix2: str
    #: `4B`.
    unit: str
    #: `7` in `BLDG 7 APT 4B`.
    unit2: str
    #: What is around the unit: the `BLDG` of `BLDG 7 APT 4B`.
    unit2_type: str
    #: `APT` (Publication 28, Appendix C2); absent where only `#` was written.
    unit_type: str
    #: In Puerto Rico: `LAS GLADIOLAS` of `URB LAS GLADIOLAS`.
    urbanization: str
    #: The ZIP code as it was written: five digits, or what stood in their place (`7302`). In Canada the postal code, `K1A 0B1`.
    zip: str
    #: The four digits after the ZIP code.
    zip4: str


class PartConfidence(TypedDict):
    """How surely each part is the right one, 0 to 1000 (thousandths), also where it is absent: the confidence of an absent unit says how surely there is none."""

    #: The city.
    city: int
    #: The state.
    state: int
    #: House number, street, box and route.
    street: int
    #: The unit, or that there is none.
    unit: int
    #: The ZIP code.
    zip: int


class AddressLine(TypedDict):
    """What `leadwright address` writes for a line: an address with the id of its line."""

    #: The same for all units of a building.
    building_key: Union[str, None]
    #: The parts, in the words that were written.
    components: Components
    #: How surely all parts are the right ones, 0 to 1000: of a thousand addresses that read like this one, about so many were read right where people had labelled them. It is no word on whether mail arrives there.
    confidence: int
    #: The same for each part.
    confidence_by_part: PartConfidence
    #: Every change worth telling.
    corrections: list[Correction]
    #: The id as it came; null where it was neither a text nor a number.
    id: Union[str, float, None]
    #: `k1-` and 32 hexadecimal digits: the same for one household however it is written.
    key: Union[str, None]
    #: Standard lines (USPS Publication 28): upper case, abbreviated, completed and mended from the ZIP table.
    lines: list[str]
    #: Whether somebody should look at it: the confidence is below `REVIEW_BELOW`, or what was written contradicts itself or cannot be delivered to, however surely it was read.
    needs_review: bool
    #: What is wrong or doubtful.
    problems: list[Problem]


class _FieldLine(TypedDict):
    """What `leadwright field` writes for a line: the value after its check. The parts of the value, as the extension of a phone number, stand beside the members named here."""

    #: What was changed. Personal data.
    corrections: list[Correction]
    #: The id as it came; null where it was neither a text nor a number.
    id: Union[str, float, None]
    #: What was wrong.
    problems: list[Problem]
    #: Whether nothing was wrong enough to refuse the value.
    valid: bool


class FieldLine(_FieldLine, total=False):
    """What `leadwright field` writes for a line: the value after its check. The parts of the value, as the extension of a phone number, stand beside the members named here."""

    #: The canonical value; absent where there is none. An amount of money that is whole is a whole number here.
    normalized: Value


class LineError(TypedDict):
    """The answer to a line that was none: blank, too long, or no JSON object where one is due."""

    #: There is none.
    id: None
    #: The number of the line, from 1.
    line: int
    #: What was wrong.
    problems: list[Problem]
    #: It is not.
    valid: Literal[False]


class _Issue(TypedDict):
    """Something about a plan, with the place to look at. A plan holds no personal data, so the text found is shown."""

    #: What it is.
    code: PlanCode
    #: Column in characters, counted from 1.
    column: int
    #: The file, as the plan names it.
    file: str
    #: Line, counted from 1.
    line: int
    #: One sentence that names what was found.
    message: str
    #: JSON Pointer into the file's document.
    path: str
    #: How bad: an error refuses the plan.
    severity: Severity
    #: Which bytes of the file.
    span: Span


class Issue(_Issue, total=False):
    """Something about a plan, with the place to look at. A plan holds no personal data, so the text found is shown."""

    #: What would have been right.
    expected: str
    #: Edits of the file that mend it.
    fix: Fix
    #: A near name.
    suggestion: str
    #: A lead that shows it.
    witness: Witness


class Fix(TypedDict):
    """Edits that mend what an issue is about. They touch nothing else: comments and the rest of the file stay."""

    #: What to write where, in the order of the file, without overlaps. They belong together.
    edits: list[Edit]
    #: Whether only the spelling changes and it says what was plainly meant. What is not safe is a guess: it takes something away, or fills something in that its author should look at.
    safe: bool


class _Edit(TypedDict):
    """One edit of a file."""

    #: Which bytes are replaced; none for an insertion.
    span: Span
    #: By what.
    text: str


class Edit(_Edit, total=False):
    """One edit of a file."""

    #: The file, where it is another one than that of the issue.
    file: str


class _Witness(TypedDict):
    """A lead that shows what an issue says. It is made up, out of values that the plan and its schemas name: nobody's data."""

    #: Its fields in canonical form; what does not matter is left out.
    lead: dict[str, Value]
    #: What happens to it.
    shows: str


class Witness(_Witness, total=False):
    """A lead that shows what an issue says. It is made up, out of values that the plan and its schemas name: nobody's data."""

    #: The lists that it is on, or not on, where that matters.
    lists: dict[str, bool]


class PlanDiff(TypedDict):
    """What changes between two plans."""

    #: What changes: the plan itself, then verticals, sources, lists, areas, hours, routes, buyers, contracts.
    changes: list[PlanChange]
    #: The hash of the plan after.
    new: str
    #: The hash of the plan before.
    old: str
    #: Version of this format: 1.
    v: Literal[1]


class _PlanChange(TypedDict):
    """What happens to one thing of the plan."""

    #: Whether it is new, gone, or another.
    change: ChangeKind
    #: Its name.
    id: str
    #: `plan`, `vertical`, `source`, `list`, `area`, `hours`, `route`, `buyer` or `contract`.
    kind: str
    #: All of it as a person would say it: `summit-dfw: price 42.50 -> 45.00, daily cap 50 -> 80`.
    text: str


class PlanChange(_PlanChange, total=False):
    """What happens to one thing of the plan."""

    #: What is another; for what is new or gone, what it says.
    lines: list[ChangeLine]


#: One thing that is said in another way.
ChangeLine = TypedDict(
    "ChangeLine",
    {
        #: What came to a set.
        "added": "list[str]",
        #: What it was; absent where it was not there, or where it is a set.
        "from": "str",
        #: Where in the thing: `sell.exclusive.price`.
        "path": "str",
        #: What left a set.
        "removed": "list[str]",
        #: As a person would say it.
        "text": "str",
        #: What it is; absent where it is gone, or where it is a set.
        "to": "str",
        #: What that is called: `price`.
        "what": "str",
    },
    total=False,
)


class Set(TypedDict, total=False):
    """What an override sets; at least one thing."""

    #: How many leads it takes, by window: `hour`, `day`, `week`, `month`, `total`.
    caps: dict[str, int]
    #: What it pays.
    price: Prices
    #: Whether it buys.
    status: Status


class Prices(TypedDict, total=False):
    """What a contract pays."""

    #: To have a lead alone.
    exclusive: Money
    #: To share it.
    shared: Money


class _Operated(TypedDict):
    """What became of an operation."""

    #: When it began to hold.
    at: Timestamp
    #: What was written into the log.
    events: list[Event]
    #: Whether the same key was used before: these are the events of then.
    replayed: bool
    #: Version of this format: 1.
    v: Literal[1]


class Operated(_Operated, total=False):
    """What became of an operation."""

    #: The next decision about the lead, for a return that offers it on.
    next: DecisionId


#: An override beside what the plan says.
Drift = TypedDict(
    "Drift",
    {
        #: Who said so.
        "by": "str",
        #: The contract.
        "contract": "ContractId",
        #: What is to be done about it.
        "is": "DriftIs",
        #: What the plan says; none where it says nothing.
        "plan": "str",
        #: Why.
        "reason": "str",
        #: Since when.
        "since": "Timestamp",
        #: Until when.
        "until": "Timestamp",
        #: What it sets: `paused`, `50`, `45.00`.
        "value": "str",
        #: What it sets: `status`, `caps.day`, `price.exclusive`.
        "what": "str",
    },
    total=False,
)


class Waiting(TypedDict):
    """A lead in the queue. Of each lead there is one row at most."""

    #: The decision that put it there.
    decision: DecisionId
    #: When it is looked at again.
    due: Timestamp
    #: When the lead first came: that is how old it is, where it does not say so itself.
    received: Timestamp
    #: Since when it waits for this.
    since: Timestamp
    #: How often it was looked at and waits on.
    tries: int
    #: When it does not wait any longer, whatever comes out.
    until: Timestamp
    #: What it waits for.
    why: WaitsFor


#: What somebody says about a lead that waits.
Release = TypedDict(
    "Release",
    {
        #: Who says so.
        "by": "str",
        #: What to do.
        "do": "ReleaseDo",
        #: The lead, as `SOURCE/LEAD`, or the decision that put it into the queue.
        "lead": "str",
        #: Why.
        "reason": "str",
        #: For `fix`: the values to replace, under the names that the lead has them under; null takes one out. Personal data.
        "with": "dict[str, Union[Value, None]]",
    },
    total=False,
)


class _Observation(TypedDict):
    """What another system did with a lead."""

    #: What became of it there. Not `queued` and not `test`: what waits is told once it is over, and the lead says that it is a test.
    outcome: Outcome


class Observation(_Observation, total=False):
    """What another system did with a lead."""

    #: When: its caps are those of that time. Now when it is absent, and where it is later.
    at: Timestamp
    #: Whether to say also what we would have decided, on the state before it.
    compare: bool
    #: To whom it was sold; exactly where the outcome is `assigned`.
    sales: list[ObservedSale]


class _ObservedSale(TypedDict):
    """A sale that another system made."""

    #: The contract of our plan that it is counted for.
    contract: ContractId


class ObservedSale(_ObservedSale, total=False):
    """A sale that another system made."""

    #: Through which group, `route/group`; the first of the route with the contract when absent.
    group: str
    #: What the buyer pays; what the contract says when absent.
    price: Money
    #: The reservation that it was made under: it is confirmed, and nothing is counted twice.
    reservation: str
    #: Alone or with others; as the contract offers it when absent.
    sale: Sale


class _Reserve(TypedDict):
    """Room that another system wants to take from our limits before it sells."""

    #: Of which contract, with its buyer, group and route.
    contract: ContractId
    #: A name for it, of whoever asks: the same again is the same request.
    key: str


class Reserve(_Reserve, total=False):
    """Room that another system wants to take from our limits before it sells."""

    #: Through which group, `route/group`; the first of the route with the contract when absent.
    group: str
    #: How long the room is kept, like `15m`, which it is when absent; at most `24h`.
    hold: str
    #: What the buyer will pay; what the contract says when absent.
    price: Money
    #: The channel that the lead came through, for its caps; none of them counts when absent.
    source: SourceId
    #: The part of that channel.
    sub_id: str
    #: Of which kind of lead; may be absent where the contract buys one.
    vertical: str


class _Reserved(TypedDict):
    """What became of a reservation."""

    #: The contract.
    contract: ContractId
    #: Its name.
    key: str
    #: Whether it was so before.
    replayed: bool
    #: The version of this answer.
    v: int


class Reserved(_Reserved, total=False):
    """What became of a reservation."""

    #: The buyer.
    buyer: BuyerId
    #: Where it stands; none where there is no room, and nothing was taken.
    state: ReservationState
    #: How long the room is kept, where it is held.
    until: Timestamp
    #: Why there is no room.
    why: TraceEntry


class _ClaimDeliveries(TypedDict):
    """Somebody wants to deliver."""

    #: How often and how long it is tried.
    policy: DeliveryTerms
    #: Who it is: a name of the host's, for people who look at attempts.
    worker: str


class ClaimDeliveries(_ClaimDeliveries, total=False):
    """Somebody wants to deliver."""

    #: How many leads of all buyers may be on their way at the same time; without it each buyer's own number counts.
    at_once: int
    #: How long they are nobody else's, like `60s`, which it is when absent; at most `1h`.
    hold: str
    #: How many at most, 1 to 256; 16 when absent.
    limit: int
    #: Only what the plan says how to send: of contracts with `post`, and of those that the plan has no more.
    posts: bool


class DeliveryTerms(TypedDict, total=False):
    """How often and how long it is tried."""

    #: How long at most since the sale, like `24h`, which it is when absent; at most `30d`.
    give_up_after: str
    #: By contract, what is done where nobody knows how an attempt ended; `hold` for those that are not named.
    no_answer: dict[str, NoAnswer]
    #: How often at most, 1 to 100; 12 when absent.
    tries: int


class Sending(TypedDict):
    """A lead to send: by whom it was bought, and what the buyer gets."""

    #: Which attempt it is, the first being 1.
    attempt: int
    #: Who gets it.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: In which currency.
    currency: Currency
    #: The decision that sold it.
    decision: DecisionId
    #: The canonical lead. Personal data.
    fields: dict[str, Value]
    #: What to report the outcome under: the key and the fence of this claim.
    id: str
    #: The delivery key, the same for every attempt: send it along, so that the buyer knows a second sending.
    key: str
    #: The lead.
    lead: LeadId
    #: What the buyer pays.
    price: Money
    #: Alone or with others.
    sale: Sale
    #: When it was sold, or redriven.
    since: Timestamp
    #: Where it came from.
    source: SourceId
    #: Until when the outcome has to be reported: from then on nobody knows how the attempt ended.
    until: Timestamp
    #: The version of this.
    v: int


#: How an attempt ended.
DeliveryOutcome = TypedDict(
    "DeliveryOutcome",
    {
        #: How; what the status says by itself when absent.
        "class": "AttemptClass",
        #: In which currency, where it said so.
        "currency": "Currency",
        #: How often and how long it is tried.
        "policy": "DeliveryTerms",
        #: What the buyer said that it pays, where it said so: the event of the acceptance has it beside the price of the sale.
        "price": "Money",
        #: Why the buyer does not want it: a word, as what it writes may tell of the lead.
        "reason": "str",
        #: `Retry-After`, in seconds.
        "retry_after": "int",
        #: The HTTP status of the answer.
        "status": "int",
        #: What the buyer calls the lead.
        "their_id": "str",
        #: How long the call took, in milliseconds: without it no call counts as slow.
        "took_ms": "int",
    },
    total=False,
)


#: What became of a delivery after a report.
DeliveryReported = TypedDict(
    "DeliveryReported",
    {
        #: Which attempt was reported.
        "attempt": "int",
        #: How it ended.
        "class": "AttemptClass",
        #: For an acceptance that came too late to be honoured: the buyer that has the lead, or the check that has no room.
        "conflict": "str",
        #: Why it was given up, where it was.
        "dead": "DeadReason",
        #: Whether its sale did not come about by it: what it took is given back.
        "fell": "bool",
        #: The delivery key.
        "key": "str",
        #: The decision by which the lead was offered to the next one, where it was.
        "next": "DecisionId",
        #: What to do about that.
        "remedy": "str",
        #: Whether the same was reported before.
        "replayed": "bool",
        #: When it is tried again, where it is.
        "retry_at": "Timestamp",
        #: Where the delivery stands.
        "state": "DeliveryState",
        #: The version of this answer.
        "v": "int",
    },
    total=False,
)


class _DeliverySeen(TypedDict):
    """A delivery, with all that is known of it. Nothing personal."""

    #: Its attempts.
    attempts: list[Attempt]
    #: Who gets it.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: Its dead letters.
    dead_letters: list[DeadLetter]
    #: The decision that sold it.
    decision: DecisionId
    #: The delivery key.
    key: str
    #: Its place in the outbox.
    position: int
    #: What the buyer pays.
    price: Money
    #: When it was sold, or redriven.
    since: Timestamp
    #: Where it stands.
    state: DeliveryState
    #: Whether its attempts prove that the buyer does not have the lead: only then may another one get it.
    undelivered: bool


class DeliverySeen(_DeliverySeen, total=False):
    """A delivery, with all that is known of it. Nothing personal."""

    #: Why it was given up, where it was.
    dead: DeadReason
    #: When it may be claimed, where it is ready.
    due: Timestamp
    #: What to do about that.
    remedy: str
    #: Until when.
    until: Timestamp
    #: Who has claimed it, where it is claimed.
    worker: str


#: An attempt to deliver. It is written before the lead is handed to whoever sends it; its end is written once it is known.
Attempt = TypedDict(
    "Attempt",
    {
        #: How it ended; absent while it goes on.
        "class": "AttemptClass",
        #: The row of the outbox.
        "delivery": "int",
        #: When its end was told, or its time was over.
        "ended_at": "Timestamp",
        #: By which claim.
        "fence": "int",
        #: Which attempt of it, the first being 1.
        "n": "int",
        #: When it is tried again, where it is.
        "retry_at": "Timestamp",
        #: When it was claimed.
        "started_at": "Timestamp",
        #: The status of the answer, where there was one.
        "status": "int",
        #: Whose.
        "worker": "str",
    },
    total=False,
)


#: A delivery that was given up.
DeadLetter = TypedDict(
    "DeadLetter",
    {
        #: When.
        "at": "Timestamp",
        #: How the last attempt ended; absent where there was none.
        "class": "AttemptClass",
        #: The row of the outbox.
        "delivery": "int",
        #: Which dead letter of it, the first being 1.
        "nth": "int",
        #: Why.
        "reason": "DeadReason",
        #: How it came to its end; absent while it is open.
        "resolved": "DeadEnd",
        #: When it did.
        "resolved_at": "Timestamp",
    },
    total=False,
)


class Backlog(TypedDict):
    """How many deliveries of a buyer stand somewhere."""

    #: Whose.
    buyer: BuyerId
    #: How many.
    count: int
    #: Since when the oldest is to be delivered.
    oldest: Timestamp
    #: Where.
    state: DeliveryState


class _BreakerSeen(TypedDict):
    """A breaker, as people look at it."""

    #: Whose.
    buyer: BuyerId
    #: How many calls it looks back at.
    calls: int
    #: For what it is called.
    channel: Channel
    #: How many of them failed.
    failures: int
    #: How many leads are on their way to the buyer.
    on_the_way: int
    #: How many more may be now.
    room: int
    #: How many of them were slow.
    slow: int
    #: Where it stands.
    state: BreakerState


class BreakerSeen(_BreakerSeen, total=False):
    """A breaker, as people look at it."""

    #: Who said that it stands there, where somebody did.
    by: str
    #: Why.
    reason: str
    #: Since when; absent where it never stood elsewhere.
    since: Timestamp
    #: When it tries again, while it is open.
    until: Timestamp


class _Submitted(TypedDict):
    """What became of a submitted lead."""

    #: The currency of amounts.
    currency: Currency
    #: The last decision about it.
    decision: DecisionId
    #: How it ended for its supplier.
    ended: SubmitEnd
    #: What that decision came to.
    outcome: Outcome
    #: What its supplier gets for the sales.
    payout: Money
    #: Who has it, or may have it.
    sales: list[SubmittedSale]
    #: The format, 1.
    v: int


class Submitted(_Submitted, total=False):
    """What became of a submitted lead."""

    #: Why it was refused, where it was.
    because: list[str]
    #: What its ping was good for, where it names one.
    ping: PingUse
    #: What the supplier is answered with, where the plan says it in `answers` of the source.
    response: str


class SubmittedSale(TypedDict):
    """A sale of a submitted lead."""

    #: Whether the buyer said that it has it, or the host delivers it; else that is not known yet.
    accepted: bool
    #: Who has it, or may have it.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: The delivery key.
    key: str
    #: What the buyer pays.
    price: Money
    #: Alone or with others.
    sale: Sale


class _Pinged(TypedDict):
    """Our answer to a supplier that asks what we would pay for a lead."""

    #: The currency of the bid.
    currency: Currency
    #: Until when the bid holds.
    expires: Timestamp
    #: What the post of the lead names.
    ping_id: str
    #: The format, 1.
    v: int


class Pinged(_Pinged, total=False):
    """Our answer to a supplier that asks what we would pay for a lead."""

    #: Why there is no bid.
    because: list[str]
    #: What the supplier gets at least, where the lead is posted with the same data and in time; none: we do not want it.
    bid: Money
    #: What the supplier is answered with, where the plan says it in `answers` of the source.
    response: str


class _Redrive(TypedDict):
    """Deliveries that were given up, and are to be tried again: to the same buyers, under the same keys."""

    #: Who says so.
    by: str
    #: Why.
    reason: str


class Redrive(_Redrive, total=False):
    """Deliveries that were given up, and are to be tried again: to the same buyers, under the same keys."""

    #: Only those to this buyer.
    buyer: BuyerId
    #: Only those under this contract.
    contract: ContractId
    #: Only say which.
    dry_run: bool
    #: Only the one of this key.
    key: str
    #: How many at most, 1 to 1,000; 100 when absent.
    limit: int
    #: In place of those that were given up, those of which nobody knows whether the buyer has them: it must know a second sending by its key.
    unknown: bool
    #: Only those that were given up for this reason.
    why: DeadReason


class _Redriven(TypedDict):
    """What was redriven, or would be."""

    #: Which.
    deliveries: list[RedrivenOne]
    #: Whether nothing was done.
    dry_run: bool
    #: Whether there are more of them.
    more: bool
    #: The version of this answer.
    v: int


class Redriven(_Redriven, total=False):
    """What was redriven, or would be."""

    #: Those whose sale fell and cannot be made again, or came back.
    left_out: list[RedriveLeftOut]


class _RedrivenOne(TypedDict):
    """A delivery that is tried again."""

    #: Who gets it: as before.
    buyer: BuyerId
    #: Under which contract.
    contract: ContractId
    #: The decision that sold it.
    decision: DecisionId
    #: The delivery key: as before.
    key: str


class RedrivenOne(_RedrivenOne, total=False):
    """A delivery that is tried again."""

    #: Why it had been given up; absent where nobody knew.
    why: DeadReason


class RedriveLeftOut(TypedDict):
    """A delivery whose sale fell or came back, and that is not tried again."""

    #: To whom.
    buyer: BuyerId
    #: The buyer that has the lead, the check that has no room, `returned` for a sale that its buyer gave back, or `no_lead`.
    conflict: str
    #: Under which contract.
    contract: ContractId
    #: The decision that sold it.
    decision: DecisionId
    #: The delivery key.
    key: str


class Person(TypedDict, total=False):
    """Whose consent it is. All that is named is meant: the phone, the email address, and those of the lead."""

    #: Who says so.
    by: str
    #: An email address. Personal data.
    email: str
    #: The same key again is the same request: nothing is done twice.
    key: str
    #: A lead that was decided, as `SOURCE/LEAD`, or a decision about it, as `SOURCE/LEAD.N`.
    lead: str
    #: A phone, as people write it. Personal data.
    phone: str
    #: How it came in, without personal data: `text STOP`, `call`.
    reason: str


class Forgotten(TypedDict):
    """What was done to forget somebody."""

    #: Decisions about the named lead whose lead had been erased before.
    before: int
    #: Decisions that are damaged, and may be about the person: nothing of them was touched.
    damaged: list[DecisionId]
    #: Decisions whose lead was erased now.
    erased: int
    #: Leads of the past that were erased now.
    history: int
    #: Decisions that were looked through: all there are.
    searched: int


class _ProblemGroup(TypedDict):
    """A row of the error ledger. It has no value of a lead, only shapes."""

    #: How often each thing was done about it.
    actions: dict[str, int]
    #: What is wrong.
    code: ProblemCode
    #: How often.
    count: int
    #: Which.
    fingerprint: Fingerprint
    #: When it was first met.
    first: Timestamp
    #: The position in the log of the first decision that has it.
    first_seq: int
    #: When it was last met.
    last: Timestamp
    #: The position of the last one.
    last_seq: int
    #: Where: a JSON Pointer, with `*` for the entries of a list.
    path: str
    #: The worst severity it had.
    severity: Severity
    #: Since when.
    since: Timestamp
    #: What is known of it.
    state: GroupState


class ProblemGroup(_ProblemGroup, total=False):
    """A row of the error ledger. It has no value of a lead, only shapes."""

    #: Who said so last.
    by: str
    #: What would have been right.
    expected: str
    #: Why.
    reason: str
    #: The shape of the value that it was first met with, never the value.
    shape: str
    #: Through which source it came; none where that was not said.
    source: str


class _Retried(TypedDict):
    """What came of looking at a decision again."""

    #: What had become of the lead.
    before: Outcome
    #: What becomes of it now; the same where nothing has changed, and then nothing is recorded.
    now: Outcome
    #: The decision that had the problem.
    was: DecisionId


class Retried(_Retried, total=False):
    """What came of looking at a decision again."""

    #: Whether what was recorded of the lead is damaged: nothing became of it, and the others were looked at.
    damaged: bool
    #: The new decision, by its id on the wire; none where nothing changed, or nothing was to be written.
    decided: DecisionId


#: What is asked of a report. The dates are included; what is not given is not looked at.
SumsQuery = TypedDict(
    "SumsQuery",
    {
        #: What there is a row for; with none, one row for all.
        "by": "list[SumsBy]",
        #: Only sales of this contract.
        "contract": "ContractId",
        #: The first day.
        "from": "CivilDate",
        #: Only leads that this became of.
        "outcome": "Outcome",
        #: Only leads of this source.
        "source": "SourceId",
        #: The last day.
        "to": "CivilDate",
    },
    total=False,
)


class _Sums(TypedDict):
    """One row of a report."""

    #: How many leads were decided; by contract, how many it got. One that waited is counted with each of its decisions.
    leads: int
    #: What stays.
    margin: Money
    #: What the sources get.
    payout: Money
    #: What buyers pay.
    revenue: Money
    #: How many sales were made of them.
    sales: int


class Sums(_Sums, total=False):
    """One row of a report."""

    #: The contract.
    contract: ContractId
    #: The civil date in the plan's zone.
    day: CivilDate
    #: The hour of the day, 0 to 23.
    hour: int
    #: What became of the leads.
    outcome: Outcome
    #: The source.
    source: SourceId


#: What is asked for: one party, and the days of it.
StatementQuery = TypedDict(
    "StatementQuery",
    {
        #: The first day; the one after the last closed statement when absent.
        "from": "CivilDate",
        #: The number of a closed one; then no days are asked for.
        "n": "int",
        #: Whose.
        "party": "Party",
        #: The last day; all there is when absent.
        "to": "CivilDate",
    },
    total=False,
)


#: What a party owes or is owed, over a period of civil days in the plan's zone. Amounts of a buyer say what it owes, those of a supplier what it is owed; less than zero is the other way round.
Statement = TypedDict(
    "Statement",
    {
        #: Who closed it; absent while it is open.
        "closed": "StatementClosed",
        #: What is open after it: the opening and all lines.
        "closing": "Money",
        #: The currency of all amounts.
        "currency": "Currency",
        #: What of that people did, one by one.
        "entries": "list[StatementEntry]",
        #: The first day; absent where it has all that was before.
        "from": "CivilDate",
        #: What was added, by kind, contract and source.
        "lines": "list[StatementLine]",
        #: What was open before.
        "opening": "Money",
        #: Whose.
        "party": "Party",
        #: The last day; absent where it goes on.
        "to": "CivilDate",
        #: Version of this format: 1.
        "v": "Literal[1]",
    },
    total=False,
)


class StatementClosed(TypedDict):
    """A statement that does not change any more."""

    #: When it was closed.
    at: Timestamp
    #: Who said so.
    by: str
    #: SHA-256 over all of it but this, and the hash of the statement before; 64 hex digits.
    hash: str
    #: `buyer:acme.1`: the party, and the number of the statement.
    id: str
    #: Why.
    reason: str


class _StatementEntry(TypedDict):
    """What somebody did."""

    #: How much.
    amount: Money
    #: When.
    at: Timestamp
    #: Who said so.
    by: str
    #: The day it is posted on.
    date: CivilDate
    #: Why.
    kind: PostingKind
    #: Why, in their words.
    reason: str


class StatementEntry(_StatementEntry, total=False):
    """What somebody did."""

    #: The closed statement that has that sale.
    refers_to: str
    #: The sale that it is about.
    sale: StatementSale


class _StatementSale(TypedDict):
    """The sale that an entry is about."""

    #: The decision.
    decision: DecisionId
    #: The day it was sold on.
    sold: CivilDate


class StatementSale(_StatementSale, total=False):
    """The sale that an entry is about."""

    #: Under which contract.
    contract: ContractId


class _StatementLine(TypedDict):
    """Postings of one kind."""

    #: How much.
    amount: Money
    #: How many.
    count: int
    #: Why.
    kind: PostingKind


class StatementLine(_StatementLine, total=False):
    """Postings of one kind."""

    #: Under which contract; absent where it is about no lead.
    contract: ContractId
    #: Through which source; absent where it is about no lead.
    source: SourceId


class Balances(TypedDict):
    """All accounts: the trial balance. Their balances sum to zero."""

    #: The accounts, in the order of their names.
    accounts: list[Balance]
    #: Version of this format: 1.
    v: Literal[1]


class Balance(TypedDict):
    """What an account stands at."""

    #: Which account.
    account: Account
    #: Debit without credit; less than zero where more was credited.
    balance: Money
    #: What was credited.
    credit: Money
    #: What was debited.
    debit: Money


__all__ = [
    "Account",
    "Action",
    "Address",
    "AddressLine",
    "Assignment",
    "AssignmentState",
    "Attempt",
    "AttemptClass",
    "Backlog",
    "Balance",
    "Balances",
    "BreakerChanged",
    "BreakerChangedEvent",
    "BreakerSeen",
    "BreakerState",
    "BreakerTo",
    "BuyerId",
    "CapConfirmed",
    "CapConfirmedEvent",
    "CapExhausted",
    "CapExhaustedEvent",
    "CapReleased",
    "CapReleasedEvent",
    "CapReserved",
    "CapReservedEvent",
    "CapSaid",
    "ChangeKind",
    "ChangeLine",
    "Channel",
    "CivilDate",
    "ClaimDeliveries",
    "CloudEvent",
    "Components",
    "ConditionSaid",
    "ConsentChanged",
    "ConsentRestoredEvent",
    "ConsentRevokedEvent",
    "ContractId",
    "Correction",
    "CorrectionCode",
    "Currency",
    "DeadEnd",
    "DeadLetter",
    "DeadReason",
    "Decision",
    "DecisionId",
    "DecisionMoney",
    "Decisive",
    "DeliveryAccepted",
    "DeliveryAcceptedEvent",
    "DeliveryAttempted",
    "DeliveryAttemptedEvent",
    "DeliveryDeadLettered",
    "DeliveryDeadLetteredEvent",
    "DeliveryOutcome",
    "DeliveryRedriven",
    "DeliveryRedrivenEvent",
    "DeliveryRejected",
    "DeliveryRejectedEvent",
    "DeliveryReported",
    "DeliverySeen",
    "DeliveryState",
    "DeliveryTerms",
    "DeliveryUnknown",
    "DeliveryUnknownEvent",
    "Drift",
    "DriftIs",
    "Durability",
    "Edit",
    "EngineVersion",
    "Event",
    "EventKind",
    "Explained",
    "ExplainedReturn",
    "ExplainedSale",
    "ExplainedState",
    "Explanation",
    "FailingCheck",
    "FieldKind",
    "FieldLine",
    "Fingerprint",
    "Fix",
    "Forgotten",
    "FundsChanged",
    "FundsChangedEvent",
    "Funnel",
    "GroupState",
    "InFull",
    "Issue",
    "LeadAssigned",
    "LeadAssignedEvent",
    "LeadDecided",
    "LeadDecidedEvent",
    "LeadHeld",
    "LeadHeldEvent",
    "LeadId",
    "LeadReleased",
    "LeadReleasedEvent",
    "LeadReturned",
    "LeadReturnedEvent",
    "LineError",
    "ListRead",
    "ListUnavailable",
    "Money",
    "MoneyAdjusted",
    "MoneyAdjustedEvent",
    "NearMiss",
    "Next",
    "NoAnswer",
    "Observation",
    "ObservedSale",
    "Operated",
    "Operation",
    "Outcome",
    "OverrideCleared",
    "OverrideClearedEvent",
    "OverrideSet",
    "OverrideSetEvent",
    "PartConfidence",
    "Party",
    "Person",
    "PersonForgotten",
    "PersonForgottenEvent",
    "PingUse",
    "Pinged",
    "PlanActivated",
    "PlanActivatedEvent",
    "PlanChange",
    "PlanCode",
    "PlanDiff",
    "PostingKind",
    "Prices",
    "Problem",
    "ProblemAcknowledgedEvent",
    "ProblemCode",
    "ProblemGroup",
    "ProblemMet",
    "ProblemNewEvent",
    "ProblemNoted",
    "ProblemRegressedEvent",
    "ProblemResolvedEvent",
    "Quality",
    "QualityReason",
    "ReasonCode",
    "Receipt",
    "Redrive",
    "RedriveLeftOut",
    "Redriven",
    "RedrivenOne",
    "Release",
    "ReleaseDo",
    "ReservationState",
    "Reserve",
    "Reserved",
    "Retried",
    "RunnerUp",
    "Sale",
    "SaleFell",
    "SaleFellEvent",
    "SaleHonoredEvent",
    "Seed",
    "Sending",
    "Set",
    "Severity",
    "Sold",
    "SourceId",
    "Span",
    "Standing",
    "Statement",
    "StatementClosed",
    "StatementClosedEvent",
    "StatementEntry",
    "StatementLine",
    "StatementQuery",
    "StatementSale",
    "StatementWasClosed",
    "Status",
    "Subject",
    "SubmitEnd",
    "Submitted",
    "SubmittedSale",
    "SubscriberLag",
    "SubscriberName",
    "Sums",
    "SumsBy",
    "SumsQuery",
    "TenantId",
    "Timestamp",
    "Trace",
    "TraceBid",
    "TraceEntry",
    "TraceGroup",
    "Validation",
    "Value",
    "Waiting",
    "WaitsFor",
    "Witness",
]
