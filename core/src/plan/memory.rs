//! How far back a plan looks: what is older may be let go of.

use super::compiled::{Calendar, Plan};

/// The longest spans that a plan asks for, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LooksBack {
    /// For values to dedupe by, and to count repetitions.
    pub(crate) claims: i64,
    /// For rolling caps.
    pub(crate) rolling: i64,
}

impl LooksBack {
    /// Of two plans the one that looks further.
    pub(crate) fn max(self, other: Self) -> Self {
        Self { claims: self.claims.max(other.claims), rolling: self.rolling.max(other.rolling) }
    }
}

impl Plan {
    pub(crate) fn looks_back(&self) -> LooksBack {
        let buyers = self.buyers.values().flat_map(|buyer| &buyer.dedupe);
        let rules = self.intake.dedupe.iter().chain(&self.intake.repeats).chain(buyers);
        let spans = self.calendars().flat_map(|calendar| &calendar.caps);
        LooksBack {
            claims: rules.map(|rule| rule.within).max().unwrap_or(0),
            rolling: spans.filter_map(|cap| cap.window.rolling_millis()).max().unwrap_or(0),
        }
    }

    /// The caps of everybody who has some.
    fn calendars(&self) -> impl Iterator<Item = &Calendar> {
        let sources = self.sources.values();
        let sources = sources.flat_map(|source| source.sub_ids.values().map(|part| &part.caps).chain([&source.caps]));
        let routes = self.routes.values().flat_map(|route| {
            let groups = route.groups.iter().chain(&route.house).map(|group| &group.caps);
            groups.chain([&route.caps])
        });
        let buyers = self.buyers.values().map(|buyer| &buyer.caps);
        sources.chain(routes).chain(buyers).chain(self.contracts.iter().map(|contract| &contract.caps))
    }
}
