//! `docs/criteria.md` is what the code says.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

#[test]
fn the_page_of_criteria_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/criteria.md");
    let page = criteria::reference::markdown();
    if std::env::var_os("CARTWRIGHT_REGENERATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/criteria.md fell behind: run `make criteria`");
}
