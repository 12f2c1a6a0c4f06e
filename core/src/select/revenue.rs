//! The most money for one lead: to one buyer alone, or to several together.
//!
//! Up to [`EXACT`] candidates the search is exhaustive; beyond that it is exact as long as it needs no more than
//! [`NODES`] steps, and then greedy, which the answer says (rule 35).

/// So many candidates are always searched to the end.
pub const EXACT: usize = 16;
/// Most steps of a search among more candidates.
pub const NODES: usize = 4_096;

/// What a contract would pay. Offers are given in the order of preference among equals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// What having the lead alone is worth, and costs; in any unit that is the same for all.
    pub exclusive: Option<Worth>,
    /// What sharing it is worth, and costs.
    pub shared: Option<Worth>,
    /// How many other buyers may have the lead, in a shared sale.
    pub with_at_most: Option<u32>,
    /// The company: of those of one company at most one gets the lead (rule 38).
    pub company: usize,
    /// Places of offers that must not get the same lead; symmetric.
    pub never_with: Vec<usize>,
}

/// A price, and what it is worth to us: the price without what will come back (rule 39).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Worth {
    /// What ranks.
    pub worth: i64,
    /// What is charged.
    pub price: i64,
}

/// Money that the prices of a set are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pot {
    /// What is in it.
    pub left: i64,
    /// Whether the last price may be more than what is left (rule 21).
    pub overshoot: bool,
}

/// What holds for a set as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Most sales.
    pub most: usize,
    /// Least shared sales (rule 36).
    pub least: usize,
    /// How many have the lead already; then nobody can have it alone.
    pub beside: usize,
    /// The prices of a shared set must come to this.
    pub must_bring: i64,
    /// What all prices together are taken from.
    pub pots: Vec<Pot>,
}

/// Who gets the lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Best {
    /// The best to have it alone.
    pub exclusive: Option<usize>,
    /// The best set to share it, in order; empty when there is none.
    pub shared: Vec<usize>,
    /// Whether sharing is worth more: equal is alone, which means fewer calls to the consumer (rule 34).
    pub is_shared: bool,
    /// Whether the search ran out of steps.
    pub greedy: bool,
}

impl Best {
    /// The places of those who get it.
    pub fn places(&self) -> Vec<usize> {
        if self.is_shared { self.shared.clone() } else { self.exclusive.into_iter().collect() }
    }
}

/// Finds the best way to sell a lead.
///
/// ```
/// use leadwright::select::{Offer, Terms, Worth, best};
/// let worth = |dollars: i64| Some(Worth { worth: dollars, price: dollars });
/// let offers = [
///     Offer { exclusive: worth(40), company: 0, ..Offer::default() },
///     Offer { shared: worth(25), company: 1, ..Offer::default() },
///     Offer { shared: worth(24), company: 2, ..Offer::default() },
/// ];
/// let found = best(&offers, &Terms { most: 3, ..Terms::default() });
/// assert_eq!((found.places(), found.greedy), (vec![1, 2], false));
/// ```
pub fn best(offers: &[Offer], terms: &Terms) -> Best {
    let exclusive = if terms.beside == 0 && terms.most > 0 { best_exclusive(offers) } else { None };
    let alone = exclusive.and_then(|place| offers.get(place)?.exclusive);
    let (shared, greedy) = best_shared(offers, terms);
    let is_shared = shared.as_ref().is_some_and(|set| alone.is_none_or(|alone| set.worth > alone.worth));
    Best { exclusive, shared: shared.map(|set| set.places).unwrap_or_default(), is_shared, greedy }
}

fn best_exclusive(offers: &[Offer]) -> Option<usize> {
    let alone = offers.iter().enumerate().filter_map(|(place, offer)| Some((place, offer.exclusive?.worth)));
    // Of equals the first: `max_by` would give the last.
    alone.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(place, _)| place)
}

/// A set that shares the lead.
#[derive(Clone, Debug)]
struct Set {
    places: Vec<usize>,
    worth: i64,
}

/// Sets of growing size: one who shares with at most m − 1 others takes no part in a set of m.
fn best_shared(offers: &[Offer], terms: &Terms) -> (Option<Set>, bool) {
    let count = offers.iter().filter(|offer| offer.shared.is_some()).count();
    let mut search =
        Search { offers, terms, best: None, steps: 0, most_steps: if count > EXACT { NODES } else { usize::MAX } };
    let sizes = terms.least.max(1)..=terms.most.min(count);
    for size in sizes.clone() {
        search.run(&search.candidates(size), size);
    }
    if search.steps <= search.most_steps {
        return (search.best, false);
    }
    for size in sizes {
        search.greedy(&search.candidates(size), size);
    }
    (search.best, true)
}

struct Search<'a> {
    offers: &'a [Offer],
    terms: &'a Terms,
    best: Option<Set>,
    steps: usize,
    most_steps: usize,
}

/// A set in the making.
#[derive(Clone, Default)]
struct Chosen {
    places: Vec<usize>,
    worth: i64,
    price: i64,
}

impl Search<'_> {
    /// Those that may be in a set of this size, the most worth first; of equals the first.
    fn candidates(&self, size: usize) -> Vec<(usize, Worth)> {
        let others = size.saturating_sub(1).saturating_add(self.terms.beside);
        let bears =
            |limit: Option<u32>| limit.is_none_or(|most| usize::try_from(most).is_ok_and(|most| others <= most));
        let shared = self.offers.iter().enumerate().filter(|(_, offer)| bears(offer.with_at_most));
        let mut shared: Vec<_> = shared.filter_map(|(place, offer)| Some((place, offer.shared?))).collect();
        shared.sort_by_key(|(place, worth)| (std::cmp::Reverse(worth.worth), *place));
        shared
    }

    fn run(&mut self, candidates: &[(usize, Worth)], size: usize) {
        // The worth of the first n candidates: what any r of them from the n-th on can bring at most.
        let mut sums = Vec::with_capacity(candidates.len() + 1);
        let mut sum = 0_i64;
        sums.push(sum);
        for (_, worth) in candidates {
            sum = sum.saturating_add(worth.worth);
            sums.push(sum);
        }
        self.extend(candidates, &sums, 0, size, &Chosen::default());
    }

    fn extend(&mut self, candidates: &[(usize, Worth)], sums: &[i64], from: usize, left: usize, chosen: &Chosen) {
        for (at, (place, worth)) in candidates.iter().enumerate().skip(from) {
            let sum = |n: usize| sums.get(n.min(candidates.len())).copied().unwrap_or(0);
            let most = chosen.worth.saturating_add(sum(at.saturating_add(left)).saturating_sub(sum(at)));
            if self.best.as_ref().is_some_and(|best| most <= best.worth) || self.steps > self.most_steps {
                return;
            }
            self.steps += 1;
            let Some(next) = self.with(chosen, *place, *worth) else { continue };
            self.keep(&next);
            if left > 1 {
                self.extend(candidates, sums, at + 1, left - 1, &next);
            }
        }
    }

    /// One after the other, whoever still fits.
    fn greedy(&mut self, candidates: &[(usize, Worth)], size: usize) {
        let mut chosen = Chosen::default();
        for (place, worth) in candidates {
            if chosen.places.len() == size {
                break;
            }
            if let Some(next) = self.with(&chosen, *place, *worth) {
                chosen = next;
                self.keep(&chosen);
            }
        }
    }

    /// The set with one more, if that may be.
    fn with(&self, chosen: &Chosen, place: usize, worth: Worth) -> Option<Chosen> {
        let offer = self.offers.get(place)?;
        let clashes = |other: &usize| {
            offer.never_with.contains(other)
                || self.offers.get(*other).is_some_and(|other| other.company == offer.company)
        };
        if chosen.places.iter().any(clashes) {
            return None;
        }
        let price = chosen.price.saturating_add(worth.price);
        let fits = |pot: &Pot| if pot.overshoot { chosen.price < pot.left } else { price <= pot.left };
        if !self.terms.pots.iter().all(fits) {
            return None;
        }
        let places = chosen.places.iter().copied().chain([place]).collect();
        Some(Chosen { places, worth: chosen.worth.saturating_add(worth.worth), price })
    }

    fn keep(&mut self, set: &Chosen) {
        let enough = set.places.len() >= self.terms.least && set.price >= self.terms.must_bring;
        if enough && self.best.as_ref().is_none_or(|best| set.worth > best.worth) {
            self.best = Some(Set { places: set.places.clone(), worth: set.worth });
        }
    }
}
