//! A row of buyers.

use super::cell;
use super::column::{Column, Table};
use super::origin::At;
use super::read::{Cell, Reader};
use crate::limits::Window;
use crate::model::{RawMap, RawValue};
use crate::text::did_you_mean;
use std::collections::BTreeMap;

/// Most of what is counted in a plan.
const MANY: i64 = 1_000_000_000;

impl Reader<'_> {
    pub(super) fn buyers(&mut self) {
        let table = Table::buyers();
        for (row, map) in self.rows.buyers.iter().enumerate() {
            let cells = self.cells("buyers", row, map);
            let (mut fixed, rest) = self.fixed(&table, cells);
            for cell in rest {
                let near = did_you_mean(&cell.plain, table.firsts()).map(str::to_owned);
                self.unknown("buyers", &cell.at, &cell.plain, near);
            }
            let Some(id_cell) = fixed.remove(&Column::Buyer) else {
                self.missing("buyers", row, table.name(Column::Buyer), "row of buyers");
                continue;
            };
            if let Some(id) = self.own_id(Column::Buyer, "buyer", &id_cell) {
                self.buyer(&id, &id_cell.at, &fixed);
            }
        }
    }

    fn buyer(&mut self, id: &str, own: &At, fixed: &BTreeMap<Column, Cell<'_>>) {
        let mut head = Vec::new();
        self.made.origins.put(id, "", own);
        self.made.origins.put(id, "/buyer", own);
        for (column, key) in [
            (Column::Company, "parent"),
            (Column::Timezone, "timezone"),
            (Column::WeekStarts, "week_starts"),
            (Column::Note, "note"),
        ] {
            let Some(cell) = fixed.get(&column) else { continue };
            self.made.origins.put(id, format!("/{key}"), &cell.at);
            let text = cell::text(cell.raw).unwrap_or_default();
            let text = if column == Column::WeekStarts { text.to_lowercase().chars().take(3).collect() } else { text };
            head.push((key.to_owned(), RawValue::Text(text)));
        }
        if let Some(caps) = self.caps(id, "", fixed) {
            head.push(("caps".into(), caps));
        }
        let mut paused = None;
        if let Some(cell) = fixed.get(&Column::Status)
            && self.read(cell, cell::is_on(cell.raw)) == Some(false)
        {
            paused = Some(cell.at.clone());
        }
        let draft = self.draft(id);
        draft.head = head;
        draft.paused = paused;
    }

    /// The caps of a buyer or a contract, whose pointer is given.
    pub(super) fn caps(&mut self, buyer: &str, pointer: &str, fixed: &BTreeMap<Column, Cell<'_>>) -> Option<RawValue> {
        let mut caps = Vec::new();
        for window in Window::ALL {
            let place = format!("{pointer}/caps/{}", window.as_str());
            let mut members = Vec::new();
            if let Some(cell) = fixed.get(&Column::Count(window))
                && let Some(count) = self.read(cell, cell::whole(cell.raw, 0, MANY))
            {
                self.made.origins.put(buyer, format!("{place}/count"), &cell.at);
                self.made.origins.put(buyer, place.clone(), &cell.at);
                members.push(("count".to_owned(), RawValue::Number(count.to_string())));
            }
            if let Some(cell) = fixed.get(&Column::Spend(window))
                && let Some(spend) = self.read(cell, cell::money(cell.raw))
            {
                self.made.origins.put(buyer, format!("{place}/spend"), &cell.at);
                self.made.origins.put(buyer, place, &cell.at);
                members.push(("spend".to_owned(), RawValue::text(spend)));
            }
            let value = match members.as_slice() {
                [] => continue,
                [(key, count)] if key == "count" => count.clone(),
                _ => RawValue::Object(RawMap(members)),
            };
            caps.push((window.as_str().to_owned(), value));
        }
        if caps.is_empty() { None } else { Some(RawValue::Object(RawMap(caps))) }
    }
}
