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
#[path = "desk/many.rs"]
mod many;
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

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    println!("\non {}", folder.path().display());
    saving(folder.path());
    opening(&folder.path().join("thick"));
    many::listing(&folder.path().join("crowd"));
    many::reviewing(&folder.path().join("years"));
}
