//! What a sale brings, and what of it goes to the supplier.

use crate::model::{Assignment, Date, Money, PostingKind, SourceId};
use crate::plan::Plan;
use crate::plan::compiled::Payout;
use crate::store::{Posting, PostingSum};

/// What the supplier gets for one more sale, rounded down to the cent (rule 41). A fixed amount is paid once a lead.
pub(crate) fn payout(payout: Payout, price: Money, is_first: bool) -> Money {
    match payout {
        Payout::Nothing => Money::ZERO,
        Payout::Share(ppm) => price.share_floor_cent(ppm),
        Payout::Fixed(amount) if is_first => amount,
        Payout::Fixed(_) => Money::ZERO,
    }
}

/// What goes back when a sale is reversed. A share goes with its price; a fixed amount was paid for the lead, and is due as
/// long as one buyer keeps it.
pub(crate) fn claw_back(payout: Payout, price: Money, is_last: bool) -> Money {
    self::payout(payout, price, is_last)
}

/// What the sales of a decision post, in their order: each its price, and what the supplier gets for it where that is something.
/// `anew` says whether nobody has the lead from an earlier decision: what is paid once a lead is paid then.
pub(crate) fn postings(plan: &Plan, date: Date, source: &SourceId, sales: &[Assignment], anew: bool) -> Vec<Posting> {
    let mut postings = Vec::new();
    for (n, sale) in sales.iter().enumerate() {
        let posting = |account, kind, debit| {
            let (contract, source) = (Some(sale.contract.clone()), Some(source.clone()));
            Posting { date, sum: PostingSum { account, kind, contract, source, count: 1, debit } }
        };
        postings.push(posting(plan.pays_from(&sale.buyer), PostingKind::Sale, sale.price.units()));
        let Some(of) = plan.sources.get(source) else { continue };
        let due = payout(of.payout, sale.price, n == 0 && anew);
        if due != Money::ZERO {
            postings.push(posting(of.account(), PostingKind::Payout, due.units().saturating_neg()));
        }
    }
    postings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_041_a_share_is_rounded_down_to_the_cent() {
        let price: Money = "9.99".parse().unwrap();
        assert_eq!(payout(Payout::Share(700_000), price, true).to_string(), "6.99");
        assert_eq!(payout(Payout::Fixed(price), price, true), price);
        assert_eq!(payout(Payout::Fixed(price), price, false), Money::ZERO);
    }

    #[test]
    fn a_fixed_payout_goes_back_with_the_last_sale_and_a_share_with_each() {
        let price: Money = "9.99".parse().unwrap();
        assert_eq!(claw_back(Payout::Fixed(price), price, false), Money::ZERO);
        assert_eq!(claw_back(Payout::Fixed(price), price, true), price);
        assert_eq!(claw_back(Payout::Share(700_000), price, false).to_string(), "6.99");
        assert_eq!(claw_back(Payout::Nothing, price, true), Money::ZERO);
    }
}
