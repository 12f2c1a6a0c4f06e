//! Mistakes of those who deliver, as older apps make them, and of stores. Each has to be found by the word that it breaks; none
//! of them is in the engine.

/// A mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Naive {
    pub(crate) name: &'static str,
    /// What is found: a word of [`WORDS`](super::account::WORDS).
    pub(crate) breaks: &'static str,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A time-out is taken for a proof that nothing was sent.
    TimeoutIsNotSent,
    /// A time-out is taken for a no.
    TimeoutIsNo,
    /// A 500 is taken for a no.
    ErrorIsNo,
    /// After a crash, what was claimed is given back as if it had not been tried.
    CrashIsUntried,
    /// Somebody asks the buyer while a request may still be on its way.
    AsksTooSoon,
    /// A second try has a key of its own.
    NewKey,
    /// It is said to be delivered before there is an answer.
    FiresAndForgets,
    /// Nobody comes back after a crash.
    NobodyComesBack,
    /// A store that loses a counter: that of the simulator of worlds.
    Store(&'static str),
}

const fn naive(name: &'static str, breaks: &'static str, kind: Kind) -> Naive {
    Naive { name, breaks, kind }
}

pub(crate) const ALL: [Naive; 11] = [
    naive("timeout-is-not-sent", "double", Kind::TimeoutIsNotSent),
    naive("timeout-is-no", "double", Kind::TimeoutIsNo),
    naive("error-is-no", "double", Kind::ErrorIsNo),
    naive("crash-is-untried", "double", Kind::CrashIsUntried),
    naive("asks-too-soon", "double", Kind::AsksTooSoon),
    naive("new-key", "key", Kind::NewKey),
    naive("fires-and-forgets", "lost", Kind::FiresAndForgets),
    naive("nobody-comes-back", "stuck", Kind::NobodyComesBack),
    naive("lost-delivery", "lost", Kind::Store("lost-delivery")),
    naive("lost-count", "caps", Kind::Store("lost-count")),
    naive("stale-counter", "caps", Kind::Store("stale-counter")),
];

/// The mistake of a name.
pub(crate) fn named(name: &str) -> Result<Naive, String> {
    let names = || ALL.map(|naive| naive.name).join(", ");
    let found = ALL.into_iter().find(|naive| naive.name == name);
    found.ok_or_else(|| format!("there is no mutant `{name}`; there are {}", names()))
}
