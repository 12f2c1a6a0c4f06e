//! The body of the fuzz target `url` as an ordinary test: over its corpus, over pieces of it put together, and over chance.

#[allow(unreachable_pub, reason = "the fuzz target uses it from another crate")]
#[path = "../../../fuzz/src/urls.rs"]
mod urls;

use fastrand::Rng;
use std::path::Path;

#[test]
fn whatever_passes_is_a_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/url");
    let files = std::fs::read_dir(folder).expect("the corpus is there").flatten();
    let mut corpus: Vec<Vec<u8>> = files.map(|file| std::fs::read(file.path()).expect("it is readable")).collect();
    corpus.sort();
    assert!(corpus.len() >= 10, "{}", corpus.len());
    corpus.iter().for_each(|bytes| urls::url(bytes));
    let mut dice = Rng::with_seed(7);
    for _ in 0..20_000 {
        let (one, other) = (&corpus[dice.usize(..corpus.len())], &corpus[dice.usize(..corpus.len())]);
        let mut made = one[..dice.usize(..=one.len())].to_vec();
        made.extend(&other[dice.usize(..=other.len())..]);
        if dice.bool() && !made.is_empty() {
            let at = dice.usize(..made.len());
            made[at] = dice.u8(..);
        }
        urls::url(&made);
        urls::url(&dice.u32(..).to_be_bytes());
        urls::url(&(dice.u128(..) >> dice.u32(..128)).to_be_bytes());
    }
}
