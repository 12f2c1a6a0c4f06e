//! Distances on the globe in whole metres, by integers alone: every machine gets the same.

/// A place on the globe.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// In 1/10,000 of a degree, north is positive.
    pub latitude: i32,
    /// In 1/10,000 of a degree, east is positive.
    pub longitude: i32,
}

impl std::fmt::Debug for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Point")
    }
}

/// Mean radius of the earth (IUGG).
const EARTH_METRES: i64 = 6_371_009;
const QUARTER_TURN: i64 = 900_000;
/// The angles and sines below count in 1/2^30.
const BITS: u32 = 30;
const ONE: i64 = 1 << BITS;
const PI: i64 = 3_373_259_426;

/// The great circle between two places in metres, on a sphere of the earth's mean radius.
///
/// An ellipsoid would differ by up to 0.5 %.
///
/// ```
/// use leadwright::geo::{Point, metres_between};
/// let paris = Point { latitude: 488_566, longitude: 23_522 };
/// let london = Point { latitude: 515_074, longitude: -1_278 };
/// assert_eq!(metres_between(paris, london), 343_557);
/// ```
pub fn metres_between(one: Point, other: Point) -> u32 {
    let [a, b] = [one, other].map(|point| (i64::from(point.latitude), i64::from(point.longitude)));
    let turn = 4 * QUARTER_TURN;
    let across = (a.1 - b.1).abs() % turn;
    let across = across.min(turn - across);
    // The haversine formula; its squares count in 1/2^60.
    let (up, along) = (sine_of_half(a.0 - b.0), sine_of_half(across));
    let (around, along) = (i128::from(cosine(a.0) * cosine(b.0)), i128::from(along * along));
    let square = i128::from(up * up) + ((around * along) >> (2 * BITS));
    let chord = square.clamp(0, 1 << (2 * BITS)).unsigned_abs().isqrt();
    let metres = 2 * EARTH_METRES * arcsine(i64::try_from(chord).unwrap_or(ONE));
    u32::try_from((metres + ONE / 2) >> BITS).unwrap_or(u32::MAX)
}

/// Of half an angle in 1/10,000 degree.
fn sine_of_half(angle: i64) -> i64 {
    sine(angle.abs().min(2 * QUARTER_TURN) * PI / (4 * QUARTER_TURN))
}

/// Of a latitude in 1/10,000 degree.
fn cosine(latitude: i64) -> i64 {
    sine((QUARTER_TURN - latitude.abs()).max(0) * PI / (2 * QUARTER_TURN))
}

/// By its series, for an angle from 0 to a quarter turn.
fn sine(angle: i64) -> i64 {
    let square = (angle * angle) >> BITS;
    let steps = [210, 156, 110, 72, 42, 20, 6];
    let factor = steps.iter().fold(ONE, |sum, step| ONE - ((square * sum) >> BITS) / step);
    (angle * factor) >> BITS
}

/// By its series up to a half, beyond that from the other side.
fn arcsine(sine: i64) -> i64 {
    if sine > ONE / 2 {
        let half = ((ONE - sine).max(0) << (BITS - 1)).unsigned_abs().isqrt();
        return PI / 2 - 2 * arcsine(i64::try_from(half).unwrap_or(0).min(ONE / 2));
    }
    let square = (sine * sine) >> BITS;
    let factor = (1..=14).rev().fold(ONE, |sum, k| {
        let odd = 2 * k - 1;
        ONE + ((square * sum) >> BITS) * (odd * odd) / (2 * k * (2 * k + 1))
    });
    (sine * factor) >> BITS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point() -> impl Strategy<Value = Point> {
        (-900_000..=900_000_i32, -1_800_000..=1_800_000_i32)
            .prop_map(|(latitude, longitude)| Point { latitude, longitude })
    }

    fn by_floats(a: Point, b: Point) -> f64 {
        let radians = |e4: i32| (f64::from(e4) / 10_000.0).to_radians();
        let up = (radians(a.latitude - b.latitude) / 2.0).sin();
        let along = (radians(a.longitude - b.longitude) / 2.0).sin();
        let square = up * up + radians(a.latitude).cos() * radians(b.latitude).cos() * along * along;
        2.0 * 6_371_009.0 * square.min(1.0).sqrt().asin()
    }

    proptest! {
        #[test]
        fn it_is_the_great_circle_to_the_metre(a in point(), b in point()) {
            // Near the other side of the globe the chord hardly grows any more.
            let (metres, want) = (f64::from(metres_between(a, b)), by_floats(a, b));
            let close = if want < 19_000_000.0 { 1.0 } else { 50.0 };
            prop_assert!((metres - want).abs() <= close, "{metres} {want}");
        }

        #[test]
        fn it_is_the_same_both_ways_and_zero_at_home(a in point(), b in point()) {
            prop_assert_eq!(metres_between(a, b), metres_between(b, a));
            prop_assert_eq!(metres_between(a, a), 0);
        }

        #[test]
        fn near_places_too(a in point(), up in -2_000..2_000_i32, along in -2_000..2_000_i32) {
            let b = Point {
                latitude: (a.latitude + up).clamp(-900_000, 900_000),
                longitude: (a.longitude + along).clamp(-1_800_000, 1_800_000),
            };
            prop_assert!((f64::from(metres_between(a, b)) - by_floats(a, b)).abs() <= 1.0);
        }
    }

    /// A property once failed at `up = 0, along = -1`: the nearest places that are not one, at every latitude.
    #[test]
    fn the_nearest_places_of_all() {
        for latitude in (-900_000..=900_000).step_by(997).chain([-900_000, -899_999, 0, 1, 899_999, 900_000]) {
            for (up, along) in [(0, -1), (0, 1), (1, 0), (-1, 0), (1, 1), (-1, -1), (0, -2), (0, 9)] {
                for longitude in [-1_799_990, -1, 0, 1, 953_217, 1_799_990] {
                    let a = Point { latitude, longitude };
                    let b = Point { latitude: (latitude + up).clamp(-900_000, 900_000), longitude: longitude + along };
                    let exact = by_floats(a, b);
                    assert!((f64::from(metres_between(a, b)) - exact).abs() <= 1.0, "{a:?} {b:?} {exact}");
                }
            }
        }
    }

    #[test]
    fn around_the_date_line_and_from_pole_to_pole() {
        let east = Point { latitude: 0, longitude: 1_799_000 };
        let west = Point { latitude: 0, longitude: -1_799_000 };
        assert_eq!(metres_between(east, west), 22_239);
        let north = Point { latitude: 900_000, longitude: 0 };
        let south = Point { latitude: -900_000, longitude: 550_000 };
        assert_eq!(metres_between(north, south), 20_015_115);
        let nowhere = Point { latitude: i32::MAX, longitude: i32::MIN };
        let _ = metres_between(nowhere, north);
    }
}
