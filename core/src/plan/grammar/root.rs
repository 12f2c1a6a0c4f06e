//! The plan itself: the file with `format`.

use super::buyer::BUYERS;
use super::delivery::ENDPOINTS;
use super::shared::{
    CALENDAR, CAPS_KEY, CONSENT_KEY, DURATION, FIELDS, HOURS_BY_NAME, ID, IDS, INTAKE_DEDUPES, MANY, MONEY, RATE_KEY,
    ZONE,
};
use super::{Form, Is, Key, Others, Rule, Shape, Word, key, names, required, word};

/// The document that names all the others.
pub(crate) static ROOT: Shape = Shape {
    name: "plan",
    says: "The whole configuration: which leads come in, where they may go, and what may not happen.",
    keys: &[
        &[
            key("$schema", Is::Text(Form::Any), "Where an editor finds the JSON Schema; not part of the plan."),
            required("format", Is::Whole(1, MANY), "The version of this grammar: 1."),
            required("plan", ID, "The name of the plan."),
            required("currency", Is::Text(Form::Currency), "The currency of every amount."),
            required("timezone", ZONE, "The time zone of whoever has none of its own (rule 1)."),
            key("include", Is::Set(&Is::Text(Form::Pattern)), "The files of the buyers, by name or pattern."),
            key("verticals", Is::Object(&VERTICALS), "Kinds of leads with their fields."),
            key("sources", Is::Object(&SOURCES), "The channels that leads come through."),
            key("intake", Is::Object(&INTAKE), "What happens to every lead before anybody is offered it."),
            key("lists", Is::Object(&LISTS), "Files of phones, e-mail addresses and the like."),
            key("areas", Is::Object(&AREAS), "Places that contracts name."),
            key("hours", Is::Object(&HOURS_BY_NAME), "Hours that contracts name."),
            key("routes", Is::Object(&ROUTES), "For each vertical, who is asked in which order."),
            key("buyers", Is::Object(&BUYERS), "Buyers that have no file of their own."),
            key("endpoints", Is::Object(&ENDPOINTS), "Where leads are delivered to."),
            key("rates", Is::Object(&RATES), "Fixed rates of exchange (rule 57)."),
        ],
        CALENDAR,
    ],
    others: None,
    rules: &[],
};

static RATES: Shape = names(
    "rates",
    "What one unit of a currency is worth in that of the plan.",
    Form::Currency,
    Is::Text(Form::Rate),
    None,
);

static VERTICALS: Shape = names("verticals", "Kinds of leads.", Form::Id, Is::Object(&VERTICAL), Some("vertical"));

static VERTICAL: Shape = Shape {
    name: "vertical",
    says: "A kind of lead with its own fields.",
    keys: &[&[
        key("extends", Is::Text(Form::Catalogue), "The entry of the catalogue whose fields it has."),
        key("fields", Is::Object(&FIELDS_OF_VERTICAL), "Fields of its own, or changes to those it extends."),
        CONSENT_KEY,
        key("problems", Is::Object(&PROBLEMS), "What problems and repairs do to a lead, where it is not as usual."),
    ]],
    others: None,
    rules: &[],
};

static PROBLEMS: Shape = names(
    "problems",
    "Policies by the code of a problem or a repair, or by a group of problems.",
    Form::Problem,
    Is::OneOf(&POLICY_OF),
    None,
);

static POLICY_OF: [Is; 2] = [Is::Word(POLICIES), Is::Object(&POLICIES_BY_FIELD)];

static POLICIES_BY_FIELD: Shape =
    names("policies_by_field", "The policy of each field.", Form::FieldPath, Is::Word(POLICIES), None);

const POLICIES: &[Word] = &[word("fix"), word("warn"), word("reject"), word("hold")];

static FIELDS_OF_VERTICAL: Shape =
    names("fields", "Fields of a lead.", Form::FieldPath, Is::Object(&FIELD), Some("field"));

static MEMBERS: Shape =
    names("members", "Fields of a thing that is a part of a lead.", Form::Field, Is::Object(&FIELD), Some("field"));

const PII: &[Word] = &[word("none"), word("quasi"), word("direct"), word("sensitive")];

static FIELD: Shape = Shape {
    name: "field",
    says: "One field of a lead.",
    keys: &[&[
        key(
            "is",
            Is::OneOf(&FIELD_KIND),
            "The kind of value, or the values it may have; when absent, a field of the entry is changed.",
        ),
        key(
            "derive",
            Is::Object(&DERIVE),
            "How it is reckoned from other fields, in place of `is`; leads do not send it.",
        ),
        key("optional", Is::Flag, "Whether a lead may do without it."),
        key("required_if", Is::Object(&CONDITIONS), "When a lead may not do without it; it may where this is not so."),
        key("default", Is::Scalar, "The value of a lead that does without it, as a supplier would write it."),
        key("min", LIMIT, "The least value: a number, money as a text, or a date."),
        key("max", LIMIT, "The greatest value: a number, money as a text, or a date."),
        key("min_age", Is::Whole(0, MOST_YEARS), "Of a date of birth: the least age in years (rule 84)."),
        key("max_age", Is::Whole(0, MOST_YEARS), "Of a date of birth: the greatest age in years (rule 84)."),
        key("max_length", Is::Whole(1, MANY), "Of a text the most characters, of a list the most items."),
        key("past", Is::Flag, "Of a date or a time: whether it may not be in the future."),
        key("day_first", Is::Flag, "Of a date or a time: whether 03/04/2026 is 3 April."),
        key(
            "region",
            Is::Text(Form::Country),
            "Of a phone: the country of a number without one. Of a state or a ZIP code: the only country.",
        ),
        key("zone", ZONE, "Of a timestamp: the time zone of one without its own."),
        key("synonyms", Is::Set(&Is::Text(Form::Foreign)), "Other names that suppliers give it."),
        key("pii", Is::Word(PII), "How much it says about who somebody is."),
    ]],
    others: None,
    rules: &[],
};

const FROM: Is = Is::Text(Form::FieldPath);

static DERIVE: Shape = Shape {
    name: "derive",
    says: "How a field is reckoned; without a value where what it is reckoned from has none.",
    keys: &[&[
        key("years_since", FROM, "Whole years since a date that has come (rule 84)."),
        key("days_since", FROM, "Days since a date."),
        key("days_until", FROM, "Days until a date."),
        key("count", FROM, "How many items a list has."),
        key("min", FROM, "The least value of the items of a list: `drivers.age`."),
        key("max", FROM, "The greatest value of the items of a list: `vehicles.year`."),
        key("any", FROM, "Whether an item of a list says yes: `drivers.sr22`."),
        key("all", FROM, "Whether all items of a list say yes."),
        key("state_of_zip", FROM, "The state of a ZIP code."),
        key("state_of_phone", FROM, "The state that the area code of a phone is for, where it is one."),
    ]],
    others: None,
    rules: &[Rule::One(&[
        "years_since",
        "days_since",
        "days_until",
        "count",
        "min",
        "max",
        "any",
        "all",
        "state_of_zip",
        "state_of_phone",
    ])],
};

static CONDITIONS: Shape = Shape {
    name: "conditions",
    says: "Fields, each with its value, one of several, or whether it has one; all of them must hold.",
    keys: &[],
    others: Some(Others {
        form: Form::FieldPath,
        is: Is::OneOf(&[Is::Scalar, Is::Set(&Is::Scalar), Is::Object(&PRESENCE)]),
        what: None,
        some: true,
    }),
    rules: &[],
};

static PRESENCE: Shape = Shape {
    name: "presence",
    says: "Whether a field has a value at all.",
    keys: &[&[required("missing", Is::Flag, "True where it must have none.")]],
    others: None,
    rules: &[],
};

/// Nobody is older.
const MOST_YEARS: i64 = 120;

const LIMIT: Is = Is::OneOf(&[Is::Whole(-MAX_INT, MAX_INT), Is::Text(Form::Any)]);
/// Numbers that every language holds exactly.
const MAX_INT: i64 = (1 << 53) - 1;
static FIELD_KIND: [Is; 3] = [Is::Text(Form::Field), Is::List(&Is::Text(Form::Foreign)), Is::Object(&FIELD_STRUCTURE)];

static FIELD_STRUCTURE: Shape = Shape {
    name: "field_structure",
    says: "Values with other spellings of them, a list, or one thing with fields of its own.",
    keys: &[&[
        key("values", Is::Object(&SPELLINGS), "The values it may have, each with its other spellings."),
        key("list_of", Is::OneOf(&LIST_OF), "The kind of each value of a list, or the fields of each thing of it."),
        key("record", Is::Object(&MEMBERS), "The fields of the one thing that it is."),
    ]],
    others: None,
    rules: &[Rule::One(&["values", "list_of", "record"])],
};

static LIST_OF: [Is; 3] = [Is::Text(Form::Field), Is::List(&Is::Text(Form::Foreign)), Is::Object(&MEMBERS)];

static SPELLINGS: Shape =
    names("spellings", "For each value its other spellings.", Form::Foreign, Is::Set(&Is::Text(Form::Foreign)), None);

static SOURCES: Shape =
    names("sources", "The channels that leads come through.", Form::Id, Is::Object(&SOURCE), Some("source"));

static SOURCE: Shape = Shape {
    name: "source",
    says: "A channel that leads come through.",
    keys: &[&[
        key("supplier", ID, "Who is paid for the leads."),
        required("verticals", IDS, "The kinds of leads that come through it."),
        key("payout", Is::Object(&PAYOUT), "What the supplier is paid for a sold lead."),
        key("max_sales", Is::Whole(1, 100), "How often a lead of it may be sold at most."),
        CAPS_KEY,
        key("require", FIELDS, "Fields that its leads must have."),
        CONSENT_KEY,
        key("sub_ids", Is::Object(&SUB_IDS), "What holds for a part of the channel."),
        key("answers", Is::Object(&ANSWERS), "What its supplier is answered, by how a lead ended."),
    ]],
    others: None,
    rules: &[],
};

const WRITTEN_AS: &[Word] = &[word("json"), word("form"), word("xml"), word("text")];

/// A template for one end.
const fn answer(name: &'static str, says: &'static str) -> Key {
    key(name, Is::Text(Form::Any), says)
}

static ANSWERS: Shape = Shape {
    name: "answers",
    says: "What a supplier is answered with, as templates.",
    keys: &[&[
        key("as", Is::Word(WRITTEN_AS), "How values are written; `json` when absent."),
        answer("bid", "A ping that we bid for."),
        answer("duplicate", "The person was here before."),
        answer("no_bid", "A ping that we do not bid for."),
        answer("others", "Every end that is not named."),
        answer("pending", "It is kept, and not placed yet."),
        answer("queued", "It waits, as the plan says."),
        answer("rejected", "Something is wrong with it."),
        answer("sold", "Somebody has it."),
        answer("suppressed", "The person is not sold."),
        answer("test", "It was a test."),
        answer("unmatched", "Nobody wants such leads."),
        answer("unsold", "Nobody took it."),
    ]],
    others: None,
    rules: &[],
};

static PAYOUT: Shape = Shape {
    name: "payout",
    says: "What a supplier is paid for a sold lead.",
    keys: &[&[
        key("percent_of_price", Is::Whole(0, 100), "A share of the price, rounded down to the cent (rule 41)."),
        key("fixed", MONEY, "The same for every lead."),
    ]],
    others: None,
    rules: &[Rule::One(&["percent_of_price", "fixed"])],
};

const SUB_ID_STATUS: &[Word] = &[word("active"), word("blocked")];

static SUB_IDS: Shape = names("sub_ids", "Parts of a channel.", Form::Foreign, Is::Object(&SUB_ID), Some("sub id"));

static SUB_ID: Shape = Shape {
    name: "sub_id",
    says: "A part of a channel.",
    keys: &[&[key("status", Is::Word(SUB_ID_STATUS), "Whether its leads are taken."), CAPS_KEY]],
    others: None,
    rules: &[],
};

const REPAIRS: &[Word] = &[word("zip_leading_zero"), word("zip_letter_o"), word("state_from_zip"), word("none")];
const ON_CONFLICT: &[Word] = &[word("reject"), word("zip_wins"), word("warn")];

static REPEATS: Shape = Shape {
    name: "repeats",
    says: "How long the values of a field are remembered: how often one came is told, and contracts may ask.",
    keys: &[],
    others: Some(Others { form: Form::FieldPath, is: DURATION, what: None, some: true }),
    rules: &[],
};

static INTAKE: Shape = Shape {
    name: "intake",
    says: "What happens to every lead before anybody is offered it.",
    keys: &[&[
        key(
            "repair",
            Is::Set(&Is::Word(REPAIRS)),
            "What may be mended without asking (rule 81); all of it when absent, nothing with `none`.",
        ),
        key("on_zip_state_conflict", Is::Word(ON_CONFLICT), "What to do when ZIP and state disagree (rule 80)."),
        key("max_age", DURATION, "How old a lead may be."),
        key("consent_max_age", DURATION, "How old the consent of a lead may be, where it has a time."),
        CONSENT_KEY,
        key(
            "honeypots",
            Is::Set(&Is::Text(Form::Foreign)),
            "Fields of forms that people do not see, besides the usual names of such fields.",
        ),
        key("repeats", Is::Object(&REPEATS), "Fields whose values are counted, and for how long each is remembered."),
        key("suppress", IDS, "Lists whose entries are never sold."),
        key("flag", IDS, "Lists that contracts may ask about."),
        key("dedupe", INTAKE_DEDUPES, "When a lead is a duplicate."),
        key("test_zips", Is::Object(&TEST_ZIPS), "Fixed answers to test leads, by ZIP (rule 97)."),
    ]],
    others: None,
    rules: &[],
};

const TEST_ANSWERS: &[Word] =
    &[word("assigned"), word("duplicate"), word("rejected"), word("unmatched"), word("unsold")];

static TEST_ZIPS: Shape =
    names("test_zips", "Fixed answers to test leads, by ZIP.", Form::Zip, Is::Word(TEST_ANSWERS), None);

static LISTS: Shape =
    names("lists", "Files of phones, e-mail addresses and the like.", Form::Id, Is::Object(&LIST), Some("list"));

const HASHES: &[Word] = &[word("md5"), word("sha1"), word("sha256")];
const FORMS: &[Word] = &[word("digits"), word("e164"), word("gmail"), word("lower"), word("national"), word("plain")];

static LIST: Shape = Shape {
    name: "list",
    says: "A file with one entry a line, a compiled list, or one that the host answers for.",
    keys: &[&[
        key("file", Is::Text(Form::File), "A text file with one entry a line; it is a part of the plan."),
        key("compiled", Is::Text(Form::File), "A file of `leadwright list build`; it stays outside of the plan."),
        key("host", Is::Flag, "True: whoever opens the engine gives it the list."),
        required(
            "of",
            Is::Text(Form::FieldPath),
            "The field whose values it holds; of phones and of email addresses, every such field of a lead is looked at.",
        ),
        key("hash", Is::Word(HASHES), "How the entries of `file` are hashed, if they are (rule 74)."),
        key("form", Is::Word(FORMS), "What was hashed (rule 74); when absent, every form in use is looked for."),
        key("may_be_empty", Is::Flag, "Whether no entries at all are right; otherwise nothing is sold then (rule 75)."),
        key("max_age", DURATION, "How old a compiled list may be; nothing is sold by an older one (rule 75)."),
    ]],
    others: None,
    rules: &[Rule::One(&["file", "compiled", "host"]), Rule::Needs("form", "hash"), Rule::Needs("hash", "file")],
};

static AREAS: Shape = names("areas", "Places that contracts name.", Form::Id, Is::Object(&AREA), Some("area"));

const ZIPS: Is = Is::Set(&Is::Text(Form::Zip));
const COUNTIES: Is = Is::Set(&Is::Text(Form::County));
const STATES: Is = Is::Set(&Is::Text(Form::State));

static AREA: Shape = Shape {
    name: "area",
    says: "A place: a circle, or what it is made of, without what is left out.",
    keys: &[&[
        key("zip", Is::Text(Form::Zip), "The middle of a circle (rule 82)."),
        key("radius", Is::Text(Form::Distance), "How far the circle reaches, the edge included (rule 82)."),
        key("zips", ZIPS, "ZIP Codes that belong to it."),
        key("counties", COUNTIES, "Counties that belong to it, as FIPS (rule 83)."),
        key("states", STATES, "States that belong to it."),
        key("not_zip", ZIPS, "ZIP Codes that do not belong to it."),
        key("not_county", COUNTIES, "Counties that do not belong to it, as FIPS (rule 83)."),
        key("not_state", STATES, "States that do not belong to it."),
    ]],
    others: None,
    rules: &[
        Rule::Some(&["zip", "zips", "counties", "states"]),
        Rule::Needs("zip", "radius"),
        Rule::Needs("radius", "zip"),
    ],
};

static ROUTES: Shape =
    names("routes", "For each vertical, who is asked in which order.", Form::Id, Is::Object(&ROUTE), Some("route"));

static ROUTE: Shape = Shape {
    name: "route",
    says: "The groups of a vertical in the order they are asked.",
    keys: &[&[
        key("max_sales", Is::Whole(1, 100), "How often a lead may be sold at most; 1 when absent."),
        key("min_margin", MONEY, "What must be left of the price after the payout."),
        CAPS_KEY,
        required("groups", Is::List(&Is::Object(&GROUP)), "The groups in order."),
        required(
            "on_unsold",
            Is::Object(&ON_UNSOLD),
            "What becomes of a lead that nobody took (rule 98). `rate` is how fast those are sold that are offered again.",
        ),
        key("deadline", DURATION, "How long bids of the whole route are waited for."),
    ]],
    others: None,
    rules: &[],
};

const SELECT: &[Word] =
    &[word("priority"), word("price"), word("round_robin"), word("weighted"), word("percentage"), word("best_revenue")];

const THEN_BY: &[Word] = &[word("priority"), word("price")];

/// How a group is told from others in a plan.
const GROUP_KEYS: &[Key] = &[
    required("id", ID, "The name of the group; contracts join it as `route/group`."),
    required("select", Is::Word(SELECT), "How it is chosen who of the eligible gets the lead."),
    key("take", Is::Whole(1, 100), "How many sales this group may make; what is left when absent."),
    CAPS_KEY,
    key("then_by", Is::Word(THEN_BY), "What is asked first among equals, before who waited longest (rule 32)."),
    key("min_sales", Is::Whole(1, 100), "How many must share it before it is shared at all (rule 36)."),
    key("deadline", DURATION, "How long bids are waited for (rule 53)."),
    key("floor", MONEY, "The least price that counts."),
    key("catch_up", Is::Object(&CATCH_UP), "Whether who was closed makes up for it (rule 26)."),
];

static GROUP: Shape = Shape {
    name: "group",
    says: "Contracts with one way to choose among them.",
    keys: &[GROUP_KEYS],
    others: None,
    rules: &[],
};

static CATCH_UP: Shape = Shape {
    name: "catch_up",
    says: "How fast who was closed makes up for it (rule 26).",
    keys: &[&[required("max_share", Is::Text(Form::ExtraShare), "How much more than its share it gets at most.")]],
    others: None,
    rules: &[],
};

const THEN: &[Word] = &[word("store"), word("house")];

static ON_UNSOLD: Shape = Shape {
    name: "on_unsold",
    says: "What becomes of a lead that nobody took (rule 98). `rate` is how fast those are sold that are offered again.",
    keys: &[&[
        required("then", Is::Word(THEN), "Keep it, or give it to the house contract."),
        key("retry_for", DURATION, "How long it is offered again before that, every five minutes."),
        key("contract", ID, "The house contract: no floor and no margin is asked of it."),
        RATE_KEY,
    ]],
    others: None,
    rules: &[],
};
