//! A disk on which the power goes: what was asked of it is taken in step by step, and at any step it can be built as it may
//! then be. Bytes are certain once their file was synced, names once their folder was; until then any of them may be there.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    path::{Path, PathBuf},
    rc::Rc,
};

use crate::{
    Chance as _,
    desk::{Desk, Seed},
    tests::soak,
    vfs::fault::Op,
};

const SECTOR: usize = 512;

/// Files by name. Two names of one file share its bytes.
pub(crate) type Files = BTreeMap<PathBuf, Rc<Vec<u8>>>;
/// Files by name, as their numbers in [`Disk::bodies`].
type Names = BTreeMap<PathBuf, usize>;

pub(crate) fn number(seed: &mut Seed) -> u64 {
    let mut bytes = [0; 8];
    seed.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// What of all that is not certain is there after the power went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Nothing,
    All,
    /// Some bytes, some names, in no order.
    Some,
    /// Bytes torn within sectors; names up to some point.
    Torn,
    /// Every name, and no byte.
    NamesAlone,
    /// Every byte, and no name.
    BytesAlone,
}

const WAYS: [Way; 6] = [
    Way::Nothing,
    Way::All,
    Way::Some,
    Way::Torn,
    Way::NamesAlone,
    Way::BytesAlone,
];

/// A change of a file's bytes that is not certain yet.
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    fn put(&self, file: &mut Vec<u8>, torn: Option<&mut Seed>) {
        match self {
            Self::Write(at, bytes) => {
                if file.len() < at + bytes.len() {
                    file.resize(at + bytes.len(), 0);
                }
                let Some(seed) = torn else {
                    file[*at..at + bytes.len()].copy_from_slice(bytes);
                    return;
                };
                for (n, sector) in bytes.chunks(SECTOR).enumerate() {
                    if number(seed).is_multiple_of(2) {
                        let at = at + n * SECTOR;
                        file[at..at + sector.len()].copy_from_slice(sector);
                    }
                }
            }
            Self::Truncate(size) => file.truncate(*size),
        }
    }
}

#[derive(Default)]
struct Body {
    certain: Vec<u8>,
    pending: Vec<Change>,
}

impl Body {
    fn after(&self, way: Way, seed: &mut Seed) -> Vec<u8> {
        let mut file = self.certain.clone();
        for change in &self.pending {
            match way {
                Way::Nothing | Way::NamesAlone => {}
                Way::All | Way::BytesAlone => change.put(&mut file, None),
                Way::Some if number(seed).is_multiple_of(2) => change.put(&mut file, None),
                Way::Some => {}
                Way::Torn => change.put(&mut file, Some(seed)),
            }
        }
        file
    }
}

/// A change of names that is not certain yet.
enum Named {
    Is(PathBuf, usize),
    Was(PathBuf),
    Moved(PathBuf, PathBuf, usize),
}

impl Named {
    fn put(&self, names: &mut Names) {
        match self {
            Self::Is(path, body) => drop(names.insert(path.clone(), *body)),
            Self::Was(path) => drop(names.remove(path)),
            Self::Moved(from, to, body) => {
                names.remove(from);
                names.insert(to.clone(), *body);
            }
        }
    }

    fn lies_in(&self, folder: &Path) -> bool {
        match self {
            Self::Is(path, _) | Self::Was(path) | Self::Moved(_, path, _) => path.parent() == Some(folder),
        }
    }
}

fn is_journal(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-cwjrnl")
}

/// For the controls: every other sync of these is a lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Lies {
    #[default]
    None,
    OfJournals,
    OfFiles,
}

/// The disk at some step.
#[derive(Default)]
pub(crate) struct Disk {
    bodies: Vec<Body>,
    /// Names as the running system sees them.
    now: Names,
    /// Names that a power loss leaves.
    certain: Names,
    pending: Vec<Named>,
    /// What the test was told so far.
    told: BTreeSet<u64>,
    lies: Lies,
    /// How many syncs were asked for that may be lies.
    asked: u64,
}

impl Disk {
    /// A quiet disk with these files.
    fn with(files: &Files, lies: Lies) -> Self {
        let mut disk = Self {
            lies,
            ..Self::default()
        };
        for (path, bytes) in files {
            let body = disk.body();
            disk.bodies[body].certain.clone_from(bytes.as_ref());
            disk.now.insert(path.clone(), body);
        }
        disk.certain = disk.now.clone();
        disk
    }

    fn body(&mut self) -> usize {
        self.bodies.push(Body::default());
        self.bodies.len() - 1
    }

    fn named(&mut self, named: Named) {
        named.put(&mut self.now);
        self.pending.push(named);
    }

    /// The file of a name, made if there is none.
    fn at(&mut self, path: &Path) -> usize {
        if let Some(body) = self.now.get(path) {
            return *body;
        }
        let body = self.body();
        self.named(Named::Is(path.to_owned(), body));
        body
    }

    fn names_are_certain(&mut self, folder: &Path) {
        let (now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|named| named.lies_in(folder));
        self.pending = later;
        for named in now {
            named.put(&mut self.certain);
        }
    }

    fn take(&mut self, op: &Op) {
        let length = |size: &u64| usize::try_from(*size).unwrap();
        match op {
            Op::Told(what) => drop(self.told.insert(*what)),
            Op::Write(path, at, bytes) => {
                let body = self.at(path);
                self.bodies[body].pending.push(Change::Write(length(at), bytes.clone()));
            }
            Op::Truncate(path, size) => {
                let body = self.at(path);
                self.bodies[body].pending.push(Change::Truncate(length(size)));
            }
            Op::Create(path) => {
                let body = self.at(path);
                self.bodies[body].pending.push(Change::Truncate(0));
            }
            Op::Sync(path) => self.sync(path),
            Op::Rename(from, to) => {
                let body = self.at(from);
                self.named(Named::Moved(from.clone(), to.clone(), body));
            }
            Op::Link(from, to) => {
                let body = self.at(from);
                self.named(Named::Is(to.clone(), body));
            }
            Op::Delete(path, with_folder) => {
                self.named(Named::Was(path.clone()));
                if *with_folder {
                    self.names_are_certain(path.parent().unwrap());
                }
            }
            Op::SyncFolder(folder) => self.names_are_certain(folder),
        }
    }

    fn sync(&mut self, path: &Path) {
        let may_lie = match self.lies {
            Lies::None => false,
            Lies::OfJournals => is_journal(path),
            Lies::OfFiles => !is_journal(path),
        };
        if may_lie {
            self.asked += 1;
            if self.asked.is_multiple_of(2) {
                return;
            }
        }
        let body = self.at(path);
        let Body { certain, pending } = &mut self.bodies[body];
        for change in pending.drain(..) {
            change.put(certain, None);
        }
        // As "unix" does with the first sync of a journal that it made.
        if is_journal(path) && !self.certain.contains_key(path) {
            self.names_are_certain(path.parent().unwrap());
        }
    }

    /// The disk after the power went; `None` where this way is no other than those before it.
    fn after(&self, way: Way, seed: &mut Seed) -> Option<Files> {
        let unsure = self.now.values().chain(self.certain.values());
        let bytes = unsure.copied().any(|body| !self.bodies[body].pending.is_empty());
        let names = !self.pending.is_empty();
        let other = match way {
            Way::Nothing => true,
            Way::All | Way::Some | Way::Torn => bytes || names,
            Way::NamesAlone | Way::BytesAlone => bytes && names,
        };
        if !other {
            return None;
        }
        let some = match way {
            Way::Torn => usize::try_from(number(seed)).unwrap() % (self.pending.len() + 1),
            Way::Nothing | Way::All | Way::Some | Way::NamesAlone | Way::BytesAlone => 0,
        };
        let mut after = self.certain.clone();
        for (n, named) in self.pending.iter().enumerate() {
            let there = match way {
                Way::Nothing | Way::BytesAlone => false,
                Way::All | Way::NamesAlone => true,
                Way::Some => number(seed).is_multiple_of(2),
                Way::Torn => n < some,
            };
            if there {
                named.put(&mut after);
            }
        }
        let mut bytes: BTreeMap<usize, Rc<Vec<u8>>> = BTreeMap::new();
        let file = |(path, body): (PathBuf, usize)| {
            let bytes = bytes
                .entry(body)
                .or_insert_with(|| Rc::new(self.bodies[body].after(way, seed)));
            (path, Rc::clone(bytes))
        };
        Some(after.into_iter().map(file).collect())
    }
}

/// Everything in a folder and the folders in it; nobody has any of it open.
pub(crate) fn files_in(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.insert(path.clone(), Rc::new(std::fs::read(path).unwrap()));
        }
    }
    files
}

/// The folder holds these files and nothing else.
pub(crate) fn lay_out(folder: &Path, files: &Files) {
    for path in files_in(folder).into_keys() {
        std::fs::remove_file(path).unwrap();
    }
    for (n, (path, bytes)) in files.iter().enumerate() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match files.iter().take(n).find(|(_, other)| Rc::ptr_eq(bytes, other)) {
            Some((first, _)) => std::fs::hard_link(first, path).unwrap(),
            None => std::fs::write(path, bytes.as_slice()).unwrap(),
        }
    }
}

/// What was looked at.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    /// Steps of the record.
    pub(crate) points: usize,
    /// Disks that are not all the same, or of which not the same was told.
    pub(crate) disks: usize,
    pub(crate) wrong: Vec<String>,
}

/// What is wrong with the disk that lies on the desk when this was told; empty: nothing.
pub(crate) type Wrong<'a> = &'a mut dyn FnMut(&mut Desk, &BTreeSet<u64>) -> Vec<String>;

/// Builds the disks that a power loss may leave at every `step`-th point of a record, and looks at each.
pub(crate) fn after_every_point(
    (desk, before): (&mut Desk, &Files),
    ops: &[Op],
    (step, lies): (usize, Lies),
    wrong: Wrong<'_>,
) -> Looked {
    let mut disk = Disk::with(before, lies);
    let mut seed = Seed(7);
    let mut looked = Looked::default();
    let mut met = HashSet::new();
    for (k, op) in ops.iter().enumerate() {
        disk.take(op);
        if matches!(op, Op::Told(_)) && k + 1 < ops.len() {
            continue;
        }
        looked.points += 1;
        // Few points are about names, and each is looked at.
        let named = matches!(op, Op::Create(_) | Op::Rename(..) | Op::Link(..) | Op::SyncFolder(_));
        if !named && !k.is_multiple_of(step) && k + 1 < ops.len() {
            continue;
        }
        for way in WAYS {
            let Some(files) = disk.after(way, &mut seed) else {
                continue;
            };
            let mut hash = DefaultHasher::new();
            (&files, disk.told.len()).hash(&mut hash);
            if !met.insert(hash.finish()) {
                continue;
            }
            looked.disks += 1;
            lay_out(desk.folder.path(), &files);
            let found = wrong(desk, &disk.told);
            if !found.is_empty() {
                looked.wrong.push(format!("point {k}, {way:?}: {}", found.join("; ")));
            }
        }
    }
    looked
}

/// How far apart the points are that are looked at: every one when soaking.
pub(crate) fn stride(short: usize) -> usize {
    if soak() { 1 } else { short }
}
