//! Pure work on both of two cores: what takes the time of a check is hashing, reading JSON and verifying signatures.

use std::{
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread::scope,
};

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

/// The work on each of them, in their order, while something else is done here; what is left of it by then is shared.
pub(super) fn beside<T: Sync, R: Send, A>(
    all: &[T],
    work: impl Fn(&T) -> R + Sync,
    here: impl FnOnce() -> A,
) -> (Vec<R>, A) {
    if all.len() < FEW {
        return (all.iter().map(work).collect(), here());
    }
    let next = AtomicUsize::new(0);
    let some = || {
        let taken = std::iter::from_fn(|| {
            let n = next.fetch_add(1, Ordering::Relaxed);
            all.get(n).map(|one| (n, one))
        });
        taken.map(|(n, one)| (n, work(one))).collect::<Vec<(usize, R)>>()
    };
    let ((done, mut results), more) = both(|| (here(), some()), some);
    results.extend(more);
    results.sort_unstable_by_key(|(n, _)| *n);
    (results.into_iter().map(|(_, result)| result).collect(), done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_comes_back_in_order_however_it_was_shared() {
        for count in [0, 1, FEW - 1, FEW, FEW + 1, 1000] {
            let all: Vec<usize> = (0..count).collect();
            let expected: Vec<usize> = all.iter().map(|n| n * 3).collect();
            assert_eq!(each(&all, |n| n * 3), expected, "{count}");
            let (done, here) = beside(&all, |n| n * 3, || "here");
            assert_eq!((done, here), (expected, "here"), "{count}");
        }
    }
}
