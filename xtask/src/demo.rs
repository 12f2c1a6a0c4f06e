//! The home-services example from end to end, with the command that users get.

use crate::paths::{Paths, program};
use crate::{gzip, process};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The evening of the Tuesday that the example's leads are from; the engine has no other clock.
const NOW: &str = "2026-11-24T23:05:00Z";

/// The demo's files.
struct Demo {
    command: PathBuf,
    plan: PathBuf,
    leads: PathBuf,
    store: PathBuf,
    decisions: PathBuf,
}

/// Builds, checks, decides, explains.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    if !paths.has_package("cli") {
        return Err("there is no command to run the demo with".into());
    }
    let started = Instant::now();
    process::run(process::cargo(paths).args(["build", "--package", "leadwright-cli", "--profile", "demo"]))?;
    let built = started.elapsed();
    let demo = prepare(paths)?;
    decide(paths, &demo)?;
    explain(paths, &demo)?;
    println!("{}", farewell(paths, &demo));
    println!("Built in {:.1} s, done in {:.1} s.", built.as_secs_f64(), started.elapsed().as_secs_f64());
    Ok(())
}

fn prepare(paths: &Paths) -> Result<Demo, String> {
    let dir = paths.target.join("demo");
    let demo = Demo {
        command: dir.join(program("leadwright")),
        plan: paths.example().join("plan.jsonc"),
        leads: dir.join("leads.jsonl"),
        store: dir.join("leads.db"),
        decisions: dir.join("decisions.jsonl"),
    };
    // Every run starts with an empty store: the file and what SQLite keeps beside it.
    for old in ["leads.db", "leads.db-wal", "leads.db-shm", "decisions.jsonl"] {
        let _ = fs::remove_file(dir.join(old));
    }
    gzip::unpack(&paths.example().join("leads.jsonl.gz"), &demo.leads)?;
    Ok(demo)
}

fn decide(paths: &Paths, demo: &Demo) -> Result<(), String> {
    process::run(leadwright(paths, demo).arg("check").arg(&demo.plan))?;
    let mut decide = leadwright(paths, demo);
    decide.arg("decide").arg("--plan").arg(&demo.plan).arg("--store").arg(&demo.store);
    decide.args(["--now", NOW]).arg(&demo.leads).arg("-o").arg(&demo.decisions);
    process::run(&mut decide)
}

/// One lead that was sold and one that met nobody's criteria, each with its reasons.
fn explain(paths: &Paths, demo: &Demo) -> Result<(), String> {
    for outcome in ["assigned", "unmatched"] {
        match first_with(outcome, &demo.decisions)? {
            None => println!("No lead came out as {outcome}."),
            Some(id) => {
                println!("\nThe first lead that came out as {outcome}:");
                process::run(leadwright(paths, demo).arg("explain").arg("--store").arg(&demo.store).arg(id))?;
            }
        }
    }
    Ok(())
}

fn leadwright(paths: &Paths, demo: &Demo) -> Command {
    let mut command = Command::new(&demo.command);
    command.current_dir(&paths.root);
    command
}

/// The id of the first decision with this outcome.
fn first_with(outcome: &str, decisions: &Path) -> Result<Option<String>, String> {
    let file = File::open(decisions).map_err(process::file_error(decisions))?;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(process::file_error(decisions))?;
        if let Some(id) = id_if(outcome, &line) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Decisions are written without spaces, in a fixed order that starts with `v` and `id`; a value of the lead cannot
/// look like a member, because its quotes are escaped.
fn id_if(outcome: &str, line: &str) -> Option<String> {
    line.contains(&format!(r#""outcome":"{outcome}""#)).then_some(())?;
    let (_, rest) = line.split_once(r#""id":""#)?;
    let (id, _) = rest.split_once('"')?;
    Some(id.to_owned())
}

fn farewell(paths: &Paths, demo: &Demo) -> String {
    let short = |path: &Path| path.strip_prefix(&paths.root).unwrap_or(path).display().to_string();
    let (command, store, decisions) = (short(&demo.command), short(&demo.store), short(&demo.decisions));
    format!(
        "\nThe store is one SQLite file: {store}\nThe decisions, one a line: {decisions}\n\nTry next:\n  \
         {command} explain --store {store} <id of any decision>\n  \
         edit examples/home-services/buyers/, then {command} check examples/home-services/plan.jsonc\n  \
         read examples/home-services/README.md\n"
    )
}

#[cfg(test)]
mod tests {
    use super::id_if;

    #[test]
    fn the_id_is_taken_from_a_decision_with_the_outcome() {
        let line = r#"{"v":1,"id":"web/l-7.1","lead":"l-7","outcome":"assigned","canonical":{}}"#;
        assert_eq!(id_if("assigned", line).as_deref(), Some("web/l-7.1"));
        assert_eq!(id_if("unmatched", line), None);
    }

    #[test]
    fn a_quoted_value_of_the_lead_is_not_an_outcome() {
        let line = r#"{"v":1,"id":"a/1.1","outcome":"unsold","canonical":{"notes":"\"outcome\":\"assigned\""}}"#;
        assert_eq!(id_if("assigned", line), None);
    }
}
