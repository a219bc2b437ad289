//! What a save costs, beside the least that it could cost, and what opening a thick casebook costs. Figures are
//! printed with the aim and whether it is met; nothing is asserted.
//!
//! `cargo bench -p conduct --features bench`; without the feature the line of the bare transaction is absent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot prepare its file says so by stopping"
)]

#[path = "../tests/all/chart.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod chart;
#[path = "../tests/all/room.rs"]
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod room;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use conduct::{
    DeviceKeys, acts,
    requests::{FormOf, SubjectOf},
};
use store::{Chance, Save, SecretString, Session, Signer, SiteFile, Stamp};
use study::{
    act::{Act, Moment},
    value::Value,
};

use crate::{
    chart::{Chart, Raw},
    room::{PASSWORD, Room, item},
};

const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";
/// Rounds and saves in each: the kinds take turns, so that a slow moment of the disk meets all of them.
const ROUNDS: usize = 10;
const EACH: usize = 40;

/// Durations of one kind.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    fn take<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.0.push(began.elapsed());
        done
    }

    /// The duration that a share of them, in percent, does not exceed.
    fn at(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort();
        let last = sorted.len() - 1;
        sorted[last * percent / 100].as_secs_f64() * 1000.0
    }

    fn tell(&self, what: &str) {
        println!(
            "{what:<58} median {:8.3} ms   p95 {:8.3} ms   n {}",
            self.at(50),
            self.at(95),
            self.0.len()
        );
    }
}

fn met(figure: f64, aim: f64) -> &'static str {
    if figure <= aim { "met" } else { "NOT met" }
}

/// Chance for the store alone.
struct Counted(u64);

impl Chance for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&proof::Digest::of(&self.0.to_be_bytes()).0[..chunk.len()]);
        }
    }
}

/// A screened subject, the nurse in front of it.
fn screened(folder: &Path) -> Room {
    std::fs::create_dir_all(folder).unwrap();
    let mut room = Room::at(folder);
    room.furnish();
    room.pass_days(6);
    room.sit("nurse");
    room.screen("S-001", &Chart::eligible().without(&["LAB.CREAT"]));
    room
}

/// The same file opened with nothing above the store.
struct Bottom {
    file: SiteFile,
    nurse: Session,
    chance: Counted,
    saves: u64,
}

impl Bottom {
    fn open(mut room: Room) -> Self {
        acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
        let devices = DeviceKeys::at(&room.folder.join("devices"), "laptop 1");
        let (password, mut chance) = (SecretString::from(PASSWORD), Counted(1 << 40));
        let stamp = Stamp {
            moment: Self::moment(),
            criteria: criteria::VERSION.to_owned(),
        };
        let (file, nurse) = SiteFile::unlock(&room.file(), "nurse", &password, &stamp, &mut chance, &devices).unwrap();
        Self {
            file,
            nurse,
            chance,
            saves: 0,
        }
    }

    fn moment() -> Moment {
        Moment {
            at: "2026-03-20T08:00:00.000Z".into(),
            offset: "+08:00".into(),
        }
    }

    /// One item, in one transaction.
    fn save_one(&mut self) {
        self.saves += 1;
        let value = |number: u64| Value::Number {
            number: number.into(),
            unit: Some("10^9/L".into()),
        };
        let (new, old) = (60 + self.saves % 2, 60 + (self.saves + 1) % 2);
        let act = Act::ValueEntered {
            path: item(PLT),
            value: Some(value(new)),
            old: Some(value(old)),
            by_hand: false,
        };
        let mut id = [0; 16];
        self.chance.fill(&mut id);
        let save = Save {
            id,
            deeds: vec![act.into()],
            noted: Vec::new(),
            signer: Signer::Person(&self.nurse),
            role: Some(self.nurse.role()),
            moment: Self::moment(),
            study: "ALLO-CD19-BALL@1.0".into(),
            criteria: criteria::VERSION.to_owned(),
        };
        self.file.transact(&save, &mut self.chance).unwrap();
    }
}

/// One item as the page saves it: rights, reading, rules, entry, durable commit, the form as it then stands.
fn save_at_the_desk(room: &mut Room, turn: usize) {
    let number = if turn.is_multiple_of(2) { "62" } else { "63" };
    room.type_at(PLT, Raw::Number(number, "10^9/L")).unwrap();
}

fn saving(folder: &Path) {
    let mut desk = screened(&folder.join("desk"));
    let mut bottom = Bottom::open(screened(&folder.join("store")));
    #[cfg(feature = "bench")]
    let mut bare = store::bench_support::Bare::create(&folder.join("bare.cartwright")).unwrap();
    let (mut acts, mut transact, mut page) = (Times::default(), Times::default(), Times::default());
    #[cfg(feature = "bench")]
    let mut least = Times::default();
    for round in 0..ROUNDS {
        for turn in 0..EACH {
            acts.take(|| save_at_the_desk(&mut desk, turn));
            page.take(|| desk.form("S-001/SCR/LAB"));
        }
        for _ in 0..EACH {
            transact.take(|| bottom.save_one());
        }
        #[cfg(feature = "bench")]
        for turn in 0..EACH {
            least.take(|| bare.save_one(&format!("round {round} turn {turn}")).unwrap());
        }
        let _ = round;
    }
    acts.tell("save of one item, acts::enter_value");
    page.tell("  of which the form as it then stands, acts::form");
    transact.tell("save of one item, store.transact alone");
    #[cfg(feature = "bench")]
    {
        least.tell("bare SQLCipher transaction, one row, same pragmas");
        let aim = least.at(50).mul_add(1.3, 0.3);
        for (what, times) in [("acts::enter_value", &acts), ("store.transact", &transact)] {
            let figure = times.at(50);
            println!(
                "  {what}: aim 1.3 x bare + 0.3 ms = {aim:.3} ms, {figure:.3} ms: {}",
                met(figure, aim)
            );
        }
    }
    #[cfg(not(feature = "bench"))]
    println!("  the bare transaction is not built in: cargo bench -p conduct --features bench");
    desk.desk.put_away_now();
    bottom.file.close().unwrap();
}

/// Items that a subject's casebook holds, and the forms they stand on.
fn thickness(room: &mut Room) -> (u32, Vec<FormOf>) {
    let subject = acts::subject(
        &mut room.desk,
        SubjectOf {
            subject: "S-001".into(),
        },
    )
    .unwrap();
    let filled = subject
        .visits
        .into_iter()
        .flat_map(|visit| visit.forms)
        .filter(|form| form.state != "empty");
    let mut items = 0;
    let mut forms = Vec::new();
    for form in filled {
        items += form.answered;
        forms.push(FormOf { form: form.form });
    }
    (items, forms)
}

fn opening(folder: &Path) {
    let mut room = screened(folder);
    room.pass_days(60);
    let mut visit = 1;
    let (items, forms) = loop {
        let no = if visit == 1 {
            String::new()
        } else {
            format!("[{visit}]")
        };
        room.fill(&format!("S-001/CRS{no}/CRS"), &Chart::eligible());
        let (items, forms) = thickness(&mut room);
        if items >= 1000 {
            break (items, forms);
        }
        visit += 1;
    };
    let (mut subject, mut one, mut whole) = (Times::default(), Times::default(), Times::default());
    for _ in 0..15 {
        whole.take(|| {
            subject.take(|| {
                acts::subject(
                    &mut room.desk,
                    SubjectOf {
                        subject: "S-001".into(),
                    },
                )
                .unwrap()
            });
            for form in &forms {
                one.take(|| acts::form(&mut room.desk, form.clone()).unwrap());
            }
        });
    }
    println!("\ncasebook of {items} items on {} forms", forms.len());
    subject.tell("reading the subject (visits, states of all forms)");
    one.tell("reading one form of it");
    whole.tell("reading the subject and every form");
    let first = subject.at(50) + one.at(50);
    println!(
        "  subject and the form that is looked at: aim 50 ms, {first:.1} ms: {}",
        met(first, 50.0)
    );
    println!(
        "  subject and every form: aim 50 ms, {:.1} ms: {}",
        whole.at(50),
        met(whole.at(50), 50.0)
    );
    room.desk.put_away_now();
}

fn typed(path: &str, text: &str) -> Act {
    Act::ValueEntered {
        path: item(path),
        value: Some(Value::Text { text: text.to_owned() }),
        old: None,
        by_hand: false,
    }
}

/// A day later the nurse's saves, made without the desk; the file is closed then.
fn in_bulk(room: &mut Room, saves: usize, acts_of: impl Fn(usize) -> Vec<Act>) {
    room.pass_days(1);
    room.sit("nurse");
    let moment = room.journal()[0].when.clone();
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    let devices = DeviceKeys::at(&room.folder.join("devices"), "laptop 1");
    let (password, mut chance) = (SecretString::from(PASSWORD), Counted(1 << 41));
    let stamp = Stamp {
        moment: moment.clone(),
        criteria: criteria::VERSION.to_owned(),
    };
    let (mut file, nurse) = SiteFile::unlock(&room.file(), "nurse", &password, &stamp, &mut chance, &devices).unwrap();
    file.begin_bulk().unwrap();
    for save in 0..saves {
        let mut id = [0; 16];
        chance.fill(&mut id);
        let save = Save {
            id,
            deeds: acts_of(save).into_iter().map(Into::into).collect(),
            noted: Vec::new(),
            signer: Signer::Person(&nurse),
            role: Some(conduct::Role::Nurse),
            moment: moment.clone(),
            study: "ALLO-CD19-BALL@1.0".into(),
            criteria: criteria::VERSION.to_owned(),
        };
        file.transact(&save, &mut chance).unwrap();
    }
    file.end_bulk().unwrap();
    file.close().unwrap();
}

/// Subjects of the list, and forms of each that are said to be complete.
const LISTED: (usize, usize) = (1_000, 50);

/// The list of subjects and Today: as the file is opened, after a save, and with nothing new.
fn listing(folder: &Path) {
    let mut room = screened(folder);
    let study = acts::study_in_force(&mut room.desk, conduct::requests::StudyInForce { version: None }).unwrap();
    let visits = study.visits.iter();
    let forms = visits.flat_map(|visit| visit.forms.iter().map(move |form| format!("{}/{form}", visit.oid)));
    let forms: Vec<String> = forms.take(LISTED.1).collect();
    in_bulk(&mut room, LISTED.0, |n| {
        let subject = format!("B-{n:04}");
        let complete = |form: &String| Act::FormCompleted {
            form: format!("{subject}/{form}").parse().unwrap(),
        };
        let mut acts: Vec<Act> = forms.iter().map(complete).collect();
        acts.insert(0, Act::SubjectAdded { subject });
        acts
    });
    room.sit("nurse");
    let list = |room: &mut Room| acts::subjects(&mut room.desk, conduct::requests::Subjects {}).unwrap();
    let (mut first, mut judged) = (Times::default(), Times::default());
    first.take(|| list(&mut room));
    // Verdicts are worked out some at a time, and remembered.
    while judged.take(|| list(&mut room)).unjudged > 0 {}
    let (mut saved, mut again, mut today) = (Times::default(), Times::default(), Times::default());
    for turn in 0..EACH {
        save_at_the_desk(&mut room, turn);
        saved.take(|| list(&mut room));
        again.take(|| list(&mut room));
        save_at_the_desk(&mut room, turn + 1);
        today.take(|| acts::today(&mut room.desk, conduct::requests::Today {}).unwrap());
    }
    println!("\nlist of {} subjects, {} forms each", LISTED.0 + 1, forms.len());
    first.tell("the first time after log-in");
    saved.tell("after a save");
    again.tell("with nothing new");
    today.tell("Today, after a save");
    println!(
        "  after a save: aim 20 ms, {:.1} ms: {}",
        saved.at(50),
        met(saved.at(50), 20.0)
    );
    room.desk.put_away_now();
}

/// Entries of the journal that is reviewed, and saves that they come in.
const JOURNAL: (usize, usize) = (100_000, 100);

/// A journal that grew for years: what reading the signals costs, page by page, and what log-in costs an administrator.
fn reviewing(folder: &Path) {
    let mut room = screened(folder);
    let each = JOURNAL.0 / JOURNAL.1;
    in_bulk(&mut room, JOURNAL.1, |save| {
        let value = |n: usize| {
            let visit = save * each / 20 + n / 20 + 1;
            let path = format!("S-001/CRS[{}]/CRS/CRS.OBS/CRS.X{}", visit + 1, n % 20);
            typed(&path, &n.to_string())
        };
        (0..each).map(value).collect()
    });
    let mut login = Times::default();
    login.take(|| room.sit("admin"));
    room.sit("monitor");
    let (mut page, mut whole) = (Times::default(), Times::default());
    let (mut past, mut entries) = (Vec::new(), 0);
    whole.take(|| {
        loop {
            let asked = conduct::requests::Signals {
                everything: false,
                past: std::mem::take(&mut past),
            };
            let view = page.take(|| acts::signals(&mut room.desk, asked).unwrap());
            entries += view.entries;
            past = view
                .stretches
                .iter()
                .map(|one| conduct::act::EntryRef {
                    log: one.stretch.log.clone(),
                    seq: one.stretch.upto,
                })
                .collect();
            if view.left == 0 {
                break;
            }
        }
    });
    println!("\njournal of {entries} entries");
    login.tell("log-in of an administrator, who is told of attempts");
    page.tell("signals in one page of 10,000 entries");
    whole.tell("signals in the whole journal");
    println!(
        "  one page: aim 1 s, {:.0} ms: {}",
        page.at(50),
        met(page.at(50), 1000.0)
    );
    room.desk.put_away_now();
}

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    println!("\non {}", folder.path().display());
    saving(folder.path());
    opening(&folder.path().join("thick"));
    listing(&folder.path().join("crowd"));
    reviewing(&folder.path().join("years"));
}
