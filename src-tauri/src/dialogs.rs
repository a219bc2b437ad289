//! Paths are chosen in native dialogs that Rust opens. The page learns a number and a name.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};

use crate::{seams, window::Shell};

/// What a path is chosen for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// A new site file.
    NewSiteFile,
    /// A site file there is.
    OpenSiteFile,
    /// A folder for a bundle.
    ExportFolder,
    /// A bundle to verify.
    Bundle,
    /// A folder for a page.
    StatementFolder,
    /// An access card of another laptop.
    AccessCard,
}

/// What to ask for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choose {
    purpose: Purpose,
    suggested: Option<String>,
}

/// What was chosen.
#[derive(Debug, Serialize)]
pub(crate) struct Chosen {
    handle: u32,
    name: String,
}

#[tauri::command]
pub(crate) async fn choose<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    request: Choose,
) -> Result<Option<Chosen>, ()> {
    let Choose { purpose, suggested } = request;
    let ask = move || match seams::dialog_answer() {
        Some(answer) => answer,
        None => ask(app.dialog().file(), purpose, suggested),
    };
    let Ok(Some(path)) = tokio::task::spawn_blocking(ask).await else {
        return Ok(None);
    };
    let path = match (purpose, path.extension()) {
        (Purpose::NewSiteFile, None) => path.with_extension("cartwright"),
        _ => path,
    };
    Ok(Some(remember(&shell, path).await))
}

async fn remember(shell: &Shell, path: PathBuf) -> Chosen {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Chosen {
        handle: shell.desk.lock().await.choose(path),
        name,
    }
}

fn ask<R: Runtime>(dialog: FileDialogBuilder<R>, purpose: Purpose, suggested: Option<String>) -> Option<PathBuf> {
    let chosen = match purpose {
        Purpose::NewSiteFile => dialog
            .set_file_name(suggested.unwrap_or_else(|| "site.cartwright".into()))
            .add_filter("Cartwright", &["cartwright"])
            .blocking_save_file(),
        Purpose::OpenSiteFile => dialog.add_filter("Cartwright", &["cartwright"]).blocking_pick_file(),
        Purpose::Bundle => dialog.add_filter("Cartwright", &["zip", "age"]).blocking_pick_file(),
        Purpose::AccessCard => dialog.add_filter("Cartwright", &["cwcard"]).blocking_pick_file(),
        Purpose::ExportFolder | Purpose::StatementFolder => dialog.blocking_pick_folder(),
    };
    chosen.and_then(|path| path.into_path().ok())
}

/// The file named when the application was started, if any.
#[tauri::command]
pub(crate) async fn at_start(shell: State<'_, Shell>) -> Result<Option<Chosen>, ()> {
    let Some(path) = std::env::args_os()
        .skip(1)
        .map(PathBuf::from)
        .find(|path| path.is_file())
    else {
        return Ok(None);
    };
    let path = std::path::absolute(&path).unwrap_or(path);
    Ok(Some(remember(&shell, path).await))
}
