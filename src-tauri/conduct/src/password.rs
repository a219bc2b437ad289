//! Passwords: long, and not what everybody tries first.

use crate::trouble::{Outcome, no, no_with};

/// Least characters (NIST SP 800-63B-4: 15 where the password is the only factor).
const LEAST: usize = 15;

/// Refuses a password that is short, one repeated thing, a row of the keyboard, or the person's own name.
pub(crate) fn strong_enough(password: &str, names: &[&str]) -> Outcome<()> {
    if password.chars().count() < LEAST {
        return no_with("password_short", &[("least", &LEAST.to_string())]);
    }
    let folded = password.to_lowercase();
    let distinct: std::collections::HashSet<char> = folded.chars().collect();
    let rows = [
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "01234567890123456789",
        "password",
    ];
    let in_a_row = rows.iter().any(|row| {
        let core: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        core.len() >= 8 && (row.contains(&core) || core.replace(row, "").len() < 4)
    });
    if distinct.len() < 6 || in_a_row {
        return no("password_simple");
    }
    if names
        .iter()
        .any(|name| name.len() >= 3 && folded.replace(&name.to_lowercase(), "").chars().count() < 8)
    {
        return no("password_name");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_is_refused() {
        for bad in [
            "short",
            "aaaaaaaaaaaaaaaa",
            "abcdefghijklmnop",
            "1234567890123456",
            "passwordpassword",
            "nurse-li-nurse-li",
        ] {
            assert!(strong_enough(bad, &["nurse-li"]).is_err(), "{bad}");
        }
        for good in [
            "correct horse battery staple",
            "57921 40388 16625 90417",
            "我在病房里每天都喝两杯绿茶呢你也来",
        ] {
            assert!(strong_enough(good, &["nurse-li"]).is_ok(), "{good}");
        }
    }
}
