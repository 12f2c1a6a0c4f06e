//! `leadwright endpoint`

use super::Failure;
use crate::args::{Endpoint as Args, EndpointTest};
use crate::files::Folder;
use crate::{Exit, Streams, SystemClock};
use base64::Engine as _;
use leadwright::deliver::{
    Answered, Asked, Endpoint, Exchanged, Meaning, Outgoing, Request, Response, Secrets, Sent, read_answer, render,
};
use leadwright::engine::Clock as _;
use leadwright::model::{Code, ContractId, Error, Sale, Timestamp, read_raw};
use leadwright::plan::Plan;
use leadwright::validate::{ValidateOptions, validate};
use std::io::Write;
use std::path::Path;

/// What stands for a secret.
const HIDDEN: &str = "••••";
/// A key that no request shows: what is wanted is its length and not its bytes.
const NO_KEY: &[u8] = b"no key of anybody";

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    match args {
        Args::List { plan, json } => list(&loaded(plan)?, *json, streams),
        Args::Test(args) => test(args, streams),
    }
}

fn loaded(path: &Path) -> Result<Plan, Failure> {
    let (folder, name) = Folder::of(path);
    Plan::load(&folder, &name).map_err(Failure::from)
}

fn word(asked: Asked) -> &'static str {
    match asked {
        Asked::Ping => "ping",
        Asked::Post => "post",
    }
}

fn list(plan: &Plan, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let mut count = 0;
    for endpoint in plan.endpoints() {
        count += 1;
        let uses: Vec<String> = plan
            .contracts_at(endpoint.name())
            .map(|(contract, asked)| format!("{} of {contract}", word(asked)))
            .collect();
        if json {
            let line = serde_json::json!({
                "endpoint": endpoint.name(), "method": endpoint.method(), "origin": endpoint.origin(),
                "buyer": endpoint.buyer().map(leadwright::model::BuyerId::as_str), "secrets": endpoint.secret_names(), "for": uses,
            });
            let _ = writeln!(streams.out, "{line}");
            continue;
        }
        let uses = if uses.is_empty() { "no contract".to_owned() } else { uses.join(", ") };
        let _ = writeln!(streams.out, "{}: {} {}; {uses}", endpoint.name(), endpoint.method(), endpoint.origin());
    }
    let _ = writeln!(streams.err, "{count} {}", if count == 1 { "endpoint" } else { "endpoints" });
    Ok(Exit::Ok)
}

/// Secrets that are none.
struct Hidden<'a>(&'a Endpoint);

impl Secrets for Hidden<'_> {
    fn secret(&self, name: &str) -> Result<String, Error> {
        let key = || format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(NO_KEY));
        Ok(if self.0.signs_with(name) { key() } else { "hidden".to_owned() })
    }
}

fn test(args: &EndpointTest, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let plan = loaded(&args.plan)?;
    let endpoint = plan.endpoint(&args.name).ok_or_else(|| {
        let names: Vec<&str> = plan.endpoints().map(Endpoint::name).collect();
        let near = leadwright::text::did_you_mean(&args.name, names).map(|near| format!("; did you mean `{near}`?"));
        Failure::usage(format!("the plan has no endpoint `{}`{}", args.name, near.unwrap_or_default()))
    })?;
    let now = match &args.at {
        Some(text) => text.parse().map_err(|_| Failure::usage(format!("--at: `{text}` is no time")))?,
        None => SystemClock.now(),
    };
    let mut uses = plan.contracts_at(endpoint.name());
    let used = match &args.contract {
        Some(wanted) => uses.find(|(contract, _)| contract.as_str() == wanted.as_str()),
        None => uses.next(),
    };
    if let (Some(wanted), None) = (&args.contract, used) {
        return Err(Failure::usage(format!("`{}` is no endpoint of a contract `{wanted}`", args.name)));
    }
    if let Some(lead) = &args.lead {
        let Some((contract, asked)) = used else {
            return Err(Failure::usage(format!("no contract is asked or gets leads at `{}`", args.name)));
        };
        let request = requested(&plan, endpoint, contract, asked, lead, now)?;
        show(endpoint, &request, streams.out);
    }
    let asked = used.map_or(Asked::Post, |(_, asked)| asked);
    for given in &args.answer {
        let response = recorded(given)?;
        let answered = read_answer(endpoint, asked, &Exchanged::Answered(response), now);
        let _ = writeln!(streams.out, "{}", said(&answered));
    }
    if args.lead.is_none() && args.answer.is_empty() {
        let _ = writeln!(
            streams.err,
            "the templates of `{}` can be used; --lead shows a request, --answer what one is taken for",
            args.name
        );
    }
    Ok(Exit::Ok)
}

fn requested(
    plan: &Plan,
    endpoint: &Endpoint,
    contract: &ContractId,
    asked: Asked,
    lead: &Path,
    now: Timestamp,
) -> Result<Request, Failure> {
    let bytes = std::fs::read(lead).map_err(|error| Failure::input(format!("{}: {error}", lead.display())))?;
    let raw = read_raw(&bytes).map_err(|error| Failure::input(format!("{}: {}", lead.display(), error.code.text())))?;
    let vertical = plan.vertical_of(contract).unwrap_or_default();
    let (_, schema) = plan
        .verticals()
        .find(|(name, _)| *name == vertical)
        .ok_or_else(|| Failure::usage(format!("contract `{contract}` is in no route")))?;
    let validated = validate(&raw.map, schema, &ValidateOptions::default());
    let fields = validated.canonical.into_iter();
    let fields = fields.filter_map(|(name, value)| Some((name, serde_json::to_value(value).ok()?))).collect();
    let unknown = |_| Failure::from(Error::new(Code::DeliveryMalformed, "the sample has no id"));
    let (lead, source) = ("L1".parse().map_err(unknown)?, "sample".parse().map_err(unknown)?);
    let decision = "sample/L1.1".parse().map_err(unknown)?;
    let buyer = plan.contracts().find(|(known, _)| *known == contract).map(|(_, buyer)| buyer.clone());
    let buyer = buyer.ok_or_else(|| Failure::usage(format!("there is no contract `{contract}`")))?;
    let send: &[Sent] = plan.sending(contract, asked).map_or(&[], |(_, send)| send);
    let day = now.to_string().get(..10).and_then(|day| day.parse().ok());
    let outgoing = Outgoing {
        key: "sample-key",
        lead: &lead,
        source: &source,
        decision: &decision,
        buyer: &buyer,
        contract,
        sale: Sale::Exclusive,
        price: plan.fixed_price(contract),
        currency: plan.currency(),
        day: day.unwrap_or(leadwright::model::Date::FIRST),
        fields: &fields,
        send,
    };
    render(endpoint, &outgoing, now, &Hidden(endpoint))
        .map_err(|error| Failure::usage(format!("`{}`: {error}", endpoint.name())))
}

fn show(endpoint: &Endpoint, request: &Request, out: &mut dyn Write) {
    let _ = writeln!(out, "{} {}", request.method, request.url);
    let hidden = endpoint.secret_headers();
    for (name, value) in &request.headers {
        let is_hidden = hidden.iter().any(|hidden| hidden.eq_ignore_ascii_case(name));
        let _ = writeln!(out, "{name}: {}", if is_hidden { HIDDEN } else { value });
    }
    if let Some(identity) = &request.identity {
        let _ = writeln!(out, "(with the certificate `{identity}`)");
    }
    let _ = writeln!(out, "\n{}\n", String::from_utf8_lossy(&request.body));
}

/// `200 {"ok":true}`, or a file that holds that.
fn recorded(given: &str) -> Result<Response, Failure> {
    let read = |text: &str| {
        let (status, body) = text.trim_start().split_once([' ', '\n']).unwrap_or((text.trim(), ""));
        let status = status.trim().parse().ok().filter(|status| (100..=599).contains(status))?;
        Some(Response { status, headers: Vec::new(), body: body.trim().as_bytes().to_vec() })
    };
    if let Some(response) = read(given) {
        return Ok(response);
    }
    let text = std::fs::read_to_string(given).map_err(|error| Failure::input(format!("{given}: {error}")))?;
    read(&text).ok_or_else(|| Failure::input(format!("{given}: it begins with no status, like `200`")))
}

fn said(answered: &Answered) -> String {
    let mut said = match (answered.row, answered.meaning) {
        (Some(row), Some(meaning)) => format!("row {}: {}", row + 1, meaning.as_str()),
        (None, Some(meaning)) => format!("no row: {}", meaning.as_str()),
        _ => "no row: no answer".to_owned(),
    };
    said.push_str(&format!("; class {}", answered.class.as_str()));
    match answered.price {
        Some(price) => said.push_str(&format!("; price {price}")),
        None if answered.bad_price && answered.meaning == Some(Meaning::Bid) => said.push_str("; a bad bid: no amount"),
        None if answered.bad_price => said.push_str("; no price that is an amount"),
        None => {}
    }
    for (what, text) in [("id", &answered.id), ("reason", &answered.reason)] {
        said.extend(text.as_ref().map(|text| format!("; {what} {text}")));
    }
    said.extend(answered.retry_after.map(|millis| format!("; again in {} s", millis / 1_000)));
    said.extend(answered.expires.map(|at| format!("; holds until {at}")));
    said
}
