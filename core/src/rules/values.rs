//! The values that a field may have, in the form in which they are compared.

use crate::model::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// A set of values. Capital letters make no difference; ZIP codes, of which there may be thousands, take four bytes each.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Values {
    /// Texts of exactly five digits, as numbers, sorted.
    pub(crate) five_digits: Arc<[u32]>,
    /// All others, sorted; texts in small letters.
    pub(crate) others: Vec<Value>,
    /// As they were written, where they are few enough to be named.
    pub(super) written: Vec<Value>,
}

/// More values than this are counted and not named.
pub(super) const NAMED: usize = 5;

impl Values {
    pub(crate) fn new(mut written: Vec<Value>) -> Self {
        written.sort();
        written.dedup();
        let mut five_digits = Vec::new();
        let mut others = Vec::new();
        for value in &written {
            match value.as_text() {
                Some(text) => match five_digits_of(text) {
                    Some(number) => five_digits.push(number),
                    None => others.push(Value::Text(fold(text))),
                },
                None => others.push(value.clone()),
            }
        }
        others.sort();
        others.dedup();
        written.truncate(if written.len() > NAMED { 0 } else { NAMED });
        Self { five_digits: five_digits.into(), others, written }
    }

    /// ZIP codes, by their sorted numbers; never named one by one.
    pub(super) fn of_zips(numbers: Arc<[u32]>) -> Self {
        Self { five_digits: numbers, others: Vec::new(), written: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.five_digits.len() + self.others.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Value> {
        let zips = self.five_digits.iter().map(|number| Value::Text(format!("{number:05}")));
        zips.chain(self.others.iter().cloned())
    }

    pub(crate) fn contains(&self, value: &Value) -> bool {
        let Value::Text(text) = value else { return self.others.binary_search(value).is_ok() };
        match five_digits_of(text) {
            Some(number) => self.five_digits.binary_search(&number).is_ok(),
            None => self.others.binary_search_by(|other| compare_folded(other, text)).is_ok(),
        }
    }
}

/// Where a value of the set stands beside a text in small letters, without making one.
fn compare_folded(other: &Value, text: &str) -> Ordering {
    match other {
        Value::Text(other) => other.chars().cmp(folded(text)),
        // Texts come after what is counted, and before what is put together.
        Value::List(_) | Value::Record(_) => Ordering::Greater,
        _ => Ordering::Less,
    }
}

/// A text in small letters, letter by letter, whatever stands beside.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

pub(crate) fn fold(text: &str) -> String {
    folded(text).collect()
}

/// The number of a text of exactly five digits.
pub(crate) fn five_digits_of(text: &str) -> Option<u32> {
    let digits: [u8; 5] = text.as_bytes().try_into().ok()?;
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_make_no_difference_and_zeros_do() {
        let values = Values::new(["TX", "02134", "2134", "ÉTÉ", "ΟΔΟΣ"].map(Value::text).into());
        for (text, is_there) in
            [("tx", true), ("Tx", true), ("02134", true), ("2134", true), ("été", true), ("οδοσ", true), ("", false)]
        {
            assert_eq!(values.contains(&Value::text(text)), is_there, "{text}");
        }
        assert!(!values.contains(&Value::Int(2134)));
        assert_eq!((values.len(), values.five_digits.as_ref()), (5, [2134].as_slice()));
    }

    proptest::proptest! {
        #[test]
        fn comparing_without_folding_is_comparing_folded(a in "\\PC{0,6}", b in "\\PC{0,6}") {
            let left = compare_folded(&Value::Text(fold(&a)), &b);
            proptest::prop_assert_eq!(left, fold(&a).cmp(&fold(&b)));
        }
    }
}
