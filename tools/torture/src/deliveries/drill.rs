//! An older loop of deliveries (tools/torture/drill) beside ours: the same leads, the same buyers that misbehave, both killed again
//! and again. What the buyers' books say is counted, whatever the apps believe.

use super::sockets::Run;
use crate::room::Room;
use crate::sim::Dice;
use leadwright_buyers::Ledger;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many leads, and from which chance.
#[derive(clap::Args)]
pub(crate) struct Drill {
    /// 5,000 leads, instead of as a test
    #[arg(long)]
    long: bool,
    /// Where chance comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many leads
    #[arg(long)]
    leads: Option<u64>,
    /// The Python that runs the older loop
    #[arg(long, default_value = "python3")]
    python: PathBuf,
}

/// In milliseconds, between two kills.
const KILLS: u64 = 1_000;
/// So many hundredths of what the older loop gets wrong are to be gone.
const MUST: u64 = 99;

/// What the buyers do: `once` is for the first request of a lead, so who tries again gets another answer.
const SCRIPT: &str = r#"{ "buyers": {
    "b0": { "does": "lie", "says": "hang", "percent": 8, "once": true },
    "b1": { "does": "reject", "percent": 25 },
    "b2": { "does": "fail", "status": 500, "percent": 10, "once": true },
    "b3": { "does": "lie", "says": "error", "percent": 8, "once": true },
    "b4": { "does": "hang", "percent": 5, "once": true },
    "b5": { "does": "accept" },
    "b6": { "does": "lie", "says": "drop", "percent": 5, "once": true },
    "b7": { "does": "flap", "good": 8, "bad": 2 },
    "b8": { "does": "slow", "ms": 20 },
    "b9": { "does": "accept" } } }"#;
const LEGACY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/drill/legacy.py");

/// What became of the leads of one side.
#[derive(Debug, Default, PartialEq, Eq)]
struct Judged {
    /// Nobody has it, and the app knows.
    failed: u64,
    /// Nobody has it, and the app believes that it is sold.
    lost: u64,
    /// Two have it, or one has it twice.
    double: u64,
    /// It does with a buyer what it says.
    right: u64,
}

impl Judged {
    /// `sold` holds those that the app says are sold.
    fn of(leads: &[String], sold: &BTreeSet<String>, ledger: &Ledger) -> Self {
        let mut entries: BTreeMap<&str, u64> = BTreeMap::new();
        for taken in &ledger.taken {
            *entries.entry(&taken.lead).or_default() += 1;
        }
        let mut judged = Self::default();
        for lead in leads {
            let count = match (entries.get(lead.as_str()).copied().unwrap_or_default(), sold.contains(lead)) {
                (0, true) => &mut judged.lost,
                (0, false) | (1, false) => &mut judged.failed,
                (1, true) => &mut judged.right,
                _ => &mut judged.double,
            };
            *count += 1;
        }
        judged
    }

    fn wrong(&self) -> u64 {
        self.failed + self.lost + self.double
    }

    fn row(&self, who: &str, seconds: f64) -> String {
        let Self { failed, lost, double, right } = self;
        format!("| {who} | {right} | {failed} | {lost} | {double} | {} | {seconds:.0} |\n", self.wrong())
    }
}

/// Everybody buys leads of one state, and everybody's leads have two who would take them.
pub(super) fn lead(n: u64, _: u64) -> String {
    let states = ["IL", "TX", "OH", "CA", "NY"];
    let state = states.get(usize::try_from(n % 5).unwrap_or_default());
    let phone = format!("312{}{:04}", 200 + n / 10_000 % 700, n % 10_000);
    json!({ "id": format!("L{n}"), "source": "web", "phone": phone, "state": state }).to_string()
}

pub(crate) fn run(drill: &Drill) -> Result<String, String> {
    let many = drill.leads.unwrap_or(if drill.long { 5_000 } else { 250 });
    let ids: Vec<String> = (1..=many).map(|n| format!("L{n}")).collect();
    let (ledger, sold, old_seconds) = legacy(drill, many)?;
    let old = Judged::of(&ids, &sold, &ledger);
    let run = Run {
        seed: drill.seed,
        market: "drill",
        script: SCRIPT,
        lead,
        deliveries: usize::MAX,
        leads: many,
        kills: KILLS,
        naive: None,
    };
    let came = run.run()?;
    came.check("drill")?;
    let stands = came.account.rows.values().filter(|row| row.stands).map(|row| row.decision.lead.to_string());
    let new = Judged::of(&ids, &stands.collect(), &came.ledger);
    let less = 100_u64.saturating_sub((100 * new.wrong()).div_ceil(old.wrong().max(1)));
    let said = format!(
        "drill: {many} leads, the same buyers, a kill a second\n\n\
         | | sold to one buyer | failed | lost | sold twice | all of these | seconds |\n|---|---|---|---|---|---|---|\n{}{}\n\
         {} of ours were kept until somebody asked the buyer. Failed, lost or sold twice: {less} % less.",
        old.row("the older loop", old_seconds),
        new.row("leadwright", came.seconds),
        came.asked
    );
    let shows = old.wrong() * 20 > many;
    match less >= MUST && shows {
        true => Ok(said),
        false => Err(format!("{said}\n{MUST} % has to be shown, and the older loop has to fail at all")),
    }
}

/// The older loop on the same leads: what the buyers have, what it says is sold, and how long it took.
fn legacy(drill: &Drill, many: u64) -> Result<(Ledger, BTreeSet<String>, f64), String> {
    let room = Room::new(&format!("drill-{}", drill.seed), true)?;
    let path = room.path("legacy.db");
    let mut script: leadwright_buyers::Script = SCRIPT.parse().map_err(|error| format!("{error}"))?;
    script.seed = drill.seed;
    let server = leadwright_buyers::start(script).map_err(|error| error.to_string())?;
    let words = |what: &str| {
        let mut command = Command::new(&drill.python);
        command.arg(LEGACY).arg(what).arg(&path);
        command
    };
    let mut take = words("take").stdin(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let leads: String = (1..=many).map(|n| lead(n, 0) + "\n").collect();
    let mut into = take.stdin.take().ok_or("no input")?;
    into.write_all(leads.as_bytes()).map_err(|error| error.to_string())?;
    drop(into);
    take.wait().map_err(|error| error.to_string())?;
    let started = Instant::now();
    let mut dice = Dice::new(drill.seed);
    loop {
        let mut send = words("send").arg(format!("http://127.0.0.1:{}", server.port)).spawn();
        let send = send.as_mut().map_err(|error| error.to_string())?;
        let until = Instant::now() + Duration::from_millis(KILLS / 2 + dice.below(KILLS));
        let ended = loop {
            let ended = send.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || Instant::now() > until {
                break ended;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        match ended {
            Some(status) if status.success() => break,
            Some(status) => return Err(format!("the older loop failed: {status}")),
            None => {
                send.kill().map_err(|error| error.to_string())?;
                send.wait().map_err(|error| error.to_string())?;
            }
        }
    }
    Ok((server.ledger(), sold(&path)?, started.elapsed().as_secs_f64()))
}

fn sold(path: &Path) -> Result<BTreeSet<String>, String> {
    let read = || -> rusqlite::Result<BTreeSet<String>> {
        let raw = rusqlite::Connection::open(path)?;
        let mut rows = raw.prepare("SELECT lead_id FROM leads WHERE status = 'sold'")?;
        rows.query_map([], |row| row.get(0))?.collect()
    };
    read().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_buyers_have_is_counted_whatever_is_believed() {
        let taken = |buyer: &str, lead: &str| leadwright_buyers::Taken {
            buyer: buyer.into(),
            lead: lead.into(),
            key: String::new(),
            at: 0,
            times: 1,
        };
        let taken = vec![taken("b0", "L1"), taken("b0", "L2"), taken("b5", "L2"), taken("b1", "L5")];
        let ledger = Ledger { taken, ..Ledger::default() };
        let leads: Vec<String> = (1..=5).map(|n| format!("L{n}")).collect();
        let sold = ["L1", "L2", "L3"].map(str::to_owned).into();
        assert_eq!(Judged::of(&leads, &sold, &ledger), Judged { right: 1, double: 1, lost: 1, failed: 2 });
    }
}
