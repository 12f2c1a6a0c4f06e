//! The score of a lead: what the page says is what the code has, and no signal refuses anybody.

use leadwright::model::{Code, Severity, read_raw};
use leadwright::quality::WEIGHTS;
use leadwright::schema::Schema;
use leadwright::validate::{ValidateOptions, validate};

/// Each row of the page's table that has points, as `code`, points.
fn rows(page: &str) -> Vec<(String, String)> {
    let cells = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let rows = cells.filter_map(|(code, rest)| Some((code.to_owned(), rest.split(" | ").next()?.to_owned())));
    rows.filter(|(_, points)| points.starts_with(['−', '+'])).collect()
}

#[test]
fn the_page_has_every_signal_with_its_weight_in_their_order() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/quality.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let said = |points: i32| if points < 0 { format!("−{}", -points) } else { format!("+{points}") };
    let wanted: Vec<_> = WEIGHTS.iter().map(|(code, points)| (code.to_string(), said(*points))).collect();
    assert_eq!(rows(&page), wanted);
}

#[test]
fn no_signal_is_an_error() {
    let severe: Vec<&str> =
        WEIGHTS.iter().filter(|(code, _)| code.severity() == Severity::Error).map(|(code, _)| code.as_str()).collect();
    assert!(severe.is_empty(), "{severe:?}");
}

#[test]
fn signals_of_the_form_change_nothing_but_the_score() {
    let schema = Schema::named("us/home-services@1").expect("a schema of the catalogue");
    let judged = |json: &str| {
        let raw = read_raw(json.as_bytes()).expect("JSON").map;
        validate(&raw, &schema, &ValidateOptions::default())
    };
    for lead in [
        r#"{"phone":"312-867-5309","zip":"60601","name":"Ann Lee","email":"ann.lee@example.com"#,
        r#"{"phone":"312-555-5555","zip":"2134","state":"TX","email":"asdfgh@mailinator.com"#,
        r#"{"phone":"123","first_name":"Smith","last_name":"Linda","comments":"asdf"#,
    ] {
        let plain = judged(&format!("{lead}\"}}"));
        let bot = judged(&format!("{lead}\",\"honeypot\":\"x\",\"form_seconds\":\"1\"}}"));
        assert_eq!(bot.valid, plain.valid, "{lead}");
        assert_eq!(bot.corrections, plain.corrections, "{lead}");
        assert!(plain.canonical.iter().all(|(name, value)| bot.canonical.get(name) == Some(value)), "{lead}");
        assert!(bot.quality.score <= plain.quality.score.saturating_sub(100), "{lead}: {:?}", bot.quality);
        let new = bot.problems.iter().filter(|problem| !plain.problems.contains(problem)).map(|problem| problem.code);
        assert_eq!(new.collect::<Vec<_>>(), [Code::SignalHoneypotFilled, Code::SignalTooFast], "{lead}");
    }
}
