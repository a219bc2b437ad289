//! A key's fingerprint as twelve words that can be compared aloud or on paper.

use crate::digest::Digest;

const WORDS: usize = 12;
const BITS: usize = 11;

/// The first 132 bits of a digest, eleven bits a word, from the English BIP-39 list.
pub(crate) fn twelve(digest: &Digest) -> [&'static str; WORDS] {
    let list = bip39::Language::English.word_list();
    std::array::from_fn(|word| {
        let index = (word * BITS..(word + 1) * BITS).fold(0_usize, |index, bit| {
            let set = digest.0[bit / 8] >> (7 - bit % 8) & 1;
            index << 1 | usize::from(set)
        });
        list[index]
    })
}
