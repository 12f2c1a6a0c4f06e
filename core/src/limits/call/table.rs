//! The rules of `us-states@1`: the federal hours, and states with stricter ones. `docs/call-windows.md` shows this table.
//!
//! A published table is never changed: a new one is added beside it.

/// From a minute of the day to another, the end not included.
type Hours = (u16, u16);

/// What was read to write a rule down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The text of the law or the regulation.
    Text,
    /// What others say about it, a guide or a report: look the law up.
    Guide,
}

/// The hours in which the consumers of a state may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallRule {
    /// The two letters of the state; `US` is the federal rule, which holds everywhere.
    pub state: &'static str,
    /// Monday to Friday, in minutes of the day.
    pub weekday: Hours,
    /// None: no calls.
    pub saturday: Option<Hours>,
    /// None: no calls.
    pub sunday: Option<Hours>,
    /// Whether there are no calls on holidays.
    pub not_on_holidays: bool,
    /// The law.
    pub law: &'static str,
    /// What was read, and of when it is.
    pub source: &'static str,
    /// Whether that was the text itself.
    pub checked: Checked,
}

/// The name of the federal rule.
pub(super) const FEDERAL: &str = "US";

/// The day on which the sources were read.
pub(super) const AS_OF: &str = "2026-11-28";

const fn at(start: u16, end: u16) -> Hours {
    (start * 60, end * 60)
}

/// The same hours on every day.
const fn daily(
    state: &'static str,
    hours: Hours,
    law: &'static str,
    source: &'static str,
    checked: Checked,
) -> CallRule {
    CallRule {
        state,
        weekday: hours,
        saturday: Some(hours),
        sunday: Some(hours),
        not_on_holidays: false,
        law,
        source,
        checked,
    }
}

/// The same without calls on Sundays.
const fn no_sunday(rule: CallRule, not_on_holidays: bool) -> CallRule {
    CallRule { sunday: None, not_on_holidays, ..rule }
}

const GUIDE: &str = "Drop Cowboy, State Calling Restrictions Guide, 2025-11-01";

pub(super) static RULES: &[CallRule] = &[
    daily(
        FEDERAL,
        at(8, 21),
        "47 CFR 64.1200(c)(1)",
        "the paragraph as a page of NW Debt Resolution quotes it, without a year",
        Checked::Text,
    ),
    no_sunday(
        daily(
            "AL",
            at(8, 20),
            "Ala. Admin. Code 770-X-5-.17(1)(b)",
            "the rule, current through 2024-11-27; it speaks of automated calls",
            Checked::Text,
        ),
        true,
    ),
    daily(
        "CT",
        at(9, 20),
        "Conn. Gen. Stat. 42-288a (P.A. 23-98)",
        "TCPAWorld on SB 1058, 2023-06-28; since 2023-10-01",
        Checked::Guide,
    ),
    daily(
        "FL",
        at(8, 20),
        "Fla. Stat. 501.616(6)(a)",
        "the section at lawserver.com, and SB 1120 of 2021",
        Checked::Text,
    ),
    daily("KY", at(10, 21), "not looked up", GUIDE, Checked::Guide),
    no_sunday(
        daily(
            "LA",
            at(8, 20),
            "La. Pub. Serv. Comm'n Gen. Order R-29617 (V)(A)(2)",
            "dnc.com, Restricted Call Dates 2023",
            Checked::Guide,
        ),
        true,
    ),
    daily("MA", at(8, 20), "not looked up", GUIDE, Checked::Guide),
    daily(
        "MD",
        at(8, 20),
        "Md. Code, Com. Law 14-4502 (Stop the Spam Calls Act of 2023)",
        "WMAR on the act; since 2024-01-01",
        Checked::Guide,
    ),
    daily("MI", at(9, 21), "not looked up", GUIDE, Checked::Guide),
    daily("MN", at(9, 21), "not looked up", GUIDE, Checked::Guide),
    no_sunday(
        daily("MS", at(8, 20), "Miss. Code 77-3-723", "the section at getpocketlaw.com; Central time", Checked::Text),
        false,
    ),
    daily("NM", at(9, 21), "not looked up", GUIDE, Checked::Guide),
    daily("NV", at(9, 20), "not looked up", GUIDE, Checked::Guide),
    daily(
        "OK",
        at(8, 20),
        "15 O.S. 775C.4 (Telephone Solicitation Act of 2022)",
        "dnc.com on the act; since 2022-11-01",
        Checked::Guide,
    ),
    CallRule {
        saturday: None,
        ..no_sunday(
            daily(
                "SD",
                at(9, 21),
                "S.D. Codified Laws 37-30-28",
                "the section at contactcentercompliance.com; it speaks of automated calls",
                Checked::Text,
            ),
            false,
        )
    },
    CallRule {
        sunday: Some(at(12, 21)),
        ..daily(
            "TX",
            at(9, 21),
            "Tex. Bus. & Com. Code 301.051",
            "LegalClarity, without a date; noon on Sundays is a precaution, not confirmed",
            Checked::Guide,
        )
    },
    daily("WA", at(8, 20), "RCW 19.158.040(2)", "the section at app.leg.wa.gov", Checked::Text),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_state_is_laxer_than_the_federal_rule_and_none_stands_twice() {
        let federal = RULES[0];
        assert_eq!((federal.state, federal.weekday), (FEDERAL, at(8, 21)));
        let within = |hours: Hours| hours.0 < hours.1 && hours.0 >= federal.weekday.0 && hours.1 <= federal.weekday.1;
        for rule in RULES {
            assert!(
                [Some(rule.weekday), rule.saturday, rule.sunday].into_iter().flatten().all(within),
                "{}",
                rule.state
            );
            assert!(
                rule.weekday.0 % 15 == 0 && rule.weekday.1 % 15 == 0 && !rule.law.is_empty() && !rule.source.is_empty()
            );
        }
        let states: Vec<&str> = RULES[1..].iter().map(|rule| rule.state).collect();
        assert!(states.is_sorted() && states.windows(2).all(|pair| pair[0] != pair[1]), "{states:?}");
        assert!(AS_OF.parse::<crate::model::Date>().is_ok());
    }
}
