//! `us/legal@1`: somebody who looks for a lawyer.

use super::{Entry, Is, When, entry, required};
use crate::field::FieldKind as K;
use crate::schema::pii::Pii;

/// Cases of which a lawyer first asks when they happened: claims lapse.
const HAPPENED: &[When] = &[When::OneOf(
    "case_type",
    &[
        "auto_accident",
        "truck_accident",
        "motorcycle_accident",
        "slip_and_fall",
        "medical_malpractice",
        "workers_compensation",
        "wrongful_death",
        "dog_bite",
    ],
)];

pub(super) const FIELDS: &[Entry] = &[
    required(
        "case_type",
        Is::OneOf(&[
            ("auto_accident", &["car accident", "motor vehicle accident", "mva", "auto", "vehicle accident"]),
            ("truck_accident", &["truck", "commercial vehicle accident", "18 wheeler accident"]),
            ("motorcycle_accident", &["motorcycle"]),
            ("slip_and_fall", &["premises liability", "slip & fall", "trip and fall"]),
            ("medical_malpractice", &["malpractice", "med mal"]),
            ("workers_compensation", &["workers comp", "work injury", "workplace injury", "work accident"]),
            ("wrongful_death", &["death"]),
            ("dog_bite", &["animal bite"]),
            ("product_liability", &["defective product", "product"]),
            ("mass_tort", &["class action", "drug injury", "dangerous drug"]),
            ("personal_injury", &["injury", "pi"]),
            ("disability", &["social security disability", "ssd", "ssdi", "ssi"]),
            ("bankruptcy", &["debt", "chapter 7", "chapter 13"]),
            ("family", &["divorce", "child custody", "family law", "child support"]),
            ("criminal", &["dui", "dwi", "criminal defense"]),
            ("immigration", &["visa", "green card"]),
            ("employment", &["wrongful termination", "discrimination", "employment law", "labor"]),
            ("estate", &["wills", "probate", "estate planning", "trusts"]),
            ("other", &["general", "something else"]),
        ]),
        Pii::Sensitive,
        &["type_of_case", "legal_issue", "claim_type", "practice_area", "type_of_legal_problem", "matter_type"],
    ),
    entry(
        "incident_date",
        Is::Past,
        Pii::Sensitive,
        &["accident_date", "date_of_incident", "date_of_accident", "injury_date", "date_of_injury", "date_of_loss"],
    )
    .when(HAPPENED),
    entry(
        "incident_state",
        Is::InUs(K::State),
        Pii::Quasi,
        &["accident_state", "state_of_incident", "where_it_happened", "statute_state"],
    ),
    entry(
        "injured",
        Is::A(K::Boolean),
        Pii::Sensitive,
        &["was_injured", "injury_sustained", "any_injury", "physical_injury"],
    ),
    entry("injury", Is::TextOf(500), Pii::Sensitive, &["injuries", "injury_type", "primary_injury", "type_of_injury"])
        .when(&[When::Yes("injured")]),
    entry(
        "treated",
        Is::A(K::Boolean),
        Pii::Sensitive,
        &["medical_treatment", "received_treatment", "doctor_treatment"],
    ),
    entry("hospitalized", Is::A(K::Boolean), Pii::Sensitive, &["hospital", "was_hospitalized", "hospital_visit"]),
    entry("at_fault", Is::A(K::Boolean), Pii::Sensitive, &["your_fault", "were_you_at_fault", "is_at_fault", "fault"]),
    entry(
        "has_attorney",
        Is::A(K::Boolean),
        Pii::Sensitive,
        &["attorney", "have_attorney", "has_lawyer", "represented", "lawyer"],
    ),
    entry("police_report", Is::A(K::Boolean), Pii::Quasi, &["police_report_filed", "report_filed"]),
    entry("other_insured", Is::A(K::Boolean), Pii::None, &["other_party_insured", "defendant_insured"]),
    entry("settled", Is::A(K::Boolean), Pii::Sensitive, &["already_settled", "has_settled", "received_settlement"]),
    entry("citation", Is::A(K::Boolean), Pii::Sensitive, &["ticketed", "received_citation"]),
    entry(
        "description",
        Is::TextOf(2_000),
        Pii::Sensitive,
        &["case_description", "describe_your_case", "case_details", "details", "incident_description", "summary"],
    ),
    entry("contact_time", Is::TextOf(100), Pii::None, &["best_time_to_call", "best_time", "time_to_call"]),
];
