//! Bands: the part of the search space that is looked at.
//!
//! A node (i, j) says that i source and j target sentences are consumed. For each i a band holds
//! one range of j. Both ends of the ranges never fall, and neighbouring rows overlap.

use std::ops::RangeInclusive;

/// Corridors are narrowed to about this many nodes in all,
const MOST_NODES: usize = 4_000_000;
/// but not below this many sentences on each side of the diagonal.
const LEAST_REACH: usize = 20;

/// The nodes that a search visits, numbered row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Band {
    low: Vec<u32>,
    high: Vec<u32>,
    offsets: Vec<usize>,
}

impl Band {
    /// A band around a rising course of nodes.
    ///
    /// Between two neighbours of the course everything is in the band where the rectangle between
    /// them is small (up to `whole` sentences on its shorter side), and a corridor around its
    /// diagonal otherwise, of a tenth of its length and at least `margin`; in long texts it is
    /// narrower, so that the nodes are at most four million or a hundred for each row.
    /// The margin is added everywhere.
    pub(crate) fn around(
        course: &[(usize, usize)],
        (rows, columns): (usize, usize),
        margin: usize,
        whole: usize,
    ) -> Band {
        // Where nothing is known over a long stretch the corridor would grow with its length, and
        // the work with the square of it.
        let widest = (MOST_NODES / (2 * rows + 1)).max(LEAST_REACH);
        let mut low = vec![u32::MAX; rows + 1];
        let mut high = vec![0u32; rows + 1];
        let mut cover = |row: usize, from: usize, to: usize| {
            low[row] = low[row].min(from as u32);
            high[row] = high[row].max(to.min(columns) as u32);
        };
        let ends = [(0, 0)].into_iter().chain(course.iter().copied());
        for (start, end) in ends.zip(course.iter().copied().chain([(rows, columns)])) {
            let (height, width) = (end.0.saturating_sub(start.0), end.1.saturating_sub(start.1));
            let reach = if height.min(width) <= whole {
                columns
            } else {
                margin + (height.min(width) / 10).min(widest)
            };
            for row in start.0..=end.0 {
                let middle = start.1 + (row - start.0) * width / height.max(1);
                let slope = width / height.max(1);
                let from = middle.saturating_sub(reach).max(start.1);
                let to = (middle + slope).saturating_add(reach).min(end.1);
                cover(row, from.saturating_sub(margin), to + margin);
            }
            // The margin in the other direction: rows above and below the rectangle.
            for row in start.0.saturating_sub(margin)..start.0 {
                cover(row, start.1, start.1);
            }
            for row in end.0 + 1..(end.0 + 1 + margin).min(rows + 1) {
                cover(row, end.1, end.1);
            }
        }
        for row in 1..=rows {
            high[row] = high[row].max(high[row - 1]);
        }
        for row in (0..rows).rev() {
            low[row] = low[row].min(low[row + 1]);
        }
        Band::of_rows(low, high)
    }

    fn of_rows(low: Vec<u32>, high: Vec<u32>) -> Band {
        let mut offsets = vec![0];
        for (row, (low, high)) in low.iter().zip(&high).enumerate() {
            offsets.push(offsets[row] + (high - low) as usize + 1);
        }
        Band { low, high, offsets }
    }

    /// Cuts the band to the ways that pass through pairs of sentences, of which the course held
    /// every one: from (i, j) on to (i + 1, j + 1).
    pub(crate) fn bound(self, pairs: &[(usize, usize)]) -> Band {
        if pairs.is_empty() {
            return self;
        }
        let Band { mut low, mut high, .. } = self;
        let (mut from, mut first) = (0, 0u32);
        let ends = [(low.len() - 1, *high.last().unwrap_or(&0) as usize)];
        for &(row, column) in pairs.iter().chain(&ends) {
            for at in from..=row {
                low[at] = low[at].clamp(first, column as u32);
                high[at] = high[at].clamp(first, column as u32);
            }
            (from, first) = (row + 1, column as u32 + 1);
        }
        Band::of_rows(low, high)
    }

    /// The number of rows: one more than there are source sentences.
    pub(crate) fn rows(&self) -> usize {
        self.low.len()
    }

    /// The number of nodes.
    pub(crate) fn len(&self) -> usize {
        self.offsets[self.low.len()]
    }

    pub(crate) fn row(&self, row: usize) -> RangeInclusive<usize> {
        self.low[row] as usize..=self.high[row] as usize
    }

    /// The number of a node, if it is in the band.
    pub(crate) fn node(&self, row: usize, column: usize) -> Option<usize> {
        self.row(row).contains(&column).then(|| self.offsets[row] + column - self.low[row] as usize)
    }

    /// The number of the node (row, 0), were it in the band; wraps below zero.
    pub(crate) fn base(&self, row: usize) -> usize {
        self.offsets[row].wrapping_sub(self.low[row] as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_reaches_from_corner_to_corner_without_gaps() {
        for course in [vec![], vec![(5, 5)], vec![(2, 90), (3, 95)], vec![(90, 2), (95, 3)]] {
            let band = Band::around(&course, (100, 100), 3, 10);
            assert_eq!(band.node(0, 0), Some(0));
            assert_eq!(band.node(100, 100), Some(band.len() - 1));
            for row in 1..band.rows() {
                let (above, here) = (band.row(row - 1), band.row(row));
                assert!(above.start() <= here.start() && above.end() <= here.end());
                assert!(here.start() <= above.end());
            }
            for (row, column) in course {
                assert!(band.node(row, column).is_some());
            }
        }
    }
}
