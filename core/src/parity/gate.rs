//! Ready or not: what has to hold before a step goes on.

use super::interval::Rate;
use super::summary::{StepSummary, Summary};
use crate::model::{Code, Date, Error, Money, RawMap, RawValue, Timestamp, read_raw};
use crate::parity::decimal::Decimal;
use crate::text::did_you_mean;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A noise of fewer pairs says too little to be taken off.
pub const LEAST_NOISE: u64 = 1_000;

/// What has to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// The steps that are judged; all when empty.
    pub steps: Vec<String>,
    /// So many pairs have been compared at least.
    pub min_samples: u64,
    /// The rate of mismatches is at most this, and we are sure of it at 95 %. Where the legacy was compared with itself, it
    /// is how much higher the rate is than that noise.
    pub max_mismatch: f64,
    /// The rate of declared differences is at most this.
    pub max_known: f64,
    /// Of the calls that were to be compared at most this share was not: dropped, impossible to copy or to read, or kept from
    /// a candidate that failed too often. What nobody saw is no proof, and seldom a fair sample of the rest.
    pub max_unseen: f64,
    /// The candidate's p99 is at most so many times the legacy's.
    pub max_p99_ratio: Option<f64>,
    /// What nobody declared moves at most so much money in any class.
    pub max_unexplained_money: Option<Money>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            min_samples: 10_000,
            max_mismatch: 0.0025,
            max_known: 0.05,
            max_unseen: 0.05,
            max_p99_ratio: None,
            max_unexplained_money: None,
        }
    }
}

/// One condition, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Which.
    pub condition: String,
    /// Whether it holds.
    pub met: bool,
    /// What was found.
    pub found: String,
    /// What it takes.
    pub wanted: String,
}

/// How the conditions of one step stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCheck {
    /// Whether all hold.
    pub ready: bool,
    /// Each of them.
    pub conditions: Vec<Condition>,
}

/// Ready or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Of this shape.
    pub schema_version: u32,
    /// Whether every step is.
    pub ready: bool,
    /// Each step.
    pub steps: BTreeMap<String, StepCheck>,
}

impl Gate {
    /// From JSON: `step` or `steps`, `min_samples`, `max_mismatch`, `max_known` and `max_unseen` (`"0.1%"`, or a share like
    /// `"0.001"`), `max_p99_ratio`, `max_unexplained_money`. What is absent is as in [`Gate::default`].
    ///
    /// # Errors
    /// `parity.bad_gate` with every mistake.
    ///
    /// ```
    /// use leadwright::parity::Gate;
    /// assert_eq!(Gate::from_json(br#"{"min_samples": 500, "max_mismatch": "0.1%"}"#)?.max_mismatch, 0.001);
    /// let error = Gate::from_json(br#"{"min_sample": 500}"#).unwrap_err();
    /// assert!(error.to_string().contains("did you mean `min_samples`?"), "{error}");
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let read = read_raw(json).map_err(|error| Error::new(Code::ParityBadGate, error.to_string()))?;
        let mut gate = Self::default();
        let RawMap(members) = &read.map;
        let wrong: Vec<String> = members.iter().filter_map(|(name, value)| gate.set(name, value).err()).collect();
        if wrong.is_empty() { Ok(gate) } else { Err(Error::new(Code::ParityBadGate, wrong.join("; "))) }
    }

    fn set(&mut self, name: &str, value: &RawValue) -> Result<(), String> {
        const NAMES: [&str; 8] = [
            "max_known",
            "max_mismatch",
            "max_p99_ratio",
            "max_unexplained_money",
            "max_unseen",
            "min_samples",
            "step",
            "steps",
        ];
        let wrong = |what: &str| format!("`{name}` is {what}");
        let text = match value {
            RawValue::Text(text) | RawValue::Number(text) => Some(text.as_str()),
            RawValue::Null => return Ok(()),
            _ => None,
        };
        match name {
            "step" => self.steps = vec![text.ok_or_else(|| wrong("the name of a step"))?.to_owned()],
            "steps" => self.steps = names(value).ok_or_else(|| wrong("a list of names of steps"))?,
            "min_samples" => {
                let count = text.and_then(|text| text.parse().ok());
                self.min_samples = count.ok_or_else(|| wrong("a whole number"))?;
            }
            "max_mismatch" | "max_known" | "max_unseen" => {
                let share = text.and_then(share).ok_or_else(|| wrong("a share, like \"0.1%\" or \"0.001\""))?;
                *match name {
                    "max_known" => &mut self.max_known,
                    "max_unseen" => &mut self.max_unseen,
                    _ => &mut self.max_mismatch,
                } = share;
            }
            "max_p99_ratio" => {
                self.max_p99_ratio = Some(text.and_then(ratio).ok_or_else(|| wrong("a number, like \"1.0\""))?);
            }
            "max_unexplained_money" => {
                let money = text.and_then(|text| text.parse().ok());
                self.max_unexplained_money = Some(money.ok_or_else(|| wrong("an amount, like \"25.00\""))?);
            }
            _ => {
                let near = did_you_mean(name, NAMES).map(|near| format!(": did you mean `{near}`?"));
                return Err(
                    wrong("no condition") + &near.unwrap_or_else(|| format!("; known are {}", NAMES.join(", ")))
                );
            }
        }
        Ok(())
    }

    /// How the conditions stand, on a day. A step that is named and was never seen is not ready.
    pub fn check(&self, summary: &Summary, as_of: Timestamp) -> Check {
        let today = super::rules::day_of(as_of);
        let named: Vec<&String> =
            if self.steps.is_empty() { summary.steps.keys().collect() } else { self.steps.iter().collect() };
        let nothing = StepSummary::empty();
        let steps: BTreeMap<String, StepCheck> = named
            .into_iter()
            .map(|name| (name.clone(), self.step(summary.steps.get(name).unwrap_or(&nothing), today)))
            .collect();
        let ready = !steps.is_empty() && steps.values().all(|step| step.ready);
        Check { schema_version: 1, ready, steps }
    }

    fn step(&self, step: &StepSummary, today: Option<Date>) -> StepCheck {
        let mut conditions = vec![
            condition(
                "min_samples",
                step.compared >= self.min_samples,
                step.compared.to_string(),
                format!("at least {}", self.min_samples),
            ),
            self.mismatch(step),
            condition(
                "max_known",
                step.compared > 0 && step.known.rate <= self.max_known,
                percent(step.known.rate),
                format!("at most {}", percent(self.max_known)),
            ),
            expired(step, today),
            self.unseen(step),
        ];
        conditions.extend(self.max_p99_ratio.map(|most| p99(step, most)));
        conditions.extend(self.max_unexplained_money.map(|most| money(step, most)));
        StepCheck { ready: conditions.iter().all(|condition| condition.met), conditions }
    }

    fn unseen(&self, step: &StepSummary) -> Condition {
        let unseen = step.unseen();
        let share = Rate::of(unseen, unseen.saturating_add(step.compared)).rate;
        let wanted = format!("at most {}", percent(self.max_unseen));
        condition("max_unseen", share <= self.max_unseen, percent(share), wanted)
    }

    /// What counts is the upper end of the interval: few samples are no proof.
    fn mismatch(&self, step: &StepSummary) -> Condition {
        let noise = step.noise.filter(|noise| noise.of >= LEAST_NOISE);
        let (high, told) = match noise {
            Some(noise) => {
                let (low, high) = step.mismatched.above(noise);
                let interval =
                    format!("{} to {} above the noise of {}", percent(low), percent(high), percent(noise.rate));
                (high, format!("{}, {interval}", percent(step.mismatched.rate)))
            }
            None => (step.mismatched.high, interval(step.mismatched)),
        };
        let above = if noise.is_some() { "at most {} above the noise, at 95 %" } else { "at most {}, at 95 %" };
        let wanted = above.replace("{}", &percent(self.max_mismatch));
        condition("max_mismatch", step.compared > 0 && high <= self.max_mismatch, told, wanted)
    }
}

fn condition(name: &str, met: bool, found: String, wanted: String) -> Condition {
    Condition { condition: name.into(), met, found, wanted }
}

fn expired(step: &StepSummary, today: Option<Date>) -> Condition {
    let is_over = |expires: &str| match (expires.parse::<Date>(), today) {
        (Ok(expires), Some(today)) => expires < today,
        _ => true,
    };
    let over = step.known_differences.iter().filter(|known| is_over(&known.expires));
    let over: Vec<String> = over.map(|known| format!("{} of {} on {}", known.id, known.owner, known.expires)).collect();
    let found = if over.is_empty() { "none".to_owned() } else { over.join(", ") };
    condition("expired_known", over.is_empty(), found, "none".into())
}

#[expect(clippy::cast_precision_loss, reason = "it is a ratio of times, shown with two decimals")]
fn p99(step: &StepSummary, most: f64) -> Condition {
    let (legacy, ours) = (step.legacy_latency.p99_ns, step.candidate_latency.p99_ns);
    let ratio = (legacy > 0 && step.candidate_latency.count > 0).then(|| ours as f64 / legacy as f64);
    let found = ratio.map_or_else(|| "not measured".into(), |ratio| format!("{ratio:.2}"));
    condition("max_p99_ratio", ratio.is_some_and(|ratio| ratio <= most), found, format!("at most {most:.2}"))
}

fn money(step: &StepSummary, most: Money) -> Condition {
    let unexplained = step.classes.iter().filter(|class| class.unexplained > 0);
    let worst = unexplained.max_by_key(|class| class.unexplained_money);
    let found = worst.map_or_else(|| "0.00".into(), |class| format!("{} by {}", class.unexplained_money, class.class));
    let met = worst.is_none_or(|class| class.unexplained_money <= most);
    condition("max_unexplained_money", met, found, format!("at most {most}"))
}

fn interval(rate: Rate) -> String {
    format!("{} ({} to {})", percent(rate.rate), percent(rate.low), percent(rate.high))
}

/// `0.25%`, without zeros that say nothing.
pub(crate) fn percent(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{}%", if text == "-0" { "0" } else { text })
}

fn names(value: &RawValue) -> Option<Vec<String>> {
    let RawValue::List(items) = value else { return None };
    let name = |item: &RawValue| match item {
        RawValue::Text(text) => Some(text.clone()),
        _ => None,
    };
    items.iter().map(name).collect()
}

/// `0.1%`, or `0.001`.
fn share(text: &str) -> Option<f64> {
    let share = match text.trim().strip_suffix('%') {
        Some(percent) => ratio(percent.trim())? / 100.0,
        None => ratio(text)?,
    };
    let share = (share * 1e9).round() / 1e9;
    (share <= 1.0).then_some(share)
}

fn ratio(text: &str) -> Option<f64> {
    Decimal::read(text).filter(|number| !number.is_negative())?;
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
