//! `us/auto-insurance@1`: cover for a car.

use super::{Entry, Is, entry};
use crate::field::{FieldKind as K, NamePart};
use crate::schema::pii::Pii;

const GENDER: Entry = entry(
    "gender",
    Is::OneOf(&[("female", &["f", "woman"]), ("male", &["m", "man"]), ("x", &["nonbinary", "other"])]),
    Pii::Quasi,
    &["sex"],
);

const MARITAL_STATUS: Entry = entry(
    "marital_status",
    Is::OneOf(&[
        ("single", &["never married", "unmarried"]),
        ("married", &["domestic partner"]),
        ("divorced", &["separated"]),
        ("widowed", &["widow", "widower"]),
    ]),
    Pii::Quasi,
    &["married", "marital"],
);

pub(super) const FIELDS: &[Entry] = &[
    GENDER,
    MARITAL_STATUS,
    entry("homeowner", Is::A(K::Boolean), Pii::Quasi, &["home_owner", "own_home", "is_homeowner", "own_or_rent"]),
    entry("credit", Is::Between(K::Integer, 300, 900), Pii::Sensitive, &["credit_score", "fico"]),
    entry("insured", Is::A(K::Boolean), Pii::None, &["currently_insured", "has_insurance", "current_insurance"]),
    entry(
        "insurer",
        Is::A(K::Text),
        Pii::None,
        &["current_insurer", "current_carrier", "insurance_company", "carrier"],
    ),
    entry("insured_since", Is::A(K::Date), Pii::None, &["insured_from", "coverage_start"]),
    entry(
        "coverage",
        Is::OneOf(&[
            ("state_minimum", &["minimum", "basic", "liability"]),
            ("standard", &["typical", "medium"]),
            ("full", &["premium", "full coverage", "superior"]),
        ]),
        Pii::None,
        &["coverage_type", "coverage_level"],
    ),
    entry("vehicle_year", Is::Between(K::Integer, 1900, 2100), Pii::None, &["car_year", "year", "vehicle1_year"]),
    entry("vehicle_make", Is::A(K::Text), Pii::None, &["car_make", "make", "vehicle1_make"]),
    entry("vehicle_model", Is::A(K::Text), Pii::None, &["car_model", "model", "vehicle1_model"]),
    entry("annual_miles", Is::Between(K::Integer, 0, 500_000), Pii::None, &["annual_mileage", "miles_per_year"]),
    entry("sr22", Is::A(K::Boolean), Pii::Sensitive, &["sr_22", "needs_sr22"]),
    entry("accidents", Is::Between(K::Integer, 0, 99), Pii::Sensitive, &["accident_count", "num_accidents"]),
    entry("violations", Is::Between(K::Integer, 0, 99), Pii::Sensitive, &["violation_count", "tickets", "num_tickets"]),
    entry("vehicles", Is::Things(VEHICLE), Pii::Quasi, &["vehicle_list"]),
    entry("drivers", Is::Things(DRIVER), Pii::Sensitive, &["driver_list"]),
];

/// One of the cars to be insured.
const VEHICLE: &[Entry] = &[
    entry("year", Is::A(K::VehicleYear), Pii::None, &["model_year", "vehicle_year", "car_year"]),
    entry("make", Is::A(K::VehicleMake), Pii::None, &["vehicle_make", "car_make"]),
    entry("model", Is::A(K::VehicleModel), Pii::None, &["vehicle_model", "car_model"]),
    entry("vin", Is::A(K::Vin), Pii::Quasi, &["vin_number"]),
    entry("annual_miles", Is::Between(K::Integer, 0, 500_000), Pii::None, &["annual_mileage", "miles_per_year"]),
];

/// One of those who drive them.
const DRIVER: &[Entry] = &[
    entry("first_name", Is::Name(NamePart::First), Pii::Direct, &["fname", "given_name"]),
    entry("last_name", Is::Name(NamePart::Last), Pii::Direct, &["lname", "surname"]),
    entry("primary", Is::A(K::Boolean), Pii::None, &["is_primary", "primary_driver", "main_driver"]),
    entry("dob", Is::BirthDate, Pii::Direct, &["birth_date", "date_of_birth", "birthdate", "birthday"]),
    GENDER,
    MARITAL_STATUS,
    entry("sr22", Is::A(K::Boolean), Pii::Sensitive, &["sr_22", "needs_sr22", "requires_sr22"]),
    entry("accidents", Is::Between(K::Integer, 0, 99), Pii::Sensitive, &["accident_count", "num_accidents"]),
    entry("violations", Is::Between(K::Integer, 0, 99), Pii::Sensitive, &["violation_count", "tickets", "num_tickets"]),
];
