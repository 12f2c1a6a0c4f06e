//! What a sale brings, and what of it goes to the source.

use crate::model::Money;
use crate::plan::compiled::Payout;

/// What the source gets for one more sale, rounded down to the cent (rule 41). A fixed amount is paid once a lead.
pub(super) fn payout(payout: Payout, price: Money, is_first: bool) -> Money {
    match payout {
        Payout::Nothing => Money::ZERO,
        Payout::Share(ppm) => price.share_floor_cent(ppm),
        Payout::Fixed(amount) if is_first => amount,
        Payout::Fixed(_) => Money::ZERO,
    }
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
}
