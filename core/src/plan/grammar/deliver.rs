//! How a buyer is kept from harming others: at once, breaker, tries again.

use super::shared::DURATION;
use super::{Is, Shape, Word, key, word};

pub(super) static DELIVER: Shape = Shape {
    name: "deliver",
    says: "How leads go out to this buyer, and when they do not.",
    keys: &[&[
        key("at_once", Is::Whole(1, 1_000), "How many are on their way at the same time, at most; 8 when absent."),
        key("weight", Is::Whole(1, 1_000), "Its weight beside other buyers that wait; 1 when absent."),
        key(
            "breaker",
            Is::OneOf(&[Is::Word(OFF), Is::Object(&BREAKER)]),
            "When it is not called because it does not answer (rule 52).",
        ),
        key("retries", Is::Object(&RETRIES), "How much may be tried again."),
    ]],
    others: None,
    rules: &[],
};

const OFF: &[Word] = &[word("off")];

static BREAKER: Shape = Shape {
    name: "breaker",
    says: "When a buyer is not called because it does not answer (rule 52).",
    keys: &[&[
        key("of", Is::Whole(1, 1_000), "At how many calls it looks back; 100 when absent."),
        key("within", DURATION, "At the calls of which time it looks back, in place of a number."),
        key("min", Is::Whole(1, 1_000), "It does not open before so many calls; 20 when absent."),
        key("failures", Is::Whole(1, 100), "It opens when so many in a hundred failed; 50 when absent."),
        key("slow", DURATION, "A call is slow that takes longer; `8s` when absent."),
        key("slow_rate", Is::Whole(1, 100), "It opens when so many in a hundred were slow; 100 when absent."),
        key("open", DURATION, "How long it stays open at first; `30s` when absent."),
        key("permits", Is::Whole(1, 100), "So many calls show whether the buyer answers again; 3 when absent."),
    ]],
    others: None,
    rules: &[],
};

static RETRIES: Shape = Shape {
    name: "retries",
    says: "How much may be tried again: so many for each hundred leads, and so many a minute.",
    keys: &[&[
        key("percent", Is::Whole(0, 1_000), "So many for each hundred leads; 10 when absent."),
        key("per_minute", Is::Whole(0, 10_000), "So many a minute; 10 when absent."),
    ]],
    others: None,
    rules: &[],
};
