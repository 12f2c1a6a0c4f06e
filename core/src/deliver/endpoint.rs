//! An address that takes leads, as the plan says it: how a lead is written for it, and how its answers are read.

use super::{Sent, Template};
use crate::model::{BuyerId, RawValue};
use std::collections::BTreeMap;
use std::fmt;

/// An endpoint of the plan. Holds no secret, only the names of some.
#[derive(Clone)]
pub struct Endpoint {
    pub(crate) name: String,
    /// Whose it is; none where everybody may use it.
    pub(crate) buyer: Option<BuyerId>,
    pub(crate) method: Method,
    pub(crate) url: Template,
    /// Scheme and host, which no template changes.
    pub(crate) origin: String,
    pub(crate) writes: Writes,
    pub(crate) body: Option<Template>,
    pub(crate) key_header: String,
    /// Sorted by name.
    pub(crate) headers: Vec<(String, Template)>,
    /// Their name and our field, sorted by their name.
    pub(crate) map: Vec<(String, Sent)>,
    /// By their name, what they call our values.
    pub(crate) values: BTreeMap<String, BTreeMap<String, RawValue>>,
    /// What is sent besides, sorted by their name.
    pub(crate) with: Vec<(String, Besides)>,
    pub(crate) auth: Auth,
    pub(crate) answers: Vec<Answer>,
    /// Ours by theirs.
    pub(crate) reasons: BTreeMap<String, String>,
}

impl Endpoint {
    /// Its name in the plan.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose it is; none where every contract may name it.
    pub fn buyer(&self) -> Option<&BuyerId> {
        self.buyer.as_ref()
    }

    /// `GET`, `POST` or `PUT`.
    pub fn method(&self) -> &'static str {
        self.method.as_str()
    }

    /// Scheme and host.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The names of the secrets that a request needs, each once.
    pub fn secret_names(&self) -> Vec<&str> {
        let Auth { bearer, basic, headers, sign, identity } = &self.auth;
        let single = [bearer, basic, identity].into_iter().flatten();
        let mut names: Vec<&str> =
            single.chain(headers.iter().map(|(_, secret)| secret)).chain(sign).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Endpoint {
    /// The headers of a request that hold a secret, or something made of one: whoever shows a request leaves them out.
    pub fn secret_headers(&self) -> Vec<&str> {
        let Auth { bearer, basic, headers, sign, .. } = &self.auth;
        let authorization = bearer.as_ref().or(basic.as_ref()).map(|_| "Authorization");
        let signature = sign.first().map(|_| super::sign::SIGNATURE);
        authorization.into_iter().chain(headers.iter().map(|(name, _)| name.as_str())).chain(signature).collect()
    }

    /// Whether a secret of this name signs, and so has to be a key.
    pub fn signs_with(&self, secret: &str) -> bool {
        self.auth.sign.iter().any(|name| name == secret)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({} {} {})", self.name, self.method.as_str(), self.origin)
    }
}

/// How it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    #[default]
    Post,
    Put,
}

impl Method {
    pub(crate) fn named(word: &str) -> Option<Self> {
        [Method::Get, Method::Post, Method::Put].into_iter().find(|method| method.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        }
    }
}

/// How a lead is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Writes {
    #[default]
    Json,
    Form,
    Xml,
    Text,
}

impl Writes {
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "json" => Some(Writes::Json),
            "form" => Some(Writes::Form),
            "xml" => Some(Writes::Xml),
            "text" => Some(Writes::Text),
            _ => None,
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Writes::Json => "application/json",
            Writes::Form => "application/x-www-form-urlencoded",
            Writes::Xml => "application/xml; charset=utf-8",
            Writes::Text => "text/plain; charset=utf-8",
        }
    }
}

/// What is sent besides the fields.
#[derive(Clone)]
pub(crate) enum Besides {
    /// A number or a truth value.
    Fixed(RawValue),
    Template(Template),
}

/// How we show who we are: names of secrets.
#[derive(Clone, Default)]
pub(crate) struct Auth {
    pub(crate) bearer: Option<String>,
    pub(crate) basic: Option<String>,
    /// Header and secret, sorted.
    pub(crate) headers: Vec<(String, String)>,
    /// The newest first.
    pub(crate) sign: Vec<String>,
    pub(crate) identity: Option<String>,
}

/// A row of the table of answers.
#[derive(Clone)]
pub(crate) struct Answer {
    /// All of these hold.
    pub(crate) looks: Vec<Look>,
    pub(crate) is: super::Meaning,
    pub(crate) price: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) expires: Option<String>,
}

/// What an answer looks like in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// The status is one of these: 200, or any of the hundred that begin so.
    Status(Vec<StatusIs>),
    /// One of these stands there, as text.
    Is(String, Vec<String>),
    /// This stands somewhere in it, in capital or small letters.
    Contains(String, String),
    /// Whether anything stands there.
    There(String, bool),
}

/// A status, or `5xx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusIs {
    One(u16),
    Hundred(u16),
}

impl StatusIs {
    /// `404`, `5xx`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if let Some(hundred) = text.strip_suffix("xx") {
            return hundred.parse().ok().filter(|n| (1..=5).contains(n)).map(StatusIs::Hundred);
        }
        text.parse().ok().filter(|n| (100..=599).contains(n)).map(StatusIs::One)
    }

    pub(crate) fn fits(self, status: u16) -> bool {
        match self {
            StatusIs::One(one) => one == status,
            StatusIs::Hundred(hundred) => status / 100 == hundred,
        }
    }
}
