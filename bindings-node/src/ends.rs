//! What runs in threads of ours ends with the program that asked for it: a Worker that ends runs none of its JavaScript any
//! more, so nobody would say `stop`.

use napi::{Env, Result};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

thread_local! {
    /// The flags of what runs, by the environment that asked: a thread may have several. One hook each, as those that Node
    /// takes back leak.
    static RUNS: RefCell<HashMap<usize, Vec<Weak<AtomicBool>>>> = RefCell::default();
}

/// Sets the flag when the environment ends.
pub(crate) fn with(env: &Env, stop: &Arc<AtomicBool>) -> Result<()> {
    let key = env.raw().addr();
    let is_new = RUNS.with_borrow_mut(|runs| {
        let is_new = !runs.contains_key(&key);
        let flags = runs.entry(key).or_default();
        flags.retain(|flag| flag.strong_count() > 0);
        flags.push(Arc::downgrade(stop));
        is_new
    });
    if is_new {
        env.add_env_cleanup_hook(key, stop_all)?;
    }
    Ok(())
}

fn stop_all(key: usize) {
    let flags = RUNS.with_borrow_mut(|runs| runs.remove(&key)).unwrap_or_default();
    flags.iter().filter_map(Weak::upgrade).for_each(|flag| flag.store(true, Ordering::Relaxed));
}
