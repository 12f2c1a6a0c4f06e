//! Contracts and leads, made up: the shapes are those of a national marketplace.
//!
//! Half of the contracts have lists of 10 to 5,000 ZIP codes, some a circle, most a few states, bounds of age, credit
//! and score, sources they refuse; one in ten has a nested rule. The seeds are fixed.

use bench_common::Dice;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
}

pub const TEXTS: &[&str] = &[
    "state",
    "zip",
    "product",
    "source",
    "property_type",
    "purpose",
    "gender",
    "marital",
    "phone_type",
    "mail",
    "campaign",
];
pub const NUMBERS: &[&str] = &["age", "credit", "score", "income", "loan", "value", "hour", "weekday", "number"];
pub const FLAGS: &[&str] = &["homeowner", "employed", "military", "bankruptcy", "consent"];

/// One test.
#[derive(Clone, Debug)]
pub enum Test {
    In(&'static str, Vec<String>),
    NotIn(&'static str, Vec<String>),
    Is(&'static str, bool),
    /// Least and most, both included.
    Within(&'static str, Option<i64>, Option<i64>),
}

/// All of these, and one of the alternatives if there are any.
#[derive(Clone, Debug, Default)]
pub struct Contract {
    pub all: Vec<Test>,
    pub any: Vec<Vec<Test>>,
}

pub type Lead = Vec<(&'static str, Value)>;

pub struct World {
    pub contracts: Vec<Contract>,
    pub leads: Vec<Lead>,
    pub zip_pairs: usize,
}

const STATES: &str = "CA TX FL NY PA IL OH GA NC MI NJ VA WA AZ TN MA IN MO MD WI CO MN SC AL LA KY OR OK CT UT NV IA \
                      AR KS MS NM NE ID WV HI NH ME MT RI DE SD ND AK DC VT WY";
const PRODUCTS: &str = "auto home life health medicare solar mortgage refi roofing windows hvac legal";

struct Country {
    states: Vec<&'static str>,
    /// How many people live there, in parts.
    weights: Vec<f64>,
    /// By state: code, x, y in miles.
    zips: Vec<Vec<(String, f64, f64)>>,
}

impl Country {
    fn new() -> Self {
        let mut dice = Dice::new(42);
        let states: Vec<_> = STATES.split_whitespace().collect();
        let weights: Vec<f64> = (0..states.len()).map(|n| 39.0 / (1.0 + n as f64 * 0.28)).collect();
        let total: f64 = weights.iter().sum();
        let mut code = 501;
        let zips = weights.iter().enumerate().map(|(n, weight)| {
            let count = (41_000.0 * weight / total) as usize;
            let place = |_| {
                code += 2;
                let (x, y) = ((n % 10) as f64 * 280.0, (n / 10) as f64 * 266.0);
                (format!("{code:05}"), x + dice.part() * 280.0, y + dice.part() * 266.0)
            };
            (0..count).map(place).collect()
        });
        let zips = zips.collect();
        Self { states, weights, zips }
    }

    fn state(&self, dice: &mut Dice) -> usize {
        let mut left = dice.part() * self.weights.iter().sum::<f64>();
        let place = self.weights.iter().position(|weight| {
            left -= weight;
            left <= 0.0
        });
        place.unwrap_or(self.states.len() - 1)
    }
}

fn words(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{name}_{n}")).collect()
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all.dedup();
    all
}

/// So many contracts and leads, with or without ZIP lists.
pub fn world(contracts: usize, leads: usize, with_zips: bool) -> World {
    let country = Country::new();
    let mut dice = Dice::new(7);
    let contracts: Vec<Contract> = (0..contracts).map(|_| contract(&country, &mut dice, with_zips)).collect();
    let pairs = contracts.iter().flat_map(|contract| &contract.all).map(|test| match test {
        Test::In("zip", zips) => zips.len(),
        _ => 0,
    });
    let zip_pairs = pairs.sum();
    let mut dice = Dice::new(99);
    let leads = (0..leads).map(|n| lead(n, &country, &mut dice)).collect();
    World { contracts, leads, zip_pairs }
}

fn contract(country: &Country, dice: &mut Dice, with_zips: bool) -> Contract {
    let products: Vec<&str> = PRODUCTS.split(' ').collect();
    let sources = words("src", 200);
    let mut all = Vec::new();
    if dice.chance(0.95) {
        let count = dice.from_to(1, 3);
        all.push(Test::In("product", sorted((0..count).map(|_| products[dice.skewed(12)].to_owned()).collect())));
    }
    let mut states: Vec<usize> = (0..country.states.len()).collect();
    if dice.chance(0.85) {
        let mut count = 1;
        while count < 20 && dice.chance(0.72) {
            count += 1;
        }
        states = (0..count).map(|_| country.state(dice)).collect();
        states.sort_unstable();
        states.dedup();
        all.push(Test::In("state", sorted(states.iter().map(|n| country.states[*n].to_owned()).collect())));
    }
    let kind = dice.part();
    let zips: Option<Vec<String>> = if kind < 0.5 {
        let pool: Vec<&String> = states.iter().flat_map(|n| country.zips[*n].iter().map(|(code, ..)| code)).collect();
        let count = ((10.0 * 500_f64.powf(dice.part())) as usize).min(pool.len());
        Some((0..count).map(|_| (*dice.one(&pool)).clone()).collect())
    } else if kind < 0.65 {
        let radius = dice.from_to(10, 60) as f64;
        let state = *dice.one(&states);
        let (_, x, y) = dice.one(&country.zips[state]).clone();
        let near = |zip: &&(String, f64, f64)| (zip.1 - x).powi(2) + (zip.2 - y).powi(2) <= radius * radius;
        Some(country.zips.iter().flatten().filter(near).map(|(code, ..)| code.clone()).collect())
    } else {
        None
    };
    if let Some(zips) = zips.filter(|_| with_zips) {
        all.push(Test::In("zip", sorted(zips)));
    }
    if dice.chance(0.6) {
        let least = *dice.one(&[18, 21, 25, 30, 35, 40, 50, 55]);
        let most = *dice.one(&[45, 50, 55, 60, 64, 65, 70, 75, 80, 85]);
        all.push(Test::Within("age", Some(least.min(most)), Some(most.max(least + 5))));
    }
    if dice.chance(0.6) {
        all.push(Test::Within("credit", Some(500 + 20 * dice.from_to(0, 13)), None));
    }
    if dice.chance(0.5) {
        all.push(Test::Is("homeowner", true));
    }
    if dice.chance(0.4) {
        let count = dice.from_to(1, 5);
        all.push(Test::NotIn("source", sorted((0..count).map(|_| sources[dice.skewed(200)].clone()).collect())));
    }
    if dice.chance(0.5) {
        let least = if dice.chance(0.7) { 10 * dice.from_to(1, 8) } else { dice.from_to(5, 90) };
        all.push(Test::Within("score", Some(least), None));
    }
    let any = if dice.chance(0.1) {
        let both = vec![nested(dice), nested(dice)];
        let one = vec![nested(dice), not(nested(dice))];
        vec![both, one, vec![not(nested(dice)), not(nested(dice))]]
    } else {
        Vec::new()
    };
    if all.is_empty() && any.is_empty() {
        all.push(Test::Is("consent", true));
    }
    Contract { all, any }
}

/// A test of a field that few contracts ask about.
fn nested(dice: &mut Dice) -> Test {
    match dice.below(8) {
        0 => Test::Within("income", Some(10_000 * dice.from_to(2, 15)), None),
        1 => Test::Is("military", true),
        2 => Test::Is("bankruptcy", dice.chance(0.5)),
        3 => Test::Within("loan", Some(50_000 * dice.from_to(1, 4)), Some(50_000 * dice.from_to(5, 12))),
        4 => {
            let pair = vec![format!("property_type_{}", dice.below(3)), format!("property_type_{}", 3 + dice.below(3))];
            Test::In("property_type", pair)
        }
        5 => Test::In("purpose", vec![format!("purpose_{}", dice.below(5))]),
        6 => Test::Within("hour", None, Some(dice.from_to(8, 20))),
        _ => Test::NotIn("mail", vec![format!("mail_{}", dice.below(40))]),
    }
}

/// The opposite, for leads that have all fields.
fn not(test: Test) -> Test {
    match test {
        Test::In(field, all) => Test::NotIn(field, all),
        Test::NotIn(field, all) => Test::In(field, all),
        Test::Is(field, yes) => Test::Is(field, !yes),
        Test::Within(field, Some(least), None) => Test::Within(field, None, Some(least - 1)),
        Test::Within(field, _, most) => Test::Within(field, most.map(|most| most + 1), None),
    }
}

fn lead(number: usize, country: &Country, dice: &mut Dice) -> Lead {
    let state = country.state(dice);
    let zip = dice.one(&country.zips[state]).0.clone();
    let products: Vec<&str> = PRODUCTS.split(' ').collect();
    let mut text = |name: &'static str, count: usize| (name, Value::Text(format!("{name}_{}", dice.below(count))));
    let mut lead: Lead = vec![
        text("property_type", 6),
        text("purpose", 5),
        text("gender", 3),
        text("marital", 4),
        text("phone_type", 3),
        text("mail", 40),
        text("campaign", 100),
        ("state", Value::Text(country.states[state].to_owned())),
        ("zip", Value::Text(zip)),
    ];
    lead.push(("product", Value::Text(products[dice.skewed(12)].to_owned())));
    lead.push(("source", Value::Text(format!("src_{}", dice.skewed(200)))));
    let credit = 360.0 + 550.0 * (dice.part() + dice.part() + dice.part()) / 3.0;
    lead.push(("credit", Value::Number((credit as i64).min(850))));
    for (name, least, most, step) in [
        ("age", 18, 85, 1),
        ("score", 0, 100, 1),
        ("income", 15, 250, 1_000),
        ("loan", 20, 800, 1_000),
        ("value", 80, 1_200, 1_000),
        ("hour", 0, 23, 1),
        ("weekday", 0, 6, 1),
    ] {
        lead.push((name, Value::Number(dice.from_to(least, most) * step)));
    }
    lead.push(("number", Value::Number(number as i64)));
    for (name, part) in
        [("homeowner", 0.6), ("employed", 0.8), ("military", 0.1), ("bankruptcy", 0.08), ("consent", 1.0)]
    {
        lead.push((name, Value::Flag(dice.chance(part))));
    }
    lead
}
