//! The best way to sell a lead is the best of all ways, looked at one by one.

use leadwright::select::{Best, EXACT, Offer, Pot, Terms, Worth, best};
use proptest::prelude::*;

fn worth(price: i64, expected_return: i64) -> Worth {
    Worth { worth: price * (100 - expected_return), price }
}

prop_compose! {
    fn offer(count: usize)(
        exclusive in prop::option::of(0_i64..60), shared in prop::option::weighted(0.9, 0_i64..30),
        expected_return in prop_oneof![Just(0_i64), 0_i64..50], with_at_most in prop::option::weighted(0.3, 0_u32..4),
        company in 0..count.max(1),
    ) -> Offer {
        Offer {
            exclusive: exclusive.map(|price| worth(price, expected_return)),
            shared: shared.map(|price| worth(price, expected_return)),
            with_at_most, company, never_with: Vec::new(),
        }
    }
}

prop_compose! {
    fn terms()(
        most in 0_usize..6, least in 1_usize..4, beside in prop_oneof![3 => Just(0_usize), 1 => 1_usize..3],
        must_bring in prop_oneof![2 => Just(0_i64), 1 => 0_i64..60],
        pots in prop::collection::vec((0_i64..80, any::<bool>()), 0..2),
    ) -> Terms {
        let pots = pots.into_iter().map(|(left, overshoot)| Pot { left, overshoot }).collect();
        Terms { most, least, beside, must_bring, pots }
    }
}

fn offers(most: usize) -> impl Strategy<Value = Vec<Offer>> {
    let some = (1..=most).prop_flat_map(|count| {
        let pairs = prop::collection::vec((0..count, 0..count), 0..4);
        (prop::collection::vec(offer(count), count), pairs)
    });
    some.prop_map(|(mut offers, pairs)| {
        for (a, b) in pairs {
            if a != b {
                offers[a].never_with.push(b);
                offers[b].never_with.push(a);
            }
        }
        offers
    })
}

/// Whether a set may share the lead, by the words of the rules. `set` is in the order in which it would be sold.
fn may_share(offers: &[Offer], terms: &Terms, set: &[usize]) -> bool {
    let all: Vec<&Offer> = set.iter().map(|place| &offers[*place]).collect();
    let others = set.len() - 1 + terms.beside;
    let apart = |a: &usize, b: &usize| offers[*a].company != offers[*b].company && !offers[*a].never_with.contains(b);
    let prices: Vec<i64> = all.iter().map(|offer| offer.shared.expect("it shares").price).collect();
    let sold_in_order = |pot: &Pot| {
        let mut left = pot.left;
        prices.iter().all(|price| {
            let fits = if pot.overshoot { left > 0 } else { left >= *price };
            left -= price;
            fits
        })
    };
    set.len() <= terms.most
        && set.len() >= terms.least
        && all.iter().all(|offer| offer.with_at_most.is_none_or(|most| others <= most as usize))
        && set.iter().enumerate().all(|(n, a)| set[n + 1..].iter().all(|b| apart(a, b)))
        && prices.iter().sum::<i64>() >= terms.must_bring
        && terms.pots.iter().all(sold_in_order)
}

fn shared_worth(offers: &[Offer], set: &[usize]) -> i64 {
    set.iter().map(|place| offers[*place].shared.expect("it shares").worth).sum()
}

/// The most that a lead can be worth shared, over all subsets; and of those sets the first of the smallest.
fn brute_force(offers: &[Offer], terms: &Terms) -> Option<(i64, Vec<usize>)> {
    let mut order: Vec<usize> = (0..offers.len()).filter(|place| offers[*place].shared.is_some()).collect();
    order.sort_by_key(|place| (-offers[*place].shared.expect("it shares").worth, *place));
    let sets = (1_u32..1 << order.len())
        .map(|bits| (0..order.len()).filter(|n| bits >> n & 1 == 1).collect::<Vec<usize>>())
        .map(|ranks| (ranks.clone(), ranks.iter().map(|n| order[*n]).collect::<Vec<usize>>()))
        .filter(|(_, set)| may_share(offers, terms, set));
    let best = sets.min_by_key(|(ranks, set)| (-shared_worth(offers, set), set.len(), ranks.clone()));
    best.map(|(_, set)| (shared_worth(offers, &set), set))
}

fn exclusive(offers: &[Offer], terms: &Terms) -> Option<i64> {
    let worths = offers.iter().filter_map(|offer| offer.exclusive).map(|worth| worth.worth);
    worths.max().filter(|_| terms.beside == 0 && terms.most > 0)
}

fn value(offers: &[Offer], found: &Best) -> Option<i64> {
    if found.is_shared {
        return Some(shared_worth(offers, &found.shared));
    }
    found.exclusive.and_then(|place| offers[place].exclusive).map(|worth| worth.worth)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn rule_034_and_035_equal_brute_force(offers in offers(10), terms in terms()) {
        let found = best(&offers, &terms);
        let by_hand = brute_force(&offers, &terms);
        prop_assert!(!found.greedy);
        prop_assert_eq!(&found.shared, &by_hand.as_ref().map(|(_, set)| set.clone()).unwrap_or_default());
        let most = by_hand.map(|(worth, _)| worth).max(exclusive(&offers, &terms));
        prop_assert_eq!(value(&offers, &found), most);
        // Equal is alone: fewer calls to the consumer.
        prop_assert!(!found.is_shared || value(&offers, &found) > exclusive(&offers, &terms));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn rule_035_up_to_sixteen_are_searched_to_the_end(offers in offers(EXACT), terms in terms()) {
        let found = best(&offers, &terms);
        prop_assert!(!found.greedy);
        prop_assert_eq!(found.shared, brute_force(&offers, &terms).map(|(_, set)| set).unwrap_or_default());
    }

    #[test]
    fn rule_035_what_is_found_among_many_may_be_sold(offers in offers(200), terms in terms()) {
        let found = best(&offers, &terms);
        if !found.shared.is_empty() {
            prop_assert!(may_share(&offers, &terms, &found.shared));
        }
    }
}

#[test]
fn rule_035_a_search_that_runs_out_of_steps_is_greedy_and_says_so() {
    // Ever so slightly cheaper, each at odds with the next thirty, so that no bound helps: the first that fits is taken.
    let count = 400_usize;
    let offers: Vec<Offer> = (0..count)
        .map(|n| Offer {
            shared: Some(worth(1_000_000 - n as i64, 0)),
            company: n,
            never_with: (0..count).filter(|other| *other != n && other.abs_diff(n) <= 30).collect(),
            ..Offer::default()
        })
        .collect();
    let terms = Terms { most: 10, least: 1, ..Terms::default() };
    let found = best(&offers, &terms);
    assert!(found.greedy);
    assert_eq!(found.shared, (0..10).map(|n| n * 31).collect::<Vec<_>>());
}

#[test]
fn rule_038_one_company_gets_a_lead_once_and_by_its_better_contract() {
    let share = |price: i64, company: usize| Offer { shared: Some(worth(price, 0)), company, ..Offer::default() };
    let offers = [share(30, 0), share(32, 0), share(10, 1)];
    let found = best(&offers, &Terms { most: 3, ..Terms::default() });
    assert_eq!(found.shared, [1, 2]);
}
