//! Leads from a seed.

use bench_common::Dice;
use leadwright::engine::validate_line_by;
use leadwright::model::Tick;
use leadwright::plan::Plan;
use leadwright_cli::Folder;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

pub const NOW: &str = "2026-11-24T23:05:00Z";
pub const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/home-services/plan.jsonc");

const STREETS: [&str; 6] = ["ELM", "OAK", "N STATE", "W MADISON", "MAPLE", "S WABASH"];
const NAMES: [&str; 8] = ["Ann", "Bo", "Carla", "Dmitri", "Eve", "Farid", "Gail", "Hoa"];
const ENDS: [&str; 6] = ["Abbott", "Baker", "Costa", "Dunn", "Eriksen", "Fox"];
const BUYERS: [&str; 4] = ["", "summit", "homefront", "acme"];

/// As `validate --clean` writes them, with two columns of what became of them.
pub fn write_canonical(file: &Path, count: usize) -> u64 {
    let mut writer = BufWriter::new(File::create(file).expect("writable"));
    let (mut dice, mut bytes) = (Dice::new(7), 0);
    for n in 0..count {
        let (day, hour, minute) = (n / 1_440 % 28 + 1, n / 60 % 24, n % 60);
        let (first, last) = (NAMES[dice.below(NAMES.len())], ENDS[dice.below(ENDS.len())]);
        let buyer = BUYERS[dice.below(BUYERS.len())];
        let line = format!(
            r#"{{"id":"H{n}","source":"search-lp","vertical":"roofing","received_at":"2026-10-{day:02}T{hour:02}:{minute:02}:00.000Z","first_name":"{first}","last_name":"{last}","email":"{first}.{last}{n}@example.com","phone":"+1312867{:04}","address_line1":"{} {} ST","city":"CHICAGO","state":"IL","zip":"606{:02}","homeowner":true,"roof_age":{},"when":"now","x_landing":"https://example.com/roof?utm={:08x}","x_note":"the lead of a bench, with a remark of usual length about its roof","buyer":"{buyer}","price":"{}.50"}}
"#,
            n % 10_000,
            dice.below(9_900) + 100,
            STREETS[dice.below(STREETS.len())],
            dice.below(60) + 1,
            dice.below(40),
            dice.below(usize::MAX >> 1),
            dice.below(80) + 20,
        );
        bytes += line.len() as u64;
        writer.write_all(line.as_bytes()).expect("writable");
    }
    writer.flush().expect("writable");
    bytes
}

/// As forms send them.
pub fn write_raw(file: &Path, count: usize) {
    let mut writer = BufWriter::new(File::create(file).expect("writable"));
    let mut dice = Dice::new(9);
    for n in 0..count {
        let (first, last) = (NAMES[dice.below(NAMES.len())], ENDS[dice.below(ENDS.len())]);
        let (day, hour, minute) = (n / 1_440 % 28 + 1, n / 60 % 24, n % 60);
        writeln!(
            writer,
            r#"{{"Lead ID":"R{n}","source":"search-lp","vertical":"roofing","received_at":"2026-10-{day:02}T{hour:02}:{minute:02}:00Z","Name":"{first} {last}","E-mail":"{first}.{last}{n}@Example.com","Tel":"(312) 867-{:04}","addr1":"{} {} street","City":"chicago","State":"Illinois","Zip":"606{:02}","homeowner":"yes","roof_age":"{}","when":"now"}}"#,
            n % 9_000 + 1_000,
            dice.below(9_900) + 100,
            STREETS[dice.below(STREETS.len())].to_lowercase(),
            dice.below(60) + 1,
            dice.below(40),
        )
        .expect("writable");
    }
    writer.flush().expect("writable");
}

/// All of them validated by the example's plan in two threads, and nothing else.
pub fn validated(file: &Path) -> Duration {
    let (folder, name) = Folder::of(Path::new(PLAN));
    let plan = Plan::load(&folder, &name).expect("the example's plan is right");
    let tick = Tick::at(NOW.parse().expect("a time"));
    let text = std::fs::read(file).expect("readable");
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for part in lines.chunks(lines.len().div_ceil(2)) {
            let plan = &plan;
            scope.spawn(move || {
                for line in part {
                    assert!(std::hint::black_box(validate_line_by(plan, line, 1, tick)).lead.valid);
                }
            });
        }
    });
    started.elapsed()
}
