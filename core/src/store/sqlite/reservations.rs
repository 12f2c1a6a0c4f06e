//! Reservations, as rows.

use super::fault::{damaged, fault};
use super::look::{Row, parsed, time};
use super::store::most;
use super::work::Work;
use crate::model::{Error, ReservationState, Timestamp};
use crate::store::{Reservation, Took};
use rusqlite::{Params, params};

const RESERVATION: &str = "SELECT key, contract, state, at, until, asked, took, sold_by FROM reservation";

/// The row, and what it took as it is written.
fn reservation(row: &Row<'_>) -> rusqlite::Result<(Reservation, String)> {
    let state: String = row.get(2)?;
    let reservation = Reservation {
        key: row.get(0)?,
        contract: parsed(row, 1)?,
        state: match state.as_str() {
            "held" => ReservationState::Held,
            "confirmed" => ReservationState::Confirmed,
            _ => ReservationState::Released,
        },
        at: time(row.get(3)?),
        until: time(row.get(4)?),
        asked: row.get(5)?,
        took: Took::default(),
        by: row.get::<_, Option<String>>(7)?.map(|_| parsed(row, 7)).transpose()?,
    };
    Ok((reservation, row.get(6)?))
}

impl Work<'_> {
    pub(super) fn reserved(&self, key: &str) -> Result<Option<Reservation>, Error> {
        let sql = format!("{RESERVATION} WHERE tenant = ?1 AND key = ?2");
        self.one(&sql, params![self.tenant(), key], reservation)?.map(|row| self.whole(row)).transpose()
    }

    pub(super) fn held_until(&self, at: Timestamp, limit: usize) -> Result<Vec<Reservation>, Error> {
        let sql = "WHERE tenant = ?1 AND state = 'held' AND until <= ?2 ORDER BY until, key LIMIT ?3";
        self.several(sql, params![self.tenant(), at.millis(), most(limit)])
    }

    pub(super) fn reservations(&self) -> Result<Vec<Reservation>, Error> {
        self.several("WHERE tenant = ?1 ORDER BY key", params![self.tenant()])
    }

    fn several(&self, which: &str, params: impl Params) -> Result<Vec<Reservation>, Error> {
        let read = || {
            let mut statement = self.connection.prepare_cached(&format!("{RESERVATION} {which}"))?;
            let rows = statement.query_map(params, reservation)?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        let rows = read().map_err(|error| fault(self.path, &error))?;
        rows.into_iter().map(|row| self.whole(row)).collect()
    }

    fn whole(&self, (reservation, took): (Reservation, String)) -> Result<Reservation, Error> {
        let took = serde_json::from_str(&took).map_err(|_| damaged(self.path, "a reservation cannot be read"))?;
        Ok(Reservation { took, ..reservation })
    }

    pub(super) fn put_reservation(&self, reservation: &Reservation) -> Result<(), Error> {
        let sql = "INSERT INTO reservation(tenant, key, contract, state, at, until, asked, took, sold_by) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(tenant, key) DO UPDATE SET \
                   contract = excluded.contract, state = excluded.state, at = excluded.at, until = excluded.until, \
                   asked = excluded.asked, took = excluded.took, sold_by = excluded.sold_by";
        let params = params![
            self.tenant(),
            reservation.key,
            reservation.contract.as_str(),
            reservation.state.as_str(),
            reservation.at.millis(),
            reservation.until.millis(),
            reservation.asked,
            serde_json::to_string(&reservation.took).unwrap_or_default(),
            reservation.by.as_ref().map(ToString::to_string),
        ];
        self.run(sql, params)
    }
}
