//! `leadwright list`

mod build;
mod sort;

use super::Failure;
use crate::args::List;
use crate::lines::{Line, Lines};
use crate::{Exit, Streams};
use leadwright::lists::{ListFile, OpenFile, SuppressionList as _};
use leadwright::model::limits::LINE_BYTES;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

pub(crate) fn run(args: &List, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    match args {
        List::Build(args) => build::run(args, streams),
        List::Check { list, json } => check(list, *json, streams),
        List::Lookup { list, input } => lookup(list, input, streams),
    }
}

fn open(path: &Path) -> Result<ListFile<OpenFile>, Failure> {
    ListFile::open(OpenFile::open(path)?)
        .map_err(|error| Failure { exit: Exit::Input, message: format!("{}: {error}", path.display()) })
}

/// What `list check --json` prints.
#[derive(serde::Serialize)]
struct About {
    id: String,
    version: String,
    made_at: Option<String>,
    of: &'static str,
    hash: &'static str,
    forms: Vec<&'static str>,
    count: Option<u64>,
    resident_bytes: usize,
}

fn check(path: &Path, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let list = open(path)?;
    let (about, header) = (list.about(), list.header());
    let about = About {
        id: header.id.clone(),
        version: about.version,
        made_at: about.made_at.map(|at| at.to_string()),
        of: header.entries.of.as_str(),
        hash: header.entries.hash.as_str(),
        forms: header.entries.forms.iter().map(|form| form.as_str()).collect(),
        count: about.count,
        resident_bytes: list.resident_bytes(),
    };
    if json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&about).unwrap_or_default());
        return Ok(Exit::Ok);
    }
    let made = about.made_at.unwrap_or_else(|| "at a time that is not known".to_owned());
    let forms = about.forms.join(", ");
    let _ = writeln!(streams.out, "{} {}, made {made}", about.id, about.version);
    let _ = writeln!(streams.out, "{} of {}, {} of {forms}", about.count.unwrap_or(0), about.of, about.hash);
    let _ = writeln!(streams.out, "{} bytes in memory", about.resident_bytes);
    Ok(Exit::Ok)
}

#[derive(serde::Serialize)]
struct Found {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    hit: Option<bool>,
    /// Why it was not looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

fn lookup(path: &Path, input: &Path, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let list = open(path)?;
    let (entries, mut hits, mut count) = (list.header().entries.clone(), 0_u64, 0_u64);
    with_lines(input, streams.input, &mut |number, text| {
        let canonical = entries.canonical(text);
        let hit = canonical.as_ref().map(|value| list.holds(value)).transpose()?;
        let problem = canonical.is_none().then(|| format!("no {}", entries.of.as_str()));
        count += 1;
        hits += u64::from(hit == Some(true));
        let found = Found { line: number, hit, problem };
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&found).unwrap_or_default());
        Ok(())
    })?;
    let _ = writeln!(streams.err, "{count} values, {hits} on the list");
    Ok(Exit::Ok)
}

/// The lines of a file that say something, with their numbers.
fn with_lines(
    input: &Path,
    standard: &mut dyn BufRead,
    each: &mut dyn FnMut(u64, &str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::input(format!("{}: {error}", input.display()));
    let mut file;
    let reader: &mut dyn BufRead = if input.as_os_str() == "-" {
        standard
    } else {
        file = BufReader::new(File::open(input).map_err(failed)?);
        &mut file
    };
    let mut lines = Lines::new(reader);
    while let Some((number, line)) = lines.next().map_err(failed)? {
        // Left out in silence it might be somebody who must not be called.
        let Line::Whole(line) = line else {
            let most = LINE_BYTES >> 20;
            return Err(Failure::input(format!("{}: line {number} is longer than {most} MiB", input.display())));
        };
        let text = String::from_utf8_lossy(line);
        let text = text.trim().trim_start_matches('\u{feff}');
        if !text.is_empty() && !text.starts_with('#') {
            each(number, text)?;
        }
    }
    Ok(())
}
