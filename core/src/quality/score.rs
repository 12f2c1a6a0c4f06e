//! From signals to a score.

use crate::model::{Action, Code, Problem, Quality, QualityReason};
use std::collections::BTreeMap;

/// What each signal adds to the score of 1000, the weightiest first. A signal counts once, however often it was seen.
pub const WEIGHTS: [(Code, i32); 19] = [
    (Code::SignalHoneypotFilled, -600),
    (Code::SignalTooFast, -400),
    (Code::CrossAllSame, -300),
    (Code::EmailDisposable, -300),
    (Code::NameGibberish, -300),
    (Code::PhoneFictitious, -300),
    (Code::SignalRepeatedDigits, -300),
    (Code::SignalSequentialDigits, -250),
    (Code::CrossIpCountry, -200),
    (Code::SignalGibberish, -150),
    (Code::CrossAge, -100),
    (Code::CrossInFuture, -100),
    (Code::NameDigits, -100),
    (Code::NamePlaceholderPart, -100),
    (Code::CrossAreaCodeState, -50),
    (Code::EmailHostTypo, -50),
    (Code::EmailRole, -50),
    (Code::NameCompany, -50),
    (Code::SignalNameInEmail, NAME_IN_EMAIL),
];

/// What speaks for a lead makes up for some of what speaks against it, and for no more.
const NAME_IN_EMAIL: i32 = 100;

/// The score of a lead with these problems. `name_in_email` says whether the mailbox is called like the person;
/// it is asked only where that matters.
///
/// ```
/// use leadwright::{model::{Code, Problem}, quality::score};
/// let problems = [Problem::new(Code::EmailDisposable, "/email"), Problem::new(Code::EmailRole, "/email")];
/// assert_eq!(score(&problems, || false).score, 650);
/// assert_eq!(score(&problems, || true).score, 750);
/// assert_eq!(score(&[], || true).score, 1000);
/// ```
pub fn score(problems: &[Problem], name_in_email: impl FnOnce() -> bool) -> Quality {
    if problems.is_empty() {
        return Quality::default();
    }
    let weight = |code: Code| WEIGHTS.iter().find(|(signal, _)| *signal == code).map(|(_, points)| *points);
    // What was repaired is no longer wrong.
    let seen = problems.iter().filter(|problem| problem.action != Action::Fixed);
    let seen: BTreeMap<Code, i32> = seen.filter_map(|problem| Some((problem.code, weight(problem.code)?))).collect();
    if seen.is_empty() {
        return Quality::default();
    }
    let mut reasons: Vec<_> = seen.into_iter().map(|(code, points)| QualityReason { code, points }).collect();
    if name_in_email() {
        reasons.push(QualityReason { code: Code::SignalNameInEmail, points: NAME_IN_EMAIL });
    }
    reasons.sort_by_key(|reason| (reason.points, reason.code));
    let best = i32::try_from(Quality::BEST).unwrap_or(i32::MAX);
    let sum = reasons.iter().fold(best, |sum, reason| sum.saturating_add(reason.points)).clamp(0, best);
    Quality { score: u32::try_from(sum).unwrap_or(0), reasons }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_in_order_and_each_signal_has_one() {
        assert!(WEIGHTS.windows(2).all(|pair| (pair[0].1, pair[0].0.as_str()) < (pair[1].1, pair[1].0.as_str())));
        let signals = Code::all().iter().filter(|code| code.as_str().starts_with("signal."));
        assert!(signals.clone().count() >= 6);
        for code in signals {
            assert!(WEIGHTS.iter().any(|(signal, _)| signal == code), "{code} has no weight");
        }
    }

    #[test]
    fn the_score_stays_between_its_ends() {
        let all: Vec<Problem> = WEIGHTS.iter().map(|(code, _)| Problem::new(*code, "")).collect();
        assert_eq!(score(&all, || true).score, 0);
        let one = [Problem::new(Code::EmailRole, "/email"), Problem::new(Code::EmailRole, "/email2")];
        assert_eq!(score(&one, || false).score, 950, "a signal counts once");
        assert_eq!(score(&one, || true).score, 1000);
    }

    #[test]
    fn what_was_repaired_and_what_is_no_signal_counts_nothing() {
        let fixed = Problem::new(Code::EmailHostTypo, "/email").with_action(Action::Fixed);
        let other = Problem::new(Code::AddressNoStreet, "/address_line1");
        assert!(score(&[fixed, other], || true).is_best());
    }
}
