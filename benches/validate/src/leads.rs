//! Leads of 26 fields: addresses of the example, invented people, and in one value of twenty the mess that people make.

use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// How many fields a lead has.
pub const FIELDS: usize = 26;

const FIRST: [&str; 12] =
    ["Amanda", "Brian", "Carmen", "Derek", "Elena", "Frank", "Grace", "Hector", "Irene", "Joshua", "Kayla", "Luis"];
const LAST: [&str; 12] = [
    "Alvarez", "Brooks", "Chen", "Dawson", "Ellis", "Foster", "Greene", "Hughes", "Ivanov", "Jensen", "Keller",
    "O'Neil",
];
const HOSTS: [&str; 6] = ["gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "comcast.net", "mail.example.com"];
const AREAS: [&str; 10] = ["512", "713", "617", "212", "213", "312", "206", "404", "303", "215"];
const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36";
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// So many leads, one JSON object each. Of a thousand values that may be messy so many are.
pub fn leads(count: usize, messy: u64) -> Vec<String> {
    let addresses = addresses();
    let mut dice = Dice(7);
    (0..count).map(|number| lead(number, &addresses[number % addresses.len()], messy, &mut dice)).collect()
}

/// The same leads without their address.
pub fn without_address(lines: &[String]) -> Vec<String> {
    let without = |line: &String| {
        let mut lead: Map<String, Value> = serde_json::from_str(line).expect("a lead that was just made");
        lead.remove("address").expect("every lead has one");
        Value::Object(lead).to_string()
    };
    lines.iter().map(without).collect()
}

/// The lines of all leads of the example that have one.
fn addresses() -> Vec<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/home-services/leads.jsonl.gz");
    let mut lines = String::new();
    let file = File::open(Path::new(file)).expect("the example is there");
    GzDecoder::new(file).read_to_string(&mut lines).expect("it unpacks");
    let whole = |line: &str| {
        let lead: Value = serde_json::from_str(line).ok()?;
        let part = |name: &str| Some(lead.get(name)?.as_str()?.trim()).filter(|part| !part.is_empty());
        Some(format!("{}, {}, {} {}", part("street")?, part("city")?, part("state")?, part("zip")?))
    };
    lines.lines().filter_map(whole).collect()
}

fn lead(number: usize, address: &str, messy: u64, dice: &mut Dice) -> String {
    let (first, last) = (dice.one(&FIRST), dice.one(&LAST));
    let phone = [dice.one(&AREAS).to_owned(), format!("{}", dice.between(220, 989)), dice.digits(4)];
    let mailbox = last.replace('\'', "").to_lowercase();
    let email = format!("{}.{mailbox}{}@{}", first.to_lowercase(), dice.between(1, 9_999), dice.one(&HOSTS));
    let born = (dice.between(1_945, 2_004), dice.between(1, 12), dice.between(13, 28));
    let bill = dice.between(40, 520);
    let mut mess = |clean: String, made: &dyn Fn(&mut Dice) -> String| {
        if dice.between(0, 999) < messy { made(dice) } else { clean }
    };
    let name = mess(format!("{first} {last}"), &|dice| name(first, last, dice));
    let email = mess(email.clone(), &|dice| mail(&email, dice));
    let phone = mess(phone.join("-"), &|dice| number_of(&phone, dice));
    let address = mess(address.to_owned(), &|dice| place(address, dice));
    let dob = mess(format!("{:02}/{:02}/{}", born.1, born.2, born.0), &|dice| date(born, dice));
    let bill = mess(bill.to_string(), &|dice| money(bill, dice));
    let owner = mess("yes".into(), &|dice| dice.one(&["Y", "TRUE", "1", "on", "Own", "Yes "]).into());
    let consent = mess("true".into(), &|dice| dice.one(&["Yes", "1", "on", "I agree", "no"]).into());
    let credit = mess("700".into(), &|dice| dice.one(&["720+", "Excellent (720+)", "700.0", " 700 ", "N/A"]).into());
    let kind = mess("single_family".into(), &|dice| dice.one(&["House", "Single Family", "castle"]).into());
    let hex = dice.hex(40);
    let mut dressed = |clean: String, made: &[&str]| {
        if dice.between(0, 999) < messy { dice.one(made).replace("{}", &clean) } else { clean }
    };
    let certificate = format!("https://cert.trustedform.com/{hex}");
    let certificate = dressed(certificate, &[" {} ", "N/A"]);
    let timeframe = dressed("1-3 months".into(), &["ASAP", "{} ", "not sure"]);
    let token = [8, 4, 4, 4, 12].map(|digits| dice.hex(digits)).join("-").to_uppercase();
    let lead = json!({
        "id": format!("L{number:07}"), "source": format!("src{}", dice.between(1, 20)), "vertical": "solar",
        "name": name, "email": email, "phone": phone, "address": address, "dob": dob,
        "gender": dice.one(&["M", "F"]), "income": (dice.between(30, 200) * 1_000).to_string(),
        "credit_score": credit, "homeowner": owner, "roof_age": dice.between(0, 40).to_string(),
        "electric_bill": bill, "property_type": kind, "roof_type": dice.one(&["asphalt", "tile", "metal"]),
        "utility": "City Light", "timeframe": timeframe, "ip": format!("203.0.113.{}", dice.between(1, 254)),
        "user_agent": BROWSER, "landing_url": format!("https://quotes.example.com/lp/{}", dice.between(1, 99)),
        "trustedform_url": certificate, "jornaya_token": token, "consent": consent,
        "consent_at": format!("2026-11-24T{:02}:{:02}:05Z", dice.between(0, 23), dice.between(0, 59)),
        "sub_id": format!("x{}", dice.between(1, 12)),
    });
    lead.to_string()
}

fn name(first: &str, last: &str, dice: &mut Dice) -> String {
    match dice.between(0, 7) {
        0 => format!("{first} {last}").to_uppercase(),
        1 => format!("{first} {last}").to_lowercase(),
        2 => format!("{last}, {first}"),
        3 => format!("  {first}   {last} "),
        4 => format!("Mrs. {first} {last}"),
        5 => format!("{first} {last} Jr."),
        6 => format!("José {last}"),
        _ => "Test Test".into(),
    }
}

fn mail(email: &str, dice: &mut Dice) -> String {
    match dice.between(0, 5) {
        0 => email.to_uppercase(),
        1 => format!(" {email} "),
        2 => format!("mailto:{email}"),
        3 => format!("{email}."),
        4 => email.replace('@', ""),
        _ => email.replace('@', " @ "),
    }
}

fn number_of([area, exchange, line]: &[String; 3], dice: &mut Dice) -> String {
    match dice.between(0, 7) {
        0 => format!("({area}) {exchange}-{line}"),
        1 => format!("{area}.{exchange}.{line}"),
        2 => format!("+1 {area} {exchange} {line}"),
        3 => format!("{area}-{exchange}-{line} x12"),
        4 => format!("{area}–{exchange}–{line}"),
        5 => format!("{area}-055-{line}"),
        6 => format!("{area}-{exchange}"),
        _ => format!("{area}{exchange}{line}.0"),
    }
}

fn place(address: &str, dice: &mut Dice) -> String {
    match dice.between(0, 5) {
        0 => address.to_uppercase(),
        1 => address.to_lowercase(),
        2 => address.replace(", ", " "),
        3 => format!("{address}, USA"),
        4 => address.replacen(", ", "\n", 1),
        _ => address.replacen(", ", ", Apt 12, ", 1),
    }
}

fn date((year, month, day): (u64, u64, u64), dice: &mut Dice) -> String {
    let named = MONTHS[usize::try_from(month).unwrap_or(1) - 1];
    match dice.between(0, 5) {
        0 => format!("{year:04}-{month:02}-{day:02}"),
        1 => format!("{month}/{day}/{}", year % 100),
        2 => format!("{named} {day}, {year}"),
        3 => format!("{day} {named} {year}"),
        4 => format!("{year:04}{month:02}{day:02}"),
        _ => "00/00/0000".into(),
    }
}

fn money(dollars: u64, dice: &mut Dice) -> String {
    match dice.between(0, 4) {
        0 => format!("${dollars}"),
        1 => format!("${dollars}/mo"),
        2 => format!("${dollars}-{}", dollars + 50),
        3 => format!("{dollars}.00"),
        _ => "not sure".into(),
    }
}

/// SplitMix64: the same leads everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.next() as usize % of.len()]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + (self.next() % 10) as u8)).collect()
    }

    fn hex(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b"0123456789abcdef"[self.next() as usize % 16])).collect()
    }
}
