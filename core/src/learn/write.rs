//! The plan as files, in which every criterion says what it rests on.

use super::bound::{Bound, Compare, bounds};
use super::criteria::{evidence, hours, value};
use super::fields::{Fields, Own};
use super::pair::Recorded;
use super::route::{Route, Seat, price};
use super::summary::ContractLearned;
use super::table::{Of, Table};
use super::turns::Turns;
use super::words::{counted, quoted};
use crate::field::FieldKind;
use crate::geo::zips;
use crate::model::{Code, Error, Money, Value};
use crate::plan::format;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What a vertical came to.
pub(super) struct Vertical {
    pub(super) name: String,
    pub(super) fields: Fields,
    pub(super) table: Table,
    pub(super) route: Route,
}

/// The files of a plan in the making.
pub(super) struct Writer<'a> {
    pub(super) recorded: &'a Recorded,
    pub(super) timezone: &'a str,
    pub(super) currency: &'a str,
    areas: BTreeMap<String, Vec<String>>,
    /// The contracts of each buyer.
    buyers: BTreeMap<String, Vec<String>>,
    pub(super) learned: Vec<ContractLearned>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(recorded: &'a Recorded, timezone: &'a str, currency: &'a str) -> Self {
        let (areas, buyers) = (BTreeMap::new(), BTreeMap::new());
        Self { recorded, timezone, currency, areas, buyers, learned: Vec::new() }
    }

    /// All files, laid out.
    pub(super) fn files(
        mut self,
        verticals: &[Vertical],
    ) -> Result<(BTreeMap<String, String>, Vec<ContractLearned>), Error> {
        let (mut declared, mut routes) = (Vec::new(), Vec::new());
        for vertical in verticals {
            let mut reckoned = BTreeMap::new();
            let groups = self.groups(vertical, &mut reckoned);
            declared.push(declaration(vertical, &reckoned));
            routes.push(format!(
                "{}: {{ \"groups\": [\n{}\n], \"on_unsold\": {{ \"then\": \"store\" }} }}",
                quoted(&vertical.name),
                groups.join(",\n")
            ));
        }
        let mut files = BTreeMap::new();
        for (buyer, contracts) in &self.buyers {
            let text =
                format!("{{\n\"buyer\": {}, \"contracts\": {{\n{}\n}}\n}}", quoted(buyer), contracts.join(",\n"));
            let name: String = buyer.chars().map(|c| if c == ':' { '-' } else { c }).collect();
            files.insert(format!("buyers/{name}.jsonc"), laid_out(&text)?);
        }
        files.insert("plan.jsonc".to_owned(), laid_out(&self.root(verticals, &declared, &routes))?);
        Ok((files, self.learned))
    }

    fn root(&self, verticals: &[Vertical], declared: &[String], routes: &[String]) -> String {
        let name = |place: &usize| self.recorded.verticals.get(*place).map(|name| quoted(name)).unwrap_or_default();
        let known = |place: &usize| {
            verticals.iter().any(|vertical| Some(&vertical.name) == self.recorded.verticals.get(*place))
        };
        let sources = self.recorded.sources.iter().map(|(source, of)| {
            let of: BTreeSet<String> = of.iter().filter(|place| known(place)).map(name).collect();
            format!("{}: {{ \"verticals\": [{}] }}", quoted(source), of.into_iter().collect::<Vec<_>>().join(", "))
        });
        let mut text = format!(
            "// Learned from {} pairs of a lead and what became of it. A criterion says what it rests on: leads that were sold,\n\
             // leads that it alone keeps out, and the nearest of those.\n\
             {{\n\"format\": 1,\n\"plan\": \"learned\",\n\"currency\": {},\n\"timezone\": {},\n\"include\": [\"buyers/*.jsonc\"],\n",
            counted(self.recorded.pairs.len()),
            quoted(self.currency),
            quoted(self.timezone)
        );
        let _ = write!(text, "\"verticals\": {{\n{}\n}},\n", declared.join(",\n"));
        let _ = write!(text, "\"sources\": {{\n{}\n}},\n", sources.collect::<Vec<_>>().join(",\n"));
        if !self.areas.is_empty() {
            let areas = self
                .areas
                .iter()
                .map(|(name, zips)| format!("{}: {{ \"zips\": [{}] }}", quoted(name), zips.join(", ")));
            let _ = write!(text, "\"areas\": {{\n{}\n}},\n", areas.collect::<Vec<_>>().join(",\n"));
        }
        let _ = write!(text, "\"routes\": {{\n{}\n}}\n}}", routes.join(",\n"));
        text
    }

    /// The groups of a route, and with them the contracts.
    fn groups(&mut self, vertical: &Vertical, reckoned: &mut BTreeMap<String, String>) -> Vec<String> {
        let mut groups = Vec::new();
        for run in runs(&vertical.route.seats) {
            let id = format!("g{}", groups.len() + 1);
            let by_price =
                run.len() > 1 && run.windows(2).all(|pair| matches!(pair, [a, b] if self.paid(a) > self.paid(b)));
            let select = match run.first().map(|seat| &seat.turns) {
                Some(Turns::InOrder) => "round_robin",
                Some(Turns::Weights(_)) => "weighted",
                _ if by_price => "price",
                _ => "priority",
            };
            groups.push(format!("{{ \"id\": {}, \"select\": \"{select}\" }}", quoted(&id)));
            for (place, seat) in run.iter().enumerate() {
                for (n, contract) in seat.contracts.iter().enumerate() {
                    let member = match &seat.turns {
                        Turns::Weights(weights) => format!("\"weight\": {}", weights.get(n).copied().unwrap_or(1)),
                        Turns::None if select == "priority" => format!("\"priority\": {}", (place + 1) * 10),
                        _ => String::new(),
                    };
                    let group = format!("{}/{id}", vertical.name);
                    self.contract(vertical, seat, *contract, &group, &member, reckoned);
                }
            }
        }
        if groups.is_empty() {
            groups.push("{ \"id\": \"g1\", \"select\": \"priority\" }".to_owned());
        }
        groups
    }

    fn paid(&self, seat: &Seat) -> Money {
        seat.contracts.first().map_or(Money::ZERO, |contract| price(self.recorded, *contract))
    }

    fn contract(
        &mut self,
        vertical: &Vertical,
        seat: &Seat,
        contract: usize,
        group: &str,
        member: &str,
        reckoned: &mut BTreeMap<String, String>,
    ) {
        let (table, region) = (&vertical.table, &seat.region);
        let id = self.recorded.id(contract).to_owned();
        let all = bounds(table, &region.all, &seat.out, &|row| !region.one_takes(table, row));
        let (time, all): (Vec<Bound>, Vec<Bound>) = all.into_iter().partition(|bound| bound.of.is_time());
        let of_way = |way| bounds(table, way, &seat.out, &|row| !region.all.takes(table, row));
        let ways: Vec<Vec<Bound>> = region.any.iter().map(of_way).collect();
        let sold = seat.got.iter().filter(|row| table.sold.get(**row as usize) == Some(&Some(contract))).count();
        let criteria = all.len() + time.len() + ways.iter().map(Vec::len).sum::<usize>();
        let inside = region.inside.len();
        let mut text = String::new();
        let elsewhere = match inside {
            0 => "no other lead meets its criteria".to_owned(),
            n => format!("{} that meet its criteria went elsewhere, and nothing tells them apart", counted(n)),
        };
        let _ = writeln!(text, "// {} sold; {elsewhere}", counted(sold));
        let _ = writeln!(text, "{}: {{ \"in\": {{ {}: {{ {member} }} }},", quoted(&id), quoted(group));
        if !all.is_empty() || !ways.is_empty() {
            let mut lines = self.lines(vertical, &id, &all, sold, reckoned);
            if !ways.is_empty() {
                let ways: Vec<String> = ways
                    .iter()
                    .enumerate()
                    .map(|(n, way)| {
                        let lines = self.lines(vertical, &format!("{id}-{}", n + 1), way, sold, reckoned);
                        format!("{{\n{}\n}}", joined(&lines))
                    })
                    .collect();
                lines.push((format!("\"any\": [\n{}\n]", ways.join(",\n")), String::new()));
            }
            let _ = writeln!(text, "\"where\": {{\n{}\n}},", joined(&lines));
        }
        if !time.is_empty() {
            let _ = writeln!(text, "\"hours\": {},", hours(&time));
        }
        let caps = vertical.route.rooms.iter().find(|(of, _)| *of == contract).map(|(_, room)| room.caps.clone());
        let caps = caps.unwrap_or_default();
        if !caps.is_empty() {
            let caps: Vec<String> =
                caps.iter().map(|(window, limit)| format!("\"{}\": {limit}", window.as_str())).collect();
            let _ = writeln!(text, "\"caps\": {{ {} }},", caps.join(", "));
        }
        let _ =
            write!(text, "\"sell\": {{ \"exclusive\": {{ \"price\": \"{}\" }} }} }}", price(self.recorded, contract));
        let buyer = self.recorded.buyer(contract).to_owned();
        let turns_with =
            seat.contracts.iter().filter(|other| **other != contract).map(|other| self.recorded.id(*other).to_owned());
        self.learned.push(ContractLearned {
            contract: id,
            buyer: buyer.clone(),
            vertical: vertical.name.clone(),
            group: group.to_owned(),
            sold,
            criteria,
            ways: region.any.len(),
            caps: caps.iter().map(|(window, limit)| (window.as_str().to_owned(), *limit)).collect(),
            turns_with: turns_with.collect(),
            not_told_apart: inside,
        });
        self.buyers.entry(buyer).or_default().push(text);
    }

    /// A line for each field that is asked about, with what it rests on.
    fn lines(
        &mut self,
        vertical: &Vertical,
        owner: &str,
        bounds: &[Bound],
        sold: usize,
        reckoned: &mut BTreeMap<String, String>,
    ) -> Vec<(String, String)> {
        let mut by_name: BTreeMap<String, Vec<&Bound>> = BTreeMap::new();
        for bound in bounds {
            by_name.entry(name(vertical, bound, reckoned)).or_default().push(bound);
        }
        let line = |(name, bounds): (String, Vec<&Bound>)| {
            if let [Bound { of: Of::ZipPrefix, compare: Compare::In(prefixes), alone, .. }] = bounds.as_slice() {
                let area = format!("{owner}-zips");
                let prefixes: Vec<&str> = prefixes.iter().filter_map(Value::as_text).collect();
                let inside =
                    zips().map(|zip| zip.zip()).filter(|zip| prefixes.iter().any(|p| zip.as_str().starts_with(p)));
                self.areas.insert(area.clone(), inside.map(|zip| quoted(zip.as_str())).collect());
                let why = format!("ZIP codes from {}; {} kept out by this alone", prefixes.join(", "), counted(*alone));
                return (format!("\"area\": {}", quoted(&area)), why);
            }
            let value = value(&bounds);
            (format!("{}: {value}", quoted(&name)), evidence(&bounds, sold))
        };
        by_name.into_iter().map(line).collect()
    }
}

/// Seats that one group can hold: those in turn have one each, the others share as long as they follow each other.
fn runs(seats: &[Seat]) -> Vec<&[Seat]> {
    seats.chunk_by(|a, b| a.turns == Turns::None && b.turns == Turns::None).collect()
}

/// What criteria call the field. The years since a date are a field of their own, but for the age of a person.
fn name(vertical: &Vertical, bound: &Bound, reckoned: &mut BTreeMap<String, String>) -> String {
    if bound.of != Of::Years {
        return bound.field.clone();
    }
    if bound.field == "dob" && vertical.fields.schema.field("age").is_none() {
        return "age".to_owned();
    }
    let name = format!("{}_years", bound.field);
    reckoned.insert(name.clone(), bound.field.clone());
    name
}

/// Members of an object, each with its comment.
fn joined(lines: &[(String, String)]) -> String {
    let last = lines.len().saturating_sub(1);
    let line = |(n, (text, why)): (usize, &(String, String))| {
        let comma = if n < last { "," } else { "" };
        if why.is_empty() { format!("{text}{comma}") } else { format!("{text}{comma} // {why}") }
    };
    lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// The vertical as the plan declares it.
fn declaration(vertical: &Vertical, reckoned: &BTreeMap<String, String>) -> String {
    let own = |own: &Own| {
        let is = match own.kind {
            FieldKind::Enum => {
                format!("[{}]", own.words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
            }
            kind => quoted(kind.as_str()),
        };
        format!("{}: {{ \"is\": {is}, \"optional\": true }}", quoted(&own.name))
    };
    let reckoned = reckoned
        .iter()
        .map(|(name, of)| format!("{}: {{ \"derive\": {{ \"years_since\": {} }} }}", quoted(name), quoted(of)));
    let fields: Vec<String> = vertical.fields.own.iter().map(own).chain(reckoned).collect();
    let extends = vertical.fields.extends.iter().map(|entry| format!("\"extends\": {}", quoted(entry)));
    let fields = (!fields.is_empty()).then(|| format!("\"fields\": {{\n{}\n}}", fields.join(",\n")));
    format!("{}: {{ {} }}", quoted(&vertical.name), extends.chain(fields).collect::<Vec<_>>().join(", "))
}

fn laid_out(text: &str) -> Result<String, Error> {
    format(text).ok_or_else(|| Error::new(Code::InternalError, "a learned plan is not JSON"))
}
