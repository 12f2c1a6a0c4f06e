//! ZIP codes: state, cities, county, zone.
