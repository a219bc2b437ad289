//! Findings as facts: raised and closed by the device with the save that brought it about, explained by a person.

use std::collections::BTreeSet;

use conduct::{
    DeviceKeys, acts,
    problem::Answer,
    requests::{CloseFile, ExplainFinding, HistoryOf, RemoveRow, SubjectOf},
    views::{AuditEntryView, FindingView, FormView, HistoryView},
};
use proptest::prelude::*;
use store::{EntryFilter, SecretString, SiteFile, Stamp};
use study::{
    act::{Act, Actor, Moment},
    def::Severity,
};

use crate::{
    chart::{Chart, Raw, because, find, items},
    room::{PASSWORD, Room, code, form, item},
};

const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";
const CONSENTED: &str = "S-001/SCR/CONSENT/CONSENT.MAIN/CONSENT.DATE";
const FIRST: &str = "S-001/SCR/CONSENT/CONSENT.MAIN/CONSENT.FIRST_PROC";
const DIAGNOSED: &str = "S-001/SCR/DISEASE/DISEASE.DIAG/DISEASE.DIAG_DATE";
const TERM: &str = "S-001/LOG/AE/AE.MAIN/AE.TERM";

fn site() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room
}

fn plt(room: &mut Room, count: &'static str) -> FormView {
    room.type_at(PLT, Raw::Number(count, "10^9/L")).unwrap()
}

fn explain(room: &mut Room, path: &str, check: &str, text: &str) -> Answer<FormView> {
    let asked = ExplainFinding {
        path: item(path),
        check: check.into(),
        text: text.into(),
    };
    acts::explain_finding(&mut room.desk, asked)
}

fn at(view: &FormView, oid: &str) -> Vec<FindingView> {
    find(view, oid).findings
}

fn history(room: &mut Room, path: &str) -> HistoryView {
    acts::history(&mut room.desk, HistoryOf { path: item(path) }).unwrap()
}

/// `finding_raised RANGE`, newest first, since an entry.
fn since(room: &mut Room, seq: u64) -> Vec<String> {
    let newer = |entry: &AuditEntryView| entry.seq > seq;
    let entries = room.journal().into_iter().take_while(newer);
    entries
        .map(|entry| match entry.act.strip_prefix("finding_") {
            Some(act) => format!(
                "{act} {} {}",
                entry.text.unwrap_or_default(),
                entry.path.unwrap_or_default()
            ),
            None => entry.act,
        })
        .collect()
}

#[test]
fn a_value_out_of_range_is_noted_by_the_device_and_again_when_it_is_mended() {
    let mut room = site();
    for (count, expected) in [
        ("61", vec!["value_entered".to_owned()]),
        ("1200", vec![format!("raised RANGE {PLT}"), "value_entered".into()]),
        // Another value, out of range as well: the finding is about that one now.
        ("1300", vec![format!("raised RANGE {PLT}"), "value_entered".into()]),
        // The same finding weighs more.
        ("3001", vec![format!("raised RANGE {PLT}"), "value_entered".into()]),
        ("62", vec![format!("closed RANGE {PLT}"), "value_entered".into()]),
        ("63", vec!["value_entered".into()]),
        // Raised again after it was mended: an entry of its own.
        ("1200", vec![format!("raised RANGE {PLT}"), "value_entered".into()]),
        ("64", vec![format!("closed RANGE {PLT}"), "value_entered".into()]),
    ] {
        let length = room.length();
        plt(&mut room, count);
        assert_eq!(since(&mut room, length), expected, "{count}");
    }
    // The history of the item tells all of it.
    let told = history(&mut room, PLT).findings;
    let lines: Vec<(&str, Option<Severity>)> = told.iter().map(|one| (one.what.as_str(), one.severity)).collect();
    assert_eq!(
        lines,
        [
            ("closed", None),
            ("raised", Some(Severity::Soft)),
            ("closed", None),
            ("raised", Some(Severity::Hard)),
            ("raised", Some(Severity::Soft)),
            ("raised", Some(Severity::Soft)),
        ]
    );
    assert!(told.iter().all(|one| one.by.is_none() && one.check == "RANGE"));
    assert_eq!(told[1].bounds, Some((Some("0".into()), Some("1000".into()))));
    room.sound();
}

#[test]
fn a_check_across_forms_is_raised_and_closed_from_either_side() {
    let mut room = site();
    room.type_at(CONSENTED, Raw::Text("2026-03-02")).unwrap();
    let length = room.length();
    let view = room.type_at(DIAGNOSED, Raw::Text("2026-03-04")).unwrap();
    assert_eq!(
        since(&mut room, length),
        [format!("raised CHK-DISEASE-01 {DIAGNOSED}"), "value_entered".into()]
    );
    assert!(at(&view, "DISEASE.DIAG_DATE")[0].raised.is_some());
    // Mended on the other form: the finding closes where it is shown.
    let length = room.length();
    room.type_at(CONSENTED, Raw::Text("2026-03-05")).unwrap();
    assert_eq!(
        since(&mut room, length),
        [format!("closed CHK-DISEASE-01 {DIAGNOSED}"), "value_entered".into()]
    );
    assert!(at(&room.form("S-001/SCR/DISEASE"), "DISEASE.DIAG_DATE").is_empty());
    // And opens there again; emptied, it is silent.
    let length = room.length();
    room.type_at(CONSENTED, Raw::Text("2026-03-03")).unwrap();
    assert_eq!(
        since(&mut room, length),
        [format!("raised CHK-DISEASE-01 {DIAGNOSED}"), "value_entered".into()]
    );
    let length = room.length();
    room.type_at(CONSENTED, Raw::Text("")).unwrap();
    assert_eq!(
        since(&mut room, length),
        [format!("closed CHK-DISEASE-01 {DIAGNOSED}"), "value_entered".into()]
    );
    // A form that nobody has begun has no findings to note.
    let other = "S-001/SCR/LAB/LAB.HEM/LAB.DATE";
    assert!(room.journal().iter().all(|entry| entry.path.as_deref() != Some(other)));
    room.sound();
}

#[test]
fn a_row_that_is_taken_out_takes_its_findings_with_it() {
    let mut room = site();
    room.type_at(TERM, Raw::Text("fever, mother 13812345678")).unwrap();
    let entry = room.journal().remove(0);
    assert_eq!(
        (entry.act.as_str(), entry.text.as_deref()),
        ("finding_raised", Some("IDENTITY"))
    );
    room.type_at(
        "S-001/INF/INFUSION/INFUSION.VITALS/INFUSION.V_HR",
        Raw::Number("400", "/min"),
    )
    .unwrap();
    let raised = room.journal().remove(0);
    assert_eq!((raised.act.as_str(), raised.by), ("finding_raised", None));
    let length = room.length();
    let asked = RemoveRow {
        form: form("S-001/INF/INFUSION"),
        group: "INFUSION.VITALS".into(),
        row: 1,
        reason: because("transcription"),
    };
    acts::remove_row(&mut room.desk, asked).unwrap();
    let entries = since(&mut room, length);
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(entries[0].starts_with("closed RANGE") && entries[1] == "row_removed");
    room.sound();
}

#[test]
fn an_explained_finding_stays_explained_until_its_data_change() {
    let mut room = site();
    room.type_at(CONSENTED, Raw::Text("2026-03-03")).unwrap();
    room.type_at(FIRST, Raw::Text("2026-03-02")).unwrap();
    let weighed = |room: &mut Room| {
        let view = acts::subject(
            &mut room.desk,
            SubjectOf {
                subject: "S-001".into(),
            },
        )
        .unwrap();
        let forms = view.visits.iter().flat_map(|visit| &visit.forms);
        forms
            .filter(|state| state.form == form("S-001/SCR/CONSENT"))
            .map(|state| (state.hard, state.soft))
            .next()
            .unwrap()
    };
    assert_eq!(weighed(&mut room), (0, 1));
    const CHECK: &str = "CHK-CONSENT-01";
    let view = explain(&mut room, FIRST, CHECK, "  Day surgery, deviation DEV-3. ").unwrap();
    let said = at(&view, "CONSENT.FIRST_PROC")[0].explained.clone().unwrap();
    assert_eq!(
        (said.by.as_str(), said.text.as_str()),
        ("Li Na, RN", "Day surgery, deviation DEV-3.")
    );
    assert_eq!(weighed(&mut room), (0, 0));
    // Something else on the form changes: it stays explained.
    let view = room
        .type_at("S-001/SCR/CONSENT/CONSENT.MAIN/CONSENT.TIME", Raw::Text("09:10"))
        .unwrap();
    assert!(at(&view, "CONSENT.FIRST_PROC")[0].explained.is_some());
    room.sit("nurse2");
    assert!(
        at(&room.form("S-001/SCR/CONSENT"), "CONSENT.FIRST_PROC")[0]
            .explained
            .is_some()
    );
    // What it rests on changes, and it still stands: said about other values, it counts no more.
    let view = room.type_at(CONSENTED, Raw::Text("2026-03-04")).unwrap();
    let [finding] = &at(&view, "CONSENT.FIRST_PROC")[..] else {
        panic!()
    };
    assert!(finding.explained.is_none() && finding.raised.is_some());
    assert_eq!(weighed(&mut room), (0, 1));
    let told: Vec<String> = history(&mut room, FIRST)
        .findings
        .into_iter()
        .map(|one| one.what)
        .collect();
    assert_eq!(told, ["raised", "explained", "raised"]);
    assert_eq!(
        history(&mut room, FIRST).findings[1].said.as_deref(),
        Some("Day surgery, deviation DEV-3.")
    );
    room.sound();
}

#[test]
fn what_cannot_be_explained_is_refused() {
    let mut room = site();
    plt(&mut room, "3001");
    room.type_at(CONSENTED, Raw::Text("2026-03-03")).unwrap();
    room.type_at(FIRST, Raw::Text("2026-03-02")).unwrap();
    let length = room.length();
    for (path, check, text, expected) in [
        (PLT, "RANGE", "It is so.", "finding_not_soft"),
        (PLT, "CHK-CONSENT-01", "It is so.", "no_such_finding"),
        (CONSENTED, "CHK-CONSENT-01", "It is so.", "no_such_finding"),
        (FIRST, "CHK-CONSENT-01", "  ", "query_words"),
        ("S-009/SCR/LAB/LAB.HEM/LAB.PLT", "RANGE", "It is so.", "no_such_subject"),
    ] {
        assert_eq!(code(explain(&mut room, path, check, text)), expected, "{path} {check}");
    }
    room.sit("monitor");
    assert_eq!(
        code(explain(&mut room, FIRST, "CHK-CONSENT-01", "It is so.")),
        "not_your_role"
    );
    assert!(since(&mut room, length).iter().all(|act| !act.starts_with("explained")));
}

/// What the entries rest on, read from the file itself: the device wrote them, in the same save as the value.
#[test]
fn a_finding_rests_on_the_entries_of_its_values() {
    let mut room = site();
    room.type_at(CONSENTED, Raw::Text("2026-03-02")).unwrap();
    room.type_at(DIAGNOSED, Raw::Text("2026-03-04")).unwrap();
    room.type_at(CONSENTED, Raw::Text("2026-03-05")).unwrap();
    acts::close_file(&mut room.desk, CloseFile {}).unwrap();
    let devices = DeviceKeys::at(&room.folder.join("devices"), "laptop 1");
    let moment = Moment {
        at: "2026-03-20T08:00:00.000Z".into(),
        offset: "+08:00".into(),
    };
    let stamp = Stamp {
        moment,
        criteria: "1".into(),
    };
    struct Few(u8);
    impl store::Chance for Few {
        fn fill(&mut self, bytes: &mut [u8]) {
            self.0 += 1;
            bytes.fill(self.0);
        }
    }
    let password = SecretString::from(PASSWORD);
    let (file, _) = SiteFile::unlock(&room.file(), "nurse", &password, &stamp, &mut Few(7), &devices).unwrap();
    let entries = file
        .entries(&EntryFilter {
            subject: Some("S-001".into()),
            ..EntryFilter::default()
        })
        .unwrap();
    let seq_of = |wanted: &dyn Fn(&Act) -> bool| {
        let found = entries
            .iter()
            .filter(|entry| entry.body.as_ref().is_some_and(|body| wanted(&body.act)));
        found.map(|entry| entry.seq).collect::<Vec<_>>()
    };
    let entered = |path: &str| {
        let path = item(path);
        seq_of(&|act| matches!(act, Act::ValueEntered { path: at, .. } if *at == path))
    };
    let (consented, diagnosed) = (entered(CONSENTED), entered(DIAGNOSED));
    let refs = |wanted: &dyn Fn(&Act) -> bool| {
        let [seq] = seq_of(wanted)[..] else { panic!() };
        let entry = entries.iter().find(|entry| entry.seq == seq).unwrap();
        let body = entry.body.as_ref().unwrap();
        assert_eq!(
            (&body.actor, body.role, body.study.as_str()),
            (&Actor::Device, None, "ALLO-CD19-BALL@1.0")
        );
        (seq, body.refs.iter().map(|at| at.seq).collect::<Vec<_>>())
    };
    let raised = refs(&|act| matches!(act, Act::FindingRaised { .. }));
    assert_eq!(raised, (diagnosed[0] + 1, vec![consented[0], diagnosed[0]]));
    let closed = refs(&|act| matches!(act, Act::FindingClosed { .. }));
    assert_eq!(closed, (consented[1] + 1, vec![consented[1]]));
}

/// Wherever the definition asks for free text, in the form that it stands on.
#[test]
fn free_text_in_every_text_item_is_looked_at() {
    let study = study::builtin::load().unwrap();
    let texts: Vec<(String, String)> = study
        .def()
        .forms
        .iter()
        .flat_map(|form| {
            form.groups
                .iter()
                .flat_map(move |group| group.items.iter().map(move |one| (form, group, one)))
        })
        .filter(|(_, _, one)| matches!(one.kind, conduct::ItemKind::Text { .. }))
        .filter_map(|(form, group, one)| {
            let visit = study.visits_of(&form.oid).first()?.oid.clone();
            Some((
                format!("S-001/{visit}/{}/{}/{}", form.oid, group.oid, one.oid),
                one.oid.clone(),
            ))
        })
        .collect();
    assert!(texts.len() > 40, "{}", texts.len());
    for (path, oid) in texts {
        let path = item(&path);
        for (text, suspected) in [
            ("13812345678", true),
            ("110105194912310021", true),
            ("2026-03-16 08:30", false),
        ] {
            let value = conduct::Value::Text { text: text.into() };
            let values = study::values::Values::of("S-001", [(&path, &value)]);
            // Items that skip logic hides say nothing: they are not current.
            if study.visibility(&values, &path.form, path.row, &oid) == study::shown::Visible::Hidden {
                continue;
            }
            let found = study.findings(&values, &path.form);
            let found = found
                .iter()
                .any(|one| one.id == "IDENTITY" && one.path == path && one.severity == Severity::Soft);
            assert_eq!(found, suspected, "{path} {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is typed in whatever order: what the journal holds open is what the rules say now, on every form begun.
    #[test]
    fn the_journal_says_what_the_rules_say(steps in prop::collection::vec((0..8_usize, 0..4_usize), 1..14)) {
        const TYPED: [(&str, [Raw; 4]); 8] = [
            (PLT, [Raw::Number("61", "10^9/L"), Raw::Number("1200", "10^9/L"), Raw::Number("3001", "10^9/L"), Raw::Text("")]),
            (CONSENTED, [Raw::Text("2026-03-02"), Raw::Text("2026-03-05"), Raw::Text("2026-02"), Raw::Text("")]),
            (FIRST, [Raw::Text("2026-03-01"), Raw::Text("2026-03-04"), Raw::Text("2026-03-06"), Raw::Text("")]),
            (DIAGNOSED, [Raw::Text("2026-03-01"), Raw::Text("2026-03-04"), Raw::Text("2025-01-20"), Raw::Text("")]),
            (TERM, [Raw::Text("fever"), Raw::Text("call 13812345678"), Raw::Text("lot 138123456789"), Raw::Text("")]),
            ("S-001/SCR/DM/DM.MAIN/DM.BIRTH", [Raw::Text("1991"), Raw::Text("2010"), Raw::Text("2009"), Raw::Text("")]),
            ("S-001/SCR/CONSENT/CONSENT.MAIN/CONSENT.SIGNED_BY", [Raw::Codes(&["SUBJECT"]), Raw::Codes(&["SUBJECT"]), Raw::Codes(&["SUBJECT"]), Raw::Text("")]),
            ("S-001/SCR/PERF/PERF.HEART/PERF.LVEF", [Raw::Number("58", "%"), Raw::Number("5", "%"), Raw::Number("101", "%"), Raw::Text("")]),
        ];
        let mut room = site();
        let mut begun = BTreeSet::new();
        for (which, what) in steps {
            let (path, raws) = TYPED[which];
            if room.type_at(path, raws[what]).is_ok() && room.journal().iter().any(|entry| entry.path.as_deref() == Some(path)) {
                begun.insert(path.rsplitn(3, '/').nth(2).unwrap());
            }
        }
        for path in begun {
            let view = room.form(path);
            for one in items(&view) {
                for finding in &one.findings {
                    prop_assert!(finding.raised.is_some(), "{} {}", one.path, finding.check);
                }
                let told = history(&mut room, &one.path.to_string()).findings;
                let mut open = BTreeSet::new();
                for past in told.iter().rev() {
                    match past.what.as_str() {
                        "raised" => { open.insert(past.check.clone()); }
                        "closed" => prop_assert!(open.remove(&past.check), "closed twice: {}", past.check),
                        _ => {}
                    }
                }
                let now: BTreeSet<String> = one.findings.iter().map(|finding| finding.check.clone()).collect();
                prop_assert_eq!(open, now, "{}", one.path);
            }
        }
        room.sound();
    }

    #[test]
    fn a_whole_chart_ends_with_what_the_rules_say(lvef in prop::sample::select(vec!["58", "42", "101"])) {
        let mut room = site();
        let chart = Chart::eligible().with(&[("PERF.LVEF", Raw::Number(lvef, "%"))]);
        let view = room.fill("S-001/SCR/PERF", &chart);
        let stands = items(&view).flat_map(|one| &one.findings).count();
        let noted = room.journal();
        let count = |act: &str| noted.iter().filter(|entry| entry.act == act).count();
        prop_assert_eq!(count("finding_raised") - count("finding_closed"), stands);
    }
}
