//! How far back a plan looks: what is older may be let go of.

use super::compiled::{Calendar, Plan};

/// The longest spans that a plan asks for, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LooksBack {
    /// For values to dedupe by, and to count repetitions.
    pub claims: i64,
    /// For rolling caps.
    pub rolling: i64,
    /// For sales that may come back.
    pub returns: i64,
}

impl LooksBack {
    /// The further of two plans, span by span.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            claims: self.claims.max(other.claims),
            rolling: self.rolling.max(other.rolling),
            returns: self.returns.max(other.returns),
        }
    }
}

impl Plan {
    /// How far back decisions under this plan look. Whoever lets go of what is old keeps so much.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "intake": { "dedupe": [ { "any": ["phone"], "within": "30d" } ] },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// let back = plan.looks_back();
    /// assert_eq!((back.claims, back.rolling), (30 * 86_400_000, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn looks_back(&self) -> LooksBack {
        let buyers = self.buyers.values().flat_map(|buyer| &buyer.dedupe);
        let rules = self.intake.dedupe.iter().chain(&self.intake.repeats).chain(buyers);
        let returns = self.buyers.values().filter_map(|buyer| buyer.returns.as_ref());
        let spans = self.calendars().flat_map(|calendar| &calendar.caps);
        LooksBack {
            claims: rules.map(|rule| rule.within).max().unwrap_or(0),
            rolling: spans.filter_map(|cap| cap.window.rolling_millis()).max().unwrap_or(0),
            returns: returns.map(|returns| returns.within).max().unwrap_or(0),
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
