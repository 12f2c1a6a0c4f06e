//! Switches for the study of how addresses are read (`cargo xtask address-cv`): what a reading is worth without one of its
//! means. Without the cargo feature `study` every question here is answered by the compiler.

/// A means of reading that can be done without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// The tables of ZIP codes and towns.
    Gazetteer = 1,
    /// Other names of towns.
    Aliases = 2,
    /// Towns in a ZIP code besides the one that goes with it.
    Neighbours = 4,
    /// Slips of the pen and unusual abbreviations in cities and suffixes.
    Slips = 8,
    /// The ZIP code when the city is looked for: the state alone says where it may be.
    ZipForCity = 16,
}

#[cfg(feature = "study")]
static OFF: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

/// Whether the reading does without.
#[cfg(feature = "study")]
pub(crate) fn without(means: Means) -> bool {
    OFF.load(std::sync::atomic::Ordering::Relaxed) & means as u8 != 0
}

/// Never.
#[cfg(not(feature = "study"))]
pub(crate) const fn without(_: Means) -> bool {
    false
}

/// Does without these from now on, and with all others.
#[cfg(feature = "study")]
pub fn do_without(means: &[Means]) {
    let bits = means.iter().fold(0, |bits, one| bits | *one as u8);
    OFF.store(bits, std::sync::atomic::Ordering::Relaxed);
}
