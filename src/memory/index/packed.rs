//! Ascending numbers, packed: the width of the differences in bits (one byte), then the differences
//! less one, each in so many bits, from the lowest bit of the first byte on.
//!
//! A width for all makes them as short as numbers of variable length, and quicker to read: nothing
//! has to be known of one to find the next.

use super::bytes::{Damaged, Sound};

/// What is packed is read eight bytes at a time: so many must stand behind it.
pub(super) const ROOM: usize = 8;

/// Packs all but the first of some ascending numbers.
pub(super) fn pack(out: &mut Vec<u8>, numbers: &[u32]) {
    let differences = || numbers.windows(2).map(|pair| pair[1] - pair[0] - 1);
    let width = differences().map(|difference| u32::BITS - difference.leading_zeros()).max();
    let width = width.unwrap_or(0);
    out.push(width as u8);
    let (mut bits, mut count) = (0_u64, 0);
    for difference in differences() {
        bits |= u64::from(difference) << count;
        count += width;
        while count >= 8 {
            out.push(bits as u8);
            bits >>= 8;
            count -= 8;
        }
    }
    if count > 0 {
        out.push(bits as u8);
    }
}

/// Makes room behind all that is packed.
pub(super) fn end(out: &mut Vec<u8>) {
    out.extend([0; ROOM]);
}

/// Unpacks numbers, of which the first is there; gives what stands behind them.
#[inline]
pub(super) fn unpack<'b>(bytes: &'b [u8], numbers: &mut [u32]) -> Sound<&'b [u8]> {
    let Some((&width, bytes)) = bytes.split_first() else { return Err(Damaged) };
    let (Some((&mut first, rest)), true) =
        (numbers.split_first_mut(), u32::from(width) <= u32::BITS)
    else {
        return Err(Damaged);
    };
    let width = usize::from(width);
    let length = (width * rest.len()).div_ceil(8);
    let whole = bytes.get(..length + ROOM).ok_or(Damaged)?;
    let mask = (1_u64 << width) - 1;
    let mut number = first;
    for (at, next) in rest.iter_mut().enumerate() {
        let bit = width * at;
        let eight = whole[bit / 8..].first_chunk().ok_or(Damaged)?;
        let difference = u64::from_le_bytes(*eight) >> (bit % 8) & mask;
        number = number.wrapping_add(difference as u32).wrapping_add(1);
        *next = number;
    }
    Ok(&bytes[length..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(
            lists in prop::collection::vec(
                prop::collection::btree_set(prop_oneof![0_u32..300, any::<u32>()], 1..130),
                1..4,
            ),
            cut in any::<prop::sample::Index>(),
        ) {
            let lists: Vec<Vec<u32>> =
                lists.into_iter().map(|list| list.into_iter().collect()).collect();
            let mut bytes = Vec::new();
            lists.iter().for_each(|list| pack(&mut bytes, list));
            end(&mut bytes);
            let mut rest = bytes.as_slice();
            for list in &lists {
                let mut numbers = vec![list[0]; list.len()];
                rest = unpack(rest, &mut numbers).unwrap();
                prop_assert_eq!(&numbers, list);
            }
            prop_assert_eq!(rest.len(), ROOM);
            // What is cut off is noticed or gives other numbers, and does no harm.
            bytes.truncate(cut.index(bytes.len()));
            let _ = unpack(&bytes, &mut vec![lists[0][0]; lists[0].len()]);
        }
    }
}
