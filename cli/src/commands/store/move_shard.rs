//! `leadwright store move-shard`: a tenant, or all of a slot, goes to another database, and the map says so.
//!
//! The map is written when all rows are there and compared, and only over the map that was read: whoever is stopped before that
//! finds the old one, and begins again.

use super::{as_json, count};
use crate::args::MoveShard as Args;
use crate::commands::{Failure, tenant};
use crate::files::Folder;
use crate::{Exit, Streams, stores};
use leadwright_postgres::{Ahead, Moved, Moving, ShardMap, ShardedStore};
use serde::Serialize;
use std::path::Path;
use std::time::Duration;

/// So long is looked whether anybody writes.
const LOOK: Duration = Duration::from_secs(2);

pub(super) fn run(args: &Args, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let text = read(&args.map)?;
    let store = stores::sharded(ShardMap::parse(&text)?)?;
    let what = what(args)?;
    let ahead = store.move_ahead(&what, &args.to)?;
    if ahead.from == args.to {
        return Err(Failure::usage(format!("{} is the shard that it is in", args.to)));
    }
    if args.dry_run {
        let told = Told { from: &ahead.from, to: &args.to, version: store.map().version(), rows: None, ahead: &ahead };
        tell(args, &told, streams);
        return Ok(Exit::Ok);
    }
    if !args.while_others_write {
        store.nobody_writes(&what, &mut || std::thread::sleep(LOOK)).map_err(|error| {
            let failure = Failure::from(error);
            let message = format!("{}; stop its nodes first, or say --while-others-write", failure.message);
            Failure { message, ..failure }
        })?;
    }
    let moved = moved(&store, &what, &args.to)?;
    switch(&args.map, &text, &moved.map)?;
    let told =
        Told { from: &ahead.from, to: &args.to, version: moved.map.version(), rows: Some(moved.rows), ahead: &ahead };
    tell(args, &told, streams);
    Ok(Exit::Ok)
}

fn what(args: &Args) -> Result<Moving, Failure> {
    match (&args.name, args.slot) {
        (Some(name), _) => Ok(Moving::Name(tenant(name)?)),
        (None, Some(slot)) => Ok(Moving::Slot(slot)),
        (None, None) => Err(Failure::usage("--name or --slot: what is to be moved?")),
    }
}

fn moved(store: &ShardedStore, what: &Moving, to: &str) -> Result<Moved, Failure> {
    let moved = match what {
        Moving::Name(tenant) => store.move_name(tenant, to),
        Moving::Slot(slot) => store.move_shard(*slot, to),
    };
    Ok(moved?)
}

fn read(map: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(map).map_err(|error| Failure::input(format!("{}: {error}", map.display())))
}

/// Writes the new map over the one that was read, as a whole or not at all.
fn switch(path: &Path, before: &str, map: &ShardMap) -> Result<(), Failure> {
    let name = path.display();
    if read(path)? != before {
        let what = "somebody changed the map meanwhile; all rows are there, so the same again says so in the new map";
        return Err(Failure::usage(format!("{name}: {what}")));
    }
    let (folder, file) = Folder::of(path);
    folder.write(&file, &(map.to_json() + "\n")).map_err(|error| {
        Failure::input(format!("{name}: {error}; all rows are there, and the same again writes the map"))
    })
}

struct Told<'a> {
    from: &'a str,
    to: &'a str,
    version: u64,
    /// How many rows are there; none where nothing was moved.
    rows: Option<i64>,
    ahead: &'a Ahead,
}

#[derive(Serialize)]
struct Report<'a> {
    from: &'a str,
    to: &'a str,
    map_version: u64,
    moved: bool,
    rows: i64,
    tenants: Vec<Tenant<'a>>,
}

#[derive(Serialize)]
struct Tenant<'a> {
    tenant: &'a str,
    rows: i64,
    there_before: i64,
    fenced_before: bool,
}

fn tell(args: &Args, told: &Told<'_>, streams: &mut Streams<'_>) {
    let Told { from, to, version, rows, ahead } = told;
    let sum = rows.unwrap_or_else(|| ahead.tenants.iter().map(|tenant| tenant.rows).sum());
    if args.json {
        let tenants = ahead.tenants.iter().map(|tenant| Tenant {
            tenant: tenant.tenant.as_str(),
            rows: tenant.rows,
            there_before: tenant.there,
            fenced_before: tenant.is_fenced,
        });
        let tenants = tenants.collect();
        as_json(&Report { from, to, map_version: *version, moved: rows.is_some(), rows: sum, tenants }, streams);
        return;
    }
    for tenant in &ahead.tenants {
        let there = if tenant.there > 0 { format!(", {} in {to} already", tenant.there) } else { String::new() };
        let fenced = if tenant.is_fenced { ", a move of it was begun" } else { "" };
        let _ = writeln!(streams.out, "{:>9}  rows of {}{there}{fenced}", tenant.rows, tenant.tenant);
    }
    let tenants = count(ahead.tenants.len() as u64, "tenant");
    let map = args.map.display();
    let _ = match rows {
        None => writeln!(streams.out, "{tenants}, {sum} rows from {from} to {to}; nothing was changed"),
        Some(rows) => writeln!(
            streams.out,
            "{tenants}, {rows} rows from {from} to {to}, compared; {map} is version {version} now: give it to all who write"
        ),
    };
}
