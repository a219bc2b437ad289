//! The window goes when everything typed lies in the file: the page is asked first, and has a moment to answer.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tauri::{CloseRequestApi, Manager, Runtime, WebviewWindow, Window};

/// How long the page may take; one that hangs does not hold the window.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the page was asked already.
#[derive(Default)]
pub(crate) struct Closing(AtomicBool);

/// Somebody closes the window: the first time the page is asked, a second time it goes at once.
pub(crate) fn requested<R: Runtime>(window: &Window<R>, api: &CloseRequestApi) {
    if window.state::<Closing>().0.swap(true, Ordering::SeqCst) {
        return;
    }
    let Some(page) = window.get_webview_window(window.label()) else {
        return;
    };
    if page
        .eval("window.dispatchEvent(new Event('cartwright:closing'))")
        .is_err()
    {
        return;
    }
    api.prevent_close();
    std::thread::spawn(move || {
        std::thread::sleep(PATIENCE);
        go(&page);
    });
}

fn go<R: Runtime>(page: &WebviewWindow<R>) {
    if let Err(error) = page.destroy() {
        eprintln!("the window does not close: {error}");
    }
}

/// The page says that everything typed is in the file.
#[tauri::command]
pub(crate) fn left<R: Runtime>(window: WebviewWindow<R>) {
    // Not a page that was never asked: only a person closes the window.
    if window.state::<Closing>().0.load(Ordering::SeqCst) {
        go(&window);
    }
}
