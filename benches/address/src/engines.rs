//! What reads addresses in this process.

use cpu_time::ThreadTime;
use leadwright::address::{Canonicalizer, canonicalize_text};
use std::hint::black_box;
use std::time::Duration;

/// The least CPU time of a pass: fast ones read all texts several times over, so that what the one before left in the
/// caches weighs little.
const LEAST: Duration = Duration::from_millis(200);

/// Reads all texts and says how long it took, in nanoseconds of CPU time.
type Pass = Box<dyn FnMut(&[String]) -> f64>;

/// One that reads addresses.
pub struct Engine {
    pub name: &'static str,
    pub pass: Pass,
}

impl Engine {
    fn of<T>(name: &'static str, mut read: impl FnMut(&str) -> T + 'static) -> Self {
        let pass = move |texts: &[String]| {
            let (start, mut times) = (ThreadTime::now(), 0);
            while times == 0 || start.elapsed() < LEAST {
                for text in texts {
                    black_box(read(black_box(text)));
                }
                times += 1;
            }
            start.elapsed().as_nanos() as f64 / f64::from(times)
        };
        Self { name, pass: Box::new(pass) }
    }
}

pub fn ours() -> Engine {
    let mut canonicalizer = Canonicalizer::default();
    Engine::of("leadwright, full result", move |text| canonicalizer.text(text, "/address"))
}

pub fn ours_afresh() -> Engine {
    Engine::of("the same without memory that is used again", |text| canonicalize_text(text, "/address"))
}

pub fn usaddress_port() -> Engine {
    Engine::of("usaddress 0.1.0 (Rust)", |text| usaddress::parse(text).ok())
}

pub fn address_parser() -> Engine {
    Engine::of("address-parser 0.1.10 (Rust)", address_parser::parse_location)
}
