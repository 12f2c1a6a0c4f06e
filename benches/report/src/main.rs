//! A report of thirty days from the sums that are kept with every decision, beside the raw count of the same sales.
//!
//! `cargo xtask bench report [DECISIONS] [--keep FILE]`: a file of so many decisions (3,000,000 when absent) over thirty days,
//! 8 sources and 200 contracts is made through the store, without an engine, for it is the reading that is measured.

use bench_common::Dice;
use leadwright::model::{
    BuyerId, ContractId, Date, DecisionId, Durability, LeadId, Money, Outcome, Seed, SourceId, TenantId, Timestamp,
};
use leadwright::store::{
    Effects, LeadIn, OutboxEntry, Record, RollupAdd, SqliteOptions, SqliteStore, Store, Sums, SumsBy, SumsQuery,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const DAYS: u64 = 30;
const SOURCES: usize = 8;
const CONTRACTS: usize = 200;
const BATCH: u64 = 256;
const DAY: i64 = 86_400_000;
/// So often each way of counting is timed, in turns.
const TURNS: usize = 7;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut count = 3_000_000;
    let mut keep = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--keep" => keep = args.next().map(PathBuf::from),
            number => count = number.parse()?,
        }
    }
    let folder = std::env::temp_dir().join(format!("leadwright-bench-report-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = keep.clone().unwrap_or_else(|| folder.join("leads.db"));
    let made = run(&path, count);
    std::fs::remove_dir_all(folder)?;
    made
}

fn run(path: &Path, count: u64) -> Result<(), Failure> {
    let options = SqliteOptions { durability: Durability::Relaxed, ..SqliteOptions::default() };
    let store = SqliteStore::with_options(path, options)?;
    let began = Instant::now();
    fill(&store, count)?;
    println!("{count} decisions written in {:.0} s", began.elapsed().as_secs_f64());
    let raw = rusqlite::Connection::open(path)?;
    for by in [&[SumsBy::Day, SumsBy::Contract][..], &[SumsBy::Contract], &[SumsBy::Day]] {
        compare(&store, &raw, by)?;
    }
    let whole = SumsQuery { by: SumsBy::ALL.into_iter().collect(), ..month() };
    let (took, rows) = timed(|| Ok(store.sums(&TenantId::default(), &whole)?))?;
    println!("by everything, hours too: {:.1} ms for {} rows", millis(took), rows.len());
    Ok(())
}

fn month() -> SumsQuery {
    SumsQuery { from: Date::new(2026, 11, 1), to: Date::new(2026, 11, 30), ..SumsQuery::default() }
}

/// One report both ways, which must agree to the cent.
fn compare(store: &SqliteStore, raw: &rusqlite::Connection, by: &[SumsBy]) -> Result<(), Failure> {
    let query = SumsQuery { by: by.iter().copied().collect(), ..month() };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut rows = Vec::new();
    for _ in 0..TURNS {
        let (took, found) = timed(|| Ok(store.sums(&TenantId::default(), &query)?))?;
        ours.push(took);
        rows = found;
        // The raw count takes seconds; thrice is enough.
        if theirs.len() < 3 {
            let (took, counted) = timed(|| counted(raw, by))?;
            theirs.push(took);
            assert_eq!(sales(&rows), counted, "the report is not the raw count");
        }
    }
    let (ours, theirs) = (median(&mut ours), median(&mut theirs));
    let words = by.iter().map(|by| by.as_str()).collect::<Vec<_>>().join(", ");
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!(
        "by {words}: {:.2} ms for {} rows; raw count {:.0} ms, {ratio:.0} times as long; equal",
        millis(ours),
        rows.len(),
        millis(theirs)
    );
    Ok(())
}

type Place = (String, String);

fn sales(rows: &[Sums]) -> BTreeMap<Place, (i64, i64)> {
    let text = |part: Option<String>| part.unwrap_or_default();
    let of =
        |row: &Sums| (text(row.day.map(|day| day.to_string())), text(row.contract.as_ref().map(ToString::to_string)));
    rows.iter().map(|row| (of(row), (row.sales, row.revenue.units()))).collect()
}

/// The sales themselves, counted by SQL.
fn counted(raw: &rusqlite::Connection, by: &[SumsBy]) -> Result<BTreeMap<Place, (i64, i64)>, Failure> {
    let day = if by.contains(&SumsBy::Day) { "date(due_at / 1000, 'unixepoch')" } else { "''" };
    let contract = if by.contains(&SumsBy::Contract) { "contract" } else { "''" };
    let sql = format!("SELECT {day}, {contract}, count(*), sum(price) FROM outbox GROUP BY 1, 2");
    let mut statement = raw.prepare(&sql)?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn timed<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<(Duration, T), Failure> {
    let began = Instant::now();
    let done = work()?;
    Ok((began.elapsed(), done))
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Decisions in the order of their times, half of them sold.
fn fill(store: &SqliteStore, count: u64) -> Result<(), Failure> {
    store.put_plan("sha256:bench", "{}")?;
    let start: Timestamp = "2026-11-01T00:00:00Z".parse()?;
    let mut dice = Dice::new(11);
    let mut made = 0;
    while made < count {
        let batch: Vec<Effects> = (made..count.min(made + BATCH))
            .map(|n| {
                let at = i64::try_from(n)? * DAY * i64::try_from(DAYS)? / i64::try_from(count)?;
                effects(n, start.plus_millis(at), &mut dice)
            })
            .collect::<Result<_, _>>()?;
        store.write(&TenantId::default(), &mut |transaction| {
            batch.iter().try_for_each(|effects| transaction.apply(effects).map(drop))
        })?;
        made += BATCH;
    }
    Ok(())
}

fn effects(n: u64, at: Timestamp, dice: &mut Dice) -> Result<Effects, Failure> {
    let source: SourceId = format!("source-{}", dice.below(SOURCES)).parse()?;
    let id = DecisionId { source: source.clone(), lead: LeadId::new(format!("L{n}"))?, n: 1 };
    let sold = dice.chance(0.5);
    let outcome = if sold { Outcome::Assigned } else { Outcome::Unsold };
    let contract: ContractId = format!("contract-{:03}", dice.below(CONTRACTS)).parse()?;
    let price = Money::from_units(100_000 + 100 * i64::try_from(dice.below(5_000))?).ok_or("an amount")?;
    let text = at.to_string();
    let date: Date = text[..10].parse()?;
    let minutes = (at.millis() / 60_000).rem_euclid(24 * 60);
    let slot = u8::try_from(minutes / 15)?;
    let row = |contract: Option<ContractId>| RollupAdd {
        date,
        slot,
        source: source.clone(),
        contract,
        outcome,
        leads: 1,
        revenue: if sold { price } else { Money::ZERO },
        payout: Money::ZERO,
    };
    let entry = OutboxEntry {
        key: format!("{n:064x}"),
        decision: id.clone(),
        buyer: BuyerId::new("buyer")?,
        contract: contract.clone(),
        price,
        due_at: at,
    };
    let mut payload = [0; 32];
    payload[..8].copy_from_slice(&n.to_be_bytes());
    let record = Record {
        id,
        tenant: TenantId::default(),
        at,
        requested_at: at,
        seed: Seed::default(),
        plan: "sha256:bench".into(),
        outcome,
        idempotency_key: None,
        payload,
        input: b"{}".to_vec(),
        reads: "{}".into(),
        body: b"{}".to_vec(),
        digest: String::new(),
    };
    Ok(Effects {
        record,
        lead: LeadIn { canonical: 0..0, corrections: 2..2, inner: [0; 32] },
        counters: Vec::new(),
        moments: Vec::new(),
        claims: Vec::new(),
        turns: Vec::new(),
        outbox: if sold { vec![entry] } else { Vec::new() },
        events: Vec::new(),
        rollups: if sold { vec![row(None), row(Some(contract))] } else { vec![row(None)] },
        postings: Vec::new(),
        problems: Vec::new(),
        reservations: Vec::new(),
        ends_wait: false,
        waiting: None,
    })
}
