//! The grammar of amounts: digits, separators, signs, words and ranges.

use crate::model::{Code, Money};
use unicode_normalization::UnicodeNormalization;

/// What a text says, in 1/10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    /// The number, or the lower end of a range.
    pub(super) low: i64,
    /// The upper end of a range.
    pub(super) high: Option<i64>,
    /// A range without an upper end: `720+`.
    pub(super) open: bool,
}

/// Words for a grade that stand beside the numbers of its band.
const GRADES: [&str; 9] = ["excellent", "exceptional", "very good", "good", "great", "fair", "average", "poor", "bad"];

/// Reads an amount. Currency signs and words aside; `k` and `m` multiply; of a range both ends are kept.
pub(super) fn amount(text: &str) -> Result<Amount, Code> {
    if let Some(low) = plain_digits(text) {
        return Ok(Amount { low, high: None, open: false });
    }
    let text: String = text.nfkc().flat_map(char::to_lowercase).map(plain_mark).collect();
    let text = without_label(text.trim());
    let Some((low, high)) = range(text) else {
        let single = Single::read(text)?;
        return Ok(Amount { low: single.units(single.times.unwrap_or(1))?, high: None, open: single.open });
    };
    let (low, high) = (Single::read(low)?, Single::read(high)?);
    let zeros =
        |single: &Single| single.plain.len() > 1 && single.plain.starts_with('0') && !single.plain.starts_with("0.");
    if low.negative || high.negative || low.open || zeros(&low) || zeros(&high) {
        return Err(Code::NumberNotANumber);
    }
    let top = high.units(high.times.unwrap_or(1))?;
    // In `100-150k` both ends are thousands.
    let times = low.times.or(high.times.filter(|_| low.units(1) < high.units(1))).unwrap_or(1);
    let bottom = low.units(times)?;
    match bottom <= top {
        true => Ok(Amount { low: bottom, high: Some(top), open: high.open }),
        false => Err(Code::NumberRangeReversed),
    }
}

/// Digits and nothing else, few enough to be no question.
fn plain_digits(text: &str) -> Option<i64> {
    let plain = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    Some(text.parse::<i64>().ok().filter(|_| plain)? * Money::SCALE)
}

/// One of the many dashes and primes as the plain one.
fn plain_mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        c => c,
    }
}

/// `Excellent (720+)`, `720+ (excellent)` and `good: 680-719` are what the numbers say.
fn without_label(text: &str) -> &str {
    let worded = |text: &str| text.chars().all(|c| c.is_alphabetic() || " -/:".contains(c));
    let parts = text.strip_suffix(')').and_then(|text| text.split_once('(')).map(|(a, b)| (a.trim(), b.trim()));
    match parts {
        Some((label, inner)) if !label.is_empty() && worded(label) && !inner.contains('(') => return inner,
        Some((number, label)) if !number.is_empty() && !label.is_empty() && worded(label) => return number,
        _ => {}
    }
    let edges = |rest: &str| rest.starts_with([' ', ':', '-']) && rest.bytes().any(|b| b.is_ascii_digit());
    let before = GRADES.iter().find_map(|grade| text.strip_prefix(grade).filter(|rest| edges(rest)));
    let after = GRADES.iter().find_map(|grade| text.strip_suffix(grade).filter(|rest| rest.ends_with([' ', ':'])));
    let rest = before.map(|rest| rest.trim_start_matches([' ', ':', '-']));
    rest.or(after.map(|rest| rest.trim_end_matches([' ', ':']))).unwrap_or(text)
}

/// The two ends of a range, of which there is one only.
fn range(text: &str) -> Option<(&str, &str)> {
    let digits = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let both = |(low, high): (&'_ str, &'_ str)| digits(low) && digits(high);
    if let Some(rest) = text.strip_prefix("between ") {
        return rest.split_once(" and ").filter(|ends| both(*ends));
    }
    let text = text.strip_prefix("from ").unwrap_or(text);
    let worded = [" to ", " through ", " thru "].iter().find_map(|word| text.split_once(word));
    worded.or_else(|| text.split_once('-')).filter(|ends| both(*ends))
}

/// One number with what stands around it.
struct Single {
    negative: bool,
    /// Digits with at most one point.
    plain: String,
    times: Option<i64>,
    open: bool,
}

impl Single {
    fn read(text: &str) -> Result<Self, Code> {
        let text = text.trim();
        let (bracketed, text) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            Some(inner) => (true, inner),
            None => (false, text),
        };
        let (before, text) = signed(text);
        let (text, open) = without_words(text);
        let (after, text) = if before.is_none() { signed(text) } else { (None, text) };
        let (text, times) = multiplier(text.trim());
        let plain = plain_decimal(text.trim()).ok_or(Code::NumberNotANumber)?;
        let minus = before.or(after).unwrap_or(false);
        match bracketed && minus {
            true => Err(Code::NumberNotANumber),
            false => Ok(Self { negative: bracketed || minus, plain, times, open }),
        }
    }

    fn units(&self, times: i64) -> Result<i64, Code> {
        let (whole, part) = self.plain.split_once('.').unwrap_or((&self.plain, ""));
        let units = to_units(whole, part, times)?;
        Ok(if self.negative { -units } else { units })
    }
}

/// Whether a sign stands first, and which; and the rest.
fn signed(text: &str) -> (Option<bool>, &str) {
    match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(rest), _) => (Some(true), rest),
        (_, Some(rest)) => (Some(false), rest),
        _ => (None, text),
    }
}

/// Without `$`, `usd`, `dollars`, `approx` and the like; and whether the number is only where a range begins.
fn without_words(text: &str) -> (&str, bool) {
    const BEFORE: [&str; 14] = [
        "approximately",
        "approx.",
        "approx",
        "about",
        "around",
        "roughly",
        "us$",
        "usd",
        "$",
        "€",
        "£",
        "~",
        "≈",
        "ca.",
    ];
    const LEAST: [&str; 6] = ["more than", "at least", "over", "above", "≥", ">"];
    const AFTER: [&str; 22] = [
        "us dollars",
        "dollars",
        "dollar",
        "bucks",
        "usd",
        "eur",
        "euros",
        "us$",
        "$",
        "€",
        "£",
        "per month",
        "a month",
        "monthly",
        "/month",
        "/mo.",
        "/mo",
        "per year",
        "a year",
        "/year",
        "/yr.",
        "/yr",
    ];
    const MORE: [&str; 5] = ["or more", "and above", "and up", "or above", "+"];
    let (mut text, mut open) = (text.trim(), false);
    loop {
        let plain = BEFORE.iter().find_map(|word| text.strip_prefix(word));
        let plain = plain.or_else(|| AFTER.iter().find_map(|word| text.strip_suffix(word)));
        let least = || LEAST.iter().find_map(|word| text.strip_prefix(word));
        let least = || least().or_else(|| MORE.iter().find_map(|word| text.strip_suffix(word)));
        match plain.map(|rest| (rest, false)).or_else(|| least().map(|rest| (rest, true))) {
            Some((rest, begins)) => {
                text = rest.trim();
                open |= begins;
            }
            None => return (text, open),
        }
    }
}

fn multiplier(text: &str) -> (&str, Option<i64>) {
    let words = [
        ("thousand", 1_000),
        ("million", 1_000_000),
        ("mil", 1_000_000),
        ("mm", 1_000_000),
        ("k", 1_000),
        ("m", 1_000_000),
    ];
    let found = words.iter().find_map(|(word, times)| Some((text.strip_suffix(word)?, Some(*times))));
    found.unwrap_or((text, None))
}

/// Digits with at most one point. A separator that stands before exactly three digits, or more than once, groups; the
/// last of two kinds is the decimal point, so `890.000,00` and `890,000.00` are the same.
fn plain_decimal(text: &str) -> Option<String> {
    let shaped = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' ' | b'\''));
    if !shaped
        || !text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !text.ends_with(|c: char| c.is_ascii_digit() || c == '.')
    {
        return None;
    }
    let last = text.rfind(['.', ',']);
    let point = last.filter(|at| {
        let (before, after) = text.split_at(*at);
        let kind = if after.starts_with('.') { '.' } else { ',' };
        // A group of thousands does not begin with a zero: `0,125` is an eighth.
        let groups = before.contains(kind) || kind == ',' && after.len() == 4 && before != "0";
        !groups
    });
    let (whole, part) = point.map_or((text, ""), |at| (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or("")));
    let whole = ungrouped(whole)?;
    let is_one = !(whole.is_empty() && part.is_empty()) && part.bytes().all(|b| b.is_ascii_digit());
    is_one.then(|| format!("{whole}.{part}"))
}

/// The digits of `1,234,567`; `12,34` and `1 2` are no groups.
fn ungrouped(text: &str) -> Option<String> {
    let mut groups = text.split([',', '.', ' ', '\'']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let right = rest.is_empty() || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    right.then(|| first.to_owned() + &rest.concat())
}

fn to_units(whole: &str, part: &str, times: i64) -> Result<i64, Code> {
    let part = part.trim_end_matches('0');
    if part.len() > 9 {
        return Err(Code::NumberTooPrecise);
    }
    let digits = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i128>().ok() };
    let whole = digits(whole).ok_or(Code::NumberTooLarge)?;
    let scale = 10_i128.pow(u32::try_from(part.len()).unwrap_or(9));
    let exact = whole.checked_mul(scale).and_then(|w| w.checked_add(digits(part)?)).ok_or(Code::NumberTooLarge)?;
    let exact = exact.checked_mul(i128::from(times * Money::SCALE)).ok_or(Code::NumberTooLarge)?;
    if exact % scale != 0 {
        return Err(Code::NumberTooPrecise);
    }
    let limit = i128::from(Money::MAX.units());
    i64::try_from(exact / scale).ok().filter(|units| i128::from(*units) <= limit).ok_or(Code::NumberTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_people_write_an_amount() {
        for (text, units) in [
            ("12", 120_000),
            ("1,234.50", 12_345_000),
            ("890.000,00", 8_900_000_000),
            ("$ 1,234", 12_340_000),
            ("USD 365000", 3_650_000_000),
            ("250k", 2_500_000_000),
            ("1.5m", 15_000_000_000),
            ("12,50", 125_000),
            ("(5)", -50_000),
            ("$-5", -50_000),
            ("-.5", -5_000),
            ("1'000", 10_000_000),
            ("85K a year", 850_000_000),
        ] {
            assert_eq!(amount(text), Ok(Amount { low: units, high: None, open: false }), "{text}");
        }
        for text in [
            "",
            "abc",
            "1,23,4",
            "12 34",
            "1e3",
            "0x10",
            "NaN",
            "--1",
            "$",
            "call me (5)x",
            "1-2-3",
            "555-0143",
            "under 5",
        ] {
            assert_eq!(amount(text), Err(Code::NumberNotANumber), "{text}");
        }
        assert_eq!(amount("99999999999999999999"), Err(Code::NumberTooLarge));
        assert_eq!(amount("0.00001"), Err(Code::NumberTooPrecise));
        assert_eq!(amount("5-2"), Err(Code::NumberRangeReversed));
    }

    #[test]
    fn a_range_has_two_ends_or_one() {
        let both = |low: i64, high: i64| Amount { low: low * 10_000, high: Some(high * 10_000), open: false };
        for (text, range) in [
            ("$150-200", both(150, 200)),
            ("$150 – $200", both(150, 200)),
            ("100-150k", both(100_000, 150_000)),
            ("$900 to $1,200", both(900, 1_200)),
            ("between 5 and 7", both(5, 7)),
            ("Good (670-739)", both(670, 739)),
            ("fair: 580-669", both(580, 669)),
        ] {
            assert_eq!(amount(text), Ok(range), "{text}");
        }
        for text in ["740+", "Very good (740+)", "740 or more", "over 740", "740+ (very good)"] {
            assert_eq!(amount(text), Ok(Amount { low: 7_400_000, high: None, open: true }), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_money_shows_reads_back(units in 0_i64..(1 << 53)) {
            let shown = Money::from_units(units).unwrap().to_string();
            proptest::prop_assert_eq!(amount(&shown).map(|amount| amount.low), Ok(units));
        }

        #[test]
        fn no_text_panics(text in "\\PC*|[0-9.,$km ()+-]*") {
            let _ = amount(&text);
        }
    }
}
