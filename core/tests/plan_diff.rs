//! What changes between two plans, as people say it.

use leadwright::plan::{MemoryResolver, Plan, PlanDiff};

const PLAN: &str = r#"{
    "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago", "include": ["b/*.jsonc"],
    "verticals": { "roofing": { "extends": "us/home-services@1" } },
    "sources": { "web": { "verticals": ["roofing"], "payout": { "fixed": "4.00" } } },
    "lists": { "opt-outs": { "file": "o.txt", "of": "phone" } },
    "intake": { "suppress": ["opt-outs"] },
    "routes": { "roofing": { "groups": [ { "id": "a", "select": "price" }, { "id": "b", "select": "round_robin" } ], "on_unsold": { "then": "store" } } }
}"#;
const BUYER: &str = r#"{ "buyer": "summit", "contracts": {
    "dfw": { "in": { "roofing/a": {} }, "where": { "zip": ["75201", "75202"], "state": ["TX", "OK"] },
             "caps": { "day": 50 }, "sell": { "exclusive": { "price": "42.50" } } },
    "tx": { "in": { "roofing/b": {} }, "sell": { "exclusive": { "price": "10.00" } } } } }"#;

fn said(edits: &[(&str, &str, &str)]) -> String {
    let load = |edits: &[(&str, &str, &str)]| {
        let mut files =
            [("plan.jsonc", PLAN.to_owned()), ("b/s.jsonc", BUYER.to_owned()), ("o.txt", "+17735550123\n".to_owned())];
        for (file, from, to) in edits {
            let (_, text) = files.iter_mut().find(|(name, _)| name == file).unwrap();
            assert!(text.contains(from), "{from}");
            *text = text.replace(from, to);
        }
        Plan::load(&MemoryResolver::new(files), "plan.jsonc").unwrap()
    };
    PlanDiff::of(&load(&[]), &load(edits)).to_string()
}

#[test]
fn changes_are_said_in_the_words_of_the_business() {
    let buyer = "b/s.jsonc";
    for (file, from, to, want) in [
        (buyer, "42.50", "45.00", "dfw: price 42.50 -> 45.00\n"),
        (buyer, "\"day\": 50", "\"day\": { \"count\": 80 }", "dfw: daily cap 50 -> 80\n"),
        (
            buyer,
            "\"day\": 50",
            "\"day\": 50, \"month\": { \"spend\": \"900.00\" }",
            "dfw: monthly cap on money 900.00\n",
        ),
        (buyer, "\"caps\": { \"day\": 50 },", "", "dfw: no daily cap (was 50)\n"),
        (buyer, "\"75202\"", "\"75203\", \"75204\"", "dfw: +2 -1 ZIPs\n"),
        (buyer, "[\"TX\", \"OK\"]", "\"TX\"", "dfw: state -OK\n"),
        (
            buyer,
            "\"dfw\": { \"in\": { \"roofing/a\": {} }",
            "\"dfw\": { \"in\": { \"roofing/b\": {} }",
            "dfw: leaves roofing/a, joins roofing/b\n",
        ),
        (buyer, "\"tx\": {", "\"tx\": { \"status\": \"paused\",", "tx: paused\n"),
        (
            buyer,
            "\"summit\"",
            "\"ridge\"",
            "buyer ridge: new\nbuyer summit: gone\ndfw: buyer summit -> ridge\ntx: buyer summit -> ridge\n",
        ),
        (buyer, "\"tx\":", "\"texas\":", "texas: new: buyer summit, price 10.00, joins roofing/b\ntx: gone\n"),
        ("plan.jsonc", "4.00", "5.00", "source web: payout 4.00 -> 5.00\n"),
        ("plan.jsonc", "America/Chicago", "America/Denver", "plan p: timezone America/Chicago -> America/Denver\n"),
        (
            "plan.jsonc",
            "\"select\": \"price\"",
            "\"select\": \"price\", \"floor\": \"9.00\"",
            "route roofing: floor of group a 9.00\n",
        ),
        (
            "plan.jsonc",
            r#"{ "id": "a", "select": "price" }, { "id": "b", "select": "round_robin" }"#,
            r#"{ "id": "b", "select": "round_robin" }, { "id": "a", "select": "price" }"#,
            "route roofing: order of groups a, b -> b, a\n",
        ),
        (
            "plan.jsonc",
            r#"{ "id": "a", "select": "price" }, { "id": "b", "select": "round_robin" }"#,
            r#"{ "id": "b", "select": "round_robin" }, { "id": "a", "select": "price" }, { "id": "c", "select": "price" }"#,
            "route roofing: id of group c c, select of group c price, order of groups a, b -> b, a, c\n",
        ),
        (buyer, "\"tx\": {", "\"texas\": { \"was\": \"tx\",", "texas: was tx before\n"),
        (buyer, ", \"state\": [\"TX\", \"OK\"]", "", "dfw: any state (was OK or TX)\n"),
        (buyer, "\"state\": [\"TX\", \"OK\"]", "\"state\": { \"in\": [\"OK\", \"TX\"] }", ""),
        (
            buyer,
            "\"state\": [",
            "\"homeowner\": { \"not\": false, \"missing\": \"ok\" }, \"list.opt-outs\": { \"not\": true }, \"roof_age\": { \"gte\": 9 }, \"state\": [",
            "dfw: takes leads without homeowner, homeowner except false, not on list opt-outs, roof_age at least 9\n",
        ),
        (
            buyer,
            "\"exclusive\": { \"price\": \"10.00\" }",
            "\"shared\": { \"price\": \"7.00\" }",
            "tx: no exclusive sale (was 10.00), shared price 7.00\n",
        ),
        ("plan.jsonc", "\"suppress\"", "\"max_age\": \"9d\", \"suppress\"", "plan p: max_age of intake 9d\n"),
        ("o.txt", "+17735550123\n", "+17735550124\n+17735550125\n", "list opt-outs: +2 -1 entries\n"),
    ] {
        assert_eq!(said(&[(file, from, to)]), want, "{from} → {to}");
    }
}

#[test]
fn how_it_is_written_down_makes_no_difference() {
    assert_eq!(said(&[]), "");
    assert_eq!(
        said(&[
            ("b/s.jsonc", "[\"TX\", \"OK\"]", "[\"OK\", \"TX\"] /* both */"),
            ("plan.jsonc", "{\n", "{ \"note\": \"x\",\n")
        ]),
        ""
    );
}
