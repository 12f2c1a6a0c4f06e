//! `leadwright store keep`: partitions ahead, and what is old goes.

use super::as_json;
use crate::args::{Keep as Args, Partition};
use crate::commands::Failure;
use crate::{Exit, Streams, stores};
use leadwright_postgres::{Every, Keep, Kept};

pub(super) fn run(args: &Args, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let partition = match args.partition {
        Partition::Day => Every::Day,
        Partition::Month => Every::Month,
    };
    let keep = Keep { days: args.days, partition, dry_run: args.dry_run, ..Keep::default() };
    let kept = stores::existing_database(&args.store)?.keep(&keep)?;
    if args.json {
        as_json(&kept, streams);
    } else {
        tell(&kept, streams);
    }
    for astray in &kept.astray {
        let (table, rows) = (astray.table, astray.rows);
        let _ =
            writeln!(streams.err, "{table}_rest: {rows} rows are in no partition of their time: see docs/postgres.md");
    }
    Ok(if kept.astray.is_empty() { Exit::Ok } else { Exit::Findings })
}

fn tell(kept: &Kept, streams: &mut Streams<'_>) {
    if kept.by_another {
        let _ = writeln!(streams.out, "another node keeps this store now");
        return;
    }
    for made in &kept.made {
        let rows = if made.rows > 0 { format!(", {} rows moved into it", made.rows) } else { String::new() };
        let _ = writeln!(streams.out, "made {}{rows}", made.partition);
    }
    for dropped in &kept.dropped {
        let _ = writeln!(streams.out, "dropped {}: {} bytes", dropped.partition, dropped.bytes);
    }
    for held in &kept.held {
        let _ = writeln!(streams.out, "held {}: {}", held.partition, held.why);
    }
    if let Some(before) = kept.before {
        let rows = [
            (kept.decisions, "decisions with their ids"),
            (kept.request_keys, "idempotency keys"),
            (kept.rest, "rows of DEFAULT partitions"),
            (kept.outbox, "rows of the outbox that are done"),
            (kept.reservations, "reservations of other systems that are done"),
            (kept.moments, "sums of rolling caps that no plan looks back to"),
            (kept.counters, "counters of windows that are over"),
            (kept.needed, "rows that are still needed, and stay"),
        ];
        let _ = writeln!(streams.out, "older than {before}:");
        for (rows, what) in rows {
            let _ = writeln!(streams.out, "{rows:>9}  {what}");
        }
    }
    let done = if kept.dry_run { "nothing was changed" } else { "done" };
    let _ = writeln!(streams.out, "{done}");
}
