//! What is fuzzed. The bodies are in `bodies.rs`, which the tests of the command line run as well, over the corpus and
//! over chance; that of `urls.rs` is run by the tests of adapters/http.

mod bodies;
mod urls;
pub use bodies::*;
pub use urls::url;
