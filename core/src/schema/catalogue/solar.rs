//! `us/solar@1`: electricity from the roof.

use super::{Entry, Is, When, entry, required};
use crate::field::FieldKind as K;
use crate::schema::pii::Pii;

pub(super) const FIELDS: &[Entry] = &[
    required(
        "homeowner",
        Is::A(K::Boolean),
        Pii::Quasi,
        &["home_owner", "own_home", "is_homeowner", "owns_home", "own_or_rent", "property_ownership", "home_ownership"],
    ),
    entry(
        "electric_bill",
        Is::UpTo(100_000),
        Pii::Quasi,
        &[
            "monthly_bill",
            "electricity_bill",
            "avg_electric_bill",
            "average_electric_bill",
            "monthly_electric_bill",
            "electric_bill_amount",
            "power_bill",
            "utility_bill",
            "bill_amount",
        ],
    )
    .when(&[When::Yes("homeowner")]),
    entry(
        "utility",
        Is::TextOf(100),
        Pii::None,
        &["utility_provider", "utility_company", "electric_company", "electric_utility", "power_company"],
    ),
    entry(
        "roof_shade",
        Is::OneOf(&[
            ("none", &["no shade", "full sun", "not shaded", "unshaded", "0%"]),
            ("some", &["a little shade", "a little", "partial", "partially shaded", "some shade", "moderate"]),
            ("much", &["a lot of shade", "a lot", "heavy", "fully shaded", "mostly shaded", "severe"]),
            ("unsure", &["uncertain", "not sure", "i don't know", "don't know"]),
        ]),
        Pii::None,
        &["shade", "roof_shading", "shading", "sun_exposure"],
    ),
    entry(
        "roof_type",
        Is::OneOf(&[
            ("asphalt", &["asphalt shingle", "shingle", "shingles", "composition", "composite", "comp shingle"]),
            ("tile", &["clay tile", "concrete tile", "spanish tile"]),
            ("metal", &["steel", "tin", "standing seam"]),
            ("flat", &["tpo", "epdm", "tar and gravel", "rolled", "foam"]),
            ("slate", &["natural slate"]),
            ("wood", &["cedar", "cedar shake", "wood shake", "shake"]),
        ]),
        Pii::None,
        &["roof_material", "roofing_material", "roofing_type"],
    ),
    entry("roof_age", Is::Between(K::Integer, 0, 200), Pii::None, &["age_of_roof", "roof_age_years"]),
    entry(
        "property_type",
        Is::OneOf(&[
            ("single_family", &["single family home", "sfh", "house", "detached"]),
            ("condo", &["condominium", "apartment", "flat"]),
            ("townhouse", &["townhome", "row house"]),
            ("multi_family", &["duplex", "triplex"]),
            ("mobile_home", &["mobile", "manufactured", "trailer"]),
            ("commercial", &["business", "office"]),
        ]),
        Pii::None,
        &["home_type", "house_type", "type_of_property", "dwelling"],
    ),
    entry("credit", Is::A(K::CreditBand), Pii::Sensitive, &["credit_rating", "credit_grade", "self_credit"]),
    entry("credit_score", Is::A(K::CreditScore), Pii::Sensitive, &["fico", "fico_score"]),
    entry("battery", Is::A(K::Boolean), Pii::None, &["wants_battery", "battery_storage", "storage", "powerwall"]),
    entry("ev", Is::A(K::Boolean), Pii::None, &["electric_vehicle", "has_ev", "electric_car"]),
    entry("has_solar", Is::A(K::Boolean), Pii::None, &["existing_solar", "already_has_solar", "solar_installed"]),
    entry(
        "financing",
        Is::OneOf(&[
            ("cash", &["pay cash", "purchase"]),
            ("loan", &["finance", "solar loan", "financed"]),
            ("lease", &["ppa", "power purchase agreement", "leasing"]),
            ("unsure", &["not sure", "undecided"]),
        ]),
        Pii::None,
        &["payment_type", "payment_option", "finance_option"],
    ),
    entry("square_feet", Is::Between(K::Integer, 1, 1_000_000), Pii::Quasi, &["sqft", "square_footage", "home_size"]),
    entry("year_built", Is::Between(K::Integer, 1_600, 2_100), Pii::Quasi, &["built", "year_home_built"]),
    entry(
        "timeframe",
        Is::OneOf(&[
            ("now", &["asap", "immediately", "right away", "urgent"]),
            ("30d", &["within 30 days", "1 month", "30 days", "0-30 days"]),
            ("90d", &["1-3 months", "within 90 days", "3 months", "30-90 days"]),
            ("later", &["3-6 months", "6+ months", "not sure", "just looking", "flexible"]),
        ]),
        Pii::None,
        &["timeline", "time_frame", "project_start", "when"],
    ),
    entry("dob", Is::Born(18), Pii::Direct, &["date_of_birth", "birth_date", "birthdate", "birthday"]),
];
