//! What each word of an address was taken for.

use super::token::Token;
use serde::Serialize;

/// What a word was taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    /// No part of the address: the name of a person, firm or building.
    #[default]
    Other,
    /// It says nothing: the `#` of `HIGHWAY # 9`, `CORNER OF`, a place that was written twice.
    Mark,
    Number,
    Before,
    Name,
    Suffix,
    After,
    UnitType,
    Unit,
    OuterType,
    Outer,
    BoxType,
    Box,
    RouteType,
    Route,
    /// The `&` of a corner.
    Corner,
    /// `GENERAL DELIVERY`.
    Delivery,
    UrbanizationType,
    Urbanization,
    /// `STN A`, in Canada.
    Station,
    City,
    State,
    Zip,
    Country,
}

impl Label {
    /// One bit of its own.
    pub(super) fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Its name in explanations.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Mark => "mark",
            Self::Number => "house_number",
            Self::Before => "predirectional",
            Self::Name => "street",
            Self::Suffix => "suffix",
            Self::After => "postdirectional",
            Self::UnitType => "unit_type",
            Self::Unit => "unit",
            Self::OuterType => "unit2_type",
            Self::Outer => "unit2",
            Self::BoxType => "box",
            Self::Box => "po_box",
            Self::RouteType => "route_type",
            Self::Route => "route_id",
            Self::Corner => "corner",
            Self::Delivery => "general_delivery",
            Self::UrbanizationType => "urbanization_type",
            Self::Urbanization => "urbanization",
            Self::Station => "station",
            Self::City => "city",
            Self::State => "state",
            Self::Zip => "zip",
            Self::Country => "country",
        }
    }
}

/// A word of an address as it was read, for explanations. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ReadWord {
    /// The word: upper case, without accents and marks.
    pub text: String,
    /// The part it was taken for, by the name of the component; `box`, `corner`, `country`, `general_delivery` and
    /// `urbanization_type` for the words that only introduce one, `mark` for what says nothing, `other` for what is
    /// no part of the address.
    pub part: &'static str,
}

impl std::fmt::Debug for ReadWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReadWord({})", self.part)
    }
}

/// The labels of the words of one address, by the words' places.
#[derive(Default)]
pub(super) struct Labels(Vec<Label>);

impl Labels {
    /// As many as there are words, all of them [`Label::Other`].
    pub(super) fn reset(&mut self, count: usize) {
        self.0.clear();
        self.0.resize(count, Label::Other);
    }

    pub(super) fn of(&self, word: &Token<'_>) -> Label {
        self.0.get(word.at()).copied().unwrap_or_default()
    }

    pub(super) fn mark(&mut self, words: &[Token<'_>], label: Label) {
        for word in words {
            if let Some(slot) = self.0.get_mut(word.at()) {
                *slot = label;
            }
        }
    }

    /// Changes a label wherever it stands in a stretch of words.
    pub(super) fn change(&mut self, words: &[Token<'_>], from: Label, to: Label) {
        for word in words {
            if self.of(word) == from {
                self.mark(&[*word], to);
            }
        }
    }

    /// The words with the names of their labels.
    pub(super) fn explain(&self, words: &[Token<'_>]) -> Vec<ReadWord> {
        words.iter().map(|word| ReadWord { text: word.text.to_owned(), part: self.of(word).name() }).collect()
    }

    /// Whether a word has a label.
    pub(super) fn has(&self, label: Label) -> bool {
        self.0.contains(&label)
    }
}
