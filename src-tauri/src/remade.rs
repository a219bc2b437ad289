//! Whoever leaves takes the page along: it is loaded anew, so that nothing that stood in it can be reached.

use std::time::Duration;

use tauri::{Runtime, State, Url, WebviewWindow};

use crate::window::Shell;

/// How long an answer waits for the page that asked to be gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where somebody was, to come back to after a lock.
pub(crate) struct Place {
    person: String,
    at: String,
}

/// Loads the page anew. The one that asked gets its answer only if it is still there after a while.
pub(crate) async fn remake<R: Runtime>(page: &WebviewWindow<R>, shell: &Shell, gone: String) {
    if begin(page, shell, gone) {
        tokio::time::sleep(PATIENCE).await;
    }
}

/// Begins loading; false when the page cannot be told.
pub(crate) fn begin<R: Runtime>(page: &WebviewWindow<R>, shell: &Shell, gone: String) -> bool {
    let Ok(url) = page.url() else { return false };
    let at = url.fragment().unwrap_or_default().to_owned();
    if let Ok(mut left) = shell.left_at.lock() {
        *left = Some(Place { person: gone, at });
    }
    match page.navigate(front(url)) {
        Ok(()) => true,
        Err(error) => {
            eprintln!("the page is not made anew: {error}");
            false
        }
    }
}

/// The page without a place in it: another document, not another place in this one.
fn front(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

/// Where the person who is here now was when the lock fell; nobody else learns it.
#[tauri::command]
pub(crate) async fn came_back(shell: State<'_, Shell>) -> Result<Option<String>, ()> {
    let here = shell.desk.lock().await.seated();
    let left = shell.left_at.lock().ok().and_then(|mut left| left.take());
    Ok(left
        .filter(|place| here.as_deref() == Some(place.person.as_str()))
        .map(|place| place.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_of_the_page_has_no_place() {
        let url = front("tauri://localhost/#/form/S-001/SCR/LAB".parse().unwrap());
        assert_eq!(url.as_str(), "tauri://localhost/");
    }
}
