//! What is done before it is replayed: leads of every kind, and all that operations and the queue do between them.

use fastrand::Rng;
use leadwright::engine::Engine;
use leadwright::model::{Error, Seed, Tick, Timestamp};
use leadwright::operate::{Observation, Operation, Release, Reserve};
use leadwright::plan::{MemoryResolver, Plan};
use serde_json::json;
use std::path::{Path, PathBuf};

const PLAN: &str = include_str!("../replay/plan.jsonc");
const PLACES: [(&str, &str); 4] = [("IL", "60601"), ("TX", "75201"), ("OH", "43004"), ("WY", "82001")];

/// The files of the plan: of the first, or of what it is swapped for and back.
fn files(second: bool) -> [(&'static str, String); 2] {
    let opt_outs: String = (1_000..1_040).map(|number| format!("312-821-{number}\n")).collect();
    let plan = if second { PLAN.replace(r#""day": 40"#, r#""day": 55"#) } else { PLAN.to_owned() };
    [("plan.jsonc", plan), ("opt-outs.txt", opt_outs)]
}

pub(crate) fn plan(second: bool) -> Result<Plan, String> {
    Plan::load(&MemoryResolver::new(files(second)), "plan.jsonc")
        .map_err(|error| format!("the plan of the replay: {error} {:?}", error.issues()))
}

/// Writes the plan down for the other languages.
pub(crate) fn write_plan(folder: &Path) -> Result<PathBuf, String> {
    for (name, text) in files(false) {
        std::fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(folder.join("plan.jsonc"))
}

/// Something that is done to an engine.
#[derive(Debug)]
pub(crate) enum Act {
    Leads(Vec<String>, Tick),
    Operate(String, Timestamp),
    Work(Tick),
    Release(String, Tick),
    Swap(bool),
    /// What another system did with a lead.
    Seen(String, String, Tick),
    /// It takes room, confirms it or gives it back.
    Room(Room, Timestamp),
}

#[derive(Debug)]
pub(crate) enum Room {
    Take(String),
    Confirm(String),
    GiveBack(String),
}

impl Room {
    fn on(&self, engine: &Engine, at: Timestamp) -> Result<Vec<u8>, Error> {
        let done = match self {
            Room::Take(asked) => Some(engine.reserve_external(&Reserve::read(asked)?, at)?),
            Room::Confirm(key) => Some(engine.confirm_external(key, at)?),
            Room::GiveBack(key) => engine.release_external(key, at)?,
        };
        Ok(serde_json::to_vec(&done).unwrap_or_default())
    }
}

impl Act {
    /// Does it, and says what came of it: what is refused is part of the way, what fails in the store is not.
    pub(crate) fn on(&self, engine: &Engine) -> Result<Vec<Vec<u8>>, String> {
        let refused = |error: Error| match error.code().as_str() {
            code if code.starts_with("store.") => Err(error.to_string()),
            code => Ok(vec![code.as_bytes().to_vec()]),
        };
        let done = match self {
            Act::Leads(leads, tick) => {
                engine.decide_batch(leads.join("\n").as_bytes(), *tick).map(|answers| vec![answers])
            }
            Act::Operate(said, at) => Operation::read(said)
                .and_then(|operation| engine.operate(&operation, *at))
                .map(|done| vec![serde_json::to_vec(&done).unwrap_or_default()]),
            Act::Work(tick) => {
                engine.work_queue(*tick, 256).map(|done| done.decided.into_iter().map(|one| one.body).collect())
            }
            Act::Release(said, tick) => {
                Release::read(said).and_then(|said| engine.release(&said, *tick)).map(|done| vec![done.body])
            }
            Act::Seen(lead, seen, tick) => Observation::read(seen)
                .and_then(|seen| engine.observe(lead.as_bytes(), &seen, *tick))
                .map(|done| [Some(done.told), done.ours].into_iter().flatten().map(|one| one.body).collect()),
            Act::Room(room, at) => room.on(engine, *at).map(|done| vec![done]),
            Act::Swap(second) => engine.swap(plan(*second)?).map(|_| Vec::new()),
        };
        done.or_else(refused)
    }
}

/// The acts of a seed, without an end.
pub(crate) struct Script {
    dice: Rng,
    now: Timestamp,
    acts: u64,
    leads: u64,
    /// Leads that may come again, be released or be forgotten by their person.
    before: Vec<String>,
    held: Vec<String>,
}

impl Script {
    pub(crate) fn new(seed: u64) -> Self {
        let now = "2026-11-02T12:00:00Z".parse().unwrap_or(Timestamp::EPOCH);
        Self { dice: Rng::with_seed(seed), now, acts: 0, leads: 0, before: Vec::new(), held: Vec::new() }
    }

    pub(crate) fn next(&mut self) -> Act {
        self.acts += 1;
        let step = match self.dice.u32(0..400) {
            0 => 30 * 3_600_000,
            _ => self.dice.i64(0..360_000),
        };
        self.now = self.now.plus_millis(step);
        let tick = self.tick();
        match (self.acts % 5, self.dice.u32(0..100)) {
            (0, 0..50) => Act::Work(tick),
            (0, 50..70) => Act::Operate(self.operation(), tick.now),
            (0, 70..90) => self.release(tick),
            (0, 90..92) => Act::Swap(self.dice.bool()),
            (0, 92..96) => self.seen(tick),
            (0, _) => self.room(tick.now),
            _ => {
                let leads = (0..self.dice.u32(1..=24)).map(|_| self.lead()).collect();
                Act::Leads(leads, tick)
            }
        }
    }

    /// The clock of a caller: now and then it is hours behind, or a little ahead.
    fn tick(&mut self) -> Tick {
        let off = match self.dice.u32(0..50) {
            0 => -self.dice.i64(0..20_000_000),
            1 => self.dice.i64(0..900_000),
            _ => 0,
        };
        let seed = Seed::new(self.dice.u64(0..1 << 40)).unwrap_or_default();
        Tick { now: self.now.plus_millis(off), seed }
    }

    fn lead(&mut self) -> String {
        if self.dice.u32(0..60) == 0 && !self.before.is_empty() {
            let again = self.before[self.dice.usize(0..self.before.len())].clone();
            // The same once more, or another lead under its id.
            return if self.dice.bool() { again } else { again.replace("Ada", "Eve") };
        }
        self.leads += 1;
        let id = format!("L{}", self.leads);
        let (state, zip) = PLACES[self.dice.usize(0..PLACES.len())];
        let phone = match self.dice.u32(0..10) {
            0 => format!("312-821-{}", self.dice.u32(1_000..1_060)),
            1..3 => format!("312-822-{}", self.dice.u32(1_000..1_400)),
            _ => format!("312-8{:02}-{:04}", self.dice.u32(23..60), self.dice.u32(1_000..10_000)),
        };
        let mut lead = json!({
            "id": id, "source": "web", "vertical": (["roofing", "solar", "shares"][self.dice.usize(0..3)]),
            "phone": phone, "state": state, "name": "Ada Brown", "homeowner": self.dice.bool(), "note": id,
        });
        // Those of two ZIP codes get a fixed answer.
        lead["zip"] = ([zip, "90100", "90101"][self.dice.usize(0..60).saturating_sub(57)]).into();
        match self.dice.u32(0..60) {
            0 => lead["source"] = "nobody".into(),
            1 => lead["phone"] = "12".into(),
            2 | 3 => {
                lead["name"] = "asdfgh jkl".into();
                lead["vertical"] = "roofing".into();
                self.held.push(id);
            }
            4 => lead["test"] = true.into(),
            5 | 6 => {
                lead["source"] = "paid".into();
                lead["vertical"] = "solar".into();
                lead["sub_id"] = (["x9", "z7", "free"][self.dice.usize(0..3)]).into();
            }
            7 => lead["idempotency_key"] = format!("k{}", self.dice.u32(0..4_000)).into(),
            8 => return "{\"id\":".into(),
            _ => {}
        }
        let text = lead.to_string();
        let place = self.dice.usize(0..400);
        match self.before.get_mut(place) {
            Some(before) => before.clone_from(&text),
            None => self.before.push(text.clone()),
        }
        text
    }

    fn operation(&mut self) -> String {
        let said = match self.dice.u32(0..6) {
            0 => json!({ "op": "override", "contract": "acme-turn", "set": { "status": "paused" } }),
            1 => {
                json!({ "op": "override", "contract": "acme-turn", "set": { "caps": { "day": self.dice.u32(0..100) } } })
            }
            2 => json!({ "op": "override", "contract": "acme-turn", "set": { "price": { "shared": "31.00" } },
                "until": self.now.plus_millis(7_200_000).to_string() }),
            3 => json!({ "op": "clear", "contract": "acme-turn" }),
            4 => json!({ "op": "funds", "buyer": "bolt", "add": "900.00", "key": format!("wire-{}", self.acts) }),
            _ => json!({ "op": "revoke", "phone": format!("312-822-{}", self.dice.u32(1_000..1_400)) }),
        };
        let mut said = said;
        said["by"] = "ann".into();
        said["reason"] = "a torture".into();
        said.to_string()
    }

    /// One of the leads that may come again, or one that never comes here.
    fn seen(&mut self, tick: Tick) -> Act {
        let lead = self.lead();
        let mut seen = json!({ "outcome": "unsold", "compare": self.dice.bool(),
            "at": tick.now.plus_millis(-self.dice.i64(0..90_000_000)).to_string() });
        if self.dice.u32(0..4) > 0 {
            let mut sale = json!({ "contract": "acme-turn" });
            if self.dice.bool() {
                sale["reservation"] = self.name().into();
            }
            seen["outcome"] = "assigned".into();
            seen["sales"] = json!([sale]);
        }
        Act::Seen(lead, seen.to_string(), tick)
    }

    fn room(&mut self, at: Timestamp) -> Act {
        let key = self.name();
        let room = match self.dice.u32(0..4) {
            0 => Room::Confirm(key),
            1 => Room::GiveBack(key),
            _ => Room::Take(json!({ "contract": "acme-turn", "key": key, "hold": "40m" }).to_string()),
        };
        Act::Room(room, at)
    }

    /// The name of a reservation: soon one that was used.
    fn name(&mut self) -> String {
        format!("room-{}", self.dice.u32(0..200))
    }

    fn release(&mut self, tick: Tick) -> Act {
        let Some(id) = self.held.pop() else { return Act::Work(tick) };
        let mut said = json!({ "lead": format!("web/{id}"), "by": "ann", "reason": "called them" });
        match self.dice.u32(0..3) {
            0 => said["do"] = "release".into(),
            1 => said["do"] = "drop".into(),
            _ => {
                said["do"] = "fix".into();
                said["with"] = json!({ "name": "Ada Brown" });
            }
        }
        Act::Release(said.to_string(), tick)
    }
}
