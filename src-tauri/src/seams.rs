//! What tests may reach into. Without the feature `automation` each of these is closed, whatever the environment says.

use std::path::PathBuf;

/// Folder for the application's data instead of the user's own.
pub(crate) fn app_data() -> Option<PathBuf> {
    variable("CARTWRIGHT_APP_DATA").map(PathBuf::from)
}

/// The file that says how long the computer has been on, instead of the system's.
pub(crate) fn uptime() -> Option<PathBuf> {
    variable("CARTWRIGHT_UPTIME").map(PathBuf::from)
}

/// The answer to the next dialog: the first line of a file that lists them; the line is taken out.
pub(crate) fn dialog_answer() -> Option<Option<PathBuf>> {
    let list = PathBuf::from(variable("CARTWRIGHT_DIALOG")?);
    let text = std::fs::read_to_string(&list).unwrap_or_default();
    let (first, rest) = text.split_once('\n').unwrap_or((text.as_str(), ""));
    let answer = (!first.trim().is_empty()).then(|| PathBuf::from(first.trim()));
    if std::fs::write(&list, rest).is_err() {
        return None;
    }
    Some(answer)
}

fn variable(name: &str) -> Option<std::ffi::OsString> {
    if cfg!(feature = "automation") {
        std::env::var_os(name)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_seams_are_open_with_the_feature_only() {
        std::env::set_var("CARTWRIGHT_APP_DATA", "/nowhere");
        assert_eq!(super::app_data().is_some(), cfg!(feature = "automation"));
    }
}
