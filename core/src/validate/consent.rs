//! What a consent must have for a lead to be sold: evidence, its age, whom it names, and which text was agreed to.

use super::lead::Draft;
use super::moment::{Moment, Now};
use super::options::ValidateOptions;
use crate::model::{Action, Code, Date, Problem, Timestamp, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A piece of evidence that somebody agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// What they agreed to, word for word.
    Text,
    /// Which version of it.
    Version,
    /// When.
    At,
    /// From which IP address.
    Ip,
    /// The certificate of TrustedForm.
    Trustedform,
    /// The token of Jornaya.
    Jornaya,
    /// One of the two.
    Certificate,
    /// Who may call them.
    Sellers,
}

impl Evidence {
    /// All words of a plan.
    pub const ALL: [(&'static str, Evidence); 8] = [
        ("at", Evidence::At),
        ("certificate", Evidence::Certificate),
        ("ip", Evidence::Ip),
        ("jornaya", Evidence::Jornaya),
        ("sellers", Evidence::Sellers),
        ("text", Evidence::Text),
        ("trustedform", Evidence::Trustedform),
        ("version", Evidence::Version),
    ];

    /// By its word in a plan.
    ///
    /// ```
    /// use leadwright::validate::Evidence;
    /// assert_eq!(Evidence::named("trustedform"), Some(Evidence::Trustedform));
    /// ```
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, evidence)| *evidence)
    }

    /// The fields of a lead that it can stand in.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Evidence::Text => &["consent.text"],
            Evidence::Version => &["consent.version"],
            Evidence::At => &["consent.at"],
            // A form sends one address, that of whoever filled it in.
            Evidence::Ip => &["consent.ip", "ip"],
            Evidence::Trustedform => &["consent.trustedform"],
            Evidence::Jornaya => &["consent.jornaya"],
            Evidence::Certificate => &["consent.trustedform", "consent.jornaya"],
            Evidence::Sellers => &["consent.sellers"],
        }
    }
}

/// What a consent must have. Nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentTerms {
    /// Whether it must have been given in so many words: `consent` is true.
    pub given: bool,
    /// The evidence that must be there, in order.
    pub has: Vec<Evidence>,
    /// How old it may be, in milliseconds.
    pub max_age: Option<i64>,
    /// How old its certificate may be (`consent.certified_at`), in milliseconds.
    pub certificate_max_age: Option<i64>,
    /// One of these must be named among those who may call.
    pub sellers: Vec<String>,
    /// The text must be one of these: by version, or by `sha256:` and 64 hex digits over its UTF-8.
    pub texts: Vec<String>,
}

/// The values of a canonical lead by the names of its fields.
type Lead<'l, 'v> = &'l dyn Fn(&str) -> Option<&'v Value>;

/// The first thing that a consent lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentLack {
    /// As a problem of the lead.
    pub code: Code,
    /// Which term: `has.text`, `max_age` …
    pub check: String,
    /// The field that it is about.
    pub field: &'static str,
    /// What was expected.
    pub expected: String,
}

/// When a consent is judged: a moment, or only the day.
#[derive(Clone, Copy, Debug)]
pub struct ConsentNow(Option<Now>);

impl ConsentNow {
    /// At a moment.
    pub fn at(now: Timestamp) -> Self {
        Self(Some(Now::at(now)))
    }

    fn of(options: &ValidateOptions) -> Self {
        Self(Now::of(options))
    }
}

impl From<Date> for ConsentNow {
    fn from(day: Date) -> Self {
        Self(Some(Now::on(day)))
    }
}

impl ConsentTerms {
    /// The first term that a canonical lead does not meet.
    ///
    /// ```
    /// use leadwright::model::{Timestamp, Value};
    /// use leadwright::validate::{ConsentNow, ConsentTerms, Evidence};
    /// let terms = ConsentTerms { has: vec![Evidence::Certificate], sellers: vec!["Acme Roofing".into()], ..ConsentTerms::default() };
    /// let mut lead = std::collections::BTreeMap::new();
    /// let now = ConsentNow::at("2026-11-24T15:30:00Z".parse::<Timestamp>()?);
    /// assert_eq!(terms.lacks(&lead, now).map(|lack| lack.check).as_deref(), Some("has.certificate"));
    /// lead.insert("consent.jornaya".to_owned(), Value::text("FFEA9CB6-1A2D-9DA3-0188-96A93D26875C"));
    /// lead.insert("consent.sellers".to_owned(), Value::List(vec![Value::text("ACME Roofing, LLC")]));
    /// assert_eq!(terms.lacks(&lead, now), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lacks(&self, lead: &BTreeMap<String, Value>, now: ConsentNow) -> Option<ConsentLack> {
        self.lacks_of(&|field| lead.get(field), now)
    }

    fn lacks_of(&self, lead: Lead<'_, '_>, now: ConsentNow) -> Option<ConsentLack> {
        self.not_given(lead)
            .or_else(|| self.without_evidence(lead))
            .or_else(|| too_old(lead, now, self.max_age, "max_age", "consent.at", Code::ConsentTooOld))
            .or_else(|| {
                let (most, field) = (self.certificate_max_age, "consent.certified_at");
                too_old(lead, now, most, "certificate_max_age", field, Code::ConsentCertificateOld)
            })
            .or_else(|| self.names_nobody(lead))
            .or_else(|| self.another_text(lead))
    }

    fn not_given(&self, lead: Lead<'_, '_>) -> Option<ConsentLack> {
        let given = lead("consent") == Some(&Value::Bool(true));
        (self.given && !given).then(|| lack(Code::ConsentMissing, "given", "consent", "consent that was given"))
    }

    fn without_evidence(&self, lead: Lead<'_, '_>) -> Option<ConsentLack> {
        let absent = |evidence: &&Evidence| !evidence.fields().iter().any(|field| lead(field).is_some());
        let evidence = *self.has.iter().find(absent)?;
        let (word, _) = Evidence::ALL.iter().find(|(_, known)| *known == evidence)?;
        let fields = evidence.fields();
        let expected = fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" or ");
        Some(lack(Code::ConsentMissing, format!("has.{word}"), fields.first()?, expected))
    }

    fn names_nobody(&self, lead: Lead<'_, '_>) -> Option<ConsentLack> {
        if self.sellers.is_empty() {
            return None;
        }
        let named: Vec<String> = match lead("consent.sellers") {
            Some(Value::List(items)) => items.iter().filter_map(Value::as_text).map(words).collect(),
            Some(Value::Text(text)) => vec![words(text)],
            _ => Vec::new(),
        };
        let is_named = |seller: &String| named.iter().any(|named| named.contains(&words(seller)));
        let expected = format!("one of {}", self.sellers.join(", "));
        let lack = || lack(Code::ConsentSellerNotNamed, "sellers", "consent.sellers", expected);
        (!self.sellers.iter().any(is_named)).then(lack)
    }

    fn another_text(&self, lead: Lead<'_, '_>) -> Option<ConsentLack> {
        if self.texts.is_empty() {
            return None;
        }
        let text = |field: &str| lead(field).and_then(Value::as_text);
        let version = text("consent.version").is_some_and(|version| self.texts.iter().any(|known| known == version));
        let is_known = version || text("consent.text").is_some_and(|text| self.texts.contains(&hash_of(text)));
        let expected = "a text that the plan knows, by its version or its hash";
        (!is_known).then(|| lack(Code::ConsentUnknownText, "texts", "consent.text", expected))
    }
}

/// What a plan names a text by that has no version: `sha256:` and 64 hex digits.
fn hash_of(text: &str) -> String {
    let hex: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// A name by its words, so that signs and capitals make no difference and no name is found within a word.
fn words(text: &str) -> String {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.fold(" ".to_owned(), |words, part| words + &part.to_lowercase() + " ")
}

fn lack(code: Code, check: impl Into<String>, field: &'static str, expected: impl Into<String>) -> ConsentLack {
    ConsentLack { code, check: check.into(), field, expected: expected.into() }
}

/// Without the time nobody knows how old it is.
fn too_old(
    lead: Lead<'_, '_>,
    now: ConsentNow,
    most: Option<i64>,
    check: &str,
    field: &'static str,
    code: Code,
) -> Option<ConsentLack> {
    let most = most?;
    let Some(moment) = lead(field).and_then(Moment::of) else {
        return Some(lack(Code::ConsentMissing, check, field, format!("`{field}`")));
    };
    let days = most / 86_400_000;
    let expected =
        if days > 0 { format!("at most {days} days old") } else { format!("at most {} h old", most / 3_600_000) };
    now.0.is_some_and(|now| now.is_older(moment, most)).then(|| lack(code, check, field, expected))
}

/// What the consent of a lead lacks of the terms it was given, each term set by itself.
pub(super) fn look(options: &ValidateOptions, draft: &mut Draft<'_>) {
    let now = ConsentNow::of(options);
    for terms in &options.consent {
        let Some(lack) = terms.lacks_of(&|field| draft.canonical.get(field), now) else { continue };
        let path = draft.came(lack.field).map_or_else(|| format!("/{}", lack.field), |came| came.path.to_owned());
        let again = |problem: &Problem| problem.code == lack.code && problem.path == path;
        if !draft.problems.iter().any(again) {
            let problem = Problem::new(lack.code, path).with_expected(lack.expected);
            draft.problems.push(problem.with_action(Action::Rejected));
        }
    }
}
