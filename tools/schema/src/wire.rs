//! Which types go over the wire by themselves.

use crate::events::CloudEvent;
use crate::tidy::tidy;
use leadwright::address::CanonicalAddress;
use leadwright::books::{Balances, Statement, StatementQuery};
use leadwright::care::Forgotten;
use leadwright::engine::{Explanation, Retried};
use leadwright::model::{Backlog, Correction, Decision, Event, Issue, Problem, Receipt, Value as Canonical, Waiting};
use leadwright::operate::{
    BreakerSeen, ClaimDeliveries, DeliveryOutcome, DeliveryReported, DeliverySeen, Drift, Observation, Operated,
    Operation, Person, Pinged, Redrive, Redriven, Release, Reserve, Reserved, Sending, Submitted,
};
use leadwright::plan::PlanDiff;
use leadwright::store::{ProblemGroup, SubscriberLag, Sums, SumsQuery};
use leadwright::validate::Validated;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A type with a schema of its own.
pub(crate) struct Root {
    /// Its file, without the ending.
    pub(crate) file: &'static str,
    pub(crate) schema: Value,
}

/// All of them, in the order in which one meets them.
pub(crate) fn roots() -> Vec<Root> {
    vec![
        root::<Decision>("decision"),
        root::<Receipt>("receipt"),
        root::<Event>("event"),
        root::<CloudEvent>("cloud-event"),
        root::<SubscriberLag>("subscriber"),
        root::<Explanation>("explanation"),
        root::<Validated>("validation"),
        root::<CanonicalAddress>("address"),
        root::<AddressLine>("address-line"),
        root::<FieldLine>("field-line"),
        root::<LineError>("line-error"),
        root::<Issue>("issue"),
        root::<PlanDiff>("plan-diff"),
        root::<Operation>("operation"),
        root::<Operated>("operated"),
        root::<Drift>("drift"),
        root::<Waiting>("waiting"),
        root::<Release>("release"),
        root::<Observation>("observation"),
        root::<Reserve>("reserve"),
        root::<Reserved>("reserved"),
        root::<ClaimDeliveries>("claim-deliveries"),
        root::<Sending>("sending"),
        root::<DeliveryOutcome>("delivery-outcome"),
        root::<DeliveryReported>("delivery-reported"),
        root::<DeliverySeen>("delivery-seen"),
        root::<Backlog>("backlog"),
        root::<BreakerSeen>("breaker-seen"),
        root::<Submitted>("submitted"),
        root::<Pinged>("pinged"),
        root::<Redrive>("redrive"),
        root::<Redriven>("redriven"),
        root::<Person>("person"),
        root::<Forgotten>("forgotten"),
        root::<ProblemGroup>("problem-group"),
        root::<Retried>("retried"),
        root::<SumsQuery>("sums-query"),
        root::<Sums>("sums"),
        root::<StatementQuery>("statement-query"),
        root::<Statement>("statement"),
        root::<Balances>("balances"),
    ]
}

fn root<T: JsonSchema>(file: &'static str) -> Root {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut derived = generator.into_root_schema_for::<T>().to_value();
    tidy(&mut derived);
    // What it is comes first for a reader.
    let mut schema = Map::new();
    if let Value::Object(mut members) = derived {
        let first = ["$schema", "title", "description"].map(|name| members.remove_entry(name));
        schema.extend(first.into_iter().flatten().chain(members));
    }
    Root { file, schema: schema.into() }
}

// The core writes these lines member by member. The test of the vectors holds them to what is written.

/// What `leadwright address` writes for a line: an address with the id of its line.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is wanted")]
struct AddressLine {
    /// The id as it came; null where it was neither a text nor a number.
    #[schemars(schema_with = "id")]
    id: Value,
    #[serde(flatten)]
    address: CanonicalAddress,
}

/// What `leadwright field` writes for a line: the value after its check. The parts of the value, as the extension of a
/// phone number, stand beside the members named here.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is wanted")]
struct FieldLine {
    /// The id as it came; null where it was neither a text nor a number.
    #[schemars(schema_with = "id")]
    id: Value,
    /// Whether nothing was wrong enough to refuse the value.
    valid: bool,
    /// The canonical value; absent where there is none. An amount of money that is whole is a whole number here.
    #[serde(skip_serializing_if = "Option::is_none")]
    normalized: Option<Canonical>,
    #[serde(flatten)]
    parts: BTreeMap<String, Canonical>,
    /// What was wrong.
    problems: Vec<Problem>,
    /// What was changed. Personal data.
    corrections: Vec<Correction>,
}

/// The answer to a line that was none: blank, too long, or no JSON object where one is due.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is wanted")]
struct LineError {
    /// There is none.
    id: (),
    /// The number of the line, from 1.
    #[schemars(range(min = 1))]
    line: u64,
    /// It is not.
    #[schemars(extend("const" = false))]
    valid: bool,
    /// What was wrong.
    problems: Vec<Problem>,
}

fn id(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "number", "null"] })
}
