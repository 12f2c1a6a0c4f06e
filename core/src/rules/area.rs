//! Areas: places that contracts name, as the ZIP codes that belong to them.

use super::values::five_digits_of;
use crate::geo::{County, Zip5, ZipInfo, state_of_zip, zip_info, zips, zips_within};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an area is made of, and what is left out of it.
#[derive(Clone, Debug, Default)]
pub struct AreaParts {
    /// The middle of a circle, and how many metres it reaches.
    pub circle: Option<(ZipInfo, u32)>,
    /// ZIP codes that belong to it.
    pub zips: Vec<Zip5>,
    /// Counties that belong to it.
    pub counties: BTreeSet<County>,
    /// States that belong to it, by their letters.
    pub states: BTreeSet<String>,
    /// ZIP codes that do not.
    pub not_zips: Vec<Zip5>,
    /// Counties that do not.
    pub not_counties: BTreeSet<County>,
    /// States that do not.
    pub not_states: BTreeSet<String>,
}

/// A place that contracts name.
///
/// A ZIP code lies in a circle when its middle does, the border included (rule 82), and in the county of most of its
/// area (rule 83). One that the table does not place (military post, or one it does not have) is neither in an area nor
/// outside of it, unless the area names it or its state.
///
/// ```
/// use leadwright::{geo::zip_info, rules::{Area, AreaParts}};
/// let middle = zip_info("75201").ok_or("no such ZIP code")?;
/// let dallas = Area::of(&AreaParts { circle: Some((middle, 40_000)), ..AreaParts::default() });
/// assert!(dallas.contains("75202") && !dallas.contains("76102"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Sorted.
    inside: Arc<[u32]>,
    /// Those that the table does not place and that the area has a word about, sorted.
    also: Arc<[u32]>,
}

impl Default for Area {
    fn default() -> Self {
        Self { inside: Arc::from([]), also: Arc::from([]) }
    }
}

impl Area {
    /// The ZIP codes of what the area is made of.
    pub fn of(parts: &AreaParts) -> Self {
        let number = |zip: &Zip5| five_digits_of(zip.as_str());
        let mut inside: BTreeSet<u32> = parts.zips.iter().filter_map(number).collect();
        let mut also: BTreeSet<u32> = BTreeSet::new();
        if let Some((middle, metres)) = &parts.circle
            && let Some(middle) = middle.middle()
        {
            inside.extend(zips_within(middle, *metres).filter_map(|zip| number(&zip.zip())));
        }
        let by_state = |zip: &ZipInfo, states: &BTreeSet<String>| !states.is_empty() && states.contains(zip.state());
        let by_county = |zip: &ZipInfo, counties: &BTreeSet<County>| {
            !counties.is_empty() && zip.county().is_some_and(|county| counties.contains(&county))
        };
        let whole = !(parts.states.is_empty() && parts.counties.is_empty());
        let less = !(parts.not_states.is_empty() && parts.not_counties.is_empty());
        for zip in zips().filter(|_| whole || less) {
            let Some(number) = number(&zip.zip()) else { continue };
            if by_state(&zip, &parts.states) || by_county(&zip, &parts.counties) {
                inside.insert(number);
            }
            let out = by_state(&zip, &parts.not_states) || by_county(&zip, &parts.not_counties);
            if out {
                inside.remove(&number);
            }
            if zip.middle().is_none() && (out || inside.contains(&number)) {
                also.insert(number);
            }
        }
        let unplaced = |zip: &&Zip5| zip_info(zip.as_str()).is_none_or(|info| info.middle().is_none());
        for zip in parts.zips.iter().filter(unplaced) {
            // The table does not have it, but may know of which state all such codes are.
            let out = state_of_zip(zip.as_str()).is_some_and(|state| parts.not_states.contains(state));
            also.extend(number(zip));
            if let Some(number) = number(zip).filter(|_| out) {
                inside.remove(&number);
            }
        }
        also.extend(parts.not_zips.iter().filter(unplaced).filter_map(number));
        let out: BTreeSet<u32> = parts.not_zips.iter().filter_map(number).collect();
        inside.retain(|number| !out.contains(number));
        Self { inside: inside.into_iter().collect(), also: also.into_iter().collect() }
    }

    /// Whether no ZIP code belongs to it.
    pub fn is_empty(&self) -> bool {
        self.inside.is_empty()
    }

    /// How many ZIP codes belong to it.
    pub fn len(&self) -> usize {
        self.inside.len()
    }

    /// Whether a ZIP code belongs to it.
    pub fn contains(&self, zip: &str) -> bool {
        five_digits_of(zip).is_some_and(|number| self.inside.binary_search(&number).is_ok())
    }

    /// The ZIP codes, and those of them and of others that are known only as an area names them.
    pub(super) fn numbers(&self) -> (Arc<[u32]>, Arc<[u32]>) {
        (Arc::clone(&self.inside), Arc::clone(&self.also))
    }

    /// All that belongs to one of several. What is left out of one is left out of all only if they all say so.
    pub(super) fn joined(areas: &[&Area]) -> Self {
        if let [one] = areas {
            return (*one).clone();
        }
        let inside: BTreeSet<u32> = areas.iter().flat_map(|area| area.inside.iter().copied()).collect();
        let said: BTreeSet<u32> = areas.iter().flat_map(|area| area.also.iter().copied()).collect();
        let by_all = |number: &u32| areas.iter().all(|area| area.also.binary_search(number).is_ok());
        let also = said.into_iter().filter(|number| inside.contains(number) || by_all(number)).collect();
        Self { inside: inside.into_iter().collect(), also }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::county;

    fn five(text: &str) -> Zip5 {
        Zip5::parse(text).unwrap()
    }

    #[test]
    fn rule_082_the_border_belongs_to_a_circle_and_the_middle_decides() {
        let (dallas, fort_worth) = (zip_info("75201").unwrap(), zip_info("76102").unwrap());
        let metres = dallas.metres_to(&fort_worth).unwrap();
        let of = |metres| Area::of(&AreaParts { circle: Some((dallas, metres)), ..AreaParts::default() });
        assert!(of(metres).contains("76102") && !of(metres - 1).contains("76102"));
        assert!(of(0).contains("75201"));
    }

    #[test]
    fn rule_083_counties_and_states_are_those_of_the_table() {
        let dallas = county("48113").unwrap();
        let area = Area::of(&AreaParts {
            states: ["TX".to_owned()].into(),
            not_counties: [dallas].into(),
            ..AreaParts::default()
        });
        assert!(!area.contains("75201") && area.contains("76102") && !area.contains("73102"));
        let county = Area::of(&AreaParts { counties: [dallas].into(), ..AreaParts::default() });
        assert!(county.contains("75201") && !county.contains("76102"));
        assert_eq!(area.len() + county.len(), zips().filter(|zip| zip.state() == "TX").count());
    }

    #[test]
    fn what_is_left_out_is_left_out_whoever_names_it() {
        let parts = AreaParts {
            zips: vec![five("75201"), five("76102"), five("00000")],
            states: ["AE".to_owned()].into(),
            not_zips: vec![five("75201"), five("09012")],
            ..AreaParts::default()
        };
        let area = Area::of(&parts);
        assert!(area.contains("76102") && area.contains("00000") && !area.contains("75201"));
        assert!(area.contains("09014") && !area.contains("09012"));
        assert!(area.also.contains(&0) && area.also.contains(&9_012), "both were named");
    }

    #[test]
    fn of_several_areas_one_is_enough() {
        let one = |zips: &[&str], not: &[&str]| {
            let all = |zips: &[&str]| zips.iter().map(|zip| five(zip)).collect();
            Area::of(&AreaParts { zips: all(zips), not_zips: all(not), ..AreaParts::default() })
        };
        let (a, b) = (one(&["75201", "00000"], &["00001"]), one(&["76102"], &["00001", "00002"]));
        let both = Area::joined(&[&a, &b]);
        assert!(both.contains("75201") && both.contains("76102") && both.contains("00000"));
        assert_eq!(both.also.as_ref(), [0, 1], "of 00002 only one says that it is outside");
    }
}
