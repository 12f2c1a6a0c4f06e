//! The groups of a route, asked in order.

use super::prepare::LeadFacts;
use super::reads::State;
use super::settle::Settling;
use super::standing::Why;
use crate::model::{Code, ContractId, Error, Money, TraceEntry, TraceGroup};
use crate::plan::compiled::{Contract, Group, Membership, Route};
use crate::select::Method;

/// A contract of a group whose criteria the lead meets.
pub(super) struct Asked<'p> {
    pub(super) member: &'p Membership,
    pub(super) contract: &'p Contract,
    /// Whether it was closed or paused, and so misses the lead.
    pub(super) missed: bool,
    /// What stands in its way; what became of it in the end.
    pub(super) why: Option<Why>,
}

/// What came of asking a group.
#[derive(Default)]
pub(super) struct Asking {
    /// How many could have taken the lead.
    pub(super) eligible: usize,
    /// Who got it, in order.
    pub(super) took: Vec<ContractId>,
    /// How the search for the most money ended, if not exactly.
    pub(super) search: Option<String>,
    /// The most that somebody would have paid to have it alone.
    pub(super) exclusive: Option<Money>,
    /// The most that a set would have paid to share it.
    pub(super) shared: Option<Money>,
}

impl<'a, S: State> Settling<'a, S> {
    /// Asks all groups of the route.
    pub(super) fn ask(&mut self, route: &Route) -> Result<(), Error> {
        for group in &route.groups {
            self.ask_group(group)?;
            if self.scouted.as_ref().is_some_and(|scouted| !scouted.is_empty()) {
                return Ok(());
            }
        }
        self.keep(route);
        let house = if self.wait.is_none() { self.ask_house(route)? } else { None };
        let count = |contracts: usize| u32::try_from(contracts).unwrap_or(u32::MAX);
        let contracts = |test: &dyn Fn(&TraceEntry) -> bool| {
            let mut ids: Vec<&ContractId> =
                self.entries.iter().filter(|entry| test(entry)).map(|entry| &entry.contract).collect();
            // Each group has its contracts in order, and a contract may be in several.
            ids.sort();
            ids.dedup();
            count(ids.len())
        };
        self.funnel.considered = count(route.matcher.index().len() + usize::from(house.is_some()));
        self.funnel.matched = count(self.lead.candidates.len() + usize::from(house == Some(true)));
        self.funnel.open = contracts(&|entry| !is_shut(entry.code));
        self.funnel.eligible = contracts(&|entry| {
            matches!(entry.code, Code::ContractSold | Code::ContractOutranked | Code::ContractMinSales)
        });
        self.funnel.sold = contracts(&|entry| entry.code == Code::ContractSold);
        Ok(())
    }

    fn ask_group(&mut self, group: &Group) -> Result<(), Error> {
        let asked = self.asked(group, &self.lead.candidates)?;
        if self.scout_group(group, &asked)? {
            return Ok(());
        }
        self.ask_members(group, asked)
    }

    /// Those of some contracts that are in the group, and whether they are open for the lead.
    pub(super) fn asked<'g>(&mut self, group: &'g Group, contracts: &[u32]) -> Result<Vec<Asked<'g>>, Error>
    where
        'a: 'g,
    {
        let mut asked = Vec::new();
        for member in group.members_among(contracts) {
            let Some(contract) = self.contract(member.contract) else { continue };
            let why = self.shut(contract)?;
            let missed =
                why.as_ref().is_some_and(|why| matches!(why.code, Code::ContractClosed | Code::ContractPaused));
            if why.as_ref().is_some_and(|why| why.code == Code::ContractCallWindow) {
                self.may_hold(contract);
            }
            asked.push(Asked { member, contract, missed, why });
        }
        Ok(asked)
    }

    /// Gives a lead that nobody took to the house contract, where the route names one (rule 98). No margin is asked of it.
    /// Whether its criteria are met; none where it was not asked, or in a group of the route already.
    fn ask_house(&mut self, route: &Route) -> Result<Option<bool>, Error> {
        let plan = self.plan;
        let house = route.house.as_ref().filter(|_| self.sales.is_empty());
        let Some((house, member)) = house.and_then(|house| Some((house, house.members.first()?))) else {
            return Ok(None);
        };
        let Some(contract) = self.contract(member.contract) else { return Ok(None) };
        self.any_margin = true;
        let facts = LeadFacts::new(plan, self.lead);
        let unmet = contract.criteria.as_ref().and_then(|criteria| criteria.evaluate(&facts).failing);
        let is_met = unmet.is_none();
        let why = match unmet {
            Some(failing) => {
                let why = Why::new(failing.code).check(failing.check).wanted(failing.wanted);
                Some(Why { found: failing.found, ..why })
            }
            None => self.shut(contract)?,
        };
        self.ask_members(house, vec![Asked { member, contract, missed: false, why }])?;
        self.any_margin = false;
        Ok((!route.contracts().contains(&member.contract)).then_some(is_met))
    }

    fn ask_members(&mut self, group: &Group, mut asked: Vec<Asked<'_>>) -> Result<(), Error> {
        let asking = match group.rule.method {
            Method::BestRevenue => self.sell_at_best(group, &mut asked)?,
            _ => self.sell_in_turn(group, &mut asked)?,
        };
        for asked in asked {
            let why = asked.why.unwrap_or_else(|| Why::new(Code::ContractOutranked));
            self.entries.push(why.of(&asked.contract.id, &group.id));
        }
        self.groups.push(TraceGroup {
            group: group.id.clone(),
            select: group.rule.method.as_str().to_owned(),
            eligible: u32::try_from(asking.eligible).unwrap_or(u32::MAX),
            took: asking.took,
            search: asking.search,
            exclusive: asking.exclusive,
            shared: asking.shared,
            auction: self.auction_of(group),
        });
        Ok(())
    }
}

fn is_shut(code: Code) -> bool {
    use Code::{
        ContractBreakerOpen, ContractCallWindow, ContractClosed, ContractConsent, ContractDuplicate, ContractPaused,
        ContractPreviousHolder, ContractRefused, ContractRepeats,
    };
    let is_closed = matches!(code, ContractBreakerOpen | ContractCallWindow | ContractClosed | ContractPaused);
    let knows = matches!(
        code,
        ContractConsent | ContractDuplicate | ContractPreviousHolder | ContractRefused | ContractRepeats
    );
    is_closed || knows || code.as_str().starts_with("criteria.")
}
