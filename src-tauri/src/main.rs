//! The desktop application.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    // WebDriver is a door into the page: closed in every binary that was not built for tests.
    if !cfg!(feature = "automation") {
        std::env::remove_var("TAURI_WEBVIEW_AUTOMATION");
    }
    shell::run();
}
