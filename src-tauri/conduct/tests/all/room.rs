//! A room to test in: a folder, a clock that is moved by hand, chance that follows from a seed, people who know their
//! password.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, Duration, FixedOffset};
use conduct::{
    DeviceKeys, FormPath, ItemPath, KdfCost, Role, acts,
    desk::Desk,
    machine::Machine,
    problem::{Answer, Problem},
    renderings::{RenderFault, Renderings, SheetPage, StatementPage},
    requests::{
        AcceptDeclaration, AddPerson, Audit, BeginCheck, CreateSite, HowSound, Lock, OpenFile, Status, StudyInForce,
        Unlock,
    },
    views::{AuditEntryView, CheckView, StatusView},
};
use tempfile::TempDir;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "practice makes perfect";
/// When the clock starts.
const BEGAN: &str = "2026-03-02T08:00:00+08:00";
/// Log-in name, printed name, role.
pub(crate) const PEOPLE: &[(&str, &str, Role)] = &[
    ("admin", "Zhao Min", Role::Administrator),
    ("nurse", "Li Na, RN", Role::Nurse),
    ("nurse2", "Wang Fang, RN", Role::Nurse),
    ("doctor", "Chen Wei, MD", Role::Investigator),
    ("sub", "Sun Yue, MD", Role::SubInvestigator),
    ("monitor", "Ana Ruiz", Role::Monitor),
    ("data", "Chidi Okafor", Role::DataManager),
    ("auditor", "Jonas Meyer", Role::Auditor),
];

/// Seconds since the clock started; shared by everything in a room.
pub(crate) type Clock = Arc<AtomicI64>;

/// The made-up machine.
struct Made {
    seed: u64,
    drawn: u64,
    clock: Clock,
    faults: Arc<Mutex<Vec<String>>>,
}

impl Machine for Made {
    fn now(&self) -> DateTime<FixedOffset> {
        let began: DateTime<FixedOffset> = BEGAN.parse().unwrap();
        began + Duration::seconds(self.clock.load(Ordering::Relaxed))
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            self.drawn += 1;
            let digest = proof::Digest::of(format!("{} {}", self.seed, self.drawn).as_bytes());
            chunk.copy_from_slice(&digest.0[..chunk.len()]);
        }
    }

    fn kdf(&self, synthetic: bool) -> KdfCost {
        if synthetic {
            KdfCost::cheap()
        } else {
            KdfCost::standard()
        }
    }

    fn note_fault(&mut self, reference: &str, chain: &str) {
        self.faults.lock().unwrap().push(format!("{reference}: {chain}"));
    }
}

/// Paper that keeps what would stand on it.
struct Plain;

impl Renderings for Plain {
    fn eligibility_statement(&self, page: &StatementPage<'_>) -> Result<Vec<u8>, RenderFault> {
        Ok(format!(
            "{} {} {} {}",
            page.eligibility.subject, page.eligibility.verdict, page.study.version, page.made_by
        )
        .into_bytes())
    }

    fn sheet(&self, page: &SheetPage<'_>) -> Result<Vec<u8>, RenderFault> {
        let words = page.words.join(" ");
        Ok(format!("{} {:?} {words} {:?}", page.kind, page.facts, page.rows).into_bytes())
    }
}

/// A folder with a desk in it.
pub(crate) struct Room {
    pub(crate) desk: Desk,
    pub(crate) clock: Clock,
    pub(crate) faults: Arc<Mutex<Vec<String>>>,
    pub(crate) folder: PathBuf,
    _kept: Option<TempDir>,
}

/// A desk on a folder's file whose device keys lie in `devices`.
pub(crate) fn desk(seed: u64, clock: &Clock, devices: &Path) -> (Desk, Arc<Mutex<Vec<String>>>) {
    let faults = Arc::new(Mutex::new(Vec::new()));
    let made = Made {
        seed,
        drawn: 0,
        clock: Arc::clone(clock),
        faults: Arc::clone(&faults),
    };
    let desk = Desk::new(Box::new(made), Box::new(Plain), DeviceKeys::at(devices, "laptop 1"));
    (desk.unwrap(), faults)
}

impl Room {
    /// Nothing but a desk for practice files.
    pub(crate) fn empty() -> Self {
        let kept = tempfile::tempdir().unwrap();
        let mut room = Self::at(kept.path());
        room._kept = Some(kept);
        room
    }

    /// The same in a folder that somebody else keeps.
    pub(crate) fn at(folder: &Path) -> Self {
        // Every desk of a process draws other chance, as other machines and later days would.
        static SEED: AtomicI64 = AtomicI64::new(1);
        let seed = u64::try_from(SEED.fetch_add(1, Ordering::Relaxed)).unwrap() + u64::from(std::process::id()) * 1000;
        let clock = Clock::default();
        let (mut desk, faults) = desk(seed, &clock, &folder.join("devices"));
        desk.practise(PASSWORD);
        Self {
            desk,
            clock,
            faults,
            folder: folder.to_owned(),
            _kept: None,
        }
    }

    /// A site with everybody in it, each with the declaration accepted; nobody logged in, the file on the desk. It is
    /// made once per process by the acts themselves; every room gets the files.
    pub(crate) fn furnished() -> Self {
        let mut room = Self::empty();
        room.furnish();
        room
    }

    /// Puts the furnished site into this room.
    pub(crate) fn furnish(&mut self) {
        static MADE: OnceLock<(Vec<u8>, String, Vec<u8>, i64)> = OnceLock::new();
        let (file, name, key, passed) = MADE.get_or_init(|| {
            let mut room = Self::empty();
            room.create();
            for (login, printed, role) in &PEOPLE[1..] {
                room.add(login, printed, *role).unwrap();
            }
            for (login, _, _) in PEOPLE {
                room.sit(login);
                room.declare();
            }
            room.lock();
            let key = fs::read_dir(room.folder.join("devices"))
                .unwrap()
                .next()
                .unwrap()
                .unwrap()
                .path();
            let name = key.file_name().unwrap().to_string_lossy().into_owned();
            (
                fs::read(room.file()).unwrap(),
                name,
                fs::read(key).unwrap(),
                room.clock.load(Ordering::Relaxed),
            )
        });
        fs::write(self.file(), file).unwrap();
        fs::create_dir_all(self.folder.join("devices")).unwrap();
        fs::write(self.folder.join("devices").join(name), key).unwrap();
        self.clock.store(*passed, Ordering::Relaxed);
        self.open().unwrap();
    }

    /// Where the site file lies: on the room's own small disk, if it has one.
    pub(crate) fn file(&self) -> PathBuf {
        let disk = self.folder.join("disk");
        let at = if disk.is_dir() { &disk } else { &self.folder };
        at.join("site.cartwright")
    }

    /// Puts the site file on the desk.
    pub(crate) fn open(&mut self) -> Answer<StatusView> {
        self.open_at(&self.file())
    }

    /// Puts any file on the desk.
    pub(crate) fn open_at(&mut self, path: &Path) -> Answer<StatusView> {
        let handle = self.desk.choose(path.to_owned());
        acts::open_file(&mut self.desk, OpenFile { handle })
    }

    /// Makes the site file; the administrator sits. Answers with the recovery code.
    pub(crate) fn create(&mut self) -> String {
        self.create_at(&self.file()).unwrap()
    }

    /// Makes a site file anywhere.
    pub(crate) fn create_at(&mut self, path: &Path) -> Answer<String> {
        let handle = self.desk.choose(path.to_owned());
        let asked = CreateSite {
            handle,
            site: "012".into(),
            site_name: "Practice Hospital".into(),
            login: PEOPLE[0].0.into(),
            printed_name: PEOPLE[0].1.into(),
            identity_verified: "badge and passport".into(),
            password: PASSWORD.into(),
        };
        Ok(acts::create_site(&mut self.desk, asked)?.recovery_code)
    }

    /// Adds a person.
    pub(crate) fn add(&mut self, login: &str, printed: &str, role: Role) -> Answer<()> {
        self.pass(60);
        let asked = AddPerson {
            login: login.into(),
            printed_name: printed.into(),
            role,
            identity_verified: "badge and passport".into(),
            password: PASSWORD.into(),
            days: (role == Role::Auditor).then_some(366),
        };
        acts::add_person(&mut self.desk, asked).map(|_| ())
    }

    /// Somebody logs in at the file on the desk.
    pub(crate) fn unlock(&mut self, login: &str, password: &str) -> Answer<StatusView> {
        acts::unlock(
            &mut self.desk,
            Unlock {
                login: login.into(),
                password: password.into(),
            },
        )
    }

    /// Somebody else sits down.
    pub(crate) fn sit(&mut self, login: &str) {
        self.pass(60);
        if self.status().session.is_some() {
            self.lock();
        }
        if self.status().file.is_none() {
            self.open().unwrap();
        }
        self.unlock(login, PASSWORD).unwrap();
    }

    /// The person here accepts the declaration.
    pub(crate) fn declare(&mut self) {
        let text = self.statement("declaration");
        acts::accept_declaration(
            &mut self.desk,
            AcceptDeclaration {
                text,
                password: PASSWORD.into(),
            },
        )
        .unwrap();
    }

    pub(crate) fn lock(&mut self) {
        acts::lock(&mut self.desk, Lock { how: "person".into() }).unwrap();
    }

    pub(crate) fn status(&mut self) -> StatusView {
        acts::status(&mut self.desk, Status {}).unwrap()
    }

    /// Time passes; a negative number turns the clock back.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn pass_days(&self, days: i64) {
        self.pass(days * 86_400);
    }

    /// The study's statement in English.
    pub(crate) fn statement(&mut self, code: &str) -> String {
        let def = acts::study_in_force(&mut self.desk, StudyInForce { version: None }).unwrap();
        def.statements.iter().find(|s| s.code == code).unwrap().text.en.clone()
    }

    /// The newest entries of the journal, newest first.
    pub(crate) fn journal(&mut self) -> Vec<AuditEntryView> {
        acts::audit(&mut self.desk, Audit::default()).unwrap().entries
    }

    /// Number of the newest entry.
    pub(crate) fn length(&mut self) -> u64 {
        self.journal()[0].seq
    }

    /// What a verification of everything says.
    pub(crate) fn checked(&mut self) -> CheckView {
        acts::begin_check(&mut self.desk, BeginCheck {}).unwrap();
        while self.desk.verify_on(&mut || false) {}
        acts::soundness(&mut self.desk, HowSound {}).unwrap().result.unwrap()
    }

    /// Whether the whole file holds; says what does not.
    #[track_caller]
    pub(crate) fn sound(&mut self) {
        let checked = self.checked();
        assert!(checked.holds, "{:?}", checked.findings);
        assert!(checked.findings.is_empty() && checked.entries > 0);
    }
}

/// The refusal's code and facts.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(answer: Answer<T>) -> (String, Vec<(String, String)>) {
    match answer {
        Err(Problem::Refusal { code, facts }) => (code, facts),
        Err(fault @ Problem::Fault { .. }) => panic!("a fault, not a refusal: {fault:?}"),
        Ok(answer) => panic!("not refused: {answer:?}"),
    }
}

/// The refusal's code alone.
#[track_caller]
pub(crate) fn code<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    refused(answer).0
}

/// One fact of a refusal.
#[track_caller]
pub(crate) fn fact(facts: &[(String, String)], name: &str) -> String {
    facts
        .iter()
        .find(|(known, _)| known == name)
        .unwrap_or_else(|| panic!("no {name} in {facts:?}"))
        .1
        .clone()
}

pub(crate) fn form(text: &str) -> FormPath {
    text.parse().unwrap()
}

pub(crate) fn item(text: &str) -> ItemPath {
    text.parse().unwrap()
}
