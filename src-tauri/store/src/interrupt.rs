//! A long step that cannot be paused lets go when somebody wants to save.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{ErrorCode, InterruptHandle};

use crate::{
    error::{Result, StoreError},
    file::SiteFile,
};

/// Asks a long step of a check, if one is being done, to let go of the file; it is done again later. May be kept, and used from
/// any thread, as long as the file is open.
#[derive(Clone, Default)]
pub struct Interrupter(Arc<Mutex<Option<InterruptHandle>>>);

impl std::fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interrupter")
    }
}

impl Interrupter {
    /// Whoever waits for the file gets it soon. Nothing else than such a step is ever interrupted.
    pub fn interrupt(&self) {
        if let Some(step) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            step.interrupt();
        }
    }

    fn set(&self, step: Option<InterruptHandle>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = step;
    }
}

/// While it lives a step may be interrupted, and nothing after it, whatever becomes of the step.
struct OnlyThis<'a>(&'a Interrupter);

impl Drop for OnlyThis<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl SiteFile {
    /// What makes a long step of a check let go.
    #[must_use]
    pub fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }

    /// Does a long step; `None`: somebody wanted the file.
    pub(crate) fn unless_interrupted<T>(&self, step: impl FnOnce() -> Result<T>) -> Result<Option<T>> {
        self.interrupter.set(Some(self.conn()?.get_interrupt_handle()));
        let only_this = OnlyThis(&self.interrupter);
        let done = step();
        drop(only_this);
        match done {
            Err(StoreError::Sql(error)) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                Ok(None)
            }
            done => done.map(Some),
        }
    }
}
