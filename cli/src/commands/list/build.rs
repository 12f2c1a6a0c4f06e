//! `leadwright list build`

use super::super::Failure;
use super::sort::Sorter;
use super::with_lines;
use crate::args::ListBuild;
use crate::rows::Rows;
use crate::{Exit, Streams, clock};
use leadwright::lists::{Entries, Form, ListAbout, ListHash, ListHeader, ListOf, ListWriter};
use leadwright::model::{RawValue, Timestamp};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::Path;

/// How many refused lines are told one by one.
const TOLD: usize = 20;

/// What was made of the lines.
#[derive(Default)]
struct Counts {
    entries: u64,
    hashes_of_empty: u64,
    refused: u64,
    /// Lines with the shapes of what stands there, never the text.
    told: Vec<String>,
}

pub(super) fn run(args: &ListBuild, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (entries, is_hashed) = entries(args)?;
    let made_at = match &args.made_at {
        Some(text) => text.parse::<Timestamp>().map_err(|error| Failure::usage(format!("--made-at: {error}")))?,
        None => clock::now(),
    };
    let folder = args.output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut sorter = Sorter::new(entries.hash, folder.to_owned(), args.chunk);
    let mut counts = Counts::default();
    each_entry(args, streams, &mut |line, text| match text {
        Ok(text) => take(&mut sorter, &mut counts, &entries, is_hashed, line, text),
        Err(fields) => {
            counts.refused += 1;
            counts.refuse(format!("line {line}: {fields} fields, another number than in the header"));
            Ok(())
        }
    })?;
    counts.tell(streams);
    let header = ListHeader { id: args.id.clone(), version: args.label.clone(), made_at: Some(made_at), entries };
    let about = write(sorter, header, folder, &args.output)?;
    let (count, version) = (about.count.unwrap_or(0), &about.version);
    let _ = writeln!(streams.err, "{}: {count} entries, version {version}", args.output.display());
    let twice = counts.entries.saturating_sub(count);
    let _ = writeln!(streams.err, "{twice} twice, {} refused", counts.refused + counts.hashes_of_empty);
    let refused = counts.refused + counts.hashes_of_empty > 0;
    Ok(if args.strict && refused { Exit::Findings } else { Exit::Ok })
}

fn entries(args: &ListBuild) -> Result<(Entries, bool), Failure> {
    let of: ListOf = args.of.parse().map_err(|()| Failure::usage("--of: phone, email or other"))?;
    let Some(hash) = &args.hash else { return Ok((Entries::plain(of), false)) };
    let hash: ListHash = hash.parse().map_err(|()| Failure::usage("--hash: md5, sha1 or sha256"))?;
    let words: Vec<&str> = of.forms().iter().map(|form| form.as_str()).collect();
    let unfit = || Failure::usage(format!("--form: of {} it is one of {}", of.as_str(), words.join(", ")));
    let form: Option<Form> = args.form.as_ref().map(|form| form.parse()).transpose().map_err(|()| unfit())?;
    if form.is_some_and(|form| !of.forms().contains(&form)) {
        return Err(unfit());
    }
    Ok((Entries::hashed(of, hash, form), true))
}

type Entry<'a> = Result<&'a str, usize>;

/// The entries by their lines; of a row that is not shaped as the header how many fields it has.
fn each_entry(
    args: &ListBuild,
    streams: &mut Streams<'_>,
    each: &mut dyn FnMut(u64, Entry<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let Some(column) = &args.column else {
        return with_lines(&args.input, streams.input, &mut |line, text| each(line, Ok(text)));
    };
    let failed = |what: String| Failure::input(format!("{}: {what}", args.input.display()));
    let mut file;
    let input: &mut dyn BufRead = if args.input.as_os_str() == "-" {
        streams.input
    } else {
        file = BufReader::new(File::open(&args.input).map_err(|error| failed(error.to_string()))?);
        &mut file
    };
    let mut rows = Rows::new(input);
    let header = rows.header().map_err(|error| failed(error.to_string()))?;
    let place = header.iter().position(|name| name.trim_ascii().eq_ignore_ascii_case(column.as_bytes()));
    let place = place.ok_or_else(|| failed(format!("it has no column `{column}`")))?;
    let columns = header.len();
    let mut row = csv::ByteRecord::new();
    while let Some(line) = rows.next(&mut row).map_err(|error| failed(error.to_string()))? {
        let is_ragged = row.len() != columns;
        let has_lines = |cell: &[u8]| cell.trim_ascii_end().contains(&b'\n');
        if row.get(place).is_some_and(has_lines) || is_ragged && row.iter().any(has_lines) {
            // No entry has several lines: an open quote swallowed rows, and without those people the list would lie.
            let what = format!("line {line}: a row of several lines begins here; probably a quote is not closed");
            return Err(failed(format!("{what}. No list was made")));
        }
        if is_ragged {
            each(line, Err(row.len()))?;
            continue;
        }
        let text = String::from_utf8_lossy(row.get(place).unwrap_or_default());
        if !text.trim().is_empty() {
            each(line, Ok(text.trim()))?;
        }
    }
    Ok(())
}

fn take(
    sorter: &mut Sorter,
    counts: &mut Counts,
    entries: &Entries,
    is_hashed: bool,
    line: u64,
    text: &str,
) -> Result<(), Failure> {
    match entries.entry(text, is_hashed) {
        Some(digest) if digest == entries.of_empty() => {
            counts.hashes_of_empty += 1;
            counts.refuse(format!("line {line}: the hash of an empty text"));
        }
        Some(digest) => {
            counts.entries += 1;
            sorter.push(digest).map_err(|error| Failure::input(format!("the folder of the list: {error}")))?;
        }
        None => {
            counts.refused += 1;
            let what = if is_hashed { entries.hash.as_str() } else { entries.of.as_str() };
            counts.refuse(format!("line {line}: no {what}: {}", RawValue::text(text).shape()));
        }
    }
    Ok(())
}

impl Counts {
    fn refuse(&mut self, line: String) {
        if self.told.len() < TOLD {
            self.told.push(line);
        }
    }

    fn tell(&self, streams: &mut Streams<'_>) {
        for line in &self.told {
            let _ = writeln!(streams.err, "{line}");
        }
    }
}

/// Writes beside the goal and renames, so that nobody ever opens half a list.
fn write(sorter: Sorter, header: ListHeader, folder: &Path, output: &Path) -> Result<ListAbout, Failure> {
    let failed = |error: io::Error| Failure::input(format!("{}: {error}", output.display()));
    let file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut writer = ListWriter::new(BufWriter::new(file), header)?;
    sorter.sorted(|digest| writer.push(digest).map(drop).map_err(Failure::from))?;
    let (file, about) = writer.finish()?;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(output).map_err(|error| failed(error.error))?;
    Ok(about)
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::input(format!("the folder of the list: {error}"))
    }
}
