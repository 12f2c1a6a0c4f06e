//! What each country wants of an address: core/data/countries.txt, a line a country with tabs between
//! its letters (two and three), names, format, format in Latin letters, wanted parts, parts in capitals, and the
//! pattern and an example of its postal codes.

static COUNTRIES: &str = include_str!("../../../data/countries.txt");

/// The rules of one country. The letters of parts are those of the format: `A` street lines, `C` city, `S` state or
/// region, `Z` postal code; `N` (name), `O` (firm), `D` (part of a city) and `X` (sorting code) are not among ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::address) struct Rules {
    pub(super) code: &'static str,
    pub(super) format: &'static str,
    pub(super) latin_format: &'static str,
    pub(super) wanted: &'static str,
    pub(super) capitals: &'static str,
    pub(super) postal: &'static str,
    pub(super) example: &'static str,
}

/// The rules of the country that a text names: two or three letters, or a name, in capitals without accents and marks.
pub(in crate::address) fn rules_of(name: &str) -> Option<Rules> {
    let named = |line: &&str| !name.is_empty() && is_named(line, name);
    COUNTRIES.lines().find(named).and_then(parse)
}

fn is_named(line: &str, name: &str) -> bool {
    let mut columns = line.split('\t');
    let [two, three, names] = [(); 3].map(|()| columns.next().unwrap_or_default());
    two == name || three == name || names.split('~').any(|one| one == name)
}

fn parse(line: &'static str) -> Option<Rules> {
    let mut columns = line.split('\t');
    let code = columns.next()?;
    let mut columns = columns.skip(2);
    let mut next = || columns.next();
    Some(Rules {
        code,
        format: next()?,
        latin_format: next()?,
        wanted: next()?,
        capitals: next()?,
        postal: next()?,
        example: next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::country::folded_name;
    use crate::address::world::pattern;

    #[test]
    fn every_country_is_found_by_its_names() {
        for line in COUNTRIES.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 9, "{line}");
            let names = columns[2].split('~').chain([columns[0], columns[1]]);
            for name in names.filter(|name| !name.is_empty()) {
                assert_eq!(rules_of(name).map(|rules| rules.code), Some(columns[0]), "{name}");
                assert_eq!(folded_name(name), name);
            }
        }
        assert!(rules_of("").is_none() && rules_of("ATLANTIS").is_none());
    }

    #[test]
    fn examples_fit_their_patterns() {
        for line in COUNTRIES.lines() {
            let rules = parse(line).unwrap();
            assert!(!rules.format.is_empty() && !rules.wanted.is_empty(), "{line}");
            for example in rules.example.split(',').filter(|example| !example.is_empty()) {
                assert!(pattern::fits(rules.postal, example), "{} {example}", rules.code);
                assert!(!pattern::fits(rules.postal, &[example, "X"].concat()), "{} {example}", rules.code);
            }
        }
    }
}
