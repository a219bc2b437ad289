//! Free text that looks like the number of a Chinese identity card or mobile phone.
//!
//! Nobody is blocked by it: the text may be a lot number. A person is asked to look again.

/// Whether a text holds such a number. Full-width digits count; single spaces and hyphens between digits do not matter.
pub(crate) fn suspected(text: &str) -> bool {
    runs(text).iter().any(|run| is_identity_card(run) || is_mobile(run))
}

/// Runs of digits (an identity card may end in X), without single separators inside them.
fn runs(text: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    let mut separated = false;
    for c in text.chars().map(ascii) {
        let last = runs.last_mut();
        match (c, last) {
            ('0'..='9', Some(run)) => {
                run.push(c);
                separated = false;
            }
            ('X', Some(run)) if run.len() == 17 => {
                run.push(c);
                runs.push(String::new());
                separated = false;
            }
            (' ' | '-', Some(run)) if !separated && !run.is_empty() => separated = true,
            (_, _) => {
                runs.push(String::new());
                separated = false;
            }
        }
    }
    runs
}

fn ascii(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        'ｘ' | 'Ｘ' | 'x' => 'X',
        '－' | '–' | '—' => '-',
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Eighteen places with a date of birth from the seventh on; the check digit is not asked, a slip would hide the person.
fn is_identity_card(run: &str) -> bool {
    let born = match run.len() {
        18 => run.get(6..14).map(str::to_owned),
        15 if run.chars().all(|c| c.is_ascii_digit()) => run.get(6..12).map(|born| format!("19{born}")),
        _ => None,
    };
    born.is_some_and(|born| {
        let part = |from: usize, to: usize| born.get(from..to).and_then(|part| part.parse::<u32>().ok());
        // The first two digits are a province.
        let province = run.get(..2).and_then(|part| part.parse::<u32>().ok());
        province.is_some_and(|code| (11..=82).contains(&code))
            && part(0, 4).is_some_and(|year| (1900..=2099).contains(&year))
            && part(4, 6).is_some_and(|month| (1..=12).contains(&month))
            && part(6, 8).is_some_and(|day| (1..=31).contains(&day))
    })
}

/// Eleven digits from 13 to 19, with or without the country code.
fn is_mobile(run: &str) -> bool {
    let number = match run.len() {
        13 => run.strip_prefix("86"),
        11 => Some(run),
        _ => None,
    };
    number.is_some_and(|number| {
        let mut digits = number.chars();
        digits.next() == Some('1') && digits.next().is_some_and(|second| ('3'..='9').contains(&second))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_tell_who_a_person_is() {
        for text in [
            "call 13812345678",
            "138-1234-5678 (mother)",
            "+86 139 1234 5678",
            "手机１３８１２３４５６７８",
            "ID 11010519491231002X",
            "110105194912310021",
            "身份证 110105 19491231 002x",
            "110105491231002",
        ] {
            assert!(suspected(text), "{text}");
        }
        for text in [
            "",
            "platelets 12345678 per sample",
            "12812345678",
            "138123456789",
            "lot 110105199913310021",
            "2025-04-10 10:00 fever 38.5",
            "UC19-2603, BAG-0001-A",
            "991105194912310021",
            "from 2025-03-01 to 2025-04-10",
        ] {
            assert!(!suspected(text), "{text}");
        }
    }
}
