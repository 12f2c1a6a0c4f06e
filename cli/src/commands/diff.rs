//! `leadwright plan diff`

use super::Failure;
use crate::files::Folder;
use crate::{Exit, Streams};
use leadwright::plan::{Plan, PlanDiff};
use std::path::Path;

pub(crate) fn run(old: &Path, new: &Path, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let read = |path: &Path| {
        let (folder, name) = Folder::of(path);
        Plan::load(&folder, &name).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
    };
    let diff = PlanDiff::of(&read(old)?, &read(new)?);
    if json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&diff).unwrap_or_default());
    } else {
        let _ = write!(streams.out, "{diff}");
    }
    let count = diff.changes.len();
    let _ = match count {
        0 => writeln!(streams.err, "nothing changes"),
        1 => writeln!(streams.err, "1 change"),
        _ => writeln!(streams.err, "{count} changes"),
    };
    Ok(Exit::Ok)
}
