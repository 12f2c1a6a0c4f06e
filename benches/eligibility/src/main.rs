//! Which contracts does a lead meet? leadwright beside a-tree, zen-expression, json-rules-engine and a loop in Python:
//! the same contracts, the same leads, and equal matches, or the run fails.
//!
//! With ZIP lists, and then the same contracts without them. `cargo run --release -p bench-eligibility -- [contracts…]
//! [--zips-only] [--no-zips] [--rust-only] [--ours-only]`

mod measure;
mod ours;
mod peers;
mod say;
mod scripts;
mod world;

use measure::{Matches, Run};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let workloads = [(true, "--no-zips"), (false, "--zips-only")];
    for (with_zips, _) in workloads.into_iter().filter(|(_, without)| !has(without)) {
        sizes.iter().for_each(|size| run(*size, with_zips, has("--rust-only"), has("--ours-only")));
    }
}

fn run(size: usize, with_zips: bool, rust_only: bool, ours_only: bool) {
    let world = world::world(size, std::env::var("LEADS").map_or(2_000, |n| n.parse().unwrap()), with_zips);
    let zips = if with_zips { format!("{} ZIP codes in lists", world.zip_pairs) } else { "no ZIP lists".to_owned() };
    println!("\n## {size} contracts, {zips}, {} leads\n", world.leads.len());
    let (ours, matches) = ours::index(&world);
    // Few leads for who is slow; what they match is compared with ours over the same leads.
    let leads = |budget: usize| (budget / size).clamp(3, 2_000);
    let mut runs = ours;
    let mut missing = Vec::new();
    if !ours_only {
        runs.push(ours::evaluator(&world, leads(500_000)));
        if size <= 10_000 {
            runs.extend(peers::a_tree(&world, leads(2_000_000)));
            runs.push(peers::zen(&world, leads(200_000)));
        } else {
            missing.push(
                "a-tree, zen-expression, json-rules-engine: building or running them at this size takes too long"
                    .to_owned(),
            );
        }
    }
    if !ours_only && !rust_only {
        let data = std::env::temp_dir().join(format!("leadwright-eligibility-{}.json", std::process::id()));
        scripts::write(&world, leads(500_000), &data);
        let mut add = |run: Result<Run, String>| match run {
            Ok(run) => runs.push(run),
            Err(why) => missing.push(why),
        };
        if size <= 10_000 {
            add(scripts::run("json-rules-engine", "node", "peers.mjs", &data, leads(20_000)));
        }
        if size <= 10_000 {
            add(scripts::run("loop in Python", "python3", "peers.py", &data, leads(500_000)));
        }
        let _ = std::fs::remove_file(&data);
    }
    report(&runs, &matches, size);
    missing.iter().for_each(|why| println!("not run: {why}"));
}

fn report(runs: &[Run], matches: &dyn Fn(usize) -> Matches, size: usize) {
    let best = runs.iter().find(|run| run.name == "leadwright, lead to matches").map_or(f64::NAN, |run| run.nanos);
    let search = runs.iter().find(|run| run.name == "leadwright, search").map(|run| run.nanos);
    println!("| engine | leads | µs a lead | × ours, lead to matches | × ours, search | build ms | matches a lead |");
    println!("|---|---|---|---|---|---|---|");
    for run in runs {
        assert!(run.matches == matches(run.leads), "{} at {size}: the matches differ", run.name);
        let over = |ours: f64| format!("{:.1}", run.nanos / ours);
        println!(
            "| {} | {} | {:.3} | {} | {} | {:.0} | {:.1} |",
            run.name,
            run.leads,
            run.nanos / 1e3,
            over(best),
            search.map_or("".into(), over),
            run.build_ms,
            run.matches.count as f64 / run.leads as f64
        );
    }
}
