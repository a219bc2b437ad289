//! A VFS for tests that fails the n-th call, beneath the offset VFS, so that header and journal are under it too.

use std::{
    ffi::{CString, c_char, c_int, c_void},
    ptr,
    sync::{Mutex, PoisonError},
};

use rusqlite::ffi;

use super::{File, Vfs, real};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The device failed.
    Io,
    /// No room: half of what is written is written.
    FullShort,
}

/// When calls fail.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) fail_at: u64,
    pub(super) kind: Kind,
    pub(super) sticky: bool,
}

static STATE: Mutex<(u64, Option<Plan>)> = Mutex::new((0, None));

/// Starts counting from 1 under a plan; without one, nothing fails. Answer: calls counted so far.
pub(super) fn arm(plan: Option<Plan>) -> u64 {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    let counted = state.0;
    *state = (0, plan);
    counted
}

/// Counts a call; answers how it fails, if it does.
fn fails() -> Option<Kind> {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    state.0 += 1;
    let (count, plan) = *state;
    plan.filter(|plan| count == plan.fail_at || plan.sticky && count > plan.fail_at)
        .map(|plan| plan.kind)
}

macro_rules! io {
    ($f:expr, $method:ident $(, $arg:expr)*) => {{
        // SAFETY: `$f` was filled by `v_open` below, whose base has set pMethods.
        unsafe {
            let file = real($f);
            ((*(*file).pMethods).$method).map_or(ffi::SQLITE_IOERR, |method| method(file $(, $arg)*))
        }
    }};
}

macro_rules! failing {
    ($code:expr, $call:expr) => {
        if fails().is_some() { $code } else { $call }
    };
}

unsafe extern "C" fn f_close(f: *mut File) -> c_int {
    io!(f, xClose)
}
unsafe extern "C" fn f_read(f: *mut File, buf: *mut c_void, len: c_int, off: i64) -> c_int {
    failing!(ffi::SQLITE_IOERR_READ, io!(f, xRead, buf, len, off))
}
unsafe extern "C" fn f_write(f: *mut File, buf: *const c_void, len: c_int, off: i64) -> c_int {
    match fails() {
        None => io!(f, xWrite, buf, len, off),
        Some(Kind::Io) => ffi::SQLITE_IOERR_WRITE,
        Some(Kind::FullShort) => match io!(f, xWrite, buf, len / 2, off) {
            ffi::SQLITE_OK => ffi::SQLITE_FULL,
            code => code,
        },
    }
}
unsafe extern "C" fn f_truncate(f: *mut File, size: i64) -> c_int {
    failing!(ffi::SQLITE_IOERR_TRUNCATE, io!(f, xTruncate, size))
}
unsafe extern "C" fn f_sync(f: *mut File, flags: c_int) -> c_int {
    failing!(ffi::SQLITE_IOERR_FSYNC, io!(f, xSync, flags))
}
unsafe extern "C" fn f_size(f: *mut File, size: *mut i64) -> c_int {
    failing!(ffi::SQLITE_IOERR_FSTAT, io!(f, xFileSize, size))
}
unsafe extern "C" fn f_lock(f: *mut File, level: c_int) -> c_int {
    io!(f, xLock, level)
}
unsafe extern "C" fn f_unlock(f: *mut File, level: c_int) -> c_int {
    io!(f, xUnlock, level)
}
unsafe extern "C" fn f_reserved(f: *mut File, out: *mut c_int) -> c_int {
    io!(f, xCheckReservedLock, out)
}
unsafe extern "C" fn f_control(f: *mut File, op: c_int, arg: *mut c_void) -> c_int {
    io!(f, xFileControl, op, arg)
}
unsafe extern "C" fn f_sector(f: *mut File) -> c_int {
    io!(f, xSectorSize)
}
unsafe extern "C" fn f_traits(f: *mut File) -> c_int {
    io!(f, xDeviceCharacteristics)
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(f_close),
    xRead: Some(f_read),
    xWrite: Some(f_write),
    xTruncate: Some(f_truncate),
    xSync: Some(f_sync),
    xFileSize: Some(f_size),
    xLock: Some(f_lock),
    xUnlock: Some(f_unlock),
    xCheckReservedLock: Some(f_reserved),
    xFileControl: Some(f_control),
    xSectorSize: Some(f_sector),
    xDeviceCharacteristics: Some(f_traits),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn v_open(v: *mut Vfs, name: *const c_char, f: *mut File, flags: c_int, out: *mut c_int) -> c_int {
    // SAFETY: as in the offset VFS: our file in front of the base's, both in SQLite's block; pAppData is the base.
    unsafe {
        (*f).pMethods = ptr::null();
        if fails().is_some() {
            return ffi::SQLITE_CANTOPEN;
        }
        let below = (*v).pAppData.cast::<Vfs>();
        let Some(open) = (*below).xOpen else {
            return ffi::SQLITE_CANTOPEN;
        };
        let code = open(below, name, real(f), flags, out);
        if code == ffi::SQLITE_OK {
            (*f).pMethods = &raw const METHODS;
        }
        code
    }
}

unsafe extern "C" fn v_delete(v: *mut Vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    if fails().is_some() {
        return ffi::SQLITE_IOERR_DELETE;
    }
    // SAFETY: pAppData is the base, which deletes.
    unsafe {
        let below = (*v).pAppData.cast::<Vfs>();
        (*below)
            .xDelete
            .map_or(ffi::SQLITE_IOERR, |delete| delete(below, name, sync_dir))
    }
}

/// Registers "fault" over "unix", once.
pub(super) fn register() {
    static ONCE: Mutex<()> = Mutex::new(());
    let _one_at_a_time = ONCE.lock().unwrap_or_else(PoisonError::into_inner);
    let name = CString::new("fault").unwrap();
    // SAFETY: names are NUL-terminated; the copy of the base's table differs only in name, size, open and delete, and its
    // other functions accept any VFS pointer of theirs, since "unix" reads no field of it but the base's pAppData.
    unsafe {
        if !ffi::sqlite3_vfs_find(name.as_ptr()).is_null() {
            return;
        }
        let below = ffi::sqlite3_vfs_find(c"unix".as_ptr());
        let mut vfs = Box::new(*below);
        vfs.zName = name.into_raw();
        vfs.szOsFile += size_of::<File>() as c_int;
        vfs.pAppData = below.cast();
        vfs.pNext = ptr::null_mut();
        vfs.xOpen = Some(v_open);
        vfs.xDelete = Some(v_delete);
        assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(vfs), 0), ffi::SQLITE_OK);
    }
}
