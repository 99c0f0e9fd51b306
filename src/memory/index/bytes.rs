//! Reading and writing the bytes of a [run](super::run).

/// Bytes that are not what was written: the index they belong to must be rebuilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

pub(super) type Sound<T> = Result<T, Damaged>;

pub(super) fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads numbers one after another.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'b>(pub(super) &'b [u8]);

impl Cursor<'_> {
    #[inline]
    pub(super) fn varint(&mut self) -> Sound<u64> {
        let (&first, rest) = self.0.split_first().ok_or(Damaged)?;
        self.0 = rest;
        if first < 0x80 {
            return Ok(first.into());
        }
        self.longer(first)
    }

    fn longer(&mut self, first: u8) -> Sound<u64> {
        let mut number = u64::from(first & 0x7f);
        for shift in (7..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or(Damaged)?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damaged)
    }

    #[inline]
    pub(super) fn small(&mut self) -> Sound<u32> {
        u32::try_from(self.varint()?).map_err(|_| Damaged)
    }
}

/// The number at a place in an array of 32-bit numbers.
#[inline]
pub(super) fn u32_at(array: &[u8], at: usize) -> Sound<u32> {
    let (numbers, _) = array.as_chunks::<4>();
    numbers.get(at).map(|&bytes| u32::from_le_bytes(bytes)).ok_or(Damaged)
}

/// The number at a place in an array of 64-bit numbers.
#[inline]
pub(super) fn u64_at(array: &[u8], at: usize) -> Sound<u64> {
    let (numbers, _) = array.as_chunks::<8>();
    numbers.get(at).map(|&bytes| u64::from_le_bytes(bytes)).ok_or(Damaged)
}

/// The first place in a sorted array of `len` numbers whose number is not below `sought`.
pub(super) fn lower_bound(
    len: usize,
    sought: u64,
    number: impl Fn(usize) -> Sound<u64>,
) -> Sound<usize> {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low.midpoint(high);
        if number(middle)? < sought {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(any::<u64>(), 0..20)) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|&number| put_varint(&mut bytes, number));
            let mut cursor = Cursor(&bytes);
            for &number in &numbers {
                prop_assert_eq!(cursor.varint(), Ok(number));
            }
            prop_assert_eq!(cursor.varint(), Err(Damaged));
        }
    }
}
