//! Postal addresses: text or parts → components, standard lines, a key, and what was changed.
//!
//! The reading goes from the right: country, ZIP code, state, a city that the ZIP table knows there,
//! and then the street line by its grammar. Tables and rules are those of USPS Publication 28.

mod batch;
mod boxes;
mod build;
mod calibration;
mod canada;
mod casing;
mod city;
mod components;
mod confidence;
mod country;
mod delivery;
#[cfg(feature = "study")]
#[doc(hidden)]
pub mod evidence;
#[cfg(not(feature = "study"))]
mod evidence;
mod fold;
mod hashing;
mod jsonl;
mod key;
mod label;
mod line;
mod mixed;
mod number;
mod parts;
mod place;
mod placeholder;
mod raw;
mod report;
mod settle;
mod standard;
mod street;
mod token;
mod turn;
mod unit;
mod words;
mod world;

pub use batch::canonicalize_many;
pub use casing::title_case;
pub use components::Components;
pub use confidence::{PartConfidence, REVIEW_BELOW};
pub use jsonl::{AddressLine, canonicalize_line, explain_line};
pub use label::ReadWord;
pub use parts::{AddressParts, AddressPaths, canonicalize_parts};
pub use raw::{canonicalize_json, canonicalize_raw};

use crate::model::{Code, Correction, Problem, RawValue};
use evidence::Evidence;
use label::Labels;
use place::Place;
use report::{Paths, Report};
use serde::Serialize;
use token::{Sheet, Token, number, recycled};

/// Longest text of an address that is read, in characters; a longer one is `address.too_long`.
pub const LONGEST_TEXT: usize = 1_000;

const GENERAL_DELIVERY: &str = "GENERAL DELIVERY";

/// What an address comes to.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Address"))]
pub struct CanonicalAddress {
    /// The parts, in the words that were written.
    pub components: Components,
    /// Standard lines (USPS Publication 28): upper case, abbreviated, completed and mended from the ZIP table.
    pub lines: Vec<String>,
    /// `k1-` and 32 hexadecimal digits: the same for one household however it is written.
    ///
    /// It folds case, marks, spelling of suffixes, directionals, ordinals and common abbreviations, spaces within a
    /// street's name, the designator of a unit, a floor beside a unit, ZIP+4, and the city and state where there is a
    /// ZIP code. It does not fold a directional, suffix or unit that one text has and the other lacks, nor slips of the
    /// pen in a street's name.
    ///
    /// `None` where mail could not be delivered: no house number and no box, or no ZIP code and no city with state.
    pub key: Option<String>,
    /// The same for all units of a building.
    pub building_key: Option<String>,
    /// How surely all parts are the right ones, 0 to 1000: of a thousand addresses that read like this one, about so
    /// many were read right where people had labelled them. It is no word on whether mail arrives there.
    #[cfg_attr(feature = "schema", schemars(range(max = 1000)))]
    pub confidence: u16,
    /// The same for each part.
    pub confidence_by_part: PartConfidence,
    /// Whether somebody should look at it: the confidence is below [`REVIEW_BELOW`], or what was written contradicts
    /// itself or cannot be delivered to, however surely it was read.
    pub needs_review: bool,
    /// Every change worth telling.
    pub corrections: Vec<Correction>,
    /// What is wrong or doubtful.
    pub problems: Vec<Problem>,
    /// What the confidence was made of, for the study that fits it.
    #[cfg(feature = "study")]
    #[doc(hidden)]
    #[serde(skip)]
    pub evidence: Evidence,
}

impl std::fmt::Debug for CanonicalAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CanonicalAddress")
            .field("components", &self.components)
            .field("lines", &self.lines.len())
            .field("confidence", &self.confidence)
            .field("confidence_by_part", &self.confidence_by_part)
            .field("corrections", &self.corrections)
            .field("problems", &self.problems)
            .finish()
    }
}

impl CanonicalAddress {
    /// Nothing but a problem.
    fn refused(problem: Problem) -> Self {
        Self {
            components: Components::default(),
            lines: Vec::new(),
            key: None,
            building_key: None,
            confidence: 0,
            confidence_by_part: PartConfidence::default(),
            needs_review: true,
            corrections: Vec::new(),
            problems: vec![problem],
            #[cfg(feature = "study")]
            evidence: Evidence::default(),
        }
    }
}

/// Reads an address from one text. `path` is a JSON Pointer for corrections and problems.
///
/// An address of Canada is read by the rules of Canada Post; one of another country is not read.
///
/// Problems: `address.missing` (nothing there), `address.too_long` (over [`LONGEST_TEXT`]), `address.foreign`,
/// `address.unparsed`, and those about single parts. It never fails.
///
/// ```
/// use leadwright::address::canonicalize_text;
/// let one = canonicalize_text("31 East 900 South, Salt Lake City, Utah 84111", "/address");
/// let two = canonicalize_text("31 E 900 S SLC UT 84111", "/address");
/// assert_eq!(one.lines, ["31 E 900 S", "SALT LAKE CITY UT 84111"]);
/// assert_eq!(one.key, two.key);
/// ```
pub fn canonicalize_text(text: &str, path: &str) -> CanonicalAddress {
    Canonicalizer::default().text(text, path)
}

/// Reads one address after another, and uses the same memory for the words of each.
///
/// ```
/// use leadwright::address::Canonicalizer;
/// let mut canonicalizer = Canonicalizer::default();
/// for (text, line) in [("9 Elm Street", "9 ELM ST"), ("10 elm st.", "10 ELM ST")] {
///     let address = canonicalizer.text(&format!("{text}, Kalona IA 52247"), "/address");
///     assert_eq!(address.lines, [line, "KALONA IA 52247"]);
/// }
/// ```
#[derive(Default)]
pub struct Canonicalizer {
    sheet: Sheet,
    tokens: Vec<Token<'static>>,
    room: Vec<Token<'static>>,
    labels: Labels,
    /// How many words of the last text were put behind the others.
    turned: usize,
    /// Whether all other countries are refused.
    home_only: bool,
}

impl Canonicalizer {
    /// One that refuses every address outside of the United States with `address.foreign`, as leads are read.
    ///
    /// ```
    /// use leadwright::address::Canonicalizer;
    /// let text = "24 Sussex Dr, Ottawa ON K1M 1M4";
    /// assert_eq!(Canonicalizer::default().text(text, "").lines, ["24 SUSSEX DR", "OTTAWA ON  K1M 1M4"]);
    /// let refused = Canonicalizer::of_united_states().text(text, "");
    /// assert_eq!(refused.problems[0].code.as_str(), "address.foreign");
    /// ```
    pub fn of_united_states() -> Self {
        Self { home_only: true, ..Self::default() }
    }

    /// The same as [`canonicalize_text`].
    pub fn text(&mut self, text: &str, path: &str) -> CanonicalAddress {
        let paths = Paths::One(path);
        if let Some(problem) = refusal(&[text], path) {
            return CanonicalAddress::refused(problem);
        }
        self.sheet.clear();
        self.sheet.write(text);
        let mut report = Report::new(paths);
        if let (right, Some(code)) = fold::mended(text) {
            report.correct(code, text, right);
        }
        let home_only = self.home_only;
        let (address, turned) = self.with_words(|words, room, labels| {
            let turned = turn::words_before(words);
            words.rotate_left(turned);
            number(words);
            labels.reset(words.len());
            (read(words, room, labels, report, home_only), turned)
        });
        self.turned = turned;
        address
    }

    /// The same as [`canonicalize_parts`].
    pub fn parts(&mut self, parts: &AddressParts, paths: &AddressPaths) -> CanonicalAddress {
        parts::read_parts(self, parts, paths)
    }

    /// The same as [`canonicalize_raw`].
    pub fn raw(&mut self, raw: &RawValue, path: &str) -> CanonicalAddress {
        raw::read_raw(self, raw, path)
    }

    /// The same as [`canonicalize_json`].
    pub fn json(&mut self, json: &[u8]) -> CanonicalAddress {
        raw::read_json(self, json)
    }

    /// The line that [`canonicalize_line`] answers.
    pub fn line(&mut self, line: &[u8], number: u64) -> AddressLine {
        jsonl::read_address_line(self, line, number, false)
    }

    /// The line that [`explain_line`] answers.
    pub fn explained_line(&mut self, line: &[u8], number: u64) -> AddressLine {
        jsonl::read_address_line(self, line, number, true)
    }

    /// The words of the address that was read last, and what each was taken for.
    ///
    /// ```
    /// use leadwright::address::Canonicalizer;
    /// let mut canonicalizer = Canonicalizer::default();
    /// canonicalizer.text("9 Elm St", "/address");
    /// let parts: Vec<_> = canonicalizer.words().iter().map(|word| word.part).collect();
    /// assert_eq!(parts, ["house_number", "street", "suffix"]);
    /// ```
    pub fn words(&mut self) -> Vec<ReadWord> {
        let mut words = recycled(std::mem::take(&mut self.tokens));
        self.sheet.read(&mut words);
        let turned = self.turned.min(words.len());
        words.rotate_left(turned);
        number(&mut words);
        let answer = self.labels.explain(&words);
        self.tokens = recycled(words);
        answer
    }

    /// Reads the words on the sheet, with room for some more.
    fn with_words<T>(
        &mut self,
        read: impl for<'s> FnOnce(&mut Vec<Token<'s>>, &mut Vec<Token<'s>>, &mut Labels) -> T,
    ) -> T {
        let mut words = recycled(std::mem::take(&mut self.tokens));
        let mut room = recycled(std::mem::take(&mut self.room));
        self.sheet.read(&mut words);
        let answer = read(&mut words, &mut room, &mut self.labels);
        (self.tokens, self.room) = (recycled(words), recycled(room));
        answer
    }
}

impl std::fmt::Debug for Canonicalizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Canonicalizer")
    }
}

/// Why texts are not read at all.
fn refusal(texts: &[&str], path: &str) -> Option<Problem> {
    let characters = |text: &&str| text.chars().take(LONGEST_TEXT + 1).count() + 1;
    let bytes: usize = texts.iter().map(|text| text.len() + 1).sum();
    if bytes > LONGEST_TEXT + 1 && texts.iter().map(characters).sum::<usize>() > LONGEST_TEXT + 1 {
        return Some(
            Problem::new(Code::AddressTooLong, path).with_expected(format!("at most {LONGEST_TEXT} characters")),
        );
    }
    texts.iter().all(|text| text.trim().is_empty()).then(|| Problem::new(Code::AddressMissing, path))
}

/// An address in one run of words.
fn read<'s>(
    words: &[Token<'s>],
    room: &mut Vec<Token<'s>>,
    labels: &mut Labels,
    mut report: Report<'_>,
    home_only: bool,
) -> CanonicalAddress {
    if !home_only && canada::is_canadian(words) {
        return canada::read(words, room, labels, report);
    }
    if country::is_foreign(words) {
        return CanonicalAddress::refused(report.only(Code::AddressForeign));
    }
    let (place, before) = place::find_place(words, labels, &mut report);
    delivery::label_delivery(before, words, room, &place, labels);
    let components = build::components(words, labels, &mut report);
    assemble(components, before, &place, report)
}

/// Components, lines, keys and confidence from what was read; `before` is what stands before the place.
fn assemble(
    mut components: Components,
    before: &[Token<'_>],
    place: &Place<'_>,
    mut report: Report<'_>,
) -> CanonicalAddress {
    components.city = place.city.as_deref().map(str::to_owned);
    components.state = place.state.map(str::to_owned);
    components.zip = place.written_zip().map(str::to_owned);
    components.zip4 = place.zip.and_then(|zip| zip.four).map(str::to_owned);
    let placeholder = placeholder::is_placeholder(before, &components, place);
    if components == Components::default() {
        let code = if placeholder { Code::AddressPlaceholder } else { Code::AddressUnparsed };
        return CanonicalAddress::refused(report.only(code));
    }
    if placeholder {
        report.problem(Code::AddressPlaceholder);
    }
    let boxed = components.street.is_none();
    let last = settle::settle(place, boxed, &mut report);
    if !placeholder {
        note_missing_street(&components, &mut report);
    }
    let street = components.street.as_deref().unwrap_or_default();
    let name = standard::standard_name(street);
    let lines = standard::lines(&components, &name, &last);
    let keys = if placeholder { None } else { key::keys(&components, &name, &last) };
    let (key, building_key) = keys.unzip();
    report.correct(Code::AddressRouteStandardized, street, name);
    let evidence = Evidence::of(&components, place, &last, &report);
    let (confidence, confidence_by_part) = confidence::confidence(evidence);
    let needs_review = confidence < REVIEW_BELOW || confidence::contradicts_itself(&report.problems);
    let Report { corrections, problems, .. } = report;
    CanonicalAddress {
        components,
        lines,
        key,
        building_key,
        confidence,
        confidence_by_part,
        needs_review,
        corrections,
        problems,
        #[cfg(feature = "study")]
        evidence,
    }
}

fn note_missing_street(components: &Components, report: &mut Report<'_>) {
    let boxed = components.po_box.is_some() || components.route_id.is_some();
    match (&components.street, &components.house_number) {
        (None, _) if !boxed => report.problem(Code::AddressNoStreet),
        (Some(street), None) if !boxed && street != GENERAL_DELIVERY => report.problem(Code::AddressNoHouseNumber),
        _ => {}
    }
}
