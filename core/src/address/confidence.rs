//! How surely an address was read right: evidence by class, looked up in tables of how often each class was right.

use super::calibration;
use super::evidence::Evidence;
use crate::model::{Code, Problem};
use serde::Serialize;

/// [`needs_review`](super::CanonicalAddress::needs_review) is true of a confidence below this, and of addresses that
/// contradict themselves.
///
/// ```
/// use leadwright::address::{REVIEW_BELOW, canonicalize_text};
/// let address = canonicalize_text("9 Elm St, Kalona IA 52247", "");
/// assert!(address.confidence >= REVIEW_BELOW && !address.needs_review);
/// assert!(canonicalize_text("Elm and so on", "").needs_review);
/// ```
pub const REVIEW_BELOW: u16 = 900;

/// How surely each part is the right one, 0 to 1000 (thousandths), also where it is absent: the confidence of an
/// absent unit says how surely there is none.
///
/// ```
/// use leadwright::address::canonicalize_text;
/// let clear = canonicalize_text("9 Elm St Apt 4, Kalona IA 52247", "").confidence_by_part;
/// let doubtful = canonicalize_text("9 Elm St Apt 4 Kalonia", "").confidence_by_part;
/// assert!(doubtful.city < clear.city);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartConfidence {
    /// House number, street, box and route.
    #[cfg_attr(feature = "schema", schemars(range(max = 1000)))]
    pub street: u16,
    /// The unit, or that there is none.
    #[cfg_attr(feature = "schema", schemars(range(max = 1000)))]
    pub unit: u16,
    /// The city.
    #[cfg_attr(feature = "schema", schemars(range(max = 1000)))]
    pub city: u16,
    /// The state.
    #[cfg_attr(feature = "schema", schemars(range(max = 1000)))]
    pub state: u16,
    /// The ZIP code.
    #[cfg_attr(feature = "schema", schemars(range(max = 1000)))]
    pub zip: u16,
}

/// Problems with what was written rather than with how it was read: no table of readings knows about them.
pub(super) fn contradicts_itself(problems: &[Problem]) -> bool {
    let calls_for_eyes = |code| {
        use Code::*;
        matches!(
            code,
            AddressPlaceholder
                | AddressNoPlace
                | AddressNoStreet
                | AddressNoHouseNumber
                | AddressStateUnknown
                | AddressCityZipMismatch
                | AddressZipInvalid
                | AddressZipStateMismatch
                | AddressZipUnknown
        )
    };
    problems.iter().any(|problem| calls_for_eyes(problem.code))
}

/// The tables are in ten-thousandths, so that multiplying them loses little.
const WHOLE: u32 = 10_000;

/// The confidence of the whole and of the parts.
pub(super) fn confidence(evidence: Evidence) -> (u16, PartConfidence) {
    let Evidence { street, unit, city, state, zip } = evidence;
    let at = |table: &[u16], class: u8| table.get(usize::from(class)).copied().unwrap_or_default();
    let [street, unit, city, state, zip] = [
        at(&calibration::STREET, street),
        at(&calibration::UNIT, unit),
        at(&calibration::CITY, city),
        at(&calibration::STATE, state),
        at(&calibration::ZIP, zip),
    ];
    let together = [street, unit, city, state, zip].into_iter().fold(WHOLE, |all, part| all * u32::from(part) / WHOLE);
    let parts = PartConfidence {
        street: thousandths(street),
        unit: thousandths(unit),
        city: thousandths(city),
        state: thousandths(state),
        zip: thousandths(zip),
    };
    (thousandths(corrected(together)), parts)
}

fn thousandths(value: u16) -> u16 {
    (value.saturating_add(5) / 10).min(1_000)
}

/// Parts are not wrong independently of each other: what the product of their confidences was worth, between the knots
/// of a rising line.
fn corrected(together: u32) -> u16 {
    let mut before = (0_u32, 0_u32);
    for (product, worth) in
        calibration::TOGETHER.iter().map(|(product, worth)| (u32::from(*product), u32::from(*worth)))
    {
        if together <= product {
            let (width, height) = (product.saturating_sub(before.0).max(1), worth.saturating_sub(before.1));
            let up = before.1 + together.saturating_sub(before.0) * height / width;
            return u16::try_from(up).unwrap_or_default();
        }
        before = (product, worth);
    }
    u16::try_from(before.1).unwrap_or_default()
}
