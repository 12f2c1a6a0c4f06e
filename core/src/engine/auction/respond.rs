//! The supplier is answered in its own form.

use crate::deliver::Responses;
use crate::model::{Code, Money, RawValue, SourceId};
use crate::operate::{Pinged, Submitted};
use crate::plan::Plan;

/// The same with what the plan has to say to the supplier.
pub(super) fn answered(plan: &Plan, told: Submitted) -> Submitted {
    let values = vec![
        ("because", codes(&told.because)),
        ("currency", RawValue::text(told.currency.to_string())),
        ("decision", RawValue::text(told.decision.to_string())),
        ("lead_id", RawValue::text(told.decision.lead.as_str())),
        ("payout", money(told.payout)),
    ];
    let response = responses(plan, &told.decision.source).and_then(|found| found.write(told.ended.as_str(), values));
    Submitted { response, ..told }
}

/// The same for a ping.
pub(super) fn bid(plan: &Plan, source: &SourceId, told: Pinged) -> Pinged {
    let values = vec![
        ("because", codes(&told.because)),
        ("bid", told.bid.map_or(RawValue::Null, money)),
        ("currency", RawValue::text(told.currency.to_string())),
        ("expires", RawValue::text(told.expires.to_string())),
        ("ping_id", RawValue::text(told.ping_id.as_str())),
    ];
    let end = if told.bid.is_some() { "bid" } else { "no_bid" };
    let response = responses(plan, source).and_then(|found| found.write(end, values));
    Pinged { response, ..told }
}

fn responses<'p>(plan: &'p Plan, source: &SourceId) -> Option<&'p Responses> {
    plan.sources.get(source).map(|source| &source.responses)
}

fn money(money: Money) -> RawValue {
    RawValue::text(money.to_string())
}

fn codes(codes: &[Code]) -> RawValue {
    RawValue::List(codes.iter().map(|code| RawValue::text(code.as_str())).collect())
}
