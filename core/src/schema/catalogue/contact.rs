//! What every lead has: who, where, and that it was asked for.

use super::{Entry, Is, entry, required};
use crate::field::{Condition, FieldKind as K, NamePart, Wanted};
use crate::schema::entry::Field;
use crate::schema::pii::Pii;

pub(super) const FIELDS: &[Entry] = &[
    entry(
        "first_name",
        Is::Name(NamePart::First),
        Pii::Direct,
        &["fname", "first", "given_name", "firstname", "f_name"],
    ),
    entry(
        "last_name",
        Is::Name(NamePart::Last),
        Pii::Direct,
        &["lname", "last", "surname", "family_name", "lastname", "l_name"],
    ),
    entry("full_name", Is::Name(NamePart::Whole), Pii::Direct, &["name", "fullname", "contact_name", "customer_name"]),
    required(
        "phone",
        Is::A(K::Phone),
        Pii::Direct,
        &["phone_number", "phone1", "primary_phone", "home_phone", "mobile", "cell", "telephone", "tel", "day_phone"],
    ),
    entry("phone2", Is::A(K::Phone), Pii::Direct, &["alt_phone", "secondary_phone", "work_phone", "evening_phone"]),
    entry("email", Is::A(K::Email), Pii::Direct, &["email_address", "e_mail", "mail", "primary_email", "emailaddress"]),
    entry(
        "address_line1",
        Is::A(K::Text),
        Pii::Direct,
        &[
            "street",
            "street_address",
            "address1",
            "address",
            "addr1",
            "address.street",
            "address.line1",
            "property_address",
        ],
    ),
    entry(
        "address_line2",
        Is::A(K::Text),
        Pii::Direct,
        &["address2", "addr2", "unit", "apt", "suite", "address.line2", "address.unit"],
    ),
    entry("city", Is::A(K::Text), Pii::Quasi, &["town", "address.city", "city_name"]),
    entry("state", Is::A(K::Text), Pii::None, &["st", "province", "region", "address.state", "state_code"]),
    entry(
        "zip",
        Is::A(K::Text),
        Pii::Quasi,
        &["zip_code", "zipcode", "postal_code", "postcode", "postal", "address.zip"],
    ),
    entry(
        "postal_address",
        Is::A(K::Text),
        Pii::Direct,
        &["full_address", "mailing_address", "location", "address_full"],
    ),
    entry("dob", Is::BirthDate, Pii::Direct, &["date_of_birth", "birth_date", "birthdate", "birthday"]),
    entry("ip", Is::A(K::Text), Pii::Quasi, &["ip_address", "client_ip", "ipaddress", "user_ip"]),
    entry("user_agent", Is::A(K::Text), Pii::Quasi, &["ua", "browser", "useragent"]),
    entry(
        "landing_url",
        Is::A(K::Text),
        Pii::Quasi,
        &["landing_page", "source_url", "page_url", "url", "landing_page_url"],
    ),
    entry("consent", Is::A(K::Boolean), Pii::None, &["tcpa", "tcpa_consent", "opt_in", "optin", "consent.given"]),
    entry(
        "consent.text",
        Is::A(K::Text),
        Pii::None,
        &["consent_text", "tcpa_text", "tcpa_language", "consent_language"],
    ),
    entry("consent.at", Is::A(K::Text), Pii::None, &["consent_at", "consent_time", "consent_date", "tcpa_timestamp"]),
    entry(
        "consent.version",
        Is::A(K::Text),
        Pii::None,
        &["consent_version", "tcpa_version", "disclosure_version", "consent_text_version"],
    ),
    entry(
        "consent.sellers",
        Is::Texts,
        Pii::None,
        &["consent_sellers", "named_sellers", "marketing_partners", "tcpa_sellers", "consent.named_sellers"],
    ),
    entry("consent.ip", Is::A(K::Text), Pii::Quasi, &["consent_ip", "tcpa_ip", "opt_in_ip"]),
    entry(
        "consent.certified_at",
        Is::A(K::Text),
        Pii::None,
        &["consent_certified_at", "trusted_form_created_at", "trustedform_created_at", "certificate_created_at"],
    ),
    entry(
        "consent.trustedform",
        Is::A(K::Text),
        Pii::Quasi,
        &[
            "trustedform_url",
            "trustedform",
            "trusted_form",
            "trusted_form_cert_url",
            "xx_trusted_form_cert_url",
            "trusted_form_url",
            "consent.trusted_form",
            "consent.trustedform_url",
        ],
    ),
    entry(
        "consent.jornaya",
        Is::A(K::Text),
        Pii::Quasi,
        &[
            "jornaya_token",
            "jornaya",
            "leadid",
            "lead_id_token",
            "leadid_token",
            "universal_leadid",
            "jornaya_lead_id",
            "consent.jornaya_token",
            "consent.leadid",
        ],
    ),
    entry("sub_id", Is::A(K::Text), Pii::None, &["subid", "sub", "aff_sub", "s1", "sub_source"]),
    entry("comments", Is::A(K::Text), Pii::Quasi, &["comment", "notes", "message", "additional_info"]),
];

/// In `contact@1` one of the two is enough: many forms ask for an email address alone.
pub(super) fn ask_for_either(field: &mut Field) {
    let other = match field.name.as_str() {
        "phone" => "email",
        "email" => "phone",
        _ => return,
    };
    field.required = false;
    field.required_if = vec![Condition { field: other.into(), is: Wanted::Missing }];
}

/// Most characters of the text that somebody agreed to, and of what they had to say.
const LONGEST_CONSENT: usize = 5_000;
const LONGEST_COMMENT: usize = 2_000;

/// The kinds that the fields have in schemas newer than the first two.
pub(super) fn make_precise(field: &mut Field) {
    field.kind = match field.name.as_str() {
        "consent" => K::Consent,
        "consent.at" | "consent.certified_at" => K::Timestamp,
        "consent.jornaya" => K::Leadid,
        "consent.trustedform" => K::TrustedformUrl,
        "consent.ip" | "ip" => K::Ip,
        "landing_url" => K::Url,
        "state" => K::State,
        "user_agent" => K::UserAgent,
        "zip" => K::Zip,
        _ => field.kind,
    };
    field.options.past = field.name == "consent.at";
    field.options.max_length = match field.name.as_str() {
        "consent.text" => Some(LONGEST_CONSENT),
        "comments" => Some(LONGEST_COMMENT),
        _ => None,
    };
}

/// Places elsewhere are refused.
pub(super) fn keep_to_the_united_states(field: &mut Field) {
    if matches!(field.kind, K::State | K::Zip) {
        field.options.region = Some("US".into());
    }
}
