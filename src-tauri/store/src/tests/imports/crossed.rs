//! Random acts on three laptops of a site and at a monitor, bundles of any age in any order: what crosses is what a model says that
//! knows nothing but who had heard of which entry.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{CrossingRow, FormState, tests::count};

const FORM: &str = "012-001/SCR/DM";
const ITEMS: [&str; 2] = [SEX, AGE];

/// An entry: log and number.
type At = (String, u64);

fn at(entry: &EntryRef) -> At {
    (entry.log.clone(), entry.seq)
}

/// Whether something done in a query closes it; none: it is no word in it, or opens it.
fn closes(act: &Act, of: &str) -> Option<bool> {
    let (query, closes) = if let Act::QueryClosed { query, .. } = act {
        (query, true)
    } else if let Act::QueryAnswered { query, .. } | Act::QueryReopened { query, .. } = act {
        (query, false)
    } else {
        return None;
    };
    (query == of).then_some(closes)
}

/// Somebody who writes, and what they had heard of so far.
struct Writer {
    station: Station,
    heard: BTreeSet<At>,
    monitors: bool,
}

/// What everybody had heard of who wrote something, by the entry.
type Told = BTreeMap<At, (Act, BTreeSet<At>)>;

impl Writer {
    fn new(station: Station, monitors: bool) -> Self {
        let mut writer = Self {
            station,
            heard: BTreeSet::new(),
            monitors,
        };
        writer.hear(&whole(&writer.station.file));
        writer
    }

    fn hear(&mut self, parcel: &Incoming) {
        let entries = parcel.entries.iter().map(|entry| (entry.log.clone(), entry.seq));
        self.heard.extend(entries);
    }

    fn does(&mut self, act: Act, told: &mut Told) {
        self.station.act(vec![act.clone()]);
        let entry = at(&self.station.file.last_own().unwrap());
        told.insert(entry.clone(), (act, self.heard.clone()));
        self.heard.insert(entry);
    }

    fn takes(&mut self, parcel: &Incoming) {
        self.station.import(parcel).unwrap();
        self.hear(parcel);
    }

    /// Something that may be done here now.
    fn chosen(&self, below: &mut dyn FnMut(u64) -> u64, no: u64) -> Option<Act> {
        let file = &self.station.file;
        let path: study::path::ItemPath = ITEMS[below(2) as usize].parse().unwrap();
        let query = format!("q-{}", below(2));
        let asked = file.query(&query).unwrap().map(|row| row.state);
        let form = || FORM.parse().unwrap();
        let complete = file
            .form(&form())
            .unwrap()
            .is_some_and(|row| row.state == FormState::Complete);
        let (text, words) = (String::from("so"), Some(String::from("seen")));
        match (below(16), asked) {
            (0..4, _) if !self.monitors => Some(entered(&path.to_string(), &format!("{no}"))),
            (4, _) if !self.monitors && below(4) == 0 => Some(Act::RowRemoved {
                form: form(),
                group: "DM.MAIN".into(),
                row: 1,
            }),
            (5, _) if !self.monitors && !complete => Some(Act::FormCompleted { form: form() }),
            (6, _) if !self.monitors && complete && below(3) == 0 => Some(Act::FormReopened { form: form() }),
            (4..9, _) => {
                let row = file.item(&path).unwrap().filter(|row| !row.removed)?;
                let version = row.version;
                Some(Act::Verified { path, version })
            }
            (9..11, Some(QueryState::Open)) if !self.monitors => Some(Act::QueryAnswered { query, text }),
            (9..13, Some(QueryState::Open | QueryState::Answered)) => Some(Act::QueryClosed { query, text: words }),
            (11.., Some(QueryState::Answered | QueryState::Closed)) => Some(Act::QueryReopened { query, text }),
            _ => None,
        }
    }

    /// What the model says of the questions: of what was said in one that is closed, what nobody had heard who closed it, and
    /// nobody who went on from there unheard.
    fn unheard(&self, told: &Told) -> BTreeSet<At> {
        let mut all = BTreeSet::new();
        for row in self.station.file.queries(QueryFilter::All).unwrap() {
            if row.state != QueryState::Closed {
                continue;
            }
            let here = |entry: &&At| self.heard.contains(*entry);
            let thread: Vec<(&At, bool)> = told
                .keys()
                .filter(here)
                .filter_map(|entry| Some((entry, closes(&told[entry].0, &row.query)?)))
                .collect();
            let heard = |of: &At, by: &At| told[by].1.contains(of);
            let said = thread.iter().filter(|(_, closes)| !closes).map(|(entry, _)| *entry);
            let lost: Vec<&At> = said
                .filter(|said| !thread.iter().any(|(by, closes)| *closes && heard(said, by)))
                .collect();
            let last = lost.iter().filter(|said| !lost.iter().any(|later| heard(said, later)));
            all.extend(last.map(|entry| (*entry).clone()));
        }
        all
    }

    /// Of values: each that stands in a complete form whose completion had not heard of it, nor it of the completion.
    fn unseen(&self, told: &Told) -> BTreeSet<(String, At)> {
        let file = &self.station.file;
        let form = file.form(&FORM.parse().unwrap()).unwrap();
        let Some(completed) = form.and_then(|row| row.completed).map(|entry| at(&entry)) else {
            return BTreeSet::new();
        };
        let rows = ITEMS
            .iter()
            .filter_map(|path| file.item(&path.parse().unwrap()).unwrap());
        let rows = rows.map(|row| (row.path.to_string(), at(&row.last)));
        rows.filter(|(_, value)| {
            *value != completed && !told[&completed].1.contains(value) && !told[value].1.contains(&completed)
        })
        .collect()
    }

    /// How often something is called verified whose number alone is right; fails where it is called so and was not seen.
    #[track_caller]
    fn verified(&self, told: &Told) -> usize {
        let file = &self.station.file;
        let (mut stands, mut by_number) = (0, 0);
        for row in file.verifications_of_subject("012-001").unwrap() {
            let item = file.item(&row.path).unwrap();
            let Some(item) = item.filter(|item| !item.removed && item.version == row.version) else {
                assert!(!row.stands);
                continue;
            };
            let seen = told[&at(&row.entry)].1.contains(&at(&item.last));
            assert_eq!(row.stands, seen, "{row:?} {item:?}");
            stands += u32::from(seen);
            by_number += usize::from(!seen);
        }
        let marks = [file.form_marks().unwrap(), file.form_marks_of("012-001").unwrap()];
        for mark in marks.iter().flatten() {
            assert_eq!(mark.verified, stands);
        }
        for row in file.all_forms().unwrap() {
            assert_eq!(row.verified, stands);
        }
        by_number
    }
}

fn unseen_of(rows: &[CrossingRow]) -> BTreeSet<At> {
    rows.iter().map(|row| at(&row.unseen)).collect()
}

#[test]
fn what_crosses_is_what_nobody_had_heard_of() {
    let (mut questions, mut values, mut numbers) = (0, 0, 0);
    for trial in 0..count(8, 80) as u64 {
        let mut one = site(1000 + trial);
        let mut told = Told::new();
        let two = second(&mut one, 2000 + trial);
        let three = another(&mut one, 3000 + trial);
        let monitor = station(FileKind::Monitor, 4000 + trial, Role::Monitor);
        let mut all = vec![Writer::new(one, false)];
        all[0].does(subject("012-001"), &mut told);
        all[0].does(entered(SEX, "F"), &mut told);
        all[0].does(entered(AGE, "50"), &mut told);
        for n in 0..2 {
            all[0].does(asks(&format!("q-{n}"), ITEMS[n % 2]), &mut told);
        }
        let first = whole(&all[0].station.file);
        all.extend([
            Writer::new(two, false),
            Writer::new(three, false),
            Writer::new(monitor, true),
        ]);
        for writer in &mut all[1..] {
            writer.takes(&first);
        }
        let mut seed = Seed(5000 + trial);
        let mut below = move |n: u64| {
            let mut bytes = [0; 8];
            seed.fill(&mut bytes);
            u64::from_le_bytes(bytes) % n
        };
        let mut parcels = vec![first];
        for round in 0..90 {
            let who = below(4) as usize;
            if below(5) > 0 {
                if let Some(act) = all[who].chosen(&mut below, round) {
                    all[who].does(act, &mut told);
                }
                continue;
            }
            // Of anybody, just made or lying about since earlier.
            parcels.push(whole(&all[below(4) as usize].station.file));
            let n = parcels.len() as u64 - 1;
            let which = if below(2) == 0 { n } else { below(n + 1) } as usize;
            let writer = &mut all[who];
            match writer.station.import(&parcels[which]) {
                Ok(_) => writer.hear(&parcels[which]),
                // What it wrote itself.
                Err(StoreError::NotTakenIn { what: "own_log", .. }) => {}
                Err(error) => panic!("{error:?}"),
            }
            let file = &writer.station.file;
            let crossed = file.crossed_queries().unwrap();
            assert_eq!(unseen_of(&crossed), writer.unheard(&told), "{trial} {round}");
            questions += crossed.len();
            let crossed = file.crossed_completions().unwrap();
            let named = crossed.iter().map(|row| (row.path.to_string(), at(&row.unseen)));
            assert_eq!(named.collect::<BTreeSet<_>>(), writer.unseen(&told), "{trial} {round}");
            values += crossed.len();
            numbers += writer.verified(&told);
        }
        // Everything goes everywhere: the same crosses for everybody.
        let last: Vec<Incoming> = all.iter().map(|writer| whole(&writer.station.file)).collect();
        let mut found = Vec::new();
        for (n, writer) in all.iter_mut().enumerate() {
            for (from, parcel) in last.iter().enumerate() {
                if from != n {
                    writer.takes(parcel);
                }
            }
            writer.station.sound();
            let file = &writer.station.file;
            found.push((
                picture(file),
                file.crossed_queries().unwrap(),
                file.crossed_completions().unwrap(),
            ));
        }
        assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{trial}");
    }
    assert!(
        questions > 10 && values > 10 && numbers > 0,
        "{questions} {values} {numbers}: the test could not fail"
    );
}

/// A third laptop beside two.
fn another(first: &mut Station, seed: u64) -> Station {
    let mut more = second(first, seed);
    more.desk.second += 100;
    more
}
