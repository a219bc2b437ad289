//! One adapter per command of the list: off the window's thread, then the act.

use conduct::{acts, desk::Desk, problem::Answer, requests::*, views::*};
use tauri::{ipc::Invoke, Runtime, State};

use crate::{closing, dialogs, window, window::Shell};

/// Runs an act where waiting for disk and key derivation holds nobody up.
async fn on_desk<T: Send + 'static>(
    shell: &Shell,
    act: impl FnOnce(&mut Desk) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let desk = shell.desk.clone();
    let done = tokio::task::spawn_blocking(move || act(&mut desk.blocking_lock())).await;
    done.unwrap_or_else(|_| {
        Err(conduct::problem::Problem::Fault {
            reference: "-".into(),
            code: "stopped".into(),
        })
    })
}

macro_rules! adapters {
    ($($name:ident($request:ident) -> $answer:ident;)*) => {
        $(#[tauri::command]
        async fn $name(shell: State<'_, Shell>, request: $request) -> Answer<$answer> {
            on_desk(&shell, move |desk| acts::$name(desk, request)).await
        })*

        /// The handler of every command.
        pub fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![dialogs::choose, dialogs::at_start, window::painted, closing::left, $($name),*]
        }
    };
}
conduct::commands!(adapters);
