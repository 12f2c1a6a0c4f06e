//! From an endpoint of the plan and a lead to the request that carries it: the same bytes in every language.

use super::endpoint::{Besides, Endpoint, Method, Writes};
use super::outgoing::Unfit;
use super::template::{BadTemplate, Template, seen};
use super::write::Written;
use super::{Outgoing, Request, Secrets, sign};
use crate::model::{RawMap, RawValue, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Largest body, in bytes.
const BODY: usize = 256 * 1024;
/// Longest URL, and longest value of a header.
const LINE: usize = 8 * 1024;

/// Why a request cannot be written: a sentence that holds neither a value of the lead nor a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsendable {
    says: String,
    lacks_secret: bool,
}

impl fmt::Display for Unsendable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl std::error::Error for Unsendable {}

impl Unsendable {
    fn new(says: impl Into<String>) -> Self {
        Unsendable { says: says.into(), lacks_secret: false }
    }

    /// Whether a secret is all that is missing: it is written once somebody brings it.
    pub fn lacks_secret(&self) -> bool {
        self.lacks_secret
    }

    fn template(what: &str, bad: &BadTemplate) -> Self {
        Unsendable::new(format!("the template of {what}, line {}: {}", bad.line, bad.says))
    }

    fn unfit(unfit: &Unfit<'_>) -> Self {
        Unsendable::new(format!("`{}` of the lead cannot be written as `{}`", unfit.field, unfit.filter.as_str()))
    }
}

/// The request that carries a lead, or asks for a bid.
///
/// The same endpoint, lead, time and secrets give the same bytes. `now` is the time of the signature and nothing else.
///
/// ```
/// use leadwright::deliver::{Outgoing, Secrets, render};
/// use leadwright::model::{Error, Sale, Timestamp};
/// use leadwright::plan::{MemoryResolver, Plan};
/// struct Known;
/// impl Secrets for Known {
///     fn secret(&self, _: &str) -> Result<String, Error> {
///         Ok("t0ken".to_owned())
///     }
/// }
/// let files = MemoryResolver::new([("plan.jsonc", r#"{
///     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
///     "verticals": { "roofing": { "extends": "us/home-services@1" } },
///     "sources": { "web": { "verticals": ["roofing"] } },
///     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
///     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
///         "sell": { "exclusive": { "price": "40.00" } }, "post": { "to": "acme-http" } } },
///       "endpoints": { "acme-http": { "url": "https://acme.example/leads", "auth": { "bearer": "secret://acme" },
///         "map": { "contact.phone": "phone | ten_digits" }, "with": { "campaign": "A7" },
///         "answers": [ { "if": { "/ok": true }, "is": "accepted" } ] } } } }
/// }"#)]);
/// let plan = Plan::load(&files, "plan.jsonc")?;
/// let fields = [("phone".to_owned(), "+12145550101".into()), ("zip".to_owned(), "75201".into())].into();
/// let outgoing = Outgoing {
///     key: "k1", lead: &"l1".parse()?, source: &"web".parse()?, decision: &"web/l1.1".parse()?,
///     buyer: &"acme".parse()?, contract: &"acme-il".parse()?, sale: Sale::Exclusive, price: Some("40.00".parse()?),
///     currency: "USD".parse()?, day: "2026-11-24".parse()?, fields: &fields, send: &[],
/// };
/// let request = render(plan.endpoint("acme-http").unwrap(), &outgoing, Timestamp::EPOCH, &Known)?;
/// assert_eq!(request.body, br#"{"campaign":"A7","contact":{"phone":"2145550101"},"zip":"75201"}"#);
/// assert!(request.headers.contains(&("Authorization".to_owned(), "Bearer t0ken".to_owned())));
/// assert!(request.headers.contains(&("Idempotency-Key".to_owned(), "k1".to_owned())));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Unsendable`] where a template prints what the lead does not have, a value does not fit its filter, a secret is missing,
/// or what comes out is no request.
pub fn render(
    endpoint: &Endpoint,
    outgoing: &Outgoing<'_>,
    now: Timestamp,
    secrets: &dyn Secrets,
) -> Result<Request, Unsendable> {
    let shown = outgoing.shown().map_err(|unfit| Unsendable::unfit(&unfit))?;
    let values = values(outgoing, &shown);
    let print =
        |what: &str, template: &Template| template.render(&values).map_err(|bad| Unsendable::template(what, &bad));
    let mut url = print("`url`", &endpoint.url)?;
    let mut body = String::new();
    match (&endpoint.body, endpoint.method) {
        (Some(template), _) => body = whole_body(endpoint, print("`body`", template)?)?,
        (None, Method::Get) => {
            let written = written(endpoint, outgoing, &BTreeMap::new(), &print)?;
            if !written.fields.is_empty() {
                url.push(if url.contains('?') { '&' } else { '?' });
                url.push_str(&written.form());
            }
        }
        (None, _) => body = encoded(endpoint, &written(endpoint, outgoing, &shown, &print)?)?,
    }
    if body.len() > BODY {
        return Err(Unsendable::new(format!("the body is larger than {BODY} bytes")));
    }
    checked_url(endpoint, &url)?;
    let mut headers = Headers(Vec::new());
    let has_body = endpoint.body.is_some() || endpoint.method != Method::Get;
    if has_body {
        headers.set("Content-Type", endpoint.writes.content_type().to_owned())?;
    }
    headers.set("Accept", "application/json, application/xml;q=0.9, */*;q=0.1".to_owned())?;
    headers.set("User-Agent", concat!("leadwright/", env!("CARGO_PKG_VERSION")).to_owned())?;
    for (name, template) in &endpoint.headers {
        headers.set(name, print(&format!("the header `{name}`"), template)?)?;
    }
    headers.set(&endpoint.key_header, outgoing.key.to_owned())?;
    authorize(endpoint, secrets, &mut headers)?;
    signed(endpoint, outgoing.key, now, body.as_bytes(), secrets, &mut headers)?;
    Ok(Request {
        endpoint: endpoint.name.clone(),
        method: endpoint.method.as_str().to_owned(),
        url,
        headers: headers.0,
        body: body.into_bytes(),
        identity: endpoint.auth.identity.clone(),
    })
}

/// What templates see.
fn values(outgoing: &Outgoing<'_>, shown: &BTreeMap<String, RawValue>) -> Value {
    let lead = shown.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut values = outgoing.envelope();
    values.push(("lead", RawValue::Object(RawMap(lead))));
    seen(&RawValue::Object(RawMap(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())))
}

/// Their names with their values. `rest` is what is sent under our names where `map` does not name it.
fn written(
    endpoint: &Endpoint,
    outgoing: &Outgoing<'_>,
    rest: &BTreeMap<String, RawValue>,
    print: &dyn Fn(&str, &Template) -> Result<String, Unsendable>,
) -> Result<Written, Unsendable> {
    let mut written = Written::default();
    let is_mapped = |name: &str| {
        endpoint.map.iter().any(|(_, sent)| sent.name == name || sent.path.is_none() && sent.field == name)
    };
    let ours = rest.iter().filter(|(name, _)| !is_mapped(name));
    written.fields.extend(ours.map(|(name, value)| (name.clone(), value.clone())));
    for (theirs, sent) in endpoint.map.iter().filter(|(_, sent)| outgoing.may_show(sent)) {
        let value = outgoing.value(sent).map_err(|unfit| Unsendable::unfit(&unfit))?;
        written.theirs.extend(value.as_ref().map(|_| theirs.clone()));
        written.fields.extend(value.map(|value| (theirs.clone(), value)));
    }
    for (theirs, besides) in &endpoint.with {
        let value = match besides {
            Besides::Fixed(value) => value.clone(),
            Besides::Template(template) => RawValue::Text(print(&format!("`with.{theirs}`"), template)?),
        };
        written.theirs.insert(theirs.clone());
        written.fields.insert(theirs.clone(), value);
    }
    for (name, known) in &endpoint.values {
        let Some(value) = written.fields.get_mut(name) else { continue };
        let called = super::filter::plain(value).and_then(|text| known.get(&text)).or_else(|| known.get("*"));
        if let Some(called) = called {
            *value = called.clone();
        }
    }
    Ok(written)
}

fn encoded(endpoint: &Endpoint, written: &Written) -> Result<String, Unsendable> {
    let found = match endpoint.writes {
        Writes::Json => written.json(),
        Writes::Form => Some(written.form()),
        Writes::Xml => written.xml(),
        Writes::Text => None,
    };
    found.ok_or_else(|| Unsendable::new("the names of the fields cannot be written together, or not in this form"))
}

/// A body from a template is what it says to be.
fn whole_body(endpoint: &Endpoint, body: String) -> Result<String, Unsendable> {
    let is_json = || crate::model::read_value(body.as_bytes()).is_ok_and(|read| read.problems.is_empty());
    if endpoint.writes == Writes::Json && !is_json() {
        return Err(Unsendable::new(
            "the template of `body` makes no JSON of this lead; values bring their own quotes",
        ));
    }
    Ok(body)
}

/// The host is that of the plan, whatever the lead holds.
fn checked_url(endpoint: &Endpoint, url: &str) -> Result<(), Unsendable> {
    let rest = url.strip_prefix(endpoint.origin.as_str());
    let is_same = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    if url.len() > LINE || !is_same || url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Unsendable::new("the template of `url` makes no address of this lead"));
    }
    Ok(())
}

/// Headers, each name once: what is set later counts.
struct Headers(Vec<(String, String)>);

impl Headers {
    fn set(&mut self, name: &str, value: String) -> Result<(), Unsendable> {
        if value.len() > LINE || value.contains(|c: char| c.is_control()) {
            return Err(Unsendable::new(format!("what the header `{name}` is to hold cannot stand in a header")));
        }
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.0.push((name.to_owned(), value));
        Ok(())
    }
}

fn known(secrets: &dyn Secrets, name: &str) -> Result<String, Unsendable> {
    // What the host says of it may hold it.
    let says = || format!("there is no secret `{name}`");
    secrets.secret(name).map_err(|_| Unsendable { says: says(), lacks_secret: true })
}

fn authorize(endpoint: &Endpoint, secrets: &dyn Secrets, headers: &mut Headers) -> Result<(), Unsendable> {
    let auth = &endpoint.auth;
    if let Some(name) = &auth.bearer {
        headers.set("Authorization", format!("Bearer {}", known(secrets, name)?))?;
    }
    if let Some(name) = &auth.basic {
        headers.set("Authorization", format!("Basic {}", STANDARD.encode(known(secrets, name)?)))?;
    }
    for (header, name) in &auth.headers {
        headers.set(header, known(secrets, name)?)?;
    }
    Ok(())
}

fn signed(
    endpoint: &Endpoint,
    key: &str,
    now: Timestamp,
    body: &[u8],
    secrets: &dyn Secrets,
    headers: &mut Headers,
) -> Result<(), Unsendable> {
    if endpoint.auth.sign.is_empty() {
        return Ok(());
    }
    let seconds = now.millis().div_euclid(1_000);
    let mut signatures = Vec::new();
    for name in &endpoint.auth.sign {
        let signature = sign::signature(&known(secrets, name)?, key, seconds, body);
        let no_key =
            || Unsendable::new(format!("the secret `{name}` is no key of Standard Webhooks: `whsec_` and base64"));
        signatures.push(signature.ok_or_else(no_key)?);
    }
    headers.set(sign::ID, key.to_owned())?;
    headers.set(sign::TIMESTAMP, seconds.to_string())?;
    headers.set(sign::SIGNATURE, signatures.join(" "))
}
