//! A row of contracts.

use super::super::path::escape;
use super::cell::{self, COMMAS, Misfit};
use super::column::{Column, Table};
use super::fields::Asked;
use super::hours::hours;
use super::origin::{At, Origins};
use super::read::{Cell, Reader};
use super::test::condition;
use crate::limits::CallRules;
use crate::model::{Code, Issue, RawMap, RawValue};
use crate::text::did_you_mean;
use std::collections::BTreeMap;

type Fixed<'r> = BTreeMap<Column, Cell<'r>>;

/// Groups as `route/group`, each with its cell where one names it.
type Groups = Vec<(String, Option<At>)>;

/// Where the contract of a row stands.
struct Place<'a> {
    buyer: &'a str,
    /// `/contracts/acme-tx`
    pointer: String,
}

impl Reader<'_> {
    pub(super) fn contracts(&mut self) {
        let table = Table::contracts();
        let buyers_are_known = !self.rows.buyers.is_empty();
        for (row, map) in self.rows.contracts.iter().enumerate() {
            let cells = self.cells("contracts", row, map);
            let (mut fixed, rest) = self.fixed(&table, cells);
            let ids = (fixed.remove(&Column::Contract), fixed.remove(&Column::Buyer));
            for (cell, column) in [(&ids.0, Column::Contract), (&ids.1, Column::Buyer)] {
                if cell.is_none() {
                    self.missing("contracts", row, table.name(column), "row of contracts");
                }
            }
            let contract = ids.0.as_ref().and_then(|cell| self.own_id(Column::Contract, "contract", cell));
            let buyer = ids.1.as_ref().and_then(|cell| self.buyer_of(cell, buyers_are_known));
            let vertical = self.row(row, &fixed, &table);
            let wheres = self.fields(&table, &rest, vertical.as_ref().map(|(_, vertical)| vertical.as_str()));
            let groups = vertical.map(|(groups, _)| groups).unwrap_or_default();
            // A row that belongs to nobody is read all the same: whatever is wrong in it is said now.
            let is_whole = contract.is_some() && buyer.is_some();
            let (contract, buyer) = (contract.unwrap_or_default(), buyer.unwrap_or_default());
            let place = Place { buyer: &buyer, pointer: format!("/contracts/{}", escape(&contract)) };
            if let Some(cell) = &ids.0 {
                self.made.origins.put(&buyer, place.pointer.clone(), &cell.at);
            }
            let members = self.members(row, &place, &fixed, (groups, wheres));
            if is_whole {
                self.draft(&buyer).contracts.push((contract, RawValue::Object(RawMap(members))));
            }
        }
    }

    /// The buyer of a contract. Without a table of buyers it is one from now on.
    fn buyer_of(&mut self, cell: &Cell<'_>, are_known: bool) -> Option<String> {
        let id = self.read(cell, cell::id(cell.raw))?;
        let is_there = self.buyer_ids().any(|other| other == id);
        if !is_there && are_known {
            let near = did_you_mean(&id, self.buyer_ids()).map(str::to_owned);
            let issue = cell.at.issue(Code::RowsUnknownBuyer, format!("buyer `{id}` is in no row of buyers"));
            self.find(Issue { suggestion: near, ..issue });
            return None;
        }
        if !is_there {
            self.draft(&id);
            self.made.origins.put(&id, "", &cell.at);
            self.made.origins.put(&id, "/buyer", &cell.at);
        }
        Some(id)
    }

    /// The groups of a row, each with its cell, and the vertical that they are about.
    fn row(&mut self, row: usize, fixed: &Fixed<'_>, table: &Table) -> Option<(Groups, String)> {
        let route_of = |group: &str| group.split_once('/').map(|(route, _)| route.to_owned());
        let vertical = fixed.get(&Column::Vertical).and_then(|cell| cell::text(cell.raw));
        let of_vertical = |group: &&String| vertical.is_none() || route_of(group) == vertical;
        let known: Vec<String> = self.known.groups.iter().filter(of_vertical).cloned().collect();
        let Some(cell) = fixed.get(&Column::Groups) else {
            return match (known.as_slice(), fixed.get(&Column::Vertical)) {
                ([only], _) => Some((vec![(only.clone(), None)], route_of(only)?)),
                ([], Some(cell)) => {
                    let routes: Vec<String> = self.known.groups.iter().filter_map(|group| route_of(group)).collect();
                    let near = did_you_mean(vertical.as_deref()?, routes.iter().map(String::as_str));
                    let suggestion = near.map(str::to_owned);
                    self.misfit(cell, Misfit { expected: "a vertical with a route".into(), suggestion });
                    None
                }
                _ => {
                    self.missing("contracts", row, table.name(Column::Groups), "row of contracts");
                    None
                }
            };
        };
        let mut groups = Vec::new();
        for part in cell::parts(cell.raw, COMMAS) {
            let name = cell::text(&part).unwrap_or_default();
            match self.group(&name, vertical.as_deref()) {
                Ok(group) => groups.push((group, Some(cell.at.clone()))),
                Err(misfit) => self.misfit(cell, misfit),
            }
        }
        let route = groups.first().and_then(|(group, _)| route_of(group))?;
        Some((groups, route))
    }

    /// `route/group` for a name, which may leave the route out where there is no doubt.
    fn group(&self, name: &str, vertical: Option<&str>) -> Result<String, Misfit> {
        if name.contains('/') {
            return Ok(name.to_owned());
        }
        let ends = |group: &&String| {
            let parts = group.split_once('/');
            parts.is_some_and(|(route, id)| id == name && vertical.is_none_or(|vertical| vertical == route))
        };
        let mut found = self.known.groups.iter().filter(ends);
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only.clone()),
            (None, _) => {
                let ids = self.known.groups.iter().filter_map(|group| Some(group.split_once('/')?.1));
                let suggestion = did_you_mean(name, ids).map(str::to_owned);
                let expected = format!("groups of the plan: {}", self.known.groups.join(", "));
                Err(Misfit { expected, suggestion })
            }
            _ => Err(Misfit::expected("the route before the group, like roofing/open")),
        }
    }

    /// The contract as it stands in a file.
    fn members(
        &mut self,
        row: usize,
        place: &Place<'_>,
        fixed: &Fixed<'_>,
        (groups, asked): (Groups, Asked),
    ) -> Vec<(String, RawValue)> {
        let mut members = vec![("in".to_owned(), self.joined(place, fixed, groups))];
        self.status(place, fixed, &mut members);
        let criteria = self.criteria(place, fixed, asked);
        if !criteria.is_empty() {
            members.push(("where".into(), RawValue::Object(RawMap(criteria))));
        }
        let known = self.known;
        self.put(place, fixed, Column::Hours, "hours", &mut members, |raw| {
            hours(&cell::text(raw).unwrap_or_default(), |name| known.hours.contains(name))
        });
        self.put(place, fixed, Column::CallWindow, "call_window", &mut members, |raw| {
            let text = cell::text(raw).unwrap_or_default();
            match text.to_lowercase().as_str() {
                word @ ("skip" | "sell" | "hold") => {
                    let member = |key: &str, text: &str| (key.to_owned(), RawValue::text(text));
                    let members = vec![member("rules", CallRules::NAMES[0]), member("outside", word)];
                    Ok(RawValue::Object(RawMap(members)))
                }
                _ if text.contains('@') => Ok(RawValue::Text(text)),
                _ => Err(Misfit::expected(format!("skip, sell, or a table of rules like {}", CallRules::NAMES[0]))),
            }
        });
        if let Some(caps) = self.caps(place.buyer, &place.pointer, fixed) {
            members.push(("caps".into(), caps));
        }
        let sell = self.sell(row, place, fixed);
        members.push(("sell".into(), RawValue::Object(RawMap(sell))));
        let day = |raw: &RawValue| cell::date(raw).map(RawValue::Text);
        self.put(place, fixed, Column::Starts, "starts", &mut members, day);
        self.put(place, fixed, Column::Ends, "ends", &mut members, day);
        self.put(place, fixed, Column::NeverWith, "never_with", &mut members, |raw| {
            let ids: Result<Vec<RawValue>, Misfit> =
                cell::parts(raw, COMMAS).iter().map(|part| cell::id(part).map(RawValue::Text)).collect();
            ids.map(RawValue::List)
        });
        self.put(place, fixed, Column::ExpectedReturn, "expected_return", &mut members, |raw| {
            let text = cell::text(raw).unwrap_or_default();
            let plain = RawValue::text(text.trim_end_matches('%').trim());
            cell::whole(&plain, 0, 100).map(|n| RawValue::Number(n.to_string()))
        });
        self.put(place, fixed, Column::Was, "was", &mut members, |raw| cell::id(raw).map(RawValue::Text));
        self.put(place, fixed, Column::Note, "note", &mut members, |raw| {
            Ok(RawValue::Text(cell::text(raw).unwrap_or_default()))
        });
        members
    }

    fn put(
        &mut self,
        place: &Place<'_>,
        fixed: &Fixed<'_>,
        column: Column,
        key: &str,
        into: &mut Vec<(String, RawValue)>,
        read: impl Fn(&RawValue) -> Result<RawValue, Misfit>,
    ) {
        let Some(cell) = fixed.get(&column) else { return };
        if let Some(value) = self.read(cell, read(cell.raw)) {
            self.made.origins.put(place.buyer, format!("{}/{key}", place.pointer), &cell.at);
            into.push((key.to_owned(), value));
        }
    }

    fn joined(&mut self, place: &Place<'_>, fixed: &Fixed<'_>, groups: Groups) -> RawValue {
        let mut member = Vec::new();
        let pointer = format!("{}/in", place.pointer);
        let mut cells = Vec::new();
        for (column, key, most) in [
            (Column::Priority, "priority", 1_000_000),
            (Column::Weight, "weight", 1_000_000),
            (Column::Percent, "percent", 100),
        ] {
            let Some(cell) = fixed.get(&column) else { continue };
            let least = i64::from(column != Column::Priority);
            if let Some(n) = self.read(cell, cell::whole(cell.raw, least, most)) {
                member.push((key.to_owned(), RawValue::Number(n.to_string())));
                cells.push((key, cell.at.clone()));
            }
        }
        let groups = groups.into_iter().map(|(group, at)| {
            let of_group = format!("{pointer}/{}", escape(&group));
            let origins: &mut Origins = &mut self.made.origins;
            cells.iter().for_each(|(key, at)| origins.put(place.buyer, format!("{of_group}/{key}"), at));
            if let Some(at) = at {
                origins.put(place.buyer, of_group, &at);
                origins.put(place.buyer, pointer.clone(), &at);
            }
            (group, RawValue::Object(RawMap(member.clone())))
        });
        RawValue::Object(RawMap(groups.collect()))
    }

    /// A buyer that buys nothing at present has contracts that do not.
    fn status(&mut self, place: &Place<'_>, fixed: &Fixed<'_>, members: &mut Vec<(String, RawValue)>) {
        let own = match fixed.get(&Column::Status) {
            Some(cell) => self.read(cell, cell::is_on(cell.raw)).filter(|on| !on).map(|_| cell.at.clone()),
            None => None,
        };
        if let Some(at) = own.or_else(|| self.paused(place.buyer)) {
            self.made.origins.put(place.buyer, format!("{}/status", place.pointer), &at);
            members.push(("status".into(), RawValue::text("paused")));
        }
    }

    fn criteria(&mut self, place: &Place<'_>, fixed: &Fixed<'_>, asked: Asked) -> Vec<(String, RawValue)> {
        let mut criteria = Vec::new();
        let pointer = format!("{}/where", place.pointer);
        for (name, (tests, places)) in asked {
            let (value, keys) = condition(tests);
            let of_field = format!("{pointer}/{}", escape(&name));
            for (test, key) in keys {
                let Some(at) = places.get(&test) else { continue };
                let of_test = key.map_or_else(|| of_field.clone(), |key| format!("{of_field}/{key}"));
                self.made.origins.put(place.buyer, of_test, at);
                self.made.origins.put(place.buyer, of_field.clone(), at);
            }
            criteria.push((name, value));
        }
        for (column, on) in [(Column::OnLists, true), (Column::NotOnLists, false)] {
            let Some(cell) = fixed.get(&column) else { continue };
            for list in cell::parts(cell.raw, COMMAS) {
                let name = format!("list.{}", cell::text(&list).unwrap_or_default());
                self.made.origins.put(place.buyer, format!("{pointer}/{}", escape(&name)), &cell.at);
                let not = RawValue::Object(RawMap(vec![("not".into(), RawValue::Bool(true))]));
                criteria.push((name, if on { RawValue::Bool(true) } else { not }));
            }
        }
        criteria
    }

    fn sell(&mut self, row: usize, place: &Place<'_>, fixed: &Fixed<'_>) -> Vec<(String, RawValue)> {
        let mut sell = Vec::new();
        let pointer = format!("{}/sell", place.pointer);
        for (column, key) in [(Column::Price, "exclusive"), (Column::SharedPrice, "shared")] {
            let Some(cell) = fixed.get(&column) else { continue };
            let Some(price) = self.read(cell, cell::money(cell.raw)) else { continue };
            self.made.origins.put(place.buyer, format!("{pointer}/{key}/price"), &cell.at);
            self.made.origins.put(place.buyer, pointer.clone(), &cell.at);
            let mut form = vec![("price".to_owned(), RawValue::text(price))];
            if key == "shared"
                && let Some(cell) = fixed.get(&Column::WithAtMost)
                && let Some(most) = self.read(cell, cell::whole(cell.raw, 0, 99))
            {
                self.made.origins.put(place.buyer, format!("{pointer}/{key}/with_at_most"), &cell.at);
                form.push(("with_at_most".into(), RawValue::Number(most.to_string())));
            }
            sell.push((key.to_owned(), RawValue::Object(RawMap(form))));
        }
        let has_price = fixed.contains_key(&Column::Price) || fixed.contains_key(&Column::SharedPrice);
        if !has_price {
            self.missing("contracts", row, "price", "row of contracts");
        }
        sell
    }
}
