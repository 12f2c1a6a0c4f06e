//! Reports: sums over what was decided, from rows that are kept with every decision, whatever the history's size.

use super::effects::RollupAdd;
use crate::model::{Code, ContractId, Date, Error, Money, Outcome, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// What a report has a row for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SumsBy {
    /// Each civil date in the plan's zone.
    Day,
    /// Each hour of the day, 0 to 23. An hour that came twice is one.
    Hour,
    /// Each source.
    Source,
    /// Each contract that bought.
    Contract,
    /// Each outcome.
    Outcome,
}

impl SumsBy {
    /// All of them, in the order of their columns.
    pub const ALL: [SumsBy; 5] = [SumsBy::Day, SumsBy::Hour, SumsBy::Source, SumsBy::Contract, SumsBy::Outcome];

    /// The word for it.
    ///
    /// ```
    /// use leadwright::store::SumsBy;
    /// assert_eq!("hour".parse(), Ok(SumsBy::Hour));
    /// assert_eq!(SumsBy::Hour.as_str(), "hour");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            SumsBy::Day => "day",
            SumsBy::Hour => "hour",
            SumsBy::Source => "source",
            SumsBy::Contract => "contract",
            SumsBy::Outcome => "outcome",
        }
    }
}

impl FromStr for SumsBy {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|by| by.as_str() == word).ok_or(())
    }
}

/// What is asked of a report. The dates are included; what is not given is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SumsQuery {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// What there is a row for; with none, one row for all.
    pub by: BTreeSet<SumsBy>,
    /// Only leads of this source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// Only sales of this contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// Only leads that this became of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// One row of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sums {
    /// The civil date in the plan's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The hour of the day, 0 to 23.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<u8>,
    /// The source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// What became of the leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// How many leads were decided; by contract, how many it got. One that waited is counted with each of its decisions.
    pub leads: i64,
    /// How many sales were made of them.
    pub sales: i64,
    /// What buyers pay.
    pub revenue: Money,
    /// What the sources get.
    pub payout: Money,
    /// What stays.
    pub margin: Money,
}

impl SumsQuery {
    /// Reads one from JSON.
    ///
    /// ```
    /// use leadwright::store::{SumsBy, SumsQuery};
    /// let query = SumsQuery::read(r#"{"by":["day","source"],"from":"2026-11-01"}"#)?;
    /// assert!(query.by.contains(&SumsBy::Source) && query.to.is_none());
    /// assert!(SumsQuery::read(r#"{"by":["dat"]}"#).is_err());
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `input.bad_option`.
    pub fn read(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(|error| Error::new(Code::InputBadOption, format!("the report: {error}")))
    }

    /// Whether only sales are asked for.
    pub(crate) fn is_of_sales(&self) -> bool {
        self.contract.is_some() || self.by.contains(&SumsBy::Contract)
    }

    fn takes(&self, row: &RollupAdd) -> bool {
        self.from.is_none_or(|from| row.date >= from)
            && self.to.is_none_or(|to| row.date <= to)
            && self.source.as_ref().is_none_or(|source| row.source == *source)
            && self.outcome.is_none_or(|outcome| row.outcome == outcome)
            && match &self.contract {
                Some(contract) => row.contract.as_ref() == Some(contract),
                None => row.contract.is_some() || !self.is_of_sales(),
            }
    }

    /// The report over these rows: for stores that have no better way.
    pub fn over<'a>(&self, rows: impl IntoIterator<Item = &'a RollupAdd>) -> Vec<Sums> {
        let has = |by| self.by.contains(&by);
        let mut found: BTreeMap<_, Sums> = BTreeMap::new();
        for row in rows.into_iter().filter(|row| self.takes(row)) {
            let of = Sums {
                day: has(SumsBy::Day).then_some(row.date),
                hour: has(SumsBy::Hour).then_some(row.slot / 4),
                source: has(SumsBy::Source).then(|| row.source.clone()),
                contract: if has(SumsBy::Contract) { row.contract.clone() } else { None },
                outcome: has(SumsBy::Outcome).then_some(row.outcome),
                ..Sums::default()
            };
            found.entry(of.place()).or_insert(of).add(row, self.is_of_sales());
        }
        found.into_values().collect()
    }
}

/// Where a row stands in its report.
type Place = (Option<Date>, Option<u8>, Option<SourceId>, Option<ContractId>, Option<&'static str>);

impl Sums {
    fn place(&self) -> Place {
        (self.day, self.hour, self.source.clone(), self.contract.clone(), self.outcome.map(Outcome::as_str))
    }

    fn add(&mut self, row: &RollupAdd, of_sales: bool) {
        let plus = |a: Money, b: Money| a.checked_add(b).unwrap_or(Money::MAX);
        let is_sale = row.contract.is_some();
        if is_sale == of_sales {
            self.leads = self.leads.saturating_add(row.leads);
        }
        if is_sale {
            self.sales = self.sales.saturating_add(row.leads);
            self.revenue = plus(self.revenue, row.revenue);
            self.payout = plus(self.payout, row.payout);
            self.margin = self.revenue.checked_sub(self.payout).unwrap_or(Money::ZERO);
        }
    }
}
