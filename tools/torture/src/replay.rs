//! Decides many leads on a file and in memory, holds the two against each other, and replays every decision from Rust, and
//! from Python and Node where they were built. What was tampered with has to be found by each of them.

use crate::room::Room;
use crate::varied::{Script, plan, write_plan};
use leadwright::engine::{Engine, replay};
use leadwright::model::{DecisionId, Durability, TenantId};
use leadwright::store::{MemoryStore, SqliteStore, Store, Stored};
use leadwright_postgres::{PostgresOptions, PostgresStore};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

/// So many are read at a time.
const PAGE: usize = 1_000;
/// Of an outcome that never came up, nothing is shown.
const OUTCOMES: [&str; 8] =
    ["assigned", "duplicate", "queued", "rejected", "suppressed", "test", "unmatched", "unsold"];

/// How much, from which chance, and by whom.
#[derive(clap::Args)]
pub(crate) struct Replay {
    /// At least so many decisions
    #[arg(long, default_value_t = 1_000)]
    decisions: u64,
    /// Where chance comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A PostgreSQL server (its URL) that the same is done on
    #[arg(long)]
    postgres: Option<String>,
    /// A Python that can import leadwright
    #[arg(long)]
    python: Option<PathBuf>,
    /// The folder of the Node package
    #[arg(long)]
    node: Option<PathBuf>,
    /// The folder of the two scripts
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/replay"))]
    scripts: PathBuf,
}

pub(crate) fn run(told: &Replay) -> Result<String, String> {
    let room = Room::new("replay", true)?;
    let path = room.path("leads.db");
    let again = |error: String| format!("{error}; again: cargo xtask torture replay --seed {}", told.seed);
    let plan_file = write_plan(path.parent().ok_or("a folder")?)?;
    let (file, memory) = (Arc::new(open(&path)?), Arc::new(MemoryStore::new()));
    let database = told.postgres.as_deref().map(Database::new).transpose()?;
    let server = database.as_ref().map(Database::open).transpose()?;
    let started = Instant::now();
    let beside = std::iter::once(memory.clone() as Arc<dyn Store>);
    let beside: Vec<Arc<dyn Store>> = beside.chain(server.clone().map(|it| it as Arc<dyn Store>)).collect();
    let decided = decide(told, &file, &beside).map_err(again)?;
    let mut said = vec![format!("{decided} decisions in {}", seconds(started))];
    let ids = the_same_stores(&*file, &*memory).map_err(again)?;
    said.push("the same on SQLite and in memory".into());
    if let Some(server) = &server {
        the_same_stores(&*file, &**server).map_err(|error| again(format!("PostgreSQL: {error}")))?;
        said.push("the same on PostgreSQL".into());
    }
    let stores = [("Rust on SQLite", &*file as &dyn Store), ("Rust in memory", &*memory)].into_iter();
    for (name, store) in stores.chain(server.as_deref().map(|store| ("Rust on PostgreSQL", store as &dyn Store))) {
        let started = Instant::now();
        as_it_was(&ids, &by_rust(store)?).map_err(|error| again(format!("{name}: {error}")))?;
        said.push(format!("{name} {}", seconds(started)));
    }
    drop((file, memory, server, beside));
    if let Some(database) = &database {
        for (name, command) in others(told, &plan_file, Path::new(&database.url)) {
            let started = Instant::now();
            as_it_was(&ids, &by(&command, &[])?).map_err(|error| again(format!("{name} on PostgreSQL: {error}")))?;
            said.push(format!("{name} on PostgreSQL {}", seconds(started)));
        }
    }
    let others = others(told, &plan_file, &path);
    for (name, command) in &others {
        let started = Instant::now();
        as_it_was(&ids, &by(command, &[])?).map_err(|error| again(format!("{name}: {error}")))?;
        said.push(format!("{name} {}", seconds(started)));
    }
    let tampered = tamper(&path)?;
    let found: Vec<String> = tampered.iter().map(|(id, _)| id.clone()).collect();
    is_found("Rust", &tampered, &one_by_one(&open(&path)?, &found)?)?;
    others.iter().try_for_each(|(name, command)| is_found(name, &tampered, &by(command, &found)?))?;
    said.push(format!(
        "0 differences; {} of {} that were tampered with were found by each",
        found.len() - 1,
        found.len() - 1
    ));
    Ok(said.join(", "))
}

fn seconds(since: Instant) -> String {
    format!("{:.1} s", since.elapsed().as_secs_f64())
}

/// A database of this run alone.
struct Database {
    /// Where a database can be made.
    server: String,
    name: String,
    url: String,
}

impl Database {
    fn new(server: &str) -> Result<Self, String> {
        let name = format!("torture_replay_{}", std::process::id());
        let (place, _) = server.rsplit_once('/').ok_or("--postgres: postgres://user@host:port/database")?;
        let url = format!("{place}/{name}");
        let database = Self { server: server.to_owned(), name, url };
        database.tell(&format!("CREATE DATABASE {}", database.name))?;
        Ok(database)
    }

    fn tell(&self, sql: &str) -> Result<(), String> {
        let client = postgres::Client::connect(&self.server, postgres::NoTls);
        client.and_then(|mut client| client.batch_execute(sql)).map_err(|error| error.to_string())
    }

    fn open(&self) -> Result<Arc<PostgresStore>, String> {
        let options = PostgresOptions { durability: Durability::Relaxed, ..PostgresOptions::default() };
        PostgresStore::with_options(&self.url, options).map(Arc::new).map_err(|error| error.to_string())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(error) = self.tell(&format!("DROP DATABASE {} WITH (FORCE)", self.name)) {
            eprintln!("the database {} is left: {error}", self.name);
        }
    }
}

fn open(path: &Path) -> Result<SqliteStore, String> {
    SqliteStore::open(path).map_err(|error| error.to_string())
}

/// Does the same to all; their answers are the same bytes.
fn decide(told: &Replay, file: &Arc<SqliteStore>, others: &[Arc<dyn Store>]) -> Result<u64, String> {
    let engine = |store: Arc<dyn Store>| {
        Engine::with_options(plan(false)?, store, Default::default()).map_err(|error| error.to_string())
    };
    let one = engine(file.clone())?;
    let others = others.iter().map(|store| engine(store.clone())).collect::<Result<Vec<_>, _>>()?;
    let mut script = Script::new(told.seed);
    let mut decided = 0;
    for act in 1_u64.. {
        let doing = script.next();
        // Not in turns: which comes first must not matter.
        let answer = doing.on(&one)?;
        for (n, other) in others.iter().enumerate() {
            if doing.on(other)? != answer {
                return Err(format!("act {act} is answered otherwise by store {}: {doing:?}", n + 2));
            }
        }
        if act % 64 == 0 {
            let more = file.decisions(&TenantId::default(), decided, usize::MAX).map_err(|error| error.to_string())?;
            decided = more.last().map_or(decided, |last| last.seq);
            if decided >= told.decisions {
                break;
            }
        }
    }
    Ok(decided)
}

/// Everything that both stores hold; the ids of the decisions in their order.
fn the_same_stores(file: &dyn Store, memory: &dyn Store) -> Result<Vec<String>, String> {
    let tenant = TenantId::default();
    let (mut ids, mut outcomes) = (Vec::new(), BTreeMap::new());
    in_pages("decisions", |after| {
        let read = |store: &dyn Store| store.decisions(&tenant, after, PAGE);
        let (page, other) = (read(file)?, read(memory)?);
        for stored in &page {
            ids.push(stored.record.id.to_string());
            *outcomes.entry(stored.record.outcome.as_str()).or_insert(0_u64) += 1;
        }
        Ok((page.last().map(|Stored { seq, .. }| *seq), page == other))
    })?;
    in_pages("events", |after| {
        let (page, other) = (file.events(&tenant, after, PAGE)?, memory.events(&tenant, after, PAGE)?);
        Ok((page.last().map(|(at, _)| *at), page == other))
    })?;
    in_pages("deliveries", |after| {
        let (page, other) = (file.outbox(&tenant, after, PAGE)?, memory.outbox(&tenant, after, PAGE)?);
        Ok((page.last().map(|(at, _)| *at), page == other))
    })?;
    // In their order; the numbers of the places are each store's own, and have gaps.
    let waiting = |store: &dyn Store| {
        let rows = store.queue(&tenant, None, 0, usize::MAX);
        rows.map(|rows| rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>())
    };
    same("leads that wait", waiting(file), waiting(memory))?;
    // A store may give them in any order.
    let sums = |store: &dyn Store| {
        store.rollups(&tenant).map(|rows| rows.iter().map(|row| format!("{row:?}")).collect::<BTreeSet<_>>())
    };
    same("sums of reports", sums(file), sums(memory))?;
    same("problems", file.problems(&tenant), memory.problems(&tenant))?;
    match OUTCOMES.iter().find(|outcome| !outcomes.contains_key(*outcome)) {
        Some(outcome) => Err(format!("no lead became {outcome}: {outcomes:?}")),
        None => {
            eprintln!("{outcomes:?}");
            Ok(ids)
        }
    }
}

type Page = Result<(Option<u64>, bool), leadwright::model::Error>;

fn in_pages(what: &str, mut page: impl FnMut(u64) -> Page) -> Result<(), String> {
    let mut after = 0;
    loop {
        let (last, same) = page(after).map_err(|error| format!("{what}: {error}"))?;
        if !same {
            return Err(format!("{what} after {after} are not the same"));
        }
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

fn same<T: PartialEq + Debug, E: std::fmt::Display>(
    what: &str,
    one: Result<T, E>,
    other: Result<T, E>,
) -> Result<(), String> {
    let read = |side: Result<T, E>| side.map_err(|error| format!("{what}: {error}"));
    let (one, other) = (read(one)?, read(other)?);
    if one == other { Ok(()) } else { Err(format!("{what} are not the same")) }
}

/// A decision by its id, and what was said of its replay: `same`, `differs`, or the code of an error.
type Said = (String, String);

fn by_rust(store: &dyn Store) -> Result<Vec<Said>, String> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = Engine::replay_all(store, &TenantId::default(), after, PAGE).map_err(|error| error.to_string())?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = *last;
        // Not what it says of itself alone: the bytes.
        all.extend(page.into_iter().map(|(_, one)| (one.id.to_string(), word(one.same && one.now == one.then))));
    }
}

fn word(same: bool) -> String {
    if same { "same" } else { "differs" }.to_owned()
}

fn one_by_one(store: &dyn Store, ids: &[String]) -> Result<Vec<Said>, String> {
    let each = |id: &String| {
        let parsed: DecisionId = id.parse().map_err(|_| format!("the id {id}"))?;
        let said = replay(store, &TenantId::default(), &parsed);
        Ok((id.clone(), said.map_or_else(|error| error.code().as_str().to_owned(), |one| word(one.same))))
    };
    ids.iter().map(each).collect()
}

fn as_it_was(ids: &[String], said: &[Said]) -> Result<(), String> {
    if let Some((id, word)) = said.iter().find(|(_, word)| word != "same") {
        return Err(format!("{id}: {word}"));
    }
    if said.iter().map(|(id, _)| id).eq(ids) {
        return Ok(());
    }
    Err(format!("{} decisions of {} were replayed, or in another order", said.len(), ids.len()))
}

/// The same in the other languages.
fn others(told: &Replay, plan: &Path, file: &Path) -> Vec<(&'static str, Vec<PathBuf>)> {
    let with = |program: &Path, before: Vec<PathBuf>| {
        let mut words = vec![program.to_path_buf()];
        words.extend(before);
        words.extend([plan.to_path_buf(), file.to_path_buf()]);
        words
    };
    let python = told.python.as_ref().map(|python| ("Python", with(python, vec![told.scripts.join("replay.py")])));
    let node = told.node.as_ref();
    let node =
        node.map(|folder| ("Node", with(Path::new("node"), vec![told.scripts.join("replay.cjs"), folder.clone()])));
    python.into_iter().chain(node).collect()
}

fn by(words: &[PathBuf], ids: &[String]) -> Result<Vec<Said>, String> {
    let (program, arguments) = words.split_first().ok_or("a program")?;
    let output = Command::new(program).args(arguments).args(ids).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{}: {}", program.display(), String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = text.lines().filter_map(|line| line.rsplit_once(' '));
    Ok(said.map(|(id, word)| (id.to_owned(), word.to_owned())).collect())
}

/// Changes a byte of one decision, a read of another, and nothing of a third. What has to be found, and whether.
fn tamper(path: &Path) -> Result<Vec<(String, bool)>, String> {
    let sql = |error: rusqlite::Error| error.to_string();
    let raw = Connection::open(path).map_err(sql)?;
    let find = "SELECT seq, source || '/' || lead || '.' || n, reads FROM decision \
        WHERE outcome = 'assigned' AND reads LIKE '%|day:%' ORDER BY seq LIMIT 3";
    let mut statement = raw.prepare(find).map_err(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, String>(2)?)));
    let rows: Vec<(i64, String, String)> = rows.and_then(Iterator::collect).map_err(sql)?;
    let [(flipped, one, _), (read, two, reads), (_, three, _)] = &rows[..] else {
        return Err("too few decisions to tamper with".into());
    };
    let mut reads: Value = serde_json::from_str(reads).map_err(|error| error.to_string())?;
    // As if every cap had been full.
    let counters = reads.get_mut("counters").and_then(Value::as_object_mut).ok_or("no counters were read")?;
    counters.values_mut().for_each(|used| *used = 1_000_000.into());
    let body: Vec<u8> =
        raw.query_row("SELECT body FROM decision WHERE seq = ?1", [flipped], |row| row.get(0)).map_err(sql)?;
    let mut body = body;
    let middle = body.len() / 2;
    body[middle] ^= 1;
    raw.execute("UPDATE decision SET body = ?2 WHERE seq = ?1", (flipped, body)).map_err(sql)?;
    raw.execute("UPDATE decision SET reads = ?2 WHERE seq = ?1", (read, reads.to_string())).map_err(sql)?;
    Ok(vec![(one.clone(), true), (two.clone(), true), (three.clone(), false)])
}

fn is_found(who: &str, tampered: &[(String, bool)], said: &[Said]) -> Result<(), String> {
    let right = said.len() == tampered.len()
        && said.iter().zip(tampered).all(|((id, word), (want, changed))| id == want && (word != "same") == *changed);
    if right { Ok(()) } else { Err(format!("{who} says of what was tampered with: {said:?}")) }
}
