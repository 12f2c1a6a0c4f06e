//! The parts of an address.

use serde::Serialize;

/// The parts that were found, in the words that were written: upper case, without accents and
/// punctuation, and with the standard abbreviation where a part has one (suffix, directionals, unit
/// designator, state). Nothing here is a guess: what the ZIP table adds or mends is in
/// [`lines`](super::CanonicalAddress::lines) and in the key.
///
/// Only parts that are present are serialized. `Debug` names the parts and hides what they hold.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Components {
    /// `123`, `123A`, `12 1/2`, `59-17`, `N6W23001`, `ONE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
    /// `N` in `N MAIN ST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predirectional: Option<String>,
    /// The name alone: `MAIN`, `US HIGHWAY 50`, `AVENUE C`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// `ST` (Publication 28, Appendix C1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// `SW` in `MAIN ST SW`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postdirectional: Option<String>,
    /// `APT` (Publication 28, Appendix C2); absent where only `#` was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_type: Option<String>,
    /// `4B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What is around the unit: the `BLDG` of `BLDG 7 APT 4B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit2_type: Option<String>,
    /// `7` in `BLDG 7 APT 4B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit2: Option<String>,
    /// The number of a post office box, or of a box on a route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub po_box: Option<String>,
    /// `RR`, `HC`, and for military post `PSC`, `CMR` or `UNIT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route_type: Option<String>,
    /// The number of the route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route_id: Option<String>,
    /// The other street of a corner, directionals included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street2: Option<String>,
    /// The suffix of the other street of a corner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix2: Option<String>,
    /// In Puerto Rico: `LAS GLADIOLAS` of `URB LAS GLADIOLAS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urbanization: Option<String>,
    /// In Canada: the post office of a box, `STN A`, `SUCC CENTRE-VILLE`, `RPO 3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// The street lines of a country where they are not parsed further, as they were written, one a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// The city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The two letters of the state, or of the province of Canada.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The ZIP code as it was written: five digits, or what stood in their place (`7302`). In Canada the postal code,
    /// `K1A 0B1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// The four digits after the ZIP code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip4: Option<String>,
    /// The two letters of the country (ISO 3166-1): `CA`, `GB`; absent in the United States.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl Components {
    /// Every part with its name, in order.
    ///
    /// ```
    /// use leadwright::address::canonicalize_text;
    /// let address = canonicalize_text("9 Elm Street, Kalona IA 52247", "");
    /// let names: Vec<_> = address.components.parts().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["house_number", "street", "suffix", "city", "state", "zip"]);
    /// ```
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("house_number", &self.house_number),
            ("predirectional", &self.predirectional),
            ("street", &self.street),
            ("suffix", &self.suffix),
            ("postdirectional", &self.postdirectional),
            ("unit_type", &self.unit_type),
            ("unit", &self.unit),
            ("unit2_type", &self.unit2_type),
            ("unit2", &self.unit2),
            ("po_box", &self.po_box),
            ("route_type", &self.route_type),
            ("route_id", &self.route_id),
            ("street2", &self.street2),
            ("suffix2", &self.suffix2),
            ("urbanization", &self.urbanization),
            ("station", &self.station),
            ("delivery", &self.delivery),
            ("city", &self.city),
            ("state", &self.state),
            ("zip", &self.zip),
            ("zip4", &self.zip4),
            ("country", &self.country),
        ]
        .into_iter()
        .filter_map(|(name, part)| part.as_deref().map(|text| (name, text)))
    }
}

impl std::fmt::Debug for Components {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Components")?;
        f.debug_list().entries(self.parts().map(|(name, _)| name)).finish()
    }
}
