//! Credit as people know it of themselves: a score, or a word for a range of scores.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};

/// The range of FICO and VantageScore.
const SCORES: std::ops::RangeInclusive<i64> = 300..=850;

/// The word for all scores from the number up, as forms of lead buyers draw the lines; first the other words for it.
const BANDS: [(&str, i64, &[&str]); 4] = [
    ("excellent", 720, &["great", "very good", "exceptional", "superior", "a"]),
    ("good", 680, &["above average", "b"]),
    ("fair", 620, &["average", "ok", "okay", "some problems", "c"]),
    ("poor", 300, &["bad", "below average", "very poor", "needs work", "major problems", "d"]),
];

/// A score: `720`, `Excellent (720)`. Of a range like `680-719` and of `720+` the lower end, and it is said to be one.
pub(super) fn score(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let Some(Scores { score, upper, open }) = scores(&input.text) else { return refuse(Code::CreditNotAScore) };
    let (least, most) = (options.min.unwrap_or(*SCORES.start()), options.max.unwrap_or(*SCORES.end()));
    if !SCORES.contains(&score) || !(least..=most).contains(&score) {
        let problem = Problem::new(Code::CreditScoreOutOfRange, path).with_shape(raw.shape());
        return FieldOutcome::refused(problem.with_expected(format!("{least} to {most}")));
    }
    if score.to_string() != input.text {
        input.corrections.push(Correction::new(Code::NumberStandardized, path, &*input.text, score.to_string()));
    }
    let mut outcome = input.found(Value::Int(score));
    outcome.parts.insert("band", Value::text(band_of(score)));
    if upper.is_some() || open {
        outcome.problems.push(Problem::new(Code::NumberRange, path).with_shape(raw.shape()));
    }
    if let Some(upper) = upper {
        outcome.parts.insert("upper", Value::Int(upper));
    }
    outcome
}

/// A word, also from a score: `excellent`, `good`, `fair` or `poor`.
pub(super) fn band(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let lower = input.text.to_lowercase();
    let word = lower.split(['(', '/', ':']).next().unwrap_or_default();
    let word = word.replace("credit", "").trim().trim_end_matches(['.', '-', ' ']).to_owned();
    let named = BANDS.iter().find(|(band, _, words)| *band == word || words.contains(&word.as_str()));
    let below = ["below", "under", "less than", "<"].iter().any(|start| lower.contains(start));
    let by_score = || {
        let score = scores(&lower)?.score;
        SCORES.contains(&score).then(|| band_of(score - i64::from(below)))
    };
    let Some(band) = named.map(|(band, _, _)| *band).or_else(by_score) else {
        let problem = Problem::new(Code::CreditNotABand, path).with_shape(raw.shape());
        return FieldOutcome::refused(problem.with_expected("excellent, good, fair, poor, or a score"));
    };
    if band != input.text {
        input.corrections.push(Correction::new(Code::EnumStandardized, path, &*input.text, band));
    }
    input.found(Value::text(band))
}

fn band_of(score: i64) -> &'static str {
    BANDS.iter().find(|(_, least, _)| score >= *least).map_or("poor", |(band, _, _)| band)
}

struct Scores {
    score: i64,
    /// The other end of a range.
    upper: Option<i64>,
    /// That score or more.
    open: bool,
}

/// The only number of a text, or both ends of a range. Signs and other numbers around them make it none.
fn scores(text: &str) -> Option<Scores> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    let signed = text.starts_with('-') || text.contains(['.', ',', '$', '%', '*']);
    let number = |digits: &str| digits.parse::<i64>().ok().filter(|_| !signed && digits.len() <= 4);
    match numbers.as_slice() {
        [one] => Some(Scores { score: number(one)?, upper: None, open: text.contains('+') }),
        [one, two] => {
            let (score, upper) = (number(one)?, number(two)?);
            (score < upper && SCORES.contains(&upper)).then_some(Scores { score, upper: Some(upper), open: false })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_and_words_are_read() {
        let score_of = |text: &str| score(&RawValue::text(text), "/c", &FieldOptions::default());
        for (text, number) in [
            ("720", 720),
            ("720+", 720),
            ("Excellent (720+)", 720),
            ("680-719", 680),
            ("701.0", 701),
            ("about 650", 650),
        ] {
            assert_eq!(score_of(text).value, Some(Value::Int(number)), "{text}");
        }
        for text in ["excellent", "99", "1200", "-700", "7.20", "700 or 600", "1,2,3", "650 99999", "650-900"] {
            assert!(!score_of(text).valid(), "{text}");
        }
        let ranged = score_of("680-719");
        assert_eq!(ranged.problems.first().map(|p| p.code), Some(Code::NumberRange));
        assert_eq!(ranged.parts.get("upper"), Some(&Value::Int(719)));
        let bounds = FieldOptions { min: Some(600), ..FieldOptions::default() };
        let low = score(&RawValue::text("599"), "/c", &bounds);
        assert_eq!(low.problems.first().and_then(|p| p.expected.as_deref()), Some("600 to 850"));
        let band_of = |text: &str| band(&RawValue::text(text), "/c", &FieldOptions::default());
        for (text, word) in [
            ("Excellent (720+)", "excellent"),
            ("GOOD", "good"),
            ("Fair credit", "fair"),
            ("650", "fair"),
            ("below 620", "poor"),
            ("680-719", "good"),
        ] {
            assert_eq!(band_of(text).value, Some(Value::text(word)), "{text}");
        }
        assert!(!band_of("purple").valid());
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9 .+-]*") {
            score(&RawValue::text(&text), "/c", &FieldOptions::default());
            band(&RawValue::text(&text), "/c", &FieldOptions::default());
        }
    }
}
