//! Files that nobody has open: made, named, removed, and made durable. Everything that the store does to names in a folder
//! is done here, step by step, so that tests can fail each step and see what a power loss leaves of it.
//!
//! Invariant. Never called for a site file while it is open: closing another descriptor would drop its lock.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

#[cfg(test)]
use crate::vfs::fault::{self, Op};
use crate::{
    error::{Result, StoreError},
    vfs,
};

/// One step. Under test it may fail instead, and is written down when it was done.
macro_rules! step {
    ($op:expr, $done:expr) => {{
        #[cfg(test)]
        fault::step()?;
        let done = $done?;
        #[cfg(test)]
        fault::note(|| $op);
        done
    }};
}

/// The folder that a name lies in.
fn folder_of(of: &Path) -> &Path {
    of.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Makes an empty file under a name that nothing has.
pub(crate) fn create(path: &Path) -> io::Result<()> {
    step!(Op::Create(path.to_owned()), fs::File::create_new(path));
    Ok(())
}

/// Who may read a file that is written here, as far as the system asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// This user of the computer alone.
    Owner,
    /// Whoever may in this folder.
    AsInFolder,
}

/// Writes a file of a passing name whole and makes its bytes durable.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _no_such_mode_here = readers;
    let mut file = step!(Op::Create(path.to_owned()), options.open(path));
    step!(Op::Write(path.to_owned(), 0, bytes.to_vec()), file.write_all(bytes));
    step!(Op::Sync(path.to_owned()), file.sync_all());
    Ok(())
}

/// Copies a file to a name that nothing has, and makes the copy's bytes durable.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut read = fs::File::open(from)?;
    let mut written = step!(
        Op::Create(to.to_owned()),
        fs::File::options().write(true).create_new(true).open(to)
    );
    step!(
        Op::Write(to.to_owned(), 0, fs::read(to).unwrap_or_default()),
        io::copy(&mut read, &mut written)
    );
    step!(Op::Sync(to.to_owned()), written.sync_all());
    Ok(())
}

/// Copies a file to a name that nothing has, and compares the two. Bytes alone: the copy of a file that may not be written may
/// be.
pub(crate) fn copy_out(from: &Path, to: &Path) -> Result<()> {
    copy(from, to)?;
    if same_bytes(fs::File::open(from)?, fs::File::open(to)?)? {
        Ok(())
    } else {
        Err(StoreError::Damaged { what: "copy" })
    }
}

fn same_bytes(mut one: fs::File, mut other: fs::File) -> Result<bool> {
    let (mut here, mut there) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    loop {
        let read = one.read(&mut here)?;
        let Some(these) = here.get(..read).filter(|these| !these.is_empty()) else {
            return Ok(other.read(&mut there)? == 0);
        };
        let Some(those) = there.get_mut(..read) else {
            return Ok(false);
        };
        match other.read_exact(those) {
            Ok(()) if these == those => {}
            Ok(()) => return Ok(false),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Makes the bytes of a file durable.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    step!(
        Op::Sync(path.to_owned()),
        fs::File::options().write(true).open(path)?.sync_all()
    );
    Ok(())
}

/// Gives a file another name; what had it before has it no more.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step!(Op::Rename(from.to_owned(), to.to_owned()), fs::rename(from, to));
    Ok(())
}

/// The ending of a name that something has until it is whole.
const PASSING: &str = ".new";

fn passing_of(name: &Path) -> PathBuf {
    let mut passing = name.as_os_str().to_owned();
    passing.push(PASSING);
    passing.into()
}

/// Gives a file a second name that nothing has: as a link; or, where there are none, as a copy, which has another name until it
/// is whole.
pub(crate) fn link(path: &Path, second: &Path) -> Result<()> {
    fn linked(path: &Path, second: &Path) -> io::Result<()> {
        #[cfg(test)]
        fault::may_link()?;
        step!(
            Op::Link(path.to_owned(), second.to_owned()),
            fs::hard_link(path, second)
        );
        Ok(())
    }
    if linked(path, second).is_ok() {
        return Ok(());
    }
    let passing = passing_of(second);
    // What a try that was cut short left.
    forget(&passing);
    let copied = copy_out(path, &passing).and_then(|()| Ok(rename(&passing, second)?));
    if copied.is_err() {
        forget(&passing);
    }
    copied
}

/// Where a file is kept beside itself under an ending: at a name that nothing has, or that is the file's own since a try that
/// was cut short. What such a try left as a copy, whole or not, is passed over and stays; anything else is in the way.
/// `begins`: the bytes that every copy of the file begins with.
pub(crate) fn kept(path: &Path, ending: &str, begins: &[u8]) -> Result<PathBuf> {
    let mut n = 1;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        if n > 1 {
            name.push(format!("-{n}"));
        }
        let name = PathBuf::from(name);
        if !name.try_exists()? || same(&name, path)? {
            return Ok(name);
        }
        let mut first = Vec::new();
        let most = u64::try_from(begins.len()).unwrap_or(u64::MAX);
        fs::File::open(&name)?.take(most).read_to_end(&mut first)?;
        if !begins.starts_with(&first) {
            return Err(StoreError::AlreadyExists);
        }
        n += 1;
    }
}

/// Whether two names are of one and the same file.
pub(crate) fn same(one: &Path, other: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        // Asking opens nothing.
        let (one, other) = (fs::metadata(one)?, fs::metadata(other)?);
        Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
    }
    #[cfg(not(unix))]
    {
        let _no_such_question_here = (one, other);
        Ok(false)
    }
}

/// Gives a file that is whole the name that nothing has yet, durably. Fails as if it had never been tried; or, where the name
/// could not be taken back, as [`StoreError::Unsettled`].
pub(crate) fn place(passing: &Path, to: &Path) -> Result<()> {
    rename(passing, to)?;
    sync_folder(to).map_err(|error| match remove(to) {
        Ok(()) => error.into(),
        Err(_) => StoreError::Unsettled(Box::new(error.into())),
    })
}

/// Removes a name.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    step!(Op::Delete(path.to_owned(), false), fs::remove_file(path));
    Ok(())
}

/// Makes the names in a file's folder durable.
pub(crate) fn sync_folder(of: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = folder_of(of);
        step!(
            Op::SyncFolder(folder.to_owned()),
            fs::File::open(folder).and_then(|folder| folder.sync_all())
        );
    }
    #[cfg(not(unix))]
    let _no_such_call_here = of;
    Ok(())
}

/// Makes a folder where there is none, with those above it; their names are durable.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut made: Vec<PathBuf> = Vec::new();
    let mut at = Some(folder);
    while let Some(missing) = at.filter(|at| !at.as_os_str().is_empty() && !at.exists()) {
        made.push(missing.to_owned());
        at = missing.parent();
    }
    fs::create_dir_all(folder)?;
    made.iter().try_for_each(|folder| sync_folder(folder))
}

/// Removes a file that never had a name of its own, and its journal.
pub(crate) fn forget(passing: &Path) {
    for left in [vfs::journal_of(passing), passing.to_owned()] {
        let _not_there = remove(&left);
    }
}
