//! What the selection methods promise.

use leadwright::model::{ContractId, Money};
use leadwright::select::{Candidate, Method, Rule, ThenBy, after_sale, pick};
use leadwright::store::GroupTurns;
use proptest::prelude::*;

fn members(weights: &[u32]) -> Vec<Candidate> {
    let member = |(n, weight): (usize, &u32)| Candidate {
        contract: ContractId::new(format!("c{n:02}")).expect("an id"),
        price: Money::from_units(10_000 * i64::try_from(n).expect("small")).expect("an amount"),
        priority: u32::try_from(n / 2).expect("small"),
        weight: *weight,
        expected_return: 0,
        eligible: true,
        missed: false,
    };
    weights.iter().enumerate().map(member).collect()
}

/// Runs leads through a group; `open` says who is eligible for lead n. Returns who got each.
fn run(method: Method, group: &[Candidate], leads: usize, open: impl Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
    let mut turns = GroupTurns::default();
    (0..leads)
        .map(|lead| {
            let mut now = group.to_vec();
            now.iter_mut().enumerate().for_each(|(place, member)| member.eligible = open(lead, place));
            let winner = pick(&Rule::by(method), &now, &turns)?;
            assert!(now[winner].eligible);
            turns = after_sale(&Rule::by(method), &now, &turns, winner);
            Some(winner)
        })
        .collect()
}

#[test]
fn rule_032_ties_go_to_who_was_sold_to_longest_ago_and_then_to_the_id() {
    let mut group = members(&[1, 1, 1]);
    group.iter_mut().for_each(|member| member.price = Money::ZERO);
    for method in [Method::Price, Method::RoundRobin] {
        let got: Vec<_> = run(method, &group, 6, |_, _| true).into_iter().flatten().collect();
        assert_eq!(got, [0, 1, 2, 0, 1, 2], "{method:?}");
    }
}

#[test]
fn rule_032_a_second_rule_comes_before_the_turns() {
    let mut group = members(&[1, 1, 1]);
    group.iter_mut().for_each(|member| member.priority = 5);
    let rule = Rule { then_by: Some(ThenBy::Price), ..Rule::by(Method::Priority) };
    let mut turns = GroupTurns::default();
    for _ in 0..3 {
        let winner = pick(&rule, &group, &turns).expect("somebody");
        assert_eq!(winner, 2, "the dearest, however often");
        turns = after_sale(&rule, &group, &turns, winner);
    }
}

#[test]
fn rule_039_what_comes_back_lowers_the_rank() {
    let mut group = members(&[1, 1]);
    group[0].price = "40.00".parse().expect("an amount");
    group[1].price = "42.00".parse().expect("an amount");
    let by_price = Rule::by(Method::Price);
    assert_eq!(pick(&by_price, &group, &GroupTurns::default()), Some(1));
    group[1].expected_return = 10;
    assert_eq!(pick(&by_price, &group, &GroupTurns::default()), Some(0), "37.80 is less than 40.00");
}

#[test]
fn rule_031_shares_in_percent_are_kept_and_closed_time_makes_no_debt() {
    let group = members(&[50, 30, 20]);
    let got = run(Method::Percentage, &group, 300, |lead, place| place != 0 || !(100..200).contains(&lead));
    let count = |from: usize, to: usize, place: usize| got[from..to].iter().filter(|won| **won == Some(place)).count();
    assert_eq!((count(0, 100, 0), count(0, 100, 1), count(0, 100, 2)), (50, 30, 20));
    assert!(count(100, 200, 1).abs_diff(60) <= 1 && count(100, 200, 2).abs_diff(40) <= 1);
    assert!(count(200, 300, 0).abs_diff(50) <= 1, "{} of the last hundred", count(200, 300, 0));
}

#[test]
fn rule_030_after_a_change_of_weights_nobody_is_flooded() {
    let rule = Rule::by(Method::Weighted);
    let mut turns = GroupTurns::default();
    let mut group = members(&[90, 10]);
    for lead in 0..137 {
        group[0].eligible = lead % 7 != 0;
        let winner = pick(&rule, &group, &turns).expect("somebody");
        turns = after_sale(&rule, &group, &turns, winner);
    }
    group[0].eligible = true;
    (group[0].weight, group[1].weight) = (10, 90);
    let mut got = [0_u32; 2];
    for lead in 1..=100_u32 {
        let winner = pick(&rule, &group, &turns).expect("somebody");
        turns = after_sale(&rule, &group, &turns, winner);
        got[winner] += 1;
        // What was earned before is kept, so that it may be off by that, and no more.
        assert!((f64::from(got[0]) - f64::from(lead) * 0.1).abs() <= 3.0, "lead {lead}: {got:?}");
    }
}

/// Who got the leads of a group with one member of half the weight that is closed for 100 of them.
fn with_a_pause(catch_up: Option<u32>) -> Vec<usize> {
    let rule = Rule { catch_up, ..Rule::by(Method::Weighted) };
    let mut turns = GroupTurns::default();
    let mut group = members(&[50, 25, 25]);
    let mut got = Vec::new();
    for lead in 0..1_600 {
        let closed = (100..200).contains(&lead);
        (group[0].eligible, group[0].missed) = (!closed, closed);
        let winner = pick(&rule, &group, &turns).expect("somebody");
        turns = after_sale(&rule, &group, &turns, winner);
        got.push(winner);
    }
    got
}

#[test]
fn rule_026_who_was_closed_makes_up_for_it_only_where_asked_and_slowly() {
    let of_first = |got: &[usize]| got.iter().filter(|winner| **winner == 0).count();
    let plain = with_a_pause(None);
    assert!(of_first(&plain[200..]).abs_diff(700) <= 1);
    let caught_up = with_a_pause(Some(20));
    // 50 of 100 with 20 % more weight: 60 of 110.
    let hundred = of_first(&caught_up[200..300]);
    assert!(hundred.abs_diff(54) <= 1, "{hundred}");
    // It is owed 50 leads, at 4.5 in a hundred: it has them after 1,100 leads, and is then back at its share.
    assert!(of_first(&caught_up).abs_diff(800) <= 2, "{} of 1600", of_first(&caught_up));
    let longest = caught_up[200..].split(|winner| *winner != 0).map(<[_]>::len).max();
    assert!(longest <= Some(2), "{longest:?} in a row");
}

#[test]
fn rule_025_who_comes_back_is_not_flooded() {
    let got = run(Method::Weighted, &members(&[1, 1]), 400, |lead, place| place == 0 || lead >= 200);
    let longest = got[200..].split(|winner| *winner != Some(1)).map(<[_]>::len).max();
    assert!(longest <= Some(2), "{longest:?} in a row");
}

#[test]
fn rule_028_a_new_member_starts_level() {
    let mut turns = GroupTurns::default();
    let two = members(&[1, 1]);
    for _ in 0..101 {
        let winner = pick(&Rule::by(Method::Weighted), &two, &turns).expect("somebody");
        turns = after_sale(&Rule::by(Method::Weighted), &two, &turns, winner);
    }
    let three = members(&[1, 1, 1]);
    let mut got = [0; 3];
    for _ in 0..30 {
        let winner = pick(&Rule::by(Method::Weighted), &three, &turns).expect("somebody");
        turns = after_sale(&Rule::by(Method::Weighted), &three, &turns, winner);
        got[winner] += 1;
    }
    assert!(got.iter().all(|count| (9..=11).contains(count)), "{got:?}");
}

#[test]
fn rule_029_a_leaver_takes_nothing_along() {
    let mut turns = GroupTurns::default();
    let mut three = members(&[1, 5, 3]);
    for lead in 0..50 {
        three[1].eligible = lead % 3 != 0;
        let winner = pick(&Rule::by(Method::Weighted), &three, &turns).expect("somebody");
        turns = after_sale(&Rule::by(Method::Weighted), &three, &turns, winner);
    }
    let left: Vec<_> = three.into_iter().filter(|member| member.contract.as_str() != "c01").collect();
    let winner = pick(&Rule::by(Method::Weighted), &left, &turns).expect("somebody");
    let after = after_sale(&Rule::by(Method::Weighted), &left, &turns, winner);
    assert_eq!(after.members.values().map(|turn| turn.credit).sum::<i64>(), 0);
    assert!(after.members.keys().all(|id| id.as_str() != "c01"));
}

proptest! {
    #[test]
    fn priority_and_price_are_total_orders(open in prop::collection::vec(any::<bool>(), 1..8)) {
        let mut group = members(&vec![1; open.len()]);
        group.iter_mut().zip(&open).for_each(|(member, open)| member.eligible = *open);
        let turns = GroupTurns::default();
        prop_assert_eq!(pick(&Rule::by(Method::Priority), &group, &turns), open.iter().position(|open| *open));
        prop_assert_eq!(pick(&Rule::by(Method::Price), &group, &turns), open.iter().rposition(|open| *open));
    }

    #[test]
    fn round_robin_serves_a_fixed_set_evenly(k in 1_usize..12, leads in 1_usize..60) {
        let got = run(Method::RoundRobin, &members(&vec![1; k]), leads, |_, _| true);
        let counts: Vec<_> = (0..k).map(|place| got.iter().filter(|winner| **winner == Some(place)).count()).collect();
        prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1);
    }

    #[test]
    fn round_robin_lets_nobody_wait_longer_than_the_others(k in 2_usize..8, seed in any::<u64>()) {
        // Member 0 is always eligible, the others by chance.
        let open = |lead: usize, place: usize| {
            place == 0 || (seed.rotate_left(u32::try_from((lead * 7 + place * 13) % 64).unwrap()) & 1) == 1
        };
        let got = run(Method::RoundRobin, &members(&vec![1; k]), 100, open);
        let longest = got.split(|winner| *winner == Some(0)).map(<[_]>::len).max().unwrap();
        prop_assert!(longest < k, "waited {longest} of {k}");
    }

    #[test]
    fn weighted_is_never_a_lead_off_for_a_fixed_set(weights in prop::collection::vec(1_u32..100, 1..7)) {
        let group = members(&weights);
        let k = weights.len();
        let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
        let mut counts = vec![0_u64; k];
        for (lead, winner) in run(Method::Weighted, &group, 300, |_, _| true).into_iter().enumerate() {
            counts[winner.expect("all are eligible")] += 1;
            let n = u64::try_from(lead + 1).unwrap();
            for (count, weight) in counts.iter().zip(&weights) {
                // |count − n·w/W| ≤ 1 − 1/(2k − 2), whole: both sides times W·(2k − 2).
                let slack = u64::try_from(2 * k).unwrap().saturating_sub(2);
                let off = (count * total).abs_diff(n * u64::from(*weight)) * slack;
                prop_assert!(k == 1 || off <= total * (slack - 1), "lead {n}: {counts:?} for {weights:?}");
            }
        }
    }

    #[test]
    fn weighted_stays_within_two_leads_of_what_was_earned(
        weights in prop::collection::vec(1_u32..20, 2..6),
        chances in prop::collection::vec(prop::collection::vec(any::<bool>(), 6), 400),
    ) {
        let group = members(&weights);
        let open = |lead: usize, place: usize| chances[lead][place];
        let got = run(Method::Weighted, &group, chances.len(), open);
        let mut earned = vec![0.0_f64; weights.len()];
        let mut counts = vec![0.0_f64; weights.len()];
        for (lead, winner) in got.iter().enumerate() {
            let Some(winner) = winner else { continue };
            let total: u32 = weights.iter().enumerate().filter(|(place, _)| open(lead, *place)).map(|(_, w)| *w).sum();
            for (place, weight) in weights.iter().enumerate() {
                if open(lead, place) {
                    earned[place] += f64::from(*weight) / f64::from(total);
                }
            }
            counts[*winner] += 1.0;
            for (count, earned) in counts.iter().zip(&earned) {
                prop_assert!((count - earned).abs() <= 2.0 + 1e-6, "lead {lead}: {counts:?} of {earned:?}");
            }
        }
    }
}
