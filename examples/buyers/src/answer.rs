//! What a buyer answers to one request.

use crate::ledger::Book;
use crate::script::{Buyer, Does, Lie, Script};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// What came.
pub(crate) struct Asked {
    /// The path that the script has, and the buyer whose it is.
    pub(crate) place: String,
    pub(crate) buyer: String,
    pub(crate) lead: String,
    pub(crate) key: String,
    /// Where the request would like to be called back.
    pub(crate) callback: Option<String>,
}

/// What happens now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A status, a body in JSON and perhaps `Retry-After`.
    Says(u16, String, Option<u32>),
    /// The connection ends without an answer.
    Ends,
    /// Nothing, ever.
    Hangs,
    /// 202 now, and this body to that URL after so many milliseconds.
    Later { ms: u64, to: Option<String>, body: String },
}

/// What there is to wait for, and what comes then.
pub(crate) struct Turn {
    pub(crate) wait_ms: u64,
    pub(crate) answer: Answer,
}

/// The longest place of the script that a path begins with.
pub(crate) fn place<'a>(script: &'a Script, path: &str) -> Option<(&'a str, &'a Buyer)> {
    let path = path.trim_matches('/');
    let mut end = path.len();
    loop {
        let start = path.get(..end)?;
        if let Some((name, buyer)) = script.buyers.get_key_value(start) {
            return Some((name, buyer));
        }
        end = start.rfind('/')?;
    }
}

/// Decides it, and takes the lead where it is taken. What is by chance is the same for the same seed, place and key.
pub(crate) fn answer(script: &Script, buyer: &Buyer, asked: &Asked, book: &Book) -> Turn {
    let (nth, is_first) = book.comes(&asked.buyer, &asked.place, &asked.lead, &asked.key);
    let mut hasher = DefaultHasher::new();
    (script.seed, &asked.place, &asked.key, &asked.lead).hash(&mut hasher);
    if asked.key.is_empty() && asked.lead.is_empty() {
        nth.hash(&mut hasher);
    }
    let mut dice = fastrand::Rng::with_seed(hasher.finish());
    let misbehaves = dice.u8(0..100) < buyer.percent && (is_first || !buyer.once);
    let does = if misbehaves { buyer.does.clone() } else { Does::Accept { price: None } };
    let takes = || book.takes(&asked.buyer, &asked.lead, &asked.key, buyer.knows_keys);
    act(does, nth, &mut dice, asked, &takes)
}

fn act(does: Does, nth: u64, dice: &mut fastrand::Rng, asked: &Asked, takes: &dyn Fn() -> bool) -> Turn {
    let now = |answer| Turn { wait_ms: 0, answer };
    match does {
        Does::Accept { price } => now(accepted(takes(), price)),
        Does::Reject { reason } => {
            let reason = reason.unwrap_or_else(|| "not_wanted".into());
            now(says(200, &serde_json::json!({ "status": "rejected", "reason": reason })))
        }
        Does::Hang => now(Answer::Hangs),
        Does::Fail { status, retry_after } => now(Answer::Says(status, r#"{"status":"error"}"#.into(), retry_after)),
        Does::Flap { good, bad } => match nth % (good + bad).max(1) < good {
            true => now(accepted(takes(), None)),
            false => now(says(500, &serde_json::json!({ "status": "error" }))),
        },
        Does::Slow { ms, then } => {
            let then = then.map_or(Does::Accept { price: None }, |then| *then);
            let Turn { wait_ms, answer } = act(then, nth, dice, asked, takes);
            Turn { wait_ms: wait_ms + ms, answer }
        }
        Does::Lie { says: lie } => {
            takes();
            now(match lie {
                Lie::Drop => Answer::Ends,
                Lie::Error => says(500, &serde_json::json!({ "status": "error" })),
                Lie::Hang => Answer::Hangs,
            })
        }
        Does::Later { ms, callback, accepts } => {
            let status = match accepts {
                true if takes() => "duplicate",
                true => "accepted",
                false => "rejected",
            };
            let body = serde_json::json!({ "status": status, "lead": asked.lead, "key": asked.key }).to_string();
            now(Answer::Later { ms, to: asked.callback.clone().or(callback), body })
        }
        Does::Bid { price, from, to, currency, ms } => {
            let price = price.unwrap_or_else(|| in_dollars(dice.u32(from..=to.max(from))));
            let bid = serde_json::json!({ "status": "bid", "price": price, "currency": currency, "bid_id": asked.key });
            Turn { wait_ms: ms, answer: says(200, &bid) }
        }
        Does::NoBid => now(says(200, &serde_json::json!({ "status": "no_bid" }))),
    }
}

fn accepted(had_it: bool, price: Option<String>) -> Answer {
    let status = if had_it { "duplicate" } else { "accepted" };
    let mut body = serde_json::json!({ "status": status });
    if let (Some(price), Some(body)) = (price, body.as_object_mut()) {
        body.insert("price".into(), price.into());
    }
    says(200, &body)
}

fn says(status: u16, body: &serde_json::Value) -> Answer {
    Answer::Says(status, body.to_string(), None)
}

fn in_dollars(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
