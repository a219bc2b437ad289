//! A key's fingerprint as twelve words that can be compared aloud or on paper.

use crate::digest::Digest;

const WORDS: usize = 12;
const BITS: usize = 11;
const LONG: usize = 24;

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
/// 32 bytes as 24 words: 256 bits and the first eight of their SHA-256, as BIP-39 has it.
#[must_use]
pub fn words_of(secret: &[u8; 32]) -> [&'static str; LONG] {
    let list = bip39::Language::English.word_list();
    let sum = Digest::of(secret).0[0];
    std::array::from_fn(|word| {
        let index = (word * BITS..(word + 1) * BITS).fold(0_usize, |index, bit| {
            let byte = if bit < 256 { secret[bit / 8] } else { sum };
            index << 1 | usize::from(byte >> (7 - bit % 8) & 1)
        });
        list[index]
    })
}

/// The bytes behind 24 words, however they are spaced and capitalised; none when one is not in the list, or the sum
/// does not agree.
#[must_use]
pub fn secret_of(text: &str) -> Option<[u8; 32]> {
    let list = bip39::Language::English.word_list();
    let mut secret = [0_u8; 32];
    let mut sum = 0_u8;
    let mut count = 0;
    for (word, said) in text.split_whitespace().enumerate() {
        let said = said.to_ascii_lowercase();
        let index = list.iter().position(|known| *known == said)?;
        for bit in 0..BITS {
            let set = u8::try_from(index >> (BITS - 1 - bit) & 1).ok()?;
            let at = word * BITS + bit;
            match secret.get_mut(at / 8) {
                Some(byte) => *byte |= set << (7 - at % 8),
                None => sum |= set.checked_shl(u32::try_from(7 - at % 8).ok()?)?,
            }
        }
        count += 1;
    }
    (count == LONG && sum == Digest::of(&secret).0[0]).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_bip_39_and_read_back() {
        // Test vectors of BIP-39, 256 bits.
        let zoo = [vec!["zoo"; 23], vec!["vote"]].concat();
        assert_eq!(words_of(&[0xff; 32]).to_vec(), zoo);
        let art = [vec!["abandon"; 23], vec!["art"]].concat();
        assert_eq!(words_of(&[0; 32]).to_vec(), art);
        for secret in [[0_u8; 32], [0xff; 32], [0x5a; 32], std::array::from_fn(|n| n as u8 * 7)] {
            let text = words_of(&secret).join("  ").to_uppercase();
            assert_eq!(secret_of(&text), Some(secret));
        }
    }

    #[test]
    fn a_wrong_word_is_noticed() {
        let words = words_of(&[0x5a; 32]);
        let mut missed = 0;
        for at in 0..24 {
            let mut other = words;
            other[at] = if words[at] == "zoo" { "art" } else { "zoo" };
            missed += usize::from(secret_of(&other.join(" ")).is_some());
        }
        // Eight bits of sum: one change in 256 goes unnoticed, and the file then refuses the key.
        assert!(missed <= 1, "{missed}");
        for wrong in [
            "",
            "zoo",
            &words[1..].join(" "),
            &[&words[..], &["zoo"]].concat().join(" "),
            "no such word here",
        ] {
            assert_eq!(secret_of(wrong), None, "{wrong}");
        }
    }
}
