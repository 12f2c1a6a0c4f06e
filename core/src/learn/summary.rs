//! What is told beside the plan.

use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What came of learning.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Version of this format: 1.
    pub v: u32,
    /// Pairs that say something about routing.
    pub pairs: usize,
    /// Pairs with another outcome, by the legacy's word for it: they say nothing about who wants a lead.
    pub left_out: BTreeMap<String, u64>,
    /// Lines that are no pair.
    pub bad_lines: u64,
    /// The first of them, and why they are none.
    pub why_bad: Vec<(u64, String)>,
    /// Every contract that was sold to.
    pub contracts: Vec<ContractLearned>,
    /// How many criteria they have together.
    pub criteria: usize,
    /// How the plan decides the tenth of the pairs that nothing was learned from.
    pub kept_back: Agreement,
    /// How it decides those that it was learned from.
    pub taught: Agreement,
}

/// A contract, as it was learned.
#[derive(Clone, Debug, Serialize)]
pub struct ContractLearned {
    /// Its id.
    pub contract: String,
    /// Whose it is.
    pub buyer: String,
    /// The kind of leads that it buys.
    pub vertical: String,
    /// The group that it is in, as `route/group`.
    pub group: String,
    /// Leads that it got, of those that were learned from.
    pub sold: usize,
    /// Conditions on fields and on the time of the week.
    pub criteria: usize,
    /// Alternatives of which one is enough; none where everything has to hold.
    pub ways: usize,
    /// Its caps by window.
    pub caps: BTreeMap<String, u64>,
    /// Contracts that it takes turns with.
    pub turns_with: Vec<String>,
    /// Leads that meet its criteria, went elsewhere, and that no field tells from those that it got.
    pub not_told_apart: usize,
}

/// How often a plan says what the legacy said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Leads.
    pub leads: usize,
    /// To the same contract, or to nobody as well.
    pub same: usize,
    /// To another contract that takes turns with it.
    pub other_turn: usize,
}

impl Agreement {
    /// In hundredths of a percent, rounded down; a lead that went to whoever else takes turns counts as the same.
    ///
    /// ```
    /// let seen = leadwright::learn::Agreement { leads: 1_000, same: 960, other_turn: 31 };
    /// assert_eq!(seen.basis_points(), 9_910);
    /// ```
    pub fn basis_points(&self) -> usize {
        ((self.same + self.other_turn) * 10_000).checked_div(self.leads).unwrap_or(10_000)
    }
}

/// Leads that the plan gives to somebody else than the legacy did. Personal data.
#[derive(Clone, Debug, Serialize)]
pub struct Unexplained {
    /// Who got them from the legacy; nothing where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legacy: Option<String>,
    /// Whom the plan gives them to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What becomes of them by the plan.
    pub outcome: &'static str,
    /// How many.
    pub leads: usize,
    /// When the example came.
    pub at: String,
    /// One of them, with only the fields that the plan needs to say the same.
    pub example: Box<RawValue>,
}
