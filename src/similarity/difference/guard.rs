//! What a difference of meaning does to the rank of a match.

use super::Difference;

/// Keeps matches that say something else from being taken for good ones.
///
/// A match with a [critical](super::DifferenceKind::is_critical) difference ranks at most at the
/// [cap](Guard::cap), however similar the segments are. The pure score stays as it is.
///
/// The default cap is 84. Tools insert matches unattended from 95, 85 or, seldom, 75 upwards, and
/// the band below 85 is the first that a translator is paid to read word by word. A cap of 84
/// puts the match at the head of that band: it is shown, as it should be, for it often is the
/// best there is; it is never inserted by a pretranslation at 85 and it stays behind every match
/// of 85 and more that differs in harmless things alone.
///
/// When every critical difference is a number, date or reference whose value was carried into the
/// target with certainty, the limit is the [repaired](Guard::repaired) one: 99 by default, so
/// that the match is never taken for one that needs no look.
///
/// A guard only ever lowers a rank.
///
/// ```
/// use chancery::{Lang, Segment, similarity::{Differ, Guard}};
///
/// let [query, stored] = ["La France ne signe pas.", "La France signe."].map(Segment::from);
/// let found = Differ::new(&Lang::FR).differences(&query, &stored);
/// assert_eq!(Guard::default().limit(&found), Some(84.0));
/// assert_eq!(Guard::default().limit(&[]), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guard {
    cap: f64,
    repaired: f64,
}

impl Default for Guard {
    fn default() -> Guard {
        Guard { cap: 84.0, repaired: 99.0 }
    }
}

impl Guard {
    /// A guard with another cap, in points of 100. What is above 94 is taken as 94: a changed
    /// meaning is never a match of 95.
    pub fn with_cap(cap: f64) -> Guard {
        Guard { cap: cap.clamp(0.0, 94.0), ..Guard::default() }
    }

    /// Sets the limit for matches whose critical differences were all repaired, in points of
    /// 100. What is above 99 is taken as 99.
    pub fn with_repaired(self, limit: f64) -> Guard {
        Guard { repaired: limit.clamp(0.0, 99.0).max(self.cap), ..self }
    }

    /// The highest rank of a match with an unrepaired critical difference.
    pub fn cap(&self) -> f64 {
        self.cap
    }

    /// The highest rank of a match whose critical differences were all repaired.
    pub fn repaired(&self) -> f64 {
        self.repaired
    }

    /// The highest rank of a match with these differences; `None` if none is critical.
    pub fn limit(&self, differences: &[Difference]) -> Option<f64> {
        differences.iter().any(Difference::is_critical).then_some(self.cap)
    }
}
