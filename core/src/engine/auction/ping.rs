//! A supplier asks what we would pay, before it shows the whole lead (rules 61 to 64).

use super::bids::Bids;
use super::holds::Holding;
use super::respond;
use super::submit::until;
use crate::engine::Engine;
use crate::engine::batch::short_enough;
use crate::engine::chance::{hash, hex};
use crate::engine::doors::effective;
use crate::engine::host::Outside;
use crate::engine::prepare::{Prepared, named_ping, prepare_ping};
use crate::engine::reads::Reads;
use crate::engine::record::Settled;
use crate::engine::unknown::Repeated;
use crate::model::{Action, Code, ContractId, DecisionId, Error, Outcome, SourceId, Tick, Timestamp, Value};
use crate::operate::{PingUse, Pinged, Submitted};
use crate::plan::Plan;
use crate::store::{Change, Setting, Transaction, View};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long the same ping gets the same answer, and the longest that a bid of ours holds, in milliseconds (rule 63).
const SAME: i64 = 10 * 60_000;
/// The setting that says up to which span of time pings were cleared away.
const CLEARED: &str = "pings_cleared";
/// So many spans of time are cleared away at once.
const SPANS: i64 = 8;

/// A ping as it is kept: nothing of the lead but a hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    answer: Pinged,
    at: Timestamp,
    /// The fields that came with it, and a hash of their values.
    fields: BTreeSet<String>,
    hash: String,
    bids: Option<Bids>,
    /// Contracts that hold a place for it (rule 60).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    held: Vec<ContractId>,
    /// What the lead came to that was posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    posted: Option<DecisionId>,
}

impl Repeated for Pinged {
    fn repeated(&self) -> Self {
        self.clone()
    }
}

impl Engine {
    /// What the supplier of this lead would get for it: the payout of the best sales that buyers' prices and bids allow now, after
    /// our margin. Buyers are asked with what of the lead is there.
    ///
    /// Criteria count as met that can still be met, and nothing is required yet. Nothing is reserved, but by contracts that
    /// `hold` (rule 60); the bid holds for ten minutes at most, or as long as the bids of buyers that it rests on. The same ping again gets the same answer
    /// (rule 63): the same `idempotency_key` of the same source, or else the same data.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"], "payout": { "percent_of_price": 70 } } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "where": { "state": "IL" }, "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::deliver::{Exchanged, NotSent, Request, Secrets, Transport};
    /// use leadwright::engine::{Clock, Engine, Outside};
    /// use leadwright::model::{Code, Error, Tick, Timestamp};
    /// use leadwright::{operate::PingUse, store::MemoryStore};
    /// use std::time::Duration;
    /// # struct World(Timestamp);
    /// # impl Clock for World {
    /// #     fn now(&self) -> Timestamp { self.0 }
    /// # }
    /// # impl Secrets for World {
    /// #     fn secret(&self, name: &str) -> Result<String, Error> { Err(Error::new(Code::InputBadOption, name)) }
    /// # }
    /// # impl Transport for World {
    /// #     fn send(&self, _: &Request, _: Duration) -> Exchanged { Exchanged::NotSent(NotSent::NoConnection) }
    /// # }
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let world = World("2026-11-24T15:30:00Z".parse()?);
    /// let outside = Outside { transport: &world, secrets: &world, clock: &world };
    /// let (now, within) = (Tick::at(world.now()), Duration::from_millis(800));
    /// let pinged = engine.ping(br#"{"source":"web","zip":"60601"}"#, now, within, &outside)?;
    /// assert_eq!(pinged.bid, Some("28.00".parse()?));
    ///
    /// let lead = format!(r#"{{"id":"L1","source":"web","zip":"60601","phone":"312-867-5309","ping_id":"{}"}}"#, pinged.ping_id);
    /// let posted = engine.post(lead.as_bytes(), now, within, &outside)?;
    /// assert_eq!((posted.payout, posted.ping), ("28.00".parse()?, Some(PingUse::Honoured)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`decide`](Self::decide).
    pub fn ping(&self, partial: &[u8], tick: Tick, within: Duration, outside: &Outside<'_>) -> Result<Pinged, Error> {
        short_enough(partial)?;
        let until = until(outside, within);
        let plan = self.plan();
        let mut lead = prepare_ping(&plan, self.tenant(), partial, tick, &self.lists());
        let name = self.name_of(&lead);
        let before = self.look(|view| kept_since(view, &lead.source, &name, effective(view, tick.now)?))?;
        if let Some((_, before)) = before {
            return Ok(respond::bid(&plan, &lead.source, before.answer));
        }
        self.ask_for_bids(&plan, &mut lead, until, outside)?;
        let settled = self.look(|view| {
            let at = effective(view, tick.now)?;
            let reads = Reads { at: Some(at), n: 1, ..Reads::default() };
            Ok(self.settle_new(&plan, &lead, view, reads, at)?.0)
        })?;
        let answer = self.once_or_again(&mut |transaction| {
            let at = effective(&*transaction, tick.now)?;
            if let Some((_, before)) = kept_since(&*transaction, &lead.source, &name, at)? {
                return Ok(before.answer);
            }
            let mut change = Change::at(at);
            clear_away(&*transaction, at, &mut change)?;
            let now = self.settled_to_hold(&plan, &lead, &settled, transaction)?;
            let settled = now.as_ref().unwrap_or(&settled);
            let mut kept = kept(&plan, &lead, settled, &name, at);
            let holding = Holding { ping_id: &kept.answer.ping_id, until: kept.answer.expires };
            kept.held = self.hold_room(&plan, &lead, settled, &holding, transaction)?;
            change.settings.push(written(&lead.source, &kept)?);
            transaction.change(&change)?;
            Ok(kept.answer)
        })?;
        Ok(respond::bid(&plan, &lead.source, answer))
    }

    /// A lead that was pinged before, or not: with a `ping_id` it is decided by the bids of then where its data is the same, and
    /// its supplier gets what was bid, or the lead is not taken and [`PingUse`] says why. The same ping posted twice is one decision
    /// (rule 64). Without one it is as [`submit`](Self::submit).
    ///
    /// See [`ping`](Self::ping).
    ///
    /// # Errors
    /// As [`submit`](Self::submit).
    pub fn post(&self, lead: &[u8], tick: Tick, within: Duration, outside: &Outside<'_>) -> Result<Submitted, Error> {
        short_enough(lead)?;
        let until = until(outside, within);
        let mut lead_in = self.prepare(lead, tick);
        let Some(id) = named_ping(lead) else { return self.submit_prepared(lead_in, until, outside) };
        let found = self.look(|view| {
            let at = effective(view, tick.now)?;
            Ok((kept_as(view, &lead_in.source, &id)?, at))
        })?;
        let used = match found {
            (None, _) => PingUse::Unknown,
            (Some((_, Kept { posted: Some(decision), .. })), _) => {
                let plan = self.plan();
                let told = respond::answered(&plan, self.standing_of(&decision, &plan)?);
                return Ok(Submitted { ping: Some(PingUse::Again), ..told });
            }
            (Some((setting, kept)), at) if kept.answer.expires <= at => {
                lead_in.asked.ping = Some(setting);
                PingUse::Expired
            }
            (Some((setting, kept)), _) if hash_of(&kept.fields, &lead_in.canonical) != kept.hash => {
                lead_in.asked.ping = Some(setting);
                // Who is asked anew has the place again that it held.
                self.write(&mut |transaction| {
                    let at = effective(&*transaction, tick.now)?;
                    self.free_what_was_held(&lead_in, transaction, at)
                })?;
                PingUse::Changed
            }
            (Some((setting, kept)), found_at) => {
                let mut bids = kept.bids.unwrap_or_default();
                bids.forget_what_ran_out(found_at);
                lead_in.asked.bids = Some(bids);
                (lead_in.asked.ping, lead_in.asked.least) = (Some(setting), kept.answer.bid);
                if kept.answer.bid.is_some() { PingUse::Honoured } else { PingUse::NoBid }
            }
        };
        let least = lead_in.asked.least;
        let told = self.submit_prepared(lead_in, until, outside)?;
        let is_kept = least.is_none_or(|least| told.payout >= least);
        let ping = if is_kept { used } else { PingUse::NotHonoured };
        Ok(Submitted { ping: Some(ping), ..told })
    }

    /// The decision that a ping led to before, where the lead comes of one.
    pub(in crate::engine) fn posted_before(
        &self,
        lead: &Prepared,
        view: &dyn View,
    ) -> Result<Option<DecisionId>, Error> {
        let Some(ping) = &lead.asked.ping else { return Ok(None) };
        Ok(read(view.setting(ping)?)?.and_then(|kept| kept.posted))
    }

    /// Its places are free for the decision of the lead that comes of the ping.
    pub(in crate::engine) fn free_what_was_held(
        &self,
        lead: &Prepared,
        transaction: &mut dyn Transaction,
        at: Timestamp,
    ) -> Result<(), Error> {
        let Some(ping) = &lead.asked.ping else { return Ok(()) };
        let Some(kept) = read(transaction.setting(ping)?)? else { return Ok(()) };
        self.free_places(&kept.answer.ping_id, &kept.held, transaction, at)
    }

    /// Writes down what the ping led to.
    pub(in crate::engine) fn keep_posted(
        &self,
        lead: &Prepared,
        decision: &DecisionId,
        transaction: &mut dyn Transaction,
        at: Timestamp,
    ) -> Result<(), Error> {
        let Some(ping) = &lead.asked.ping else { return Ok(()) };
        let Some(kept) = read(transaction.setting(ping)?)? else { return Ok(()) };
        let mut change = Change::at(at);
        change.settings.push(written(&lead.source, &Kept { posted: Some(decision.clone()), ..kept })?);
        transaction.change(&change)
    }

    /// What a ping goes by, the same whenever it comes.
    fn name_of(&self, lead: &Prepared) -> String {
        let key = lead.idempotency_key.clone().unwrap_or_else(|| hex(&lead.payload));
        let mut name = hex(&hash(&["lw1", self.tenant().as_str(), lead.source.as_str(), "pinged", &key]));
        name.truncate(32);
        name
    }
}

/// Which span of time it is.
fn span_of(at: Timestamp) -> i64 {
    at.millis().div_euclid(SAME)
}

fn spans(span: i64) -> String {
    format!("ping|{span}|")
}

fn setting(source: &SourceId, span: &str, name: &str) -> String {
    format!("ping|{span}|{source}|{name}")
}

fn read(text: Option<String>) -> Result<Option<Kept>, Error> {
    let corrupt = || Error::new(Code::StoreCorrupt, "a ping cannot be read");
    text.map(|text| serde_json::from_str(&text).map_err(|_| corrupt())).transpose()
}

fn written(source: &SourceId, kept: &Kept) -> Result<Setting, Error> {
    let text = serde_json::to_string(kept).map_err(|_| Error::new(Code::InternalError, "a ping"))?;
    let (span, name) = kept.answer.ping_id.split_once('-').unwrap_or_default();
    Ok(Setting { key: setting(source, span, name), value: Some(text) })
}

/// The same ping, where it came within the time.
fn kept_since(view: &dyn View, source: &SourceId, name: &str, at: Timestamp) -> Result<Option<(String, Kept)>, Error> {
    let now = span_of(at);
    for span in [now, now.saturating_sub(1)] {
        let found = kept_as(view, source, &format!("{span}-{name}"))?;
        let is_same = |kept: &Kept| at.millis().saturating_sub(kept.at.millis()) < SAME;
        if let Some(found) = found.filter(|(_, kept)| is_same(kept)) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The ping of this id, and where it is kept.
fn kept_as(view: &dyn View, source: &SourceId, id: &str) -> Result<Option<(String, Kept)>, Error> {
    let Some((span, name)) = id.split_once('-') else { return Ok(None) };
    let setting = setting(source, span, name);
    Ok(read(view.setting(&setting)?)?.map(|kept| (setting, kept)))
}

/// Clears away what no post can name any more.
fn clear_away(view: &dyn View, at: Timestamp, change: &mut Change) -> Result<(), Error> {
    let old = span_of(at).saturating_sub(2);
    let cleared = view.setting(CLEARED)?.and_then(|text| text.parse::<i64>().ok());
    if cleared.is_some_and(|cleared| cleared >= old) {
        return Ok(());
    }
    let first = cleared.map_or(old, |cleared| cleared.saturating_add(1));
    let last = old.min(first.saturating_add(SPANS));
    for span in first..=last {
        let gone = view.settings(&spans(span))?;
        change.settings.extend(gone.into_keys().map(|key| Setting { key, value: None }));
    }
    change.settings.push(Setting { key: CLEARED.into(), value: Some(last.to_string()) });
    Ok(())
}

fn kept(plan: &Plan, lead: &Prepared, settled: &Settled, name: &str, at: Timestamp) -> Kept {
    let decision = &settled.decision;
    let bid = (decision.outcome == Outcome::Assigned).then_some(decision.money.payout);
    let last = at.plus_millis(SAME);
    let bids = lead.asked.bids.as_ref();
    let rests_on = decision.assignments.iter().filter_map(|sold| bids?.of(&sold.contract, sold.sale)?.until);
    let refused = decision.problems.iter().filter(|problem| problem.action == Action::Rejected);
    let reasons = decision.trace.entries.iter().map(|entry| entry.code);
    let because: BTreeSet<Code> = match bid {
        Some(_) => BTreeSet::new(),
        None => refused.map(|problem| problem.code).chain(reasons).collect(),
    };
    let fields: BTreeSet<String> = lead.canonical.keys().cloned().collect();
    Kept {
        answer: Pinged {
            v: 1,
            ping_id: format!("{}-{name}", span_of(at)),
            bid,
            currency: plan.currency,
            expires: rests_on.fold(last, Timestamp::min),
            because: because.into_iter().collect(),
            response: None,
        },
        at,
        hash: hash_of(&fields, &lead.canonical),
        fields,
        bids: lead.asked.bids.clone(),
        held: Vec::new(),
        posted: None,
    }
}

/// A hash of the values of these fields.
fn hash_of(fields: &BTreeSet<String>, canonical: &BTreeMap<String, Value>) -> String {
    let value = |name: &String| canonical.get(name).and_then(|value| serde_json::to_string(value).ok());
    let parts: Vec<String> = fields.iter().flat_map(|name| [name.clone(), value(name).unwrap_or_default()]).collect();
    hex(&hash(&parts.iter().map(String::as_str).collect::<Vec<_>>()))
}
