//! What the pages and messages say of each kind. Tests hold it against what the checks do.

use super::FieldKind;

/// What a kind takes and makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// What is accepted, in a few words and examples.
    pub accepts: &'static str,
    /// The canonical value.
    pub canonical: &'static str,
    /// The options that it looks at, besides `required`.
    pub options: &'static [&'static str],
    /// The parts that may stand beside the value.
    pub parts: &'static [&'static str],
    /// The first parts of the codes of its problems and corrections, besides `field` and `text`.
    pub codes: &'static [&'static str],
}

impl FieldKind {
    /// What the kind takes and makes of it.
    ///
    /// ```
    /// use leadwright::field::FieldKind;
    /// assert_eq!(FieldKind::Zip.about().parts, ["country", "zip4"]);
    /// ```
    pub fn about(self) -> About {
        let (accepts, canonical, options, parts, codes): (_, _, &[_], &[_], &[_]) = match self {
            FieldKind::AddressLine => (
                "an address of the United States in one line",
                "text: the standard lines",
                &[],
                &[
                    "city",
                    "country",
                    "delivery",
                    "house_number",
                    "key",
                    "po_box",
                    "postdirectional",
                    "predirectional",
                    "route_id",
                    "route_type",
                    "state",
                    "station",
                    "street",
                    "street2",
                    "suffix",
                    "suffix2",
                    "unit",
                    "unit2",
                    "unit2_type",
                    "unit_type",
                    "urbanization",
                    "zip",
                    "zip4",
                ],
                &["address"],
            ),
            FieldKind::Boolean => {
                ("`yes`, `Y`, `1`, `on`, `own`, `false` …", "`true` or `false`", &[], &[], &["boolean"])
            }
            FieldKind::Consent => (
                "a word that affirms or declines: `yes`, `I agree`, `opt out`; what is neither is refused, and nothing is no consent",
                "`true` or `false`",
                &[],
                &[],
                &["consent"],
            ),
            FieldKind::CreditBand => (
                "a word (`great`, `Fair (620-679)`) or a score",
                "`excellent` (720 and up), `good` (680), `fair` (620) or `poor`",
                &[],
                &[],
                &["credit", "enum"],
            ),
            FieldKind::CreditScore => (
                "`720`, `Excellent (720)`; of `680-719` and `720+` the lower end",
                "whole number, 300 to 850",
                &["max", "min"],
                &["band", "upper"],
                &["credit", "number"],
            ),
            FieldKind::Date => (
                "`2026-11-24`, `11/24/2026`, `24 Nov 2026`, `20261124` and the like; the month first where it could be either",
                "`YYYY-MM-DD`",
                &["as_of", "day_first", "kind", "max_age", "min_age", "past"],
                &[],
                &["date"],
            ),
            FieldKind::Decimal => (
                "`12.5`, `1,234.5`, `1.2k`; of a range the lower end",
                "text: digits without zeros at the end",
                &["max", "min"],
                &["upper"],
                &["number"],
            ),
            FieldKind::Email => (
                "one address, also in angle brackets or after `mailto:`",
                "the address with its domain in small letters",
                &["idn", "reading"],
                &["domain", "free", "tag"],
                &["email"],
            ),
            FieldKind::Enum => (
                "one of the words or its other spellings, however they are written",
                "the word",
                &["values"],
                &[],
                &["enum"],
            ),
            FieldKind::Integer => (
                "`1,200`, `12 k`; of a range the lower end",
                "whole number within 2^53",
                &["max", "min"],
                &["upper"],
                &["number"],
            ),
            FieldKind::Ip => (
                "one address of version 4 or 6, with a port or in brackets; of the list of a proxy the first public one",
                "the address; version 6 by RFC 5952",
                &[],
                &["version"],
                &["ip"],
            ),
            FieldKind::Leadid => {
                ("32 hexadecimal digits, in five groups or none", "36 signs in capitals", &[], &[], &["leadid"])
            }
            FieldKind::List => (
                "a list, one value alone, or a JSON list as text; of kinds without commas also words with commas between",
                "list of what is right",
                &["as_of", "items", "max_length", "members"],
                &[],
                &["list", "record"],
            ),
            FieldKind::Money => (
                "`$1,234.50`, `250k`, `1.2 million`, `1.234,50`; of a range the lower end",
                "text with 2 to 4 decimals",
                &[],
                &["upper"],
                &["money", "number"],
            ),
            FieldKind::Name => (
                "`LEE, Amy`, `dr. amy van der lee jr`; of two people the first",
                "the name in its own capitals",
                &["part"],
                &["first", "initial", "last", "middle", "suffix", "title"],
                &["name"],
            ),
            FieldKind::Percent => (
                "`6.5%`, `6.5 percent`, `6,5 %`",
                "text: the number before the sign",
                &["max", "min"],
                &["upper"],
                &["number"],
            ),
            FieldKind::Phone => (
                "a number of any country, however it is grouped, with its extension",
                "E.164",
                &["reading", "region"],
                &["ext", "region", "states", "time_zones", "type"],
                &["phone"],
            ),
            FieldKind::Record => (
                "an object, or one as text; its keys however they are written",
                "object with the members that are right",
                &["as_of", "members"],
                &[],
                &["record"],
            ),
            FieldKind::RegistrableDomain => ("a domain name", "what was registered of it", &[], &[], &["domain"]),
            FieldKind::Ssn => (
                "nine digits, in groups of 3, 2 and 4 or none; or `true`",
                "`true`: that there was one, and no digit of it",
                &[],
                &[],
                &["ssn"],
            ),
            FieldKind::SsnLast4 => ("four digits, also `xxx-xx-1234`", "four digits", &[], &[], &["ssn"]),
            FieldKind::State => (
                "letters, name or old abbreviation of a state or a province",
                "two capital letters",
                &["region"],
                &["country"],
                &["state"],
            ),
            FieldKind::Text => ("anything", "the text without what is invisible", &["max_length"], &[], &[]),
            FieldKind::Timestamp => (
                "RFC 3339, seconds or milliseconds since 1970, or a date with time and zone: `11/24/2026 3:30 pm EST`",
                "RFC 3339 in UTC with milliseconds",
                &["as_of", "day_first", "past", "zone"],
                &[],
                &["date", "timestamp"],
            ),
            FieldKind::TrustedformUrl => (
                "the link of a certificate, or its 40 digits",
                "the link",
                &["as_of", "issued"],
                &["cert", "ping"],
                &["trustedform"],
            ),
            FieldKind::Url => {
                ("a link of the web, also without `https://`", "as browsers write it", &[], &["host"], &["url"])
            }
            FieldKind::UserAgent => ("what a browser says it is", "the text", &[], &[], &["user_agent"]),
            FieldKind::Uuid => (
                "32 hexadecimal digits, in five groups or none, in braces or after `urn:uuid:`",
                "36 signs in small letters",
                &[],
                &[],
                &["uuid"],
            ),
            FieldKind::VehicleMake => (
                "a make or what people call it: `chevy`, `VW`; one that is not known is kept",
                "as its maker writes it",
                &[],
                &[],
                &["vehicle"],
            ),
            FieldKind::VehicleModel => ("a few words", "the text", &[], &[], &["vehicle"]),
            FieldKind::VehicleYear => (
                "`2019`, `'19`; at most two years ahead of `as_of`",
                "whole number",
                &["as_of", "max", "min"],
                &[],
                &["number", "vehicle"],
            ),
            FieldKind::Vin => (
                "17 signs, with spaces or dashes; I, O and Q where the check digit bears them out",
                "17 capitals and digits",
                &[],
                &["year"],
                &["vin"],
            ),
            FieldKind::Zip => (
                "five or nine digits, fewer where a zero in front was lost; a postal code of Canada",
                "five digits, or `K1A 0B1`",
                &["region"],
                &["country", "zip4"],
                &["zip"],
            ),
        };
        About { accepts, canonical, options, parts, codes }
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::OPTIONS;
    use super::*;

    #[test]
    fn every_option_is_one_of_some_kind() {
        let all: Vec<&str> = FieldKind::ALL.iter().flat_map(|kind| kind.about().options).copied().collect();
        for option in OPTIONS {
            assert!(option == "required" || all.contains(&option), "{option}");
        }
        assert!(all.iter().all(|option| OPTIONS.contains(option)), "{all:?}");
    }

    #[test]
    fn what_is_listed_is_sorted() {
        for about in FieldKind::ALL.map(FieldKind::about) {
            for names in [about.options, about.parts, about.codes] {
                assert!(names.is_sorted(), "{names:?}");
            }
        }
    }
}
