//! PostgreSQL: beside COPY of the same bytes into a table without an index, and beside an INSERT a lead in one transaction.

use super::{import, leads, ratio, told};
use futures_util::SinkExt as _;
use std::io::Cursor;
use std::path::Path;
use std::pin::pin;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

/// An INSERT a lead is measured with fewer.
const ALONE: usize = 20_000;
/// What is sent at once.
const PIECE: usize = 256 * 1024;
const TABLE: &str = "(tenant text, seq bigint, source text, lead text, at bigint, input bytea, sales text)";

struct Server {
    client: Client,
    runtime: Runtime,
}

impl Server {
    fn open(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a server");
            tokio::spawn(async move { drop(connection.await) });
            client
        });
        let server = Self { client, runtime };
        server.run(
            "DROP SCHEMA IF EXISTS bench_import CASCADE; CREATE SCHEMA bench_import; SET search_path = bench_import",
        );
        server
    }

    fn run(&self, sql: &str) {
        self.runtime.block_on(self.client.batch_execute(sql)).expect(sql);
    }

    /// Rows that were encoded before.
    fn copy(&self, pieces: Vec<Vec<u8>>) -> Duration {
        self.run(&format!("CREATE TABLE bare {TABLE}; CHECKPOINT"));
        let started = Instant::now();
        self.runtime.block_on(async {
            let sink = self.client.copy_in("COPY bare FROM STDIN BINARY").await.expect("begun");
            let mut sink = pin!(sink);
            for piece in pieces {
                sink.send(Cursor::new(piece)).await.expect("sent");
            }
            sink.as_mut().finish().await.expect("committed");
        });
        let took = started.elapsed();
        self.run("DROP TABLE bare");
        took
    }

    fn alone(&self, lines: &[&str]) -> Duration {
        self.run(&format!("CREATE TABLE alone {TABLE}"));
        let started = Instant::now();
        self.runtime.block_on(async {
            let insert = "INSERT INTO alone VALUES ('main', $1, 'search-lp', $2, $3, $4, '[]')";
            let insert = self.client.prepare(insert).await.expect("prepared");
            self.client.batch_execute("BEGIN").await.expect("begun");
            for (n, line) in lines.iter().enumerate() {
                let (seq, id) = (n as i64, format!("H{n}"));
                self.client.execute(&insert, &[&seq, &id, &seq, &line.as_bytes()]).await.expect("written");
            }
            self.client.batch_execute("COMMIT").await.expect("committed");
        });
        let took = started.elapsed();
        self.run("DROP TABLE alone");
        took
    }
}

/// The rows as COPY takes them.
fn encoded(lines: &[&str]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut piece = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    for (n, line) in lines.iter().enumerate() {
        if piece.len() >= PIECE {
            pieces.push(std::mem::take(&mut piece));
        }
        let (seq, id) = ((n as i64).to_be_bytes(), format!("H{n}"));
        let sale = br#"[{"buyer":"summit","contract":"summit","price":"42.50"}]"#;
        let sale: &[u8] = if line.contains(r#""buyer":"""#) { b"[]" } else { sale };
        let fields: [&[u8]; 7] = [b"main", &seq, b"search-lp", id.as_bytes(), &seq, line.as_bytes(), sale];
        piece.extend(7_i16.to_be_bytes());
        for field in fields {
            piece.extend((field.len() as i32).to_be_bytes());
            piece.extend(field);
        }
    }
    piece.extend((-1_i16).to_be_bytes());
    pieces.push(piece);
    pieces
}

/// A database of our own on that server, empty.
fn store(server: &Server, url: &str) -> String {
    server.run("DROP DATABASE IF EXISTS bench_import WITH (FORCE)");
    server.run("CREATE DATABASE bench_import");
    let server = url.rsplit_once('/').map_or(url, |(server, _)| server);
    format!("{server}/bench_import")
}

pub fn run(url: &str, file: &Path, count: usize) {
    let text = std::fs::read_to_string(file).expect("readable");
    let lines: Vec<&str> = text.lines().collect();
    let server = Server::open(url);
    let few = ALONE.min(count);
    let alone = server.alone(&lines[..few]);
    told("PostgreSQL: an INSERT a lead, one transaction", alone, few);
    let first = server.copy(encoded(&lines));
    told("PostgreSQL: COPY, no index", first, count);
    let pieces = encoded(&lines);
    drop(lines);
    drop(text);
    let store = store(&server, url);
    server.run("CHECKPOINT");
    let ours = import(&store, file, &["--canonical", "--buyer", "buyer", "--price", "price"]);
    told("PostgreSQL: leadwright import --canonical", ours, count);
    let second = server.copy(pieces);
    told("PostgreSQL: COPY, no index, again", second, count);
    ratio("  of COPY (the quicker one)", ours, first.min(second), 1.0);
    ratio("  times an INSERT a lead", ours, alone, count as f64 / few as f64);
    server.run("DROP DATABASE bench_import WITH (FORCE)");
}

pub fn raw(url: &str, file: &Path, count: usize, validated: Duration) {
    let text = std::fs::read_to_string(file).expect("readable");
    let lines: Vec<&str> = text.lines().collect();
    let server = Server::open(url);
    let copied = server.copy(encoded(&lines));
    told("PostgreSQL: COPY of the raw leads", copied, count);
    drop(lines);
    drop(text);
    let ours = import(&store(&server, url), file, &["--plan", leads::PLAN, "--threads", "2"]);
    told("PostgreSQL: leadwright import --plan", ours, count);
    ratio("  of the slower of COPY and validation", ours, copied.max(validated), 1.0);
    server.run("DROP DATABASE bench_import WITH (FORCE)");
}
