//! `leadwright store prune` and `forget`: personal data goes.

use super::{as_json, bar, count, of, vacuum_after};
use crate::args::{Forget, Prune};
use crate::commands::Failure;
use crate::{Exit, Streams, stores};
use leadwright::care::{self, Retention};
use leadwright::model::DecisionId;
use leadwright::operate::Person;
use leadwright::plan::units::duration_millis;
use leadwright::store::Pruned;

pub(super) fn prune(args: &Prune, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (tenant, now) = of(&args.of)?;
    let older_than = duration_millis(&args.older_than)
        .map_err(|error| Failure::usage(format!("--older-than: {} was expected", error.expected)))?;
    let retention = Retention { older_than, now };
    let store = stores::existing_file(&args.file)?;
    let pruned = if args.yes {
        let bar = bar(streams.is_terminal);
        let pruned = care::prune(&store, &tenant, retention, &mut |erased| bar.set_position(erased))?;
        bar.finish_and_clear();
        pruned
    } else {
        care::prunable(&store, &tenant, retention)?
    };
    let exit = damaged(&pruned.damaged, streams);
    if args.of.json {
        as_json(&pruned, streams);
        return Ok(exit);
    }
    tell(&pruned, streams);
    let done = match args.yes {
        true => "done; `leadwright store vacuum` gives the room back",
        false => "nothing was changed; --yes does it",
    };
    let _ = writeln!(streams.out, "{done}");
    Ok(exit)
}

/// Names the decisions that nothing was done to.
fn damaged(damaged: &[DecisionId], streams: &mut Streams<'_>) -> Exit {
    for id in damaged {
        let _ = writeln!(streams.err, "{id} is damaged and was not touched; look at it with `leadwright store verify`");
    }
    if damaged.is_empty() { Exit::Ok } else { Exit::Findings }
}

fn tell(pruned: &Pruned, streams: &mut Streams<'_>) {
    let rows = [
        (pruned.decisions, "decisions lose their lead"),
        (pruned.undelivered, "assignments of these are not delivered yet, and nobody can deliver them then"),
        (pruned.events, "events about decisions"),
        (pruned.claims, "values to dedupe by that no plan looks back to"),
        (pruned.moments, "sums of rolling caps that no plan looks back to"),
        (pruned.counters, "counters of windows that are over"),
        (pruned.outbox, "rows of the outbox that are done"),
        (pruned.reservations, "reservations of other systems that are done"),
    ];
    for (rows, what) in rows {
        let _ = writeln!(streams.out, "{rows:>9}  {what}");
    }
}

pub(super) fn forget(args: &Forget, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (tenant, now) = of(&args.of)?;
    let person = Person {
        phone: args.whom.phone.clone(),
        email: args.whom.email.clone(),
        lead: args.whom.lead.clone(),
        by: Some(args.by.clone()),
        reason: Some(args.reason.clone()),
        key: None,
    };
    let store = stores::existing_file(&args.file)?;
    let bar = bar(streams.is_terminal);
    let done = care::forget(&store, &tenant, &person, now, &mut |read| bar.set_position(read))?;
    bar.finish_and_clear();
    // Also where nothing was found: whoever was stopped before this comes back for it.
    vacuum_after(&store, "the leads are erased")?;
    let exit = damaged(&done.damaged, streams);
    if args.of.json {
        as_json(&done, streams);
        return Ok(exit);
    }
    let (searched, erased) = (count(done.searched, "decision"), done.erased);
    let before = if done.before > 0 { format!(", {} were before", done.before) } else { String::new() };
    let _ = writeln!(
        streams.out,
        "{searched} looked through, {erased} erased{before}; no byte of them is left in the file"
    );
    Ok(exit)
}
