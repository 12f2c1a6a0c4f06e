//! Encrypting the leads that were written before the store had keys.

use super::PAGE;
use crate::engine::lead_in;
use crate::model::{Code, Error};
use crate::store::{LeadIn, SqliteStore, Stored};

/// Encrypts every lead that still lies in clear in a store whose leads are encrypted by now, of all tenants, leads of the
/// past too; gives back how many. Each gets a key of its own, as new ones do, and what is asked of it later answers the same to the byte. One that is
/// damaged is encrypted as it is, and stays damaged.
///
/// Transactions are small, so that others write in between. It can be stopped at any time and begun again. `seen` is told
/// how many were encrypted. The bytes of before lie in the file where nothing lies on them until it is
/// [written anew](SqliteStore::vacuum).
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("leadwright-seal-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
/// # }"#)]);
/// # let plan = Plan::load(&files, "plan.jsonc")?;
/// use leadwright::{care::seal, engine::Engine, model::Tick, store::{Keys, SqliteOptions, SqliteStore}};
/// let path = folder.join("leads.db");
/// let engine = Engine::open(plan, SqliteStore::open(&path)?)?;
/// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
/// drop(engine);
/// let keys = Some(Keys::new([("k1", [7; 32])])?);
/// let store = SqliteStore::with_options(&path, SqliteOptions { keys, ..SqliteOptions::default() })?;
/// assert_eq!((seal(&store, &mut |_| {})?, seal(&store, &mut |_| {})?), (1, 0));
/// store.vacuum()?;
/// # drop(store);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `store.key_missing` where leads are not encrypted; `store.*`.
pub fn seal(store: &SqliteStore, seen: &mut dyn FnMut(u64)) -> Result<u64, Error> {
    let (mut after, mut sealed) = (0, 0_u64);
    loop {
        let page = store.clear_leads(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        let of = |stored: Stored| {
            let lead = lead_in(&stored.record.body);
            (stored, lead)
        };
        let page: Vec<(Stored, LeadIn)> = page.into_iter().map(of).collect();
        surely(store, &page)?;
        sealed = sealed.saturating_add(u64::try_from(page.len()).unwrap_or(0));
        seen(sealed);
    }
    past(store, &mut sealed, seen)?;
    Ok(sealed)
}

/// Leads of the past, too.
fn past(store: &SqliteStore, sealed: &mut u64, seen: &mut dyn FnMut(u64)) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let done = match store.seal_history(after, PAGE) {
            // What was sealed is not met a second time.
            Err(unknown) if unknown.code() == Code::StoreCommitUnknown => continue_after(store, after, unknown)?,
            done => done?,
        };
        let (Some(last), count) = done else { return Ok(()) };
        after = last;
        *sealed = sealed.saturating_add(u64::try_from(count).unwrap_or(0));
        seen(*sealed);
    }
}

fn continue_after(store: &SqliteStore, after: u64, unknown: Error) -> Result<(Option<u64>, usize), Error> {
    store.seal_history(after, PAGE).map_err(|_| unknown)
}

/// A commit of which nobody knows whether it happened is followed by another one, which changes nothing where it did.
fn surely(store: &SqliteStore, page: &[(Stored, LeadIn)]) -> Result<(), Error> {
    match store.seal_leads(page) {
        Err(unknown) if unknown.code() == Code::StoreCommitUnknown => store.seal_leads(page).map_err(|_| unknown),
        done => done,
    }
}
