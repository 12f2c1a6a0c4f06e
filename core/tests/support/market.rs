//! Buyers that answer as they are told to, in virtual time.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use leadwright::deliver::{Exchanged, Lost, Request, Response, Secrets, Transport};
use leadwright::engine::Clock;
use leadwright::model::{Code, Error, Timestamp};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

pub(crate) const NOW: &str = "2026-11-24T15:30:00Z";

/// What a buyer answers, and after how many milliseconds.
#[derive(Clone)]
pub(crate) enum Does {
    Says(i64, Cow<'static, str>),
    Hangs,
    Fails,
}

/// Buyers that answer as they are told to, and a clock that goes on while they think.
pub(crate) struct World {
    now: Mutex<Timestamp>,
    does: BTreeMap<String, Does>,
    /// The hosts that were called, in order, with the bodies.
    pub(crate) called: Mutex<Vec<(String, String)>>,
}

impl World {
    pub(crate) fn new(does: &[(&str, Does)]) -> Self {
        let does = does.iter().map(|(url, does)| ((*url).to_owned(), does.clone())).collect();
        World { now: Mutex::new(NOW.parse().expect("a time")), does, called: Mutex::default() }
    }

    pub(crate) fn pass(&self, millis: i64) {
        let mut now = self.now.lock().expect("a clock");
        *now = now.plus_millis(millis);
    }

    pub(crate) fn called(&self) -> Vec<String> {
        self.called.lock().expect("calls").iter().map(|(url, _)| url.clone()).collect()
    }

    /// What comes of a call, and after how long.
    fn answer(&self, request: &Request, within: i64) -> (i64, Exchanged) {
        let url = request.url.trim_start_matches("https://").to_owned();
        self.called.lock().expect("calls").push((url.clone(), String::from_utf8_lossy(&request.body).into_owned()));
        let answered =
            |body: &str| Exchanged::Answered(Response { status: 200, headers: vec![], body: body.as_bytes().to_vec() });
        match self.does.get(&url) {
            Some(Does::Says(after, text)) if *after <= within => (*after, answered(text)),
            Some(Does::Fails) => (1, Exchanged::Answered(Response { status: 500, headers: vec![], body: Vec::new() })),
            Some(Does::Hangs | Does::Says(..)) => (within, Exchanged::Lost(Lost::Timeout)),
            None => panic!("nobody lives at {url}"),
        }
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("a clock")
    }
}

impl Secrets for World {
    fn secret(&self, name: &str) -> Result<String, Error> {
        Err(Error::new(Code::InputBadOption, name))
    }
}

impl Transport for World {
    fn send(&self, request: &Request, within: Duration) -> Exchanged {
        let (after, exchanged) = self.answer(request, i64::try_from(within.as_millis()).expect("a wait"));
        self.pass(after);
        exchanged
    }

    /// All at the same time.
    fn send_all(&self, requests: &[(Request, Duration)], each: &mut dyn FnMut(usize, Exchanged)) {
        let begun = self.now();
        let wait = |within: &Duration| i64::try_from(within.as_millis()).expect("a wait");
        let ends = requests.iter().enumerate().map(|(place, (request, within))| {
            let (after, exchanged) = self.answer(request, wait(within));
            (after, place, exchanged)
        });
        let mut ends: Vec<_> = ends.collect();
        ends.sort_by_key(|(after, place, _)| (*after, *place));
        for (after, place, exchanged) in ends {
            *self.now.lock().expect("a clock") = begun.plus_millis(after);
            each(place, exchanged);
        }
    }
}
