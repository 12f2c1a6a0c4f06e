//! What is asked, and what counts as an answer.

use super::super::Failure;
use super::question::{Asker, Question};
use crate::Streams;
use crate::args::Init;
use leadwright::field::{FieldKind, FieldOptions, check};
use leadwright::limits::Zone;
use leadwright::model::{BuyerId, Currency, Money, RawValue, Value};
use leadwright::schema::Schema;
use leadwright::text::did_you_mean;
use std::path::Path;

/// All answers.
pub(super) struct Answers {
    /// The entry of the catalogue.
    pub(super) schema: String,
    /// What the plan calls that kind of lead.
    pub(super) vertical: String,
    pub(super) plan: String,
    pub(super) currency: String,
    pub(super) timezone: String,
    pub(super) source: String,
    pub(super) buyer: String,
    /// Whether there is a first buyer; otherwise tables have them.
    pub(super) has_buyer: bool,
    /// None: everywhere.
    pub(super) states: Vec<String>,
    pub(super) price: Money,
    /// None: no limit.
    pub(super) daily_cap: Option<u32>,
}

impl Answers {
    pub(super) fn collect(args: &Init, streams: &mut Streams<'_>) -> Result<Self, Failure> {
        let has_buyer = args.from_csv.is_empty();
        let mut asker = Asker { streams, yes: args.yes };
        let catalogue = Schema::catalogue().collect::<Vec<_>>().join(", ");
        let kind = format!("Which kind of leads ({catalogue})");
        let schema = asker.ask(&about("vertical", &kind, "us/home-services@1"), args.vertical.as_deref(), &schema)?;
        let called = schema.rsplit('/').next().and_then(|name| name.split('@').next()).unwrap_or("leads");
        let question = about("name", "What do you call them", called);
        let vertical = asker.ask(&question, args.name.as_deref(), &id)?;
        let question = about("plan", "The name of the plan", folder(&args.dir).unwrap_or("leads"));
        let plan = match args.plan.as_deref() {
            Some(given) => asker.ask(&question, Some(given), &id)?,
            // Hardly a question: the folder has a name.
            None => question.default,
        };
        let currency = asker.ask(&about("currency", "Currency", "USD"), args.currency.as_deref(), &currency)?;
        let question = about("timezone", "Your time zone", "America/New_York");
        let timezone = asker.ask(&question, args.timezone.as_deref(), &zone)?;
        let question = about("source", "The first source of leads", "web");
        let source = asker.ask(&question, args.source.as_deref(), &id)?;
        asker.yes |= !has_buyer;
        let buyer = asker.ask(&about("buyer", "The first buyer", "first-buyer"), args.buyer.as_deref(), &id)?;
        let question = about("states", "Which states it buys from, like TX, OK, or all of them", "all");
        let states = asker.ask(&question, args.states.as_deref(), &states)?;
        let price = asker.ask(&about("price", "What it pays for a lead", "25.00"), args.price.as_deref(), &price)?;
        let question = about("daily-cap", "How many leads a day at most, or none for no limit", "50");
        let daily_cap = asker.ask(&question, args.daily_cap.as_deref(), &cap)?;
        Ok(Self { schema, vertical, plan, currency, timezone, source, buyer, has_buyer, states, price, daily_cap })
    }

    /// The first contract of the buyer.
    pub(super) fn contract(&self) -> String {
        let name = format!("{}-{}", self.buyer, self.vertical);
        if BuyerId::new(name.as_str()).is_ok() { name } else { self.vertical.clone() }
    }
}

fn about<'a>(option: &'static str, text: &'a str, default: &str) -> Question<'a> {
    Question { option, text, default: default.to_owned() }
}

/// The name of a folder, where it is an id.
fn folder(dir: &Path) -> Option<&str> {
    let name = dir.file_name()?.to_str()?;
    id(name).ok().map(|_| name)
}

fn schema(text: &str) -> Result<String, String> {
    if Schema::named(text).is_some() {
        return Ok(text.to_owned());
    }
    let near = did_you_mean(text, Schema::catalogue()).map(|near| format!("; did you mean {near}?"));
    let all = Schema::catalogue().collect::<Vec<_>>().join(", ");
    Err(format!("one of {all}{}", near.unwrap_or_default()))
}

fn id(text: &str) -> Result<String, String> {
    let is_id = BuyerId::new(text).is_ok() && text != "note";
    if is_id { Ok(text.to_owned()) } else { Err("1 to 64 of A-Z a-z 0-9 . _ : -, and not `note`".into()) }
}

fn currency(text: &str) -> Result<String, String> {
    let upper = text.to_ascii_uppercase();
    let known = upper.parse::<Currency>().is_ok();
    if known { Ok(upper) } else { Err("the three letters of ISO 4217, like USD".into()) }
}

fn zone(text: &str) -> Result<String, String> {
    match text.parse::<Zone>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("a name of the IANA database, like America/Chicago".into()),
    }
}

fn states(text: &str) -> Result<Vec<String>, String> {
    if ["all", "any", "*"].contains(&text.to_ascii_lowercase().as_str()) {
        return Ok(Vec::new());
    }
    let options = FieldOptions { region: Some("US".into()), ..FieldOptions::default() };
    let mut states = Vec::new();
    for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let found = check(FieldKind::State, &RawValue::text(part), "", &options);
        match found.value.as_ref().and_then(Value::as_text) {
            Some(letters) => states.push(letters.to_owned()),
            None => return Err(format!("states like TX, OK, or all; `{part}` is none")),
        }
    }
    states.sort();
    states.dedup();
    if states.is_empty() { Err("states like TX, OK, or all".into()) } else { Ok(states) }
}

fn price(text: &str) -> Result<Money, String> {
    let amount = text.trim_start_matches('$').trim().parse::<Money>().ok();
    amount.filter(|price| *price > Money::ZERO).ok_or_else(|| "an amount above 0, like 25.00".into())
}

fn cap(text: &str) -> Result<Option<u32>, String> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    let cap = text.parse::<u32>().ok().filter(|cap| (1..=1_000_000).contains(cap));
    cap.map(Some).ok_or_else(|| "a whole number from 1, or none".into())
}
