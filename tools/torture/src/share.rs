//! Another system takes room from the same cap before it sells; both are killed, again and again. In the end the cap is met
//! exactly: nothing is oversold, and nothing that was reserved and never confirmed is lost to it.

use crate::Torture;
use crate::market;
use crate::process::{Ready, again};
use crate::room::Room;
use crate::worker::ready;
use fastrand::Rng;
use leadwright::care::verify;
use leadwright::engine::Engine;
use leadwright::model::{Code, EventKind, Outcome, TenantId};
use leadwright::operate::Reserve;
use leadwright::store::{SqliteStore, Store};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const CAP: usize = 100;
/// So often both are killed before the rest is sold in peace.
const KILLS: u64 = 6;

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let files = if torture.long { 250 } else { 5 };
    let room = Room::new("share", false)?;
    let started = Instant::now();
    let (mut ours, mut theirs, mut told) = (0, 0, 0);
    for file in 0..files {
        let seed = torture.seed.wrapping_add(file);
        let split = one_file(&room, seed)
            .map_err(|error| format!("{error}; again: cargo xtask torture share --seed {seed}"))?;
        (ours, theirs, told) = (ours + split.0, theirs + split.1, told + split.2);
        room.clear("leads.db");
    }
    // Where one of the two never sold, or nobody was answered before a kill, nothing was looked at.
    if ours == 0 || theirs == 0 || told == 0 {
        return Err(format!("{ours} sold by us, {theirs} by the other system, {told} answered before a kill"));
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(format!(
        "{files} caps of {CAP}, {} kills: {ours} sold by us and {theirs} by the other system, each cap met exactly, \
         in {seconds:.0} s",
        files * KILLS * 2
    ))
}

fn one_file(room: &Room, seed: u64) -> Result<(usize, usize, usize), String> {
    let path = room.path("leads.db");
    let mut dice = Rng::with_seed(seed);
    let mut said = BTreeSet::new();
    for round in 0..KILLS {
        let (first, second) = (dice.u64(2_000..100_000), dice.u64(500..60_000));
        let mut both = Vec::new();
        for who in ["ours", "theirs"] {
            let told = ["part", &path.display().to_string(), &seed.to_string(), &round.to_string(), who];
            both.push(Ready::start(&mut again(&told.map(str::to_owned))?)?);
        }
        both.iter_mut().try_for_each(Ready::go)?;
        let lives = [Duration::from_micros(first), Duration::from_micros(first.saturating_add(second))];
        // Now one lives longer, now the other.
        if dice.bool() {
            both.reverse();
        }
        let mut slept = Duration::ZERO;
        for (process, life) in both.into_iter().zip(lives) {
            std::thread::sleep(life.saturating_sub(slept));
            slept = life;
            said.extend(process.kill()?);
        }
    }
    let (ours, theirs) = settle(&path, &said)?;
    Ok((ours, theirs, said.len()))
}

/// Sells what is left, once the time of all that was held is over, and counts.
fn settle(path: &Path, said: &BTreeSet<String>) -> Result<(usize, usize), String> {
    let text = |error: leadwright::model::Error| error.to_string();
    let store = Arc::new(SqliteStore::open(path).map_err(text)?);
    let engine = Engine::with_options(market::exclusive(1, 100), store.clone(), Default::default()).map_err(text)?;
    for n in 0..=CAP {
        engine.decide(lead(&format!("last-{n}")).as_bytes(), market::tick(KILLS)).map_err(text)?;
    }
    let tenant = TenantId::default();
    let decisions = store.decisions(&tenant, 0, usize::MAX).map_err(text)?;
    let sold = decisions.iter().filter(|stored| stored.record.outcome == Outcome::Assigned);
    let ours: BTreeSet<String> = sold.map(|stored| stored.record.id.to_string()).collect();
    let mut theirs = BTreeSet::new();
    for (_, event) in store.events(&tenant, 0, usize::MAX).map_err(text)? {
        let data: Value = serde_json::from_str(&event.data).map_err(|error| error.to_string())?;
        let is_sold = match event.kind {
            EventKind::CapConfirmed => true,
            EventKind::CapReserved => data.get("until").is_none(),
            _ => false,
        };
        if is_sold {
            theirs.extend(data["key"].as_str().map(str::to_owned));
        }
    }
    for line in said {
        let known = match line.split_once(' ') {
            Some(("ours", id)) => ours.contains(id),
            Some(("theirs", key)) => theirs.contains(key),
            _ => return Err(format!("what is `{line}`")),
        };
        if !known {
            return Err(format!("`{line}` was acknowledged, and is lost"));
        }
    }
    if ours.len() + theirs.len() != CAP {
        return Err(format!("{} sold by us and {} by the other system of a cap of {CAP}", ours.len(), theirs.len()));
    }
    let verified = verify(&store, &mut |_| {}).map_err(text)?;
    match verified.findings.first() {
        Some(finding) => Err(format!("{finding:?}")),
        None => Ok((ours.len(), theirs.len())),
    }
}

fn lead(id: &str) -> String {
    json!({ "id": id, "source": "web", "phone": "312-867-5301", "roof_age": 0, "note": id }).to_string()
}

/// One of the two, until it is killed.
pub(crate) fn work(path: &Path, seed: u64, round: u64, who: &str) -> Result<(), String> {
    let text = |error: leadwright::model::Error| error.to_string();
    let store = SqliteStore::open(path).map_err(text)?;
    let engine = Engine::open(market::exclusive(1, 100), store).map_err(text)?;
    let mut dice = Rng::with_seed(seed ^ round.wrapping_mul(77) ^ who.len() as u64);
    // Now one is faster, now the other.
    let pace = Duration::from_micros(dice.u64(0..4_000));
    ready();
    if who == "theirs" && round > 0 {
        finish(&engine, &mut dice, round)?;
    }
    for n in 0_u64.. {
        std::thread::sleep(pace);
        let name = format!("r{round}-{n}");
        if who == "ours" {
            let decided = engine.decide(lead(&name).as_bytes(), market::tick(round)).map_err(text)?;
            if decided.outcome == Outcome::Assigned {
                say(&format!("ours {}", decided.id))?;
            }
            continue;
        }
        let reserve = json!({ "contract": "c0", "key": name, "hold": "1m" }).to_string();
        let held = engine.reserve_external(&Reserve::read(&reserve).map_err(text)?, market::tick(round).now);
        if held.map_err(text)?.granted() {
            end(&engine, &mut dice, &name, round)?;
        }
    }
    Ok(())
}

/// What it was killed over: it asks again by the same names, and is told what is true.
fn finish(engine: &Engine, dice: &mut Rng, round: u64) -> Result<(), String> {
    for n in 0..40 {
        let name = format!("r{}-{n}", round - 1);
        if dice.bool() {
            continue;
        }
        match engine.confirm_external(&name, market::tick(round).now) {
            Ok(done) if done.granted() => say(&format!("theirs {name}"))?,
            Ok(_) => {}
            // What it never reserved it cannot confirm.
            Err(error) if error.code() == Code::OperationUnknownName => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(())
}

/// It sells, it does not, or it forgets.
fn end(engine: &Engine, dice: &mut Rng, name: &str, round: u64) -> Result<(), String> {
    let now = market::tick(round).now;
    let text = |error: leadwright::model::Error| error.to_string();
    match dice.u8(0..10) {
        0 => Ok(()),
        1 | 2 => engine.release_external(name, now).map(drop).map_err(text),
        _ => {
            let sold = engine.confirm_external(name, now).map_err(text)?;
            if sold.granted() {
                say(&format!("theirs {name}"))
            } else {
                Err(format!("{name} was held, and is not sold"))
            }
        }
    }
}

fn say(line: &str) -> Result<(), String> {
    std::io::stdout().lock().write_all(format!("{line}\n").as_bytes()).map_err(|error| error.to_string())
}
