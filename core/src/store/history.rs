//! Leads of the past that another system had. No decision is about them.

use crate::model::{BuyerId, ContractId, LeadId, Money, SourceId, Timestamp};
use serde::{Deserialize, Serialize};

/// A lead of the past. `Debug` shows ids alone.
#[derive(Clone, PartialEq, Eq)]
pub struct HistoryLead {
    /// The channel it came through.
    pub source: SourceId,
    /// Its id there.
    pub lead: LeadId,
    /// When it came.
    pub at: Timestamp,
    /// The lead, one flat JSON object as [`record`](crate::validate::record) makes it; empty once it was erased. Personal data.
    pub input: Vec<u8>,
    /// To whom it was sold; none where nobody told, empty where nobody got it.
    pub sales: Option<Vec<HistorySale>>,
}

impl std::fmt::Debug for HistoryLead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HistoryLead({}/{} {})", self.source, self.lead, self.at)
    }
}

/// A sale of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistorySale {
    /// Who bought.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// At which price.
    pub price: Money,
}
