//! How leads are delivered and how answers are read.

use super::shared::{DURATION, ID};
use super::{Form, Is, Others, Rule, Shape, Word, key, names, required, word};

/// Fields as they are sent: in clear, or as a hash of them.
const SENT: Is = Is::Set(&Is::Text(Form::FieldPath));

pub(super) static PING: Shape = Shape {
    name: "ping",
    says: "How a contract is asked for a bid.",
    keys: &[&[
        required("to", ID, "The endpoint."),
        required(
            "send",
            SENT,
            "The fields that are shown; never who the consumer is, unless as a hash, like `phone.sha256` (rule 62).",
        ),
        key("wait", DURATION, "How long an answer is waited for; `900ms` when absent."),
    ]],
    others: None,
    rules: &[],
};

const LATE: &[Word] = &[word("honor"), word("refuse")];
const OTHER_PRICE: &[Word] = &[word("keep"), word("reject"), word("take")];

pub(super) static POST: Shape = Shape {
    name: "post",
    says: "How a contract gets the lead.",
    keys: &[&[
        required("to", ID, "The endpoint."),
        key("send", SENT, "The fields that are sent; all when absent."),
        key("wait", DURATION, "How long an answer is waited for; `10s` when absent."),
        key("tries", Is::Whole(1, 100), "How often it is tried (rule 45)."),
        key("give_up_after", DURATION, "How long it is tried."),
        key(
            "late_accept",
            Is::Word(LATE),
            "Whether an acceptance after the lease counts where there is room; `honor` when absent (rule 46).",
        ),
        key(
            "lower_price",
            Is::Word(OTHER_PRICE),
            "What an acceptance at a lower price is: the sale stands at its price (`keep`, when absent), a refusal, or it is paid (rule 48).",
        ),
    ]],
    others: None,
    rules: &[],
};

const THEN: &[Word] = &[word("count_as_sold"), word("release"), word("retry"), word("ask")];

pub(super) static NO_ANSWER: Shape = Shape {
    name: "no_answer",
    says: "What to do when a contract does not answer (rule 44).",
    keys: &[&[
        key("hold_at_most", DURATION, "How long the lead is kept for it."),
        required(
            "then",
            Is::Word(THEN),
            "What is done then: it counts as sold, it is released, it is sent again with the same key, or `ask` is asked.",
        ),
        key("ask", ID, "The endpoint that says what became of a key."),
    ]],
    others: None,
    rules: &[],
};

pub(super) static ENDPOINTS: Shape =
    names("endpoints", "Where leads are delivered to.", Form::Id, Is::Object(&ENDPOINT), Some("endpoint"));

const METHOD: &[Word] = &[word("GET"), word("POST"), word("PUT")];
const SEND: &[Word] = &[word("json"), word("form"), word("xml"), word("text")];

static ENDPOINT: Shape = Shape {
    name: "endpoint",
    says: "An address that takes leads, and how its answers are read.",
    keys: &[&[
        required("url", Is::Text(Form::UrlTemplate), "The address; after the host it may be a template."),
        key("method", Is::Word(METHOD), "How it is asked; `POST` when absent."),
        key("send", Is::Word(SEND), "How the lead is written; `json` when absent."),
        key("body", Is::Text(Form::Any), "The whole body as a template, in place of the fields."),
        key("auth", Is::Object(&AUTH), "How we show who we are."),
        key("key_header", Is::Text(Form::Header), "The header of the delivery key; `Idempotency-Key` when absent."),
        key("headers", Is::Object(&HEADERS), "Headers that are sent along; they may be templates."),
        key("map", Is::Object(&MAP), "Their names for our fields, each perhaps with a filter: `phone | ten_digits`."),
        key("values", Is::Object(&VALUES), "By their name, what they call our values."),
        key("with", Is::Object(&WITH), "What is sent besides the fields; they may be templates."),
        key("answers", Is::List(&Is::Object(&ANSWER)), "What answers mean; the first that fits counts (rule 47)."),
        key("reasons", Is::Object(&REASONS), "What their reasons are called with us."),
    ]],
    others: None,
    rules: &[],
};

static AUTH: Shape = Shape {
    name: "auth",
    says: "How we show who we are; the secrets stay with the host.",
    keys: &[&[
        key("bearer", SECRET, "A token."),
        key("basic", SECRET, "A user and a password, as `user:password`."),
        key("header", Is::Object(&SECRET_HEADERS), "Headers with a secret in them."),
        key(
            "sign",
            Is::OneOf(&[SECRET, Is::List(&SECRET)]),
            "Secrets that the body is signed with (Standard Webhooks); of several, the newest first.",
        ),
        key("identity", SECRET, "A certificate and its key, which the connection shows (mTLS)."),
    ]],
    others: None,
    rules: &[Rule::Some(&["bearer", "basic", "header", "sign", "identity"])],
};

const SECRET: Is = Is::Text(Form::Secret);

static SECRET_HEADERS: Shape = names("secret_headers", "Headers with a secret in them.", Form::Header, SECRET, None);

static HEADERS: Shape = names("headers", "Headers that are sent along.", Form::Header, Is::Text(Form::Any), None);

static MAP: Shape = names("map", "Their names for our fields.", Form::Foreign, Is::Text(Form::Sent), None);

static VALUES: Shape =
    names("values", "By their name, what they call our values.", Form::Foreign, Is::Object(&VALUE_MAP), None);

static VALUE_MAP: Shape = Shape {
    name: "value_map",
    says: "What they call each of our values; `*` is any other.",
    keys: &[],
    others: Some(Others { form: Form::Foreign, is: Is::Scalar, what: None, some: true }),
    rules: &[],
};

static WITH: Shape = names("with", "What is sent besides the fields.", Form::Foreign, Is::Scalar, None);

static REASONS: Shape = names("reasons", "What their reasons are called with us.", Form::Foreign, ID, None);

const MEANING: &[Word] = &[
    word("accepted"),
    word("rejected"),
    word("duplicate"),
    word("duplicate_of_ours"),
    word("queued"),
    word("bid"),
    word("no_bid"),
    word("error"),
];

const POINTER: Is = Is::Text(Form::Pointer);

static ANSWER: Shape = Shape {
    name: "answer",
    says: "What an answer means.",
    keys: &[&[
        required("if", Is::Object(&ANSWER_IF), "What it looks like."),
        required("is", Is::Word(MEANING), "What it means."),
        key("price", POINTER, "Where the price stands."),
        key("currency", POINTER, "Where the currency of the price stands; the plan's when absent (rule 57)."),
        key("id", POINTER, "Where their id stands."),
        key("reason", POINTER, "Where the reason stands."),
        key("expires", POINTER, "Where it stands how long a bid holds: seconds, or until when."),
    ]],
    others: None,
    rules: &[],
};

static ANSWER_IF: Shape = Shape {
    name: "answer_if",
    says: "What an answer looks like: the HTTP status, and what stands where.",
    keys: &[],
    others: Some(Others {
        form: Form::AnswerPart,
        is: Is::OneOf(&[Is::Scalar, Is::Set(&Is::Scalar), Is::Object(&ANSWER_TEXT)]),
        what: None,
        some: true,
    }),
    rules: &[],
};

static ANSWER_TEXT: Shape = Shape {
    name: "answer_text",
    says: "What is said of a text in an answer, or whether anything stands there.",
    keys: &[&[
        key("contains", Is::Text(Form::Foreign), "What stands somewhere in it, in capital or small letters."),
        key("there", Is::Flag, "Whether anything stands there."),
    ]],
    others: None,
    rules: &[Rule::One(&["contains", "there"])],
};
