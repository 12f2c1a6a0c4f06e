//! The run: the thread of the caller fetches what is due and hears whether to stop; threads of its own send and report.

use crate::clock::{System, may_pass, pause};
use crate::counts::Delivered;
use crate::desk::{Closing, Desk, Job};
use crate::options::DeliveryOptions;
use crate::told::Told;
use crate::work::Work;
use leadwright::deliver::{Secrets, Transport};
use leadwright::engine::{Clock, Engine};
use leadwright::model::{AttemptClass, Code, Error};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome};
use std::time::{Duration, Instant};

/// How often it is asked whether to stop.
const TICK: Duration = Duration::from_millis(50);
/// So often in a row the store may fail where the run is to end by itself.
const FAILURES: u32 = 8;
/// What is left of a claim after the longest answer.
const SPARE: Duration = Duration::from_secs(60);
/// The longest claim there is.
const LONGEST: Duration = Duration::from_secs(3_600);

/// Works off the outbox of an engine.
///
/// ```
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
/// #     "endpoints": { "hub": { "url": "https://hub.example/leads", "answers": [ { "if": { "/ok": true }, "is": "accepted" } ] } },
/// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
/// #         "sell": { "exclusive": { "price": "40.00" } }, "post": { "to": "hub" } } } } }
/// # }"#)]);
/// # let plan = Plan::load(&files, "plan.jsonc")?;
/// use leadwright::deliver::{Exchanged, Request, Response, Secrets, Transport};
/// use leadwright::{engine::Engine, model::{AttemptClass, Code, Error, Tick}, store::MemoryStore};
/// use leadwright_deliver::{Delivery, DeliveryOptions};
/// use std::time::Duration;
/// # struct None;
/// # impl Secrets for None {
/// #     fn secret(&self, name: &str) -> Result<String, Error> {
/// #         Err(Error::new(Code::InputBadOption, name))
/// #     }
/// # }
/// /// `leadwright_http::HttpTransport` in earnest.
/// struct Takes;
/// impl Transport for Takes {
///     fn send(&self, _: &Request, _: Duration) -> Exchanged {
///         Exchanged::Answered(Response { status: 200, headers: vec![], body: br#"{"ok":true}"#.to_vec() })
///     }
/// }
/// # struct Then(leadwright::model::Timestamp);
/// # impl leadwright::engine::Clock for Then {
/// #     fn now(&self) -> leadwright::model::Timestamp {
/// #         self.0
/// #     }
/// # }
/// let engine = Engine::open(plan, MemoryStore::new())?;
/// let clock = Then("2026-11-24T15:30:00Z".parse()?);
/// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
/// let options = DeliveryOptions { until_empty: true, ..DeliveryOptions::default() };
/// let delivered = Delivery::of(&engine, &Takes, &None).at(&clock).run(&options, &mut || false)?;
/// assert_eq!(delivered.of(AttemptClass::Accepted), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) transport: &'a dyn Transport,
    pub(crate) secrets: &'a (dyn Secrets + Sync),
    pub(crate) clock: &'a (dyn Clock + Sync),
    pub(crate) told: &'a dyn Told,
}

impl std::fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Delivery({})", self.engine.tenant())
    }
}

impl<'a> Delivery<'a> {
    /// Of the leads of an engine, over a transport.
    pub fn of(engine: &'a Engine, transport: &'a dyn Transport, secrets: &'a (dyn Secrets + Sync)) -> Self {
        Self { engine, transport, secrets, clock: &System, told: &() }
    }

    /// The same, and somebody hears what happens.
    #[must_use]
    pub fn told(self, told: &'a dyn Told) -> Self {
        Self { told, ..self }
    }

    /// The same by another clock, for tests.
    #[must_use]
    pub fn at(self, clock: &'a (dyn Clock + Sync)) -> Self {
        Self { clock, ..self }
    }

    /// Sends what is due until `stop` says so, which is asked in the thread of the caller every 50 ms; with `until_empty` until
    /// nothing is due. What is on its way then is waited for, what is not is given back. No thread is left when it returns.
    ///
    /// Only contracts with `post` are delivered; those of a host are the host's.
    ///
    /// # Errors
    /// `input.bad_option` where a secret that the plan names is missing, before anything is sent; `delivery.malformed`;
    /// `store.*` where it is no use to ask the store again. One that may pass is waited for.
    pub fn run(&self, options: &DeliveryOptions, stop: &mut dyn FnMut() -> bool) -> Result<Delivered, Error> {
        options.checked()?;
        self.has_secrets()?;
        let desk = Desk::default();
        let done = std::thread::scope(|scope| {
            let _closing = Closing(&desk);
            for n in 0..options.workers {
                let work = Work { delivery: self, desk: &desk, options };
                // A name of a thread ends at a zero byte.
                let name = format!("{}-{n}", options.worker.replace('\0', " "));
                let started = std::thread::Builder::new().name(name).spawn_scoped(scope, move || work.run());
                // With fewer of them it goes on, with none it does not.
                if let Err(error) = started {
                    if n == 0 {
                        return Err(Error::new(Code::InternalError, format!("no thread can be started: {error}")));
                    }
                    break;
                }
            }
            let fetched = self.fetch(&desk, options, stop);
            self.give_back(&desk, options);
            fetched
        });
        done.map(|()| desk.counts())
    }

    /// A plan whose secrets are missing sends nothing: a buyer is not to lose its leads by that.
    fn has_secrets(&self) -> Result<(), Error> {
        let plan = self.engine.plan();
        let missing: Vec<&str> =
            plan.posting_secrets().into_iter().filter(|name| self.secrets.secret(name).is_err()).collect();
        match missing.is_empty() {
            true => Ok(()),
            false => {
                Err(Error::new(Code::InputBadOption, format!("`secrets`: there is no `{}`", missing.join("`, `"))))
            }
        }
    }

    fn fetch(&self, desk: &Desk, options: &DeliveryOptions, stop: &mut dyn FnMut() -> bool) -> Result<(), Error> {
        let mut failures = 0;
        let mut asked: Option<Instant> = None;
        while !stop() {
            let (finished, taken) = (desk.finished_so_far(), desk.taken());
            let free = options.workers.saturating_sub(taken);
            if free == 0 {
                desk.wait(finished, TICK);
                continue;
            }
            let asks = asked.is_none_or(|at| at.elapsed() >= options.idle);
            if asks {
                asked = Some(Instant::now());
            }
            match self.due(options, free, asks) {
                Ok(jobs) if jobs.is_empty() => {
                    failures = 0;
                    // Nothing was on its way that could have led to something else.
                    if options.until_empty && taken == 0 {
                        return Ok(());
                    }
                    wait(desk, finished, options.idle, stop);
                }
                Ok(jobs) => {
                    failures = 0;
                    desk.put(jobs);
                }
                Err(error) if may_pass(&error) && !(options.until_empty && failures >= FAILURES) => {
                    failures += 1;
                    let again = pause(failures);
                    self.hear(|told| told.store_failed(&error, again));
                    wait(desk, u64::MAX, again, stop);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn due(&self, options: &DeliveryOptions, free: usize, asks: bool) -> Result<Vec<Job>, Error> {
        let longest = self.engine.plan().longest_wait();
        let hold = options.hold.unwrap_or(longest.saturating_add(SPARE)).min(LONGEST);
        let claim = ClaimDeliveries {
            worker: options.worker.clone(),
            limit: u32::try_from(free.min(256)).ok(),
            hold: Some(format!("{}ms", hold.as_millis())),
            at_once: None,
            posts: true,
            policy: options.policy.clone(),
        };
        let now = self.clock.now();
        let mut jobs: Vec<Job> = self.engine.claim(&claim, now)?.into_iter().map(Job::Post).collect();
        let room = free.saturating_sub(jobs.len());
        if asks && room > 0 {
            // Of what was claimed nothing may be lost; the others are asked about a little later.
            jobs.extend(self.engine.asks(room, now).unwrap_or_default().into_iter().map(Job::Ask));
        }
        Ok(jobs)
    }

    /// What was claimed and not begun is due again at once.
    fn give_back(&self, desk: &Desk, options: &DeliveryOptions) {
        let work = Work { delivery: self, desk, options };
        for job in desk.close() {
            if let Job::Post(sending) = job {
                work.report(&sending, &DeliveryOutcome::of(AttemptClass::NotTried));
            }
        }
    }

    pub(crate) fn hear(&self, what: impl FnOnce(&dyn Told)) {
        drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| what(self.told))));
    }
}

/// Waits until somebody has finished, it is to stop, or the time is over.
fn wait(desk: &Desk, finished: u64, longest: Duration, stop: &mut dyn FnMut() -> bool) {
    let until = Instant::now() + longest;
    while (finished == u64::MAX || desk.finished_so_far() == finished) && !stop() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        desk.wait(desk.finished_so_far(), left.min(TICK));
    }
}
