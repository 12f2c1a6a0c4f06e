//! The auction: all of a group are asked at once, and whatever they do it is over at its time (rule 53).

use super::bids::{Bids, Said};
use super::scout::{Ask, Scouted, has_bidders, ping_of};
use crate::deliver::{Asked, Exchanged, Heard, HeardBid, Judge, Outgoing, Request, hear, read_answer, render};
use crate::engine::Engine;
use crate::engine::beside::give_back_what_is_over;
use crate::engine::chance::ping_key;
use crate::engine::deliver::Desks;
use crate::engine::host::Outside;
use crate::engine::prepare::Prepared;
use crate::model::{AttemptClass, BuyerId, DecisionId, Error, Timestamp};
use crate::plan::Plan;
use crate::store::Change;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// One that is asked: the request, and how long an answer is waited for.
struct Called {
    ask: Ask,
    request: Request,
    wait: i64,
}

/// How the call to a buyer ended, for its breaker.
struct Ended {
    buyer: BuyerId,
    class: AttemptClass,
    took: i64,
}

impl Engine {
    /// Asks group after group for bids, until nobody is left to ask or the time is over. The lead holds what was heard; who was
    /// heard before is not asked again.
    pub(super) fn ask_for_bids(
        &self,
        plan: &Arc<Plan>,
        lead: &mut Prepared,
        until: Timestamp,
        outside: &Outside<'_>,
    ) -> Result<(), Error> {
        let mut bids = lead.asked.bids.clone().unwrap_or_default();
        let route = lead.vertical.as_ref().and_then(|vertical| plan.routes.get(vertical));
        if !has_bidders(plan, lead) {
            return Ok(());
        }
        let begun = outside.clock.now();
        self.give_back_before_asking(lead.tick.now)?;
        let until = route.and_then(|route| route.deadline).map_or(until, |most| until.min(begun.plus_millis(most)));
        loop {
            let scouted = self.scout_bids(plan, lead)?;
            if scouted.is_empty() {
                break;
            }
            let ended = self.hold_auction(plan, lead, &scouted, until, outside, &mut bids);
            bids.close(outside.clock.now());
            lead.asked.bids = Some(bids.clone());
            self.count_calls(plan, &ended, outside.clock.now())?;
        }
        Ok(())
    }

    /// Places that nobody holds any more are free for those that are asked.
    fn give_back_before_asking(&self, now: Timestamp) -> Result<(), Error> {
        let is_over = self.look(|view| {
            let at = crate::engine::doors::effective(view, now)?;
            Ok(!view.held_until(at, 1)?.is_empty())
        })?;
        if is_over {
            self.write(&mut |transaction| give_back_what_is_over(self, transaction, now).map(drop))
        } else {
            Ok(())
        }
    }

    /// Asks all of one group at once. Of everyone something is heard, be it that nothing was.
    fn hold_auction(
        &self,
        plan: &Plan,
        lead: &Prepared,
        scouted: &Scouted,
        until: Timestamp,
        outside: &Outside<'_>,
        bids: &mut Bids,
    ) -> Vec<Ended> {
        let begun = outside.clock.now();
        let left = until.millis().saturating_sub(begun.millis()).max(0);
        let left = scouted.deadline.map_or(left, |most| left.min(most));
        let fields = fields_of(lead);
        let mut ended = Vec::new();
        let mut note = |ask: Ask, heard: HeardBid, took_ms: i64| {
            let Some(contract) = plan.contract(ask.contract) else { return };
            let HeardBid { is, price, until, id } = heard;
            if bids.say(&contract.id, ask.sale, Said { is, price, until, id, took_ms }) {
                ended.push(Ended { buyer: contract.buyer.clone(), class: is.class(), took: took_ms });
            }
        };
        let mut calls = Vec::new();
        for ask in &scouted.asks {
            match self.ping_request(plan, lead, *ask, &fields, outside) {
                Some((request, wait)) if left > 0 => calls.push(Called { ask: *ask, request, wait: wait.min(left) }),
                Some(_) => note(*ask, nothing(Heard::Timeout), 0),
                None => note(*ask, nothing(Heard::NotSent), 0),
            }
        }
        let within = |wait: i64| Duration::from_millis(u64::try_from(wait).unwrap_or_default());
        let requests: Vec<(Request, Duration)> =
            calls.iter().map(|call| (call.request.clone(), within(call.wait))).collect();
        outside.transport.send_all(&requests, &mut |place, exchanged| {
            let Some(call) = calls.get(place) else { return };
            let now = outside.clock.now();
            let took = now.millis().saturating_sub(begun.millis());
            note(call.ask, judged(plan, call, &exchanged, took > call.wait, now), took);
        });
        // Whoever makes requests may have left one out.
        for call in &calls {
            note(call.ask, nothing(Heard::Timeout), call.wait);
        }
        ended
    }

    fn ping_request(
        &self,
        plan: &Plan,
        lead: &Prepared,
        ask: Ask,
        fields: &BTreeMap<String, Json>,
        outside: &Outside<'_>,
    ) -> Option<(Request, i64)> {
        let (contract, ping) = ping_of(plan, ask)?;
        let endpoint = plan.endpoint(&ping.endpoint)?;
        let now = outside.clock.now();
        let outgoing = Outgoing {
            key: &ping_key(self.tenant(), lead, &contract.id, ask.sale),
            lead: &lead.lead,
            source: &lead.source,
            decision: &DecisionId { source: lead.source.clone(), lead: lead.lead.clone(), n: 1 },
            buyer: &contract.buyer,
            contract: &contract.id,
            sale: ask.sale,
            price: None,
            currency: plan.currency,
            day: plan.zone.date(lead.received_at.unwrap_or(lead.tick.now)),
            fields,
            send: &ping.send,
        };
        render(endpoint, &outgoing, now, outside.secrets).ok().map(|request| (request, ping.wait))
    }

    /// The breakers of those who were asked hear how it went.
    fn count_calls(&self, plan: &Arc<Plan>, ended: &[Ended], now: Timestamp) -> Result<(), Error> {
        self.write(&mut |transaction| {
            let at = crate::engine::doors::effective(&*transaction, now)?;
            let mut desks = Desks::of_pings(plan.clone());
            for (nth, call) in (0_u64..).zip(ended) {
                desks.read(&*transaction, &call.buyer)?;
                if desks.at(&call.buyer, |desk, terms, _| desk.sent(nth, terms, at, at)) {
                    desks.ended(&call.buyer, nth, call.class, Some(call.took), at);
                }
            }
            let mut change = Change::at(at);
            self.keep_desks(&*transaction, &mut desks, &mut change)?;
            if change.settings.is_empty() { Ok(()) } else { transaction.change(&change) }
        })
    }
}

fn judged(plan: &Plan, call: &Called, exchanged: &Exchanged, late: bool, now: Timestamp) -> HeardBid {
    let found = ping_of(plan, call.ask)
        .and_then(|(contract, ping)| Some((contract.bids(call.ask.sale)?, plan.endpoint(&ping.endpoint)?)));
    let Some((terms, endpoint)) = found else { return nothing(Heard::Error) };
    let answered = read_answer(endpoint, Asked::Ping, exchanged, now);
    hear(&Judge { terms, currency: plan.currency, rates: &plan.rates }, exchanged, &answered, late, now)
}

fn nothing(is: Heard) -> HeardBid {
    HeardBid { is, price: None, until: None, id: None }
}

/// The canonical lead as requests see it.
fn fields_of(lead: &Prepared) -> BTreeMap<String, Json> {
    let each = lead.canonical.iter();
    each.filter_map(|(name, value)| Some((name.clone(), serde_json::to_value(value).ok()?))).collect()
}
