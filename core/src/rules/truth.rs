//! Kleene's three values.

/// What can be said of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Met.
    True,
    /// Not met.
    False,
    /// Cannot be said: something is missing.
    Unknown,
}

impl Truth {
    pub(crate) fn of(yes: bool) -> Self {
        if yes { Truth::True } else { Truth::False }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    /// False if any is false, else unknown if any is.
    pub(super) fn all(truths: impl IntoIterator<Item = Truth>) -> Self {
        let mut so_far = Truth::True;
        for truth in truths {
            match truth {
                Truth::False => return Truth::False,
                Truth::Unknown => so_far = Truth::Unknown,
                Truth::True => {}
            }
        }
        so_far
    }

    /// True if any is true, else unknown if any is.
    pub(super) fn any(truths: impl IntoIterator<Item = Truth>) -> Self {
        Self::all(truths.into_iter().map(Truth::not)).not()
    }
}
