//! Small older apps, and the plans that are learned from what they decided.

use leadwright::learn::{LearnOptions, Learned, Learner};
use std::fmt::Write as _;

/// A lead of the app.
struct Lead {
    state: &'static str,
    score: i64,
    income: i64,
    owner: bool,
    /// Hours since a Monday, 0:00 UTC.
    hour: i64,
    /// Which lead of its day it is.
    day: i64,
}

/// Numbers without a pattern that the apps could share.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as i64 % end
    }
}

/// Records what an app makes of so many leads, twenty an hour; an app says who gets the lead, and with which counter.
fn learned(count: i64, mut app: impl FnMut(&Lead) -> Option<String>) -> Learned {
    let mut dice = Dice(7);
    let mut learner = Learner::new(LearnOptions::default()).unwrap();
    for n in 0..count {
        let lead = Lead {
            state: ["TX", "AZ", "NM", "OK", "CA", "NY", "FL", "GA"][dice.below(8) as usize],
            score: 480 + dice.below(370),
            income: 1_000 + dice.below(9_000),
            owner: dice.below(3) > 0,
            hour: n / 20,
            day: n / 480,
        };
        let at = leadwright::model::Timestamp::from_millis(1_772_409_600_000 + n * 180_000).unwrap();
        let owner = if n % 50 == 0 { "null".to_owned() } else { lead.owner.to_string() };
        let mut line = format!(
            r#"{{"lead":{{"id":"L{n}","state":"{}","credit_score":{},"income":"${}","owner":{owner}}},"at":"{at}""#,
            lead.state, lead.score, lead.income
        );
        let lead = Lead { owner: lead.owner && n % 50 != 0, ..lead };
        match app(&lead) {
            Some(buyer) => drop(write!(line, r#","outcome":"sold","buyer":"{buyer}","price":"40.00"}}"#)),
            None => line.push_str(r#","outcome":"refused"}"#),
        }
        learner.add(line.as_bytes());
    }
    learner.learn().unwrap()
}

fn plan(learned: &Learned) -> String {
    learned.files.values().cloned().collect()
}

fn as_the_app(learned: &Learned) -> usize {
    learned.summary.kept_back.basis_points()
}

fn buyer(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn who_is_asked_first_is_learned_with_what_they_ask() {
    let learned = learned(6_000, |lead| match lead {
        lead if matches!(lead.state, "TX" | "AZ") && lead.score >= 640 => buyer("first"),
        lead if lead.score >= 600 && lead.owner => buyer("second"),
        lead if lead.income < 4_000 => buyer("third"),
        _ => None,
    });
    assert!(as_the_app(&learned) >= 9_950, "{:?}", learned.summary.kept_back);
    let plan = plan(&learned);
    assert!(plan.contains(r#""state": ["AZ", "TX"]"#), "{plan}");
    assert!(plan.contains(r#""credit_score": { "gte": 640 }"#), "{plan}");
    assert!(plan.contains(r#""credit_score": { "gte": 600 }"#), "{plan}");
    assert!(plan.contains(r#""income": { "lt": "4000.00" }"#), "{plan}");
    assert_eq!(learned.summary.criteria, 5, "{plan}");
    let order: Vec<&str> = learned.summary.contracts.iter().map(|contract| contract.contract.as_str()).collect();
    assert_eq!(order, ["first", "second", "third"]);
}

#[test]
fn a_limit_that_nobody_wrote_down_is_inferred_and_lets_the_next_win() {
    let mut used = std::collections::BTreeMap::new();
    let learned = learned(14_400, |lead| {
        if lead.score >= 600 {
            let used = used.entry(lead.day).or_insert(0);
            if *used < 150 {
                *used += 1;
                return buyer("first");
            }
            return buyer("overflow");
        }
        None
    });
    let first = learned.summary.contracts.iter().find(|contract| contract.contract == "first").unwrap();
    assert_eq!(first.caps, [("day".to_owned(), 150)].into());
    assert!(as_the_app(&learned) >= 9_950, "{:?}", learned.summary.kept_back);
    let criteria: Vec<usize> = learned.summary.contracts.iter().map(|contract| contract.criteria).collect();
    assert_eq!(criteria, [1, 1], "{}", plan(&learned));
}

#[test]
fn one_way_or_another_is_learned_as_any() {
    let learned =
        learned(6_000, |lead| (lead.owner && (lead.score >= 700 || lead.income >= 7_000)).then(|| "acme".to_owned()));
    let plan = plan(&learned);
    assert!(as_the_app(&learned) >= 9_900, "{:?}\n{plan}", learned.summary.kept_back);
    assert_eq!((learned.summary.contracts[0].ways, learned.summary.criteria), (2, 3), "{plan}");
    assert!(plan.contains(r#""credit_score": { "gte": 700 }"#), "{plan}");
    assert!(plan.contains(r#""income": { "gte": "7000.00" }"#), "{plan}");
}

#[test]
fn turns_hours_and_states_left_out_are_learned() {
    let mut turn = 0;
    let learned = learned(10_000, |lead| {
        let office = lead.hour / 24 % 7 < 5 && (9..17).contains(&(lead.hour % 24));
        if office && !matches!(lead.state, "CA" | "NY") {
            turn += 1;
            return buyer(["one", "two", "three"][turn % 3]);
        }
        (lead.score < 550).then(|| "night".to_owned())
    });
    let plan = plan(&learned);
    assert!(as_the_app(&learned) >= 9_900, "{:?}\n{plan}", learned.summary.kept_back);
    assert!(plan.contains(r#""select": "round_robin""#), "{plan}");
    assert!(plan.contains(r#""hours": { "mon-fri": "09:00-17:00" }"#), "{plan}");
    assert!(plan.contains(r#""not": ["CA", "NY"]"#), "{plan}");
    let one = learned.summary.contracts.iter().find(|contract| contract.contract == "one").unwrap();
    assert_eq!(one.turns_with.len(), 2);
}

#[test]
fn what_nothing_tells_apart_is_told_with_the_least_example() {
    let mut secret = 0;
    let learned = learned(4_000, |lead| {
        secret += 1;
        (lead.score >= 600 && secret % 41 != 0).then(|| "acme".to_owned())
    });
    let kind = learned.unexplained.first().unwrap();
    assert_eq!((kind.legacy.as_deref(), kind.plan.as_deref()), (None, Some("acme")));
    let example = kind.example.get();
    assert!(example.contains("credit_score") && !example.contains("income") && !example.contains("state"), "{example}");
    assert!(learned.summary.contracts[0].not_told_apart > 40, "{:?} {}", learned.summary.contracts, plan(&learned));
    assert_eq!(learned.summary.criteria, 1, "{}", plan(&learned));
}

/// A plan is read by many: a name is no criterion, also where it is what tells the leads apart.
#[test]
fn who_somebody_is_stands_in_no_plan() {
    let mut learner = Learner::new(LearnOptions::default()).unwrap();
    for n in 0..400 {
        let (name, street, end) = match n % 3 {
            0 => ("Planted Doe", "12 Planted St", r#""outcome":"sold","buyer":"acme""#),
            _ => ("Bob Ray", "9 Oak Ave", r#""outcome":"refused""#),
        };
        let lead =
            format!(r#"{{"id":"L{n}","name":"{name}","street":"{street}","email":"{n}@planted.com","zip":"75001"}}"#);
        learner.add(format!(r#"{{"lead":{lead},"at":"2026-11-24T15:00:00Z",{end}}}"#).as_bytes());
    }
    let plan = plan(&learner.learn().unwrap());
    assert!(!plan.to_lowercase().contains("planted"), "{plan}");
}

#[test]
fn lines_that_are_no_pair_are_counted_and_told() {
    let mut learner = Learner::new(LearnOptions::default()).unwrap();
    for line in [
        "",
        "[1]",
        r#"{"outcome":"sold"}"#,
        r#"{"lead":{},"outcome":"sold","buyer":"a"}"#,
        r#"{"lead":{},"at":"2026-11-24T15:00:00Z","outcome":"sold"}"#,
        r#"{"lead":{},"at":"2026-11-24T15:00:00Z","outcome":"sold","buyer":"a b"}"#,
        r#"{"lead":{},"at":"2026-11-24T15:00:00Z","outcome":"refused","caps":{"a":{"day":4}}}"#,
        r#"{"lead":{},"at":"2026-11-24T15:00:00Z","outcome":"duplicate"}"#,
        r#"{"lead":{},"at":"2026-11-24T15:00:00Z","outcome":"refused"}"#,
    ] {
        learner.add(line.as_bytes());
    }
    let learned = learner.learn().unwrap();
    assert_eq!((learned.summary.pairs, learned.summary.bad_lines), (1, 7), "{:?}", learned.summary.why_bad);
    assert_eq!(learned.summary.left_out, [("duplicate".to_owned(), 1)].into());
}

#[test]
fn unknown_options_and_no_pairs_are_refused() {
    for options in [
        LearnOptions { schema: Some("us/none@1".into()), ..LearnOptions::default() },
        LearnOptions { timezone: "Mars/Olympus".into(), ..LearnOptions::default() },
        LearnOptions { currency: "dollars".into(), ..LearnOptions::default() },
    ] {
        assert_eq!(Learner::new(options).unwrap_err().code().as_str(), "input.bad_option");
    }
    let nothing = Learner::new(LearnOptions::default()).unwrap().learn();
    assert_eq!(nothing.unwrap_err().code().as_str(), "input.bad_option");
}
