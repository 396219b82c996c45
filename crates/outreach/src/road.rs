//! Seconds from place to place: given, or guessed from coordinates.

/// Seconds from each place to each, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Road {
    places: usize,
    seconds: Vec<u32>,
}

/// Metres of one degree of latitude.
const DEGREE: f64 = 111_195.0;

/// Streets are longer than the straight line, by this much.
const DETOUR: f64 = 1.35;

/// Metres a second of a car in a city with its lights and queues: 24 kilometres an hour.
const SPEED: f64 = 6.7;

/// Seconds between two points (latitude, longitude in degrees), guessed from the straight line: good for a plan where nobody has measured the roads, and said to be a guess.
///
/// ```
/// // From the town hall of a made-up city to a district 5 kilometres away: seventeen minutes.
/// let s = outreach::seconds_between((-1.60, 103.60), (-1.60, 103.645));
/// assert!((950..1_100).contains(&s), "{s}");
/// ```
pub fn seconds_between(a: (f64, f64), b: (f64, f64)) -> u32 {
    let north = (a.0 - b.0) * DEGREE;
    let east = (a.1 - b.1) * DEGREE * ((a.0 + b.0) / 2.0).to_radians().cos();
    let metres = north.hypot(east) * DETOUR;
    // Far beyond any city the guess ends at a day.
    (metres / SPEED).round().clamp(0.0, 86_400.0) as u32
}

impl Road {
    /// A matrix as it was given; none where it is not square.
    pub fn new(places: usize, seconds: Vec<u32>) -> Option<Self> {
        (places.checked_mul(places) == Some(seconds.len())).then_some(Self { places, seconds })
    }

    /// Guessed from coordinates.
    pub fn guessed(points: &[(f64, f64)]) -> Self {
        let seconds = points.iter().flat_map(|a| points.iter().map(|b| seconds_between(*a, *b))).collect();
        Self { places: points.len(), seconds }
    }

    /// The same with one way as somebody measured it; places beyond the matrix change nothing.
    pub fn measured(mut self, from: usize, to: usize, seconds: u32) -> Self {
        if from < self.places && to < self.places {
            self.seconds[from * self.places + to] = seconds;
        }
        self
    }

    /// Places.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Seconds from one place to another.
    pub fn between(&self, from: usize, to: usize) -> u32 {
        self.seconds[from * self.places + to]
    }
}
