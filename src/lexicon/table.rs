//! Sparse tables in three flat arrays: what the learning loops read and write.

/// For each row the columns that hold a value, in ascending order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
}

impl Default for Table {
    fn default() -> Table {
        Table { starts: vec![0], columns: Vec::new(), values: Vec::new() }
    }
}

impl Table {
    /// A table of this many rows from entries in any order; of equal places the values add up.
    pub(crate) fn from_entries(rows: usize, mut entries: Vec<(u32, u32, f32)>) -> Table {
        entries.sort_unstable_by_key(|&(row, column, _)| (row, column));
        let mut table = Table::default();
        let mut entries = entries.into_iter().peekable();
        for row in 0..rows as u32 {
            while let Some((_, column, value)) = entries.next_if(|entry| entry.0 == row) {
                match table.columns.last() {
                    Some(&last)
                        if last == column && table.starts[row as usize] < table.columns.len() =>
                    {
                        if let Some(sum) = table.values.last_mut() {
                            *sum += value;
                        }
                    }
                    _ => table.push(column, value),
                }
            }
            table.end_row();
        }
        table
    }

    /// Where rows start (and the last ends), columns, values.
    #[cfg(feature = "sqlite")]
    pub(super) fn parts(&self) -> (&[usize], &[u32], &[f32]) {
        (&self.starts, &self.columns, &self.values)
    }

    /// A table of such parts; nothing if they are not those of a table.
    #[cfg(feature = "sqlite")]
    pub(super) fn from_parts(
        starts: Vec<usize>,
        columns: Vec<u32>,
        values: Vec<f32>,
    ) -> Option<Table> {
        let sound = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.last() == Some(&columns.len())
            && columns.len() == values.len()
            && starts.windows(2).all(|row| columns[row[0]..row[1]].is_sorted());
        sound.then_some(Table { starts, columns, values })
    }

    /// One more than the last column that has a value.
    #[cfg(feature = "sqlite")]
    pub(super) fn width(&self) -> usize {
        self.columns.iter().max().map_or(0, |&last| last as usize + 1)
    }

    /// Adds a value to the row that is being written.
    pub(crate) fn push(&mut self, column: u32, value: f32) {
        self.columns.push(column);
        self.values.push(value);
    }

    /// Ends the row that is being written.
    pub(crate) fn end_row(&mut self) {
        self.starts.push(self.columns.len());
    }

    pub(crate) fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Where a row starts, counted in values.
    pub(crate) fn start(&self, row: u32) -> usize {
        self.starts[row as usize]
    }

    pub(crate) fn row(&self, row: u32) -> impl Iterator<Item = (u32, f32)> + '_ {
        let range = self.starts[row as usize]..self.starts[row as usize + 1];
        self.columns[range.clone()].iter().copied().zip(self.values[range].iter().copied())
    }

    /// The value at a place, 0 if there is none. Cost: a binary search in the row.
    pub(crate) fn get(&self, row: u32, column: u32) -> f32 {
        let range = self.starts[row as usize]..self.starts[row as usize + 1];
        let columns = &self.columns[range.clone()];
        columns.binary_search(&column).map_or(0.0, |at| self.values[range.start + at])
    }

    /// Calls `each` with those of some columns that a row has a value in: what came with the
    /// column, the column, the value. They must be in ascending order. Cost: each is searched
    /// for from the one before, in steps that double.
    pub(crate) fn meet(
        &self,
        row: u32,
        wanted: &[(u32, usize)],
        mut each: impl FnMut(usize, u32, f32),
    ) {
        let range = self.starts[row as usize]..self.starts[row as usize + 1];
        let (columns, values) = (&self.columns[range.clone()], &self.values[range]);
        let mut at = 0;
        for &(column, with) in wanted {
            let mut step = 1;
            while columns.get(at + step).is_some_and(|&other| other < column) {
                at += step;
                step *= 2;
            }
            let end = columns.len().min(at + step + 1);
            at += columns[at..end].partition_point(|&other| other < column);
            if columns.get(at) == Some(&column) {
                each(with, column, values[at]);
            }
        }
    }

    /// Rows become columns. The result's rows are in ascending order even if this table's are not.
    pub(crate) fn transposed(&self, rows: usize) -> Table {
        let mut starts = vec![0usize; rows + 1];
        for &column in &self.columns {
            starts[column as usize + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut columns = vec![0; self.len()];
        let mut values = vec![0.0; self.len()];
        for row in 0..self.rows() as u32 {
            for (column, value) in self.row(row) {
                let at = &mut next[column as usize];
                columns[*at] = row;
                values[*at] = value;
                *at += 1;
            }
        }
        Table { starts, columns, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn meeting_columns_is_getting_each(
            entries in proptest::collection::vec((0_u32..3, 0_u32..40, 0.1_f32..9.0), 0..90),
            mut wanted in proptest::collection::vec(0_u32..40, 0..6),
        ) {
            wanted.sort_unstable();
            let table = Table::from_entries(3, entries);
            let asked: Vec<(u32, usize)> = wanted.iter().copied().zip(0..).collect();
            for row in 0..3 {
                let mut met = vec![0.0; wanted.len()];
                table.meet(row, &asked, |at, column, value| {
                    assert_eq!(column, wanted[at]);
                    met[at] = value;
                });
                let got: Vec<f32> = wanted.iter().map(|&column| table.get(row, column)).collect();
                proptest::prop_assert_eq!(met, got);
            }
        }
    }

    #[test]
    fn transposing_twice_gives_the_table_back() {
        let table =
            Table::from_entries(3, vec![(2, 1, 0.5), (0, 4, 1.0), (2, 1, 0.25), (0, 0, 3.0)]);
        assert_eq!(table.row(2).collect::<Vec<_>>(), [(1, 0.75)]);
        assert_eq!(table.row(1).next(), None);
        assert_eq!(table.transposed(5).row(4).collect::<Vec<_>>(), [(0, 1.0)]);
        assert_eq!(table.transposed(5).transposed(3), table);
    }
}
