//! `leadwright init` writes plans that run.

mod common;

use common::{leadwright, text};
use leadwright::lint::with_lint;
use leadwright::plan::{Plan, format};
use leadwright::schema::Schema;
use leadwright_cli::Folder;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that is not there.
fn fresh(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init").join(name);
    let _ = fs::remove_dir_all(&path);
    path
}

fn init(dir: &Path, args: &[&str], input: &str) -> std::process::Output {
    let dir = dir.to_str().expect("UTF-8");
    leadwright(&[&["init", dir], args].concat(), input.as_bytes())
}

/// What stands between the words of a command, as a shell would pass them on.
fn run(command: &str) -> std::process::Output {
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[0], "leadwright", "{command}");
    leadwright(&words[1..], b"")
}

/// The plan of a folder has nothing that anybody would speak of, and its files are laid out.
fn is_clean(dir: &Path, remarks: &[&str]) {
    let (folder, name) = Folder::of(&dir.join("plan.jsonc"));
    let found = with_lint(&Plan::check(&folder, &name), "2026-11-24".parse().expect("a date"));
    let codes: Vec<&str> = found.iter().map(|issue| issue.code.as_str()).collect();
    assert_eq!(codes, remarks, "{found:?}");
    let buyers = fs::read_dir(dir.join("buyers")).expect("readable").map(|entry| entry.expect("readable").path());
    for file in buyers.chain([dir.join("plan.jsonc"), dir.join("plan.tests.jsonc")]) {
        let text = fs::read_to_string(&file).expect("readable");
        assert_eq!(format(&text).as_deref(), Some(text.as_str()), "{}", file.display());
    }
}

#[test]
fn every_schema_of_the_catalogue_has_a_plan_that_runs_as_told() {
    for schema in Schema::catalogue() {
        let dir = fresh(&schema.replace('/', "-"));
        let output = init(&dir, &["--vertical", schema, "--yes"], "");
        assert_eq!(output.status.code(), Some(0), "{schema}: {}", text(&output.stderr));
        is_clean(&dir, &[]);
        let told = text(&output.stdout);
        let commands: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("  ")).collect();
        let ran: Vec<_> = commands.iter().map(|command| run(command)).collect();
        assert_eq!(ran.len(), 3, "{told}");
        for (output, command) in ran.iter().zip(commands) {
            assert_eq!(output.status.code(), Some(0), "{command}: {}", text(&output.stderr));
        }
        assert!(text(&ran[0].stderr).contains("1 test, 0 failed"), "{}", text(&ran[0].stderr));
        assert!(text(&ran[1].stdout).contains("\"outcome\":\"assigned\""), "{}", text(&ran[1].stdout));
        assert!(text(&ran[2].stdout).contains("first-buyer"), "{}", text(&ran[2].stdout));
    }
}

#[test]
fn options_answer_the_questions() {
    let dir = fresh("options");
    let args = "--name roofing --timezone America/Chicago --source search-lp --buyer summit --states texas,ok --price $42.50 \
                --daily-cap none --yes";
    let output = init(&dir, &args.split_whitespace().collect::<Vec<_>>(), "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // One buyer in two states leaves the others to nobody, and that is so.
    is_clean(&dir, &["lint.gap"]);
    let buyer = fs::read_to_string(dir.join("buyers/summit.jsonc")).expect("readable");
    for part in
        [r#""roofing/open""#, r#""where": { "state": ["OK", "TX"] }"#, r#""price": "42.50""#, r#""America/Chicago""#]
    {
        assert!(buyer.contains(part), "{part} in {buyer}");
    }
    assert!(!buyer.contains("caps"), "{buyer}");
    let check = run(&format!("leadwright check {}", dir.join("plan.jsonc").display()));
    assert!(text(&check.stderr).contains("2 tests, 0 failed"), "{}", text(&check.stderr));
}

#[test]
fn a_terminal_is_asked_until_the_answer_fits() {
    let dir = fresh("asked");
    let answers = "us/solr@1\nus/solar@1\nsolar\n\n\nmy source\nweb\nsunny\nTX\n0\n30\n10\n";
    let output = init(&dir, &[], answers);
    let asked = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{asked}");
    for part in ["did you mean us/solar@1?", "1 to 64 of A-Z", "an amount above 0", "Your time zone [America/New_York]"]
    {
        assert!(asked.contains(part), "{part} in {asked}");
    }
    let buyer = fs::read_to_string(dir.join("buyers/sunny.jsonc")).expect("readable");
    assert!(buyer.contains(r#""caps": { "day": 10 }"#) && buyer.contains(r#""price": "30.00""#), "{buyer}");
    is_clean(&dir, &["lint.gap"]);
}

#[test]
fn nothing_is_overwritten_and_nothing_is_half_written() {
    let dir = fresh("there");
    fs::create_dir_all(&dir).expect("writable");
    fs::write(dir.join("README.md"), "mine").expect("writable");
    let output = init(&dir, &["--yes"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("README.md is there already"), "{}", text(&output.stderr));
    let left: Vec<_> =
        fs::read_dir(&dir).expect("readable").map(|entry| entry.expect("readable").file_name()).collect();
    assert_eq!(left, ["README.md"]);
    assert_eq!(fs::read_to_string(dir.join("README.md")).expect("readable"), "mine");
}

#[test]
fn who_is_not_there_cannot_be_asked_and_wrong_options_are_named() {
    let dir = fresh("nobody");
    for (args, said) in [
        (&["--vertical", "contact@1"][..], "nobody answers; give --name"),
        (&["--yes", "--states", "TX,XX"], "--states: expected states like TX, OK, or all; `XX` is none"),
        (&["--yes", "--timezone", "CST"], "--timezone: expected a name of the IANA"),
        (&["--yes", "--price", "0"], "--price: expected an amount above 0"),
        (&["--yes", "--buyer", "note"], "--buyer: expected 1 to 64"),
    ] {
        let output = init(&dir, args, "");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains(said), "{args:?}: {}", text(&output.stderr));
        assert!(!dir.exists(), "{args:?}");
    }
}

fn sample(name: &str) -> String {
    format!("{}/../docs/samples/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn tables_become_the_files_of_a_plan() {
    let dir = fresh("tables");
    let (buyers, contracts) = (sample("buyers.csv"), sample("contracts.csv"));
    let output = init(&dir, &["--from-csv", &buyers, &contracts, "--name", "roofing", "--yes"], "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let (folder, name) = Folder::of(&dir.join("plan.jsonc"));
    let plan = Plan::load(&folder, &name).expect("it is a plan");
    let ids: Vec<String> = plan.contracts().map(|(contract, _)| contract.to_string()).collect();
    assert_eq!(ids, ["harbor-fl", "summit-dfw", "summit-rest"]);
    let told = text(&output.stdout);
    for command in told.lines().filter_map(|line| line.strip_prefix("  ")) {
        let output = run(command);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", text(&output.stderr));
    }
    // Beside a plan of one's own.
    let beside = fresh("beside");
    let base = dir.join("plan.jsonc").to_string_lossy().replace("tables", "base");
    fs::create_dir_all(Path::new(&base).parent().expect("a folder")).expect("writable");
    let own =
        fs::read_to_string(dir.join("plan.jsonc")).expect("readable").replace("\"include\": [\"buyers/*.jsonc\"],", "");
    fs::write(&base, own).expect("writable");
    let output = init(&beside, &["--from-csv", &buyers, &contracts, "--base", &base], "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let (folder, name) = Folder::of(&beside.join("plan.jsonc"));
    assert_eq!(Plan::load(&folder, &name).expect("it is a plan").hash(), plan.hash());
}

#[test]
fn mistakes_of_tables_are_told_by_line_and_nothing_is_written() {
    let dir = fresh("wrong-tables");
    let args = [sample("buyers.csv"), sample("contracts-mistakes.csv")];
    let output = init(&dir, &["--from-csv", &args[0], &args[1], "--yes"], "");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(!dir.exists());
    for part in ["contracts-mistakes.csv:2:2: buyer `sumit`", "did you mean `summit`?", "there are 5 mistakes"] {
        assert!(told.contains(part), "{part} in {told}");
    }
}
