//! A corpus of mistakes: every code that the check of a plan can tell, at least twice (`lint.rs` has those of `lint`, `plan_rows.rs` those of tables). Each is due at its line; how many of them
//! have a suggestion that mends them is counted and printed (`--no-capture`).

#[path = "plan_corpus/cases.rs"]
mod cases;

use cases::{CASES, In};
use leadwright::model::{Code, CodeKind, Issue, Severity};
use leadwright::plan::{MemoryResolver, Plan, fix};
use std::collections::{BTreeMap, BTreeSet};

const BASE: &str = include_str!("plan_corpus/base.jsonc");
const SUMMIT: &str = include_str!("plan_corpus/summit.jsonc");
const AREAS: &str = "  \"areas\": { \"dfw\": { \"zip\": \"75201\", \"radius\": \"25mi\" } },\n  \"hours\": {";
const SOLAR: [(&str, &str); 2] = [
    ("\"verticals\": {\n", "\"verticals\": { \"solar\": { \"extends\": \"us/home-services@1\" },\n"),
    (
        "\"routes\": {\n",
        "\"routes\": { \"solar\": { \"groups\": [ { \"id\": \"all\", \"select\": \"price\" } ], \"on_unsold\": { \"then\": \"store\" } },\n",
    ),
];

/// The files of a case, and the file and line at which its code is due.
struct Case {
    files: MemoryResolver,
    names: Vec<(String, Vec<u8>)>,
    line: Option<(&'static str, u32)>,
}

fn case(&(code, place, from, to): &(Code, In, &str, &str)) -> Case {
    let (mut plan, mut buyer, mut list) = (BASE.to_owned(), SUMMIT.to_owned(), "+17735550123\n".to_owned());
    if to.contains("\"area\"") {
        plan = plan.replacen("  \"hours\": {", AREAS, 1);
    }
    if code == Code::PlanMixedRoutes {
        for (from, to) in SOLAR {
            plan = plan.replacen(from, to, 1);
        }
    }
    if code == Code::PlanPercentSum {
        plan = plan.replace("\"weight\": 30", "\"percent\": 30");
        buyer = buyer.replace("\"weight\": 70", "\"percent\": 60");
    }
    let text = match place {
        In::Plan => &mut plan,
        In::Buyer => &mut buyer,
        In::OptOuts => &mut list,
    };
    assert!(text.contains(from), "{code}: {from} is not in the file");
    *text = text.replacen(from, to, 1);
    let marked = text.find('§').map(|at| text[..at].matches('\n').count() as u32 + 1);
    *text = text.replace('§', "");
    if list.starts_with("HASH\n") {
        list = list.replace("HASH\n", "");
        plan = plan.replacen("\"of\": \"phone\"", "\"of\": \"phone\", \"hash\": \"md5\"", 1);
    }
    let due = match (code, place, marked) {
        (Code::PlanTooManyContracts, ..) => Some(("plan.jsonc", 2)),
        (Code::PlanTooLarge, In::Plan, _) | (Code::PlanNotUtf8, In::Plan, _) => Some(("plan.jsonc", 1)),
        (Code::PlanNotABuyer, ..) => Some(("buyers/summit.jsonc", 1)),
        (_, In::OptOuts, _) => line_of(&plan, "\"lists/opt-outs.txt\"").map(|line| ("plan.jsonc", line)),
        (_, In::Plan, Some(line)) => Some(("plan.jsonc", line)),
        (_, In::Buyer, Some(line)) => Some(("buyers/summit.jsonc", line)),
        // What is missing is missed where its object opens.
        (Code::PlanMissingField, In::Plan, None) if from.contains("on_unsold") => {
            line_of(&plan, "    \"roofing\": {\n      \"max_sales\"").map(|line| ("plan.jsonc", line))
        }
        (Code::PlanMissingField, In::Plan, None) => Some(("plan.jsonc", 2)),
        (Code::PlanNotAPlan, ..) => Some(("plan.jsonc", 1)),
        _ => None,
    };
    let mut names = vec![
        ("plan.jsonc".to_owned(), large(&plan)),
        ("buyers/summit.jsonc".to_owned(), large(&buyer)),
        (
            "lists/opt-outs.txt".to_owned(),
            if list.starts_with("LARGE") { vec![b'\n'; (64 << 20) + 1] } else { list.into() },
        ),
    ];
    if code == Code::PlanTooManyContracts {
        let contract = |n: usize| {
            format!("\"c{n}\":{{\"in\":{{\"roofing/open\":{{}}}},\"sell\":{{\"exclusive\":{{\"price\":\"1.00\"}}}}}}")
        };
        for file in 0..10 {
            let contracts: Vec<String> = (0..10_000).map(|n| contract(file * 10_000 + n)).collect();
            let text = format!("{{\"buyer\":\"b{file}\",\"contracts\":{{{}}}}}", contracts.join(","));
            names.push((format!("buyers/b{file}.jsonc"), text.into()));
        }
    }
    let files = MemoryResolver::new(names.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())));
    Case { files, names, line: due }
}

/// What is too long to stand in a table.
fn large(text: &str) -> Vec<u8> {
    let zips: String = (0..10_001).map(|n| format!("\"{:05}\", ", 10_000 + n)).collect();
    let dates: Vec<String> =
        (0..10_001).map(|n| format!("\"{}-{:02}-{:02}\"", 2000 + n / 336, n / 28 % 12 + 1, n % 28 + 1)).collect();
    let text = text
        .replace("DEEP", &format!("{}1{}", "[".repeat(40), "]".repeat(40)))
        .replace("COMMAS", &",".repeat(1_100))
        .replace("ZIPS", &zips)
        .replace("DATES", &dates.join(", "))
        .replace("LARGE", &" ".repeat(16 << 20));
    let bytes = text.into_bytes();
    match bytes.windows(5).position(|bytes| bytes == b"BYTES") {
        Some(at) => [&bytes[..at], b"\xff\xfe", &bytes[at + 5..]].concat(),
        None => bytes,
    }
}

fn line_of(text: &str, part: &str) -> Option<u32> {
    Some(text[..text.find(part)?].matches('\n').count() as u32 + 1)
}

/// The texts after the edits of one issue alone.
fn mended(case: &Case, issue: &Issue) -> Option<MemoryResolver> {
    let fix = issue.fix.as_ref()?;
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for edit in fix.edits.iter().rev() {
        let file = edit.file.as_deref().unwrap_or(&issue.file);
        if !texts.contains_key(file) {
            let (name, bytes) = case.names.iter().find(|(name, _)| name == file)?;
            texts.insert(name, String::from_utf8(bytes.clone()).ok()?);
        }
        let span = edit.span.start as usize..edit.span.end as usize;
        texts.get_mut(file).unwrap().replace_range(span, &edit.text);
    }
    let mut files = case.files.clone();
    texts.into_iter().for_each(|(name, text)| files.insert(name, text));
    Some(files)
}

fn errors(issues: &[Issue]) -> usize {
    issues.iter().filter(|issue| issue.severity == Severity::Error).count()
}

#[test]
fn the_plan_below_all_cases_has_no_fault() {
    let files = [("plan.jsonc", BASE), ("buyers/summit.jsonc", SUMMIT), ("lists/opt-outs.txt", "+17735550123\n")];
    let issues = Plan::check(&MemoryResolver::new(files), "plan.jsonc").issues;
    assert!(issues.is_empty(), "{issues:#?}");
}

#[test]
fn every_code_of_a_plan_is_in_the_corpus_twice() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (code, ..) in CASES {
        *counts.entry(code.as_str()).or_default() += 1;
    }
    // What a map of shards beside the plan refuses has vectors of its own: vectors/shards.
    let of_a_map = |code: &Code| *code == Code::PlanCapAcrossShards;
    let plan = Code::all().iter().filter(|code| !of_a_map(code)).filter(|code| {
        code.kind() == CodeKind::Plan && !["lint.", "rows."].iter().any(|own| code.as_str().starts_with(own))
    });
    let rare: Vec<&str> =
        plan.map(|code| code.as_str()).filter(|code| counts.get(code).is_none_or(|n| *n < 2)).collect();
    assert!(rare.is_empty(), "not in the corpus twice: {}", rare.join(", "));
}

/// 100 % at the right line, and at least 90 % with a suggestion that mends it.
#[test]
fn every_mistake_is_reported_at_its_line_and_most_can_be_mended() {
    let (mut with, mut safe, mut wrong) = (0, 0, Vec::new());
    let mut without = BTreeSet::new();
    for (n, entry) in CASES.iter().enumerate() {
        let (code, _, from, to) = *entry;
        let case = case(entry);
        let issues = Plan::check(&case.files, "plan.jsonc").issues;
        let due = |issue: &&Issue| {
            issue.code == code && case.line.is_some_and(|due| (issue.file.as_str(), issue.line) == due)
        };
        let Some(issue) = issues.iter().find(due) else {
            let found: Vec<String> = issues.iter().take(3).map(ToString::to_string).collect();
            wrong.push(format!("{n} {code} {from} → {to}: due at {:?}, found {found:?}", case.line));
            continue;
        };
        let Some(files) = mended(&case, issue) else {
            without.insert(format!("{code} ({n})"));
            continue;
        };
        let after = Plan::check(&files, "plan.jsonc").issues;
        let same = |other: &&Issue| other.code == code && other.message == issue.message && other.path == issue.path;
        if after.iter().any(|other| same(&other)) || errors(&after) > errors(&issues) {
            let found: Vec<String> = after.iter().take(3).map(ToString::to_string).collect();
            wrong.push(format!("{n} {code} {from} → {to}: {:?} leaves {found:?}", issue.fix));
            continue;
        }
        with += 1;
        safe += usize::from(issue.fix.as_ref().is_some_and(|fix| fix.safe));
    }
    let percent = with as f64 * 100.0 / CASES.len() as f64;
    println!(
        "{} mistakes, all at their line; {with} ({percent:.1} %) with a suggestion that mends them, {safe} of them",
        CASES.len()
    );
    println!(
        "without doubt. {} codes; without a suggestion (case): {}",
        CASES.iter().map(|(code, ..)| code).collect::<BTreeSet<_>>().len(),
        without.into_iter().collect::<Vec<_>>().join(", ")
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(with * 10 >= CASES.len() * 9, "only {percent:.1} %");
}

/// What was mended is not found again, and everything else stays as it was.
#[test]
fn all_fixes_at_once_leave_what_cannot_be_mended() {
    for entry in CASES.iter().filter(|(code, ..)| *code != Code::PlanTooManyContracts) {
        let case = case(entry);
        let fixed = fix(&case.files, "plan.jsonc", true);
        let again = fix(&case.files, "plan.jsonc", true);
        assert_eq!(fixed.files, again.files, "{entry:?}");
        if let Some(text) = fixed.files.get("buyers/summit.jsonc") {
            assert!(text.contains("// the greater one"), "{entry:?}: {text}");
        }
    }
}

/// What is safe must not change what a plan means: a price, a span of time, or to whom leads go.
#[test]
fn what_could_mean_something_else_is_no_safe_fix() {
    for (place, from, to) in [
        (In::Buyer, "\"85.00\"", "\"1,50\""),
        (In::Buyer, "\"85.00\"", "\"85 00\""),
        (In::Plan, "\"500.00\"", "\"1,50\""),
        (In::Plan, "\"31d\"", "\"5 months\""),
        (In::Plan, "\"max_sales\": 3,", "\"max_sales\": 50000.0,"),
        (In::Plan, "\"max_sales\": 3,", "\"max_sales\": 2.5,"),
        (In::Buyer, "\"roofing/first\"", "\"roofing/firs\""),
        (In::Buyer, "\"TX\"", "\"CN\""),
        (In::Buyer, "\"TX\"", "\"Kansa\""),
        (In::Buyer, "\"75202\"", "7"),
        (In::Buyer, "\"roof_age\"", "\"roof_ag\""),
        (In::Buyer, "\"gte\": 10,", "\"gtr\": 10,"),
        (In::Buyer, "\"list.opt-outs\"", "\"list.opt-out\""),
    ] {
        let case = case(&(Code::PlanSyntax, place, from, to));
        let fixed = fix(&case.files, "plan.jsonc", false);
        assert_eq!((fixed.applied, fixed.files.len()), (0, 0), "{from} → {to}: {:?}", fixed.files);
        assert!(errors(&fixed.checked.issues) > 0, "{from} → {to}");
    }
    for (place, from, to) in [
        (In::Buyer, "\"85.00\"", "\"$1,250.00\""),
        (In::Buyer, "\"TX\"", "\"texas\""),
        (In::Buyer, "\"roof_age\"", "\"Roof-Age\""),
        (In::Buyer, "\"roofing/first\"", "\"roofing.first\""),
        (In::Buyer, "\"gte\": 10,", "\">=\": 10,"),
        (In::Plan, "\"max_sales\": 3,", "\"max_sales\": 3.0,"),
    ] {
        let case = case(&(Code::PlanSyntax, place, from, to));
        let fixed = fix(&case.files, "plan.jsonc", false);
        assert_eq!((fixed.applied, errors(&fixed.checked.issues)), (1, 0), "{from} → {to}");
    }
}

/// The near name is mended first, so that its group is not taken for one that nobody is in.
#[test]
fn guesses_do_not_take_out_what_another_guess_would_fill() {
    let case = case(&(Code::PlanUnknownName, In::Buyer, "\"roofing/first\"", "\"roofing/firs\""));
    let fixed = fix(&case.files, "plan.jsonc", true);
    assert_eq!(fixed.files.keys().collect::<Vec<_>>(), ["buyers/summit.jsonc"]);
    assert_eq!((fixed.files["buyers/summit.jsonc"].as_str(), fixed.checked.issues.len()), (SUMMIT, 0));
}
