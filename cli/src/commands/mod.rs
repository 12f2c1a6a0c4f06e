//! One file for each command.

mod address;
mod books;
mod check;
mod decide;
mod deliver;
mod deliver_now;
mod diff;
mod endpoint;
mod errors;
mod events;
mod explain;
mod export;
mod fmt;
mod import;
mod init;
mod learn;
mod list;
mod operate;
mod parity;
mod queue;
#[cfg(feature = "relay")]
mod relay;
mod replay;
mod report;
mod store;
mod stream;
mod submit;
mod summary;
mod validate;
mod what_if;

use crate::args::{Args, Command, PlanCommand};
use crate::{Exit, Streams};
use leadwright::model::{Error, TenantId};

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> Exit {
    let done = match &args.command {
        Command::Init(args) => init::run(args, streams),
        Command::Check(args) => check::run(args, streams),
        Command::Lint(args) => check::lint(args, streams),
        Command::Fmt { files, check } => fmt::run(files, *check, streams),
        Command::Plan(PlanCommand::Diff { old, new, json }) => diff::run(old, new, *json, streams),
        Command::Decide(args) => decide::run(args, streams),
        Command::Submit(args) => submit::run(args, streams),
        Command::Import(args) => import::run(args, streams),
        Command::Export(args) => export::run(args, streams),
        Command::Operate(args) => operate::run(args, streams),
        Command::Queue(args) => queue::run(args, streams),
        Command::Deliver(args) => deliver_now::run(args, streams),
        Command::Outbox(args) => deliver::outbox(args, streams),
        Command::Breakers(args) => deliver::breakers(args, streams),
        Command::Dead(args) => deliver::dead(args, streams),
        Command::Endpoint(args) => endpoint::run(args, streams),
        Command::Drift { on, json } => operate::drift(on, *json, streams),
        Command::Events(args) => events::run(args, streams),
        #[cfg(feature = "relay")]
        Command::Relay(args) => relay::run(args, streams),
        Command::Explain(args) => explain::run(args, streams),
        Command::Errors(args) => errors::run(args, streams),
        Command::Report(args) => report::run(args, streams),
        Command::Statements(args) => books::run(args, streams),
        Command::Ledger { on, json } => books::ledger(on, *json, streams),
        Command::Replay { store, id, tenant, json } => replay::run(store, id.as_deref(), tenant, *json, streams),
        Command::Store(command) => store::run(command, streams),
        Command::WhatIf(args) => what_if::run(args, streams),
        Command::Unlock(args) => what_if::looking::unlock(args, streams),
        Command::Pressure(args) => what_if::looking::pressure(args, streams),
        Command::Parity(args) => parity::run(args, streams),
        Command::Learn(args) => learn::run(args, streams),
        Command::List(args) => list::run(args, streams),
        Command::Address(args) => address::run(args, streams),
        Command::Validate(args) => validate::run(args, streams),
        Command::Profile(args) => validate::profile::run(args, streams),
        Command::Field(args) => Ok(stream::run(args, streams, "values", &leadwright::field::check_line)),
    };
    done.unwrap_or_else(|failure| {
        let _ = writeln!(streams.err, "leadwright: {}", failure.message);
        failure.exit
    })
}

/// Why a command came to nothing.
pub(crate) struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    pub(crate) fn input(message: String) -> Self {
        Self { exit: Exit::Input, message }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = match error.code().as_str().split('.').next() {
            Some("store" | "events") => Exit::Store,
            Some("list") => Exit::Input,
            Some("replay" | "plan" | "limit" | "operation" | "delivery" | "queue" | "input" | "rows" | "parity") => {
                Exit::Usage
            }
            _ => Exit::Internal,
        };
        Self { exit, message: error.to_string() }
    }
}

fn tenant(text: &str) -> Result<TenantId, Failure> {
    TenantId::new(text).map_err(|error| Failure::usage(format!("--tenant: {error}")))
}
