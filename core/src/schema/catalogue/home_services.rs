//! `us/home-services@1`: work on a house.

use super::{Entry, Is, entry};
use crate::field::FieldKind as K;
use crate::schema::pii::Pii;

pub(super) const FIELDS: &[Entry] = &[
    entry(
        "homeowner",
        Is::A(K::Boolean),
        Pii::Quasi,
        &["home_owner", "own_home", "is_homeowner", "owns_home", "own_or_rent"],
    ),
    entry(
        "property_type",
        Is::OneOf(&[
            ("single_family", &["single family", "single family home", "sfh", "house", "detached", "single-family"]),
            ("condo", &["condominium", "apartment", "flat"]),
            ("townhouse", &["town house", "townhome", "row house"]),
            ("multi_family", &["multi family", "multi-family", "duplex", "triplex"]),
            ("mobile_home", &["mobile", "mobile home", "manufactured", "trailer"]),
            ("commercial", &["business", "office"]),
        ]),
        Pii::None,
        &["home_type", "house_type", "type_of_property", "dwelling"],
    ),
    entry(
        "credit",
        Is::OneOf(&[
            ("excellent", &["excellent (720+)", "very good", "great", "720+", "a"]),
            ("good", &["good (680-719)", "680-719", "above average"]),
            ("fair", &["fair (620-679)", "average", "620-679", "ok"]),
            ("poor", &["poor (below 620)", "bad", "below 620", "under 620"]),
        ]),
        Pii::Sensitive,
        &["credit_rating", "credit_grade", "self_credit"],
    ),
    entry("service_date", Is::A(K::Date), Pii::None, &["requested_date", "appointment_date", "preferred_date"]),
    entry(
        "timeframe",
        Is::OneOf(&[
            ("now", &["asap", "immediately", "today", "emergency", "right away", "urgent"]),
            ("30d", &["within 30 days", "this month", "1 month", "30 days", "0-30 days"]),
            ("90d", &["1-3 months", "within 90 days", "3 months", "90 days", "30-90 days"]),
            ("later", &["3-6 months", "6+ months", "not sure", "just looking", "flexible", "planning"]),
        ]),
        Pii::None,
        &["timeline", "time_frame", "project_start", "when"],
    ),
    entry(
        "project",
        Is::A(K::Text),
        Pii::None,
        &["project_type", "service", "service_type", "job_type", "project_description"],
    ),
    entry("budget", Is::A(K::Money), Pii::Quasi, &["project_budget", "estimated_budget"]),
    entry("roof_age", Is::Between(K::Integer, 0, 200), Pii::None, &["age_of_roof", "roof_age_years"]),
    entry(
        "roof_type",
        Is::OneOf(&[
            ("asphalt", &["asphalt shingle", "shingle", "shingles", "composition", "comp shingle"]),
            ("tile", &["clay tile", "concrete tile", "spanish tile"]),
            ("metal", &["steel", "tin", "standing seam"]),
            ("flat", &["tpo", "epdm", "tar and gravel", "rolled"]),
            ("slate", &["natural slate"]),
            ("wood", &["cedar", "cedar shake", "wood shake", "shake"]),
        ]),
        Pii::None,
        &["roof_material", "roofing_material", "roofing_type"],
    ),
    entry(
        "electric_bill",
        Is::A(K::Money),
        Pii::Quasi,
        &["monthly_bill", "electricity_bill", "avg_electric_bill", "monthly_electric_bill"],
    ),
    entry("utility", Is::A(K::Text), Pii::None, &["utility_provider", "electric_company", "electric_utility"]),
    entry("system_age", Is::Between(K::Integer, 0, 200), Pii::None, &["hvac_age", "unit_age", "age_of_system"]),
    entry(
        "window_count",
        Is::Between(K::Integer, 0, 1_000),
        Pii::None,
        &["windows", "number_of_windows", "num_windows"],
    ),
];
