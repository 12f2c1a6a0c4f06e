//! The command as somebody would type it.

mod common;

use common::{leadwright, text};
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).expect("the folder for tests is writable");
    path
}

#[test]
fn every_line_is_answered_in_order_also_the_bad_ones() {
    let long = "x".repeat(2 << 20);
    let input = format!(
        "{{\"id\":\"a\",\"raw\":\"350 5th Ave, New York NY 10118\"}}\n\nnot json\n{long}\n{{\"id\":5,\"raw\":null}}"
    );
    let output = leadwright(&["address"], input.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    let out = text(&output.stdout);
    let starts = [
        r#"{"id":"a","components":{"house_number":"350","#,
        r#"{"id":null,"line":2,"valid":false,"problems":[{"code":"address.line_invalid","#,
        r#"{"id":null,"line":3,"valid":false,"problems":[{"code":"address.line_invalid","#,
        r#"{"id":null,"line":4,"valid":false,"problems":[{"code":"input.line_too_long","#,
        r#"{"id":5,"#,
    ];
    assert_eq!(out.lines().count(), starts.len());
    for (line, start) in out.lines().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(text(&output.stderr), "5 addresses, 4 with an error\n");
    assert_eq!(leadwright(&["address", "--strict"], input.as_bytes()).status.code(), Some(1));
}

#[test]
fn a_missing_input_is_named_and_the_input_is_never_overwritten() {
    let output = leadwright(&["address", "no-such-file.jsonl"], b"");
    assert_eq!(output.status.code(), Some(5));
    assert!(text(&output.stderr).contains("no-such-file.jsonl"));

    let file = folder("overwrite").join("in.jsonl");
    std::fs::write(&file, "{}\n").unwrap();
    let name = file.to_str().unwrap();
    assert_eq!(leadwright(&["address", name, "-o", name], b"").status.code(), Some(5));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{}\n");
}

#[test]
fn a_mistake_in_a_plan_is_shown_where_it_stands() {
    let plan = folder("mistake").join("plan.jsonc");
    std::fs::write(&plan, "{\n  \"format\": 1, // the first\n  \"plan\": \"p\",\n  \"currancy\": \"USD\"\n}\n")
        .unwrap();
    let output = leadwright(&["check", plan.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(2));
    let err = text(&output.stderr);
    for part in ["plan.jsonc:4:3", "^^^^", "did you mean `currency`?"] {
        assert!(err.contains(part), "{part} in {err}");
    }
    let output = leadwright(&["check", "--json", plan.to_str().unwrap()], b"");
    assert!(text(&output.stdout).starts_with(r#"{"plan":"plan.jsonc","hash":null,"errors":"#));
}

#[test]
fn two_plans_are_told_apart_in_words_and_in_json() {
    let folder = folder("diff");
    let names = ["old.jsonc", "new.jsonc"].map(|name| folder.join(name));
    let plan = |price: &str| {
        format!(
            r#"{{"format": 1, "plan": "p", "currency": "USD", "timezone": "UTC",
            "verticals": {{"roofing": {{"extends": "us/home-services@1"}}}},
            "routes": {{"roofing": {{"groups": [{{"id": "a", "select": "price"}}], "on_unsold": {{"then": "store"}}}}}},
            "buyers": {{"b": {{"contracts": {{"c": {{"in": {{"roofing/a": {{}}}}, "sell": {{"exclusive": {{"price": "{price}"}}}}}}}}}}}}}}"#
        )
    };
    std::fs::write(&names[0], plan("1.00")).unwrap();
    std::fs::write(&names[1], plan("2.50")).unwrap();
    let [old, new] = names.each_ref().map(|name| name.to_str().unwrap());
    let output = leadwright(&["plan", "diff", old, new], b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "c: price 1.00 -> 2.50\n");
    assert_eq!(text(&output.stderr), "1 change\n");
    let json = text(&leadwright(&["plan", "diff", "--json", old, new], b"").stdout);
    assert!(json.contains(r#""text":"c: price 1.00 -> 2.50""#), "{json}");
    assert_eq!(text(&leadwright(&["plan", "diff", old, old], b"").stderr), "nothing changes\n");
    std::fs::write(&names[1], "{").unwrap();
    assert_eq!(leadwright(&["plan", "diff", old, new], b"").status.code(), Some(2));
}

#[test]
fn files_are_laid_out_and_only_when_they_can_be_read() {
    let folder = folder("fmt");
    let [good, bad] = ["good.jsonc", "sub/bad.jsonc"].map(|name| folder.join(name));
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    std::fs::write(&good, "{\"a\":1, // one\n}").unwrap();
    std::fs::write(&bad, "{\"a\":").unwrap();
    std::fs::write(folder.join("not-one.txt"), "{\"a\":1}").unwrap();
    let name = good.to_str().unwrap();
    let output = leadwright(&["fmt", "--check", name], b"");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), format!("{name}\n")));
    assert_eq!(std::fs::read_to_string(&good).unwrap(), "{\"a\":1, // one\n}");
    // What was installed, or is hidden, is nobody's plan.
    for other in ["node_modules", ".cache"] {
        std::fs::create_dir_all(folder.join(other)).unwrap();
        std::fs::write(folder.join(other).join("theirs.jsonc"), "{\"a\":1}").unwrap();
    }
    // What cannot be read is left as it is, and the rest is done.
    let output = leadwright(&["fmt", folder.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("bad.jsonc: not JSON with comments"));
    assert_eq!(std::fs::read_to_string(&good).unwrap(), "{\n  \"a\": 1 // one\n}\n");
    assert_eq!(std::fs::read_to_string(&bad).unwrap(), "{\"a\":");
    assert_eq!(std::fs::read_to_string(folder.join("node_modules/theirs.jsonc")).unwrap(), "{\"a\":1}");
    assert_eq!(leadwright(&["fmt", "--check", name], b"").status.code(), Some(0));
}

/// What is shown to people is laid out as we would lay it out.
#[test]
fn the_example_is_laid_out() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
    let output = leadwright(&["fmt", "--check", example], b"");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()));
}

#[test]
fn a_fix_is_shown_as_a_diff_and_written_when_asked() {
    let plan = folder("fix").join("plan.jsonc");
    let text_before =
        "{\n  format: 1, // the first\n  \"plan\": 'p',\n  \"currancy\": \"usd\"\n  \"timezone\": \"UTC\" }\n";
    std::fs::write(&plan, text_before).unwrap();
    let name = plan.to_str().unwrap();
    let output = leadwright(&["check", "--fix", name], b"");
    assert_eq!(output.status.code(), Some(0));
    let diff = text(&output.stdout);
    for line in ["--- a/plan.jsonc", "+++ b/plan.jsonc", "+  \"format\": 1, // the first", "+  \"currency\": \"USD\","]
    {
        assert!(diff.lines().any(|shown| shown == line), "{line} in {diff}");
    }
    assert!(text(&output.stderr).starts_with("5 mistakes in 1 file would be mended; --write does it\n"));
    assert_eq!(std::fs::read_to_string(&plan).unwrap(), text_before);
    assert_eq!(leadwright(&["check", "--fix", "--write", name], b"").status.code(), Some(0));
    let after = std::fs::read_to_string(&plan).unwrap();
    assert_eq!(
        after,
        "{\n  \"format\": 1, // the first\n  \"plan\": \"p\",\n  \"currency\": \"USD\",\n  \"timezone\": \"UTC\" }\n"
    );
    assert_eq!(leadwright(&["check", name], b"").status.code(), Some(0));
    assert_eq!(leadwright(&["check", "--write", name], b"").status.code(), Some(2), "--write only with --fix");
}

#[test]
fn wrong_usage_is_2_and_help_is_0() {
    assert_eq!(leadwright(&["adress"], b"").status.code(), Some(2));
    assert_eq!(leadwright(&["--help"], b"").status.code(), Some(0));
    assert_eq!(leadwright(&["check", "no-such-plan.jsonc"], b"").status.code(), Some(2));
}

#[test]
fn the_vector_of_a_line_that_is_too_long() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/input/001-line-too-long.json");
    let vector = std::fs::read_to_string(path).unwrap();
    let (_, want) = vector.split_once("\"want\": ").expect("the vector has a want");
    let want = want.trim_end().strip_suffix('}').expect("the vector is an object").trim_end();
    for command in ["address", "field"] {
        assert_eq!(text(&leadwright(&[command], &vec![b'x'; 2 << 20]).stdout).trim_end(), want);
    }
}

#[test]
fn the_vector_of_a_ragged_row() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/input/002-ragged-row.json");
    let vector = std::fs::read_to_string(path).unwrap();
    let (_, want) = vector.split_once("\"want\": ").expect("the vector has a want");
    let want = want.trim_end().strip_suffix('}').expect("the vector is an object").trim_end();
    let csv: serde_json::Value = serde_json::from_str(&vector).unwrap();
    let output = leadwright(&["address", "--format", "csv"], csv["csv"].as_str().expect("rows").as_bytes());
    let out = text(&output.stdout);
    assert_eq!(out.lines().next(), Some(want));
    assert_eq!(out.lines().count(), 2);
    assert!(!out.lines().nth(1).unwrap().contains("ragged"));
}

#[test]
fn an_open_quote_ends_the_run_after_what_came_before() {
    let file = folder("open-quote").join("in.csv");
    let rest = "3,PO Box 12\n".repeat(200_000);
    std::fs::write(&file, format!("id,raw\n1,PO Box 12\n\"2,PO Box 12\n{rest}")).unwrap();
    for command in ["address", "field"] {
        let output = leadwright(&[command, file.to_str().unwrap()], b"");
        assert_eq!(output.status.code(), Some(5), "{command}");
        assert_eq!(text(&output.stdout).lines().count(), 1, "{command}");
        let told = text(&output.stderr);
        let want = "line 3: a row of more than 1 MiB begins here; probably a quote is not closed\n";
        assert!(told.contains(want), "{told}");
    }
}

#[test]
fn a_mended_list_shows_nobody_and_a_link_stays_one() {
    let folder = folder("fix-list");
    let plan = "{ \"format\": 1, \"plan\": \"p\", \"currency\": \"USD\", \"timezone\": \"UTC\",\n  \"verticals\": { \"roofing\": { \"extends\": \"us/home-services@1\" } },\n  \"routes\": { \"roofing\": { \"groups\": [ { \"id\": \"open\", \"select\": \"price\" } ], \"on_unsold\": { \"then\": \"store\" } } },\n  \"lists\": { \"opt-outs\": { \"of\": \"phone\", \"file\": \"opt-outs.txt\" } } }\n";
    std::fs::write(folder.join("plan.jsonc"), plan).unwrap();
    std::fs::write(folder.join("theirs.txt"), "+17735550123\n77355501\n+17735550124\n").unwrap();
    let _ = std::fs::remove_file(folder.join("opt-outs.txt"));
    #[cfg(unix)]
    std::os::unix::fs::symlink("theirs.txt", folder.join("opt-outs.txt")).unwrap();
    #[cfg(not(unix))]
    std::fs::copy(folder.join("theirs.txt"), folder.join("opt-outs.txt")).unwrap();
    let name = folder.join("plan.jsonc");
    let output = leadwright(&["check", "--fix", "--guess", "--write", name.to_str().unwrap()], b"");
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(said.contains("opt-outs.txt: 1 line of the list made a remark"), "{said}");
    assert!(!said.contains("555"), "{said}");
    assert!(std::fs::read_to_string(&name).unwrap().contains(r#"{ "id": "open", "select": "price" }"#));
    let list = std::fs::read_to_string(folder.join("opt-outs.txt")).unwrap();
    assert_eq!(list, "+17735550123\n# 77355501\n+17735550124\n");
    #[cfg(unix)]
    assert!(folder.join("opt-outs.txt").is_symlink());
    let both = leadwright(&["check", "--fix", "--json", name.to_str().unwrap()], b"");
    assert_eq!(both.status.code(), Some(2), "--json would be left out in silence");
}

/// Names, marks and shapes of a lead that wants to be more than text, in a page that loads and runs nothing.
#[test]
fn an_explanation_is_a_page_of_its_own() {
    let folder = folder("explain-html");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/home-services/plan.jsonc");
    let lead = folder.join("lead.json");
    let raw = r#"{"id":"L1","source":"search-lp","vertical":"roofing","phone":"615-555-0142","zip":"37206","state":"TN",
        "homeowner":"yes","roof_age":"7","first_name":"<script>alert(1)</script>","roof_type":"<img src=x>","comments":"Quixotic"}"#;
    std::fs::write(&lead, raw).unwrap();
    let page = folder.join("page.html");
    let [plan, lead, page] = [&example, &lead, &page].map(|path| path.to_str().unwrap());
    let start = ["explain", "--plan", plan, "--lead", lead, "--at", "2026-11-24T02:30:00Z", "--all", "--html", page];
    let output = leadwright(&start, b"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = std::fs::read_to_string(page).unwrap();
    for part in
        ["<h2>Near misses</h2>", "<h2>Funnel</h2>", "tried on an empty state", "summit-arvada", "one criterion away"]
    {
        assert!(page.contains(part), "{part} is not in the page");
    }
    for part in ["<script", "<img", "http:", "https:", "url(", "Quixotic", "6155550142", "37206"] {
        assert!(!page.contains(part), "{part} is in the page");
    }
    let json = leadwright(&[&start[..7], &["--json"]].concat(), b"");
    assert!(text(&json.stdout).starts_with(r#"{"v":1,"state":"empty","decision":{"v":1,"#));
}

#[test]
fn a_lead_is_explained_from_a_line_or_standard_input() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/home-services/plan.jsonc");
    let leads = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/samples/leads.jsonl");
    let [plan, leads] = [&example, &leads].map(|path| path.to_str().unwrap());
    let explain = |more: &[&str], input: &[u8]| {
        leadwright(&[&["explain", "--plan", plan, "--at", "2026-11-24T15:30:00Z"], more].concat(), input)
    };
    let second = explain(&["--lead", leads, "--line", "2"], b"");
    assert!(text(&second.stdout).starts_with("search-lp/L2.1: unmatched"), "{}", text(&second.stdout));
    let all = explain(&["--lead", leads], b"");
    assert_eq!(all.status.code(), Some(2));
    assert!(text(&all.stderr).contains("there are 3 leads; name one with --line"));
    assert!(text(&explain(&["--lead", leads, "--line", "9"], b"").stderr).contains("there is nothing in line 9"));
    let input = br#"{"id":"S1","source":"nobody"}"#;
    assert!(text(&explain(&["--lead", "-"], input).stdout).starts_with("unknown/S1.1: rejected"));
    let wrong = explain(&["--lead", leads, "--line", "1", "--contract", "anvil-cc"], b"");
    assert_eq!(text(&wrong.stderr), "leadwright: the plan has no contract `anvil-cc`; did you mean `anvil-co`?\n");
    assert_eq!(wrong.status.code(), Some(2));
}
