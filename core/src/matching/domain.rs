//! The values of an attribute, put into classes that no contract tells apart.

use super::runs::Runs;
use crate::model::{Date, Money, Timestamp, Value};
use crate::rules::criteria::Operator;
use crate::rules::values::{Values, five_digits_of, folded};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// From a value to its class.
#[derive(Clone, Debug)]
pub(crate) enum Domain {
    /// What is counted: the class is the number of cuts that are not above the value.
    Ordered { rank: u8, cuts: Vec<i64> },
    /// Texts: 0 is every text that no contract names; then texts of five digits, then the others.
    Words { zips: Zips, words: Words, count: u32 },
}

/// Texts of five digits.
#[derive(Clone, Debug)]
pub(crate) enum Zips {
    /// Sorted; the class follows from the place.
    Few(Vec<u32>),
    /// Class by number, 0 for those that no contract names.
    Table(Box<[u32]>),
}

/// Other texts, in small letters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    short: FxHashMap<u128, u32>,
    long: FxHashMap<Box<str>, u32>,
}

/// From so many on, a table of all numbers is worth its 400 kB.
const MANY_ZIPS: usize = 2_000;
/// Numbers of five digits.
const NUMBERS: usize = 100_000;

/// Everything that contracts compare an attribute with.
#[derive(Clone, Debug, Default)]
pub(super) struct Constants<'a> {
    rank: Option<u8>,
    /// Compared in a way that classes do not show.
    odd: bool,
    cuts: Vec<i64>,
    zips: Vec<u64>,
    words: Vec<&'a str>,
}

impl<'a> Constants<'a> {
    pub(super) fn add(&mut self, operators: &'a [Operator]) {
        for operator in operators {
            match operator {
                Operator::In(values) => self.add_values(values),
                Operator::Gte(bound) | Operator::Lt(bound) => self.cut(bound, 0),
                Operator::Gt(bound) | Operator::Lte(bound) => self.cut(bound, 1),
                Operator::Not(inner) => self.add(inner),
            }
        }
    }

    fn add_values(&mut self, values: &'a Values) {
        if !values.five_digits.is_empty() {
            self.has_rank(RANK_OF_TEXT);
            self.zips.resize(NUMBERS.div_ceil(64), 0);
        }
        for number in values.five_digits.iter() {
            let (word, bit) = (*number as usize / 64, number % 64);
            self.zips[word] |= 1 << bit;
        }
        for value in &values.others {
            match value {
                Value::Text(text) => {
                    self.has_rank(RANK_OF_TEXT);
                    self.words.push(text);
                }
                other => {
                    self.cut(other, 0);
                    self.cut(other, 1);
                }
            }
        }
    }

    fn cut(&mut self, bound: &Value, above: i64) {
        match position(bound) {
            (rank, Some(at)) => {
                self.has_rank(rank);
                self.cuts.push(at + above);
                // Keeps the memory of a hundred thousand contracts with the same few bounds small.
                if self.cuts.len() >= 1 << 16 && self.cuts.len().is_power_of_two() {
                    self.cuts.sort_unstable();
                    self.cuts.dedup();
                }
            }
            _ => self.odd = true,
        }
    }

    fn has_rank(&mut self, rank: u8) {
        self.odd |= self.rank.is_some_and(|other| other != rank);
        self.rank = Some(rank);
    }

    /// None when contracts compare it with values of different kinds, or in a way that classes do not show.
    pub(super) fn domain(mut self) -> Option<Domain> {
        if self.odd {
            return None;
        }
        if self.rank.is_some_and(|rank| rank != RANK_OF_TEXT) {
            self.cuts.sort_unstable();
            self.cuts.dedup();
            return Some(Domain::Ordered { rank: self.rank.unwrap_or_default(), cuts: self.cuts });
        }
        let mut numbers = Vec::new();
        for (place, word) in self.zips.iter().enumerate() {
            numbers.extend((0..64).filter(|bit| word >> bit & 1 == 1).map(|bit| (place * 64 + bit) as u32));
        }
        self.words.sort_unstable();
        self.words.dedup();
        let first = numbers.len() as u32 + 1;
        let count = first + self.words.len() as u32;
        let mut words = Words::default();
        for (word, class) in self.words.iter().zip(first..) {
            match short(word) {
                Some(short) => words.short.insert(short, class),
                None => words.long.insert(Box::from(*word), class),
            };
        }
        let zips = if numbers.len() < MANY_ZIPS {
            Zips::Few(numbers)
        } else {
            let mut table = vec![0; NUMBERS].into_boxed_slice();
            numbers.iter().zip(1..).for_each(|(number, class)| table[*number as usize] = class);
            Zips::Table(table)
        };
        Some(Domain::Words { zips, words, count })
    }
}

impl Domain {
    /// Truth values: 0 is no, 1 is yes.
    pub(super) fn of_flags() -> Self {
        Domain::Ordered { rank: position(&Value::Bool(true)).0, cuts: vec![1] }
    }

    /// How many classes there are.
    pub(crate) fn count(&self) -> u32 {
        match self {
            Domain::Ordered { cuts, .. } => cuts.len() as u32 + 1,
            Domain::Words { count, .. } => *count,
        }
    }

    /// Whether its classes have no order, and may be many.
    pub(crate) fn is_words(&self) -> bool {
        matches!(self, Domain::Words { .. })
    }

    /// The class of a value. `buffer` saves making a new text for each.
    pub(crate) fn class(&self, value: &Value, buffer: &mut String) -> u32 {
        match self {
            Domain::Ordered { rank, cuts } => match position(value) {
                (found, Some(at)) if found == *rank => cuts.partition_point(|cut| *cut <= at) as u32,
                (found, _) if found < *rank => 0,
                _ => cuts.len() as u32,
            },
            Domain::Words { zips, words, .. } => match value {
                Value::Text(text) => match five_digits_of(text) {
                    Some(number) => zips.class(number),
                    None => words.class(text, buffer),
                },
                _ => 0,
            },
        }
    }

    /// The texts that have classes of their own, from class 1 on, in small letters; none where values are counted.
    pub(crate) fn texts(&self) -> Vec<String> {
        let Domain::Words { zips, words, count } = self else { return Vec::new() };
        let mut texts = vec![String::new(); (*count as usize).saturating_sub(1)];
        let mut put = |class: u32, text: String| {
            if let Some(place) = (class as usize).checked_sub(1).and_then(|place| texts.get_mut(place)) {
                *place = text;
            }
        };
        match zips {
            Zips::Few(numbers) => {
                numbers.iter().zip(1..).for_each(|(number, class)| put(class, format!("{number:05}")));
            }
            Zips::Table(table) => {
                table.iter().enumerate().for_each(|(number, class)| put(*class, format!("{number:05}")));
            }
        }
        for (packed, class) in &words.short {
            let bytes = packed.to_le_bytes();
            let length = usize::from(bytes[15]);
            put(*class, String::from_utf8_lossy(&bytes[..length.min(15)]).into_owned());
        }
        words.long.iter().for_each(|(text, class)| put(*class, text.to_string()));
        texts
    }

    /// Gives a text of five digits a class of its own, where it has none and is greater than all that have one.
    pub(crate) fn add_last_zip(&mut self, number: u32) {
        let Domain::Words { zips, words, count } = self else { return };
        let class = match zips {
            Zips::Few(numbers) if numbers.last().is_none_or(|last| *last < number) => {
                numbers.push(number);
                numbers.len() as u32
            }
            Zips::Table(table) => {
                let most = table.iter().copied().max().unwrap_or(0);
                match table.get_mut(number as usize) {
                    Some(class) if *class == 0 => *class = most + 1,
                    _ => return,
                }
                most + 1
            }
            Zips::Few(_) => return,
        };
        // Other words come after the numbers.
        words.short.values_mut().chain(words.long.values_mut()).filter(|of| **of >= class).for_each(|of| *of += 1);
        *count += 1;
    }

    /// Where the values of a class stand among those of their kind, the end not included; none for texts.
    pub(crate) fn between(&self, class: u32) -> Option<(i64, i64)> {
        let Domain::Ordered { cuts, .. } = self else { return None };
        let low = class.checked_sub(1).map_or(Some(i64::MIN), |before| cuts.get(before as usize).copied())?;
        Some((low, cuts.get(class as usize).copied().unwrap_or(i64::MAX)))
    }

    /// The value of the domain's kind that stands at a place, if there is one.
    pub(crate) fn at_position(&self, at: i64) -> Option<Value> {
        let Domain::Ordered { rank, .. } = self else { return None };
        match rank {
            0 => matches!(at, 0 | 1).then(|| Value::Bool(at == 1)),
            1 => Some(Value::Int(at)),
            2 => Money::from_units(at).map(Value::Money),
            3 => {
                let (year, month, day) = (at.div_euclid(512), at.rem_euclid(512) / 32, at.rem_euclid(32));
                let date = Date::new(i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
                date.map(Value::Date)
            }
            4 => Timestamp::from_millis(at).ok().map(Value::Time),
            _ => None,
        }
    }

    /// Where a value stands among those of its kind; none for texts.
    pub(crate) fn position_of(value: &Value) -> Option<i64> {
        position(value).1
    }

    /// The classes whose values meet all operators.
    pub(crate) fn meets(&self, operators: &[Operator]) -> Runs {
        let each = operators.iter().map(|operator| self.meets_one(operator));
        each.reduce(|all, next| all.and(&next)).unwrap_or_else(|| Runs::span(0, self.count()))
    }

    fn meets_one(&self, operator: &Operator) -> Runs {
        let count = self.count();
        match operator {
            Operator::In(values) => Runs::of(self.classes_of(values)),
            Operator::Gte(bound) => Runs::span(self.at(bound, 0), count),
            Operator::Gt(bound) => Runs::span(self.at(bound, 1), count),
            Operator::Lte(bound) => Runs::span(0, self.at(bound, 1)),
            Operator::Lt(bound) => Runs::span(0, self.at(bound, 0)),
            Operator::Not(inner) => self.meets(inner).not(count),
        }
    }

    /// The class that begins at a bound, which is a cut.
    fn at(&self, bound: &Value, above: i64) -> u32 {
        match (self, position(bound)) {
            (Domain::Ordered { cuts, .. }, (_, Some(at))) => cuts.partition_point(|cut| *cut <= at + above) as u32,
            _ => 0,
        }
    }

    fn classes_of(&self, values: &Values) -> Vec<u32> {
        let mut classes = Vec::with_capacity(values.len());
        self.each_class_of(values, &mut |all| classes.extend(all));
        classes
    }

    /// Shows the classes of values, each once.
    pub(super) fn each_class_of(&self, values: &Values, see: &mut dyn FnMut(&mut dyn Iterator<Item = u32>)) {
        let mut buffer = String::new();
        let others = values.others.iter().map(|value| self.class(value, &mut buffer));
        match self {
            Domain::Words { zips, .. } => {
                let numbers = values.five_digits.iter().map(|number| zips.class(*number));
                see(&mut numbers.chain(others));
            }
            Domain::Ordered { .. } => see(&mut { others }),
        }
    }
}

impl Zips {
    fn class(&self, number: u32) -> u32 {
        match self {
            Zips::Few(numbers) => numbers.binary_search(&number).map_or(0, |place| place as u32 + 1),
            Zips::Table(table) => table.get(number as usize).copied().unwrap_or(0),
        }
    }
}

impl Words {
    fn class(&self, text: &str, buffer: &mut String) -> u32 {
        if let Some(short) = short(text) {
            return self.short.get(&short).copied().unwrap_or(0);
        }
        if self.long.is_empty() && text.is_ascii() {
            return 0;
        }
        buffer.clear();
        buffer.extend(folded(text));
        // A sign that is no ASCII may become a letter that is, as the one for kelvin does.
        match short(buffer) {
            Some(short) => self.short.get(&short).copied().unwrap_or(0),
            None => self.long.get(buffer.as_str()).copied().unwrap_or(0),
        }
    }
}

/// Each byte of a text of at most 15.
const BYTES: u128 = u128::MAX / 0xFF;

/// An ASCII text of at most 15 bytes as one number, its capitals made small, its length on top.
fn short(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    // The two halves overlap where there are fewer bytes than both hold; there they agree.
    let packed = match bytes.len() {
        0..4 => bytes.iter().rev().fold(0, |packed, byte| packed << 8 | u128::from(*byte)),
        length @ 4..8 => {
            let (first, last) = (bytes.first_chunk()?, bytes.last_chunk()?);
            u128::from(u32::from_le_bytes(*first)) | u128::from(u32::from_le_bytes(*last)) << (8 * (length - 4))
        }
        length @ 8..16 => {
            let (first, last) = (bytes.first_chunk()?, bytes.last_chunk()?);
            u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << (8 * (length - 8))
        }
        _ => return None,
    };
    if packed & (BYTES * 0x80) != 0 {
        return None;
    }
    // The top bit of a byte is set by the first sum from `A` on, and by the second from after `Z` on.
    let from_a = packed + BYTES * u128::from(0x80 - b'A');
    let after_z = packed + BYTES * u128::from(0x7F - b'Z');
    let capitals = (from_a ^ after_z) & (BYTES * 0x80);
    Some((packed | capitals >> 2) | (bytes.len() as u128) << 120)
}

const RANK_OF_TEXT: u8 = 5;

/// The kind of a value, in the order in which values of different kinds compare, and where it stands among its kind.
fn position(value: &Value) -> (u8, Option<i64>) {
    match value {
        Value::Bool(yes) => (0, Some(i64::from(*yes))),
        Value::Int(number) => (1, Some(*number)),
        Value::Money(money) => (2, Some(money.units())),
        Value::Date(date) => {
            (3, Some(i64::from(date.year()) * 512 + i64::from(date.month()) * 32 + i64::from(date.day())))
        }
        Value::Time(at) => (4, Some(at.millis())),
        Value::Text(_) => (RANK_OF_TEXT, None),
        Value::List(_) => (6, None),
        Value::Record(_) => (7, None),
    }
}

/// The order of kinds is that of [`Value`].
const _: fn(&Value, &Value) -> Ordering = Value::cmp;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::values::fold;

    proptest::proptest! {
        #[test]
        fn short_texts_are_alike_when_they_fold_alike(a in "[ -~]{0,17}", b in "\\PC{0,4}", cut in 0..17_usize) {
            let other = a.get(..cut.min(a.len())).unwrap_or_default().to_ascii_uppercase();
            for (left, right) in [(&a, &other), (&a, &b), (&other, &b)] {
                if let (Some(x), Some(y)) = (short(left), short(right)) {
                    proptest::prop_assert_eq!(x == y, fold(left) == fold(right), "{} {}", left, right);
                }
            }
            proptest::prop_assert_eq!(short(&a).is_some(), a.len() < 16);
            proptest::prop_assert_eq!(short(&a), short(&fold(&a)));
        }
    }

    #[test]
    fn a_sign_that_folds_to_a_letter_is_found_by_it() {
        let short = short("kia").map(|text| (text, 1)).into_iter().collect();
        let words = Words { short, ..Words::default() };
        assert_eq!(words.class("\u{212a}IA", &mut String::new()), 1);
        assert_eq!(words.class("\u{e9}", &mut String::new()), 0);
    }

    #[test]
    fn a_zero_byte_is_a_byte() {
        assert_ne!(short("a\0"), short("a"));
        assert_ne!(short(""), short("\0"));
    }
}
