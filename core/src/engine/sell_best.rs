//! The sales of a group that goes by revenue: all at once.

use super::reads::State;
use super::select::{Asked, Asking};
use super::sell::{Deal, too_few};
use super::settle::Settling;
use super::standing::{Bears, Why};
use crate::limits::Measure;
use crate::model::{Code, Error, Money, Sale};
use crate::plan::compiled::{Contract, Group, Payout};
use crate::select::{Candidate, Offer, Pot, Terms, Worth, best, preferred};
use std::collections::BTreeMap;

/// The prices at which a contract would have the lead alone, and share it.
#[derive(Clone, Copy, Default)]
pub(super) struct Prices {
    exclusive: Option<Money>,
    shared: Option<Money>,
}

impl<S: State> Settling<'_, S> {
    /// Sells in the way that brings the most.
    pub(super) fn sell_at_best(&mut self, group: &Group, asked: &mut [Asked<'_>]) -> Result<Asking, Error> {
        let mut prices = Vec::with_capacity(asked.len());
        for asked in asked.iter_mut() {
            prices.push(if asked.why.is_none() { self.prices(asked, group)? } else { Prices::default() });
        }
        let deals: Vec<Option<Deal>> =
            prices.iter().map(|prices| prices.shared.or(prices.exclusive)).map(shared).collect();
        let eligible = deals.iter().flatten().count();
        let candidates = self.candidates(group, asked, &deals);
        let turns = self.turns_of(group)?;
        let order = preferred(&group.rule, &candidates, &turns);
        let offers = offers(asked, &prices, &order);
        let terms = self.terms(group)?;
        let found = best(&offers, &terms);
        let mut asking = Asking {
            eligible,
            took: Vec::new(),
            search: found.greedy.then(|| "greedy".to_owned()),
            exclusive: sum(found.exclusive.iter(), |place| offers.get(place)?.exclusive),
            shared: sum(found.shared.iter(), |place| offers.get(place)?.shared),
        };
        for place in found.places().into_iter().filter_map(|place| order.get(place).copied()) {
            let (Some(asked), Some(prices)) = (asked.get_mut(place), prices.get(place)) else { continue };
            let deal = match found.is_shared {
                true => prices.shared.map(|price| (Sale::Shared, price)),
                false => prices.exclusive.map(|price| (Sale::Exclusive, price)),
            };
            let Some(deal) = deal else { continue };
            self.take(group, asked, (&candidates, place), deal)?;
            asking.took.push(asked.contract.id.clone());
        }
        self.explain_rest(group, asked, &terms, &asking);
        Ok(asking)
    }

    /// What the contract would pay, in both forms. One that cannot buy in any is told why.
    pub(super) fn prices(&self, asked: &mut Asked<'_>, group: &Group) -> Result<Prices, Error> {
        let contract = asked.contract;
        if let Err(why) = self.beside(contract) {
            asked.why = Some(why);
            return Ok(Prices::default());
        }
        let mut first = None;
        let mut open = |price: Option<Money>, bears| -> Result<Option<Money>, Error> {
            let Some(price) = price else { return Ok(None) };
            let why = self.blocked(contract, group, price, bears)?;
            let open = why.is_none();
            first = first.take().or(why);
            Ok(open.then_some(price))
        };
        let alone = if self.may_be_alone() { self.alone(contract) } else { Ok(None) };
        let (alone, no_bid) = alone.map_or_else(|why| (None, Some(why)), |price| (price, None));
        let exclusive = open(alone, Bears::ItsOwn)?;
        let shared = match self.shared(contract) {
            Ok((_, price)) => open(Some(price), Bears::ShareOnly)?,
            Err(why) => {
                first = first.or(Some(why));
                None
            }
        };
        if exclusive.is_none() && shared.is_none() {
            asked.why = no_bid.or(first);
        }
        Ok(Prices { exclusive, shared })
    }

    /// What holds for the sales of the group as a whole.
    fn terms(&self, group: &Group) -> Result<Terms, Error> {
        let beside = self.sales.len();
        let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let before = self.taken_before(&group.id);
        let take = group.take.map_or(usize::MAX, number).saturating_sub(before);
        let mut most = self.max_sales.saturating_sub(beside).min(take);
        for limit in self.sales.iter().filter_map(|sale| sale.with_at_most) {
            most = most.min(number(limit).saturating_add(1).saturating_sub(beside));
        }
        let mut pots = Vec::new();
        for (owner, calendar) in self.together(group) {
            for cap in &calendar.caps {
                let left = cap.remaining(self.used(cap, calendar)?);
                match cap.measure {
                    Measure::Spend => pots.push(Pot { left, overshoot: cap.overshoot }),
                    // A source counts leads, and a lead is one however often it is sold.
                    Measure::Count if owner.counts_leads() => {}
                    Measure::Count => most = most.min(usize::try_from(left).unwrap_or(usize::MAX)),
                }
            }
        }
        let must_bring = match self.payout {
            Payout::Fixed(amount) if beside == 0 => amount.units().saturating_add(self.min_margin.units()),
            _ => 0,
        };
        Ok(Terms { most, least: group.min_sales.saturating_sub(before), beside, must_bring, pots })
    }

    /// Why the others did not get the lead.
    fn explain_rest(&self, group: &Group, asked: &mut [Asked<'_>], terms: &Terms, asking: &Asking) {
        for asked in asked.iter_mut().filter(|asked| asked.why.is_none()) {
            asked.why = if !asking.took.is_empty() {
                self.beside(asked.contract).err()
            } else if terms.least > 1 {
                Some(too_few(group, asking.eligible))
            } else {
                let wanted = format!("{} or more", self.min_margin);
                Some(Why::new(Code::ContractMargin).check("min_margin").wanted(wanted))
            };
        }
    }
}

fn shared(price: Option<Money>) -> Option<Deal> {
    price.map(|price| (Sale::Shared, price))
}

/// The offers in the order of preference among equals.
fn offers(asked: &[Asked<'_>], prices: &[Prices], order: &[usize]) -> Vec<Offer> {
    let in_order = || order.iter().filter_map(|place| Some((asked.get(*place)?, prices.get(*place)?)));
    let places: BTreeMap<usize, usize> =
        in_order().enumerate().map(|(at, (asked, _))| (asked.member.contract, at)).collect();
    let worth = |contract: &Contract, price: Option<Money>| {
        let price = price?;
        let worth = Candidate::worth_of(price, contract.expected_return);
        Some(Worth { worth, price: price.units() })
    };
    let offer = |(asked, prices): (&Asked<'_>, &Prices)| Offer {
        exclusive: worth(asked.contract, prices.exclusive),
        shared: worth(asked.contract, prices.shared),
        with_at_most: asked.contract.with_at_most(),
        company: asked.contract.company,
        never_with: asked.contract.never_with.iter().filter_map(|place| places.get(place).copied()).collect(),
    };
    in_order().map(offer).collect()
}

fn sum<'a>(places: impl Iterator<Item = &'a usize>, of: impl Fn(usize) -> Option<Worth>) -> Option<Money> {
    let prices = places.filter_map(|place| of(*place)).map(|worth| worth.price);
    prices.reduce(i64::saturating_add).map(|units| Money::from_units(units).unwrap_or(Money::MAX))
}
