//! What is old.

use super::Keep;
use super::partition::{CLAIM, Table};
use crate::link::Link;
use crate::look::{get, odd, perhaps_time, time};
use leadwright::model::{Error, TenantId, Timestamp};
use leadwright::plan::{LooksBack, Plan};
use std::collections::BTreeMap;

const DAY: i64 = 86_400_000;

const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
const TENANTS: &str = "SELECT tenant, last_decided_at FROM clock ORDER BY tenant";
const BUNDLES: &str = "SELECT bundle FROM plan ORDER BY hash";

/// Rows at exactly these times stay.
pub(super) struct Horizon {
    pub(super) now: Timestamp,
    /// Decisions, events, attempts and what was delivered; none where all is kept.
    pub(super) decided: Option<Timestamp>,
    /// Values to dedupe by, of all tenants: their partitions hold those of all.
    pub(super) claims: Option<Timestamp>,
    pub(super) tenants: BTreeMap<TenantId, OfTenant>,
}

/// What goes by the clock of a tenant, and not by the time that was given: whoever mistypes a year loses nothing that the
/// next lead asks for.
pub(super) struct OfTenant {
    pub(super) counted: Timestamp,
    pub(super) moments: Timestamp,
}

impl Horizon {
    /// Before it rows of a table are old.
    pub(super) fn of(&self, table: &Table) -> Option<Timestamp> {
        if table.name == CLAIM.name { self.claims } else { self.decided }
    }

    pub(super) fn read(link: &Link, keep: &Keep) -> Result<Self, Error> {
        let now = match keep.now {
            Some(now) => now,
            None => link.rows(NOW, &[])?.first().map_or_else(|| Err(odd()), |row| time(row, 0))?,
        };
        let Some(days) = keep.days else {
            return Ok(Self { now, decided: None, claims: None, tenants: BTreeMap::new() });
        };
        let mut back = LooksBack::default();
        for row in link.rows(BUNDLES, &[])? {
            back = back.max(Plan::from_bundle(get(&row, 0)?)?.looks_back());
        }
        let before = |of: Timestamp, span: i64| of.plus_millis(span.saturating_neg());
        let decided = before(now, i64::from(days).saturating_mul(DAY).max(back.returns));
        let (mut tenants, mut latest) = (BTreeMap::new(), None);
        for row in link.rows(TENANTS, &[])? {
            let last = perhaps_time(&row, 1)?;
            latest = latest.max(last);
            let last = last.map_or(decided, |last| last.min(now));
            let of = OfTenant { counted: last.min(decided), moments: before(last, back.rolling).min(decided) };
            tenants.insert(TenantId::new(get::<&str>(&row, 0)?).map_err(|_| odd())?, of);
        }
        // A tenant that decides no more does not hold those of the others.
        let latest = latest.map_or(decided, |latest| latest.min(now));
        Ok(Self { now, decided: Some(decided), claims: Some(before(latest, back.claims).min(decided)), tenants })
    }
}
