//! The offset VFS "cartwright": the database starts 64 KiB into its host file, before it stands the header.
//!
//! Invariants. Every offset and size of the main file is shifted exactly once. No other descriptor of an open site file
//! ever exists (closing one would drop SQLite's lock): header bytes travel through the connection's own file. The
//! rollback journal is called `-cwjrnl`, so that an ordinary SQLite never finds it and never plays it back at offset 0.
//! This is the only module with `unsafe`; nothing in it panics.
#![allow(
    unsafe_code,
    reason = "a VFS is a table of C functions; every block says why it is sound"
)]
#![deny(unsafe_op_in_unsafe_fn)]
#![allow(non_snake_case, reason = "field names of SQLite's C structures")]

use std::{
    collections::BTreeSet,
    ffi::{CStr, CString, c_char, c_int, c_void},
    ptr,
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, ffi};
use zeroize::Zeroizing;

use crate::open::PAGE;

/// Where the database begins in its host file; everything before is header.
pub(crate) const OFFSET: i64 = 65_536;
/// The same as a length.
pub(crate) const HEADER_LEN: usize = 65_536;
/// Name under which the VFS is registered; never the default.
pub(crate) const NAME: &str = "cartwright";

#[cfg(test)]
pub(crate) mod fault;
#[cfg(test)]
mod tests;

const MAGIC: u64 = 0x4357_5246_4853_3031;
/// Private opcode of `sqlite3_file_control`; above SQLite's own and SQLCipher's.
const FCNTL_HEADER: c_int = 0x6377_7268;
const JOURNAL: &[u8] = b"-journal";
const RENAMED: &str = "-cwjrnl";

/// Where the rollback journal of a file lies while there is one.
pub(crate) fn journal_of(path: &std::path::Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(RENAMED);
    name.into()
}

/// A failure of the VFS: an SQLite result code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("SQLite VFS, result code {0}")]
pub(crate) struct VfsError(pub(crate) c_int);

type File = ffi::sqlite3_file;
type Vfs = ffi::sqlite3_vfs;

/// What is asked of the header through `sqlite3_file_control`; lives for the call only.
#[repr(C)]
struct HeaderReq {
    magic: u64,
    what: What,
    off: i64,
    len: c_int,
    buf: *mut c_void,
    answer: c_int,
}

#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Read,
    /// Of the database, not of the header.
    ReadBehind,
    WriteAndSync,
    LockedElsewhere,
}

/// Marks our own `sqlite3_vfs` and keeps the base beneath it.
#[repr(C)]
struct Base {
    magic: u64,
    base: *mut Vfs,
}

/// The VFS that connections are opened through.
#[cfg(not(test))]
pub(crate) fn name() -> &'static str {
    NAME
}
#[cfg(test)]
pub(crate) use tests::{name, through};

/// Registers the VFS once per process; later calls find it.
pub(crate) fn register() -> Result<(), VfsError> {
    register_over(NAME, if cfg!(windows) { "win32" } else { "unix" })
}

/// Registers it under a name over a named base.
pub(crate) fn register_over(name: &str, base: &str) -> Result<(), VfsError> {
    static ONCE: Mutex<()> = Mutex::new(());
    let _one_at_a_time = ONCE.lock().unwrap_or_else(PoisonError::into_inner);
    let wrong = VfsError(ffi::SQLITE_ERROR);
    let name = CString::new(name).map_err(|_| wrong)?;
    let base = CString::new(base).map_err(|_| wrong)?;
    // SAFETY: both names are NUL-terminated and outlive the calls; SQLite initialises itself in sqlite3_vfs_find. A VFS
    // found under our name is ours only if its pAppData carries our magic, and pAppData is read only when not null and
    // aligned. The leaked boxes live as long as the process and are never unregistered.
    unsafe {
        let there = ffi::sqlite3_vfs_find(name.as_ptr());
        if !there.is_null() {
            let data = (*there).pAppData.cast::<Base>();
            let ours = !data.is_null() && data.is_aligned() && (*data).magic == MAGIC;
            return if ours { Ok(()) } else { Err(wrong) };
        }
        let base = ffi::sqlite3_vfs_find(base.as_ptr());
        if base.is_null() {
            return Err(wrong);
        }
        let own = size_of::<File>() as c_int;
        let vfs = Box::new(Vfs {
            iVersion: 2,
            szOsFile: own + (*base).szOsFile,
            mxPathname: (*base).mxPathname,
            pNext: ptr::null_mut(),
            zName: name.into_raw(),
            pAppData: Box::into_raw(Box::new(Base { magic: MAGIC, base })).cast(),
            xOpen: Some(v_open),
            xDelete: Some(v_delete),
            xAccess: Some(v_access),
            xFullPathname: Some(v_full_pathname),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(v_randomness),
            xSleep: Some(v_sleep),
            xCurrentTime: Some(v_current_time),
            xGetLastError: Some(v_last_error),
            xCurrentTimeInt64: (*base).xCurrentTimeInt64.map(|_| v_current_time_64 as _),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        });
        match ffi::sqlite3_vfs_register(Box::into_raw(vfs), 0) {
            ffi::SQLITE_OK => Ok(()),
            code => Err(VfsError(code)),
        }
    }
}

/// Reads header bytes of the open main file. Error: outside the header, or the disk's.
pub(crate) fn header_read(conn: &Connection, off: usize, into: &mut [u8]) -> Result<(), VfsError> {
    ask(conn, What::Read, off, into.as_mut_ptr(), into.len()).map(drop)
}

/// Reads the beginning of a page as it lies on the disk, sealed; the first is 1. Error: not there, cut, or the disk's.
pub(crate) fn page_read(conn: &Connection, page: u64, into: &mut [u8]) -> Result<(), VfsError> {
    let before = page.checked_sub(1).and_then(|before| before.checked_mul(PAGE));
    let off = before.and_then(|off| usize::try_from(off).ok());
    let off = off.ok_or(VfsError(ffi::SQLITE_MISUSE))?;
    ask(conn, What::ReadBehind, off, into.as_mut_ptr(), into.len()).map(drop)
}

/// Writes header bytes of the open main file and syncs them to the disk.
pub(crate) fn header_write(conn: &Connection, off: usize, bytes: &[u8]) -> Result<(), VfsError> {
    // The VFS only reads through this pointer when it writes to the file.
    ask(conn, What::WriteAndSync, off, bytes.as_ptr().cast_mut(), bytes.len()).map(drop)
}

/// Whether some connection holds a writer's lock on the file (which an open site file always does).
pub(crate) fn locked_elsewhere(conn: &Connection) -> Result<bool, VfsError> {
    ask(conn, What::LockedElsewhere, 0, ptr::null_mut(), 0).map(|answer| answer != 0)
}

fn ask(conn: &Connection, what: What, off: usize, buf: *mut u8, len: usize) -> Result<c_int, VfsError> {
    let wrong = VfsError(ffi::SQLITE_MISUSE);
    let mut req = HeaderReq {
        magic: MAGIC,
        what,
        off: i64::try_from(off).map_err(|_| wrong)?,
        len: c_int::try_from(len).map_err(|_| wrong)?,
        buf: buf.cast(),
        answer: 0,
    };
    // SAFETY: the handle is open for the life of `conn`; "main" is NUL-terminated; `req` and the caller's buffer of
    // `len` bytes outlive the call. Another VFS does not know the opcode and answers NOTFOUND.
    let code = unsafe {
        ffi::sqlite3_file_control(
            conn.handle(),
            c"main".as_ptr(),
            FCNTL_HEADER,
            ptr::from_mut(&mut req).cast(),
        )
    };
    if code == ffi::SQLITE_OK {
        Ok(req.answer)
    } else {
        Err(VfsError(code))
    }
}

/// Hands SQLCipher the raw 256-bit key in its 64-hex form (the salt of the file then takes part in the page HMAC).
pub(crate) fn set_key(conn: &Connection, key: &[u8; 32]) -> Result<(), VfsError> {
    let mut text = Zeroizing::new([0_u8; 67]);
    text[..2].copy_from_slice(b"x'");
    text[66] = b'\'';
    for (byte, hex) in key.iter().zip(text[2..66].chunks_exact_mut(2)) {
        for (digit, shift) in hex.iter_mut().zip([4, 0]) {
            let nibble = (byte >> shift) & 15;
            *digit = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
        }
    }
    // SAFETY: the handle is open, the text is 67 readable bytes; SQLCipher copies it before returning.
    let code = unsafe {
        ffi::sqlite3_key_v2(
            conn.handle(),
            c"main".as_ptr(),
            text.as_ptr().cast(),
            text.len() as c_int,
        )
    };
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(VfsError(code))
    }
}

/// The base's file, right behind ours in the block that SQLite allocated.
///
/// SAFETY (callers): `f` is a file that [`v_open`] filled, so `szOsFile` bytes lie behind it.
unsafe fn real(f: *mut File) -> *mut File {
    // SAFETY: see above; the block is `size_of::<File>() + base.szOsFile` long.
    unsafe { f.add(1) }
}

/// SAFETY (callers): `v` is a VFS made by [`register_over`].
unsafe fn base(v: *mut Vfs) -> *mut Vfs {
    // SAFETY: pAppData is our leaked `Base`.
    unsafe { (*(*v).pAppData.cast::<Base>()).base }
}

macro_rules! io {
    ($f:expr, $method:ident $(, $arg:expr)*) => {{
        // SAFETY: `$f` is a main file filled by `v_open`; the base's pMethods is set while it is open.
        unsafe {
            let file = real($f);
            match (*file).pMethods.as_ref().and_then(|methods| methods.$method) {
                Some(method) => method(file $(, $arg)*),
                None => ffi::SQLITE_IOERR,
            }
        }
    }};
}

macro_rules! shifted {
    ($offset:expr) => {
        match i64::checked_add($offset, OFFSET) {
            Some(physical) if $offset >= 0 => physical,
            _ => return ffi::SQLITE_IOERR,
        }
    };
}

unsafe extern "C" fn f_close(f: *mut File) -> c_int {
    io!(f, xClose)
}
unsafe extern "C" fn f_read(f: *mut File, buf: *mut c_void, len: c_int, off: i64) -> c_int {
    io!(f, xRead, buf, len, shifted!(off))
}
unsafe extern "C" fn f_write(f: *mut File, buf: *const c_void, len: c_int, off: i64) -> c_int {
    io!(f, xWrite, buf, len, shifted!(off))
}
unsafe extern "C" fn f_truncate(f: *mut File, size: i64) -> c_int {
    io!(f, xTruncate, shifted!(size))
}
unsafe extern "C" fn f_sync(f: *mut File, flags: c_int) -> c_int {
    io!(f, xSync, flags)
}
unsafe extern "C" fn f_size(f: *mut File, size: *mut i64) -> c_int {
    let mut physical = 0;
    let code = io!(f, xFileSize, &raw mut physical);
    if code == ffi::SQLITE_OK {
        // SAFETY: SQLite hands in a valid pointer for the answer.
        unsafe { *size = physical.saturating_sub(OFFSET).max(0) };
    }
    code
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
unsafe extern "C" fn f_sector(f: *mut File) -> c_int {
    io!(f, xSectorSize)
}
unsafe extern "C" fn f_traits(f: *mut File) -> c_int {
    io!(f, xDeviceCharacteristics) & !ffi::SQLITE_IOCAP_BATCH_ATOMIC
}

unsafe extern "C" fn f_control(f: *mut File, op: c_int, arg: *mut c_void) -> c_int {
    match op {
        ffi::SQLITE_FCNTL_SIZE_HINT => {
            // SAFETY: SQLite documents the argument of this opcode as `sqlite3_int64*`.
            let hint = unsafe { *arg.cast::<i64>() };
            let mut physical = shifted!(hint);
            io!(f, xFileControl, op, ptr::from_mut(&mut physical).cast())
        }
        // Rounds physical sizes: not for a shifted file.
        ffi::SQLITE_FCNTL_CHUNK_SIZE => ffi::SQLITE_OK,
        // The base must never map the file.
        ffi::SQLITE_FCNTL_MMAP_SIZE => ffi::SQLITE_NOTFOUND,
        FCNTL_HEADER => {
            let req = arg.cast::<HeaderReq>();
            if req.is_null() || !req.is_aligned() {
                return ffi::SQLITE_MISUSE;
            }
            // SAFETY: not null, aligned; the opcode is private, so the argument is the `HeaderReq` of `ask`.
            let req = unsafe { &mut *req };
            if req.magic != MAGIC {
                return ffi::SQLITE_MISUSE;
            }
            let behind = req.what == What::ReadBehind;
            let inside = req.off >= 0
                && req.len >= 0
                && (behind || req.off.checked_add(i64::from(req.len)).is_some_and(|end| end <= OFFSET));
            if !inside {
                return ffi::SQLITE_MISUSE;
            }
            match req.what {
                What::ReadBehind => io!(f, xRead, req.buf, req.len, shifted!(req.off)),
                What::Read => io!(f, xRead, req.buf, req.len, req.off),
                What::WriteAndSync => match io!(f, xWrite, req.buf, req.len, req.off) {
                    ffi::SQLITE_OK => io!(f, xSync, ffi::SQLITE_SYNC_FULL),
                    code => code,
                },
                What::LockedElsewhere => io!(f, xCheckReservedLock, &raw mut req.answer),
            }
        }
        _ => io!(f, xFileControl, op, arg),
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Version 1: no shared memory, no mapping.
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

/// `NAME-journal` becomes `NAME-cwjrnl`; names are kept for the life of the process, because the base keeps the pointer.
///
/// SAFETY (callers): `name` is null or NUL-terminated.
unsafe fn journal_name(name: *const c_char) -> *const c_char {
    static NAMES: Mutex<BTreeSet<&'static CStr>> = Mutex::new(BTreeSet::new());
    if name.is_null() {
        return name;
    }
    // SAFETY: not null, NUL-terminated.
    let Some(stem) = (unsafe { CStr::from_ptr(name) }).to_bytes().strip_suffix(JOURNAL) else {
        return name;
    };
    let mut renamed = stem.to_vec();
    renamed.extend_from_slice(RENAMED.as_bytes());
    let Ok(renamed) = CString::new(renamed) else {
        return name;
    };
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = names.get(renamed.as_c_str()) {
        return kept.as_ptr();
    }
    let kept: &'static CStr = Box::leak(renamed.into_boxed_c_str());
    names.insert(kept);
    kept.as_ptr()
}

unsafe extern "C" fn v_open(v: *mut Vfs, name: *const c_char, f: *mut File, flags: c_int, out: *mut c_int) -> c_int {
    // SAFETY: SQLite hands in our own VFS, a block of szOsFile bytes and a name that is null or NUL-terminated. Main files
    // keep ours in front; every other file is opened by the base straight into the block. `name` of a main file goes
    // on verbatim, since URI parameters live behind its NUL. pMethods is null until the open has succeeded, so that
    // SQLite does not close what never opened.
    unsafe {
        (*f).pMethods = ptr::null();
        let below = base(v);
        let Some(open) = (*below).xOpen else {
            return ffi::SQLITE_CANTOPEN;
        };
        if flags & ffi::SQLITE_OPEN_MAIN_DB == 0 {
            return open(below, journal_name(name), f, flags, out);
        }
        let file = real(f);
        (*file).pMethods = ptr::null();
        let mut code = open(below, name, file, flags, out);
        if (*file).pMethods.is_null() {
            return if code == ffi::SQLITE_OK {
                ffi::SQLITE_CANTOPEN
            } else {
                code
            };
        }
        if code == ffi::SQLITE_OK {
            code = whole_enough(f, flags & ffi::SQLITE_OPEN_CREATE != 0);
        }
        if code == ffi::SQLITE_OK {
            (*f).pMethods = &raw const METHODS;
        } else {
            let _closing_a_refused_file = f_close(f);
        }
        code
    }
}

/// A host shorter than the header is cut (it would look like an empty database), unless it is being created.
///
/// SAFETY (callers): the base has just opened the file behind `f`.
unsafe fn whole_enough(f: *mut File, create: bool) -> c_int {
    let mut size = 0_i64;
    match io!(f, xFileSize, &raw mut size) {
        ffi::SQLITE_OK if size < OFFSET && !(size == 0 && create) => ffi::SQLITE_NOTADB,
        code => code,
    }
}

macro_rules! below {
    ($v:expr, $method:ident, $absent:expr $(, $arg:expr)*) => {{
        // SAFETY: `$v` is our VFS; the base is handed its own pointer, never ours.
        unsafe {
            let vfs = base($v);
            match (*vfs).$method {
                Some(method) => method(vfs $(, $arg)*),
                None => $absent,
            }
        }
    }};
}

unsafe extern "C" fn v_delete(v: *mut Vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    // SAFETY: `name` comes from SQLite, NUL-terminated.
    let name = unsafe { journal_name(name) };
    below!(v, xDelete, ffi::SQLITE_IOERR, name, sync_dir)
}
unsafe extern "C" fn v_access(v: *mut Vfs, name: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    // SAFETY: `name` comes from SQLite, NUL-terminated.
    let name = unsafe { journal_name(name) };
    below!(v, xAccess, ffi::SQLITE_IOERR, name, flags, out)
}
unsafe extern "C" fn v_full_pathname(v: *mut Vfs, name: *const c_char, len: c_int, out: *mut c_char) -> c_int {
    below!(v, xFullPathname, ffi::SQLITE_IOERR, name, len, out)
}
unsafe extern "C" fn v_randomness(v: *mut Vfs, len: c_int, out: *mut c_char) -> c_int {
    below!(v, xRandomness, 0, len, out)
}
unsafe extern "C" fn v_sleep(v: *mut Vfs, micros: c_int) -> c_int {
    below!(v, xSleep, 0, micros)
}
unsafe extern "C" fn v_current_time(v: *mut Vfs, out: *mut f64) -> c_int {
    below!(v, xCurrentTime, ffi::SQLITE_ERROR, out)
}
unsafe extern "C" fn v_current_time_64(v: *mut Vfs, out: *mut i64) -> c_int {
    below!(v, xCurrentTimeInt64, ffi::SQLITE_ERROR, out)
}
unsafe extern "C" fn v_last_error(v: *mut Vfs, len: c_int, out: *mut c_char) -> c_int {
    below!(v, xGetLastError, 0, len, out)
}
