//! Many addresses, one after another.

use super::{CanonicalAddress, Canonicalizer};

/// Reads many addresses with one memory, in their order, each when it is asked for.
///
/// No thread is started: to use several, give each a part of the addresses.
///
/// ```
/// use leadwright::address::canonicalize_many;
/// let texts = ["9 Elm Street, Kalona IA 52247", "PO Box 12, Kalona IA 52247"];
/// let lines: Vec<_> = canonicalize_many(texts, "").map(|address| address.lines[0].clone()).collect();
/// assert_eq!(lines, ["9 ELM ST", "PO BOX 12"]);
///
/// let keys: Vec<Option<String>> = std::thread::scope(|scope| {
///     let parts = texts.chunks(1).map(|part| {
///         scope.spawn(move || canonicalize_many(part, "").map(|address| address.key).collect::<Vec<_>>())
///     });
///     let threads: Vec<_> = parts.collect();
///     threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
/// });
/// assert_eq!(keys.len(), 2);
/// ```
pub fn canonicalize_many<T: AsRef<str>>(
    texts: impl IntoIterator<Item = T>,
    path: &str,
) -> impl Iterator<Item = CanonicalAddress> {
    let mut canonicalizer = Canonicalizer::default();
    texts.into_iter().map(move |text| canonicalizer.text(text.as_ref(), path))
}
