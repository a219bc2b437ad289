//! A VFS for tests, beneath the offset VFS, so that header and journal are under it too: it fails the n-th call, or it
//! writes down what reaches the disk and in which order. What the store does to names in folders (`names`) counts and is
//! written down with it.
//!
//! What it is told and what it counts belong to the thread: a connection is used on the thread that armed it.

use std::{
    cell::RefCell,
    ffi::{CStr, CString, c_char, c_int, c_void},
    io,
    path::PathBuf,
    ptr,
    sync::{Mutex, PoisonError},
};

use rusqlite::ffi;

use super::Vfs;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The device failed.
    Io,
    /// No room: nothing is written.
    Full,
    /// No room: half of what is written is written.
    FullShort,
    /// No room left for this user: half of what is written is written.
    Quota,
    /// The medium turned read-only.
    ReadOnly,
    /// Nothing fails: what is written to a file of a passing name is written as zeroes.
    Garbled,
}

impl Kind {
    /// What the system says, to whoever asks it past SQLite.
    fn of_the_system(self) -> io::Error {
        io::Error::from(match self {
            Self::Io | Self::Garbled => return io::Error::other("the device failed"),
            Self::Full | Self::FullShort => io::ErrorKind::StorageFull,
            Self::Quota => io::ErrorKind::QuotaExceeded,
            Self::ReadOnly => io::ErrorKind::ReadOnlyFilesystem,
        })
    }
}

/// When calls fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) fail_at: u64,
    pub(crate) kind: Kind,
    pub(crate) sticky: bool,
}

/// What was asked of the disk, or said by the test in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Op {
    /// Bytes at an offset of a file.
    Write(PathBuf, u64, Vec<u8>),
    /// A file was cut to this length.
    Truncate(PathBuf, u64),
    /// Everything written to a file so far is durable; so are the names in its folder, if it is a new journal.
    Sync(PathBuf),
    /// An empty file under a name, new or not.
    Create(PathBuf),
    /// A file got the second name, and lost the first.
    Rename(PathBuf, PathBuf),
    /// A file got the second name too.
    Link(PathBuf, PathBuf),
    /// A name is gone; durably so, if the folder was synced with it.
    Delete(PathBuf, bool),
    /// The names in a folder are durable.
    SyncFolder(PathBuf),
    /// The test was told that this is saved.
    Told(u64),
}

#[derive(Default)]
struct State {
    counted: u64,
    plan: Option<Plan>,
    record: Option<Vec<Op>>,
    read_only: bool,
    linkless: bool,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State::default());
}

/// Starts counting from 1 under a plan; without one, nothing fails. Answer: calls counted so far.
pub(crate) fn arm(plan: Option<Plan>) -> u64 {
    STATE.with_borrow_mut(|state| {
        state.plan = plan;
        std::mem::take(&mut state.counted)
    })
}

/// Whether the medium is one that nothing can be written to, from the first opening on.
pub(crate) fn read_only(read_only: bool) {
    STATE.with_borrow_mut(|state| state.read_only = read_only);
}

/// Whether the medium knows no second name of a file.
pub(crate) fn linkless(linkless: bool) {
    STATE.with_borrow_mut(|state| state.linkless = linkless);
}

pub(crate) fn may_link() -> io::Result<()> {
    match STATE.with_borrow(|state| state.linkless) {
        true => Err(io::ErrorKind::Unsupported.into()),
        false => Ok(()),
    }
}

fn is_read_only() -> bool {
    STATE.with_borrow(|state| state.read_only)
}

/// A step past SQLite: counted, and failed when its turn has come.
pub(crate) fn step() -> io::Result<()> {
    match fails().or(is_read_only().then_some(Kind::ReadOnly)) {
        Some(Kind::Garbled) | None => Ok(()),
        Some(kind) => Err(kind.of_the_system()),
    }
}

/// Begins to write down what reaches the disk.
pub(crate) fn record() {
    STATE.with_borrow_mut(|state| state.record = Some(Vec::new()));
}

/// Ends it; answer: what was written down.
pub(crate) fn recorded() -> Vec<Op> {
    STATE.with_borrow_mut(|state| state.record.take()).unwrap_or_default()
}

/// Writes a remark of the test between the calls.
pub(crate) fn told(what: u64) {
    note(|| Op::Told(what));
}

pub(crate) fn note(op: impl FnOnce() -> Op) {
    STATE.with_borrow_mut(|state| {
        if let Some(record) = &mut state.record {
            record.push(op());
        }
    });
}

/// Counts a call; answers how it fails, if it does.
fn fails() -> Option<Kind> {
    STATE.with_borrow_mut(|state| {
        state.counted += 1;
        let counted = state.counted;
        let met = |plan: &Plan| counted == plan.fail_at || plan.sticky && counted > plan.fail_at;
        state.plan.filter(met).map(|plan| plan.kind)
    })
}

/// Our file: what SQLite sees, and the place of the name; the base's file lies right behind.
#[repr(C)]
struct File {
    methods: *const ffi::sqlite3_io_methods,
    name: *const c_char,
}

/// SAFETY (callers): `f` was filled by `v_open` below, so the base's file lies behind it.
unsafe fn real(f: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: see above.
    unsafe { f.cast::<File>().add(1).cast() }
}

/// SAFETY (callers): `name` is null or NUL-terminated and alive.
unsafe fn path(name: *const c_char) -> PathBuf {
    if name.is_null() {
        return PathBuf::new();
    }
    // SAFETY: see above.
    PathBuf::from(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

/// SAFETY (callers): `f` was filled by `v_open`; SQLite keeps a file's name alive while it is open.
unsafe fn path_of(f: *mut ffi::sqlite3_file) -> PathBuf {
    // SAFETY: see above.
    unsafe { path((*f.cast::<File>()).name) }
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
        if fails().is_some_and(|kind| kind != Kind::Garbled) {
            $code
        } else {
            $call
        }
    };
}

unsafe extern "C" fn f_close(f: *mut ffi::sqlite3_file) -> c_int {
    io!(f, xClose)
}
unsafe extern "C" fn f_read(f: *mut ffi::sqlite3_file, buf: *mut c_void, len: c_int, off: i64) -> c_int {
    match fails() {
        // A full or read-only medium can still be read.
        Some(Kind::Io) => ffi::SQLITE_IOERR_READ,
        Some(Kind::Full | Kind::FullShort | Kind::Quota | Kind::ReadOnly | Kind::Garbled) | None => {
            io!(f, xRead, buf, len, off)
        }
    }
}
unsafe extern "C" fn f_write(f: *mut ffi::sqlite3_file, buf: *const c_void, len: c_int, off: i64) -> c_int {
    let code = match fails() {
        None => io!(f, xWrite, buf, len, off),
        Some(Kind::Io) => ffi::SQLITE_IOERR_WRITE,
        Some(Kind::Full) => ffi::SQLITE_FULL,
        Some(Kind::Garbled) => {
            let zeroes = vec![0_u8; len as usize];
            // SAFETY: the file is open.
            let passing = unsafe { path_of(f) }.to_string_lossy().contains(".new");
            let bytes = if passing { zeroes.as_ptr().cast() } else { buf };
            io!(f, xWrite, bytes, len, off)
        }
        Some(Kind::ReadOnly) => ffi::SQLITE_READONLY,
        Some(kind @ (Kind::FullShort | Kind::Quota)) => match io!(f, xWrite, buf, len / 2, off) {
            ffi::SQLITE_OK if kind == Kind::FullShort => ffi::SQLITE_FULL,
            // "unix" tells a quota apart from a full disk no further than this.
            ffi::SQLITE_OK => ffi::SQLITE_IOERR_WRITE,
            code => code,
        },
    };
    if code == ffi::SQLITE_OK {
        // SAFETY: SQLite hands in `len` readable bytes.
        let bytes = || unsafe { std::slice::from_raw_parts(buf.cast::<u8>(), len as usize) }.to_vec();
        // SAFETY: the file is open.
        note(|| Op::Write(unsafe { path_of(f) }, off.cast_unsigned(), bytes()));
    }
    code
}
unsafe extern "C" fn f_truncate(f: *mut ffi::sqlite3_file, size: i64) -> c_int {
    let code = failing!(ffi::SQLITE_IOERR_TRUNCATE, io!(f, xTruncate, size));
    // SAFETY: the file is open.
    note(|| Op::Truncate(unsafe { path_of(f) }, size.cast_unsigned()));
    code
}
unsafe extern "C" fn f_sync(f: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let code = failing!(ffi::SQLITE_IOERR_FSYNC, io!(f, xSync, flags));
    // SAFETY: the file is open.
    note(|| Op::Sync(unsafe { path_of(f) }));
    code
}
unsafe extern "C" fn f_size(f: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    match fails() {
        Some(Kind::Io) => ffi::SQLITE_IOERR_FSTAT,
        Some(Kind::Full | Kind::FullShort | Kind::Quota | Kind::ReadOnly | Kind::Garbled) | None => {
            io!(f, xFileSize, size)
        }
    }
}
unsafe extern "C" fn f_lock(f: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    io!(f, xLock, level)
}
unsafe extern "C" fn f_unlock(f: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    io!(f, xUnlock, level)
}
unsafe extern "C" fn f_reserved(f: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    io!(f, xCheckReservedLock, out)
}
unsafe extern "C" fn f_control(f: *mut ffi::sqlite3_file, op: c_int, arg: *mut c_void) -> c_int {
    io!(f, xFileControl, op, arg)
}
unsafe extern "C" fn f_sector(f: *mut ffi::sqlite3_file) -> c_int {
    io!(f, xSectorSize)
}
unsafe extern "C" fn f_traits(f: *mut ffi::sqlite3_file) -> c_int {
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

unsafe extern "C" fn v_open(
    v: *mut Vfs,
    name: *const c_char,
    f: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: as in the offset VFS: our file in front of the base's, both in SQLite's block; pAppData is the base.
    unsafe {
        (*f).pMethods = ptr::null();
        if fails().is_some_and(|kind| kind != Kind::Garbled) {
            return ffi::SQLITE_CANTOPEN;
        }
        let below = (*v).pAppData.cast::<Vfs>();
        let Some(open) = (*below).xOpen else {
            return ffi::SQLITE_CANTOPEN;
        };
        // As "unix" does where the system answers that the medium is read-only.
        let flags = match is_read_only() {
            true if flags & ffi::SQLITE_OPEN_MAIN_DB == 0 => return ffi::SQLITE_CANTOPEN,
            true => flags & !(ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE) | ffi::SQLITE_OPEN_READONLY,
            false => flags,
        };
        let code = open(below, name, real(f), flags, out);
        if code == ffi::SQLITE_OK {
            let file = f.cast::<File>();
            (*file).methods = &raw const METHODS;
            (*file).name = name;
        }
        code
    }
}

unsafe extern "C" fn v_access(v: *mut Vfs, name: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    if fails() == Some(Kind::Io) {
        return ffi::SQLITE_IOERR_ACCESS;
    }
    // SAFETY: pAppData is the base, which answers through `out`.
    unsafe {
        let below = (*v).pAppData.cast::<Vfs>();
        (*below)
            .xAccess
            .map_or(ffi::SQLITE_IOERR, |access| access(below, name, flags, out))
    }
}

unsafe extern "C" fn v_delete(v: *mut Vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    if fails().is_some_and(|kind| kind != Kind::Garbled) {
        return ffi::SQLITE_IOERR_DELETE;
    }
    // SAFETY: `name` comes from SQLite, NUL-terminated.
    note(|| Op::Delete(unsafe { path(name) }, sync_dir != 0));
    // SAFETY: pAppData is the base, which deletes.
    unsafe {
        let below = (*v).pAppData.cast::<Vfs>();
        (*below)
            .xDelete
            .map_or(ffi::SQLITE_IOERR, |delete| delete(below, name, sync_dir))
    }
}

/// Registers "fault" over "unix", once.
pub(crate) fn register() {
    static ONCE: Mutex<()> = Mutex::new(());
    let _one_at_a_time = ONCE.lock().unwrap_or_else(PoisonError::into_inner);
    let name = CString::new("fault").unwrap();
    // SAFETY: names are NUL-terminated; the copy of the base's table differs only in name, size, open, delete and access, and its
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
        vfs.xAccess = Some(v_access);
        assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(vfs), 0), ffi::SQLITE_OK);
    }
}

/// Every page of an open database as SQLite sees it: deciphered, with whatever lies in its unused parts.
pub(crate) fn pages(conn: &rusqlite::Connection) -> Vec<u8> {
    let mut size: i64 = 0;
    // SAFETY: the connection is open; the answer is a block of `size` bytes that is ours, freed below.
    unsafe {
        let block = ffi::sqlite3_serialize(conn.handle(), c"main".as_ptr(), &raw mut size, 0);
        assert!(!block.is_null());
        let bytes = std::slice::from_raw_parts(block, size as usize).to_vec();
        ffi::sqlite3_free(block.cast());
        bytes
    }
}
