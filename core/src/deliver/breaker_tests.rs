//! The breaker goes the ways of resilience4j's, as a table; and what holds on every way.

use super::{Breaker, BreakerTerms, Called, Counts};
use crate::model::{BreakerState, Timestamp};
use proptest::prelude::*;

const NAME: &str = "acme|post";

fn at(millis: i64) -> Timestamp {
    Timestamp::EPOCH.plus_millis(millis)
}

fn terms() -> BreakerTerms {
    BreakerTerms { of: 10, min: 4, ..BreakerTerms::default() }
}

/// A way: `.` a call that was well, `f` one that failed, `s` a slow one, `x` a slow one that failed, `i` one that says
/// nothing; `w` waits until it may try again, `O`, `C`, `D` and `M` are what somebody says; `a` begins a call and `-` is told
/// that none may begin.
fn go(way: &str, terms: &BreakerTerms) -> String {
    let (mut breaker, mut now, mut states) = (Breaker::default(), at(0), Vec::new());
    for step in way.chars() {
        now = now.plus_millis(10);
        let mut call = |counts, took| {
            let round = breaker.take(terms, now).expect("a call may begin");
            breaker.ended(&Called { round, counts, took: Some(took) }, terms, NAME, now);
        };
        match step {
            '.' => call(Counts::Success, 1),
            'f' => call(Counts::Failure, 1),
            's' => call(Counts::Success, 9_000),
            'x' => call(Counts::Failure, 9_000),
            'i' => call(Counts::Ignored, 1),
            'a' => drop(breaker.take(terms, now).expect("a call may begin")),
            '-' => assert_eq!(breaker.take(terms, now), None, "{way}"),
            'w' => now = breaker.until().expect("it is open"),
            'O' => breaker.force(BreakerState::ForcedOpen, now),
            'C' => breaker.force(BreakerState::Closed, now),
            'D' => breaker.force(BreakerState::Disabled, now),
            'M' => breaker.force(BreakerState::MetricsOnly, now),
            other => panic!("{other}"),
        }
        let state = breaker.state().as_str();
        if states.last() != Some(&state) {
            states.push(state);
        }
    }
    states.join(" ")
}

#[test]
fn the_golden_ways() {
    let slow = BreakerTerms { slow_rate: 75, ..terms() };
    let short = BreakerTerms { of: 3, min: 20, ..terms() };
    let one = BreakerTerms { permits: 1, ..terms() };
    let table: [(&str, &BreakerTerms, &str); 24] = [
        // Closed: nothing before the least number of calls, whatever they are.
        ("fff", &terms(), "closed"),
        ("ffff", &terms(), "closed open"),
        ("..ff", &terms(), "closed open"),
        ("...f", &terms(), "closed"),
        // Calls that say nothing are no calls.
        ("fffiiii", &terms(), "closed"),
        ("fffif", &terms(), "closed open"),
        // A window forgets: of twenty good calls nothing is left but half of it.
        ("....................ffff", &terms(), "closed"),
        ("....................fffff", &terms(), "closed open"),
        // The least number is never more than the window.
        ("fff", &short, "closed open"),
        // Slow calls alone, and by what share.
        ("ssss", &terms(), "closed open"),
        ("sss.", &terms(), "closed"),
        ("sss.", &slow, "closed open"),
        ("xs.s", &slow, "closed open"),
        // Open: none may begin until its time; then as many as there are permits.
        ("ffff-", &terms(), "closed open"),
        ("ffffwaaa-", &terms(), "closed open half_open"),
        // Half open: decided by all permits, not before.
        ("ffffwff", &terms(), "closed open half_open"),
        ("ffffw...", &terms(), "closed open half_open closed"),
        ("ffffwf..", &terms(), "closed open half_open closed"),
        ("ffffwff.", &terms(), "closed open half_open open"),
        // One that says nothing gives its permit back.
        ("ffffwii.i..", &terms(), "closed open half_open closed"),
        ("ffffw.", &one, "closed open closed"),
        // What somebody says holds, until somebody says otherwise.
        ("O-C...fDffffffff", &terms(), "forced_open closed disabled"),
        ("MffffffffCffff", &terms(), "metrics_only closed open"),
        ("DffffffffC", &terms(), "disabled closed"),
    ];
    for (way, terms, want) in table {
        assert_eq!(go(way, terms), want, "{way}");
    }
}

#[test]
fn each_time_it_opens_again_it_stays_open_twice_as_long() {
    let (mut breaker, terms, mut now) = (Breaker::default(), terms(), at(0));
    let mut waits = Vec::new();
    for _ in 0..8 {
        while !breaker.is_open(now) {
            let round = breaker.take(&terms, now).expect("a call may begin");
            breaker.ended(&Called { round, counts: Counts::Failure, took: None }, &terms, NAME, now);
        }
        let until = breaker.until().expect("it is open");
        waits.push(until.millis() - now.millis());
        now = until;
    }
    let most = [30, 60, 120, 240, 480, 600, 600, 600].map(|seconds| seconds * 1_000);
    for (wait, most) in waits.iter().zip(most) {
        assert!((most * 3 / 4..=most).contains(wait), "{waits:?}");
    }
}

#[test]
fn what_began_before_it_opened_is_not_counted_after() {
    let (mut breaker, terms) = (Breaker::default(), terms());
    let old = breaker.take(&terms, at(0)).expect("closed");
    for _ in 0..4 {
        let round = breaker.take(&terms, at(0)).expect("closed");
        breaker.ended(&Called { round, counts: Counts::Failure, took: None }, &terms, NAME, at(0));
    }
    let now = breaker.until().expect("it is open");
    let new: Vec<u32> = (0..3).filter_map(|_| breaker.take(&terms, now)).collect();
    assert_eq!(new.len(), 3);
    for _ in 0..3 {
        breaker.ended(&Called { round: old, counts: Counts::Failure, took: None }, &terms, NAME, now);
    }
    assert_eq!((breaker.state(), breaker.room(&terms, now)), (BreakerState::HalfOpen, 0));
    for round in new {
        breaker.ended(&Called { round, counts: Counts::Success, took: None }, &terms, NAME, now);
    }
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[test]
fn it_is_small_and_goes_on_from_its_json() {
    let (mut breaker, terms) = (Breaker::default(), BreakerTerms::default());
    for n in 0..300 {
        if let Some(round) = breaker.take(&terms, at(n)) {
            let counts = if n % 3 == 0 { Counts::Failure } else { Counts::Success };
            breaker.ended(&Called { round, counts, took: None }, &terms, NAME, at(n));
        }
        let text = serde_json::to_string(&breaker).expect("it is written");
        assert!(text.len() < 250, "{text}");
        assert_eq!(serde_json::from_str::<Breaker>(&text).expect("it is read"), breaker);
    }
}

proptest! {
    /// Whatever happens: never more on their way than permits while it tries, it opens with the last call that its terms need,
    /// and no call begins while it is open.
    #[test]
    fn permits_are_exact(
        permits in 1_u32..6, min in 1_u32..10,
        steps in proptest::collection::vec((0_u8..8, 0_i64..9_000), 1..400),
    ) {
        let terms = BreakerTerms { of: 10, min, permits, ..BreakerTerms::default() };
        let (mut breaker, mut now) = (Breaker::default(), at(0));
        let (mut flights, mut row) = (Vec::new(), 0);
        for (step, wait) in steps {
            now = now.plus_millis(wait);
            if step < 4 {
                let (was, room) = (breaker.state(), breaker.room(&terms, now));
                let round = breaker.take(&terms, now);
                prop_assert_eq!(round.is_some(), room > 0);
                prop_assert!(round.is_none() || !breaker.is_open(now));
                if was != BreakerState::HalfOpen && breaker.state() == BreakerState::HalfOpen {
                    row = breaker.round_of();
                }
                flights.extend(round);
            } else if !flights.is_empty() {
                let round = flights.swap_remove(usize::from(step) % flights.len());
                let counts = [Counts::Failure, Counts::Failure, Counts::Success, Counts::Ignored][usize::from(step - 4)];
                breaker.ended(&Called { round, counts, took: None }, &terms, NAME, now);
            }
            if breaker.state() == BreakerState::HalfOpen {
                let trying = flights.iter().filter(|round| **round == row).count();
                let done = breaker.seen(&terms, now)[0];
                let left = breaker.room(&terms, now);
                prop_assert_eq!(u32::try_from(trying).expect("few") + done + left, permits);
            }
        }
    }

    /// A buyer that does not answer is not called more often than the least number, one after the other; and once it answers
    /// again, it is closed after its time and as many calls as there are permits.
    #[test]
    fn it_opens_in_time_and_recovers(min in 1_u32..40, permits in 1_u32..6, dead in 1_i64..3_600_000) {
        let terms = BreakerTerms { min, permits, ..BreakerTerms::default() };
        let (mut breaker, mut now, mut calls) = (Breaker::default(), at(0), 0);
        while !breaker.is_open(now) {
            let round = breaker.take(&terms, now).expect("closed");
            breaker.ended(&Called { round, counts: Counts::Failure, took: None }, &terms, NAME, now);
            calls += 1;
        }
        prop_assert_eq!(calls, min);
        while now < at(dead) {
            now = breaker.until().expect("it is open");
            for _ in 0..permits {
                let Some(round) = breaker.take(&terms, now) else { break };
                breaker.ended(&Called { round, counts: Counts::Failure, took: None }, &terms, NAME, now);
            }
        }
        now = breaker.until().expect("it is open");
        for _ in 0..permits {
            let round = breaker.take(&terms, now).expect("a permit");
            breaker.ended(&Called { round, counts: Counts::Success, took: None }, &terms, NAME, now);
        }
        prop_assert_eq!(breaker.state(), BreakerState::Closed);
    }
}
