//! The half that reads the state: suppressed, duplicate, sold to whom. Pure in the lead, the plan, the tick and what it
//! reads.

use super::auction::{Bids, Scouted};
use super::beside::Observed;
use super::fall::Offers;
use super::prepare::Prepared;
use super::reads::State;
use super::room::{Booked, Windows};
use super::waits::{Wait, Waited};
use crate::model::{
    Action, BuyerId, Code, ContractId, Error, Funnel, Money, Outcome, Problem, Sale, Timestamp, TraceEntry, TraceGroup,
};
use crate::operate::{Overridden, keys_of};
use crate::plan::Plan;
use crate::plan::compiled::{Contract, Payout, Route, Source};
use crate::store::GroupTurns;
use std::collections::BTreeMap;
use std::iter;

/// A sale of this decision.
pub(super) struct Sold {
    pub(super) buyer: BuyerId,
    /// Its company's place among all companies.
    pub(super) company: usize,
    pub(super) contract: ContractId,
    /// The contract's place in the plan.
    pub(super) place: usize,
    pub(super) group: String,
    pub(super) sale: Sale,
    pub(super) price: Money,
    pub(super) payout: Money,
    pub(super) with_at_most: Option<u32>,
}

/// A decision in the making.
pub(super) struct Settling<'a, S> {
    pub(super) plan: &'a Plan,
    pub(super) lead: &'a Prepared,
    pub(super) state: &'a S,
    /// Where it came from and goes to, of what the plan has.
    pub(super) source: Option<&'a Source>,
    pub(super) route: Option<&'a Route>,
    /// Contracts that operations have changed, by their places in the plan.
    pub(super) overridden: &'a BTreeMap<usize, Overridden>,
    /// Buyers whose breakers are open, and when they try again.
    pub(super) desks: BTreeMap<BuyerId, Option<Timestamp>>,
    /// The effective time.
    pub(super) at: Timestamp,
    pub(super) max_sales: usize,
    pub(super) min_margin: Money,
    /// Whether the house is asked, of which no margin is.
    pub(super) any_margin: bool,
    pub(super) payout: Payout,
    /// Those that stand from earlier decisions about the lead, and behind them the sales of this one.
    pub(super) sales: Vec<Sold>,
    /// How many of them stand from earlier decisions.
    pub(super) kept: usize,
    /// What became of the offers of before.
    pub(super) offers: Option<&'a Offers>,
    /// What was bid; none where nobody was asked.
    pub(super) bids: Option<&'a Bids>,
    /// Who would be asked for a bid now, where that is to be found out.
    pub(super) scouted: Option<Scouted>,
    pub(super) windows: Windows,
    /// What the sales take.
    pub(super) booked: Booked,
    /// How often values of the lead came before, by field.
    pub(super) repeats: BTreeMap<String, u32>,
    /// The companies that had the lead before, each with the buyer of it that the lead names first.
    pub(super) holders: BTreeMap<usize, String>,
    /// The groups that this decision changes.
    pub(super) turns: BTreeMap<String, GroupTurns>,
    pub(super) funnel: Funnel,
    pub(super) entries: Vec<TraceEntry>,
    pub(super) groups: Vec<TraceGroup>,
    /// Problems that only the state shows.
    pub(super) problems: Vec<Problem>,
    /// Where the lead had waited.
    pub(super) waited: Option<Waited>,
    /// The first hour to call of the contracts that let the lead wait for it.
    pub(super) opens: Option<Timestamp>,
    /// What another system did with the lead, where that is to be taken down.
    pub(super) told: Option<&'a Observed>,
    /// What it waits for now.
    pub(super) wait: Option<Wait>,
    /// Whether the time to wait counts as over: a trial has no queue.
    pub(super) at_once: bool,
}

/// How far ahead of us a source's clock may be, in milliseconds (rule 96).
const SKEW: i64 = 5 * 60_000;

impl<'a, S: State> Settling<'a, S> {
    pub(super) fn new(
        plan: &'a Plan,
        lead: &'a Prepared,
        state: &'a S,
        overridden: &'a BTreeMap<usize, Overridden>,
        at: Timestamp,
    ) -> Self {
        Self {
            plan,
            lead,
            state,
            source: plan.sources.get(&lead.source),
            route: lead.vertical.as_ref().and_then(|vertical| plan.routes.get(vertical)),
            overridden,
            desks: BTreeMap::new(),
            at,
            max_sales: 0,
            min_margin: Money::ZERO,
            any_margin: false,
            payout: Payout::Nothing,
            sales: Vec::new(),
            kept: 0,
            offers: None,
            bids: None,
            scouted: None,
            windows: Windows::default(),
            booked: Booked::default(),
            repeats: BTreeMap::new(),
            holders: holders(plan, lead),
            turns: BTreeMap::new(),
            funnel: Funnel::default(),
            entries: Vec::new(),
            groups: Vec::new(),
            problems: Vec::new(),
            waited: None,
            opens: None,
            told: None,
            wait: None,
            at_once: false,
        }
    }

    /// Asks which buyers of the candidates are not called now.
    pub(super) fn look_at_desks(&mut self) -> Result<(), Error> {
        let house = self.route.and_then(|route| route.house.as_ref()?.members.first()).map(|member| member.contract);
        let places = self.lead.candidates.iter().filter_map(|place| usize::try_from(*place).ok()).chain(house);
        let mut buyers = places.filter_map(|place| self.plan.contract(place)).map(|contract| &contract.buyer);
        self.desks = self.state.desks(&mut buyers, self.at)?;
        // Where the plan of now has no breaker, only what somebody says holds.
        let watches =
            |buyer: &BuyerId| self.plan.buyers.get(buyer).is_some_and(|buyer| buyer.deliver.breaker.is_some());
        self.desks.retain(|buyer, until| until.is_none() || watches(buyer));
        Ok(())
    }

    /// A contract as it is now: the plan's, or what operations have made of it.
    pub(super) fn contract(&self, place: usize) -> Option<&'a Contract> {
        match self.overridden.get(&place) {
            Some(overridden) => Some(&overridden.contract),
            None => self.plan.contract(place),
        }
    }

    pub(super) fn vertical(&self) -> &str {
        self.lead.vertical.as_deref().unwrap_or_default()
    }

    /// Decides. `ruling` is why the request could not be what it says it is.
    pub(super) fn run(&mut self, ruling: Option<Code>) -> Result<Outcome, Error> {
        if let Some(code) = ruling {
            let path = match code {
                Code::LeadIdConflict => "/id",
                Code::PingNotHonoured => "/ping_id",
                _ => "/idempotency_key",
            };
            self.refuse(Problem::new(code, path));
            return Ok(Outcome::Rejected);
        }
        if let Some(told) = self.told {
            return self.as_told(told);
        }
        if let Some(answer) = self.fixed_answer() {
            return Ok(answer);
        }
        let too_old = self.age();
        if self.lead.is_rejected() || too_old {
            return Ok(Outcome::Rejected);
        }
        if let Some(ended) = self.ended() {
            return Ok(ended);
        }
        if self.suppressed() || self.revoked()? {
            return Ok(Outcome::Suppressed);
        }
        if self.duplicate()? {
            return Ok(Outcome::Duplicate);
        }
        if self.lead.is_held() {
            self.waits_for_release();
            return Ok(Outcome::Queued);
        }
        self.count_repeats()?;
        if let (Some(route), Some(source)) = (self.route, self.source) {
            self.come_to(route, source);
            self.ask(route)?;
            self.take_retry(route)?;
        }
        if self.lead.test {
            return Ok(Outcome::Test);
        }
        Ok(match (self.sold_now().is_empty(), self.funnel.matched) {
            (false, _) => Outcome::Assigned,
            _ if self.wait.is_some() => Outcome::Queued,
            (true, 0) => Outcome::Unmatched,
            (true, _) => Outcome::Unsold,
        })
    }

    /// What a test lead of this ZIP code is answered, whatever would become of it (rule 97).
    fn fixed_answer(&mut self) -> Option<Outcome> {
        let zip = self.lead.canonical.get("zip").filter(|_| self.lead.test)?.as_text()?;
        let answer = *self.plan.intake.test_zips.get(zip)?;
        let problem = Problem::new(Code::LeadTestAnswer, "/zip");
        self.problems.push(problem.with_expected(format!("the answer `{}`", answer.as_str())));
        Some(answer)
    }

    /// Takes over what the route and the source say about sales.
    pub(super) fn come_to(&mut self, route: &Route, source: &Source) {
        let most = source.max_sales.map_or(route.max_sales, |most| most.min(route.max_sales));
        self.max_sales = usize::try_from(most).unwrap_or(usize::MAX);
        self.min_margin = route.min_margin;
        self.payout = source.payout;
    }

    fn refuse(&mut self, problem: Problem) {
        self.problems.push(problem.with_action(crate::model::Action::Rejected));
    }

    /// Whether the lead is too old. One that comes from the future is of age 0 (rule 96).
    fn age(&mut self) -> bool {
        let Some(received) = self.lead.received_at else { return false };
        let age = self.at.millis() - received.millis();
        if age < -SKEW {
            let problem = Problem::new(Code::LeadClockSkew, "/received_at").with_shape(format!("{} ahead", span(-age)));
            self.problems.push(problem.with_expected("at most 5 min ahead"));
        }
        let Some(most) = self.plan.intake.max_age.filter(|most| age > *most) else { return false };
        let problem = Problem::new(Code::LeadTooOld, "/received_at").with_shape(format!("{} old", span(age)));
        self.refuse(problem.with_expected(format!("at most {}", span(most))));
        true
    }

    /// Whether a list holds the lead, or could not be asked: a lead that nobody looked up is not sold (rule 75).
    fn suppressed(&mut self) -> bool {
        let (plan, lead) = (self.plan, self.lead);
        let asked = || plan.intake.suppress.iter().filter_map(|name| Some((name, lead.lists.get(name)?)));
        let of = |name: &String| plan.lists.get(name).map(|list| format!("/{}", list.of)).unwrap_or_default();
        if let Some((name, _)) = asked().find(|(_, read)| read.hit == Some(true)) {
            let problem = Problem::new(Code::LeadSuppressed, of(name));
            self.refuse(problem.with_expected(format!("not on the list `{name}`")));
            return true;
        }
        let Some((name, _)) = asked().find(|(_, read)| read.hit.is_none()) else { return false };
        let problem = Problem::new(Code::LeadSuppressionUnavailable, of(name)).with_action(Action::Held);
        self.problems.push(problem.with_expected(format!("an answer of the list `{name}`")));
        self.waits_for_list();
        true
    }

    /// Whether the person took their consent back: no further lead of theirs is sold, whoever sends it.
    fn revoked(&mut self) -> Result<bool, Error> {
        let Some(schema) = self.plan.verticals.get(self.vertical()) else { return Ok(false) };
        // Not reckoned for a state that knows of nobody.
        let keys = || keys_of(schema, &self.lead.canonical);
        let Some(key) = self.state.revoked(&mut iter::once_with(keys).flat_map(BTreeMap::into_keys))? else {
            return Ok(false);
        };
        let field = keys().remove(&key).unwrap_or_default();
        self.refuse(Problem::new(Code::ConsentRevoked, format!("/{field}")));
        Ok(true)
    }

    /// Tells how often values came before, where the plan counts them; contracts may ask.
    pub(super) fn count_repeats(&mut self) -> Result<(), Error> {
        let plan = self.plan;
        for rule in &plan.intake.repeats {
            for key in rule.keys(&self.lead.canonical, self.vertical(), &self.lead.source) {
                let before = self.state.claims(&key.scope, &key.hash, rule.remembers_after(self.at))?;
                if before > 0 {
                    let shape = format!("{before} before within {}", span(rule.within));
                    self.problems.push(Problem::new(Code::LeadRepeated, format!("/{}", key.field)).with_shape(shape));
                }
                self.repeats.insert(key.field, before);
            }
        }
        Ok(())
    }

    /// Whether somebody with these values was here within the window (rules 65 to 68).
    fn duplicate(&mut self) -> Result<bool, Error> {
        let plan = self.plan;
        for rule in &plan.intake.dedupe {
            for key in rule.keys(&self.lead.canonical, self.vertical(), &self.lead.source) {
                let Some(claim) = self.state.claim(&key.scope, &key.hash, rule.remembers_after(self.at))? else {
                    continue;
                };
                let problem = Problem::new(Code::DedupeDuplicate, format!("/{}", key.field.replace('+', " ")));
                let days = format!("none within {}; {} was at {}", span(rule.within), claim.by, claim.at);
                self.refuse(problem.with_expected(days));
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Found once for all contracts: a lead names as many buyers as fit into it.
fn holders(plan: &Plan, lead: &Prepared) -> BTreeMap<usize, String> {
    let mut holders = BTreeMap::new();
    if lead.not_to.is_empty() {
        return holders;
    }
    for contract in &plan.contracts {
        // Sorted by whoever read them.
        if let Ok(place) = lead.not_to.binary_search_by(|buyer| buyer.as_str().cmp(contract.buyer.as_str())) {
            let named = lead.not_to.get(place).cloned().unwrap_or_default();
            let first = holders.entry(contract.company).or_insert_with(|| named.clone());
            if named < *first {
                *first = named;
            }
        }
    }
    holders
}

/// A span of time as a person says it, in the largest unit that it is a whole number of.
fn span(millis: i64) -> String {
    let units = [(86_400_000, "days"), (3_600_000, "h"), (60_000, "min"), (1_000, "s")];
    let whole = units.iter().find(|(unit, _)| millis % unit == 0);
    whole.map_or_else(|| format!("{millis} ms"), |(unit, name)| format!("{} {name}", millis / unit))
}
