//! Whatever anybody tries, in whatever order: nothing is written without a right, nothing acknowledged is lost, and
//! the file stays sound.

use std::collections::HashMap;

use conduct::{
    Role, Value, acts,
    problem::Problem,
    requests::{
        AnswerQuery, CloseQuery, CompleteForm, EnterValue, HistoryOf, KeepUnfinished, RaiseQuery, RemoveRow,
        ReopenForm, Sign, Subjects, Verify,
    },
    rights,
    views::SubjectRowView,
};
use proptest::prelude::*;

use crate::{
    chart::{Raw, because, enter, find},
    room::{PASSWORD, PEOPLE, Room, form, item},
};

/// Something somebody tries.
#[derive(Debug, Clone, Copy)]
enum Try {
    /// Item, what is typed, with a reason.
    Enter(usize, usize, bool),
    Unfinished(usize),
    RemoveRow,
    Complete(usize),
    Reopen(usize),
    Ask(usize),
    Answer,
    Close,
    Verify(usize),
    Sign(usize),
    Lock,
}

const FORMS: &[&str] = &["S-001/SCR/MARROW", "S-001/INF/INFUSION"];
/// Items with what may be typed into each; some of it is wrong.
const ITEMS: &[(&str, &[Raw])] = &[
    (
        "S-001/SCR/MARROW/MARROW.MORPH/MARROW.BLASTS",
        &[
            Raw::Number("45.0", "%"),
            Raw::Number("450", "%"),
            Raw::Number("4x", "%"),
            Raw::Text(""),
            Raw::Absent(conduct::Missing::NotDone),
        ],
    ),
    (
        "S-001/SCR/MARROW/MARROW.MORPH/MARROW.DATE",
        &[Raw::Text("2026-03-01"), Raw::Text("2026-02-30"), Raw::Text("")],
    ),
    (
        "S-001/SCR/MARROW/MARROW.RESIDUAL/MARROW.MRD_DONE",
        &[Raw::Codes(&["Y"]), Raw::Codes(&["N"]), Raw::Codes(&["X"])],
    ),
    (
        "S-001/SCR/MARROW/MARROW.RESIDUAL/MARROW.MRD",
        &[Raw::Number("0.001", "fraction"), Raw::Number("0.1", "%")],
    ),
    (
        "S-001/INF/INFUSION/INFUSION.VITALS[2]/INFUSION.V_HR",
        &[Raw::Number("80", "/min"), Raw::Number("81", "/min")],
    ),
    ("S-001/SCR/MARROW/MARROW.MORPH/MARROW.NONE", &[Raw::Number("1", "%")]),
];

fn tries() -> impl Strategy<Value = Try> {
    let (items, forms) = (0..ITEMS.len(), 0..FORMS.len());
    prop_oneof![
        8 => (items.clone(), 0..5_usize, any::<bool>()).prop_map(|(at, what, why)| Try::Enter(at, what, why)),
        1 => items.clone().prop_map(Try::Unfinished),
        1 => Just(Try::RemoveRow),
        3 => forms.clone().prop_map(Try::Complete),
        1 => forms.clone().prop_map(Try::Reopen),
        2 => items.clone().prop_map(Try::Ask),
        1 => Just(Try::Answer),
        1 => Just(Try::Close),
        2 => items.prop_map(Try::Verify),
        2 => forms.prop_map(Try::Sign),
        1 => Just(Try::Lock),
    ]
}

/// What the outside world was told, to be compared with what the file says at the end.
#[derive(Default)]
struct Told {
    values: HashMap<usize, Option<Value>>,
    versions: HashMap<usize, u64>,
    queries: Vec<String>,
}

impl Try {
    fn command(self) -> &'static str {
        match self {
            Self::Enter(..) => "enter_value",
            Self::Unfinished(_) => "keep_unfinished",
            Self::RemoveRow => "remove_row",
            Self::Complete(_) => "complete_form",
            Self::Reopen(_) => "reopen_form",
            Self::Ask(_) => "raise_query",
            Self::Answer => "answer_query",
            Self::Close => "close_query",
            Self::Verify(_) => "verify",
            Self::Sign(_) => "sign",
            Self::Lock => "lock",
        }
    }

    fn run(self, room: &mut Room, told: &mut Told, login: &str) -> Result<(), Problem> {
        let desk = &mut room.desk;
        let query = || told.queries.last().cloned().unwrap_or_default();
        match self {
            Self::Enter(at, what, why) => {
                let (path, raws) = ITEMS[at];
                let path = item(path);
                let asked = EnterValue {
                    reason: why.then(|| because("transcription")),
                    hide_answers: true,
                    ..enter(&path, raws[what % raws.len()])
                };
                let view = acts::enter_value(desk, asked)?;
                let now = crate::chart::items(&view).find(|item| item.path == path).cloned();
                // Without values, a row of a repeating group is not shown.
                told.values.insert(at, now.as_ref().and_then(|now| now.value.clone()));
                told.versions.insert(at, now.map_or(0, |now| now.version));
            }
            Self::Unfinished(at) => {
                acts::keep_unfinished(
                    desk,
                    KeepUnfinished {
                        path: item(ITEMS[at].0),
                        typed: Some(crate::typed::standing("4")),
                    },
                )?;
            }
            Self::RemoveRow => {
                let (form, group) = (form(FORMS[1]), "INFUSION.VITALS".into());
                acts::remove_row(
                    desk,
                    RemoveRow {
                        form,
                        group,
                        row: 2,
                        reason: because("transcription"),
                    },
                )?;
                told.values.insert(4, None);
            }
            Self::Complete(at) => drop(acts::complete_form(desk, CompleteForm { form: form(FORMS[at]) })?),
            Self::Reopen(at) => {
                let asked = ReopenForm {
                    form: form(FORMS[at]),
                    reason: because("query"),
                };
                acts::reopen_form(desk, asked)?;
            }
            Self::Ask(at) => {
                let asked = RaiseQuery {
                    path: item(ITEMS[at].0),
                    text: "Why?".into(),
                };
                told.queries.push(acts::raise_query(desk, asked)?.query);
            }
            Self::Answer => drop(acts::answer_query(
                desk,
                AnswerQuery {
                    query: query(),
                    text: "So.".into(),
                },
            )?),
            Self::Close => drop(acts::close_query(
                desk,
                CloseQuery {
                    query: query(),
                    text: None,
                },
            )?),
            Self::Verify(at) => {
                let version = told.versions.get(&at).copied().unwrap_or(1);
                acts::verify(
                    desk,
                    Verify {
                        path: item(ITEMS[at].0),
                        version,
                    },
                )?;
            }
            Self::Sign(at) => {
                let meaning = room.statement("casebook");
                let login = Some(login.to_owned());
                let asked = Sign {
                    forms: vec![form(FORMS[at])],
                    meaning,
                    login,
                    password: PASSWORD.into(),
                };
                acts::sign(&mut room.desk, asked)?;
            }
            Self::Lock => room.sit(login),
        }
        Ok(())
    }
}

fn role_of(login: &str) -> Role {
    PEOPLE.iter().find(|(known, ..)| *known == login).unwrap().2
}

fn list(room: &mut Room) -> Vec<SubjectRowView> {
    acts::subjects(&mut room.desk, Subjects {}).unwrap().subjects
}

fn play(story: &[(usize, Try)]) {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    let mut told = Told::default();
    let mut here = "nurse";
    for (who, what) in story {
        let login = PEOPLE[*who].0;
        if login != here {
            let held = list(&mut room);
            room.sit(login);
            assert_eq!(held, list(&mut room), "what lists held is what is read anew");
            here = login;
        }
        room.pass(5);
        let before = room.length();
        let answer = what.run(&mut room, &mut told, login);
        let after = room.length();
        let may = rights::may(role_of(login), what.command());
        match answer {
            Ok(()) => assert!(may, "{login} did {what:?}"),
            Err(Problem::Refusal { code, .. }) => {
                // What the role may not do is kept once a sitting; otherwise a refusal leaves everything as it was.
                let noted =
                    after == before + 1 && code == "not_your_role" && room.journal()[0].act == "command_refused";
                assert!(
                    after == before || noted,
                    "{login} {what:?}: refused ({code}) and written"
                );
                assert_eq!(code == "not_your_role", !may, "{login} {what:?}: {code}");
            }
            Err(fault @ Problem::Fault { .. }) => panic!("{login} {what:?}: {fault:?}: {:?}", room.faults),
        }
        assert!(after >= before);
        list(&mut room);
    }
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
    room.sit("auditor");
    for (at, value) in &told.values {
        let path = item(ITEMS[*at].0);
        let view = room.form(&path.form.to_string());
        let now = crate::chart::items(&view)
            .find(|item| item.path == path)
            .and_then(|item| item.value.clone());
        assert_eq!(&now, value, "{path}");
        let past = acts::history(&mut room.desk, HistoryOf { path }).unwrap().values;
        assert!(value.is_none() || &past[0].value == value);
    }
    room.sound();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_without_a_right_and_nothing_lost(story in prop::collection::vec((0..PEOPLE.len(), tries()), 1..30)) {
        play(&story);
    }
}

#[test]
fn a_site_that_only_its_own_people_work_at() {
    // The nurse and the investigator alone, so that more is allowed than refused.
    let enter = |at, what| (1, Try::Enter(at, what, true));
    play(&[
        enter(0, 0),
        enter(1, 0),
        enter(2, 0),
        enter(3, 0),
        enter(3, 1),
        enter(4, 0),
        (1, Try::RemoveRow),
        (3, Try::Lock),
    ]);
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    let view = room.form(FORMS[0]);
    assert!(find(&view, "MARROW.BLASTS").value.is_none());
}
