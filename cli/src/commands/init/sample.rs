//! A made-up lead that a schema takes: what it requires, and the usual fields of a person.

use leadwright::field::{AreaCode, EnumValue, FieldKind};
use leadwright::geo::{ZipKind, zip_info};
use leadwright::model::Code;
use leadwright::schema::{Field, Schema};
use leadwright::validate::{ValidateOptions, validate_json};
use serde_json::{Map, Value as Json};

/// Where a made-up person lives.
pub(super) struct Home {
    pub(super) state: &'static str,
    zip: String,
    phone: String,
}

/// So often a field is added because another one asks for it.
const ROUNDS: usize = 20;

/// Texas, where nobody says where from: any state would do.
const ANYWHERE: &str = "TX";

/// A home in a state.
pub(super) fn home(state: Option<&str>) -> Home {
    let of = |wanted: &str| {
        let zips = (501..100_000_u32).map(|number| format!("{number:05}"));
        let homes = zips.filter_map(|zip| Some((zip_info(&zip)?, zip)));
        let homes: Vec<_> = homes.filter(|(info, _)| info.state() == wanted && info.kind() == ZipKind::Area).collect();
        // Not at the border, where the numbers begin.
        homes.get(homes.len() / 2).cloned()
    };
    let found = state.and_then(of).or_else(|| of(ANYWHERE));
    let (state, zip) = found.map_or((ANYWHERE, "75001".to_owned()), |(info, zip)| (info.state(), zip));
    Home { state, zip, phone: phone(state) }
}

/// A home where nobody buys; none where somebody buys everywhere.
pub(super) fn other_home(states: &[String]) -> Option<Home> {
    if states.is_empty() {
        return None;
    }
    ["CA", "NY", "TX", "FL", "WA", "IL"]
        .into_iter()
        .find(|state| !states.iter().any(|other| other == state))
        .map(|state| home(Some(state)))
}

/// A number that is kept for films, with an area code of the state.
fn phone(state: &str) -> String {
    let codes = (200..1000_u32).map(|number| number.to_string());
    let mut codes = codes.filter(|code| AreaCode::find(code).is_some_and(|area| area.states().eq([state])));
    format!("{}-555-0142", codes.next().unwrap_or_else(|| "212".into()))
}

/// The lead, field by field.
pub(super) fn lead(schema: &Schema, home: &Home, (source, vertical): (&str, &str)) -> Vec<(String, Json)> {
    let text = |name: &str, value: &str| (name.to_owned(), Json::from(value));
    let mut lead = vec![text("id", "L1"), text("source", source), text("vertical", vertical)];
    for (name, value) in [
        ("first_name", "Ann"),
        ("last_name", "Lee"),
        ("phone", home.phone.as_str()),
        ("email", "ann.lee@example.com"),
        ("state", home.state),
        ("zip", home.zip.as_str()),
    ] {
        if schema.field(name).is_some() {
            lead.push(text(name, value));
        }
    }
    for _ in 0..ROUNDS {
        let json: Map<String, Json> = lead.iter().cloned().collect();
        let json = Json::Object(json).to_string();
        let found = validate_json(json.as_bytes(), schema, &ValidateOptions::default());
        let missing = found.problems.iter().filter(|problem| problem.code == Code::FieldMissing);
        let missing: Vec<&Field> = missing.filter_map(|problem| schema.field(problem.path.get(1..)?)).collect();
        if missing.is_empty() {
            break;
        }
        lead.extend(missing.into_iter().map(|field| (field.name.clone(), value(field))));
    }
    lead
}

/// The same person somewhere else.
pub(super) fn move_to(lead: &mut [(String, Json)], home: &Home) {
    for (name, value) in lead {
        match name.as_str() {
            "phone" => *value = home.phone.as_str().into(),
            "state" => *value = home.state.into(),
            "zip" => *value = home.zip.as_str().into(),
            _ => {}
        }
    }
}

/// The lead as a line of JSON, in its order.
pub(super) fn line(lead: &[(String, Json)]) -> String {
    let members: Vec<String> =
        lead.iter().map(|(key, value)| format!("{}: {value}", Json::from(key.as_str()))).collect();
    format!("{{{}}}", members.join(", "))
}

/// Something that the field takes.
fn value(field: &Field) -> Json {
    match field.kind {
        FieldKind::Boolean | FieldKind::Consent => true.into(),
        FieldKind::Enum => field.options.values.first().map_or("", |EnumValue { id, .. }| id.as_str()).into(),
        FieldKind::Integer | FieldKind::Decimal => {
            field.min.as_ref().map_or(Json::from(1), |least| serde_json::to_value(least).unwrap_or_else(|_| 1.into()))
        }
        FieldKind::Money => "150.00".into(),
        FieldKind::Percent => "5%".into(),
        FieldKind::CreditScore => 720.into(),
        FieldKind::CreditBand => "good".into(),
        FieldKind::Date if field.options.birth => "1980-05-17".into(),
        FieldKind::Date => "2026-03-02".into(),
        FieldKind::State => ANYWHERE.into(),
        FieldKind::VehicleYear => 2019.into(),
        FieldKind::VehicleMake => "Toyota".into(),
        _ => "sample".into(),
    }
}
