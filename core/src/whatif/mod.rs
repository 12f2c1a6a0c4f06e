//! What would have been: leads of the past decided by two plans, and what that changes; which single check kept the most
//! leads from being sold; and when caps fill.
//!
//! Leads stream through ([`WhatIf::add`], [`Unlock::add`], [`Pressure::add`]), and only sums stay. What rests on sales that
//! really happened is kept apart from what is assumed ([`Basis`]).

mod basis;
mod caps;
mod changes;
mod report;
mod sums;
mod unlock;

pub use basis::{Basis, History, Part, PastSale};
pub use caps::{CapPressure, Pressure, PressureReport};
pub use changes::{Change, ChangedSale, Changes, Reason, Side, Why};
pub use report::{Contracts, Leads, OutcomeCount, Pair, PlanName, Point, WhatIf, WhatIfReport};
pub use sums::{Sums, Total};
pub use unlock::{Unlock, UnlockReport, UnlockRow};
