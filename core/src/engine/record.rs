//! From a settled lead to the decision and its effects.

use super::chance::delivery_key;
use super::digest::digest;
use super::prepare::Prepared;
use super::reads::{Reads, State};
use super::settle::{Settling, Sold};
use crate::dedupe::{Against, DedupeKey, DedupeRule};
use crate::model::{
    Assignment, AssignmentState, ContractId, Decision, DecisionId, DecisionMoney, EngineVersion, Event, EventKind,
    Money, Next, Outcome, TenantId, Timestamp, Trace,
};
use crate::plan::Plan;
use crate::store::{Claim, CounterAdd, Effects, OutboxEntry, Record, RollupAdd, TurnRow};
use std::collections::BTreeSet;

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

impl Frame<'_> {
    /// Settles the lead on a state. `reads` gives the time and the number of the decision.
    pub(super) fn settle<S: State>(
        &self,
        state: &S,
        reads: &Reads,
        at: Timestamp,
    ) -> Result<Settled, crate::model::Error> {
        let mut settling = Settling::new(self.plan, self.lead, state, at);
        let outcome = settling.run(reads.ruling)?;
        let decision = self.decision(&settling, outcome, reads, at);
        let effects = self.effects(&settling, &decision, at);
        Ok(Settled { decision, effects })
    }

    fn decision<S: State>(
        &self,
        settling: &Settling<'_, S>,
        outcome: Outcome,
        reads: &Reads,
        at: Timestamp,
    ) -> Decision {
        let lead = self.lead;
        let id = DecisionId { source: lead.source.clone(), lead: lead.lead.clone(), n: reads.n };
        let trace =
            Trace { funnel: settling.funnel, entries: settling.entries.clone(), groups: settling.groups.clone() };
        let nobody = matches!(outcome, Outcome::Unmatched | Outcome::Unsold);
        let mut problems = lead.problems.clone();
        problems.extend(settling.problems.iter().cloned());
        let mut decision = Decision {
            v: 1,
            id,
            lead: lead.lead.clone(),
            source: lead.source.clone(),
            tenant: self.tenant.clone(),
            plan: self.plan.hash.clone(),
            engine: self.engine.clone(),
            at,
            seed: lead.tick.seed,
            outcome,
            parent: reads.parent.clone(),
            canonical: lead.canonical.clone(),
            problems,
            corrections: lead.corrections.clone(),
            quality: Some(lead.quality.clone()).filter(|quality| !quality.is_best()),
            assignments: self.assignments(&settling.sales),
            money: self.money(&settling.sales),
            lists: lead.lists.clone(),
            trace,
            next: nobody.then(|| Next { action: "store".into(), until: None }),
            digest: String::new(),
        };
        decision.digest = digest(&decision);
        decision
    }

    fn assignments(&self, sales: &[Sold]) -> Vec<Assignment> {
        let lead = self.lead;
        let assignment = |(n, sold): (usize, &Sold)| Assignment {
            buyer: sold.buyer.clone(),
            contract: sold.contract.clone(),
            group: sold.group.clone(),
            sale: sold.sale,
            price: sold.price,
            // The host delivers it: sold when decided.
            state: AssignmentState::Accepted,
            key: delivery_key(self.tenant, &lead.source, &lead.lead, &sold.buyer, n + 1),
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
    fn effects<S: State>(&self, settling: &Settling<'_, S>, decision: &Decision, at: Timestamp) -> Effects {
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
            input: lead.input.clone(),
            reads: String::new(),
            body: serde_json::to_vec(decision).unwrap_or_default(),
            digest: decision.digest.clone(),
        };
        let mut effects = Effects {
            record,
            counters: Vec::new(),
            claims: Vec::new(),
            turns: Vec::new(),
            outbox: Vec::new(),
            events: vec![self.event(EventKind::LeadDecided, decision, &[("outcome", decision.outcome.as_str())])],
            rollups: Vec::new(),
        };
        if decision.outcome == Outcome::Test {
            return effects;
        }
        effects.counters =
            settling.counters.iter().map(|(key, add)| CounterAdd { key: key.clone(), add: *add }).collect();
        effects.turns = settling
            .turns
            .iter()
            .map(|(group, after)| TurnRow { group: group.clone(), after: after.clone() })
            .collect();
        effects.claims = self.claims(settling, decision, at);
        for assignment in &decision.assignments {
            effects.outbox.push(OutboxEntry {
                key: assignment.key.clone(),
                decision: decision.id.clone(),
                buyer: assignment.buyer.clone(),
                contract: assignment.contract.clone(),
                price: assignment.price,
                due_at: at,
            });
            let data = [("buyer", assignment.buyer.as_str()), ("contract", assignment.contract.as_str())];
            effects.events.push(self.event(EventKind::LeadAssigned, decision, &data));
        }
        effects.rollups = self.rollups(settling, decision, at);
        effects
    }

    fn event(&self, kind: EventKind, decision: &Decision, data: &[(&str, &str)]) -> Event {
        let data: std::collections::BTreeMap<&str, &str> = data.iter().copied().collect();
        Event {
            kind,
            tenant: self.tenant.clone(),
            subject: decision.id.clone(),
            at: decision.at,
            data: serde_json::to_string(&data).unwrap_or_default(),
        }
    }

    /// What later leads are compared with: the values of a sold lead, and of a seen one where a rule asks for it.
    fn claims<S: State>(&self, settling: &Settling<'_, S>, decision: &Decision, at: Timestamp) -> Vec<Claim> {
        let keys = settling.claims(decision.outcome).into_iter();
        keys.map(|key| Claim { scope: key.scope, hash: key.hash, at, by: decision.id.clone() }).collect()
    }

    fn rollups<S: State>(&self, settling: &Settling<'_, S>, decision: &Decision, at: Timestamp) -> Vec<RollupAdd> {
        let (date, slot) = self.plan.zone.slot(at);
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
        let sales = settling.sales.iter().map(|sold| row(Some(sold.contract.clone()), sold.price, sold.payout));
        std::iter::once(whole).chain(sales).collect()
    }
}

impl<S: State> Settling<'_, S> {
    /// The values under which later leads are found to be duplicates of this one.
    pub(super) fn claims(&self, outcome: Outcome) -> BTreeSet<DedupeKey> {
        let is_sold = outcome == Outcome::Assigned;
        let is_seen = matches!(outcome, Outcome::Assigned | Outcome::Unmatched | Outcome::Unsold);
        let counts = |rule: &&DedupeRule| match rule.against {
            Against::Sold => is_sold,
            Against::Seen => is_seen,
        };
        let bought =
            |sold: &Sold| self.plan.buyers.get(&sold.buyer).map(|buyer| buyer.dedupe.as_slice()).unwrap_or_default();
        let of_buyers = self.sales.iter().flat_map(bought);
        let rules = self.plan.intake.dedupe.iter().chain(of_buyers).filter(counts);
        rules.flat_map(|rule| rule.keys(&self.lead.canonical, self.vertical(), &self.lead.source)).collect()
    }
}
