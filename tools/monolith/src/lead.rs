//! The fields of an older app's leads, and leads with them: as its forms send them, numbers in texts, dates in the
//! American way, and some things left empty.

use fastrand::Rng;
use leadwright::geo::{ZipInfo, zips};
use leadwright::limits::Zone;
use leadwright::model::{Date, Timestamp};
use std::fmt::Write as _;

/// How a value is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    State,
    Zip,
    /// From, to, and what thresholds are multiples of.
    Number(i64, i64, i64),
    /// The same in dollars.
    Money(i64, i64, i64),
    /// So many of a thousand are true.
    Flag(u32),
    Words(&'static [&'static str]),
    /// Somebody's birthday.
    Birth,
    /// Nothing that anybody asks about.
    Noise(Noise),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noise {
    First,
    Last,
    Email,
    Phone,
    Campaign,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// So many of a thousand leads have it empty.
    pub(crate) missing: u32,
    /// How forms write it.
    style: u32,
}

/// A value, as the app compares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Number(i64),
    Flag(bool),
    Text(String),
    Date(Date),
}

#[derive(Clone, Debug)]
pub(crate) struct Lead {
    pub(crate) vertical: usize,
    pub(crate) cells: Vec<Option<Cell>>,
    pub(crate) at: Timestamp,
    /// On the clock of the app.
    pub(crate) date: Date,
    pub(crate) quarter: u8,
}

const ASKED: &[(&str, Kind)] = &[
    ("credit_score", Kind::Number(480, 850, 20)),
    ("household_size", Kind::Number(1, 8, 1)),
    ("years_at_address", Kind::Number(0, 40, 1)),
    ("roof_age", Kind::Number(0, 35, 5)),
    ("vehicle_count", Kind::Number(1, 5, 1)),
    ("monthly_income", Kind::Money(800, 14_000, 250)),
    ("loan_amount", Kind::Money(20_000, 900_000, 25_000)),
    ("home_value", Kind::Money(60_000, 1_500_000, 50_000)),
    ("electric_bill", Kind::Money(20, 600, 25)),
    ("debt_amount", Kind::Money(1_000, 90_000, 2_500)),
    ("homeowner", Kind::Flag(650)),
    ("military", Kind::Flag(90)),
    ("currently_insured", Kind::Flag(700)),
    ("has_attorney", Kind::Flag(120)),
    ("property_type", Kind::Words(&["single family", "condo", "townhouse", "mobile", "multi family"])),
    ("timeframe", Kind::Words(&["immediately", "1-3 months", "3-6 months", "later"])),
    ("loan_purpose", Kind::Words(&["purchase", "refinance", "cash out", "home equity"])),
    ("employment", Kind::Words(&["employed", "self employed", "retired", "student", "unemployed", "disabled"])),
    ("coverage", Kind::Words(&["minimum", "standard", "premium"])),
    ("dob", Kind::Birth),
];

const NOISE: &[(&str, Noise)] = &[
    ("first_name", Noise::First),
    ("last_name", Noise::Last),
    ("email", Noise::Email),
    ("phone", Noise::Phone),
    ("utm_campaign", Noise::Campaign),
];

const FIRST: &[&str] = &["Amy", "Ben", "Cora", "Dan", "Eva", "Finn", "Gina", "Hugo", "Iris", "Joel", "Kira", "Liam"];
const LAST: &[&str] = &["Adams", "Brooks", "Cole", "Dunn", "Ellis", "Ford", "Grant", "Hayes", "Irwin", "Jones"];

/// The fields of a kind of lead.
pub(crate) fn fields(dice: &mut Rng) -> Vec<Field> {
    let mut asked = ASKED.to_vec();
    dice.shuffle(&mut asked);
    let count = dice.usize(6..=10);
    let field = |name, kind, missing, style| Field { name, kind, missing, style };
    let mut all = vec![field("state", Kind::State, 0, 0), field("zip", Kind::Zip, 0, 0)];
    for (name, kind) in asked.into_iter().take(count) {
        let missing = if dice.bool() { 0 } else { dice.u32(10..120) };
        all.push(field(name, kind, missing, dice.u32(0..3)));
    }
    for (name, noise) in NOISE {
        all.push(field(name, Kind::Noise(*noise), dice.u32(0..60), 0));
    }
    all
}

/// ZIP codes by chance.
pub(crate) struct Places(Vec<ZipInfo>);

impl Places {
    pub(crate) fn new() -> Self {
        Self(zips().filter(|zip| zip.middle().is_some()).collect())
    }

    pub(crate) fn one(&self, dice: &mut Rng) -> ZipInfo {
        self.0[dice.usize(0..self.0.len())]
    }
}

pub(crate) fn lead(
    vertical: usize,
    fields: &[Field],
    at: Timestamp,
    zone: &Zone,
    places: &Places,
    dice: &mut Rng,
) -> Lead {
    let (date, quarter) = zone.slot(at);
    let place = places.one(dice);
    let cells = fields.iter().map(|field| {
        let cell = cell(field.kind, &place, date, dice);
        (dice.u32(0..1_000) >= field.missing).then_some(cell)
    });
    let cells = cells.collect();
    Lead { vertical, cells, at, date, quarter }
}

fn cell(kind: Kind, place: &ZipInfo, today: Date, dice: &mut Rng) -> Cell {
    // Most people are in the middle.
    let mut middling = |low: i64, high: i64| (dice.i64(low..=high) + dice.i64(low..=high)) / 2;
    match kind {
        Kind::State => Cell::Text(place.state().to_owned()),
        Kind::Zip => Cell::Text(place.zip().as_str().to_owned()),
        Kind::Number(low, high, _) => Cell::Number(middling(low, high)),
        Kind::Money(low, high, _) => Cell::Number(middling(low, high)),
        Kind::Flag(often) => Cell::Flag(dice.u32(0..1_000) < often),
        Kind::Words(words) => Cell::Text(words[dice.usize(0..words.len())].to_owned()),
        Kind::Birth => {
            let year = i64::from(today.year()) - middling(17, 90);
            let (month, day) = (dice.u8(1..=12), dice.u8(1..=28));
            Cell::Date(Date::new(i16::try_from(year).unwrap_or(1970), month, day).unwrap_or(Date::FIRST))
        }
        Kind::Noise(noise) => Cell::Text(match noise {
            Noise::First => FIRST[dice.usize(0..FIRST.len())].to_owned(),
            Noise::Last => LAST[dice.usize(0..LAST.len())].to_owned(),
            Noise::Email => format!("{}{}@example.com", FIRST[dice.usize(0..FIRST.len())].to_lowercase(), dice.u32(..)),
            Noise::Phone => format!("312-{}-{:04}", dice.u32(220..999), dice.u32(0..10_000)),
            Noise::Campaign => format!("campaign-{}", dice.u32(1..40)),
        }),
    }
}

impl Lead {
    /// The lead as a form sends it.
    pub(crate) fn json(&self, fields: &[Field], vertical: &str, id: usize) -> String {
        let mut text = format!(r#"{{"id":"L{id}","source":"web","vertical":"{vertical}""#);
        for (field, cell) in fields.iter().zip(&self.cells) {
            let Some(cell) = cell else { continue };
            let _ = write!(text, ",\"{}\":{}", field.name, written(field, cell));
        }
        text.push('}');
        text
    }
}

fn written(field: &Field, cell: &Cell) -> String {
    match (cell, field.style) {
        (Cell::Number(n), 0) => n.to_string(),
        (Cell::Number(n), 1) if matches!(field.kind, Kind::Money(..)) => format!("\"${n}\""),
        (Cell::Number(n), _) => format!("\"{n}\""),
        (Cell::Flag(yes), 0) => yes.to_string(),
        (Cell::Flag(yes), 1) => if *yes { "\"Yes\"" } else { "\"No\"" }.to_owned(),
        (Cell::Flag(yes), _) => if *yes { "\"true\"" } else { "\"false\"" }.to_owned(),
        (Cell::Text(text), _) => format!("\"{text}\""),
        (Cell::Date(date), 0) => format!("\"{date}\""),
        (Cell::Date(date), _) => format!("\"{:02}/{:02}/{}\"", date.month(), date.day(), date.year()),
    }
}
