//! While nobody needs the desk, the open file is verified: in short turns, and not while somebody works.

use std::{
    sync::PoisonError,
    time::{Duration, Instant},
};

use tauri::{Manager, Runtime, WebviewWindow};

use crate::window::Shell;

/// How long a turn takes the desk, at most.
const TURN: Duration = Duration::from_millis(15);
/// How long it leaves it between two turns.
const REST: Duration = Duration::from_millis(15);
/// How long nobody must have asked anything.
const QUIET: Duration = Duration::from_millis(400);
/// How often it is looked whether there is anything to do.
const EVERY: Duration = Duration::from_secs(1);

/// Begins.
pub(crate) fn watch<R: Runtime>(page: WebviewWindow<R>) {
    std::thread::spawn(move || {
        let mut rest = EVERY;
        loop {
            std::thread::sleep(rest);
            rest = if page.state::<Shell>().asked_within(QUIET) {
                QUIET
            } else {
                turn(&page.state::<Shell>())
            };
        }
    });
}

/// One turn; answer: until the next.
fn turn(shell: &Shell) -> Duration {
    // Somebody has the desk, or waits for it.
    let Ok(mut desk) = shell.desk.try_lock() else {
        return QUIET;
    };
    let until = Instant::now() + TURN;
    *shell.interrupter.lock().unwrap_or_else(PoisonError::into_inner) = desk.interrupter();
    // Asked between looking and taking the desk, nothing would interrupt any more.
    if shell.asked_within(QUIET) {
        return QUIET;
    }
    if desk.verify_on(&mut || Instant::now() >= until) {
        REST
    } else {
        EVERY
    }
}
