//! From a settled lead to the decision and its effects.

use super::chance::delivery_key;
use super::digest::seal;
use super::fall::Offers;
use super::prepare::Prepared;
use super::reads::{Reads, State};
use super::room::Booked;
use super::settle::{Settling, Sold};
use super::waits::Wait;
use crate::books::postings;
use crate::dedupe::{Against, DedupeKey, DedupeRule};
use crate::events::{self, CapExhausted, LeadAssigned, LeadDecided, LeadHeld, written};
use crate::model::{
    Action, Assignment, AssignmentState, Code, ContractId, Date, Decision, DecisionId, DecisionMoney, EngineVersion,
    Error, Event, EventKind, Fingerprint, Money, Next, Outcome, Problem, Severity, Standings, Subject, TenantId,
    Timestamp, Trace, Waiting,
};
use crate::operate::{Overridden, overridden};
use crate::plan::Plan;
use crate::plan::compiled::Contract;
use crate::report::Group;
use crate::store::{Claim, CounterAdd, Effects, LeadIn, MomentAdd, OutboxEntry, Record, RollupAdd, TurnRow};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

/// What a decision is made of besides the lead.
pub(super) struct Frame<'a> {
    pub(super) plan: &'a Plan,
    pub(super) tenant: &'a TenantId,
    pub(super) engine: &'a EngineVersion,
    pub(super) lead: &'a Prepared,
}

/// A settled lead: the decision, and what it changes.
pub(super) struct Settled {
    pub(super) decision: Decision,
    pub(super) effects: Effects,
}

/// The overrides of the contracts that were asked, by the ids that the plan has for them now.
fn in_effect<S: State>(settling: &Settling<'_, S>) -> BTreeMap<ContractId, Standings> {
    if settling.groups.is_empty() {
        return BTreeMap::new();
    }
    let each = settling.overridden.values();
    each.map(|overridden| (overridden.contract.id.clone(), overridden.standings.clone())).collect()
}

/// The contracts of the candidates that operations have changed.
pub(super) fn overridden_for<S: State>(
    plan: &Plan,
    lead: &Prepared,
    state: &S,
    at: Timestamp,
    more: &[usize],
) -> Result<BTreeMap<usize, Overridden>, Error> {
    let route = lead.vertical.as_ref().and_then(|vertical| plan.routes.get(vertical));
    let house = route.and_then(|route| route.house.as_ref()?.members.first()).map(|member| member.contract);
    let places = || {
        lead.candidates.iter().filter_map(|place| usize::try_from(*place).ok()).chain(house).chain(more.iter().copied())
    };
    let known = || places().filter_map(|place| Some((place, plan.contract(place)?)));
    let said = state.overrides(&mut known().map(|(_, contract)| &contract.state_id), at)?;
    if said.is_empty() {
        return Ok(BTreeMap::new());
    }
    let changed =
        |(place, contract): (usize, &Contract)| Some((place, overridden(contract, said.get(&contract.state_id)?, at)?));
    Ok(known().filter_map(changed).collect())
}

impl Frame<'_> {
    /// Settles the lead on a state. `reads` gives the time and the number of the decision.
    pub(super) fn settle<S: State>(&self, state: &S, reads: &Reads, at: Timestamp) -> Result<Settled, Error> {
        // What another system sold counts under the contract as operations have it, whatever its criteria say.
        let told = reads.observed.as_ref().map(|observed| observed.places(self.plan)).unwrap_or_default();
        let overridden = overridden_for(self.plan, self.lead, state, at, &told)?;
        let mut settling = Settling::new(self.plan, self.lead, state, &overridden, at);
        settling.waited.clone_from(&reads.waited);
        settling.told = reads.observed.as_ref();
        settling.bids = reads.bids.as_ref();
        if let Some(offers) = &reads.offers {
            settling.go_on_from(offers);
        }
        settling.look_at_desks()?;
        let outcome = settling.run(reads.ruling)?;
        let (decision, written) = self.decision(&mut settling, outcome, reads, at);
        let effects = self.effects(&mut settling, &decision, written, reads);
        Ok(Settled { decision, effects })
    }

    /// The decision, how it is written, and where its lead stands in that.
    fn decision<S: State>(
        &self,
        settling: &mut Settling<'_, S>,
        outcome: Outcome,
        reads: &Reads,
        at: Timestamp,
    ) -> (Decision, (String, LeadIn)) {
        let lead = self.lead;
        let id = DecisionId { source: lead.source.clone(), lead: lead.lead.clone(), n: reads.n };
        let overrides = in_effect(settling);
        let trace = Trace {
            funnel: settling.funnel,
            entries: mem::take(&mut settling.entries),
            groups: mem::take(&mut settling.groups),
        };
        let is_ours = !lead.test && reads.observed.is_none();
        let nobody = is_ours && matches!(outcome, Outcome::Unmatched | Outcome::Unsold);
        let mut problems = lead.problems.clone();
        problems.extend(settling.problems.iter().cloned());
        let mut decision = Decision {
            v: 1,
            id,
            lead: lead.lead.clone(),
            source: lead.source.clone(),
            tenant: self.tenant.clone(),
            plan: self.plan.hash().to_owned(),
            engine: self.engine.clone(),
            at,
            seed: lead.tick.seed,
            outcome,
            observed: reads.observed.is_some(),
            parent: reads.parent.clone(),
            canonical: BTreeMap::clone(&lead.canonical),
            problems,
            corrections: lead.corrections.to_vec(),
            quality: Some(lead.quality.clone()).filter(|quality| !quality.is_best()),
            assignments: self.assignments(settling.sold_now(), reads),
            money: self.money(settling.sold_now()),
            lists: lead.lists.clone(),
            overrides,
            trace,
            next: match settling.wait {
                Some(wait) => Some(wait.next()),
                None => nobody.then(|| Next { action: "store".into(), at: None, until: None }),
            },
            digest: String::new(),
        };
        let written = seal(&mut decision);
        (decision, written)
    }

    fn assignments(&self, sales: &[Sold], reads: &Reads) -> Vec<Assignment> {
        let lead = self.lead;
        let first = reads.offers.as_ref().map_or(1, |offers| offers.next_number().saturating_add(1));
        let assignment = |(n, sold): (usize, &Sold)| Assignment {
            buyer: sold.buyer.clone(),
            contract: sold.contract.clone(),
            group: sold.group.clone(),
            sale: sold.sale,
            price: sold.price,
            // The host delivers it: sold when decided.
            state: AssignmentState::Accepted,
            key: delivery_key(self.tenant, &lead.source, &lead.lead, &sold.buyer, first.saturating_add(n)),
        };
        sales.iter().enumerate().map(assignment).collect()
    }

    fn money(&self, sales: &[Sold]) -> DecisionMoney {
        let sum = |of: fn(&Sold) -> Money| {
            sales.iter().fold(Money::ZERO, |sum, sold| sum.checked_add(of(sold)).unwrap_or(Money::MAX))
        };
        let (revenue, payout) = (sum(|sold| sold.price), sum(|sold| sold.payout));
        let margin = revenue.checked_sub(payout).unwrap_or(Money::ZERO);
        DecisionMoney { currency: self.plan.currency, revenue, payout, margin }
    }

    /// Everything that the decision changes. A test changes nothing but the log (rule 97).
    fn effects<S: State>(
        &self,
        settling: &mut Settling<'_, S>,
        decision: &Decision,
        (body, lead_in): (String, LeadIn),
        reads: &Reads,
    ) -> Effects {
        let at = decision.at;
        let lead = self.lead;
        let record = Record {
            id: decision.id.clone(),
            tenant: self.tenant.clone(),
            at,
            requested_at: lead.tick.now,
            seed: lead.tick.seed,
            plan: decision.plan.clone(),
            outcome: decision.outcome,
            idempotency_key: lead.idempotency_key.clone(),
            payload: lead.payload,
            input: lead.input.to_vec(),
            reads: String::new(),
            body: body.into_bytes(),
            digest: decision.digest.clone(),
        };
        let mut effects = Effects {
            record,
            lead: lead_in,
            counters: Vec::new(),
            moments: Vec::new(),
            claims: Vec::new(),
            turns: Vec::new(),
            outbox: Vec::new(),
            events: Vec::new(),
            rollups: Vec::new(),
            // Only a lead that waited is decided again as it came, or as somebody mended it.
            ends_wait: reads.parent.is_some() && reads.ruling.is_none(),
            postings: Vec::new(),
            reservations: Vec::new(),
            problems: Vec::new(),
            waiting: None,
        };
        if lead.test {
            let tried = LeadDecided { assignments: sold(settling, decision), ..self.decided(decision) };
            effects.events.push(self.event(EventKind::LeadDecided, decision, written(&tried)));
            return effects;
        }
        let Booked { counters, moments, filled } = mem::take(&mut settling.booked);
        let (date, slot) = self.plan.zone.slot(at);
        let mut told = self.decided(decision);
        told.assignments = sold(settling, decision);
        (told.date, told.slot) = (Some(date), Some(slot));
        (told.counters, told.moments) = (counters.clone(), moments.clone());
        effects.events.push(self.event(EventKind::LeadDecided, decision, written(&told)));
        effects.counters = counters.into_iter().map(|(key, add)| CounterAdd { key, add }).collect();
        effects.moments = moments.into_iter().map(|(key, add)| MomentAdd { key, at, add }).collect();
        let turns = mem::take(&mut settling.turns).into_iter();
        effects.turns = turns.map(|(group, after)| TurnRow { group, after }).collect();
        effects.claims = self.claims(settling, decision, at);
        // What another system sold it delivers, and whoever waits for sales to deliver hears nothing of it.
        for assignment in decision.assignments.iter().filter(|_| !decision.observed) {
            effects.outbox.push(OutboxEntry {
                key: assignment.key.clone(),
                decision: decision.id.clone(),
                buyer: assignment.buyer.clone(),
                contract: assignment.contract.clone(),
                price: assignment.price,
                due_at: reads.ours_until.map_or(at, |until| until.max(at)),
            });
            let (key, price) = (Some(assignment.key.clone()), Some(assignment.price));
            let (buyer, contract) = (assignment.buyer.clone(), assignment.contract.clone());
            let data = written(&LeadAssigned { buyer, contract, key, price });
            effects.events.push(self.event(EventKind::LeadAssigned, decision, data));
        }
        for (counter, (cap, limit)) in filled {
            let data = written(&CapExhausted { cap, counter, limit });
            effects.events.push(self.event(EventKind::CapExhausted, decision, data));
        }
        effects.rollups = rollups(settling, decision, (date, slot));
        // What another system sold it bills.
        if !decision.observed {
            let anew = reads.offers.as_ref().is_none_or(Offers::nobody_has_it);
            effects.postings = postings(self.plan, date, &decision.source, &decision.assignments, anew);
        }
        effects.problems = wrong(decision);
        if let Some(Wait { why, since, due, until }) = settling.wait {
            let received = reads.waited.as_ref().map_or(at, |waited| waited.received);
            effects.events.push(self.event(EventKind::LeadHeld, decision, written(&LeadHeld { due, until, why })));
            let decision = decision.id.clone();
            effects.waiting = Some(Waiting { decision, why, received, since, due, until, tries: 0 });
        }
        effects
    }

    /// A test with a fixed answer says that it is one; the others say so by their outcome.
    fn decided(&self, decision: &Decision) -> LeadDecided {
        let is_fixed = self.lead.test && decision.outcome != Outcome::Test;
        let refused = decision.problems.iter().filter(|problem| problem.action == Action::Rejected);
        let problems: BTreeSet<Code> = refused.map(|problem| problem.code).collect();
        LeadDecided {
            assignments: Vec::new(),
            counters: BTreeMap::new(),
            currency: Some(decision.money.currency),
            date: None,
            moments: BTreeMap::new(),
            observed: decision.observed.then(|| "true".into()),
            outcome: decision.outcome,
            parent: decision.parent.clone(),
            plan: Some(decision.plan.clone()),
            problems: problems.into_iter().collect(),
            slot: None,
            test: is_fixed.then(|| "true".into()),
        }
    }

    fn event(&self, kind: EventKind, decision: &Decision, data: String) -> Event {
        Event {
            kind,
            tenant: self.tenant.clone(),
            subject: Subject::Decision(decision.id.clone()),
            at: decision.at,
            data,
        }
    }

    /// What later leads are compared with: the values of a sold lead, and of a seen one where a rule asks for it.
    fn claims<S: State>(&self, settling: &Settling<'_, S>, decision: &Decision, at: Timestamp) -> Vec<Claim> {
        let keys = settling.claims(decision.outcome).into_iter();
        keys.map(|key| Claim { scope: key.scope, hash: key.hash, at, by: decision.id.clone() }).collect()
    }
}

fn rollups<S: State>(settling: &Settling<'_, S>, decision: &Decision, (date, slot): (Date, u8)) -> Vec<RollupAdd> {
    let row = |contract: Option<ContractId>, revenue: Money, payout: Money| RollupAdd {
        date,
        slot,
        source: decision.source.clone(),
        contract,
        outcome: decision.outcome,
        leads: 1,
        revenue,
        payout,
    };
    let whole = row(None, decision.money.revenue, decision.money.payout);
    let sales = settling.sold_now().iter().map(|sold| row(Some(sold.contract.clone()), sold.price, sold.payout));
    std::iter::once(whole).chain(sales).collect()
}

/// The sales as events tell them: with what the source gets for each.
fn sold<S: State>(settling: &Settling<'_, S>, decision: &Decision) -> Vec<events::Sold> {
    let sales = decision.assignments.iter().zip(settling.sold_now());
    let told = sales.map(|(assignment, sold)| events::Sold {
        buyer: assignment.buyer.clone(),
        contract: assignment.contract.clone(),
        group: assignment.group.clone(),
        key: assignment.key.clone(),
        payout: sold.payout,
        price: assignment.price,
        sale: assignment.sale,
    });
    told.collect()
}

/// What the error ledger counts: what is only worth knowing is not in it.
fn wrong(decision: &Decision) -> Vec<Group<Timestamp>> {
    let source = Some(decision.source.as_str());
    let wrong = decision.problems.iter().filter(|problem| problem.severity > Severity::Info);
    wrong.map(|problem| Group::of(problem, source, decision.at)).collect()
}

/// The problems of a lead that the error ledger will be asked for.
pub(super) fn probable_problems(lead: &Prepared, more: &[Problem], at: Timestamp) -> Vec<Fingerprint> {
    let wrong = lead.problems.iter().chain(more).filter(|problem| problem.severity > Severity::Info);
    // Also where it is counted once the ledger is full.
    let both = |group: Group<Timestamp>| [group.fingerprint, group.anywhere().fingerprint];
    wrong.flat_map(|problem| both(Group::of(problem, Some(lead.source.as_str()), at))).collect()
}

impl<S: State> Settling<'_, S> {
    /// The values under which later leads are found to be duplicates of this one.
    pub(super) fn claims(&self, outcome: Outcome) -> BTreeSet<DedupeKey> {
        let is_sold = outcome == Outcome::Assigned;
        let is_seen = matches!(outcome, Outcome::Assigned | Outcome::Unmatched | Outcome::Unsold);
        // One that is held comes again, and is then the same lead.
        let held = self.lead.problems.iter().chain(&self.problems).any(|problem| problem.action == Action::Held);
        let came = is_seen || !held && matches!(outcome, Outcome::Duplicate | Outcome::Suppressed);
        let counts = |rule: &&DedupeRule| match rule.against {
            Against::Sold => is_sold,
            Against::Seen => is_seen,
            Against::Came => came,
        };
        let bought =
            |sold: &Sold| self.plan.buyers.get(&sold.buyer).map(|buyer| buyer.dedupe.as_slice()).unwrap_or_default();
        let of_buyers = self.sold_now().iter().flat_map(bought);
        let rules = self.plan.intake.dedupe.iter().chain(&self.plan.intake.repeats).chain(of_buyers).filter(counts);
        rules.flat_map(|rule| rule.keys(&self.lead.canonical, self.vertical(), &self.lead.source)).collect()
    }
}
