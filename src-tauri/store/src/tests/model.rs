//! Random acts against a model of thirty lines: what the file says is what the model says, however long it goes on.
//!
//! The acts go through the one door in groups; journal, chain, signatures and fold are the real ones. The disk is in
//! memory, so that ten thousand acts take seconds.

use std::collections::{BTreeMap, BTreeSet};

use study::act::{Act, EntryRef, Role};

use crate::{
    Chance as _, EntryFilter, FormState, KdfCost, QueryFilter, QueryState, Session, SiteFile, check,
    desk::{Desk, PASSWORD, Seed, because, entered, password, person, text},
    tests::{count, quick_desk, signed},
};

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Item {
    /// None: redacted.
    value: Option<String>,
    version: u64,
    removed: bool,
}

/// What a trial remembers, without a file.
#[derive(Default)]
struct Model {
    subjects: BTreeSet<String>,
    items: BTreeMap<String, Item>,
    /// Version, and whether it is complete.
    forms: BTreeMap<String, (u64, bool)>,
    queries: BTreeMap<String, (String, QueryState)>,
    /// Version compared.
    verified: BTreeMap<String, u64>,
    signatures: usize,
    entries: u64,
}

impl Model {
    fn touch(&mut self, form: &str) -> &mut (u64, bool) {
        let form = self.forms.entry(form.to_owned()).or_default();
        form.0 += 1;
        form
    }
}

/// Chance for the acts, apart from the file's own.
struct Acts(Seed);

impl Acts {
    fn below(&mut self, n: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % n
    }

    fn one<'a, T>(&mut self, all: impl ExactSizeIterator<Item = &'a T>) -> Option<&'a T> {
        let len = all.len() as u64;
        if len == 0 {
            None
        } else {
            all.into_iter().nth(self.below(len) as usize)
        }
    }

    fn form(&mut self) -> String {
        format!("S-{:03}/SCR/F{}", self.below(12), self.below(3))
    }

    fn path(&mut self) -> String {
        let row = match self.below(3) {
            0 => String::new(),
            n => format!("[{}]", n + 1),
        };
        format!("{}/G{row}/I{}", self.form(), self.below(4))
    }

    /// One act that is possible now; the model has taken it in.
    fn act(&mut self, model: &mut Model) -> Act {
        model.entries += 1;
        let n = model.entries;
        match self.below(20) {
            0 => {
                let subject = format!("S-{n:05}");
                model.subjects.insert(subject.clone());
                return Act::SubjectAdded { subject };
            }
            1 => {
                let form = self.form();
                model.touch(&form).1 = true;
                return Act::FormCompleted {
                    form: form.parse().unwrap(),
                };
            }
            2 => {
                let form = self.form();
                model.touch(&form).1 = false;
                return Act::FormReopened {
                    form: form.parse().unwrap(),
                };
            }
            3 => {
                let (form, row) = (self.form(), self.below(3) as u32 + 1);
                let group = if row == 1 {
                    "G/".to_owned()
                } else {
                    format!("G[{row}]/")
                };
                for (path, item) in &mut model.items {
                    item.removed |= path.starts_with(&format!("{form}/{group}"));
                }
                model.touch(&form);
                return Act::RowRemoved {
                    form: form.parse().unwrap(),
                    group: "G".into(),
                    row,
                };
            }
            4 | 5 => {
                if let Some(path) = self.one(model.items.keys()).cloned() {
                    let query = format!("q-{n}");
                    model.queries.insert(query.clone(), (path.clone(), QueryState::Open));
                    return Act::QueryOpened {
                        query,
                        version: model.items[&path].version,
                        path: path.parse().unwrap(),
                        text: format!("question {n}"),
                    };
                }
            }
            6..=8 => {
                if let Some(query) = self.one(model.queries.keys()).cloned() {
                    let (state, act) = match self.below(3) {
                        0 => (
                            QueryState::Answered,
                            Act::QueryAnswered {
                                query: query.clone(),
                                text: "answer".into(),
                            },
                        ),
                        1 => (
                            QueryState::Closed,
                            Act::QueryClosed {
                                query: query.clone(),
                                text: None,
                            },
                        ),
                        _ => (
                            QueryState::Open,
                            Act::QueryReopened {
                                query: query.clone(),
                                text: "why".into(),
                            },
                        ),
                    };
                    model
                        .queries
                        .insert(query.clone(), (model.queries[&query].0.clone(), state));
                    return act;
                }
            }
            9 | 10 => {
                if let Some(path) = self.one(model.items.keys()).cloned() {
                    let version = model.items[&path].version;
                    model.verified.insert(path.clone(), version);
                    return Act::Verified {
                        path: path.parse().unwrap(),
                        version,
                    };
                }
            }
            11 => {
                if let Some(path) = self.one(model.verified.keys()).cloned() {
                    model.verified.remove(&path);
                    return Act::VerificationWithdrawn {
                        path: path.parse().unwrap(),
                    };
                }
            }
            _ => {}
        }
        let (path, value) = (self.path(), format!("value {n}"));
        let item = model.items.entry(path.clone()).or_default();
        *item = Item {
            value: Some(value.clone()),
            version: item.version + 1,
            removed: false,
        };
        let form = path.rsplitn(3, '/').nth(2).unwrap();
        model.touch(form);
        entered(&path, &value)
    }
}

/// What is looked for as an act about nobody is about nobody.
fn rare_is_rare(file: &SiteFile) {
    let sql = "SELECT DISTINCT act, subject IS NULL FROM entry";
    let acts: Vec<(String, bool)> = file.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    for (act, rare) in acts {
        assert_eq!(crate::read::about_a_subject(&act), !rare, "{act}");
    }
}

fn compare(model: &Model, file: &SiteFile) {
    for (path, item) in &model.items {
        let row = file.item(&path.parse().unwrap()).unwrap().unwrap();
        assert_eq!(row.value, item.value.as_deref().and_then(text), "{path}");
        assert_eq!((row.version, row.removed), (item.version, item.removed), "{path}");
    }
    let subjects: BTreeSet<&str> = model.items.keys().filter_map(|path| path.split('/').next()).collect();
    let verified: BTreeMap<String, u64> = subjects
        .into_iter()
        .flat_map(|subject| file.verifications_of_subject(subject).unwrap())
        .map(|row| (row.path.to_string(), row.version))
        .collect();
    assert_eq!(verified, model.verified);
    for (path, (version, complete)) in &model.forms {
        let row = file.form(&path.parse().unwrap()).unwrap().unwrap();
        let state = if *complete {
            FormState::Complete
        } else {
            FormState::Started
        };
        assert_eq!((row.version, row.state), (*version, state), "{path}");
    }
    assert_eq!(file.all_forms().unwrap().len(), model.forms.len());
    assert_eq!(file.subjects().unwrap().len(), model.subjects.len());
    let queries = file.queries(QueryFilter::All).unwrap();
    let told: BTreeMap<_, _> = queries
        .iter()
        .map(|row| (&row.query, (row.path.to_string(), row.state)))
        .collect();
    let known: BTreeMap<_, _> = model
        .queries
        .iter()
        .map(|(id, (path, state))| (id, (path.clone(), *state)))
        .collect();
    assert_eq!(told, known);
}

/// The nurse asks for what stands at some item to be redacted, the administrator does it.
fn redact_one(desk: &mut Desk, file: &mut SiteFile, model: &mut Model, acts: &mut Acts) -> bool {
    let standing: Vec<&String> = model
        .items
        .iter()
        .filter(|(_, item)| item.value.is_some())
        .map(|(path, _)| path)
        .collect();
    let Some(path) = acts.one(standing.into_iter()).cloned() else {
        return false;
    };
    let history = file.history(&path.parse().unwrap()).unwrap();
    let typed = history.iter().filter(|entry| {
        let act = entry.body.as_ref().map(|body| &body.act);
        matches!(act, Some(Act::ValueEntered { .. }))
    });
    let last = typed.max_by_key(|entry| entry.seq).unwrap();
    let entries = vec![EntryRef {
        log: last.log.clone(),
        seq: last.seq,
    }];
    let stamp = desk.stamp();
    let mut log_in = |login: &str| file.authenticate(login, &password(PASSWORD), &stamp, &mut desk.seed);
    let (nurse, admin) = (log_in("nurse").unwrap(), log_in("admin").unwrap());
    let asked = desk.act(file, &nurse, vec![Act::RedactionAsked { entries }]);
    let asked = EntryRef {
        log: asked.log,
        seq: asked.last_seq,
    };
    file.redact(&asked, &admin, because("name"), &stamp, &mut desk.seed)
        .unwrap();
    model.items.get_mut(&path).unwrap().value = None;
    true
}

/// Under a new key; whoever was here goes on.
fn under_a_new_key(desk: &mut Desk, mut file: SiteFile) -> SiteFile {
    let stamp = desk.stamp();
    let admin = file
        .authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
    file.rekey(&admin, because("left"), &stamp, &mut desk.seed).unwrap().0
}

fn locked_and_opened(desk: &mut Desk, file: SiteFile, login: &str) -> (SiteFile, Session) {
    file.close().unwrap();
    desk.unlock(login).unwrap()
}

#[test]
fn the_file_is_what_the_model_says_after_many_random_acts() {
    let most = count(10_000, 100_000) as u64;
    let mut desk = quick_desk();
    let (mut file, admin, _) = desk.create();
    for (login, role) in [("nurse", Role::Nurse), ("monitor", Role::Monitor)] {
        let stamp = desk.stamp();
        file.add_person(&admin, &person(login, role), KdfCost::cheap(), &stamp, &mut desk.seed)
            .unwrap();
    }
    let before = file.entries(&EntryFilter::default()).unwrap().len() as u64;
    let (mut model, mut acts) = (Model::default(), Acts(Seed(2026)));
    let (mut locks, mut keys, mut redactions, mut extra) = (0, 0, 0, 0);
    let (mut file, mut session) = locked_and_opened(&mut desk, file, "nurse");
    while model.entries < most {
        let group = acts.below(20) + 1;
        let deeds = (0..group).map(|_| acts.act(&mut model)).collect();
        desk.second %= 30_000;
        let save = desk.save(&session, deeds);
        let saved = file.transact(&save, &mut desk.seed).unwrap();
        if acts.below(40) == 0 {
            // A retry of what is there already writes nothing.
            assert!(file.transact(&save, &mut desk.seed).unwrap().already);
            assert_eq!(file.find(&save.id).unwrap().unwrap().last_seq, saved.last_seq);
        }
        if acts.below(60) == 0 {
            let Act::Signed { mut statement, .. } = signed(&mut desk, &file, &session) else {
                panic!("not a signature")
            };
            model.signatures += 1;
            extra += 1;
            statement.id = format!("s-{}", model.signatures);
            statement.role = session.role();
            let bytes = proof::statement_bytes(&statement).unwrap();
            let signature = session.sign(proof::Namespace::Esig, &bytes).armoured();
            desk.act(&mut file, &session, vec![Act::Signed { statement, signature }]);
        }
        if acts.below(50) == 0 {
            locks += 1;
            let login = if acts.below(2) == 0 { "nurse" } else { "monitor" };
            (file, session) = locked_and_opened(&mut desk, file, login);
            if acts.below(5) == 0 {
                compare(&model, &file);
            }
            if acts.below(8) == 0 {
                file = under_a_new_key(&mut desk, file);
                (keys, extra) = (keys + 1, extra + 1);
            }
            if acts.below(6) == 0 && redact_one(&mut desk, &mut file, &mut model, &mut acts) {
                (redactions, extra) = (redactions + 1, extra + 2);
            }
        }
    }
    compare(&model, &file);
    let report = check(&file, &mut |_, _, _| ()).unwrap();
    assert!(report.sound(), "{:?}", report.findings);
    assert_eq!(report.entries, before + model.entries + extra);
    rare_is_rare(&file);
    println!(
        "{} acts, {} signatures, {locks} locks, {keys} new keys, {redactions} redactions: equal",
        model.entries, model.signatures
    );
    assert!(model.signatures > 3 && locks > 5 && keys > 0 && redactions > 0);
    let stamp = desk.stamp();
    file.authenticate("admin", &password(PASSWORD), &stamp, &mut desk.seed)
        .unwrap();
}
