//! `us/mortgage@1`: money for a house, to buy it or on it.

use super::{Entry, Is, When, entry, required};
use crate::field::FieldKind as K;
use crate::schema::pii::Pii;

/// What is borrowed on a house that somebody has.
const ON_A_HOUSE: &[When] =
    &[When::OneOf("loan_purpose", &["refinance", "cash_out_refinance", "home_equity", "reverse"])];

pub(super) const FIELDS: &[Entry] = &[
    required(
        "loan_purpose",
        Is::OneOf(&[
            ("purchase", &["buy", "home purchase", "new purchase", "buying", "purchase loan"]),
            ("refinance", &["refi", "rate and term", "rate term refinance", "refinance loan"]),
            ("cash_out_refinance", &["cash out", "cash-out refi", "cashout refinance", "refinance cash out"]),
            ("home_equity", &["heloc", "home equity loan", "home equity line of credit", "second mortgage"]),
            ("reverse", &["reverse mortgage", "hecm"]),
            ("construction", &["new construction", "construction loan", "build"]),
        ]),
        Pii::None,
        &["purpose", "purpose_of_loan", "loan_request", "mortgage_purpose", "product"],
    ),
    entry(
        "loan_type",
        Is::OneOf(&[
            ("conventional", &["conforming"]),
            ("fha", &[]),
            ("va", &["veterans affairs"]),
            ("usda", &["rural housing", "rural"]),
            ("jumbo", &["non-conforming"]),
        ]),
        Pii::None,
        &["mortgage_type", "type_of_loan", "current_loan_type"],
    ),
    entry(
        "rate_type",
        Is::OneOf(&[("fixed", &["fixed rate"]), ("adjustable", &["arm", "variable", "adjustable rate"])]),
        Pii::None,
        &["current_rate_type", "fixed_or_adjustable"],
    ),
    entry(
        "property_type",
        Is::OneOf(&[
            ("single_family", &["single family home", "sfh", "house", "detached", "single-family detached"]),
            ("condo", &["condominium", "apartment", "flat"]),
            ("townhouse", &["townhome", "row house"]),
            ("multi_family", &["duplex", "triplex", "fourplex", "multi-family (2-4 units)"]),
            ("mobile_home", &["mobile", "manufactured", "manufactured home", "trailer"]),
            ("land", &["lot", "vacant land"]),
            ("commercial", &["business", "office"]),
        ]),
        Pii::None,
        &["home_type", "house_type", "type_of_property", "property_description"],
    ),
    entry(
        "occupancy",
        Is::OneOf(&[
            ("primary", &["primary residence", "primary home", "owner occupied", "live there"]),
            ("second_home", &["secondary", "second residence", "vacation home", "vacation"]),
            ("investment", &["rental", "rental property", "investment property", "investor"]),
        ]),
        Pii::Quasi,
        &["property_use", "property_usage", "use_of_property", "residence_type"],
    ),
    entry(
        "property_value",
        Is::UpTo(100_000_000),
        Pii::Quasi,
        &[
            "home_value",
            "estimated_value",
            "estimated_home_value",
            "house_value",
            "purchase_price",
            "est_property_value",
        ],
    ),
    entry(
        "loan_amount",
        Is::UpTo(100_000_000),
        Pii::Sensitive,
        &["requested_loan_amount", "amount_requested", "desired_loan_amount", "amount"],
    ),
    entry(
        "mortgage_balance",
        Is::UpTo(100_000_000),
        Pii::Sensitive,
        &["first_mortgage_balance", "current_balance", "loan_balance", "balance", "amount_owed", "mortgage_owed"],
    )
    .when(ON_A_HOUSE),
    entry("second_mortgage_balance", Is::UpTo(100_000_000), Pii::Sensitive, &["second_balance", "heloc_balance"]),
    entry("monthly_payment", Is::UpTo(1_000_000), Pii::Sensitive, &["mortgage_payment", "current_payment"]),
    entry(
        "cash_out",
        Is::UpTo(100_000_000),
        Pii::Sensitive,
        &["cash_out_amount", "additional_cash", "cash_needed", "cash_requested"],
    )
    .when(&[When::OneOf("loan_purpose", &["cash_out_refinance"])]),
    entry("down_payment", Is::UpTo(100_000_000), Pii::Sensitive, &["downpayment", "down_payment_amount"]),
    entry(
        "rate",
        Is::A(K::Percent),
        Pii::Quasi,
        &["interest_rate", "current_rate", "mortgage_rate", "current_interest_rate"],
    ),
    entry("ltv", Is::A(K::Percent), Pii::Quasi, &["loan_to_value", "ltv_ratio"]),
    entry("income", Is::UpTo(100_000_000), Pii::Sensitive, &["annual_income", "household_income", "yearly_income"]),
    entry(
        "employment",
        Is::OneOf(&[
            ("employed", &["full time", "full-time", "part time", "part-time", "salaried"]),
            ("self_employed", &["business owner", "contractor", "1099"]),
            ("retired", &["pension"]),
            ("military", &["active duty"]),
            ("not_employed", &["unemployed", "student", "homemaker"]),
        ]),
        Pii::Sensitive,
        &["employment_status", "employment_type", "job_status"],
    ),
    entry(
        "credit",
        Is::A(K::CreditBand),
        Pii::Sensitive,
        &["credit_rating", "credit_grade", "self_credit", "credit_profile"],
    ),
    entry("credit_score", Is::A(K::CreditScore), Pii::Sensitive, &["fico", "fico_score", "credit_score_range"]),
    entry(
        "bankruptcy",
        Is::OneOf(&[
            ("never", &["no", "none", "false"]),
            ("discharged", &["yes", "true", "past", "chapter 7", "in the past"]),
            ("open", &["current", "currently in bankruptcy", "active", "chapter 13"]),
        ]),
        Pii::Sensitive,
        &["bankruptcy_status", "declared_bankruptcy", "bankruptcies"],
    ),
    entry("foreclosure", Is::A(K::Boolean), Pii::Sensitive, &["has_foreclosure", "foreclosed", "foreclosure_status"]),
    entry(
        "late_payments",
        Is::Between(K::Integer, 0, 99),
        Pii::Sensitive,
        &["num_late_payments", "late_payments_count"],
    ),
    entry("military", Is::A(K::Boolean), Pii::Quasi, &["veteran", "is_veteran", "va_eligible", "military_service"]),
    entry("first_time_buyer", Is::A(K::Boolean), Pii::Quasi, &["first_time_home_buyer", "first_home", "first_time"]),
    entry(
        "home_found",
        Is::A(K::Boolean),
        Pii::None,
        &["found_home", "has_found_home", "property_found", "signed_contract"],
    ),
    entry("has_agent", Is::A(K::Boolean), Pii::None, &["has_realtor", "working_with_agent", "realtor", "agent"]),
    entry(
        "timeframe",
        Is::OneOf(&[
            ("now", &["asap", "immediately", "right away", "urgent"]),
            ("30d", &["within 30 days", "1 month", "30 days", "0-30 days"]),
            ("90d", &["1-3 months", "within 90 days", "3 months", "2-3 months", "30-90 days"]),
            ("later", &["3-6 months", "6+ months", "not sure", "just looking", "flexible"]),
        ]),
        Pii::None,
        &["timeline", "time_frame", "purchase_timeframe", "buying_timeframe", "when"],
    ),
    entry("property_zip", Is::InUs(K::Zip), Pii::Quasi, &["subject_zip", "property_zip_code", "new_home_zip"]),
    entry("property_state", Is::InUs(K::State), Pii::None, &["subject_state", "new_home_state"]),
    entry("year_built", Is::Between(K::Integer, 1_600, 2_100), Pii::Quasi, &["built", "year_home_built"]),
    entry("dob", Is::Born(18), Pii::Direct, &["date_of_birth", "birth_date", "birthdate", "birthday"]),
    entry("ssn_last4", Is::A(K::SsnLast4), Pii::Sensitive, &["ssn4", "last_4_ssn", "last_four_ssn", "ssn_last_4"]),
    entry("ssn", Is::A(K::Ssn), Pii::Sensitive, &["social_security_number", "social_security", "ssn_number"]),
];
