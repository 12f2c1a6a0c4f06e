//! The home-services example from end to end, with the command that users get, and the delivery of some leads.

use crate::paths::{Paths, program};
use crate::{gzip, process};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// The evening of the Tuesday that the example's leads are from; the engine has no other clock.
const NOW: &str = "2026-11-24T23:05:00Z";
/// When what failed is due again.
const LATER: &str = "2026-11-24T23:06:00Z";

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
    let packages = ["--package", "leadwright-cli", "--package", "leadwright-buyers"];
    process::run(process::cargo(paths).arg("build").args(packages).args(["--profile", "demo"]))?;
    let built = started.elapsed();
    let demo = prepare(paths)?;
    decide(paths, &demo)?;
    explain(paths, &demo)?;
    deliver(paths, &demo)?;
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

/// Five leads to three scripted buyers: one refuses, one fails, and nothing is lost.
fn deliver(paths: &Paths, demo: &Demo) -> Result<(), String> {
    let from = paths.root.join("examples/delivery");
    let dir = paths.target.join("demo").join("delivery");
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).map_err(process::file_error(&dir))?;
    let buyers =
        Buyers::start(&paths.target.join("demo").join(program("leadwright-buyers")), &from.join("buyers.json"))?;
    let written = from.join("plan.jsonc");
    let plan = fs::read_to_string(&written).map_err(process::file_error(&written))?;
    let (own, store) = (dir.join("plan.jsonc"), dir.join("leads.db"));
    fs::write(&own, plan.replace(":8799/", &format!(":{}/", buyers.port))).map_err(process::file_error(&own))?;
    let run = |what: &[&str], now: &str| {
        let mut command = leadwright(paths, demo);
        command.args(what).arg("--plan").arg(&own).arg("--store").arg(&store).args(["--now", now]);
        command
    };
    println!("\nFive more leads go out to three buyers: one refuses them, one fails every fourth time.");
    process::run(run(&["decide"], NOW).arg(from.join("leads.jsonl")).arg("-o").arg(dir.join("decisions.jsonl")))?;
    let site = format!("http://127.0.0.1:{}", buyers.port);
    for (now, says) in
        [(NOW, "What is due:"), (LATER, "\nA minute later, what failed is tried again under the same key:")]
    {
        println!("{says}");
        let mut deliver = run(&["deliver", "--until-empty"], now);
        deliver.args(["--allow", "127.0.0.0/8", "--allow", &site]).arg("--secrets").arg(from.join("secrets.json"));
        process::run(&mut deliver)?;
        process::run(&mut run(&["outbox"], now))?;
    }
    Ok(())
}

/// The scripted buyers, as long as they are needed.
struct Buyers {
    server: Child,
    port: u16,
}

impl Buyers {
    fn start(command: &Path, script: &Path) -> Result<Self, String> {
        let started = Command::new(command).arg(script).stdout(Stdio::piped()).spawn();
        let mut buyers = Self { server: started.map_err(process::file_error(command))?, port: 0 };
        let mut said = String::new();
        let out = buyers.server.stdout.take().ok_or("the buyers say nothing")?;
        BufReader::new(out).read_line(&mut said).map_err(process::file_error(command))?;
        let port = said.trim().strip_prefix("{\"port\":").and_then(|rest| rest.strip_suffix('}')?.parse().ok());
        buyers.port = port.ok_or("the buyers do not say where they are")?;
        Ok(buyers)
    }
}

impl Drop for Buyers {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
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
