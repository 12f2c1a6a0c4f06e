//! `leadwright deliver`, with the buyers of examples/delivery: one refuses, one fails, and nothing is lost.

mod common;

use common::{leadwright, text};
use leadwright_buyers::{Script, start};
use std::path::Path;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/delivery");

#[test]
fn the_example_is_delivered_and_its_failure_survived() {
    let read = |name: &str| std::fs::read_to_string(Path::new(EXAMPLE).join(name)).expect("it is there");
    let server = start(read("buyers.json").parse::<Script>().expect("a script")).expect("a server");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deliver-now");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    let path = |name: &str| folder.join(name).to_str().expect("a path of ours").to_owned();
    let plan = read("plan.jsonc").replace(":8799/", &format!(":{}/", server.port));
    std::fs::write(path("plan.jsonc"), plan).expect("writable");
    let run = |words: &[&str], now: &str, code: i32| {
        let on = ["--plan", &path("plan.jsonc"), "--store", &path("leads.db"), "--now", now];
        let output = leadwright(&[words, &on[..]].concat(), b"");
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
        (text(&output.stdout), text(&output.stderr))
    };
    let now = "2026-11-24T15:30:00Z";
    let leads = format!("{EXAMPLE}/leads.jsonl");
    run(&["decide", &leads, "-o", &path("decisions.jsonl")], now, 0);
    let site = format!("http://127.0.0.1:{}", server.port);
    let deliver = ["deliver", "--until-empty", "--allow", "127.0.0.0/8", "--allow", &site];

    // Without the secret nothing goes out.
    let refused = run(&deliver, now, 2).1;
    assert!(refused.contains("there is no `ridge`"), "{refused}");
    assert!(server.ledger().buyers.is_empty());

    let secrets = format!("{EXAMPLE}/secrets.json");
    // Nor where the buyers may not be sent to.
    let refused = run(&["deliver", "--until-empty", "--secrets", &secrets], now, 2).1;
    assert!(refused.contains("the endpoint `prairie-http` may not be sent to"), "{refused}");
    let deliver = [&deliver[..], &["--secrets", &secrets]].concat();
    let (said, _) = run(&deliver, now, 0);
    assert!(said.contains("        2  rejected\n"), "{said}");
    assert!(
        said.contains("  unavailable\n") && said.contains("        2  sales fell, and their leads went on\n"),
        "{said}"
    );
    // Some of it may have been due again within the run.
    for minute in 1..=5 {
        run(&deliver, &format!("2026-11-24T15:3{minute}:00Z"), 0);
    }
    assert_eq!(run(&["outbox"], "2026-11-24T15:36:00Z", 0).0, "all is delivered\n");
    let taken = server.ledger().taken;
    let mut leads: Vec<&str> = taken.iter().map(|taken| taken.lead.as_str()).collect();
    leads.sort_unstable();
    assert_eq!(leads, ["L1", "L2", "L3", "L4", "L5"], "each has one buyer");

    let (json, _) = run(&[&deliver[..], &["--json"]].concat(), "2026-11-24T15:37:00Z", 0);
    assert_eq!(json, "{\"ended\":{},\"found_out\":0,\"fell\":0,\"dead\":0,\"unreported\":0}\n");
    assert!(
        run(&["deliver", "--allow", "nonsense", "--until-empty", "--secrets", &secrets], now, 2)
            .1
            .contains("allow: a network")
    );
    for (wrong, says) in [("10 seconds", "--hold: "), ("1s", "--hold: 2s or more")] {
        let (_, said) = run(&[&deliver[..], &["--hold", wrong]].concat(), now, 2);
        assert!(said.contains(says), "{said}");
    }
    run(&[&deliver[..], &["--hold", "10s"]].concat(), "2026-11-24T15:38:00Z", 0);
    assert!(run(&["deliver", "--until-empty", "--secrets", &leads_file()], now, 2).1.contains("an object of names"));
}

#[test]
fn leads_are_placed_while_somebody_waits() {
    let read = |name: &str| std::fs::read_to_string(Path::new(EXAMPLE).join(name)).expect("it is there");
    let server = start(read("buyers.json").parse::<Script>().expect("a script")).expect("a server");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("submit");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    let path = |name: &str| folder.join(name).to_str().expect("a path of ours").to_owned();
    std::fs::write(path("plan.jsonc"), read("plan.jsonc").replace(":8799/", &format!(":{}/", server.port)))
        .expect("writable");
    let (secrets, site) = (format!("{EXAMPLE}/secrets.json"), format!("http://127.0.0.1:{}", server.port));
    let submit = |words: &[&str], leads: &str, code: i32| {
        let (plan, store) = (path("plan.jsonc"), path("leads.db"));
        let on = ["submit", "--plan", &plan, "--store", &store, "--now", "2026-11-24T15:30:00Z", "--secrets", &secrets];
        let output =
            leadwright(&[&on[..], &["--allow", "127.0.0.0/8", "--allow", &site], words].concat(), leads.as_bytes());
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
        let lines = text(&output.stdout);
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect::<Vec<serde_json::Value>>()
    };
    let answers = submit(&[], &read("leads.jsonl"), 0);
    assert_eq!(answers.len(), 5);
    let placed = |answer: &&serde_json::Value| ["sold", "pending"].iter().any(|ended| answer["ended"] == **ended);
    assert_eq!(answers.iter().filter(placed).count(), 5, "{answers:#?}");
    assert!(answers.iter().any(|answer| answer["ended"] == "sold"), "{answers:#?}");
    let bids = submit(&["--ping"], r#"{"source":"web","zip":"60601"}"#, 0);
    assert!(bids[0]["ping_id"].is_string(), "{bids:?}");
    let bad = submit(&["--strict", "--format", "csv"], "id,source\nL9,\"web\n", 1);
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert_eq!(submit(&["--within", "soon"], "", 2).len(), 0);
}

fn leads_file() -> String {
    format!("{EXAMPLE}/leads.jsonl")
}

/// The first Ctrl-C ends it when what is on its way is over.
#[cfg(unix)]
#[test]
fn an_interrupt_is_heard() {
    use std::io::Read as _;
    use std::process::{Command, Stdio};
    use std::time::Duration;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deliver-stop");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    let store = folder.join("leads.db");
    let plan = format!("{EXAMPLE}/plan.jsonc");
    let on = ["--plan", &plan, "--store", store.to_str().expect("a path of ours")];
    let decided = leadwright(&[&["decide", "-", "-o", "-"], &on[..]].concat(), b"");
    assert_eq!(decided.status.code(), Some(0), "{}", text(&decided.stderr));
    let mut running = Command::new(env!("CARGO_BIN_EXE_leadwright"))
        .arg("deliver")
        .args(on)
        .args(["--allow", "127.0.0.0/8", "--allow", "http://127.0.0.1:8799"])
        .env("LEADWRIGHT_SECRET_RIDGE", "t0ken")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(running.try_wait().expect("it is there"), None, "it goes on");
    let killed = Command::new("kill").args(["-INT", &running.id().to_string()]).status().expect("kill is there");
    assert!(killed.success());
    let status = running.wait().expect("it ends");
    let mut said = String::new();
    running.stderr.take().expect("it is piped").read_to_string(&mut said).expect("readable");
    assert_eq!((status.code(), said.as_str()), (Some(0), "stopped; what was on its way was waited for\n"));
}
