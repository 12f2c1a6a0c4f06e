//! The money ledger: what buyers owe, what suppliers are owed, and the statements of both.
//!
//! Double entry: every posting debits one account and credits another by the same amount. Sales and payouts are posted with
//! their decision, in its transaction; returns, deposits and corrections are operations. See docs/money.md.

mod balances;
mod payout;
mod sold;
mod statement;

pub use balances::{Balance, Balances, balances};
pub(crate) use payout::{claw_back, payout, postings};
pub(crate) use sold::{Sold, cycle, find_sale, is_test_answer, refers_to};
pub(crate) use statement::close;
#[cfg(feature = "sqlite")]
pub(crate) use statement::is_right;
pub use statement::{
    Statement, StatementClosed, StatementEntry, StatementLine, StatementQuery, StatementSale, party_of, statement,
    statements,
};
