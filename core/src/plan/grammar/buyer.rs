//! Buyers and their contracts.

use super::deliver::DELIVER;
use super::delivery::{ENDPOINTS, NO_ANSWER, PING, POST};
use super::shared::{
    BUYER_DEDUPES, CALENDAR, CAPS_KEY, CONSENT_KEY, DURATION, HOURS_VALUE, ID, IDS, MANY, MONEY, RATE_KEY, ZONE,
};
use super::{Form, Is, Key, Others, Rule, Shape, Word, key, names, required, word};

/// The file of one buyer.
pub(crate) static BUYER_FILE: Shape = Shape {
    name: "buyer_file",
    says: "One buyer with everything that concerns only this one.",
    keys: &[
        &[
            key("$schema", Is::Text(Form::Any), "Where an editor finds the JSON Schema; not part of the plan."),
            required("buyer", ID, "The id of the buyer."),
        ],
        BUYER_KEYS,
        CALENDAR,
    ],
    others: None,
    rules: &[],
};

/// Buyers written into the plan itself.
pub(super) static BUYERS: Shape =
    names("buyers", "Buyers that have no file of their own.", Form::Id, Is::Object(&BUYER), Some("buyer"));

static BUYER: Shape = Shape {
    name: "buyer",
    says: "Who receives leads and pays for them.",
    keys: &[BUYER_KEYS, CALENDAR],
    others: None,
    rules: &[],
};

const BUYER_KEYS: &[Key] = &[
    key("parent", ID, "The company or buyer it belongs to; one company gets a lead at most once (rule 38)."),
    key("timezone", ZONE, "Where this buyer's days begin and hours are read; the plan's when absent (rule 1)."),
    key("prepaid", Is::Flag, "Whether leads are paid from funds paid in before (rule 94)."),
    key("credit", MONEY, "How far funds may be overdrawn; alone it says that there are funds too (rule 94)."),
    CAPS_KEY,
    key("dedupe", BUYER_DEDUPES, "When a lead is a duplicate for this buyer (rule 71)."),
    key("returns", Is::Object(&RETURNS), "Which leads may be given back (rule 93)."),
    required("contracts", Is::Object(&CONTRACTS), "What this buyer buys."),
    key("deliver", Is::Object(&DELIVER), "How leads go out to this buyer, and when they do not."),
    key("endpoints", Is::Object(&ENDPOINTS), "Where this buyer's leads are delivered to."),
];

const REFUND: &[Word] = &[word("never"), word("same_window")];

static RETURNS: Shape = Shape {
    name: "returns",
    says: "Which leads may be given back (rule 93).",
    keys: &[&[
        required("within", DURATION, "How long after the sale."),
        key("max_rate", Is::Whole(0, 100), "How many in a hundred of a cycle."),
        key("reasons", Is::Set(&ID), "For which reasons."),
        key("return_refunds_cap", Is::Word(REFUND), "Whether a return gives its place under a cap back (rule 18)."),
    ]],
    others: None,
    rules: &[],
};

static CONTRACTS: Shape = names("contracts", "What a buyer buys.", Form::Id, Is::Object(&CONTRACT), Some("contract"));

const STATUS: &[Word] = &[word("active"), word("paused")];
const PACE: &[Word] = &[word("even")];

/// One purchase rule of a buyer.
static CONTRACT: Shape = Shape {
    name: "contract",
    says: "One purchase rule of a buyer: which leads, when, how many, at what price.",
    keys: &[&[
        key("in", Is::Object(&IN), "The groups it belongs to, as `route/group`."),
        key("house", Is::Flag, "Whether it belongs to no group and gets what `on_unsold` gives it (rule 98)."),
        key("status", Is::Word(STATUS), "Whether it buys at present; `active` when absent."),
        key("where", Is::Criteria, "Which leads it buys; all of its vertical when absent."),
        key("hours", HOURS_VALUE, "When it buys, on the buyer's clock; always when absent (rule 9)."),
        CAPS_KEY,
        required("sell", Is::Object(&SELL), "To have a lead alone, to share it, or either; and what is paid for it."),
        key("starts", Is::Text(Form::Date), "The first day it buys."),
        key("ends", Is::Text(Form::Date), "The last day it buys."),
        key(
            "call_window",
            Is::OneOf(&[Is::Text(Form::Catalogue), Is::Object(&CALL_WINDOW)]),
            "When the consumer may be called, on the consumer's clock; `skip` outside of it where only the table is named.",
        ),
        key("pace", Is::Word(PACE), "How caps are spread over the open time (rule 23)."),
        RATE_KEY,
        CONSENT_KEY,
        key(
            "repeats",
            Is::Object(&REPEATS),
            "How often a value of the lead may have come before, by `intake.repeats`.",
        ),
        key("may", Is::Object(&MAY), "What operations may change without a new plan."),
        key("never_with", IDS, "Contracts that must not get the same lead (rule 35)."),
        key("expected_return", Is::Whole(0, 100), "How many in a hundred come back; lowers its rank (rule 39)."),
        key(
            "hold",
            Is::Flag,
            "Whether what we bid to a supplier keeps a place under its caps until it runs out (rule 60).",
        ),
        key("ping", Is::Object(&PING), "How it is asked for a bid."),
        key("post", Is::Object(&POST), "How it gets the lead; by the host when absent."),
        key("no_answer", Is::Object(&NO_ANSWER), "What to do when it does not answer (rule 44)."),
        key("was", ID, "The id it was first known by; its counts and turns are kept under that (rule 29)."),
    ]],
    others: None,
    rules: &[Rule::One(&["in", "house"])],
};

const OUTSIDE_OF_WINDOW: &[Word] = &[word("skip"), word("sell"), word("hold")];

static CALL_WINDOW: Shape = Shape {
    name: "call_window",
    says: "When the consumer may be called, on the consumer's clock.",
    keys: &[&[
        required("rules", Is::Text(Form::Catalogue), "The table of rules, like `us-states@1`."),
        key(
            "outside",
            Is::Word(OUTSIDE_OF_WINDOW),
            "Outside of it: `skip` does not offer the lead, `sell` does and says when to call, `hold` lets it wait for the hour where nobody else takes it; `skip` when absent.",
        ),
    ]],
    others: None,
    rules: &[],
};

static IN: Shape = Shape {
    name: "in",
    says: "The groups a contract belongs to.",
    keys: &[],
    others: Some(Others { form: Form::GroupOfRoute, is: Is::Object(&MEMBER), what: None, some: true }),
    rules: &[],
};

static MEMBER: Shape = Shape {
    name: "member",
    says: "A contract's place in a group.",
    keys: &[&[
        key("priority", Is::Whole(0, 1_000_000), "For `priority`: the lowest comes first."),
        key("weight", Is::Whole(1, 1_000_000), "For `weighted`: its weight beside that of the others."),
        key("percent", Is::Whole(1, 100), "For `percentage`: its share; all together make 100 (rule 31)."),
    ]],
    others: None,
    rules: &[],
};

static SELL: Shape = Shape {
    name: "sell",
    says: "How a contract buys.",
    keys: &[&[
        key("exclusive", Is::Object(&EXCLUSIVE), "Alone."),
        key("shared", Is::Object(&SHARED), "Together with others."),
    ]],
    others: None,
    rules: &[Rule::Some(&["exclusive", "shared"])],
};

const PRICE: &[Key] = &[
    key("price", MONEY, "What is paid for a lead."),
    key("bid", Is::Object(&BID), "The price is asked for, lead by lead."),
];

const PRICE_RULES: &[Rule] = &[Rule::One(&["price", "bid"])];

static EXCLUSIVE: Shape =
    Shape { name: "exclusive", says: "A sale to one buyer only.", keys: &[PRICE], others: None, rules: PRICE_RULES };

static SHARED: Shape = Shape {
    name: "shared",
    says: "A sale to several buyers.",
    keys: &[PRICE, &[key("with_at_most", Is::Whole(0, 99), "How many other buyers may get the lead.")]],
    others: None,
    rules: PRICE_RULES,
};

static BID: Shape = Shape {
    name: "bid",
    says: "Which bids count.",
    keys: &[&[
        key("min", MONEY, "The least."),
        key("max", MONEY, "The most; more is a mistake, never a windfall (rule 56)."),
        key("accept_zero", Is::Flag, "Whether a bid of 0 is a bid (rule 55)."),
    ]],
    others: None,
    rules: &[],
};

static REPEATS: Shape = Shape {
    name: "most_repeats",
    says: "For each field how many leads with the same value may have come before, within the time of `intake.repeats`.",
    keys: &[],
    others: Some(Others { form: Form::FieldPath, is: Is::Whole(0, 999), what: None, some: true }),
    rules: &[],
};

static MAY: Shape = Shape {
    name: "may",
    says: "What operations may change without a new plan.",
    keys: &[&[
        key("pause", Is::Flag, "To pause and to resume it."),
        key("caps", Is::Object(&MAY_CAPS), "To set caps within these bounds."),
        key("price", Is::Object(&MAY_PRICE), "To set the price within these bounds."),
    ]],
    others: None,
    rules: &[],
};

const MAY_CAP: Is = Is::Object(&MAY_COUNT);

static MAY_CAPS: Shape = Shape {
    name: "may_caps",
    says: "Bounds for caps, by window.",
    keys: &[&[
        key("hour", MAY_CAP, "Of an hour."),
        key("day", MAY_CAP, "Of a day."),
        key("week", MAY_CAP, "Of a week."),
        key("month", MAY_CAP, "Of a month."),
        key("total", MAY_CAP, "For ever."),
    ]],
    others: None,
    rules: &[],
};

static MAY_COUNT: Shape = Shape {
    name: "may_count",
    says: "Bounds for a count.",
    keys: &[&[
        key("gte", Is::Whole(0, MANY), "Not less than this."),
        key("lte", Is::Whole(0, MANY), "Not more than this."),
    ]],
    others: None,
    rules: &[Rule::Some(&["gte", "lte"])],
};

static MAY_PRICE: Shape = Shape {
    name: "may_price",
    says: "Bounds for a price.",
    keys: &[&[key("gte", MONEY, "Not less than this."), key("lte", MONEY, "Not more than this.")]],
    others: None,
    rules: &[Rule::Some(&["gte", "lte"])],
};
