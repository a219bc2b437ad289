//! The window and what it starts with.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use conduct::{
    desk::Desk,
    renderings::{NoPaper, Renderings},
    DeviceKeys, Interrupter,
};
use tauri::{Manager, RunEvent, Runtime, State, WebviewUrl, WebviewWindowBuilder, WindowEvent};
use tokio::sync::Mutex;

use crate::{adapters::handler, away, closing, closing::Closing, machine::Here, quiet, remade, seams};

/// What the window holds.
pub struct Shell {
    /// The desk; one act at a time.
    pub desk: Arc<Mutex<Desk>>,
    started: Instant,
    /// When anything was asked last.
    asked: std::sync::Mutex<Instant>,
    /// Has a long step of the verification let go of the desk.
    pub(crate) interrupter: std::sync::Mutex<Option<Interrupter>>,
    /// Where whoever left last was.
    pub(crate) left_at: std::sync::Mutex<Option<remade::Place>>,
}

impl Shell {
    /// A shell over a desk.
    pub fn over(desk: Desk) -> Self {
        Self {
            desk: Arc::new(Mutex::new(desk)),
            started: Instant::now(),
            asked: std::sync::Mutex::new(Instant::now()),
            interrupter: std::sync::Mutex::default(),
            left_at: std::sync::Mutex::default(),
        }
    }

    /// Something is asked: whoever verifies lets go.
    pub(crate) fn ask(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        if let Some(interrupter) = &*self.interrupter.lock().unwrap_or_else(PoisonError::into_inner) {
            interrupter.interrupt();
        }
    }

    /// Whether something was asked in the time before now.
    pub(crate) fn asked_within(&self, time: Duration) -> bool {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).elapsed() < time
    }
}

/// When the page was first drawn.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Painted {
    /// Milliseconds since navigation began.
    ms: f64,
}

/// The page says when it was first drawn; told where a bench can read it.
#[tauri::command]
pub(crate) fn painted(shell: State<'_, Shell>, request: Painted) {
    let ms = request.ms;
    if cfg!(feature = "automation") {
        eprintln!(
            "painted after_start_ms={} after_navigation_ms={ms:.0}",
            shell.started.elapsed().as_millis()
        );
    }
}

/// The one expansion of the configuration: pages, permissions, policy.
pub fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}

/// The label of this device in the journal.
fn device_label() -> String {
    let name = std::fs::read_to_string("/etc/hostname")
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok());
    name.map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "laptop".into())
}

/// Where the fonts for print lie: with the application, or in the tree it was built from.
fn fonts(resources: Option<PathBuf>) -> PathBuf {
    let shipped = resources
        .map(|folder| folder.join("fonts"))
        .filter(|folder| folder.is_dir());
    shipped.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/@expo-google-fonts"))
}

/// The printer; without its fonts everything but printing works.
fn paper(fonts: &Path) -> Box<dyn Renderings> {
    match report::Paper::new(fonts) {
        Ok(paper) => Box::new(paper),
        Err(fault) => Box::new(NoPaper(fault.to_string())),
    }
}

/// Only the page itself may be shown.
fn own_page(url: &tauri::Url) -> bool {
    matches!(
        (url.scheme(), url.host_str()),
        ("tauri", Some("localhost")) | ("http", Some("tauri.localhost"))
    ) || (cfg!(debug_assertions) && url.as_str().starts_with("http://localhost:5173"))
}

/// Starts the application and returns when its window is closed.
pub fn run() {
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(handler())
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                closing::requested(window, api);
            }
        })
        .setup(|app| {
            let data = match seams::app_data() {
                Some(folder) => folder,
                None => app.path().app_data_dir()?,
            };
            std::fs::create_dir_all(&data)?;
            let devices = DeviceKeys::at(&data.join("devices"), &device_label());
            let paper = paper(&fonts(app.path().resource_dir().ok()));
            let mut desk = Desk::new(Box::new(Here::new(&data)), paper, devices)
                .map_err(|problems| format!("the built-in study has {} problems", problems.len()))?;
            desk.lock_when_idle();
            app.manage(Shell::over(desk));
            app.manage(Closing::default());
            let page = WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
                .title("Cartwright")
                .inner_size(1280.0, 800.0)
                .min_inner_size(640.0, 360.0)
                .disable_drag_drop_handler()
                .on_navigation(own_page)
                .build()?;
            quiet::watch(page.clone());
            away::watch(page);
            Ok(())
        })
        .build(context());
    match built {
        Ok(app) => app.run(|app, event| {
            if matches!(event, RunEvent::Exit) {
                app.state::<Shell>().desk.blocking_lock().put_away_now();
            }
        }),
        Err(error) => {
            eprintln!("Cartwright cannot start: {error}");
            std::process::exit(1);
        }
    }
}
