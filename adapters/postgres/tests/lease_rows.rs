//! The functions of the database do what core's arithmetic of leases does, whatever comes in whichever order.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

mod common;

use leadwright::limits::{Budget, Lease, Purse, Receipt, Ticket};
use leadwright::model::Timestamp;
use leadwright_postgres::PostgresStore;
use tokio_postgres::{NoTls, SimpleQueryMessage, SimpleQueryRow};

const HOLDERS: u64 = 3;

fn dice(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let a = (*seed ^ (*seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 11
}

/// One world in memory, and the statements that do the same, with what they have to answer.
struct World {
    budget: Budget,
    leases: [Lease; 3],
    purses: [Purse; 3],
    tickets: Vec<(usize, Ticket)>,
    receipts: Vec<(usize, Receipt)>,
}

fn answer(rows: Option<(u64, i64)>) -> String {
    rows.map(|(fence, much)| format!("{fence}|{much}")).unwrap_or_default()
}

impl World {
    /// What is done next: a statement, and its answer.
    fn step(&mut self, seed: &mut u64) -> (String, String) {
        let who = usize::try_from(dice(seed) % HOLDERS).unwrap();
        // A time that is over already, or never: the statements have a clock of their own.
        let (lasts, until) =
            if dice(seed) % 3 == 0 { (-1_000, Timestamp::EPOCH) } else { (1_000_000, Timestamp::EPOCH.plus_millis(9)) };
        let now = Timestamp::EPOCH.plus_millis(1);
        let much = i64::try_from(dice(seed) % 4).unwrap() + 1;
        match dice(seed) % 8 {
            0 | 1 => {
                let holders =
                    self.leases.iter().enumerate().filter(|(n, lease)| *n != who && lease.granted > 0).count();
                let most = self.budget.most;
                let ticket = self.budget.grant(&mut self.leases[who], i64::try_from(holders).unwrap() + 1, much);
                self.tickets.extend(ticket.map(|ticket| (who, ticket)));
                let sql = format!("SELECT fence, granted FROM cap_grant('a', 'k', 'h{who}', {most}, {much}, 0)");
                (sql, answer(ticket.map(|ticket| (ticket.fence, ticket.granted))))
            }
            2 | 3 if !self.tickets.is_empty() => {
                // In any order, and again.
                let place = usize::try_from(dice(seed)).unwrap() % self.tickets.len();
                let (who, Ticket { fence, granted }) = self.tickets[place];
                let done = self.purses[who].put(Ticket { fence, granted }, until);
                let purse = self.purses[who];
                let sql = format!("SELECT fence, remaining FROM cap_put('t{who}', 'k', {fence}, {granted}, {lasts})");
                (sql, answer(done.then(|| (purse.fence, purse.granted - purse.spent))))
            }
            4 => {
                let fence = self.purses[who].fence;
                let done = self.purses[who].take(fence, much, now);
                let sql = format!("SELECT cap_take('t{who}', 'k', {fence}, {much})");
                (sql, if done { much.to_string() } else { "over".into() })
            }
            5 => {
                self.purses[who].give(much);
                (format!("SELECT cap_take('t{who}', 'k', 0, -{much})"), format!("-{much}"))
            }
            6 => {
                let fence = self.leases[who].fence;
                let receipt = self.purses[who].close_lost(fence, now);
                self.receipts.extend(receipt.map(|receipt| (who, receipt)));
                let sql = format!("SELECT fence, spent FROM cap_close('t{who}', 'k', {fence}, false)");
                (sql, answer(receipt.map(|receipt| (receipt.fence, receipt.spent))))
            }
            _ if !self.receipts.is_empty() => {
                let place = usize::try_from(dice(seed)).unwrap() % self.receipts.len();
                let (who, receipt) = self.receipts[place];
                let done = self.budget.settle(&mut self.leases[who], receipt);
                let sql = format!("SELECT cap_settle('a', 'k', 'h{who}', {}, {})", receipt.fence, receipt.spent);
                (sql, if done { "t" } else { "f" }.into())
            }
            _ => {
                let fence = self.purses[who].fence;
                let done = self.purses[who].renew(fence, until);
                let purse = self.purses[who];
                let sql = format!("SELECT fence, remaining FROM cap_renew('t{who}', 'k', {fence}, {lasts})");
                (sql, answer(done.then(|| (purse.fence, purse.granted - purse.spent))))
            }
        }
    }
}

/// What a statement answers, its columns parted by bars.
async fn asked(client: &tokio_postgres::Client, sql: &str) -> String {
    match client.simple_query(sql).await {
        Err(error) if error.code().is_some_and(|code| code.code() == "LW001") => "over".into(),
        answer => {
            let row =
                answer.unwrap_or_else(|error| panic!("{sql}: {error:?}")).into_iter().find_map(
                    |message| match message {
                        SimpleQueryMessage::Row(row) => Some(row),
                        _ => None,
                    },
                );
            let cells = |row: SimpleQueryRow| (0..row.len()).filter_map(|n| row.get(n)).collect::<Vec<_>>().join("|");
            row.map(cells).unwrap_or_default()
        }
    }
}

async fn compare(url: &str, schema: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    client.batch_execute(&format!("SET search_path = {schema}; SET synchronous_commit = off")).await.unwrap();
    for seed in 0..12_u64 {
        let mut dices = seed;
        let most = i64::try_from(dice(&mut dices) % 60).unwrap() + 5;
        let mut world = World {
            budget: Budget::new(most),
            leases: [Lease::default(); 3],
            purses: [Purse::default(); 3],
            tickets: Vec::new(),
            receipts: Vec::new(),
        };
        client.batch_execute("TRUNCATE cap_budget, cap_lease, cap_purse").await.unwrap();
        for n in 0..400 {
            let (sql, want) = world.step(&mut dices);
            assert_eq!(asked(&client, &sql).await, want, "seed {seed}, step {n}: {sql}");
        }
        let want = format!("{}|{}", world.budget.used, world.budget.leased);
        assert_eq!(asked(&client, "SELECT used, leased FROM cap_budget").await, want);
        assert!(!world.receipts.is_empty(), "nothing happened");
    }
}

#[test]
fn the_rows_are_what_the_arithmetic_says() {
    let Some(url) = common::server() else { return };
    let schema = common::schema();
    PostgresStore::with_options(&url, common::options(&schema)).expect("the server is there");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(compare(&url, &schema));
}
