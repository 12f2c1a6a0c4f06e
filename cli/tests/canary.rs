//! No report, problem, error or event holds a lead's value: distinct texts are planted in every field, and everything
//! that the commands write is searched for them. Decisions, raw answers and the decision store may hold them.

mod common;

use common::text;
use leadwright::model::TenantId;
use leadwright::store::{SqliteStore, Store};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What is planted. Each is searched for without regard to case, and phones by their digits.
const CANARIES: [&str; 28] = [
    "Qvenzalia",
    "Brockwunder",
    "Zorbetina",
    "plover.quokka",
    "quokkahost",
    "3128679417",
    "3128679418",
    "Wexford",
    "4417",
    "Yttrius",
    "Obernautica",
    "1961-03-17",
    "03/17/1961",
    "198.51.100.77",
    "Mozzarella/9",
    "lampoon-page",
    "please ring the goat",
    "Fnordfield",
    "fnordvalue",
    "wrongtypekey",
    "wrongtypevalue",
    "listedvalue",
    "idemcanary",
    "pingcanary",
    "sourcecanary",
    "verticalcanary",
    "dupkeyvalue",
    "idcanary",
];

const LEADS: &str = r#"{"id":"L1","source":"web","idempotency_key":"idemcanary","ping_id":"pingcanary","first_name":"Qvenzalia","last_name":"Brockwunder","full_name":"Zorbetina Brockwunder","phone":"(312) 867-9417","phone2":"312.867.9418 junk","email":"plover.quokka@quokkahost.com","street":"4417 Wexford Yttrius Ave","city":"Obernautica","zip":"60601","dob":"03/17/1961","ip":"198.51.100.77","user_agent":"Mozzarella/9","landing_url":"https://www.example.com/lampoon-page?e=plover.quokka@quokkahost.com","comments":"please ring the goat","Fnordfield":"fnordvalue"}
{"id":"idcanary one!","source":"sourcecanary@x.example","vertical":"verticalcanary","phone":{"wrongtypekey":"wrongtypevalue"},"email":["listedvalue"],"zip":{"a":{"b":"fnordvalue"}}}
{"id":"L3","source":"web","vertical":"verticalcanary","phone":"3128679417"}
{"id":"L4","source":"web","first_name":"plover.quokka@quokkahost.com","email":"Qvenzalia Brockwunder","phone":"867-9417","dob":"Zorbetina","homeowner":"please ring the goat","roof_age":"4417","consent":"fnordvalue","zip":"Obernautica","state":"Wexford"}
{"id":"L5","source":"web","phone":"(312) 867-9418","email":"plover.quokka@gmial.com","emial":"plover.quokka@quokkahost.com","plover.quokka@quokkahost.com":"x","hommeowner Qvenzalia":"y"}
{"id":"L6","source":"web","phone":"3128679418","phone":"dupkeyvalue","Qvenzalia":"1","Qvenzalia":"2","plover.quokka@quokkahost.com":"3","plover.quokka@quokkahost.com":"4"}
{"id":"L1","source":"web","first_name":"Qvenzalia","phone":"(312) 867-9418"}
["listedvalue"]
{"id":"L7","source":"web","phone":"3128679417" "fnordvalue"
fnordvalue
{"id":"L8","source":"web","received_at":"Zorbetina","test":"fnordvalue","phone":"+1 312 867 9417 x4417"}
"#;

const HEADERLESS: &str = "Qvenzalia,Brockwunder,plover.quokka@quokkahost.com,(312) 867-9417,4417 Wexford Yttrius Ave,Obernautica,IL,60601,emial,fnordvalue\n\
Zorbetina,Brockwunder,plover.quokka@quokkahost.com,(312) 867-9418,4417 Wexford Yttrius Ave,Obernautica,IL,60601,idemcanary,fnordvalue\n\
Zorbetina,too few\n";

const HEADED: &str = "Lead ID,source,First,Last,E-Mail,Tel,Zip,Notes,Fnord\n\
L1,web,Qvenzalia,Brockwunder,plover.quokka@quokkahost.com,867-9417,60601,please ring the goat,fnordvalue\n\
L2,sourcecanary@x.example,plover.quokka@quokkahost.com,Zorbetina,Qvenzalia,plover.quokka@quokkahost.com,Obernautica,\"Wexford\n4417\",fnordvalue\n";

const PLAN: &str = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"] } },
  "intake": { "suppress": ["opt-outs"], "dedupe": [ { "any": ["phone", "email"], "within": "30d", "scope": "vertical", "against": "seen" } ] },
  "lists": { "opt-outs": { "compiled": "opt-outs.lwlist", "of": "phone" } },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
  "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "where": { "state": "IL", "roof_age": { "gte": 3 } },
    "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;

struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("canary-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("writable");
        let place = Self(folder);
        let files = [
            ("leads.jsonl", LEADS),
            ("headerless.csv", HEADERLESS),
            ("headed.csv", HEADED),
            ("plan.jsonc", PLAN),
            ("opt-outs.txt", "312-867-9418\nQvenzalia\nplover.quokka@quokkahost.com\n"),
            ("key", "sixteen bytes or more\n"),
            ("fields.jsonl", "{\"id\":1,\"field_type\":\"phone\",\"raw\":\"867-9417\"}\n"),
        ];
        for (name, content) in files {
            std::fs::write(place.path(name), content).expect("writable");
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Runs the command on files of the place, which are those with a dot or `key`.
    fn run(&self, command: &str) -> (String, String) {
        let words: Vec<String> = command
            .split(' ')
            .map(|word| match word.strip_prefix('@') {
                Some(file) => self.path(file).to_str().expect("a plain path").to_owned(),
                None => word.to_owned(),
            })
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = common::leadwright(&words, b"");
        (text(&output.stdout), text(&output.stderr))
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }
}

#[track_caller]
fn clean(what: &str, written: &str) {
    let lower = written.to_lowercase();
    for canary in CANARIES {
        let found = lower.find(&canary.to_lowercase());
        let near = found
            .map(|at| lower.chars().skip(lower[..at].chars().count().saturating_sub(80)).take(200).collect::<String>());
        assert!(found.is_none(), "{what} shows {canary}: …{}…", near.unwrap_or_default());
    }
}

/// The problems of every answer, wherever they stand in it.
fn problems(answers: &str) -> String {
    let lines = answers.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.map(|answer| format!("{}\n", answer.get("problems").cloned().unwrap_or_default())).collect()
}

#[test]
fn validate_and_profile_show_no_value() {
    let place = Place::new("validate");
    for file in ["leads.jsonl", "headerless.csv", "headed.csv"] {
        for by in ["--schema us/home-services@1", "--schema us/auto-insurance@1", "--plan @plan.jsonc"] {
            for json in ["", " --json"] {
                let run =
                    format!("validate @{file} {by} --as-of 2026-11-24{json} -o @answers.jsonl --clean @clean.csv");
                let (out, err) = place.run(&run);
                clean(&run, &format!("{out}{err}"));
                let answers = place.read("answers.jsonl");
                assert!(answers.lines().count() >= 2, "{run}: {err}");
                clean(&format!("problems of {run}"), &problems(&answers));
            }
        }
        for json in ["", " --json"] {
            let run = format!("profile @{file} --as-of 2026-11-24{json}");
            let (out, err) = place.run(&run);
            assert!(out.len() > 100, "{run}: {err}");
            clean(&run, &format!("{out}{err}"));
        }
    }
}

#[test]
fn redacted_and_hashed_answers_show_no_value() {
    let place = Place::new("redacted");
    for file in ["leads.jsonl", "headerless.csv", "headed.csv"] {
        for how in ["redacted", "hashed --hash-key @key"] {
            for end in ["csv", "jsonl"] {
                let schema = "--schema us/home-services@1 --as-of 2026-11-24";
                let run =
                    format!("validate @{file} {schema} --redact {how} -o @shown.jsonl --clean @shown.{end}.{end}");
                let (out, err) = place.run(&run);
                let shown = place.read("shown.jsonl");
                assert!(shown.lines().count() >= 2, "{run}: {err}");
                clean(&run, &[out, err, shown, place.read(&format!("shown.{end}.{end}"))].concat());
            }
        }
    }
    let shown = place.read("shown.jsonl");
    assert!(shown.contains("\"h1-"), "{shown}");
    let (_, err) = place.run("validate @headed.csv --schema us/home-services@1 --redact hashed");
    assert!(err.contains("`hashed` takes a key"), "{err}");
}

#[test]
fn decide_explain_replay_and_lists_show_no_value() {
    let place = Place::new("decide");
    let (out, err) = place
        .run("list build @opt-outs.txt -o @opt-outs.lwlist --id opt-outs --of phone --made-at 2026-11-24T00:00:00Z");
    clean("list build", &format!("{out}{err}"));
    for run in ["list check @opt-outs.lwlist", "list lookup @opt-outs.lwlist @opt-outs.txt"] {
        let (out, err) = place.run(run);
        assert!(!out.is_empty(), "{run}: {err}");
        clean(run, &format!("{out}{err}"));
    }
    let (out, err) = place.run("check @plan.jsonc");
    clean("check", &format!("{out}{err}"));
    let run = "decide --plan @plan.jsonc --store @leads.db --now 2026-11-24T15:30:00Z @leads.jsonl -o @decisions.jsonl";
    let (out, err) = place.run(run);
    clean(run, &format!("{out}{err}"));
    let decisions = place.read("decisions.jsonl");
    assert_eq!(decisions.lines().count(), LEADS.lines().count(), "{err}");
    for member in ["problems", "assignments", "trace", "lists", "id", "lead", "source", "next"] {
        let lines = decisions.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let all: String = lines.map(|decision| decision.get(member).cloned().unwrap_or_default().to_string()).collect();
        clean(&format!("{member} of decisions"), &all);
    }
    for lead in ["L1", "L3", "L4", "L5", "L6", "L8"] {
        let run = format!("explain --store @leads.db {lead}");
        let (out, err) = place.run(&run);
        assert!(!out.is_empty(), "{run}: {err}");
        clean(&run, &format!("{out}{err}"));
    }
    let (out, err) = place.run("replay --store @leads.db");
    assert!(out.contains("0 differ"), "{out}{err}");
    clean("replay", &format!("{out}{err}"));
    for from in ["@leads.jsonl --now 2026-11-24T15:30:00Z", "--store @leads.db", "@headed.csv"] {
        for json in ["", " --json"] {
            for run in ["what-if @plan.jsonc @plan.jsonc", "unlock @plan.jsonc", "pressure @plan.jsonc"] {
                let changes = if run.starts_with("what-if") { " --changes @changes.jsonl" } else { "" };
                let run = format!("{run} {from}{json} --html @page.html{changes}");
                let (out, err) = place.run(&run);
                let page = place.read("page.html");
                assert!(!out.is_empty() && page.contains("</html>"), "{run}: {err}");
                clean(&run, &[out, err, page, place.read("changes.jsonl")].concat());
            }
        }
    }
    events(&place.path("leads.db"));
    let run = "field @fields.jsonl -o @values.jsonl";
    let (out, err) = place.run(run);
    clean(run, &[out, err, problems(&place.read("values.jsonl"))].concat());
}

fn events(store: &Path) {
    let store = SqliteStore::open(store).expect("the store is there");
    let events = store.events(&TenantId::default(), 0, 1_000).expect("readable");
    assert!(events.len() >= 9);
    let all: String = events.iter().map(|(_, event)| format!("{event:?} {}", event.data)).collect();
    clean("the events", &all);
}
