//! Areas: the places that they name must exist, and something must be left of them.

use super::super::path::escape;
use super::super::units::distance_metres;
use super::{Compiler, declared, text_of, texts};
use crate::geo::{County, Zip5, ZipInfo, counties, county, usps, zip_info, zips};
use crate::model::{Code, Finding, Member, Node};
use crate::rules::{Area, AreaParts};
use crate::text::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};

impl Compiler {
    /// All areas by name. One that names a place which does not exist has the others.
    pub(super) fn areas(&mut self, node: Option<&Node>) -> BTreeMap<String, Area> {
        declared(node).map(|member| (member.key.clone(), self.area(member))).collect()
    }

    fn area(&mut self, member: &Member) -> Area {
        let path = format!("/areas/{}", escape(&member.key));
        let node = &member.value;
        let before = self.findings.len();
        let parts = AreaParts {
            circle: self.circle(node, &path),
            zips: five(node, "zips"),
            counties: self.counties(node, "counties", &path),
            states: self.states(node, "states", &path),
            not_zips: five(node, "not_zip"),
            not_counties: self.counties(node, "not_county", &path),
            not_states: self.states(node, "not_state", &path),
        };
        let area = Area::of(&parts);
        if area.is_empty() && self.findings.len() == before && has_places(&parts) {
            // Whatever it is made of has a ZIP code: too much was left out.
            let out = node.members().iter().find(|member| member.key.starts_with("not_")).unwrap_or(member);
            let path = if out.key == member.key { path } else { format!("{path}/{}", out.key) };
            let message = format!("no ZIP code belongs to the area `{}`", member.key);
            let finding = Finding::new(Code::PlanEmptyArea, out.place, path, message);
            self.find(finding.expected("less that is left out"));
        }
        area
    }

    fn circle(&mut self, node: &Node, path: &str) -> Option<(ZipInfo, u32)> {
        let zip = node.get("zip")?;
        let text = zip.as_text()?;
        let metres = distance_metres(text_of(node, "radius")?).ok()?;
        let placed = |info: &ZipInfo| info.middle().is_some();
        let Some(middle) = zip_info(text).filter(placed) else {
            // What is written badly was reported.
            let five = Zip5::parse(text)?;
            let start = five.as_str().get(..3).unwrap_or_default();
            let around: Vec<ZipInfo> =
                zips().filter(placed).filter(|info| info.zip().as_str().starts_with(start)).collect();
            let names: Vec<Zip5> = around.iter().map(ZipInfo::zip).collect();
            let near = did_you_mean(text, names.iter().map(Zip5::as_str)).and_then(zip_info);
            let says = near.map(|near| (near.zip().as_str().to_owned(), format!("{}, {}", near.city(), near.state())));
            self.no_place("ZIP code", zip, format!("{path}/zip"), says);
            return None;
        };
        Some((middle, u32::try_from(metres).unwrap_or(u32::MAX)))
    }

    fn counties(&mut self, node: &Node, key: &str, path: &str) -> BTreeSet<County> {
        let mut found = BTreeSet::new();
        for (n, item) in texts(node, key).into_iter().enumerate() {
            let text = item.as_text().unwrap_or_default();
            match county(text) {
                Some(county) => drop(found.insert(county)),
                None if text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let of_state = counties().filter(|county| county.fips().as_str().get(..2) == text.get(..2));
                    let all: Vec<(String, County)> =
                        of_state.map(|county| (county.fips().as_str().to_owned(), county)).collect();
                    let near = did_you_mean(text, all.iter().map(|(fips, _)| fips.as_str()));
                    let near = near.and_then(|near| all.iter().find(|(fips, _)| fips == near));
                    let says =
                        near.map(|(fips, county)| (fips.clone(), format!("{}, {}", county.name(), county.state())));
                    self.no_place("county", item, format!("{path}/{key}/{n}"), says);
                }
                None => {}
            }
        }
        found
    }

    fn states(&mut self, node: &Node, key: &str, path: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (n, item) in texts(node, key).into_iter().enumerate() {
            let text = item.as_text().unwrap_or_default();
            if zips().any(|zip| zip.state() == text) {
                found.insert(text.to_owned());
            } else if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
                let near = usps::state_meant(text).map(|near| (near.to_owned(), "a state".to_owned()));
                self.no_place("state", item, format!("{path}/{key}/{n}"), near);
            }
        }
        found
    }

    /// `near` is a place that may be meant, and what it is.
    fn no_place(&mut self, what: &str, node: &Node, path: String, near: Option<(String, String)>) {
        let message =
            format!("there is no {what} {}, or nobody knows where it lies", node.as_text().unwrap_or_default());
        let finding = Finding::new(Code::PlanUnknownPlace, node.place, path, message);
        let (near, expected) = match near {
            Some((name, says)) => (Some(name.clone()), format!("a {what} of the United States; {name} is {says}")),
            None => (None, format!("a {what} of the United States")),
        };
        self.find(finding.expected(expected).suggest(near));
    }
}

/// Whether it is made of anything: otherwise that was reported.
fn has_places(parts: &AreaParts) -> bool {
    parts.circle.is_some() || !(parts.zips.is_empty() && parts.counties.is_empty() && parts.states.is_empty())
}

fn five(node: &Node, key: &str) -> Vec<Zip5> {
    texts(node, key).into_iter().filter_map(|item| Zip5::parse(item.as_text()?)).collect()
}
