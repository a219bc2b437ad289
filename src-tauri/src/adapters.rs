//! One adapter per command of the list: off the window's thread, then the act.

use conduct::{acts, desk::Desk, problem::Answer, requests::*, views::*};
use tauri::{ipc::Invoke, Runtime, State, WebviewWindow};

use crate::{closing, dialogs, remade, window, window::Shell};

/// Runs an act where waiting for disk and key derivation holds nobody up. When somebody left by it, the page is made anew.
async fn on_desk<R: Runtime, T: Send + 'static>(
    page: &WebviewWindow<R>,
    shell: &Shell,
    act: impl FnOnce(&mut Desk) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let desk = shell.desk.clone();
    let done = tokio::task::spawn_blocking(move || {
        let mut desk = desk.blocking_lock();
        let before = desk.seated();
        let answer = act(&mut desk);
        (answer, before.filter(|_| desk.seated().is_none()))
    });
    match done.await {
        Ok((answer, None)) => answer,
        Ok((answer, Some(gone))) => {
            remade::remake(page, shell, gone).await;
            answer
        }
        Err(_) => Err(conduct::problem::Problem::Fault {
            reference: "-".into(),
            code: "stopped".into(),
        }),
    }
}

macro_rules! adapters {
    ($($name:ident($request:ident) -> $answer:ident;)*) => {
        $(#[tauri::command]
        async fn $name<R: Runtime>(
            page: WebviewWindow<R>,
            shell: State<'_, Shell>,
            request: $request,
        ) -> Answer<$answer> {
            // The page looking by itself is nobody's work.
            if stringify!($name) != "soundness" {
                shell.ask();
            }
            on_desk(&page, &shell, move |desk| acts::$name(desk, request)).await
        })*

        /// The handler of every command.
        pub fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![dialogs::choose, dialogs::at_start, window::painted, closing::left, remade::came_back, $($name),*]
        }
    };
}
conduct::commands!(adapters);
