//! Whole leads.

use crate::dice::Dice;
use crate::mess;
use crate::person::Person;
use crate::place::{self, Place};
use serde_json::{Map, Value, json};

/// Sources of the example's plan, each with the verticals that come through it.
const SOURCES: &[(&str, &[&str])] = &[
    ("search-lp", &["roofing", "solar", "windows", "hvac"]),
    ("social-lp", &["roofing", "solar", "windows"]),
    ("affil-17", &["roofing", "solar"]),
    ("affil-42", &["windows", "hvac"]),
    ("call-center", &["hvac"]),
];

/// The day of the leads, and the time of the first one in seconds.
const DAY: &str = "2026-11-24";
const MORNING: usize = 6 * 3_600;

const BROWSERS: &[&str] = &[
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
];

/// So many leads, one JSON object a line.
pub(crate) fn leads(places: &[Place], count: usize, dice: &mut Dice) -> Vec<String> {
    let mut lines: Vec<String> = Vec::with_capacity(count);
    let mut people: Vec<(Person, usize)> = Vec::new();
    while lines.len() < count {
        let n = lines.len() + 1;
        // The same request again, as a form does that is sent twice.
        if n > 1 && dice.in_thousand(10) {
            let again = lines[n - 2].clone();
            lines.push(again);
            continue;
        }
        // Somebody who was here before, written another way.
        let (person, place) = if !people.is_empty() && dice.in_thousand(60) {
            people[dice.place(&people)].clone()
        } else {
            let place = dice.place(places);
            (Person::invent(&places[place].state, dice), place)
        };
        lines.push(lead(n, count, &person, &places[place], dice));
        people.push((person, place));
    }
    lines
}

fn lead(n: usize, count: usize, person: &Person, place: &Place, dice: &mut Dice) -> String {
    let (source, verticals) = SOURCES[dice.place(SOURCES)];
    let vertical = dice.one(verticals);
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    put("id", json!(format!("L{n:06}")));
    put("source", json!(source));
    // A source with one vertical need not say it.
    if verticals.len() > 1 || dice.in_thousand(500) {
        put("vertical", json!(vertical));
    }
    put("received_at", json!(time(n, count)));
    put("idempotency_key", json!(format!("{source}-{n:06}-{}", dice.hex(8))));
    if dice.in_thousand(3) {
        put("test", json!(true));
    }
    for (name, value) in mess::name(person, dice) {
        put(name, json!(value));
    }
    let (phone, email) = (mess::phone(&person.phone, dice), mess::email(&person.email, dice));
    let swapped = dice.in_thousand(8);
    let phone_name = dice.one(&["phone", "phone", "phone", "Phone", "phone_number", "primary_phone"]);
    put(phone_name, json!(if swapped { &email } else { &phone }));
    if !dice.in_thousand(40) {
        put("email", json!(if swapped { &phone } else { &email }));
    }
    for (name, value) in place::fields(place, dice) {
        put(name, json!(value));
    }
    details(vertical, person, dice, &mut fields);
    trail(dice, &mut fields);
    Value::Object(fields).to_string()
}

/// The leads come in over the day, from six in the morning until eleven at night.
fn time(n: usize, count: usize) -> String {
    let second = MORNING + n * (17 * 3_600) / count.max(1);
    format!("{DAY}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

/// What the vertical asks.
fn details(vertical: &str, person: &Person, dice: &mut Dice, fields: &mut Map<String, Value>) {
    let mut put = |name: &str, value: String| drop(fields.insert(name.to_owned(), Value::String(value)));
    put("dob", mess::date(person.born, dice));
    let owner = dice.in_thousand(780);
    put(dice.one(&["homeowner", "homeowner", "home_owner", "own_home"]), mess::yes_no(owner, dice));
    put(
        "property_type",
        dice.one(&["Single Family", "single_family", "House", "Condo", "townhome", "Duplex", "mobile home", "castle"])
            .to_owned(),
    );
    put("credit", dice.one(&["Excellent", "good", "Good", "fair", "Poor", "excellent", "average", "N/A"]).to_owned());
    put(
        "timeframe",
        dice.one(&["ASAP", "now", "Immediately", "within 30 days", "1-3 months", "not sure", "3-6 months"]).to_owned(),
    );
    let budget = dice.between(8, 400) * 100;
    put("budget", mess::money(budget, dice));
    let soon = (2026, 12, dice.between(1, 28));
    put("service_date", mess::date(soon, dice));
    match vertical {
        "roofing" => {
            let age = dice.between(0, 40);
            put("roof_age", mess::number(age, dice));
            put(
                "roof_type",
                dice.one(&["asphalt", "Shingle", "tile", "metal", "flat", "Cedar shake", "straw"]).to_owned(),
            );
        }
        "solar" => {
            let bill = dice.between(40, 520);
            put("electric_bill", mess::money(bill, dice));
            put("utility", dice.one(&["City Light", "Valley Electric Coop", "Metro Power", "State Edison"]).to_owned());
            let age = dice.between(0, 30);
            put("roof_age", mess::number(age, dice));
        }
        "windows" => {
            let count = dice.between(1, 24);
            put("window_count", mess::number(count, dice));
        }
        _ => {
            let age = dice.between(0, 25);
            put("system_age", mess::number(age, dice));
            put("project", dice.one(&["replace", "repair", "new system", "maintenance"]).to_owned());
        }
    }
}

/// What the form itself adds.
fn trail(dice: &mut Dice, fields: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    put("ip", json!(format!("203.0.113.{}", dice.between(1, 254))));
    put("user_agent", json!(dice.one(BROWSERS)));
    put("landing_url", json!(format!("https://quotes.example.com/lp/{}?utm=x{}", dice.between(1, 9), dice.digits(3))));
    if !dice.in_thousand(120) {
        put("trustedform_url", json!(format!("https://cert.trustedform.com/{}", dice.hex(40))));
    }
    let token = [8, 4, 4, 4, 12].map(|digits| dice.hex(digits)).join("-");
    put("jornaya_token", json!(token.to_uppercase()));
    put("consent", json!(mess::yes_no(true, dice)));
    put("sub_id", json!(format!("{}{}", dice.one(&["x", "z", "q"]), dice.between(1, 12))));
    if dice.in_thousand(200) {
        let said =
            ["Please call after 5pm", "needs an estimate\nfor insurance", "¿Habla español?", "2nd request!!! 😀"];
        put("comments", json!(dice.one(&said)));
    }
    if dice.in_thousand(100) {
        put("Campaign Name", json!(format!("fall-{}", dice.between(1, 5))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Vec<Place> {
        let line = r#"{"address1":"108 East 11th Avenue","address2":"","city":"Anchorage","state":"AK","postal_code":"99501"}"#;
        place::read(line).expect("an address")
    }

    #[test]
    fn the_same_seed_makes_the_same_leads_and_another_makes_others() {
        let made = |seed| leads(&places(), 200, &mut Dice::new(seed));
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
    }

    #[test]
    fn every_line_is_a_lead_of_about_twenty_five_fields() {
        let lines = leads(&places(), 300, &mut Dice::new(3));
        assert_eq!(lines.len(), 300);
        for line in &lines {
            let lead = leadwright::model::read_raw(line.as_bytes()).expect("JSON");
            assert!(lead.problems.is_empty() && (18..=34).contains(&lead.map.0.len()), "{}", lead.map.0.len());
        }
        let again = lines.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!((1..12).contains(&again), "{again} requests came twice");
    }
}
