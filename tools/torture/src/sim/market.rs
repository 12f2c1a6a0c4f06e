//! What is decided by: two plans with every kind of cap, what of them the accounts have to know, and leads.

use super::dice::Dice;
use leadwright::model::Money;
use leadwright::plan::{MemoryResolver, Plan};
use serde_json::json;

/// In how many milliseconds a person is sold once.
pub(crate) const DEDUPE: i64 = 2 * 86_400_000;
/// How far the prepaid buyer may overdraw, in 1/10,000.
pub(crate) const CREDIT: i64 = 50 * 10_000;
pub(crate) const PREPAID: &str = "bolt";
/// How many people there are.
const PEOPLE: u64 = 900;

/// Over what a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Over {
    Hour,
    Day,
    Week,
    Month,
    Total,
    Rolling(i64),
}

/// A cap as the accounts know it. The limits are those of both plans.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) over: Over,
    pub(crate) is_spend: bool,
    /// Leads, or 1/10,000 of a dollar.
    pub(crate) most: [i64; 2],
}

/// A contract, whose it is, through which group it is sold first, and what it pays by each plan, in 1/10,000.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) contract: &'static str,
    pub(crate) buyer: &'static str,
    pub(crate) group: &'static str,
    pub(crate) price: [i64; 2],
}

const fn offer(contract: &'static str, buyer: &'static str, group: &'static str, price: [i64; 2]) -> Offer {
    Offer { contract, buyer, group, price }
}

/// At what each contract is sold where nothing is said: alone before shared.
pub(crate) const OFFERS: [Offer; 6] = [
    offer("acme-1", "acme", "roofing/turns", [400_000, 410_000]),
    offer("bolt-1", "bolt", "roofing/turns", [199_900; 2]),
    offer("cool-1", "cool", "roofing/open", [120_000; 2]),
    offer("dove-1", "dove", "roofing/share", [330_000; 2]),
    offer("dove-2", "dove", "roofing/share", [140_000; 2]),
    offer("eel-1", "eel", "roofing/share", [151_000; 2]),
];

/// Whether caps get a place back from a lead that a buyer gives back.
pub(crate) fn refunds_cap(buyer: &str) -> bool {
    buyer == "acme"
}

const fn count(over: Over, first: i64, second: i64) -> Limit {
    Limit { over, is_spend: false, most: [first, second] }
}

/// Whose caps there are.
pub(crate) fn limits(owner: &str) -> &'static [Limit] {
    const ACME: [Limit; 2] = [count(Over::Hour, 3, 3), count(Over::Day, 20, 14)];
    const ACME_ALL: [Limit; 1] = [Limit { over: Over::Week, is_spend: true, most: [18_000_000, 18_000_000] }];
    const BOLT: [Limit; 1] = [count(Over::Month, 160, 160)];
    const COOL: [Limit; 2] = [count(Over::Rolling(7_200_000), 5, 5), count(Over::Total, 130, 130)];
    const DOVE_ALL: [Limit; 1] = [count(Over::Day, 30, 30)];
    const OPEN: [Limit; 1] = [count(Over::Day, 60, 45)];
    const WEB: [Limit; 1] = [count(Over::Day, 110, 90)];
    const ROOFING: [Limit; 1] = [count(Over::Day, 140, 140)];
    match owner {
        "contract:acme-1" => &ACME,
        "buyer:acme" => &ACME_ALL,
        "contract:bolt-1" => &BOLT,
        "contract:cool-1" => &COOL,
        "buyer:dove" => &DOVE_ALL,
        "group:roofing/open" => &OPEN,
        "source:web" => &WEB,
        "route:roofing" => &ROOFING,
        _ => &[],
    }
}

/// The first plan, or the one that follows it.
pub(crate) fn plan(second: bool) -> Plan {
    let of = usize::from(second);
    let most = |owner: &str, place: usize| limits(owner)[place].most[of];
    let weight = if second { 2 } else { 3 };
    let price = |place: usize| Money::from_units(OFFERS[place].price[of]).map(|price| price.to_string());
    let text = json!({
        "format": 1, "plan": if second { "second" } else { "first" }, "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1", "problems": { "name.gibberish": "hold" } } },
        "sources": {
            "web": { "verticals": ["roofing"], "caps": { "day": most("source:web", 0) }, "payout": { "percent_of_price": 70 } },
            "form": { "verticals": ["roofing"] } },
        "intake": { "dedupe": [ { "any": ["phone"], "within": "2d", "against": "sold" } ] },
        "routes": { "roofing": { "max_sales": 2, "caps": { "day": most("route:roofing", 0) }, "groups": [
            { "id": "turns", "select": "round_robin", "take": 1 },
            { "id": "share", "select": "weighted", "take": 1 },
            { "id": "open", "select": "price", "caps": { "day": most("group:roofing/open", 0) } } ],
            "on_unsold": { "retry_for": "40m", "rate": { "count": 30, "within": "1h" }, "then": "store" } } },
        "buyers": {
            "acme": { "caps": { "week": { "spend": "1800.00" } },
                "returns": { "within": "2d", "max_rate": 60, "return_refunds_cap": "same_window" }, "contracts": { "acme-1": {
                "in": { "roofing/turns": {} }, "caps": { "hour": most("contract:acme-1", 0), "day": most("contract:acme-1", 1) },
                "may": { "pause": true, "caps": { "day": { "lte": 40 } } },
                "sell": { "exclusive": { "price": price(0) }, "shared": { "price": "21.55" } } } } },
            "bolt": { "prepaid": true, "credit": "50.00", "returns": { "within": "30d" }, "contracts": { "bolt-1": {
                "in": { "roofing/turns": {}, "roofing/open": {} }, "where": { "state": "IL" },
                "caps": { "month": most("contract:bolt-1", 0) }, "may": { "pause": true },
                "sell": { "shared": { "price": price(1) } } } } },
            "cool": { "contracts": { "cool-1": {
                "in": { "roofing/open": {} }, "rate": { "count": 6, "within": "1h" }, "may": { "pause": true },
                "caps": { "rolling": { "within": "2h", "count": most("contract:cool-1", 0) }, "total": most("contract:cool-1", 1) },
                "sell": { "shared": { "price": price(2) } } } } },
            "dove": { "caps": { "day": most("buyer:dove", 0) }, "contracts": {
                "dove-1": { "in": { "roofing/share": { "weight": weight } }, "sell": { "exclusive": { "price": price(3) } } },
                "dove-2": { "in": { "roofing/share": { "weight": 1 } }, "where": { "state": "TX" },
                    "sell": { "shared": { "price": price(4) } } } } },
            "eel": { "contracts": { "eel-1": {
                "in": { "roofing/share": { "weight": 2 } }, "may": { "pause": true },
                "sell": { "shared": { "price": price(5) } } } } }
        }
    });
    let files = MemoryResolver::new([("plan.jsonc", text.to_string())]);
    Plan::load(&files, "plan.jsonc")
        .unwrap_or_else(|error| panic!("a plan of the simulator: {error} {:?}", error.issues()))
}

/// A request: a lead as some source sends it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) source: &'static str,
    pub(crate) id: String,
    /// The caller's idempotency key.
    pub(crate) key: Option<String>,
    rest: String,
}

impl Request {
    pub(crate) fn by_chance(dice: &mut Dice, n: u64) -> Self {
        let (state, zip) = *dice.one(&[("IL", "60601"), ("IL", "60614"), ("TX", "75201")]);
        let phone = if dice.chance(60) { String::new() } else { phone(dice.below(PEOPLE)) };
        let name = if dice.chance(40) { "asdfgh jkl" } else { "Ada Brown" };
        let test = if dice.chance(20) { r#","test":true"# } else { "" };
        let source = if dice.chance(10) { "none" } else { dice.one(&["web", "web", "form"]) };
        let key = dice.chance(500).then(|| format!("k{n}"));
        let rest = format!(r#""name":"{name}","phone":"{phone}","state":"{state}","zip":"{zip}","note":"{n}"{test}"#);
        Self { source, id: format!("L{n}"), key, rest }
    }

    /// The same lead under another id, as a client sends it that does not remember the first.
    pub(crate) fn renamed(&self, id: String) -> Self {
        Self { id, ..self.clone() }
    }

    /// Another lead under the same id.
    pub(crate) fn changed(&self, n: u64) -> Self {
        Self { rest: format!(r#"{},"message":"again {n}""#, self.rest), ..self.clone() }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self { source, id, key, rest } = self;
        let key = key.as_ref().map(|key| format!(r#","idempotency_key":"{key}""#)).unwrap_or_default();
        format!(r#"{{"id":"{id}","source":"{source}"{key},{rest}}}"#).into_bytes()
    }
}

/// Somebody's phone.
pub(crate) fn phone(person: u64) -> String {
    format!("312-867-{:04}", 1_000 + person)
}

/// Somebody.
pub(crate) fn anybody(dice: &mut Dice) -> String {
    phone(dice.below(PEOPLE))
}
