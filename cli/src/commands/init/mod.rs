//! `leadwright init`: a few questions, and a plan that runs.

mod answers;
mod files;
mod question;
mod sample;
mod tables;

use super::Failure;
use crate::args::Init;
use crate::tables::TablesBase;
use crate::{Exit, Streams};
use answers::Answers;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// Files by their names below the folder.
type Files = BTreeMap<String, String>;

pub(crate) fn run(args: &Init, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (files, commands) = match &args.base {
        Some(base) => {
            let files = tables::of(TablesBase::File(base), &args.from_csv, streams)?;
            let name = base.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (files, vec![format!("leadwright check {}", shown(&args.dir, &name))])
        }
        None => {
            let answers = Answers::collect(args, streams)?;
            let files = match args.from_csv.is_empty() {
                true => files::of(&answers, &args.dir)?,
                false => files::with_tables(&answers, &args.dir, &args.from_csv, streams)?,
            };
            (files, files::commands(&answers, &args.dir).to_vec())
        }
    };
    write(&args.dir, &files)?;
    for name in files.keys() {
        let _ = writeln!(streams.out, "wrote {}", shown(&args.dir, name));
    }
    let _ = writeln!(streams.out, "\nNow run:");
    for command in commands {
        let _ = writeln!(streams.out, "  {command}");
    }
    Ok(Exit::Ok)
}

/// Writes the files, all of them new: what is there already is somebody's work.
pub(super) fn write(dir: &Path, files: &Files) -> Result<(), Failure> {
    let there: Vec<String> = files.keys().filter(|name| dir.join(name).exists()).map(|name| shown(dir, name)).collect();
    if !there.is_empty() {
        let are = if there.len() == 1 { "is" } else { "are" };
        return Err(Failure::usage(format!("nothing was written: {} {are} there already", there.join(", "))));
    }
    for (name, text) in files {
        let path = dir.join(name);
        let failed = |error: &std::io::Error| match error.kind() {
            ErrorKind::AlreadyExists => Failure::usage(format!("{} is there already", path.display())),
            _ => Failure::input(format!("{}: {error}", path.display())),
        };
        fs::create_dir_all(path.parent().unwrap_or(dir)).map_err(|error| failed(&error))?;
        let written = File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// A file as it is typed after a command.
fn shown(dir: &Path, name: &str) -> String {
    let path = if dir == Path::new(".") { name.to_owned() } else { dir.join(name).display().to_string() };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:@+,=\\".contains(c);
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}
