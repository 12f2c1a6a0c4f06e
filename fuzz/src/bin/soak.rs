//! Millions of inputs in one process, each made from the golden vectors by chance: nothing may panic, and what is
//! normalized twice is as it was once.
//!
//! `soak WHAT COUNT [SEED]`, where WHAT is `address`, `field` or `lead`. The same seed makes the same inputs. What does
//! not come out the same twice is counted and the first few are shown; a panic ends the process.

use fastrand::Rng;
use leadwright::address::{CanonicalAddress, Canonicalizer};
use leadwright::field::{FieldKind, FieldOptions, check};
use leadwright::model::RawValue;
use leadwright::schema::Schema;
use leadwright::validate::{ValidateOptions, validate_line};
use serde_json::Value;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

/// So many that come out otherwise are shown.
const SHOWN: u64 = 20;
/// What is put into a text, besides pieces of other texts.
const PUT: &[&str] = &[
    " ", ",", "\n", "#", "-", ".", "/", "0", "7", "99", "\t", "é", "Ñ", "\u{200b}", "＃", "🏠", "\"", "'", "&amp;",
    "NW", "ST", "APT", "PO BOX", "FL", "1/2", "+1", "@", "(", ")", "%", "$", "k", "NY", "00000",
];

fn main() -> ExitCode {
    let told: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| told.get(at).map(|text| text.replace('_', "").parse::<u64>());
    let (Some(what), Some(Ok(count)), Ok(seed)) = (told.first(), number(1), number(2).unwrap_or(Ok(7))) else {
        eprintln!("usage: soak address|field|lead COUNT [SEED]");
        return ExitCode::from(2);
    };
    let work: fn(&Material, &mut Rng) -> Option<String> = match what.as_str() {
        "address" => address,
        "field" => field,
        "lead" => lead,
        other => {
            eprintln!("soak: `{other}` is none of address, field, lead");
            return ExitCode::from(2);
        }
    };
    let material = Material::read();
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let (done, unlike) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = done.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        break;
                    }
                    let complaint =
                        work(&material, &mut Rng::with_seed(seed.wrapping_mul(0x9E37_79B9).wrapping_add(at)));
                    if let Some(complaint) = complaint
                        && unlike.fetch_add(1, Ordering::Relaxed) < SHOWN
                    {
                        println!("{complaint}");
                    }
                }
            });
        }
    });
    let unlike = unlike.into_inner();
    println!(
        "{count} of {what}: no panic, {unlike} otherwise the second time ({:.4} %)",
        unlike as f64 * 100.0 / count as f64
    );
    ExitCode::SUCCESS
}

/// The texts of the golden vectors.
struct Material {
    addresses: Vec<String>,
    values: Vec<String>,
    leads: Vec<serde_json::Map<String, Value>>,
    names: Vec<String>,
}

impl Material {
    fn read() -> Self {
        let addresses = vectors("address").filter_map(|v| Some(v["address"]["raw"].as_str()?.to_owned())).collect();
        let values = vectors("field").filter_map(|v| Some(v["field"]["raw"].as_str()?.to_owned())).collect();
        let leads: Vec<_> = vectors("validate").filter_map(|v| v["validate"]["lead"].as_object().cloned()).collect();
        let mut names: Vec<String> = leads.iter().flat_map(|lead| lead.keys().cloned()).collect();
        names.sort();
        names.dedup();
        let material = Self { addresses, values, leads, names };
        assert!(!material.addresses.is_empty() && !material.values.is_empty() && !material.leads.is_empty());
        material
    }
}

fn vectors(folder: &str) -> impl Iterator<Item = Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(folder);
    let files = std::fs::read_dir(folder).expect("the vectors are beside the fuzz targets");
    let mut paths: Vec<_> = files.map(|file| file.expect("readable").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| {
        serde_json::from_slice(&std::fs::read(&path).expect("readable"))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    })
}

fn pick<'a, T>(from: &'a [T], rng: &mut Rng) -> &'a T {
    &from[rng.usize(..from.len())]
}

/// A text with the end of another, and a few characters lost, doubled or put in.
fn torn(from: &[String], rng: &mut Rng) -> String {
    let cut = |text: &str, rng: &mut Rng| {
        (0..=text.len()).cycle().skip(rng.usize(0..=text.len())).find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let mut text = pick(from, rng).clone();
    if rng.u8(..4) == 0 {
        let other = pick(from, rng);
        text.truncate(cut(&text, rng));
        text.push_str(&other[cut(other, rng)..]);
    }
    for _ in 0..rng.u8(..4) {
        let (one, two) = (cut(&text, rng), cut(&text, rng));
        let (start, end) = (one.min(two), one.max(two));
        match rng.u8(..5) {
            0 => text.insert_str(one, pick::<&str>(PUT, rng)),
            1 if end - start < 8 => text.replace_range(start..end, ""),
            2 if end - start < 40 => text.insert_str(start, &text[start..end].to_owned()),
            3 => text = text.to_uppercase(),
            _ => text = text.replacen(',', " ", 1),
        }
    }
    text
}

/// The standard lines of an address are read as the same address.
fn address(material: &Material, rng: &mut Rng) -> Option<String> {
    let text = torn(&material.addresses, rng);
    let mut reader = Canonicalizer::default();
    let once = reader.text(&text, "");
    if once.lines.is_empty() {
        return None;
    }
    let twice = reader.text(&once.lines.join("\n"), "");
    let is_same = once.lines == twice.lines && once.key == twice.key;
    (!is_same).then(|| format!("{text:?}\n    {}\n    {}", found(&once), found(&twice)))
}

fn found(address: &CanonicalAddress) -> String {
    format!("{:?} {}", address.lines, serde_json::to_string(&address.components).expect("components are JSON"))
}

/// A normalized value is normalized as itself.
fn field(material: &Material, rng: &mut Rng) -> Option<String> {
    let text = torn(&material.values, rng);
    let kind = *pick(&FieldKind::ALL, rng);
    let options = FieldOptions::default();
    let once = json(&check(kind, &RawValue::text(&text), "", &options).value?);
    let again = match &once {
        Value::Bool(yes) => RawValue::Bool(*yes),
        Value::Number(number) => RawValue::Number(number.to_string()),
        Value::String(text) => RawValue::text(text),
        _ => return None,
    };
    let twice = check(kind, &again, "", &options).value.as_ref().map(json);
    (twice.as_ref() != Some(&once)).then(|| format!("{} {text:?}\n    {once}\n    {twice:?}", kind.as_str()))
}

fn json(value: &leadwright::model::Value) -> Value {
    serde_json::to_value(value).expect("a value is JSON")
}

/// A lead with torn values and fields of other leads; its canonical fields are canonical.
fn lead(material: &Material, rng: &mut Rng) -> Option<String> {
    let mut lead = pick(&material.leads, rng).clone();
    for _ in 0..rng.u8(..4) {
        let name = pick(&material.names, rng).clone();
        let from = if rng.bool() { &material.values } else { &material.addresses };
        lead.insert(name, Value::String(torn(from, rng)));
    }
    let names: Vec<&str> = Schema::catalogue().collect();
    let schema = Schema::named(pick::<&str>(&names, rng)).expect("the catalogue has its own schemas");
    let canonical = |lead: &serde_json::Map<String, Value>| {
        let json = serde_json::to_vec(lead).expect("a lead is JSON");
        let answer = validate_line(&json, 1, &schema, &ValidateOptions::default()).answer();
        let answer: Value = serde_json::from_slice(&answer).expect("an answer is JSON");
        let mut fields = answer["canonical"].as_object().cloned().unwrap_or_default();
        // Parts of a value (`phone.type`) and what the address was read as are no fields that are sent.
        fields.retain(|name, value| !name.contains('.') && !value.is_object());
        fields
    };
    let once = canonical(&lead);
    let twice = canonical(&once);
    let name = once.iter().find(|(name, value)| twice.get(*name) != Some(value))?.0;
    Some(format!("{name}: {:?}\n    {:?}\n    {:?}", lead, once.get(name), twice.get(name)))
}
