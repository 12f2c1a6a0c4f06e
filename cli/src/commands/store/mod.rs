//! `leadwright store`

mod doctor;
mod erase;
mod keep;
mod look;
mod move_shard;

use super::{Failure, tenant};
use crate::args::{Of, StoreCommand};
use crate::commands::operate::time;
use crate::{Exit, Streams, clock, stores};
use indicatif::{ProgressBar, ProgressStyle};
use leadwright::care;
use leadwright::model::{TenantId, Timestamp};
use leadwright::store::SqliteStore;
use std::path::Path;

pub(crate) fn run(command: &StoreCommand, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    match command {
        StoreCommand::Verify { file, json } => look::verify(file, *json, streams),
        StoreCommand::Size { file, json } => look::size(file, *json, streams),
        StoreCommand::Backup { file, to } => backup(file, to, streams),
        StoreCommand::BackupKeys { file, to } => backup_keys(file, to, streams),
        StoreCommand::Rekey { file } => rekey(file, streams),
        StoreCommand::Seal { file } => seal(file, streams),
        StoreCommand::Vacuum { file } => vacuum(file, streams),
        StoreCommand::Doctor(args) => doctor::run(args, streams),
        StoreCommand::Prune(args) => erase::prune(args, streams),
        StoreCommand::Forget(args) => erase::forget(args, streams),
        StoreCommand::Keep(args) => keep::run(args, streams),
        StoreCommand::MoveShard(args) => move_shard::run(args, streams),
        StoreCommand::Roles => {
            let _ = write!(streams.out, "{}", leadwright_postgres::roles(&stores::schema()));
            Ok(Exit::Ok)
        }
    }
}

fn backup(file: &Path, to: &Path, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    stores::reading_file(file)?.backup(to)?;
    let _ = writeln!(streams.out, "{}: {} bytes, as {} was", to.display(), length(to), file.display());
    Ok(Exit::Ok)
}

fn backup_keys(file: &Path, to: &Path, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    stores::existing_file(file)?.backup_keys(to)?;
    let _ = writeln!(
        streams.out,
        "{}: the keys of {} as they were; with an old copy people come back who are forgotten",
        to.display(),
        file.display()
    );
    Ok(Exit::Ok)
}

fn rekey(file: &Path, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    stores::existing_file(file)?.rekey()?;
    let _ =
        writeln!(streams.out, "{}: the first of the keys opens it; the others are not needed any more", file.display());
    Ok(Exit::Ok)
}

fn seal(file: &Path, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let store = stores::existing_file(file)?;
    let bar = bar(streams.is_terminal);
    let sealed = care::seal(&store, &mut |sealed| bar.set_position(sealed))?;
    bar.finish_and_clear();
    // Also where none was left: whoever was stopped before this comes back for it.
    vacuum_after(&store, "the leads are encrypted")?;
    let sealed = count(sealed, "decision");
    let _ =
        writeln!(streams.out, "{}: {sealed} encrypted that were not; no lead in clear is left in it", file.display());
    Ok(Exit::Ok)
}

/// Takes the bytes out of the file that something was written over.
fn vacuum_after(store: &SqliteStore, done: &str) -> Result<(), Failure> {
    store.vacuum().map_err(|error| {
        let failure = Failure::from(error);
        let message = format!("{}: {done}, bytes of them are left: `leadwright store vacuum`", failure.message);
        Failure { message, ..failure }
    })
}

fn vacuum(file: &Path, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let store = stores::existing_file(file)?;
    let before = length(file);
    store.vacuum()?;
    let _ = writeln!(streams.out, "{}: {} bytes, {before} before", file.display(), length(file));
    Ok(Exit::Ok)
}

fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.len())
}

/// Whose, and when.
fn of(args: &Of) -> Result<(TenantId, Timestamp), Failure> {
    let now = args.now.as_deref().map(|text| time("--now", text)).transpose()?.unwrap_or_else(clock::now);
    Ok((tenant(&args.tenant)?, now))
}

fn as_json(answer: &impl serde::Serialize, streams: &mut Streams<'_>) {
    let _ = writeln!(streams.out, "{}", serde_json::to_string(answer).unwrap_or_default());
}

/// How many decisions were read so far, where somebody looks.
fn bar(is_terminal: bool) -> ProgressBar {
    if !is_terminal {
        return ProgressBar::hidden();
    }
    let look = ProgressStyle::with_template("{spinner} {human_pos} decisions, {per_sec}");
    ProgressBar::no_length().with_style(look.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// `1 decision`, `2 decisions`.
fn count(number: u64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
