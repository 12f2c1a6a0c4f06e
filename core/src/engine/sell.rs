//! The sales of one group, one after the other.

use super::reads::State;
use super::room::Booked;
use super::select::{Asked, Asking};
use super::settle::{Settling, Sold};
use super::standing::{Bears, Why};
use crate::books::payout;
use crate::model::{Code, Error, Money, Sale};
use crate::plan::compiled::{Contract, Group, Membership};
use crate::select::{Candidate, after_sale, pick};
use crate::store::GroupTurns;
use std::borrow::Cow;

/// How things stood before a group sold.
struct Before {
    sales: usize,
    booked: Booked,
    turns: Option<GroupTurns>,
    reasons: Vec<Option<Why>>,
}

/// How a contract would buy, and at which price.
pub(super) type Deal = (Sale, Money);

impl<S: State> Settling<'_, S> {
    /// Sells to one after the other, as long as the group and the route allow it.
    pub(super) fn sell_in_turn(&mut self, group: &Group, asked: &mut [Asked<'_>]) -> Result<Asking, Error> {
        let before_this = self.taken_before(&group.id);
        let most = group.take.map_or(usize::MAX, |take| usize::try_from(take).unwrap_or(usize::MAX));
        let most = most.saturating_sub(before_this);
        let mut deals = self.deals(group, asked, &[])?;
        let eligible = deals.iter().flatten().count();
        let sold_before = self.sales.len();
        let before = (group.min_sales > 1).then(|| self.before(group, asked));
        let mut took = Vec::new();
        while took.len() < most {
            if !took.is_empty() {
                deals = self.deals(group, asked, &deals)?;
            }
            let Some(place) = self.sell_next(group, asked, &deals)? else { break };
            took.extend(asked.get(place).map(|asked| asked.contract.id.clone()));
        }
        let is_alone = self.sales.iter().skip(sold_before).any(|sale| sale.sale == Sale::Exclusive);
        let too_few = !took.is_empty() && took.len().saturating_add(before_this) < group.min_sales && !is_alone;
        if let Some(before) = before.filter(|_| too_few) {
            self.undo(group, asked, before, took.len());
            took.clear();
        }
        Ok(Asking { eligible, took, ..Asking::default() })
    }

    fn before(&self, group: &Group, asked: &[Asked<'_>]) -> Before {
        Before {
            sales: self.sales.len(),
            booked: self.booked.clone(),
            turns: self.turns.get(&group.id).cloned(),
            reasons: asked.iter().map(|asked| asked.why.clone()).collect(),
        }
    }

    /// Nothing of it has happened: one who was to share the lead does not get it alone (rule 36).
    fn undo(&mut self, group: &Group, asked: &mut [Asked<'_>], before: Before, found: usize) {
        self.sales.truncate(before.sales);
        self.booked = before.booked;
        match before.turns {
            Some(turns) => drop(self.turns.insert(group.id.clone(), turns)),
            None => drop(self.turns.remove(&group.id)),
        }
        let too_few = too_few(group, found);
        for (asked, reason) in asked.iter_mut().zip(before.reasons) {
            asked.why = reason.or_else(|| Some(too_few.clone()));
        }
    }

    /// What each of those asked would pay now, and would have before the last sale; who cannot buy any more is told why.
    pub(super) fn deals(
        &self,
        group: &Group,
        asked: &mut [Asked<'_>],
        before: &[Option<Deal>],
    ) -> Result<Vec<Option<Deal>>, Error> {
        let mut deals = Vec::with_capacity(asked.len());
        for (place, asked) in asked.iter_mut().enumerate() {
            let before = before.get(place).copied().flatten();
            let deal = if asked.why.is_none() { Some(self.deal(asked.contract, group, before)?) } else { None };
            deals.push(match deal {
                Some(Ok(deal)) => Some(deal),
                Some(Err(why)) => {
                    asked.why = Some(why);
                    None
                }
                None => None,
            });
        }
        Ok(deals)
    }

    pub(super) fn deal(
        &self,
        contract: &Contract,
        group: &Group,
        before: Option<Deal>,
    ) -> Result<Result<Deal, Why>, Error> {
        let deal = self.beside(contract).and_then(|()| self.form(contract));
        let Ok((_, price)) = deal else { return Ok(deal) };
        let blocked = match before {
            Some((_, same)) if same == price => self.blocked_since(group, price),
            _ => self.blocked(contract, group, price, Bears::ItsOwn),
        };
        Ok(match blocked? {
            Some(why) => Err(why),
            None => deal,
        })
    }

    fn sell_next(
        &mut self,
        group: &Group,
        asked: &mut [Asked<'_>],
        deals: &[Option<Deal>],
    ) -> Result<Option<usize>, Error> {
        let candidates = self.candidates(group, asked, deals);
        let turns = self.turns_of(group)?;
        let Some(winner) = pick(&group.rule, &candidates, &turns) else { return Ok(None) };
        // Without shares the candidates are those that were asked, one by one.
        let won = |asked: &Asked<'_>| candidates.get(winner).is_some_and(|won| won.contract == asked.contract.state_id);
        let place = if group.rule.method.goes_by_share() { asked.iter().position(won) } else { Some(winner) };
        let Some(place) = place else { return Ok(None) };
        let (Some(asked), Some(Some(deal))) = (asked.get_mut(place), deals.get(place)) else { return Ok(None) };
        self.take(group, asked, (&candidates, winner), *deal)?;
        Ok(Some(place))
    }

    /// Sells to one: its turn, the counters, the money.
    pub(super) fn take(
        &mut self,
        group: &Group,
        asked: &mut Asked<'_>,
        (candidates, winner): (&[Candidate], usize),
        deal: Deal,
    ) -> Result<(), Error> {
        self.turn(group, candidates, winner)?;
        self.take_room(asked.contract, group, deal.1)?;
        self.sell(asked, group, deal);
        Ok(())
    }

    /// Its turn was taken.
    pub(super) fn turn(&mut self, group: &Group, candidates: &[Candidate], winner: usize) -> Result<(), Error> {
        let turns = self.turns_of(group)?;
        let mut after = after_sale(&group.rule, candidates, &turns, winner);
        // Who left the group takes its state along (rule 29).
        Self::keep_members(group, &mut after);
        self.turns.insert(group.id.clone(), after);
        Ok(())
    }

    pub(super) fn turns_of(&self, group: &Group) -> Result<Cow<'_, GroupTurns>, Error> {
        match self.turns.get(&group.id) {
            Some(turns) => Ok(Cow::Borrowed(turns)),
            None => self.state.turns(&group.id),
        }
    }

    /// The members as the methods see them. Shares are a matter of the whole group, also of those that do not want the
    /// lead; for all other methods these are nobody.
    pub(super) fn candidates(&self, group: &Group, asked: &[Asked<'_>], deals: &[Option<Deal>]) -> Vec<Candidate> {
        let wanting = asked.iter().zip(deals).map(|(asked, deal)| Candidate {
            missed: asked.missed,
            ..candidate(asked.member, asked.contract, deal.map(|(_, price)| price))
        });
        if !group.rule.method.goes_by_share() {
            return wanting.collect();
        }
        let mut wanting = wanting.peekable();
        let all = group.members.iter().filter_map(|member| Some((member, self.contract(member.contract)?)));
        all.map(|(member, contract)| {
            let wants = wanting.next_if(|candidate| candidate.contract == contract.state_id);
            wants.unwrap_or_else(|| candidate(member, contract, None))
        })
        .collect()
    }

    fn keep_members(group: &Group, turns: &mut GroupTurns) {
        // Shares are reckoned over all members and nobody else.
        if group.rule.method.goes_by_share() {
            return;
        }
        turns.members.retain(|id, _| group.known_as.contains(id));
    }

    /// Takes a sale down: the buyer, and the money.
    pub(super) fn sell(&mut self, asked: &mut Asked<'_>, group: &Group, (sale, price): Deal) {
        let contract = asked.contract;
        let is_first = self.sales.is_empty();
        self.sales.push(Sold {
            buyer: contract.buyer.clone(),
            company: contract.company,
            contract: contract.id.clone(),
            place: asked.member.contract,
            group: group.id.clone(),
            sale,
            price,
            payout: payout(self.payout, price, is_first),
            with_at_most: if sale == Sale::Shared { contract.with_at_most() } else { None },
        });
        asked.why = Some(self.sold(contract));
    }
}

pub(super) fn candidate(member: &Membership, contract: &Contract, price: Option<Money>) -> Candidate {
    Candidate {
        contract: contract.state_id.clone(),
        price: price.unwrap_or(Money::ZERO),
        expected_return: contract.expected_return,
        priority: member.priority,
        weight: member.weight,
        eligible: price.is_some(),
        missed: false,
    }
}

/// Why a contract that would have shared the lead does not get it.
pub(super) fn too_few(group: &Group, found: usize) -> Why {
    let wanted = format!("{} or more sales", group.min_sales);
    Why::new(Code::ContractMinSales).check("min_sales").found(found.to_string()).wanted(wanted)
}
