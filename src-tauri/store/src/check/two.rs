//! Pure work on both of two cores: what takes the time of a check is hashing, reading JSON and verifying signatures.

use std::{panic::resume_unwind, thread::scope};

/// Fewer than this are not worth a thread.
const FEW: usize = 16;

/// The work on each of them, in their order.
pub(super) fn each<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if all.len() < FEW {
        return all.iter().map(work).collect();
    }
    let (here, there) = all.split_at(all.len() / 2);
    let (mut done, more) = both(
        || here.iter().map(&work).collect::<Vec<R>>(),
        || there.iter().map(&work).collect::<Vec<R>>(),
    );
    done.extend(more);
    done
}

/// One piece of work here, the other beside it.
pub(super) fn both<A, B: Send>(here: impl FnOnce() -> A, there: impl FnOnce() -> B + Send) -> (A, B) {
    scope(|scope| {
        let other = scope.spawn(there);
        let done = here();
        match other.join() {
            Ok(more) => (done, more),
            Err(panic) => resume_unwind(panic),
        }
    })
}
