//! A hash of texts that is the same on every machine and in every release: it is written to disk.

/// [FNV-1a](https://datatracker.ietf.org/doc/rfc9923/) of 64 bits, finished by a mixing step so
/// that the high bits are as good as the low ones.
#[derive(Clone, Copy)]
pub(crate) struct Hash64(u64);

impl Hash64 {
    pub(crate) fn new(seed: u64) -> Hash64 {
        Hash64(0xcbf2_9ce4_8422_2325).number(seed)
    }

    /// The texts that were added one after another are told apart from one long text.
    pub(crate) fn text(self, text: &str) -> Hash64 {
        let bytes = text.bytes().fold(self.0, step);
        Hash64(step(bytes, 0xff))
    }

    pub(crate) fn number(self, number: u64) -> Hash64 {
        Hash64(number.to_le_bytes().into_iter().fold(self.0, step))
    }

    pub(crate) fn finish(self) -> u64 {
        let mixed = (self.0 ^ self.0 >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ mixed >> 29
    }
}

fn step(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}
