//! The demonstration from end to end: from an empty folder to a bundle that verifies.

use conduct::{
    IDENTIFIERS, IdentifierCheck, IdentifierOutcome, Missing, Role,
    act::EntryRef,
    acts,
    requests::{
        AnswerQuery, Audit, CheckIdentity, CloseQuery, ConfirmDerived, ConfirmEligibility, ConfirmRecoveryCode,
        EligibilityOf, EligibilityStatement, Exchange, ExportBundle, HistoryOf, Lock, Queries, RaiseQuery, Review,
        Sign, SubjectOf, Subjects, ToSign, Today, Verify, VerifyBundle,
    },
    views::{DerivedView, EligibilityView, FormView, ReviewSubjectView, SignedView},
};

use crate::{
    chart::{Chart, Raw, STILL_TO_COME, WEAK_KIDNEYS, find},
    room::{PASSWORD, PEOPLE, Room, code, form, item, refused},
};

const DAY: i64 = 86_400;

pub(crate) fn eligibility(room: &mut Room, subject: &str) -> EligibilityView {
    acts::eligibility(
        &mut room.desk,
        EligibilityOf {
            subject: subject.into(),
        },
    )
    .unwrap()
}

pub(crate) fn confirm(room: &mut Room, subject: &str, verdict: &str) -> conduct::problem::Answer<EligibilityView> {
    let meaning = room.statement("eligibility");
    let asked = ConfirmEligibility {
        subject: subject.into(),
        verdict: verdict.into(),
        meaning,
        login: "doctor".into(),
        password: PASSWORD.into(),
    };
    acts::confirm_eligibility(&mut room.desk, asked)
}

/// All identifiers agree.
pub(crate) fn agreed() -> Vec<IdentifierCheck> {
    let one = |identifier: &&str| IdentifierCheck {
        identifier: (*identifier).to_owned(),
        outcome: IdentifierOutcome::Agreed,
        value: None,
    };
    IDENTIFIERS.iter().map(one).collect()
}

pub(crate) fn compare(room: &mut Room, subject: &str, login: &str) -> conduct::problem::Answer<FormView> {
    let asked = CheckIdentity {
        form: form(&format!("{subject}/INF/INFUSION")),
        login: login.into(),
        password: PASSWORD.into(),
        checks: agreed(),
    };
    acts::check_identity(&mut room.desk, asked)
}

/// Signs everything that waits.
pub(crate) fn sign_all(room: &mut Room) -> SignedView {
    let waiting = acts::to_sign(&mut room.desk, ToSign {}).unwrap();
    assert_eq!(waiting.blocked, None);
    let meaning = room.statement(&waiting.statement);
    let forms = waiting.forms.into_iter().map(|form| form.form).collect();
    let asked = Sign {
        forms,
        meaning,
        login: Some("doctor".into()),
        password: PASSWORD.into(),
    };
    acts::sign(&mut room.desk, asked).unwrap()
}

fn derived(view: &FormView, oid: &str) -> DerivedView {
    find(view, oid)
        .derived
        .unwrap_or_else(|| panic!("{oid} is not derived"))
}

/// Rules that hold, as the reasons name them.
fn fired(derived: &DerivedView) -> Vec<&str> {
    derived
        .reasons
        .iter()
        .filter(|reason| reason.holds)
        .map(|reason| reason.rule.as_str())
        .collect()
}

/// The site, its people, the recovery code.
fn open_a_site(room: &mut Room) {
    let recovery = room.create();
    let status = room.status();
    let site = status.file.unwrap().site.unwrap();
    assert!(!site.recovery_confirmed);
    assert_eq!(
        (site.site.as_str(), site.study.as_str(), site.version.as_str()),
        ("012", "ALLO-CD19-BALL", "1.0")
    );
    assert_eq!(site.words.split(' ').count(), 12);

    let wrong = ConfirmRecoveryCode {
        typed: recovery.chars().rev().collect(),
    };
    assert_eq!(
        code(acts::confirm_recovery_code(&mut room.desk, wrong)),
        "recovery_code_differs"
    );
    let as_a_person_types = recovery.to_lowercase().replace('-', " ");
    let right = ConfirmRecoveryCode {
        typed: as_a_person_types,
    };
    let status = acts::confirm_recovery_code(&mut room.desk, right).unwrap();
    assert!(status.file.unwrap().site.unwrap().recovery_confirmed);

    room.lock();
    let locked = room.status();
    assert!(locked.session.is_none());
    let front = locked.file.unwrap();
    assert!(front.synthetic && front.site.is_none());
    assert_eq!(front.practice_password.as_deref(), Some(PASSWORD));
    assert_eq!(
        front.people.iter().map(|p| p.login.as_str()).collect::<Vec<_>>(),
        ["admin"]
    );
    let status = room.unlock("admin", PASSWORD).unwrap();
    assert_eq!(status.session.unwrap().role, Role::Administrator);

    for (login, printed, role) in &PEOPLE[1..] {
        room.add(login, printed, *role).unwrap();
    }
    room.sit("nurse");
    assert!(room.status().session.unwrap().declaration_due);
    let early = conduct::requests::AddSubject {
        subject: "S-001".into(),
    };
    assert_eq!(code(acts::add_subject(&mut room.desk, early)), "declaration_due");
    for (login, _, _) in &PEOPLE[1..] {
        room.sit(login);
        room.declare();
        assert!(!room.status().session.unwrap().declaration_due);
    }
}

/// Three subjects, three verdicts.
pub(crate) fn screen(room: &mut Room) {
    room.pass(6 * DAY);
    room.sit("nurse");
    room.screen("S-001", &Chart::eligible());
    room.screen("S-002", &Chart::eligible().with(WEAK_KIDNEYS));
    room.screen("S-003", &Chart::eligible().without(STILL_TO_COME));
    room.type_at("S-003/SCR/CNS/CNS.EXAM/CNS.LP_DONE", Raw::Codes(&["N"]))
        .unwrap();

    let first = eligibility(room, "S-001");
    assert_eq!((first.verdict.as_str(), first.criteria.len()), ("eligible", 32));
    assert!(first.missing.is_empty() && first.criteria.iter().all(|c| c.result == "pass"));
    let asked: Vec<&str> = first
        .criteria
        .iter()
        .filter(|c| c.by != "computed")
        .map(|c| c.id.as_str())
        .collect();
    // A prognosis and whether the product fits are a person's to judge.
    assert_eq!(asked, ["I12", "I14"]);
    let judged = first
        .criteria
        .iter()
        .find(|c| c.id == "I12")
        .unwrap()
        .judged
        .clone()
        .unwrap();
    assert_eq!(
        (judged.by.as_str(), judged.source.as_deref()),
        ("Li Na, RN", Some("Chart 7, section 2, p. 3"))
    );
    assert_eq!(first.may_confirm.as_deref(), Some("not_your_role"));

    let second = eligibility(room, "S-002");
    assert_eq!(second.verdict, "ineligible");
    let failed: Vec<&str> = second
        .criteria
        .iter()
        .filter(|c| c.result == "fail")
        .map(|c| c.id.as_str())
        .collect();
    assert_eq!(failed, ["I8"]);
    let kidneys = second.criteria.iter().find(|c| c.id == "I8").unwrap();
    let reason = kidneys.reasons.iter().find(|r| !r.holds).unwrap();
    assert!(reason.value.is_some() && reason.limit.is_some(), "{reason:?}");

    let third = eligibility(room, "S-003");
    assert_eq!(third.verdict, "pending");
    let missing: Vec<String> = third.missing.iter().map(|m| m.path.to_string()).collect();
    assert!(
        missing.contains(&"S-003/SCR/PERF/PERF.HEART/PERF.LVEF".to_owned()),
        "{missing:?}"
    );
    for lacking in &third.missing {
        assert!(lacking.path.form.subject == "S-003" && !lacking.criteria.is_empty());
        // Where the list points to there is an item that is asked: empty, or answered with "not done".
        let view = room.form(&lacking.path.form.to_string());
        let there = find(&view, &lacking.path.item);
        assert!(
            there.shown && (there.value.is_none() || there.path.item == "CNS.LP_DONE"),
            "{}",
            lacking.path
        );
    }

    let rows = acts::subjects(&mut room.desk, Subjects {}).unwrap().subjects;
    let verdicts: Vec<(&str, &str)> = rows
        .iter()
        .map(|r| (r.subject.as_str(), r.verdict.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        verdicts,
        [("S-001", "eligible"), ("S-002", "ineligible"), ("S-003", "pending")]
    );
    assert_eq!(rows[0].sex.as_deref(), Some("F"));
}

/// The investigator's word on each verdict.
pub(crate) fn confirm_verdicts(room: &mut Room) {
    room.pass(DAY);
    room.sit("doctor");
    assert_eq!(eligibility(room, "S-001").may_confirm, None);
    let confirmed = confirm(room, "S-001", "eligible").unwrap();
    let newest = &confirmed.confirmed[0];
    assert_eq!((newest.verdict.as_str(), newest.differs_now), ("eligible", false));
    assert_eq!(
        (newest.signature.printed_name.as_str(), newest.signature.valid),
        ("Chen Wei, MD", true)
    );
    assert!(newest.signature.meaning.starts_with("I have reviewed the eligibility"));
    assert_eq!(
        confirm(room, "S-002", "ineligible").unwrap().confirmed[0].verdict,
        "ineligible"
    );
    assert_eq!(code(confirm(room, "S-003", "pending")), "verdict_pending");

    let handle = room.desk.choose(room.folder.clone());
    let asked = EligibilityStatement {
        subject: "S-001".into(),
        locale: "en".into(),
        handle,
    };
    let written = acts::eligibility_statement(&mut room.desk, asked).unwrap();
    let page = std::fs::read_to_string(room.folder.join(&written.file)).unwrap();
    assert_eq!(page, "S-001 eligible 1.0 Chen Wei, MD");
}

/// Bag and patient compared by two, then the infusion.
pub(crate) fn infuse(room: &mut Room) {
    room.pass(7 * DAY);
    room.sit("nurse");
    let path = "S-001/INF/INFUSION";
    let view = compare(room, "S-001", "nurse").unwrap();
    assert_eq!(
        (view.identity.len(), view.identity_result.as_deref()),
        (1, Some("not_evaluable"))
    );
    let (refusal, facts) = refused(compare(room, "S-001", "nurse"));
    assert_eq!((refusal.as_str(), facts[0].1.as_str()), ("same_person", "Li Na, RN"));
    let view = compare(room, "S-001", "nurse2").unwrap();
    assert_eq!(
        (view.identity.len(), view.identity_result.as_deref()),
        (2, Some("pass"))
    );
    assert_eq!(
        room.status().session.unwrap().login,
        "nurse",
        "the second person does not sit down"
    );

    let view = room.fill(path, &Chart::eligible());
    let dose = derived(&view, "INFUSION.PER_KG");
    // 50 mL × 10⁷/mL × 0.90 × 0.95 × 0.40 ÷ 60 kg, by hand.
    assert_eq!(
        (dose.result.as_deref(), dose.unit.as_deref()),
        (Some("2.85"), Some("10^6/kg"))
    );
    let arithmetic = dose.arithmetic.unwrap();
    for part in ["50 mL", "× 0.9 × 0.95 × 0.4", "÷ 60 kg", "= 2.85 10^6/kg"] {
        assert!(arithmetic.contains(part), "{part} in {arithmetic}");
    }
    // 95 % of the planned dose.
    assert_eq!(derived(&view, "INFUSION.WITHIN").status, "pass");
    room.vitals("S-001");
    assert_eq!(room.complete(path).unwrap().state, "complete");
    let subject = acts::subject(
        &mut room.desk,
        SubjectOf {
            subject: "S-001".into(),
        },
    )
    .unwrap();
    assert_eq!((subject.row.status.as_str(), subject.row.day), ("infused", Some(0)));
    assert_eq!(
        (subject.lot.as_deref(), subject.infusion.as_deref()),
        (Some("UC19-2603"), Some("2026-03-16"))
    );
    assert!(subject.alerts.is_empty(), "{:?}", subject.alerts);
    let day28 = subject.visits.iter().find(|visit| visit.visit == "D28").unwrap();
    assert_eq!(day28.target.as_deref(), Some("2026-04-13"));
}

/// CRS on day 5, response on day 28, each with its reasons and confirmed.
pub(crate) fn assess(room: &mut Room) {
    room.pass(5 * DAY);
    room.sit("nurse");
    let view = room.fill("S-001/CRS/CRS", &Chart::eligible());
    let grade = derived(&view, "CRS.GRADE");
    // Fever, one vasopressor: grade 3; the nasal cannula alone would be 2.
    assert_eq!((grade.status.as_str(), grade.result.as_deref()), ("graded", Some("3")));
    let pressor = grade.reasons.iter().find(|r| r.holds && r.rule.contains("pressor"));
    assert!(pressor.is_some(), "{:?}", grade.reasons);
    assert!(grade.reasons.iter().all(|reason| !reason.source.is_empty()));
    assert_eq!(grade.may_confirm.as_deref(), Some("not_your_role"));
    room.complete("S-001/CRS/CRS").unwrap();

    room.pass(23 * DAY);
    room.sit("nurse");
    let today = acts::today(&mut room.desk, Today {}).unwrap();
    let due: Vec<_> = today
        .visits
        .iter()
        .map(|v| (v.subject.as_str(), v.visit.as_str(), v.state.as_str()))
        .collect();
    // Nobody entered the days between: they are overdue, in their order, and day 28 is the one to do now.
    let (last, before) = due.split_last().unwrap();
    assert_eq!(*last, ("S-001", "D28", "in_window"));
    assert!(before.iter().all(|(_, _, state)| *state == "overdue"), "{before:?}");
    assert_eq!(before.first().map(|(_, visit, _)| *visit), Some("D1"));
    assert_eq!(today.visits.last().map(|visit| visit.days_left), Some(3));
    let path = "S-001/D28/RESPONSE";
    let view = room.fill(path, &Chart::eligible());
    let category = derived(&view, "RESPONSE.CATEGORY");
    // Marrow clear, platelets 35: remission with incomplete recovery.
    assert_eq!(category.result.as_deref(), Some("CRi"), "{category:?}");
    let platelets = category.reasons.iter().find(|r| r.value.as_deref() == Some("35"));
    let platelets = platelets.unwrap_or_else(|| panic!("{:#?}", category.reasons));
    assert!(platelets.limit.is_some() && platelets.decision.is_some() && !platelets.source.is_empty());
    let view = room
        .type_at(
            "S-001/D28/RESPONSE/RESPONSE.MARROW/RESPONSE.PLT",
            Raw::Number("140", "10^9/L"),
        )
        .unwrap();
    let category = derived(&view, "RESPONSE.CATEGORY");
    assert_eq!(category.result.as_deref(), Some("CR"), "{category:?}");
    assert!(!fired(&category).is_empty());
    let view = room
        .type_at(
            "S-001/D28/RESPONSE/RESPONSE.MARROW/RESPONSE.PLT",
            Raw::Number("35", "10^9/L"),
        )
        .unwrap();
    assert_eq!(derived(&view, "RESPONSE.CATEGORY").result.as_deref(), Some("CRi"));
    room.complete(path).unwrap();

    room.sit("doctor");
    let grade = item("S-001/CRS/CRS/CRS.OUTCOME/CRS.GRADE");
    let asked = ConfirmDerived {
        path: grade,
        derived: "3".into(),
        own: None,
        reason: None,
    };
    let view = acts::confirm_derived(&mut room.desk, asked).unwrap();
    let confirmed = derived(&view, "CRS.GRADE").confirmed.unwrap();
    assert_eq!(
        (confirmed.derived.as_str(), confirmed.by.as_str(), confirmed.differs_now),
        ("3", "Chen Wei, MD", false)
    );
    let category = item("S-001/D28/RESPONSE/RESPONSE.RESULT/RESPONSE.CATEGORY");
    let asked = ConfirmDerived {
        path: category,
        derived: "CRi".into(),
        own: None,
        reason: None,
    };
    acts::confirm_derived(&mut room.desk, asked).unwrap();
}

const PLATELETS: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

/// Source data verified, a question asked, answered, corrected, closed; what that makes fall.
pub(crate) fn review(room: &mut Room) {
    let signed = sign_all(room);
    assert!(signed.signature.valid && signed.signature.changed.is_empty());
    assert!(signed.to_sign.forms.is_empty());
    assert_eq!(room.form("S-001/SCR/LAB").state, "signed");

    room.sit("monitor");
    let list = acts::review(
        &mut room.desk,
        Review {
            subject: Some("S-001".into()),
        },
    )
    .unwrap();
    assert_eq!(list.verified, 0);
    assert_eq!(list.all as usize, list.items.len());
    let here: Vec<&str> = list
        .subjects
        .iter()
        .filter(|one| one.here)
        .map(|one| one.subject.as_str())
        .collect();
    assert_eq!(here, ["S-001"], "the others are named, and their items are not here");
    assert!(list.items[0].critical, "what is critical comes first");
    let row = list.items.iter().find(|row| row.path.to_string() == PLATELETS).unwrap();
    let verified = acts::verify(
        &mut room.desk,
        Verify {
            path: row.path.clone(),
            version: row.version,
        },
    )
    .unwrap();
    assert_eq!(verified.verification, "verified");
    let question = RaiseQuery {
        path: item(PLATELETS),
        text: "The print-out says 62. Please compare.".into(),
    };
    let query = acts::raise_query(&mut room.desk, question).unwrap();
    assert_eq!((query.state.as_str(), query.version), ("open", 1));

    room.sit("nurse");
    let today = acts::today(&mut room.desk, Today {}).unwrap();
    assert_eq!(
        today.queries.iter().map(|q| q.query.as_str()).collect::<Vec<_>>(),
        [query.query.as_str()]
    );
    assert_eq!(code(room.type_at(PLATELETS, Raw::Number("62", "10^9/L"))), "reason_due");
    let view = room.correct(PLATELETS, Raw::Number("62", "10^9/L"), "query").unwrap();
    let platelets = find(&view, "LAB.PLT");
    assert_eq!((platelets.verification.as_str(), platelets.version), ("changed", 2));
    assert_eq!(view.state, "changed");
    assert!(view.signatures[0].valid, "what was signed stays signed");
    assert!(
        view.signatures[0]
            .changed
            .iter()
            .any(|(path, ..)| path == "S-001/SCR/LAB")
    );
    let answer = AnswerQuery {
        query: query.query.clone(),
        text: "Corrected from the print-out.".into(),
    };
    assert_eq!(acts::answer_query(&mut room.desk, answer).unwrap().state, "answered");
    let past = acts::history(&mut room.desk, HistoryOf { path: item(PLATELETS) })
        .unwrap()
        .values;
    assert_eq!(past.len(), 2);
    assert_eq!(past[0].reason.as_ref().unwrap().code, "query");
    assert_eq!((past[0].by.as_str(), past[0].version), ("Li Na, RN", 2));

    room.sit("monitor");
    let list = acts::review(
        &mut room.desk,
        Review {
            subject: Some("S-001".into()),
        },
    )
    .unwrap();
    assert_eq!(
        (
            list.items[0].path.to_string().as_str(),
            list.items[0].verification.as_str()
        ),
        (PLATELETS, "changed")
    );
    let everybody = acts::review(&mut room.desk, Review { subject: None }).unwrap();
    let sum = |of: fn(&ReviewSubjectView) -> u32| everybody.subjects.iter().map(of).sum::<u32>() as usize;
    assert!(everybody.subjects.iter().all(|one| one.here));
    assert_eq!(
        sum(|one| one.all),
        everybody.items.len(),
        "how much is counted as it is listed"
    );
    let verified = everybody.items.iter().filter(|item| item.verification == "verified");
    assert_eq!(sum(|one| one.verified), verified.count());
    let close = CloseQuery {
        query: query.query.clone(),
        text: None,
    };
    let closed = acts::close_query(&mut room.desk, close).unwrap();
    assert_eq!((closed.state.as_str(), closed.version_now), ("closed", 2));
    assert_eq!(
        closed.thread.iter().map(|s| s.act.as_str()).collect::<Vec<_>>(),
        ["opened", "answered", "closed"]
    );
    let all = acts::queries(&mut room.desk, Queries { subject: None }).unwrap();
    assert_eq!(all.queries.len(), 1);
    // The verdict that was confirmed rests on other platelets now, and says so.
    assert!(eligibility(room, "S-001").confirmed[0].differs_now == rests_on_platelets(room));
}

/// Whether any criterion of the verdict reads the platelets.
fn rests_on_platelets(room: &mut Room) -> bool {
    let view = eligibility(room, "S-001");
    view.criteria
        .iter()
        .flat_map(|c| &c.from)
        .any(|from| from.path.to_string() == PLATELETS)
}

/// Signed again, exported plain and sealed, verified as anybody would.
fn export(room: &mut Room) {
    room.sit("doctor");
    let waiting = acts::to_sign(&mut room.desk, ToSign {}).unwrap();
    let lab = waiting.forms.iter().find(|f| f.form == form("S-001/SCR/LAB")).unwrap();
    assert!(lab.signed_version.is_some_and(|before| before < lab.version));
    let signed = sign_all(room);
    assert!(signed.signature.valid && signed.signature.changed.is_empty() && signed.to_sign.forms.is_empty());
    assert_eq!(room.form("S-001/SCR/LAB").state, "signed");

    let folder = room.folder.join("out");
    std::fs::create_dir(&folder).unwrap();
    let handle = room.desk.choose(folder.clone());
    let monitor = conduct::practice_recipient(&[7; 32]).unwrap();
    let length = room.length();
    let asked = ExportBundle {
        handle,
        plain: true,
        sealed_for: vec![monitor.clone()],
    };
    let exported = acts::export_bundle(&mut room.desk, asked).unwrap();
    assert_eq!((exported.files.len(), exported.entries), (3, length));
    assert_eq!(
        std::fs::metadata(folder.join(&exported.files[0])).unwrap().len(),
        exported.bytes
    );
    for name in &exported.files[..2] {
        let handle = room.desk.choose(folder.join(name));
        let verified = acts::verify_bundle(&mut room.desk, VerifyBundle { handle }).unwrap();
        assert_eq!(
            (verified.outcome.as_str(), verified.entries),
            ("holds", length),
            "{name}"
        );
        assert_eq!(verified.subjects, ["S-001", "S-002", "S-003"]);
        assert_eq!(verified.esignatures, 4);
        assert!(verified.signers[0].principal.is_some());
    }
    let exchange = acts::exchange(&mut room.desk, Exchange {}).unwrap();
    assert_eq!((exchange.bundles[0].number, exchange.entries_since), (Some(1), 1));
    assert_eq!(exchange.bundles[0].sealed_for, [monitor]);

    // The sealed one is closed for who has no key: nobody logged in, and another site.
    room.lock();
    let handle = room.desk.choose(folder.join(&exported.files[1]));
    let verified = acts::verify_bundle(&mut room.desk, VerifyBundle { handle }).unwrap();
    assert_eq!(
        (verified.outcome.as_str(), verified.code.as_deref()),
        ("unreadable", Some("sealed"))
    );
}

/// Page by page back to the first entry; nothing left out, nothing twice.
fn read_the_whole_journal(room: &mut Room) {
    let (mut before, mut numbers) = (None, Vec::new());
    loop {
        let asked = Audit {
            before,
            ..Audit::default()
        };
        let page = acts::audit(&mut room.desk, asked).unwrap();
        numbers.extend(page.entries.iter().map(|entry| entry.seq));
        before = page.entries.last().map(|entry| EntryRef {
            log: entry.log.clone(),
            seq: entry.seq,
        });
        if !page.more {
            break;
        }
    }
    assert!(numbers.len() > 400, "more than one page: {}", numbers.len());
    assert!(numbers.iter().rev().copied().eq(1..=room.length()));
    let asked = Audit {
        subject: Some("S-002".into()),
        ..Audit::default()
    };
    let about = acts::audit(&mut room.desk, asked).unwrap().entries;
    let own = about.iter().filter(|entry| entry.subject.as_deref() == Some("S-002"));
    assert!(own.count() > 100, "its values, its verdict");
    // What answers or signs names no subject by itself, and is found with the subject it is about.
    let other = about
        .iter()
        .find(|entry| entry.subject.as_deref().is_some_and(|subject| subject != "S-002"));
    assert!(other.is_none(), "{other:?}");
}

#[test]
fn from_an_empty_folder_to_a_bundle_that_verifies() {
    let mut room = Room::empty();
    open_a_site(&mut room);
    screen(&mut room);
    confirm_verdicts(&mut room);
    infuse(&mut room);
    assess(&mut room);
    review(&mut room);
    export(&mut room);
    room.sit("auditor");
    room.sound();
    read_the_whole_journal(&mut room);
    acts::lock(&mut room.desk, Lock { how: "idle".into() }).unwrap();
    assert!(room.faults.lock().unwrap().is_empty(), "{:?}", room.faults);
}

#[test]
fn what_is_missing_is_asked_for_and_then_decides() {
    let mut room = Room::furnished();
    room.pass(6 * DAY);
    room.sit("nurse");
    room.screen("S-009", &Chart::eligible().without(STILL_TO_COME));
    room.type_at("S-009/SCR/CNS/CNS.EXAM/CNS.LP_DONE", Raw::Codes(&["N"]))
        .unwrap();
    assert_eq!(eligibility(&mut room, "S-009").verdict, "pending");
    // "Not done" is an answer, and still not enough to decide on.
    room.type_at("S-009/SCR/PERF/PERF.HEART/PERF.LVEF", Raw::Absent(Missing::NotDone))
        .unwrap();
    assert_eq!(eligibility(&mut room, "S-009").verdict, "pending");
    for oid in ["PERF", "CNS"] {
        room.type_at("S-009/SCR/CNS/CNS.EXAM/CNS.LP_DONE", Raw::Codes(&["Y"]))
            .unwrap();
        room.type_at("S-009/SCR/PERF/PERF.HEART/PERF.LVEF", Raw::Number("58", "%"))
            .unwrap();
        room.fill(&format!("S-009/SCR/{oid}"), &Chart::eligible());
    }
    let view = eligibility(&mut room, "S-009");
    assert_eq!((view.verdict.as_str(), view.missing.len()), ("eligible", 0));
    room.sound();
}
