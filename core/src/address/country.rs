//! The country at the end of an address: the United States are taken off, another one is foreign.

use super::label::{Label, Labels};
use super::report::Report;
use super::token::{Gap, Sheet, Token, joined};
use crate::model::Code;

const HOME: &[&str] = &["UNITED STATES OF AMERICA", "UNITED STATES", "USA", "US", "U S A", "U S"];

// Names of countries that are also cities of the United States (Mexico MO, Peru IN, Lebanon PA …) count only
// after a comma or line break; so do all others, to be safe.
const OTHERS: &[&str] = &[
    "ARGENTINA",
    "AUSTRALIA",
    "AUSTRIA",
    "BELGIUM",
    "BRASIL",
    "BRAZIL",
    "CANADA",
    "CHILE",
    "CHINA",
    "COLOMBIA",
    "CUBA",
    "DENMARK",
    "DEUTSCHLAND",
    "DOMINICAN REPUBLIC",
    "ECUADOR",
    "EGYPT",
    "ENGLAND",
    "ESPANA",
    "FINLAND",
    "FRANCE",
    "GERMANY",
    "GREECE",
    "GUATEMALA",
    "HAITI",
    "HONDURAS",
    "HONG KONG",
    "INDIA",
    "INDONESIA",
    "IRELAND",
    "ISRAEL",
    "ITALIA",
    "ITALY",
    "JAMAICA",
    "JAPAN",
    "KENYA",
    "KOREA",
    "MALAYSIA",
    "MEXICO",
    "NETHERLANDS",
    "NEW ZEALAND",
    "NIGERIA",
    "NORWAY",
    "PAKISTAN",
    "PERU",
    "PHILIPPINES",
    "POLAND",
    "POLSKA",
    "PORTUGAL",
    "RUSSIA",
    "SCOTLAND",
    "SINGAPORE",
    "SOUTH AFRICA",
    "SOUTH KOREA",
    "SPAIN",
    "SWEDEN",
    "SWITZERLAND",
    "TAIWAN",
    "THAILAND",
    "TURKEY",
    "UK",
    "UKRAINE",
    "UNITED KINGDOM",
    "VENEZUELA",
    "VIETNAM",
    "WALES",
];

const PROVINCES: &[&str] = &["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"];

/// The words without `USA` at their end, also where it is said twice.
pub(super) fn without_home_country<'t, 's>(
    tokens: &'t [Token<'s>],
    labels: &mut Labels,
    report: &mut Report<'_>,
) -> &'t [Token<'s>] {
    let once = without_one(tokens, labels, report);
    if once.len() < tokens.len() { without_one(once, labels, report) } else { once }
}

fn without_one<'t, 's>(tokens: &'t [Token<'s>], labels: &mut Labels, report: &mut Report<'_>) -> &'t [Token<'s>] {
    let may_end = |last: &Token<'_>| last.is_one_of(&["A", "AMERICA", "S", "STATES", "US", "USA"]);
    if !tokens.last().is_some_and(may_end) {
        return tokens;
    }
    for count in (1..=4.min(tokens.len())).rev() {
        let Some((before, words)) = tokens.split_at_checked(tokens.len() - count) else { continue };
        let written = joined(words);
        if is_home_country(&written) && before.last().is_some_and(may_come_before_country) {
            labels.mark(words, Label::Country);
            report.correct(Code::AddressCountryRemoved, written, "");
            return before;
        }
    }
    tokens
}

/// `US` at the end of a street alone (`OLD US`) is no country: a ZIP code, a state or a break comes before one.
fn may_come_before_country(word: &Token<'_>) -> bool {
    word.gap != Gap::None || word.has_digit() || word.state().is_some() || word.text.len() > 2
}

/// Whether the words end in another country, or in a postal code of Canada or the United Kingdom.
pub(super) fn is_foreign(tokens: &[Token<'_>]) -> bool {
    let ends_in_country = (1..=2.min(tokens.len())).any(|count| {
        let Some((before, words)) = tokens.split_at_checked(tokens.len() - count) else { return false };
        before.last().is_some_and(|word| word.gap != Gap::None)
            && words.iter().all(Token::is_letters)
            && is_other_country(&joined(words))
    });
    ends_in_country || ends_in_foreign_code(tokens) || ends_in_province(tokens)
}

/// A country's name in the letters and single spaces that names are compared in.
pub(super) fn folded_name(name: &str) -> String {
    let (mut sheet, mut words) = (Sheet::default(), Vec::new());
    sheet.write(name);
    sheet.read(&mut words);
    joined(&words).into_owned()
}

/// Whether a whole text names another country.
pub(super) fn is_other_country(name: &str) -> bool {
    OTHERS.contains(&name)
}

/// Whether a whole text names a place that has ZIP codes and is sent mail as a state is, though it is listed as a
/// country.
pub(super) fn is_home_mail(name: &str) -> bool {
    const MAIL: &[&str] = &[
        "AMERICA",
        "AMERICAN SAMOA",
        "AS",
        "ASM",
        "FM",
        "FSM",
        "GU",
        "GUAM",
        "GUM",
        "MARSHALL ISLANDS",
        "MH",
        "MHL",
        "MICRONESIA",
        "MNP",
        "MP",
        "NORTHERN MARIANA ISLANDS",
        "PALAU",
        "PLW",
        "PR",
        "PRI",
        "PUERTO RICO",
        "PW",
        "UM",
        "UMI",
        "US VIRGIN ISLANDS",
        "U S VIRGIN ISLANDS",
        "VI",
        "VIR",
        "VIRGIN ISLANDS",
    ];
    MAIL.contains(&name)
}

/// Whether a whole text names the United States.
pub(super) fn is_home_country(name: &str) -> bool {
    HOME.contains(&name)
}

fn ends_in_foreign_code(tokens: &[Token<'_>]) -> bool {
    let word = |back: usize| tokens.len().checked_sub(back + 1).and_then(|at| tokens.get(at)).map_or("", |t| t.text);
    let is = |back: usize, shape: &str| has_shape(word(back), shape);
    let province = |back: usize| {
        tokens.len().checked_sub(back + 1).and_then(|at| tokens.get(at)).is_some_and(|t| PROVINCES.contains(&t.text))
    };
    let canadian = is(0, "9A9") && is(1, "A9A") || is(0, "A9A9A9") && province(1);
    let british = is(0, "9AA") && ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].iter().any(|shape| is(1, shape));
    canadian || british
}

/// `123 MAIN ST, TORONTO, ON`.
fn ends_in_province(tokens: &[Token<'_>]) -> bool {
    let Some((last, before)) = tokens.split_last() else { return false };
    let breaks = before.iter().filter(|word| word.gap != Gap::None).count();
    breaks >= 2 && before.last().is_some_and(|word| word.gap != Gap::None) && PROVINCES.contains(&last.text)
}

/// Whether a word has digits where `shape` has `9`, and only there.
fn has_shape(word: &str, shape: &str) -> bool {
    word.chars().map(|c| if c.is_ascii_digit() { '9' } else { 'A' }).eq(shape.chars())
}
