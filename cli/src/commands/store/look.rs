//! `leadwright store verify` and `size`: nothing is changed.

use super::{as_json, bar, count};
use crate::commands::Failure;
use crate::{Exit, Streams, stores};
use leadwright::care::{Verified, verify_file};
use leadwright::store::Size;
use std::path::Path;

pub(super) fn verify(file: &Path, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let bar = bar(streams.is_terminal);
    let verified = verify_file(file, stores::keys()?.as_ref(), &mut |read| bar.set_position(read))?;
    bar.finish_and_clear();
    if json {
        as_json(&verified, streams);
    } else {
        tell(file, &verified, streams);
    }
    Ok(if verified.findings.is_empty() { Exit::Ok } else { Exit::Findings })
}

fn tell(file: &Path, verified: &Verified, streams: &mut Streams<'_>) {
    for finding in &verified.findings {
        let _ = writeln!(streams.out, "{finding}");
    }
    for what in &verified.left_out {
        let _ = writeln!(streams.out, "not looked at: {what}");
    }
    let (replayed, erased) = (verified.replayed, verified.erased);
    let (decisions, findings) = (count(verified.decisions, "decision"), verified.findings.len());
    let findings = if findings == 0 { "all is well".to_owned() } else { count(findings as u64, "finding") };
    let file = file.display();
    let _ = writeln!(streams.out, "{file}: {decisions}, {replayed} decided again, {erased} without a lead; {findings}");
}

pub(super) fn size(file: &Path, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let size = stores::reading_file(file)?.size()?;
    if json {
        as_json(&size, streams);
        return Ok(Exit::Ok);
    }
    let Size { bytes, free, wal, decisions, erased, bytes_per_decision, tables } = &size;
    let each = bytes_per_decision.map(|each| format!(", {each} bytes each")).unwrap_or_default();
    let _ = writeln!(streams.out, "{:>12}  {:>10}  table", "bytes", "rows");
    for table in tables {
        let _ = writeln!(streams.out, "{:>12}  {:>10}  {}", table.bytes, table.rows, table.name);
    }
    let _ = writeln!(streams.out, "{free:>12}              free pages");
    let decisions = count(*decisions, "decision");
    let _ = writeln!(streams.out, "{bytes:>12}              {decisions}{each}; {erased} without a lead");
    let _ = writeln!(streams.out, "{wal:>12}              write-ahead log");
    Ok(Exit::Ok)
}
