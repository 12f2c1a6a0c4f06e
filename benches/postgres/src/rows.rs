//! The curve of rows a statement: 1, 1,000, 10,000, 50,000 and 100,000 rows by UNNEST and by COPY, into a table without an
//! index, beside a row a statement in one transaction.

use crate::Told;
use bench_common::measure::{Verdict, median};
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::Type;
use postgres::{Client, NoTls};
use std::time::Instant;

const TABLE: &str = "SET client_min_messages = warning; DROP TABLE IF EXISTS bench_rows; \
    CREATE TABLE bench_rows(id bigint, at bigint, source text, lead text, price bigint, data bytea)";

struct Rows {
    ids: Vec<i64>,
    ats: Vec<i64>,
    sources: Vec<&'static str>,
    leads: Vec<String>,
    prices: Vec<i64>,
    data: Vec<Vec<u8>>,
}

impl Rows {
    fn new(count: usize) -> Self {
        let n = || 0..i64::try_from(count).expect("few");
        Self {
            ids: n().collect(),
            ats: n().map(|n| 1_764_000_000_000 + n).collect(),
            sources: n().map(|n| ["web", "partner", "call"][(n % 3) as usize]).collect(),
            leads: n().map(|n| format!("L{n}")).collect(),
            prices: n().map(|n| 100_000 + n % 9_000).collect(),
            data: n().map(|n| vec![(n % 251) as u8; 200]).collect(),
        }
    }

    fn unnest(&self, client: &mut Client, from: usize, to: usize) {
        let sql = "INSERT INTO bench_rows SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], \
                   $6::bytea[])";
        let statement = client.prepare(sql).expect("prepared");
        let here = from..to;
        let bound: [&(dyn postgres::types::ToSql + Sync); 6] = [
            &&self.ids[here.clone()],
            &&self.ats[here.clone()],
            &&self.sources[here.clone()],
            &&self.leads[here.clone()],
            &&self.prices[here.clone()],
            &&self.data[here],
        ];
        client.execute(&statement, &bound).expect("inserted");
    }

    fn copy(&self, client: &mut Client, from: usize, to: usize) {
        let sink = client.copy_in("COPY bench_rows FROM STDIN (FORMAT binary)").expect("copy");
        let types = [Type::INT8, Type::INT8, Type::TEXT, Type::TEXT, Type::INT8, Type::BYTEA];
        let mut writer = BinaryCopyInWriter::new(sink, &types);
        for n in from..to {
            let row: [&(dyn postgres::types::ToSql + Sync); 6] =
                [&self.ids[n], &self.ats[n], &self.sources[n], &self.leads[n], &self.prices[n], &self.data[n]];
            writer.write(&row).expect("written");
        }
        writer.finish().expect("copied");
    }
}

type Way = fn(&Rows, &mut Client, usize, usize);

fn rate(client: &mut Client, rows: &Rows, count: usize, each: usize, way: Way) -> f64 {
    client.batch_execute(TABLE).expect("a table");
    let started = Instant::now();
    client.batch_execute("BEGIN").expect("begun");
    (0..count).step_by(each).for_each(|from| way(rows, client, from, (from + each).min(count)));
    client.batch_execute("COMMIT").expect("committed");
    count as f64 / started.elapsed().as_secs_f64()
}

pub fn run(told: &Told) -> Verdict {
    const MOST: usize = 200_000;
    let rows = Rows::new(MOST);
    let mut client = Client::connect(&told.url, NoTls).expect("a server");
    println!("\n## Rows a second by rows a statement, in one transaction\n");
    println!("| rows a statement | UNNEST | COPY | UNNEST ÷ COPY of 50,000 |\n|---|---|---|---|");
    let mut of = |each: usize, way: Way| {
        let count = if each == 1 { 10_000 } else { MOST };
        median((0..told.rounds.min(3)).map(|_| rate(&mut client, &rows, count, each, way)).collect())
    };
    let whole = of(50_000, Rows::copy);
    for each in [1, 1_000, 10_000, 50_000, 100_000] {
        let (unnest, copy) = (of(each, Rows::unnest), of(each, Rows::copy));
        println!("| {each} | {unnest:.0} | {copy:.0} | {:.2} |", unnest / whole);
    }
    client.batch_execute("DROP TABLE bench_rows").expect("dropped");
    Verdict::Right
}
