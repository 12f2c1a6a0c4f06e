//! How many addresses a second: leadwright beside usaddress, parse-address and the Rust ports of both, the same
//! addresses in one run. Ours gives the full result (components, lines, both keys, corrections, problems); a peer what
//! its fastest function gives, the parts alone.
//!
//! `cargo run --release -p bench-address -- [addresses] [--rounds N] [--ours-only]`
//!
//! With `--linear` alone it counts the instructions that texts of all lengths take instead, under valgrind.

mod data;
mod engines;
mod linear;
mod scripts;

use engines::Engine;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag] if flag == "--linear" => std::process::exit(i32::from(!linear::run())),
        [flag, told @ ..] if flag == "--read-shape" => return linear::read(told),
        _ => {}
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1)?.parse::<usize>().ok()
    };
    let rounds = after("--rounds").unwrap_or(9).max(1);
    let count = arguments.first().and_then(|argument| argument.parse().ok()).unwrap_or(3_000);
    let texts = data::texts(count);
    let mut engines = vec![engines::ours(), engines::ours_afresh()];
    let mut missing = Vec::new();
    if !has("--ours-only") {
        engines.extend([engines::usaddress_port(), engines::address_parser()]);
        for peer in [scripts::usaddress(&texts), scripts::parse_address(&texts)] {
            match peer {
                Ok(engine) => engines.push(engine),
                Err(why) => missing.push(why),
            }
        }
    }
    let times = measured(&mut engines, &texts, rounds);
    report(&engines, &times, texts.len(), rounds);
    missing.iter().for_each(|why| println!("NOT RUN: {why}"));
}

/// CPU time of each engine in each round, nanoseconds for all texts. The engines take turns, so that what slows the
/// machine down for a while slows them all; the first round is not counted.
fn measured(engines: &mut [Engine], texts: &[String], rounds: usize) -> Vec<Vec<f64>> {
    let mut times = vec![Vec::with_capacity(rounds); engines.len()];
    for round in 0..=rounds {
        for (engine, times) in engines.iter_mut().zip(&mut times) {
            let nanos = (engine.pass)(texts);
            if round > 0 {
                times.push(nanos);
            }
        }
    }
    times
}

fn report(engines: &[Engine], times: &[Vec<f64>], texts: usize, rounds: usize) {
    println!("median of {rounds} rounds in turn over {texts} addresses, CPU time of one thread\n");
    println!(
        "| engine | µs an address | addresses a second | ours is × as fast (least to most of a round) |\n|---|---|---|---|"
    );
    let ours = &times[0];
    for (engine, times) in engines.iter().zip(times) {
        let micros = median(times) / texts as f64 / 1e3;
        let mut ratios: Vec<f64> = times.iter().zip(ours).map(|(theirs, ours)| theirs / ours).collect();
        ratios.sort_by(f64::total_cmp);
        let (least, most) = (ratios[0], ratios[ratios.len() - 1]);
        let ratio = format!("{:.1} ({least:.1} to {most:.1})", median(&ratios));
        println!("| {} | {micros:.2} | {:.0} | {ratio} |", engine.name, 1e6 / micros);
    }
}

fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
