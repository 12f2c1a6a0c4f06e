//! How a contract is asked for a bid, gets its leads, and what is done where it does not answer.

use super::super::compiled::{AfterNoAnswer, Contract, LowerPrice, NoAnswer, Ping, Post, SharedBid};
use super::super::units::duration_millis;
use super::{Compiler, count_of, declared, money_of, text_of, texts};
use crate::deliver::{BidTerms, Filter, Sent};
use crate::model::{BuyerId, Code, Finding, Member, Node};
use crate::schema::{Field, Pii, Schema};
use crate::text::did_you_mean;

/// How long a bid is waited for where nothing is said, in milliseconds.
const PING_WAIT: i64 = 900;
/// How long the answer to a lead is waited for.
const POST_WAIT: i64 = 10_000;

/// Whose contract it is, and how it is called in the plan.
pub(super) struct Whose<'a> {
    pub(super) buyer: &'a BuyerId,
    /// The vertical of its leads.
    pub(super) vertical: Option<&'a str>,
    pub(super) path: &'a str,
}

impl Compiler {
    /// Everything about delivery that a contract says.
    pub(super) fn delivery(&mut self, member: &Member, whose: &Whose<'_>, contract: &mut Contract) {
        let node = &member.value;
        contract.ping = node.get("ping").and_then(|ping| self.ping(ping, whose));
        contract.post = node.get("post").and_then(|post| self.post(post, whose));
        contract.no_answer = node.get("no_answer").and_then(|no_answer| self.no_answer(no_answer, whose));
        let Some(sell) = node.get("sell") else { return };
        let path = format!("{}/sell", whose.path);
        if let Some(sale) = sell.get("exclusive") {
            contract.exclusive_bid = self.bid(sale, node, member, &format!("{path}/exclusive"));
        }
        if let Some(sale) = sell.get("shared") {
            let terms = self.bid(sale, node, member, &format!("{path}/shared"));
            contract.shared_bid = terms.map(|terms| SharedBid { terms, with_at_most: count_of(sale, "with_at_most") });
        }
    }

    /// Which bids count. A contract that is not asked never bids.
    fn bid(&mut self, sale: &Node, contract: &Node, member: &Member, path: &str) -> Option<BidTerms> {
        let node = sale.get("bid")?;
        let path = format!("{path}/bid");
        if contract.get("ping").is_none() {
            let message = format!("contract `{}` sells for a bid, and nobody asks it for one", member.key);
            let finding = Finding::new(Code::PlanChooseOne, node.place, path, message);
            self.find(finding.expected("a `ping` beside `sell`, or a `price` in place of `bid`"));
            return None;
        }
        let terms = BidTerms {
            min: money_of(node, "min"),
            max: money_of(node, "max"),
            accept_zero: node.get("accept_zero").and_then(Node::as_bool) == Some(true),
        };
        if let (Some(min), Some(max)) = (terms.min, terms.max)
            && min > max
        {
            let message = format!("no bid is at least {min} and at most {max}");
            let finding = Finding::new(Code::PlanOutOfRange, node.place, path, message);
            self.find(finding.expected("`min` not above `max`"));
        }
        Some(terms)
    }

    fn ping(&mut self, node: &Node, whose: &Whose<'_>) -> Option<Ping> {
        let path = format!("{}/ping", whose.path);
        let endpoint = self.endpoint_named(node, "to", whose, &path);
        let send = self.sent_fields(node, whose, &path, true);
        Some(Ping { endpoint: endpoint?, send, wait: millis(node, "wait").unwrap_or(PING_WAIT) })
    }

    fn post(&mut self, node: &Node, whose: &Whose<'_>) -> Option<Post> {
        let path = format!("{}/post", whose.path);
        let endpoint = self.endpoint_named(node, "to", whose, &path);
        let send = self.sent_fields(node, whose, &path, false);
        Some(Post {
            endpoint: endpoint?,
            send,
            wait: millis(node, "wait").unwrap_or(POST_WAIT),
            tries: count_of(node, "tries"),
            give_up_after: millis(node, "give_up_after"),
            honors_late: text_of(node, "late_accept") != Some("refuse"),
            lower_price: match text_of(node, "lower_price") {
                Some("take") => LowerPrice::Take,
                Some("reject") => LowerPrice::Reject,
                _ => LowerPrice::Keep,
            },
        })
    }

    fn no_answer(&mut self, node: &Node, whose: &Whose<'_>) -> Option<NoAnswer> {
        let path = format!("{}/no_answer", whose.path);
        let word = text_of(node, "then")?;
        let asks = word == "ask";
        let then = match word {
            "count_as_sold" => AfterNoAnswer::CountAsSold,
            "release" => AfterNoAnswer::Release,
            "retry" => AfterNoAnswer::Retry,
            "ask" if node.get("ask").is_some() => AfterNoAnswer::Ask(self.endpoint_named(node, "ask", whose, &path)?),
            _ => {
                if asks {
                    let finding = Finding::new(Code::PlanMissingField, node.place, path, "it is not said who is asked");
                    self.find(finding.expected("`ask`: the endpoint that says what became of a key"));
                }
                return None;
            }
        };
        if let Some(ask) = node.get("ask").filter(|_| !asks) {
            let message = "`ask` says nothing where `then` is not `ask`";
            let finding = Finding::new(Code::PlanChooseOne, ask.place, format!("{path}/ask"), message);
            self.find(finding.expected("`\"then\": \"ask\"`, or no `ask`"));
        }
        Some(NoAnswer { hold_at_most: millis(node, "hold_at_most"), then })
    }

    /// An endpoint of the plan or of the contract's own buyer: what others are sent is nobody else's.
    fn endpoint_named(&mut self, node: &Node, key: &str, whose: &Whose<'_>, path: &str) -> Option<String> {
        let named = node.get(key)?;
        let name = named.as_text()?;
        let may = |owner: &Option<BuyerId>| owner.as_ref().is_none_or(|owner| owner == whose.buyer);
        if self.names.endpoints.get(name).is_some_and(may) {
            return Some(name.to_owned());
        }
        let known = self.names.endpoints.iter().filter(|(_, owner)| may(owner)).map(|(name, _)| name.clone());
        let known: Vec<String> = known.collect();
        self.unknown("endpoint", name, named.place, format!("{path}/{key}"), known.iter().map(String::as_str));
        None
    }

    fn sent_fields(&mut self, node: &Node, whose: &Whose<'_>, path: &str, is_ping: bool) -> Vec<Sent> {
        let mut sent = Vec::new();
        for (n, item) in texts(node, "send").into_iter().enumerate() {
            let path = format!("{path}/send/{n}");
            let Some(schema) = whose.vertical.and_then(|name| self.names.verticals.get(name)) else { continue };
            match found(schema, item.as_text().unwrap_or_default()) {
                Ok((_, pii)) if is_ping && tells_who(pii) => {
                    let name = item.as_text().unwrap_or_default();
                    let message = format!("a ping shows `{name}`, which says who the consumer is");
                    let finding = Finding::new(Code::PlanPingTellsWho, item.place, path, message);
                    self.find(finding.expected(format!("other fields, or a hash of it: \"{name}.sha256\"")));
                }
                Ok((way, _)) => sent.push(way),
                Err(finding) => self.find(finding.at(item, path)),
            }
        }
        sent.sort_by(|a, b| a.name.cmp(&b.name));
        sent.dedup_by(|a, b| a.name == b.name);
        sent
    }

    /// A field that some vertical has; for what contracts of several verticals share.
    pub(super) fn sent_of_any(&mut self, text: &str, item: &Node, path: String) -> Option<Sent> {
        let mut first = None;
        for schema in self.names.verticals.values() {
            match found(schema, text) {
                Ok((sent, _)) => return Some(sent),
                Err(no) => first = first.or(Some(no)),
            }
        }
        if let Some(no) = first {
            self.find(no.at(item, path));
        }
        None
    }
}

/// The names of the endpoints of the plan and of all buyers, and whose they are.
pub(super) fn declared_endpoints(
    documents: &super::super::document::Documents,
) -> std::collections::BTreeMap<String, Option<BuyerId>> {
    let of = |node: Option<&Node>, owner: Option<BuyerId>| {
        declared(node).map(|member| (member.key.clone(), owner.clone())).collect::<Vec<_>>()
    };
    let root = documents.root().and_then(|root| root.node.get("endpoints"));
    let mut names: std::collections::BTreeMap<_, _> = of(root, None).into_iter().collect();
    for entry in documents.buyers() {
        let Some(owner) = super::buyer_id(entry.id) else { continue };
        names.extend(of(entry.node.get("endpoints"), Some(owner)));
    }
    names
}

/// What makes a ping say who somebody is. A field that needs special care is nothing to ask around with either.
fn tells_who(pii: Pii) -> bool {
    matches!(pii, Pii::Direct | Pii::Sensitive)
}

/// Why a field cannot be sent.
struct NotFound {
    code: Code,
    message: String,
    expected: String,
    near: Option<String>,
}

impl NotFound {
    fn at(self, item: &Node, path: String) -> Finding {
        Finding::new(self.code, item.place, path, self.message).expected(self.expected).suggest(self.near)
    }
}

/// A field or a part of it, with its filters, and what it says about who somebody is.
fn found(schema: &Schema, text: &str) -> Result<(Sent, Pii), NotFound> {
    let mut parts = text.split('|').map(str::trim);
    let written = parts.next().unwrap_or_default();
    let mut filters = Vec::new();
    for name in parts {
        filters.push(Filter::named(name).ok_or_else(|| NotFound {
            code: Code::PlanUnknownName,
            message: format!("there is no filter `{name}`"),
            expected: format!("one of {}", Filter::ALL.map(Filter::as_str).join(", ")),
            near: did_you_mean(name, Filter::ALL.map(Filter::as_str)).map(str::to_owned),
        })?);
    }
    let hashed = written.rsplit_once('.').and_then(|(field, hash)| Some((field, Filter::hash(hash)?)));
    let hashed = hashed.filter(|(field, _)| schema.field(written).is_none() && leaf(schema, field).is_ok());
    let name = hashed.map_or(written, |(field, _)| field);
    if let Some((_, hash)) = hashed {
        filters.insert(0, hash);
    }
    let (field, path, pii) = leaf(schema, name)?;
    let pii = if filters.iter().any(|filter| filter.is_hash()) { Pii::None } else { pii };
    Ok((Sent { name: written.to_owned(), field, path, filters }, pii))
}

type Leaf = (String, Option<crate::schema::path::Path>, Pii);

fn leaf(schema: &Schema, name: &str) -> Result<Leaf, NotFound> {
    if let Some(field) = schema.field(name) {
        return Ok((field.name.clone(), None, field.pii));
    }
    let says =
        |says: String, expected: String, near| NotFound { code: Code::PlanUnknownName, message: says, expected, near };
    match schema.inside(name) {
        Some(Ok(inside)) if inside.path.is_single() => {
            // An age or a count says less than what it is reckoned from.
            let pii = inside.leaf.as_ref().map_or(Pii::Quasi, |leaf| Pii::of(leaf.kind, &leaf.options));
            Ok((inside.field.name.clone(), Some(inside.path), pii))
        }
        Some(Ok(_)) => {
            Err(says(format!("`{name}` is several values"), "one of them: `first`, `primary`, `newest`".into(), None))
        }
        Some(Err(lost)) => Err(says(format!("`{name}` cannot be sent: {}", lost.says), lost.expected, lost.near)),
        None => {
            let fields: Vec<&Field> = schema.fields().iter().collect();
            let known = fields.iter().map(|field| field.name.as_str());
            let synonym = schema.find(name).map(|field| field.name.as_str());
            let near = synonym.or_else(|| did_you_mean(name, known)).map(str::to_owned);
            let message = format!("`{}` has no field `{name}`", schema.name());
            Err(says(message, format!("a field of `{}`", schema.name()), near))
        }
    }
}

fn millis(node: &Node, key: &str) -> Option<i64> {
    duration_millis(text_of(node, key)?).ok()
}
