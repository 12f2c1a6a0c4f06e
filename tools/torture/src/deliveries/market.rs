//! What is sold in a world of deliveries: ten buyers, each with another idea of what follows from no answer.

use crate::sim::Dice;
use leadwright::plan::{MemoryResolver, Plan};
use serde_json::{Map, Value, json};

/// How many buyers there are; the first half of them buys leads alone.
pub(crate) const BUYERS: usize = 10;

/// What the plan says of a lead whose buyer does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Silent {
    /// Nothing: it is kept until somebody finds out.
    Kept,
    CountAsSold,
    Release,
    Retry,
    /// The contract has no `post`: the host delivers, and a sale is one when it is decided.
    Host,
}

/// A buyer with its one contract.
#[derive(Clone, Debug)]
pub(crate) struct Contract {
    pub(crate) buyer: String,
    pub(crate) id: String,
    /// Whether it buys leads for itself alone.
    pub(crate) is_alone: bool,
    pub(crate) silent: Silent,
    /// Whether it takes one key once, and answers it always the same.
    pub(crate) knows_keys: bool,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    terms: Value,
    post: Value,
    hold: String,
    /// Whose leads are bought; all where there is nothing.
    states: Option<Value>,
}

/// All contracts of a world.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    pub(crate) contracts: Vec<Contract>,
    dedupe: bool,
    /// Whether a lead goes to who pays most, and not in turns.
    by_price: bool,
}

impl Market {
    /// For about so many leads a day. Only where the plan may `release` can a lead be sold of which nobody knows.
    pub(crate) fn by_chance(dice: &mut Dice, leads: u64, may_release: bool) -> Self {
        let contracts = (0..BUYERS).map(|place| Contract::by_chance(dice, place, leads, may_release)).collect();
        Self { contracts, dedupe: dice.chance(500), by_price: false }
    }

    /// One that all processes of a run over sockets know: `sockets-N` for so many deliveries, or `drill`.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let number = name.strip_prefix("sockets-").and_then(|number| number.parse::<i64>().ok());
        let most = match (name, number) {
            ("drill", _) => 1_000_000,
            (_, Some(number)) => number,
            _ => return Err(format!("there is no market `{name}`")),
        };
        let contract = |place| Contract::of_sockets(place, name == "drill", most);
        Ok(Self { contracts: (0..BUYERS).map(contract).collect(), dedupe: false, by_price: name == "drill" })
    }

    pub(crate) fn place(buyer: &str) -> usize {
        buyer.trim_start_matches('b').parse().unwrap_or_default()
    }

    /// The plan, whose buyers are at this address.
    pub(crate) fn plan(&self, at: &str) -> Result<Plan, String> {
        let mut buyers = Map::new();
        for contract in &self.contracts {
            buyers.insert(contract.buyer.clone(), contract.document());
        }
        let alone = if self.by_price { "price" } else { "round_robin" };
        let mut text = json!({
            "format": 1, "plan": "deliveries", "currency": "USD", "timezone": "UTC",
            "verticals": { "roofing": { "extends": "us/home-services@1" } },
            "sources": { "web": { "verticals": ["roofing"], "payout": { "percent_of_price": 40 }, "caps": { "day": 5_000_000 } } },
            "routes": { "roofing": { "max_sales": 2, "groups": [
                { "id": "alone", "select": alone, "take": 1 }, { "id": "share", "select": "weighted", "take": 2 } ],
                "on_unsold": { "then": "store" } } },
            "endpoints": { "hub": hub(at) }, "buyers": buyers
        });
        if let Some(text) = text.as_object_mut().filter(|_| self.dedupe) {
            let rule = json!({ "dedupe": [ { "any": ["phone"], "within": "2d", "against": "sold" } ] });
            text.insert("intake".into(), rule);
        }
        let files = MemoryResolver::new([("plan.jsonc", text.to_string())]);
        Plan::load(&files, "plan.jsonc").map_err(|error| error.to_string())
    }
}

/// Where all leads go: a path for each buyer.
fn hub(at: &str) -> Value {
    json!({ "url": format!("{at}/{{{{ buyer }}}}"), "body": "{\"lead_id\": {{ lead_id }}}", "answers": [
        { "if": { "/status": "accepted" }, "is": "accepted" },
        { "if": { "/status": "duplicate" }, "is": "duplicate_of_ours" },
        { "if": { "/status": "rejected" }, "is": "rejected" } ] })
}

impl Contract {
    fn by_chance(dice: &mut Dice, place: usize, leads: u64, may_release: bool) -> Self {
        let silent = match dice.below(if may_release { 6 } else { 4 }) {
            0 => Silent::Kept,
            1 => Silent::CountAsSold,
            2 => Silent::Retry,
            3 => Silent::Host,
            _ => Silent::Release,
        };
        let least = i64::try_from(leads / 10).unwrap_or_default().max(4);
        let day = least + dice.between(0, least * 3);
        // Somebody who does not know its keys is never sent the same again for an unknown end.
        let knows_keys = dice.chance(600) || silent == Silent::Retry;
        let mut terms = json!({ "at_once": 4 + dice.below(12), "weight": 1 + dice.below(3) });
        if dice.chance(400) {
            terms["breaker"] = json!("off");
        }
        let mut post = json!({ "to": "hub", "wait": "20s" });
        if dice.chance(500) {
            post["tries"] = json!(2 + dice.below(5));
        }
        if dice.chance(400) {
            post["give_up_after"] = json!(format!("{}m", 20 + dice.below(180)));
        }
        if dice.chance(200) {
            post["late_accept"] = json!("refuse");
        }
        Self {
            buyer: format!("b{place}"),
            id: format!("b{place}-1"),
            is_alone: place < BUYERS / 2,
            silent,
            knows_keys,
            day,
            hour: day / 4 + 2,
            terms,
            post,
            hold: format!("{}m", 5 + dice.below(40)),
            states: (place < BUYERS / 2).then(|| json!(["IL", "TX"])),
        }
    }

    /// Over sockets time is that of a clock: everything is short. In the drill all leads are to be had alone.
    fn of_sockets(place: usize, is_drill: bool, most: i64) -> Self {
        let silent = match place {
            _ if is_drill => Silent::Retry,
            1 | 6 => Silent::Retry,
            3 => Silent::CountAsSold,
            _ => Silent::Kept,
        };
        // In the drill everybody buys of one state, and there are two for each.
        let states = match is_drill {
            true => ["IL", "TX", "OH", "CA", "NY"].get(place % 5).map(|state| json!([state])),
            false => (place < BUYERS / 2).then(|| json!(["IL", "TX"])),
        };
        Self {
            buyer: format!("b{place}"),
            id: format!("b{place}-1"),
            is_alone: place < BUYERS / 2 || is_drill,
            silent,
            knows_keys: true,
            // So that some caps are full before all is sold.
            day: if place % 4 == 1 { most / 20 + 5 } else { most },
            hour: most,
            terms: json!({ "at_once": 32, "retries": { "percent": 100, "per_minute": 10_000 } }),
            post: json!({ "to": "hub", "wait": "300ms", "tries": 3 }),
            hold: "2s".into(),
            states,
        }
    }

    fn document(&self) -> Value {
        let place = Market::place(&self.buyer);
        let (group, form) = if self.is_alone { ("roofing/alone", "exclusive") } else { ("roofing/share", "shared") };
        let member = if self.is_alone { json!({}) } else { json!({ "weight": 1 + place }) };
        let mut contract = json!({
            "in": { group: member }, "caps": { "day": self.day, "hour": self.hour },
            "sell": { form: { "price": format!("{}.50", 40 - place) } }
        });
        if let Some(states) = &self.states {
            contract["where"] = json!({ "state": states });
        }
        if self.silent != Silent::Host {
            contract["post"] = self.post.clone();
        }
        let then = match self.silent {
            Silent::CountAsSold => Some("count_as_sold"),
            Silent::Release => Some("release"),
            Silent::Retry => Some("retry"),
            Silent::Kept | Silent::Host => None,
        };
        if let Some(then) = then {
            contract["no_answer"] = json!({ "hold_at_most": self.hold, "then": then });
        }
        json!({ "deliver": self.terms, "contracts": { self.id.clone(): contract } })
    }
}

/// A lead of this number. Some people come again.
pub(crate) fn lead(n: u64, dice: &mut Dice) -> String {
    let who = if dice.chance(40) { n.saturating_sub(dice.below(50)) } else { n };
    let (area, line) = (200 + who / 10_000 % 700, who % 10_000);
    let state = dice.one(&["IL", "TX", "OH", "OH"]);
    json!({ "id": format!("L{n}"), "source": "web", "phone": format!("312{area}{line:04}"), "state": state, "note": n.to_string() })
        .to_string()
}
