//! How leads are delivered and how answers are read. Nothing of it is built yet; its grammar is settled.

use super::shared::{DURATION, FIELDS, ID};
use super::{Form, Is, Others, Rule, Shape, Word, key, names, required, word};

pub(super) static PING: Shape = Shape {
    name: "ping",
    says: "How a contract is asked for a bid.",
    keys: &[&[
        required("to", ID, "The endpoint."),
        key("send", FIELDS, "The fields that are shown; never who the consumer is (rule 62)."),
        key("wait", DURATION, "How long an answer is waited for."),
    ]],
    others: None,
    rules: &[],
};

const LATE: &[Word] = &[word("honor"), word("refuse")];
const OTHER_PRICE: &[Word] = &[word("take"), word("reject")];

pub(super) static POST: Shape = Shape {
    name: "post",
    says: "How a contract gets the lead.",
    keys: &[&[
        required("to", ID, "The endpoint."),
        key("send", FIELDS, "The fields that are sent; all when absent."),
        key("wait", DURATION, "How long an answer is waited for."),
        key("tries", Is::Whole(1, 100), "How often it is tried (rule 45)."),
        key("give_up_after", DURATION, "How long it is tried."),
        key("late_accept", Is::Word(LATE), "Whether an acceptance after the lease counts (rule 46)."),
        key("lower_price", Is::Word(OTHER_PRICE), "Whether an acceptance at a lower price counts (rule 48)."),
    ]],
    others: None,
    rules: &[],
};

const THEN: &[Word] = &[word("count_as_sold"), word("release")];

pub(super) static NO_ANSWER: Shape = Shape {
    name: "no_answer",
    says: "What to do when a contract does not answer (rule 44).",
    keys: &[&[
        key("hold_at_most", DURATION, "How long the lead is kept for it."),
        required("then", Is::Word(THEN), "What is assumed after that."),
    ]],
    others: None,
    rules: &[],
};

pub(super) static ENDPOINTS: Shape =
    names("endpoints", "Where leads are delivered to.", Form::Id, Is::Object(&ENDPOINT), Some("endpoint"));

const SEND: &[Word] = &[word("json"), word("form"), word("xml")];

static ENDPOINT: Shape = Shape {
    name: "endpoint",
    says: "An address that takes leads, and how its answers are read.",
    keys: &[&[
        required("url", Is::Text(Form::Url), "The address."),
        key("send", Is::Word(SEND), "How the lead is written."),
        key("auth", Is::Object(&AUTH), "How we show who we are."),
        key("headers", Is::Object(&HEADERS), "Headers that are sent along."),
        key("map", Is::Object(&MAP), "Their names for our fields."),
        key("answers", Is::List(&Is::Object(&ANSWER)), "What answers mean; the first that fits counts (rule 47)."),
    ]],
    others: None,
    rules: &[],
};

static AUTH: Shape = Shape {
    name: "auth",
    says: "How we show who we are; the secrets stay with the host.",
    keys: &[&[
        key("bearer", Is::Text(Form::Secret), "A token."),
        key("basic", Is::Text(Form::Secret), "A user and a password, as `user:password`."),
        key("header", Is::Object(&SECRET_HEADERS), "Headers with a secret in them."),
    ]],
    others: None,
    rules: &[Rule::One(&["bearer", "basic", "header"])],
};

static SECRET_HEADERS: Shape =
    names("secret_headers", "Headers with a secret in them.", Form::Foreign, Is::Text(Form::Secret), None);

static HEADERS: Shape = names("headers", "Headers that are sent along.", Form::Foreign, Is::Text(Form::Any), None);

static MAP: Shape = names("map", "Their names for our fields.", Form::Foreign, Is::Text(Form::FieldPath), None);

const MEANING: &[Word] =
    &[word("accepted"), word("rejected"), word("duplicate"), word("bid"), word("no_bid"), word("error")];

const POINTER: Is = Is::Text(Form::Pointer);

static ANSWER: Shape = Shape {
    name: "answer",
    says: "What an answer means.",
    keys: &[&[
        required("if", Is::Object(&ANSWER_IF), "What it looks like."),
        required("is", Is::Word(MEANING), "What it means."),
        key("price", POINTER, "Where the price stands."),
        key("id", POINTER, "Where their id stands."),
        key("reason", POINTER, "Where the reason stands."),
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
        is: Is::OneOf(&[Is::Scalar, Is::Set(&Is::Scalar)]),
        what: None,
        some: true,
    }),
    rules: &[],
};
