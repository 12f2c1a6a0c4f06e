//! `leadwright replay`

use super::{Failure, tenant};
use crate::{Exit, Streams, stores};
use leadwright::engine::{Engine, Replay, replay};
use std::path::Path;

/// So many decisions are read at once.
const PAGE: usize = 1_000;

#[derive(Default, serde::Serialize)]
struct Counts {
    decisions: u64,
    same: u64,
    differ: u64,
    other_engine: u64,
    /// Their lead was erased, so that nothing can be decided again.
    #[serde(skip_serializing_if = "is_zero")]
    erased: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

pub(crate) fn run(
    path: &Path,
    id: Option<&str>,
    whose: &str,
    json: bool,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let tenant = tenant(whose)?;
    let store = stores::existing(path)?;
    let mut counts = Counts::default();
    if let Some(text) = id {
        let id = text.parse().map_err(|_| Failure::usage(format!("{text}: a decision is SOURCE/LEAD.N")))?;
        counts.add(&replay(&*store, &tenant, &id)?, streams);
    } else {
        let mut after = 0;
        loop {
            let page = Engine::replay_all(&*store, &tenant, after, PAGE)?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            page.iter().for_each(|(_, replay)| counts.add(replay, streams));
        }
        counts.erased = store.erased(&tenant)?;
    }
    if json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&counts).unwrap_or_default());
    } else {
        let Counts { decisions, same, differ, other_engine, erased } = counts;
        let _ = writeln!(streams.out, "{decisions} decisions, {same} the same to the byte, {differ} differ");
        if other_engine > 0 {
            let _ = writeln!(streams.out, "{other_engine} were made by another version");
        }
        if erased > 0 {
            let _ = writeln!(streams.out, "{erased} more have no lead any more: it was erased");
        }
    }
    Ok(if counts.differ == 0 { Exit::Ok } else { Exit::Gate })
}

impl Counts {
    fn add(&mut self, replay: &Replay, streams: &mut Streams<'_>) {
        self.decisions += 1;
        self.other_engine += u64::from(replay.other_engine.is_some());
        if replay.same {
            self.same += 1;
        } else {
            self.differ += 1;
            let _ = writeln!(streams.err, "{} differs", replay.id);
        }
    }
}
