//! The servers start, keep what they were told over crashes, and never outlive whoever started them.
// A test of processes measures how long they take.
#![allow(clippy::disallowed_methods)]

use leadwright_servers::{Missing, Nats, Postgres, Redis, Version, skipped};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A way to end a server.
type End<S> = fn(&mut S) -> Result<(), Missing>;

/// The server, or None and a loud line where this platform has none.
fn here<S>(what: &str, started: Result<S, Missing>) -> Option<S> {
    started.map_err(|missing| skipped(what, &missing)).ok()
}

fn sql(postgres: &Postgres, sql: &str) -> String {
    let mut psql = Command::new(postgres.tool("psql"));
    let answer =
        psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]).arg(postgres.url("postgres")).output().unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

fn crashes(version: Version, what: &str) {
    let Some(mut postgres) = here(what, Postgres::start(version)) else { return };
    assert_eq!(sql(&postgres, "show fsync"), "on");
    assert_eq!(sql(&postgres, "show listen_addresses"), "127.0.0.1");
    sql(&postgres, "create table lead (id int)");
    let port = postgres.port();
    let ends: [End<Postgres>; 3] = [Postgres::stop_fast, Postgres::stop_immediate, Postgres::kill];
    for (id, end) in ends.into_iter().enumerate() {
        sql(&postgres, &format!("insert into lead values ({id})"));
        end(&mut postgres).unwrap();
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "it still listens");
        postgres.start_again().unwrap();
        assert_eq!(postgres.port(), port);
    }
    assert_eq!(sql(&postgres, "select count(*) from lead"), "3");
    let data = postgres.data();
    drop(postgres);
    assert!(!data.exists(), "its data is gone with it");
}

#[test]
fn debians_postgres_keeps_rows_over_every_kind_of_end() {
    crashes(Version::Debian, "PostgreSQL of Debian");
}

#[test]
fn packaged_postgres_keeps_rows_over_every_kind_of_end() {
    crashes(Version::Packaged, "PostgreSQL of a package");
}

#[test]
fn a_second_postgres_is_there_at_once() {
    let Some(_first) = here("a second PostgreSQL", Postgres::start(Version::Any)) else { return };
    let begin = Instant::now();
    let second = Postgres::start_without_fsync(Version::Any).unwrap();
    println!("a second PostgreSQL took {:?}", begin.elapsed());
    assert!(begin.elapsed() < Duration::from_secs(5), "the template was not used");
    assert_eq!(sql(&second, "show fsync"), "off");
}

#[test]
fn a_replica_follows() {
    let Some(primary) = here("a replica", Postgres::start_without_fsync(Version::Any)) else { return };
    sql(&primary, "create table lead (id int)");
    let replica = primary.replica().unwrap();
    sql(&primary, "insert into lead values (7)");
    let until = Instant::now() + Duration::from_secs(20);
    while sql(&replica, "select id from lead") != "7" {
        assert!(Instant::now() < until, "the replica does not follow");
        sleep(Duration::from_millis(20));
    }
    assert_eq!(sql(&replica, "select pg_is_in_recovery()"), "t");
    assert_ne!(replica.port(), primary.port());
}

/// Sends lines, and answers with the first of the server's that contains `wanted`.
fn ask(url: &str, lines: &str, wanted: &str) -> String {
    let address = url.split_once("://").unwrap().1;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(lines.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream).lines();
    reader.find(|line| line.as_ref().unwrap().contains(wanted)).unwrap().unwrap()
}

#[test]
fn redis_keeps_what_it_was_told() {
    let Some(mut redis) = here("Redis", Redis::start()) else { return };
    ask(&redis.url(), "SET lead 7\r\n", "OK");
    redis.kill().unwrap();
    redis.start_again().unwrap();
    assert_eq!(ask(&redis.url(), "GET lead\r\n", "7"), "7");
    redis.stop().unwrap();
    redis.start_again().unwrap();
    assert_eq!(ask(&redis.url(), "GET lead\r\n", "7"), "7");
}

#[test]
fn a_paused_server_answers_when_it_goes_on() {
    let Some(mut redis) = here("Redis", Redis::start()) else { return };
    redis.pause().unwrap();
    sleep(Duration::from_millis(50));
    let mut stream = TcpStream::connect(redis.url().split_once("://").unwrap().1).unwrap();
    stream.write_all(b"PING\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(stream.read(&mut [0; 8]).is_err(), "it answered");
    redis.resume().unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(stream.read(&mut [0; 8]).unwrap(), 7);
}

fn jetstream(nats: &Nats, request: &str, body: &str) -> String {
    let connect = "CONNECT {\"verbose\":false}\r\nSUB answer 1\r\n";
    ask(&nats.url(), &format!("{connect}PUB $JS.API.{request} answer {}\r\n{body}\r\n", body.len()), "\"type\"")
}

#[test]
fn nats_keeps_its_streams() {
    let Some(mut nats) = here("NATS", Nats::start()) else { return };
    let made = jetstream(&nats, "STREAM.CREATE.leads", r#"{"name":"leads","subjects":["leads.>"]}"#);
    assert!(!made.contains("error"), "{made}");
    let ends: [End<Nats>; 2] = [Nats::kill, Nats::stop];
    for end in ends {
        end(&mut nats).unwrap();
        nats.start_again().unwrap();
        let names = jetstream(&nats, "STREAM.NAMES", "");
        assert!(names.contains("\"leads\""), "{names}");
    }
}

/// Not a test by itself: what the next one starts and kills.
#[test]
#[ignore = "it waits to be killed"]
fn start_and_wait() {
    let (Ok(postgres), Ok(redis)) = (Postgres::start(Version::Any), Redis::start()) else {
        println!("servers: none");
        return;
    };
    println!("servers: {} {} {}", postgres.port(), redis.url().rsplit_once(':').unwrap().1, postgres.data().display());
    sleep(Duration::from_secs(60));
}

#[test]
fn nothing_outlives_a_killed_process() {
    let mut starter = Command::new(std::env::current_exe().unwrap());
    starter.args(["--exact", "start_and_wait", "--ignored", "--nocapture"]);
    let mut starter = starter.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(starter.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find_map(|line| line.split_once("servers: ").map(|(_, rest)| rest.to_owned())).unwrap();
    starter.kill().unwrap();
    starter.wait().unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    let [postgres, redis, data] = words[..] else {
        eprintln!("SKIPPED: what a killed process leaves: no server starts here");
        return;
    };
    let until = Instant::now() + Duration::from_secs(10);
    for port in [postgres, redis] {
        while TcpStream::connect(("127.0.0.1", port.parse::<u16>().unwrap())).is_ok() {
            assert!(Instant::now() < until, "a server lives on");
            sleep(Duration::from_millis(20));
        }
    }
    // The next start removes what was left on disk.
    let _next = Redis::start().unwrap();
    assert!(!std::path::Path::new(data).exists(), "its data is still there");
}
