use super::*;
use crate::field::FieldKind;
use crate::model::read_raw;

fn profiled(leads: &[&str], schema: &str) -> Profile {
    let mut profiler = Profiler::default();
    for lead in leads {
        profiler.add(&read_raw(lead.as_bytes()).unwrap().map);
    }
    profiler.profile(&[Schema::named(schema).unwrap()], None)
}

fn kinds(profile: &Profile) -> Vec<&str> {
    profile.columns.iter().map(|column| column.kind.map_or("", FieldKind::as_str)).collect()
}

#[test]
fn kinds_are_told_by_the_values() {
    let lead = r#"{"a":"(312) 867-5309","b":"amy@example.com","c":"2001-02-03","d":"yes","e":"$1,200","f":12,"g":"","h":"Some long words, 9 of them"}"#;
    let profile = profiled(&[lead, lead], "us/home-services@1");
    assert_eq!(kinds(&profile), ["phone", "email", "date", "boolean", "money", "integer", "", "text"]);
    assert_eq!(profile.columns[6].empty, 2);
}

#[test]
fn numbers_of_other_things_are_no_zip_codes() {
    let column = |values: [&str; 3]| {
        let leads = values.map(|value| format!(r#"{{"x":"{value}"}}"#));
        let leads: Vec<&str> = leads.iter().map(String::as_str).collect();
        kinds(&profiled(&leads, "us/home-services@1")).join("")
    };
    assert_eq!(column(["60601", "02134", "75201-1001"]), "zip");
    assert_eq!(column(["1001", "2134", "7302"]), "integer");
    assert_eq!(column(["10000", "50000", "90000"]), "integer");
}

#[test]
fn a_social_security_number_is_told_and_none_is_proposed_as_text() {
    let lead = r#"{"phone":"312-555-0100","tax":"123-45-6789","Applicant SSN":"123456789","last four":"6789"}"#;
    let profile = profiled(&[lead, lead], "us/home-services@1");
    assert_eq!(kinds(&profile), ["phone", "ssn", "ssn", "integer"]);
    let piece = profile.plan_piece().unwrap();
    assert!(piece.contains(r#""tax": { "is": "ssn", "optional": true }"#), "{piece}");
}

#[test]
fn few_words_that_come_back_are_an_enumeration() {
    let leads: Vec<String> = (0..40).map(|n| format!(r#"{{"roof":"{}"}}"#, ["slate", "tile"][n % 2])).collect();
    let leads: Vec<&str> = leads.iter().map(String::as_str).collect();
    assert_eq!(kinds(&profiled(&leads, "us/home-services@1")), ["enum"]);
}

#[test]
fn a_column_with_a_strange_name_is_proposed_once() {
    let lead = r#"{"emial":"amy@example.com","best_phone":"312-867-5309","zip":"60601"}"#;
    let profile = profiled(&[lead], "us/home-services@1");
    let told: Vec<_> = profile.proposals.iter().map(|p| (p.column.as_str(), p.field.as_str(), p.because)).collect();
    assert_eq!(told, [("best_phone", "phone", Because::SharedWord), ("emial", "email", Because::NearName)]);
    assert!(profile.schemas[0].missing.is_empty(), "{:?}", profile.schemas);
}

#[test]
fn a_file_without_a_header_shows_none_of_its_first_row() {
    let profile = profiled(&[r#"{"amy@example.com":"bo@example.com","60601":"60602"}"#], "us/home-services@1");
    assert!(profile.header_missing);
    let names: Vec<&str> = profile.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["column 1", "column 2"]);
    let json = serde_json::to_string(&profile).unwrap();
    assert!(!json.contains("amy") && !json.contains("60601"), "{json}");
}

#[test]
fn the_sample_is_spread_over_all_leads_and_bounded() {
    let mut profiler = Profiler::default();
    for n in 0..10_000 {
        profiler.add(&read_raw(format!(r#"{{"n":{n}}}"#).as_bytes()).unwrap().map);
    }
    let profile = profiler.profile(&[], None);
    let column = &profile.columns[0];
    assert_eq!((profile.leads, column.filled, column.distinct), (10_000, 10_000, 1_000));
    assert!((2_000..4_000).contains(&column.checked), "{}", column.checked);
    assert_eq!(column.shapes[0].0, "number 9999");
}
