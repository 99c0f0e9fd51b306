//! Reading and writing the bytes of a [run](super::run).

use std::ops::Range;

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

impl<'b> Cursor<'b> {
    #[inline]
    pub(super) fn varint(&mut self) -> Sound<u64> {
        // Most numbers take one or two bytes. What stands behind is given back by value, so that a
        // loop keeps the cursor in registers.
        let (number, rest) = match *self.0 {
            [first, ref rest @ ..] if first < 0x80 => (first.into(), rest),
            [first, second, ref rest @ ..] if second < 0x80 => {
                (u64::from(first & 0x7f) | u64::from(second) << 7, rest)
            }
            _ => Cursor::longer(self.0)?,
        };
        self.0 = rest;
        Ok(number)
    }

    fn longer(bytes: &'b [u8]) -> Sound<(u64, &'b [u8])> {
        let mut number = 0;
        for (&byte, at) in bytes.iter().zip(0..10_usize) {
            number |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                return Ok((number, &bytes[at + 1..]));
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
    between(0..len, sought, number)
}

/// The same, quickly where it is not far from `start`.
pub(super) fn lower_bound_near(
    start: usize,
    len: usize,
    sought: u64,
    number: impl Fn(usize) -> Sound<u64>,
) -> Sound<usize> {
    // All below `low` are below what is sought, and none from `high` on is.
    let (mut low, mut high) = (0, len);
    let mut step = 1;
    if start < len && number(start)? < sought {
        low = start + 1;
        while low < high {
            let next = low.saturating_add(step).min(high) - 1;
            if number(next)? >= sought {
                high = next;
                break;
            }
            low = next + 1;
            step *= 2;
        }
    } else {
        high = start.min(len);
        while low < high {
            let next = high.saturating_sub(step);
            if number(next)? < sought {
                low = next + 1;
                break;
            }
            high = next;
            step *= 2;
        }
    }
    between(low..high, sought, number)
}

/// The same in an array of hashes, which lie evenly between 0 and 2⁶⁴: few places are looked at.
pub(super) fn lower_bound_of_hash(
    len: usize,
    sought: u64,
    number: impl Fn(usize) -> Sound<u64>,
) -> Sound<usize> {
    let even = |hash: u64| ((u128::from(hash) * len as u128) >> u64::BITS) as usize;
    if len == 0 {
        return Ok(0);
    }
    let guess = even(sought);
    // By as much as others are off there this one will be.
    let start = (2 * guess).saturating_sub(even(number(guess)?));
    lower_bound_near(start.min(len), len, sought, number)
}

fn between(
    Range { start: mut low, end: mut high }: Range<usize>,
    sought: u64,
    number: impl Fn(usize) -> Sound<u64>,
) -> Sound<usize> {
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

        #[test]
        fn it_does_not_matter_where_a_search_begins(
            mut numbers in prop::collection::vec(0..40_u64, 0..30),
            start in 0..40_usize,
            sought in 0..40_u64,
        ) {
            numbers.sort_unstable();
            let number = |at: usize| Ok(numbers[at]);
            let wanted = numbers.partition_point(|&number| number < sought);
            prop_assert_eq!(lower_bound(numbers.len(), sought, number), Ok(wanted));
            prop_assert_eq!(lower_bound_near(start, numbers.len(), sought, number), Ok(wanted));
            prop_assert_eq!(lower_bound_of_hash(numbers.len(), sought, number), Ok(wanted));
            let hash = |at: usize| number(at).map(|small| small << 58);
            let found = lower_bound_of_hash(numbers.len(), sought << 58, hash);
            prop_assert_eq!(found, Ok(wanted));
        }
    }
}
