//! A plan from what an older app did: pairs of a lead and what became of it go in, and a plan comes out whose criteria are
//! those that the pairs need, with what each rests on.
//!
//! How it is found, vertical by vertical:
//! - Leads become columns of whole numbers (`table`), read by the fields that the plan will declare (`fields`).
//! - When a contract was full is seen or inferred (`caps`): what went elsewhere then says nothing.
//! - The leads that a contract got have a narrowest conjunction (`hull`). A lead inside of it that somebody else got says
//!   that the other is asked first, which gives the order (`route`), and who takes turns (`turns`).
//! - Against all that come later, the fewest conditions of the hull are kept that tell them apart (`cover`), in several
//!   ways where one is not enough (`region`), and each at the roundest number that does it (`bound`).
//! - The plan is written (`write`), and decides every pair with the engine (`agree`).
//!
//! Everything is counted in whole numbers and looked at in order: the same pairs give the same bytes.

mod agree;
mod bound;
mod caps;
mod cover;
mod criteria;
mod fields;
mod hull;
mod pair;
mod region;
mod route;
mod rows;
mod summary;
mod table;
mod turns;
mod words;
mod write;

use crate::limits::Zone;
use crate::model::{Code, Currency, Error, RawMap, read_raw};
use crate::plan::{MemoryResolver, Plan};
use crate::schema::Schema;
use fields::Fields;
use pair::Recorded;
use route::Route;
use std::collections::BTreeMap;
pub use summary::{Agreement, ContractLearned, Summary, Unexplained};
use table::Table;
use write::{Vertical, Writer};

/// So many lines that are no pair are told of.
const MOST_REFUSED: usize = 20;
/// So many leads say what the columns hold.
const PROFILED: usize = 20_000;

/// What a learner is told.
#[derive(Clone, Debug)]
pub struct LearnOptions {
    /// The entry of the catalogue that verticals extend; without one, fields are told by their values alone.
    pub schema: Option<String>,
    /// The clock that the legacy's days and hours are read from.
    pub timezone: String,
    /// What prices are in.
    pub currency: String,
}

impl Default for LearnOptions {
    fn default() -> Self {
        Self { schema: None, timezone: "UTC".to_owned(), currency: "USD".to_owned() }
    }
}

/// Learns a plan from pairs of a lead and what became of it.
///
/// ```
/// use leadwright::learn::{LearnOptions, Learner};
/// let mut learner = Learner::new(LearnOptions::default())?;
/// for score in 500..800 {
///     let outcome = if score >= 620 { r#""sold","buyer":"acme","price":"40.00""# } else { r#""refused""# };
///     let minute = score % 60;
///     learner.add(format!(
///         r#"{{"lead":{{"credit_score":{score}}},"at":"2026-11-24T15:{minute:02}:00Z","outcome":{outcome}}}"#
///     ).as_bytes());
/// }
/// let learned = learner.learn()?;
/// assert!(learned.files["buyers/acme.jsonc"].contains(r#""credit_score": { "gte": 620 }"#));
/// assert_eq!(learned.summary.kept_back.basis_points(), 10_000);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
pub struct Learner {
    options: LearnOptions,
    zone: Zone,
    recorded: Recorded,
}

impl std::fmt::Debug for Learner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Learner").field("options", &self.options).field("pairs", &self.recorded.pairs.len()).finish()
    }
}

/// A plan, and how good it is.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The files of the plan by name; `plan.jsonc` includes the others.
    pub files: BTreeMap<String, String>,
    /// What came of it.
    pub summary: Summary,
    /// Leads that it decides in another way than the legacy did, each kind with an example, the most frequent first.
    pub unexplained: Vec<Unexplained>,
}

impl Learner {
    /// Knows no pair yet.
    ///
    /// # Errors
    /// `input.bad_option` for an unknown entry of the catalogue, time zone or currency.
    pub fn new(options: LearnOptions) -> Result<Self, Error> {
        let bad = |what: String| Error::new(Code::InputBadOption, what);
        if let Some(name) = options.schema.as_deref().filter(|name| Schema::named(name).is_none()) {
            return Err(bad(format!("there is no schema `{name}` in the catalogue")));
        }
        let zone = options.timezone.parse().map_err(|error| bad(format!("`{}`: {error}", options.timezone)))?;
        options.currency.parse::<Currency>().map_err(|error| bad(format!("`{}`: {error}", options.currency)))?;
        Ok(Self { options, zone, recorded: Recorded::default() })
    }

    /// Adds a pair: one JSON object,
    /// `{"lead": {…}, "at": "…Z", "outcome": "sold", "contract": "acme-tx", "buyer": "acme", "price": "40.00",
    /// "caps": {"acme-tx": {"day": {"used": 12, "limit": 25}}}}`. A line that is none is counted and told in the summary.
    pub fn add(&mut self, line: &[u8]) {
        self.recorded.add(line);
    }

    /// Learns from what was added.
    ///
    /// # Errors
    /// `input.bad_option` without a single pair; a mistake of ours where the plan that was learned is no plan.
    pub fn learn(self) -> Result<Learned, Error> {
        let recorded = self.recorded;
        if recorded.pairs.is_empty() {
            return Err(Error::new(Code::InputBadOption, "there is no pair to learn from"));
        }
        let mut verticals: Vec<Vertical> = Vec::new();
        for (place, name) in recorded.verticals.iter().enumerate() {
            let of_vertical = || recorded.pairs.iter().filter(|pair| pair.vertical == place);
            let step = of_vertical().count().div_ceil(PROFILED).max(1);
            let leads: Vec<RawMap> =
                of_vertical().step_by(step).filter_map(|pair| Some(read_raw(&pair.lead).ok()?.map)).collect();
            let fields = Fields::of(name, self.options.schema.as_deref(), leads.iter());
            drop(leads);
            let table = Table::of(&recorded, place, &fields, &self.zone);
            let route = Route::of(&table, &recorded);
            verticals.push(Vertical { name: name.clone(), fields, table, route });
        }
        let writer = Writer::new(&recorded, &self.options.timezone, &self.options.currency);
        let (files, contracts) = writer.files(&verticals)?;
        drop(verticals);
        let resolver = MemoryResolver::new(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let held = agree::hold(Plan::load(&resolver, "plan.jsonc")?, &recorded, &contracts)?;
        let summary = Summary {
            v: 1,
            pairs: recorded.pairs.len(),
            left_out: recorded.left_out,
            bad_lines: recorded.bad,
            why_bad: recorded.why_bad,
            criteria: contracts.iter().map(|contract| contract.criteria).sum(),
            contracts,
            kept_back: held.kept_back,
            taught: held.taught,
        };
        Ok(Learned { files, summary, unexplained: held.unexplained })
    }
}
