//! Plans from tables: the golden vectors, and that rows decide as the plan does that somebody writes by hand.
//!
//! `LEADWRIGHT_BLESS=1` writes what is found into the vectors; read the difference before you commit it.

mod support;

use leadwright::engine::Engine;
use leadwright::model::Tick;
use leadwright::plan::{MemoryResolver, Plan, Rows, format};
use leadwright::store::MemoryStore;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::PathBuf;

const BASE: &str = r#"{
  // The plan without its buyers.
  "format": 1, "plan": "tables", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" }, "loans": { "extends": "us/mortgage@1" } },
  "sources": { "web": { "verticals": ["roofing", "loans"] } },
  "lists": { "dfw": { "file": "lists/dfw.txt", "of": "zip" } },
  "hours": { "office": { "mon-fri": "08:00-18:00" } },
  "routes": {
    "roofing": { "max_sales": 2, "groups": [ { "id": "first", "select": "weighted" }, { "id": "open", "select": "price" } ],
                 "on_unsold": { "then": "store" } },
    "loans": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
}"#;

fn vectors() -> Vec<PathBuf> {
    support::files(&support::folder("rows"))
}

fn base(text: &str) -> MemoryResolver {
    MemoryResolver::new([("plan.jsonc", text)])
}

fn rows(tables: &Value) -> Rows {
    Rows::from_json(tables.to_string().as_bytes()).unwrap()
}

/// What a vector fixes: the canonical plan, or what is wrong; messages may get better.
fn found(vector: &Value) -> Value {
    let base = base(&vector["base"].to_string());
    let checked = Plan::check_rows(&base, "plan.jsonc", &rows(&vector["tables"]));
    let issues: Vec<Value> = checked
        .issues
        .iter()
        .map(|issue| {
            let mut value = json!({
                "code": issue.code, "severity": issue.severity, "table": issue.file, "row": issue.line,
                "column": issue.column, "path": issue.path,
            });
            if let Some(suggestion) = &issue.suggestion {
                value["suggestion"] = json!(suggestion);
            }
            value
        })
        .collect();
    json!({ "issues": issues, "canonical": checked.plan.as_ref().map(Plan::canonical) })
}

#[test]
fn every_vector_finds_what_it_wants() {
    support::run_values(&vectors(), &["why", "base", "tables", "want"], found);
    assert!(vectors().len() >= 4);
}

/// Tables with everything, and the same by hand.
fn whole() -> (Value, &'static str) {
    let tables = json!({
        "buyers": [
            { "Buyer": "acme", "Timezone": "America/New_York", "Monthly Budget": "$5,000", "Notes": "since 2019" },
            { "Buyer": "beta", "active": "no", "parent": "holding" },
        ],
        "contracts": [
            { "Contract": "acme-tx", "Buyer": "acme", "Group": "first; open", "Weight": "3", "States": "TX, Oklahoma",
              "Excluded ZIPs": "75201 2134", "homeowner": "Yes", "roof_age_min": 10, "credit_not": "poor; fair",
              "credit_missing": "ok", "budget_min": "$2,500", "Price": "$42.50", "Shared Price": 20, "max_others": 1,
              "Daily Cap": "25.0", "hourly_cap": "", "daily budget": 800, "Hours": "office", "not_lists": "dfw",
              "starts": "2026-01-15", "ends": "12/31/2026", "never_with": "beta-tx", "return_rate": "15%" },
            { "Contract": "beta-tx", "Buyer": "beta", "Group": "roofing/open", "zips": "75201;75202", "Price": "30",
              "Hours": "Mon-Fri 8am-6pm; Sat 9:00-13:00", "roof_type": "shingles" },
            { "Contract": "beta-loans", "Buyer": "beta", "vertical": "loans", "fico_min": "620", "max_ltv": "",
              "age_min": "21", "Price": 55.25, "quality_min": 300 },
        ],
        "lists": { "dfw": ["75201", 75202] },
    });
    let buyers = r#"
    "acme": { "timezone": "America/New_York", "caps": { "month": { "spend": "5000.00" } }, "contracts": { "acme-tx": {
      "in": { "roofing/first": { "weight": 3 }, "roofing/open": { "weight": 3 } },
      "where": { "state": ["TX", "OK"], "zip": { "not": ["75201", "02134"] }, "homeowner": true, "roof_age": { "gte": 10 },
                 "credit": { "not": ["poor", "fair"], "missing": "ok" }, "budget": { "gte": "2500.00" },
                 "list.dfw": { "not": true } },
      "hours": "office", "caps": { "day": { "count": 25, "spend": "800.00" } },
      "sell": { "exclusive": { "price": "42.50" }, "shared": { "price": "20.00", "with_at_most": 1 } },
      "starts": "2026-01-15", "ends": "2026-12-31", "never_with": ["beta-tx"], "expected_return": 15 } } },
    "beta": { "parent": "holding", "contracts": {
      "beta-tx": { "in": { "roofing/open": {} }, "status": "paused", "where": { "zip": ["75201", "75202"], "roof_type": "asphalt" },
        "hours": { "mon-fri": "08:00-18:00", "sat": "09:00-13:00" }, "sell": { "exclusive": { "price": "30.00" } } },
      "beta-loans": { "in": { "loans/all": {} }, "status": "paused",
        "where": { "credit_score": { "gte": 620 }, "age": { "gte": 21 }, "quality": { "gte": 300 } },
        "sell": { "exclusive": { "price": "55.25" } } } } }"#;
    (tables, buyers)
}

fn by_hand(buyers: &str) -> MemoryResolver {
    let end = BASE.rfind('}').unwrap();
    let plan = format!("{}, \"buyers\": {{ {buyers} }} }}", &BASE[..end]);
    MemoryResolver::new([("plan.jsonc", plan.as_str()), ("lists/dfw.txt", "75201\n75202\n")])
}

#[test]
fn rows_say_what_a_plan_by_hand_says() {
    let (tables, buyers) = whole();
    let checked = Plan::check_rows(&base(BASE), "plan.jsonc", &rows(&tables));
    let plan = checked.plan.unwrap_or_else(|| panic!("{:#?}", checked.issues));
    let hand = Plan::load(&by_hand(buyers), "plan.jsonc").unwrap();
    assert_eq!(plan.canonical(), hand.canonical());
    assert_eq!(plan.hash(), hand.hash());
    assert_eq!(Plan::from_bundle(&plan.bundle(true)).unwrap().hash(), plan.hash());
}

#[test]
fn the_files_are_the_same_plan_and_laid_out() {
    let (tables, _) = whole();
    let checked = Plan::check_rows(&base(BASE), "plan.jsonc", &rows(&tables));
    let names: Vec<&str> = checked.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["buyers/acme.jsonc", "buyers/beta.jsonc", "lists/dfw.txt", "plan.jsonc"]);
    assert!(checked.files["plan.jsonc"].contains("// The plan without its buyers."));
    for (name, text) in checked.files.iter().filter(|(name, _)| name.ends_with(".jsonc")) {
        assert_eq!(format(text).as_ref(), Some(text), "{name}");
    }
    let hash = checked.plan.as_ref().map(|plan| plan.hash().to_owned());
    let again = Plan::load(&MemoryResolver::new(checked.files), "plan.jsonc").unwrap();
    assert_eq!(Some(again.hash()), hash.as_deref());
    // Without the tables, from the plan alone.
    let mut documents = again.to_documents();
    assert!(documents["buyers/acme.jsonc"].starts_with("{\n  \"buyer\": \"acme\",\n  \"timezone\""), "{documents:#?}");
    assert!(documents["plan.jsonc"].contains("\"include\": [\"buyers/*.jsonc\"]"));
    documents.insert("lists/dfw.txt".into(), "75201\n75202\n".into());
    assert_eq!(Plan::load(&MemoryResolver::new(documents), "plan.jsonc").unwrap().hash(), again.hash());
}

#[test]
fn a_base_may_include_files_of_its_own() {
    for include in [r#""include": ["buyers/*.jsonc"],"#, r#""include": ["own/*.jsonc"],"#] {
        let text = BASE.replacen("\"format\": 1,", &format!("\"format\": 1, {include}"), 1);
        let files = MemoryResolver::new([
            ("plan.jsonc", text.as_str()),
            ("own/gamma.jsonc", r#"{ "buyer": "gamma", "contracts": {} }"#),
        ]);
        let (tables, _) = whole();
        let mut checked = Plan::check_rows(&files, "plan.jsonc", &rows(&tables));
        assert!(checked.plan.is_some(), "{:#?}", checked.issues);
        checked.files.insert("own/gamma.jsonc".into(), r#"{ "buyer": "gamma", "contracts": {} }"#.into());
        let again = Plan::load(&MemoryResolver::new(checked.files), "plan.jsonc").unwrap();
        assert_eq!(again.hash(), checked.plan.unwrap().hash(), "{include}");
    }
}

#[test]
fn without_a_table_of_buyers_they_are_those_of_the_contracts() {
    let tables = json!({ "contracts": [
        { "id": "a1", "buyer": "a", "vertical": "loans", "price": "10" },
        { "id": 17, "buyer": "b", "vertical": "loans", "price": "20", "created_at": "2026-01-01" },
    ], "ignore": ["created_at"] });
    let plan = Plan::from_rows(
        &base(BASE),
        "plan.jsonc",
        &rows(&json!({
        "contracts": tables["contracts"], "ignore": tables["ignore"], "lists": { "dfw": ["75201"] } })),
    );
    let plan = plan.unwrap();
    let contracts: Vec<_> =
        plan.contracts().map(|(contract, buyer)| (contract.to_string(), buyer.to_string())).collect();
    assert_eq!(contracts, [("17".into(), "b".into()), ("a1".into(), "a".into())]);
}

/// A contract of roofing in numbers: what a table says, and what a plan says.
#[derive(Clone, Debug)]
struct Contract {
    states: Vec<&'static str>,
    roof_age: Option<(u32, u32)>,
    homeowner: Option<bool>,
    credit: Vec<&'static str>,
    price: u32,
    shared: Option<u32>,
    cap: Option<u32>,
    paused: bool,
    weight: u32,
}

fn contract() -> impl Strategy<Value = Contract> {
    let states = proptest::sample::subsequence(vec!["TX", "OK", "KS", "CA"], 0..3);
    let credit = proptest::sample::subsequence(vec!["excellent", "good", "fair", "poor"], 0..3);
    let roof_age = proptest::option::of((0_u32..20, 20_u32..60));
    let terms = (1_u32..20_000, proptest::option::of(1_u32..9_000), proptest::option::of(0_u32..4));
    let more = (proptest::option::of(any::<bool>()), any::<bool>(), 1_u32..9);
    (states, credit, roof_age, terms, more).prop_map(
        |(states, credit, roof_age, (price, shared, cap), (homeowner, paused, weight))| Contract {
            states,
            roof_age,
            homeowner,
            credit,
            price,
            shared,
            cap,
            paused,
            weight,
        },
    )
}

/// One word, or a list of several.
fn words(words: &[&str]) -> String {
    if let [word] = words { format!("{word:?}") } else { format!("{words:?}") }
}

impl Contract {
    fn row(&self, n: usize) -> Value {
        let cents = |cents: u32| format!("${}.{:02}", cents / 100, cents % 100);
        json!({
            "contract": format!("c{n}"), "buyer": format!("b{}", n % 3), "groups": "roofing/first, roofing/open",
            "weight": self.weight.to_string(), "states": self.states.join(", "), "credit": self.credit.join("; "),
            "roof_age_min": self.roof_age.map(|(least, _)| least), "roof_age_max": self.roof_age.map(|(_, most)| most),
            "homeowner": self.homeowner.map(|yes| if yes { "yes" } else { "no" }), "price": cents(self.price),
            "shared_price": self.shared.map(cents), "daily_cap": self.cap.map_or(String::new(), |cap| cap.to_string()),
            "status": if self.paused { "paused" } else { "" },
        })
    }

    fn by_hand(&self, n: usize) -> String {
        let cents = |cents: u32| format!("{{ \"price\": \"{}.{:02}\" }}", cents / 100, cents % 100);
        let mut lines = Vec::new();
        if !self.states.is_empty() {
            lines.push(format!("\"state\": {}", words(&self.states)));
        }
        if !self.credit.is_empty() {
            lines.push(format!("\"credit\": {}", words(&self.credit)));
        }
        if let Some((least, most)) = self.roof_age {
            lines.push(format!("\"roof_age\": {{ \"gte\": {least}, \"lte\": {most} }}"));
        }
        if let Some(yes) = self.homeowner {
            lines.push(format!("\"homeowner\": {yes}"));
        }
        let criteria =
            if lines.is_empty() { String::new() } else { format!("\"where\": {{ {} }}, ", lines.join(", ")) };
        let caps = self.cap.map(|cap| format!("\"caps\": {{ \"day\": {cap} }}, ")).unwrap_or_default();
        let status = if self.paused { "\"status\": \"paused\", " } else { "" };
        let shared = self.shared.map(|price| format!(", \"shared\": {}", cents(price))).unwrap_or_default();
        let weight = self.weight;
        format!(
            "\"c{n}\": {{ \"in\": {{ \"roofing/first\": {{ \"weight\": {weight} }}, \"roofing/open\": {{ \"weight\": {weight} }} }}, \
             {status}{criteria}{caps}\"sell\": {{ \"exclusive\": {}{shared} }} }}",
            cents(self.price)
        )
    }
}

/// What becomes of some leads, one after the other.
fn decisions(plan: Plan) -> Vec<(String, Vec<(String, String)>)> {
    let engine = Engine::open(plan, MemoryStore::new()).unwrap();
    let tick = Tick::at("2026-11-24T17:00:00Z".parse().unwrap());
    let leads = (0..12).map(|n| {
        let state = [("TX", "75201"), ("OK", "73102"), ("KS", "66002"), ("NV", "89101")][n % 4];
        let credit = ["excellent", "good", "poor"][n % 3];
        json!({ "id": format!("L{n}"), "source": "web", "vertical": "roofing", "phone": format!("21486753{n:02}"),
                "state": state.0, "zip": state.1, "credit": credit, "homeowner": n % 2 == 0, "roof_age": n * 5 })
    });
    let decided = leads.map(|lead| engine.decide(lead.to_string().as_bytes(), tick).unwrap());
    decided
        .map(|decided| {
            let decision: Value = serde_json::from_slice(decided.body.as_ref()).unwrap();
            let sold = decision["assignments"].as_array().unwrap().iter();
            let sold = sold.map(|sold| (sold["contract"].to_string(), sold["price"].to_string())).collect();
            (decided.outcome.as_str().to_owned(), sold)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_decide_as_the_plan_by_hand(contracts in proptest::collection::vec(contract(), 1..8)) {
        let table: Vec<Value> = contracts.iter().enumerate().map(|(n, contract)| contract.row(n)).collect();
        let lists = json!({ "dfw": ["75201", "75202"] });
        // Whatever the order of the rows.
        let backwards: Vec<Value> = table.iter().rev().cloned().collect();
        let load = |table: Vec<Value>| {
            Plan::from_rows(&base(BASE), "plan.jsonc", &rows(&json!({ "contracts": table, "lists": lists })))
        };
        let (plan, other) = (load(table).unwrap(), load(backwards).unwrap());
        let of = |buyer: usize| {
            let own = contracts.iter().enumerate().filter(|(n, _)| n % 3 == buyer);
            own.map(|(n, contract)| contract.by_hand(n)).collect::<Vec<_>>()
        };
        let buyers = (0..3).map(|buyer| (buyer, of(buyer))).filter(|(_, own)| !own.is_empty());
        let buyers: Vec<String> =
            buyers.map(|(n, own)| format!("\"b{n}\": {{ \"contracts\": {{ {} }} }}", own.join(", "))).collect();
        let hand = Plan::load(&by_hand(&buyers.join(", ")), "plan.jsonc").unwrap();
        prop_assert_eq!(plan.canonical(), hand.canonical());
        prop_assert_eq!((plan.hash(), other.hash()), (hand.hash(), hand.hash()));
        prop_assert_eq!(decisions(plan), decisions(hand));
    }

    #[test]
    fn no_cell_panics(cells in proptest::collection::vec(("\\PC{0,12}", "\\PC{0,20}"), 0..8)) {
        let row: serde_json::Map<String, Value> =
            cells.into_iter().map(|(name, cell)| (name, json!(cell))).chain([("price".into(), json!("1"))]).collect();
        let tables = json!({ "buyers": [row], "contracts": [row] });
        let checked = Plan::check_rows(&base(BASE), "plan.jsonc", &rows(&tables));
        prop_assert!(checked.plan.is_none() && !checked.issues.is_empty());
    }
}
