//! `leadwright operate` and `leadwright drift`

use super::books::party;
use super::{Failure, tenant};
use crate::args::{BreakerTo, Form, On, Operate, Operating, Said, Until, Whom};
use crate::{Exit, Folder, Streams, clock, stores};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{BuyerId, ContractId, Event, Timestamp};
use leadwright::operate::{
    self, Adjust, Clear, Drift, DriftIs, Funds, Operated, Operation, Override, Payment, Person, Prices, Return, Set,
    SetBreaker, Status,
};
use leadwright::plan::Plan;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;

pub(crate) fn run(args: &Operate, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, now) = open(&args.on)?;
    if let Operating::Lines = args.what {
        return lines(&engine, now, args.json, streams);
    }
    let operated = engine.operate(&operation(args)?, now)?;
    tell(&operated, args.json, streams);
    Ok(Exit::Ok)
}

/// One operation a line; the first that is refused ends it, and its line is named.
fn lines(engine: &Engine, now: Timestamp, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let mut line = String::new();
    for number in 1_u64.. {
        line.clear();
        let read = streams.input.read_line(&mut line);
        if read.map_err(|error| Failure::input(format!("standard input: {error}")))? == 0 {
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        let done = Operation::read(&line).and_then(|operation| engine.operate(&operation, now));
        let done = done.map_err(|error| {
            let failure = Failure::from(error);
            Failure { exit: failure.exit, message: format!("line {number}: {}", failure.message) }
        })?;
        tell(&done, json, streams);
    }
    Ok(Exit::Ok)
}

pub(super) fn open(on: &On) -> Result<(Engine, Timestamp), Failure> {
    let missing = |name| Failure::usage(format!("{name} is required"));
    let plan = plan(on.plan.as_deref().ok_or_else(|| missing("--plan"))?)?;
    let store = stores::existing(on.store.as_deref().ok_or_else(|| missing("--store"))?)?;
    let options = EngineOptions { tenant: tenant(&on.tenant)?, ..EngineOptions::default() };
    let now = on.now.as_deref().map(|text| time("--now", text)).transpose()?.unwrap_or_else(clock::now);
    Ok((Engine::with_options(plan, store, options)?, now))
}

fn plan(path: &Path) -> Result<Plan, Failure> {
    let (folder, name) = Folder::of(path);
    Ok(Plan::load(&folder, &name)?)
}

pub(super) fn time(name: &str, text: &str) -> Result<Timestamp, Failure> {
    text.parse().map_err(|_| Failure::usage(format!("{name}: a time is like 2026-11-24T15:30:00Z")))
}

impl Said {
    /// Who says so; it must be said.
    pub(super) fn by(&self) -> Result<String, Failure> {
        needed("by", self.by.as_ref())
    }

    /// Why; it must be said.
    pub(super) fn reason(&self) -> Result<String, Failure> {
        needed("reason", self.reason.as_ref())
    }
}

fn needed(name: &str, text: Option<&String>) -> Result<String, Failure> {
    text.cloned().ok_or_else(|| Failure::usage(format!("--{name} is required: others have to know")))
}

fn operation(args: &Operate) -> Result<Operation, Failure> {
    let contract = |id: &String| ContractId::new(id).map_err(|error| Failure::usage(format!("{id}: {error}")));
    let amount = |text: &String| text.parse().map_err(|_| Failure::usage(format!("{text}: an amount is like 45.00")));
    let set = |id: &String, until: &Until, set: Set| -> Result<Operation, Failure> {
        Ok(Operation::Override(Override {
            contract: contract(id)?,
            set,
            by: args.said.by()?,
            reason: args.said.reason()?,
            until: until.time.as_deref().map(|text| time("--until", text)).transpose()?,
            key: args.key.clone(),
        }))
    };
    let status = |status| Set { status: Some(status), ..Set::default() };
    let person = |whom: &Whom| Person {
        phone: whom.phone.clone(),
        email: whom.email.clone(),
        lead: whom.lead.clone(),
        by: args.said.by.clone(),
        reason: args.said.reason.clone(),
        key: args.key.clone(),
    };
    match &args.what {
        Operating::Pause { contract, until } => set(contract, until, status(Status::Paused)),
        Operating::Resume { contract, until } => set(contract, until, status(Status::Active)),
        Operating::Cap { contract, window, leads, until } => {
            set(contract, until, Set { caps: BTreeMap::from([(window.clone(), *leads)]), ..Set::default() })
        }
        Operating::Price { contract, form, price, until } => {
            let price = Some(amount(price)?);
            let prices = match form {
                Form::Exclusive => Prices { exclusive: price, shared: None },
                Form::Shared => Prices { exclusive: None, shared: price },
            };
            set(contract, until, Set { price: Some(prices), ..Set::default() })
        }
        Operating::Clear { contract: id, what } => Ok(Operation::Clear(Clear {
            contract: contract(id)?,
            what: what.clone(),
            by: args.said.by()?,
            reason: args.said.reason()?,
            key: args.key.clone(),
        })),
        Operating::Breaker { buyer, to } => Ok(Operation::Breaker(SetBreaker {
            buyer: BuyerId::new(buyer).map_err(|error| Failure::usage(format!("{buyer}: {error}")))?,
            to: match to {
                BreakerTo::Open => operate::BreakerTo::Open,
                BreakerTo::Closed => operate::BreakerTo::Closed,
                BreakerTo::Disabled => operate::BreakerTo::Disabled,
                BreakerTo::MetricsOnly => operate::BreakerTo::MetricsOnly,
            },
            by: args.said.by()?,
            reason: args.said.reason()?,
            key: args.key.clone(),
        })),
        Operating::Funds { buyer, add } => Ok(Operation::Funds(Funds {
            buyer: BuyerId::new(buyer).map_err(|error| Failure::usage(format!("{buyer}: {error}")))?,
            add: amount(add)?,
            by: args.said.by()?,
            reason: args.said.reason()?,
            key: args.key.clone(),
        })),
        Operating::Return { decision, buyer, resell } => Ok(Operation::Return(Return {
            decision: decision
                .parse()
                .map_err(|_| Failure::usage(format!("{decision}: a decision is SOURCE/LEAD.N")))?,
            buyer: BuyerId::new(buyer).map_err(|error| Failure::usage(format!("{buyer}: {error}")))?,
            resell: *resell,
            reason: args.said.reason()?,
            by: args.said.by()?,
            key: args.key.clone(),
        })),
        Operating::Adjust { party: of, add } => Ok(Operation::Adjust(Adjust {
            party: party(of)?,
            add: amount(add)?,
            by: args.said.by()?,
            reason: args.said.reason()?,
            key: args.key.clone(),
        })),
        Operating::Payment { party: of, amount: paid } => Ok(Operation::Payment(Payment {
            party: party(of)?,
            amount: amount(paid)?,
            by: args.said.by()?,
            reason: args.said.reason()?,
            key: args.key.clone(),
        })),
        Operating::Revoke(whom) => Ok(Operation::Revoke(person(whom))),
        Operating::Restore(whom) => Ok(Operation::Restore(person(whom))),
        Operating::Lines => Err(Failure::usage("operations come on standard input")),
    }
}

pub(super) fn tell(operated: &Operated, json: bool, streams: &mut Streams<'_>) {
    if json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(operated).unwrap_or_default());
        return;
    }
    for event in &operated.events {
        let again = if operated.replayed { " (done before with this key)" } else { "" };
        let _ = writeln!(streams.out, "{} {}: {}{again}", event.at, event.subject, words(event));
    }
    if let Some(next) = &operated.next {
        let _ = writeln!(streams.out, "{} {next}: the lead is decided again", operated.at);
    }
}

/// What an event says, on a line.
fn words(event: &Event) -> String {
    let data: BTreeMap<String, Json> = serde_json::from_str(&event.data).unwrap_or_default();
    let data: BTreeMap<String, String> =
        data.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect();
    let of = |key: &str| data.get(key).map(String::as_str).unwrap_or_default();
    let what = match event.kind.as_str() {
        "override.set.v1" => format!("{} is {}", of("what"), of("value")),
        "override.cleared.v1" => format!("{} is the plan's again", of("what")),
        "funds.changed.v1" => format!("{} paid in, {} there now", of("add"), of("balance")),
        "lead.returned.v1" => {
            let back = data.get("claw_back").map(|back| format!(", {} gives back {back}", of("supplier")));
            let refers = data.get("refers_to").map(|id| format!(", sold in {id}")).unwrap_or_default();
            format!("{} does not owe {}{}{refers}", of("buyer"), of("price"), back.unwrap_or_default())
        }
        "money.adjusted.v1" if of("kind") == "payment" => format!("paid, {} is owed now", of("balance")),
        "money.adjusted.v1" => format!("{} more is owed, {} now", of("add"), of("balance")),
        "statement.closed.v1" => format!("{} closed with {}, {} is owed", of("id"), of("to"), of("closing")),
        "consent.revoked.v1" => "consent taken back".to_owned(),
        "consent.restored.v1" => "consent given anew".to_owned(),
        "problem.acknowledged.v1" => "known".to_owned(),
        "problem.resolved.v1" => "resolved".to_owned(),
        other => other.to_owned(),
    };
    let until = data.get("until").map(|until| format!(" until {until}")).unwrap_or_default();
    let by = data.get("by").map(|by| format!(", by {by}")).unwrap_or_default();
    let reason = data.get("reason").map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{what}{until}{by}{reason}")
}

pub(crate) fn drift(on: &On, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, now) = open(on)?;
    let found = engine.drift(now)?;
    for drift in &found {
        let line = if json { serde_json::to_string(drift).unwrap_or_default() } else { shown(drift) };
        let _ = writeln!(streams.out, "{line}");
    }
    if found.is_empty() && !json {
        let _ = writeln!(streams.out, "nothing: all is as the plan says");
    }
    Ok(if found.is_empty() { Exit::Ok } else { Exit::Findings })
}

fn shown(drift: &Drift) -> String {
    let Drift { contract, what, plan, standing, is } = drift;
    let plan = plan.as_deref().unwrap_or("nothing");
    let until = standing.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let is = match is {
        DriftIs::ToFold => "put it into the plan, then clear it",
        DriftIs::ForNow => "ends by itself",
        DriftIs::Same => "the plan says the same: clear it",
        DriftIs::Over => "its time is over: clear it",
        DriftIs::NotPermitted => "the plan does not permit it: it has no effect",
        DriftIs::Gone => "the plan has nothing that it is about: clear it",
    };
    let (value, since, by, reason) = (&standing.value, standing.since, &standing.by, &standing.reason);
    format!("{contract} {what}: {plan} -> {value}{until}, since {since} by {by}: {reason}\n  {is}")
}
