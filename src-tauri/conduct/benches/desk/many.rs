//! A site of a thousand subjects, and a journal that grew for years.

use std::path::Path;

use conduct::{DeviceKeys, acts};
use store::{Chance, Save, SecretString, Signer, SiteFile, Stamp};
use study::{act::Act, value::Value};

use crate::{
    Counted, EACH, Times, met,
    room::{PASSWORD, Room, item},
    save_at_the_desk, screened,
};

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
pub(crate) fn listing(folder: &Path) {
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
pub(crate) fn reviewing(folder: &Path) {
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
