//! What several objects of a plan share: caps, hours, duplicates, words.

use super::{Form, Is, Key, Others, Rule, Shape, Word, key, names, planned, planned_word, required, word};

pub(super) const ID: Is = Is::Text(Form::Id);
pub(super) const MONEY: Is = Is::Text(Form::Money);
pub(super) const DURATION: Is = Is::Text(Form::Duration);
pub(super) const ZONE: Is = Is::Text(Form::Zone);
pub(super) const FIELDS: Is = Is::Set(&Is::Text(Form::FieldPath));
pub(super) const IDS: Is = Is::Set(&ID);

/// Most of anything that is counted in a plan.
pub(super) const MANY: i64 = 1_000_000_000;

const WEEK_STARTS: &[Word] = &[word("mon"), word("sun")];

/// Keys of whoever has a calendar of its own.
pub(super) const CALENDAR: &[Key] = &[
    key("week_starts", Is::Word(WEEK_STARTS), "The day a week begins with; Monday when absent (rule 10)."),
    key(
        "billing_day",
        Is::Whole(1, 31),
        "The day a month begins with; held to the last day of a short month (rule 11).",
    ),
];

const OF: &[Word] = &[word("sold"), planned_word("posted"), planned_word("pinged")];
const OVERSHOOT: &[Word] = &[word("none"), word("last")];

const AMOUNT: &[Key] = &[
    key("count", Is::Whole(0, MANY), "At most so many; 0 means none at all (rule 13)."),
    key("spend", MONEY, "At most so much money."),
    key("of", Is::Word(OF), "What is counted; `sold` when absent (rule 14)."),
    key("overshoot", Is::Word(OVERSHOOT), "Whether the last sale may pass a money cap; `none` when absent (rule 21)."),
];

const AMOUNT_RULES: &[Rule] =
    &[Rule::Some(&["count", "spend"]), Rule::Needs("of", "count"), Rule::Needs("overshoot", "spend")];

static CAP: Shape = Shape {
    name: "cap",
    says: "At most so many leads, or so much money, in a window.",
    keys: &[AMOUNT],
    others: None,
    rules: AMOUNT_RULES,
};

static ROLLING: Shape = Shape {
    name: "rolling_cap",
    says: "At most so many leads, or so much money, in any span of this length (rule 12).",
    keys: &[&[required("within", DURATION, "The length of the span.")], AMOUNT],
    others: None,
    rules: AMOUNT_RULES,
};

const CAP_VALUE: Is = Is::OneOf(&[Is::Whole(0, MANY), Is::Object(&CAP)]);

static CAPS: Shape = Shape {
    name: "caps",
    says: "Limits by window of the civil calendar; a window not named has no limit, and 0 means none at all (rule 13).",
    keys: &[&[
        key("hour", CAP_VALUE, "In a civil hour (rule 5)."),
        key("day", CAP_VALUE, "In a civil day (rules 1 to 4)."),
        key("week", CAP_VALUE, "In a week (rule 10)."),
        key("month", CAP_VALUE, "In a civil month (rule 11)."),
        key("total", CAP_VALUE, "For ever."),
        key("rolling", Is::Object(&ROLLING), "In any span of a length (rule 12)."),
    ]],
    others: None,
    rules: &[],
};

/// Limits of a source, a buyer, a group or a contract.
pub(super) const CAPS_KEY: Key =
    key("caps", Is::Object(&CAPS), "Limits by window; all of them hold at once (rule 20).");

const HOURS_OF_DAY: Is = Is::Text(Form::Hours);

static HOURS: Shape = Shape {
    name: "hours",
    says: "When it is open, by day of the week; a day that is not named is closed.",
    keys: &[&[key(
        "closed",
        Is::Set(&Is::Text(Form::Date)),
        "Days that are closed whatever day of the week (rule 7).",
    )]],
    others: Some(Others {
        form: Form::Days,
        is: Is::OneOf(&[HOURS_OF_DAY, Is::Set(&HOURS_OF_DAY)]),
        what: None,
        some: true,
    }),
    rules: &[Rule::DaysOnce],
};

/// Hours by name, spelled out, or the same every day.
pub(super) const HOURS_VALUE: Is = Is::OneOf(&[Is::Text(Form::HoursOrName), Is::Object(&HOURS)]);

pub(super) static HOURS_BY_NAME: Shape =
    names("hours_by_name", "Hours that contracts name.", Form::HoursName, Is::Object(&HOURS), Some("hours"));

const AGAINST: &[Word] = &[word("sold"), word("seen")];
const FOLD: &[Word] = &[word("none"), planned_word("gmail")];
const SCOPE: &[Word] = &[word("plan"), word("vertical"), word("source")];

const SAME: &[Key] = &[
    key("any", FIELDS, "A lead is a duplicate when any of these agree (rule 72)."),
    key("all", FIELDS, "A lead is a duplicate when all of these agree (rule 72)."),
    required("within", DURATION, "How long a lead is remembered; exactly that old is no duplicate (rule 66)."),
    key("against", Is::Word(AGAINST), "Leads that were sold, or all that were seen; `sold` when absent (rule 67)."),
    key("fold", Is::Word(FOLD), "Which spellings of an e-mail address count as one; `none` when absent (rule 73)."),
    planned("wait", Is::Flag, "Whether a duplicate of a lead in flight waits for what becomes of it (rule 69)."),
];

const SAME_RULES: &[Rule] = &[Rule::One(&["any", "all"])];

static INTAKE_DEDUPE: Shape = Shape {
    name: "intake_dedupe",
    says: "When a lead is a duplicate for everybody.",
    keys: &[
        SAME,
        &[key("scope", Is::Word(SCOPE), "Among which leads: of the plan, of the vertical, or of the source.")],
    ],
    others: None,
    rules: SAME_RULES,
};

static BUYER_DEDUPE: Shape = Shape {
    name: "buyer_dedupe",
    says: "When a lead is a duplicate for this buyer, and only for this one (rule 71).",
    keys: &[SAME],
    others: None,
    rules: SAME_RULES,
};

/// The rules of everybody, in the order in which they are reported.
pub(super) const INTAKE_DEDUPES: Is = Is::List(&Is::Object(&INTAKE_DEDUPE));
/// The rules of one buyer, in the order in which they are reported.
pub(super) const BUYER_DEDUPES: Is = Is::List(&Is::Object(&BUYER_DEDUPE));

static RATE: Shape = Shape {
    name: "rate",
    says: "So many in a span of time, spread evenly (rule 24).",
    keys: &[&[required("count", Is::Whole(1, MANY), "How many."), required("within", DURATION, "In how long.")]],
    others: None,
    rules: &[],
};

const EVIDENCE: &[Word] = &[
    word("at"),
    word("certificate"),
    word("ip"),
    word("jornaya"),
    word("sellers"),
    word("text"),
    word("trustedform"),
    word("version"),
];

static CONSENT: Shape = Shape {
    name: "consent",
    says: "What the consent of a lead must have (rule 100).",
    keys: &[&[
        key("given", Is::Flag, "Whether `consent` must be true."),
        key(
            "has",
            Is::Set(&Is::Word(EVIDENCE)),
            "Evidence that must be there; `certificate` is TrustedForm or Jornaya.",
        ),
        key("max_age", DURATION, "How old it may be."),
        key("certificate_max_age", DURATION, "How old its certificate may be, by `consent.certified_at`."),
        key("sellers", Is::Set(&Is::Text(Form::Foreign)), "Names, one of which must be among those who may call."),
        key(
            "texts",
            Is::Set(&Is::Text(Form::Foreign)),
            "Texts by version or `sha256:` and 64 hex digits; one must be it.",
        ),
    ]],
    others: None,
    rules: &[Rule::Some(&["given", "has", "max_age", "certificate_max_age", "sellers", "texts"])],
};

/// Terms of consent, for every lead, a vertical, a source or a contract.
pub(super) const CONSENT_KEY: Key =
    key("consent", Is::Object(&CONSENT), "What the consent of a lead must have (rule 100).");

pub(super) const RATE_KEY: Key = key("rate", Is::Object(&RATE), "No faster than this (rule 24).");
