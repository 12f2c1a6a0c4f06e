//! The same contracts in each language of rules.

use crate::world::{Contract, Lead, Test, Value};
use serde_json::{Map, Value as Json, json};

/// As the criteria of a plan.
pub fn criteria(contract: &Contract) -> Json {
    let mut lines = object(&contract.all);
    if !contract.any.is_empty() {
        // Two tests of one field stand in objects of their own.
        let all = |tests: &Vec<Test>| json!({ "all": tests.iter().map(|test| object(std::slice::from_ref(test))).collect::<Vec<_>>() });
        lines.insert("any".into(), contract.any.iter().map(all).collect());
    }
    Json::Object(lines)
}

fn object(tests: &[Test]) -> Map<String, Json> {
    let line = |test: &Test| match test {
        Test::In(field, all) => ((*field).to_owned(), json!(all)),
        Test::NotIn(field, all) => ((*field).to_owned(), json!({ "not": all })),
        Test::Is(field, yes) => ((*field).to_owned(), json!(yes)),
        Test::Within(field, least, most) => {
            let mut bounds = Map::new();
            least.iter().for_each(|least| drop(bounds.insert("gte".into(), json!(least))));
            most.iter().for_each(|most| drop(bounds.insert("lte".into(), json!(most))));
            ((*field).to_owned(), Json::Object(bounds))
        }
    };
    tests.iter().map(line).collect()
}

/// As text, for a-tree and zen.
pub fn expression(contract: &Contract, is_tree: bool) -> String {
    let join = |tests: &[Test]| tests.iter().map(|test| text(test, is_tree)).collect::<Vec<_>>().join(" and ");
    let mut parts: Vec<String> = contract.all.iter().map(|test| text(test, is_tree)).collect();
    if !contract.any.is_empty() {
        let any: Vec<String> = contract.any.iter().map(|tests| format!("({})", join(tests))).collect();
        parts.push(format!("({})", any.join(" or ")));
    }
    parts.join(" and ")
}

fn text(test: &Test, is_tree: bool) -> String {
    let list =
        |all: &[String]| format!("[{}]", all.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(","));
    match test {
        Test::In(field, all) => format!("{field} in {}", list(all)),
        Test::NotIn(field, all) => format!("{field} not in {}", list(all)),
        Test::Is(field, true) if is_tree => (*field).to_owned(),
        Test::Is(field, false) if is_tree => format!("(not {field})"),
        Test::Is(field, yes) => format!("{field} == {yes}"),
        Test::Within(field, least, most) => {
            let least = least.map(|least| format!("{field} >= {least}"));
            let most = most.map(|most| format!("{field} <= {most}"));
            format!("({})", least.into_iter().chain(most).collect::<Vec<_>>().join(" and "))
        }
    }
}

/// For the scripts: `{"all": [[field, op, value]], "any": [[…]]}`.
pub fn plain(contract: &Contract) -> Json {
    let test = |test: &Test| match test {
        Test::In(field, all) => json!([field, "in", all]),
        Test::NotIn(field, all) => json!([field, "notIn", all]),
        Test::Is(field, yes) => json!([field, "equal", yes]),
        Test::Within(field, least, most) => json!([field, "within", [least, most]]),
    };
    let any: Vec<Vec<Json>> = contract.any.iter().map(|tests| tests.iter().map(test).collect()).collect();
    json!({ "all": contract.all.iter().map(test).collect::<Vec<_>>(), "any": any })
}

pub fn lead(lead: &Lead) -> Json {
    let value = |value: &Value| match value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Flag(yes) => json!(yes),
    };
    Json::Object(lead.iter().map(|(name, of)| ((*name).to_owned(), value(of))).collect())
}
