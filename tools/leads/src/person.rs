//! Invented people: names of no one, numbers that ring nowhere in particular.

use crate::dice::Dice;

const FIRST: &[&str] = &[
    "Maria",
    "James",
    "Linda",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Elizabeth",
    "David",
    "Barbara",
    "William",
    "Susan",
    "Richard",
    "Jessica",
    "Joseph",
    "Sarah",
    "Thomas",
    "Karen",
    "Carlos",
    "Nancy",
    "Daniel",
    "Aisha",
    "Matthew",
    "Betty",
    "Anthony",
    "Sandra",
    "Mark",
    "Ashley",
    "Donald",
    "Kimberly",
    "Steven",
    "Emily",
    "Andrew",
    "Donna",
    "Paul",
    "Michelle",
    "Joshua",
    "Carol",
    "Kenneth",
    "Amanda",
    "Kevin",
    "Wei",
    "Brian",
    "Priya",
    "José",
    "Deborah",
    "Timothy",
    "Ngoc",
    "Ronald",
    "Renée",
    "Jason",
    "Fatima",
    "Jeffrey",
    "Zoë",
    "Ryan",
    "Olga",
    "Jacob",
];

const LAST: &[&str] = &[
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Hernandez",
    "Lopez",
    "Gonzalez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Perez",
    "Thompson",
    "White",
    "Harris",
    "Sanchez",
    "Clark",
    "Ramirez",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Scott",
    "Torres",
    "Nguyen",
    "Hill",
    "Flores",
    "Green",
    "Adams",
    "Nelson",
    "Baker",
    "Hall",
    "Rivera",
    "Campbell",
    "Mitchell",
    "Carter",
    "O'Brien",
    "McDonald",
    "MacLeod",
    "de la Cruz",
    "van Dyke",
    "St. John",
    "Muñoz",
    "Kowalski",
    "Null",
    "Patel",
    "Okafor",
    "Smith-Jones",
    "Kim",
];

/// Area codes by state, as the numbering plan assigns them.
const AREAS: &[(&str, &[&str])] = &[
    ("AK", &["907"]),
    ("AL", &["205", "334"]),
    ("AR", &["479", "501"]),
    ("AZ", &["602", "623"]),
    ("CA", &["510", "415", "805"]),
    ("CO", &["303", "720"]),
    ("CT", &["860", "203"]),
    ("DC", &["202"]),
    ("FL", &["850", "321"]),
    ("GA", &["912", "404"]),
    ("ID", &["208"]),
    ("IL", &["312", "217"]),
    ("IN", &["812"]),
    ("KY", &["502", "859"]),
    ("LA", &["225"]),
    ("MA", &["617", "413"]),
    ("MD", &["410", "443"]),
    ("MN", &["612"]),
    ("NC", &["704", "919"]),
    ("NM", &["505"]),
    ("OH", &["614"]),
    ("OK", &["405", "918"]),
    ("OR", &["503"]),
    ("PA", &["570"]),
    ("SC", &["843"]),
    ("TN", &["615"]),
    ("TX", &["512", "214"]),
    ("VA", &["703"]),
    ("VT", &["802"]),
];

const HOSTS: &[&str] = &["example.com", "example.net", "example.org", "mail.example.com", "home.example.net"];

/// Somebody who asks for a quote; the same in every lead of theirs.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    /// Ten digits.
    pub(crate) phone: String,
    pub(crate) email: String,
    /// Year, month, day.
    pub(crate) born: (u32, u32, u32),
}

impl Person {
    pub(crate) fn invent(state: &str, dice: &mut Dice) -> Self {
        let (first, last) = (dice.one(FIRST), dice.one(LAST));
        let areas = AREAS.iter().find(|(of, _)| *of == state).map_or(&["312"] as &[_], |(_, areas)| *areas);
        // 555 is for films; an exchange begins with 2 to 9 and is no service code.
        let exchange = loop {
            let exchange = dice.between(220, 989);
            if exchange != 555 && exchange % 100 != 11 {
                break exchange;
            }
        };
        let phone = format!("{}{exchange}{:04}", dice.one(areas), dice.between(1_000, 9_999));
        let plain = |name: &str| -> String {
            name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase()
        };
        let email = format!("{}.{}{}@{}", plain(first), plain(last), dice.between(1, 999), dice.one(HOSTS));
        let born = (dice.between(1938, 2004), dice.between(1, 12), dice.between(1, 28));
        Self { first, last, phone, email, born }
    }
}
