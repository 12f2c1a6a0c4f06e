//! What every account stands at.

use crate::model::{Account, Error, Money, PostingKind};
use crate::store::{PostingQuery, PostingSum, View};
use serde::Serialize;
use std::collections::BTreeMap;

/// What an account stands at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Balance {
    /// Which account.
    pub account: Account,
    /// What was debited.
    pub debit: Money,
    /// What was credited.
    pub credit: Money,
    /// Debit without credit; less than zero where more was credited.
    pub balance: Money,
}

/// All accounts: the trial balance. Their balances sum to zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Balances {
    /// Version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(extend("const" = 1)))]
    pub v: u32,
    /// The accounts, in the order of their names.
    pub accounts: Vec<Balance>,
}

/// The amount; the largest there is beyond that.
pub(super) fn money(units: i64) -> Money {
    let beyond = Money::from_units(Money::MAX.units().saturating_mul(units.signum())).unwrap_or(Money::MAX);
    Money::from_units(units).unwrap_or(beyond)
}

/// What every account stands at. Debits and credits of one kind, contract and source are told after they were set off.
///
/// # Errors
/// `store.*`.
pub fn balances(view: &dyn View) -> Result<Balances, Error> {
    let mut sums: BTreeMap<Account, (i64, i64)> = BTreeMap::new();
    let mut add = |account: Account, debit: i64| {
        let sum = sums.entry(account).or_default();
        let side = if debit < 0 { &mut sum.1 } else { &mut sum.0 };
        *side = side.saturating_add(debit.saturating_abs());
    };
    for PostingSum { account, kind, debit, .. } in view.postings(&PostingQuery::default())? {
        add(PostingKind::against(kind, &account), debit.saturating_neg());
        add(account, debit);
    }
    let balance = |(account, (debit, credit)): (Account, (i64, i64))| Balance {
        account,
        debit: money(debit),
        credit: money(credit),
        balance: money(debit.saturating_sub(credit)),
    };
    let mut accounts: Vec<Balance> = sums.into_iter().map(balance).collect();
    accounts.sort_by_key(|balance| balance.account.to_string());
    Ok(Balances { v: 1, accounts })
}
