//! The site's registers: donors, lots, bags, laboratories; who names them, and what is found where a name does not fit.

use conduct::{
    acts,
    requests::{
        AddSubject, AnswerQuery, EnterValue, ExportBundle, HistoryOf, Queries, RaiseQuery, RecordOf, Registers, Review,
        Search, SubjectOf, Subjects, ToSign, Today, Verify, VerifyBundle,
    },
    views::{FormView, RegisterView, UsesView},
};

use crate::{
    chart::{Chart, Raw, because, enter, find},
    room::{Room, code, form, item},
    story,
};

use Raw::{Codes, Number, Text};

const DONOR: &[(&str, Raw)] = &[
    ("DONOR.CODE", Text("D-07")),
    ("DONOR.KIND", Codes(&["UNIVERSAL"])),
    ("DONOR.SEX", Codes(&["M"])),
    ("DONOR.BIRTH_YEAR", Text("1996")),
    ("DONOR.ABO", Codes(&["A"])),
    ("DONOR.HLA_A", Text("A*02:01, A*11:01")),
    ("DONOR.HLA_B", Text("B*40:01, B*46:01")),
    ("DONOR.HLA_C", Text("C*01:02, C*07:02")),
    ("DONOR.HLA_DRB1", Text("DRB1*09:01, DRB1*12:02")),
    ("DONOR.HLA_DQB1", Text("DQB1*03:01, DQB1*03:03")),
    ("DONOR.SCREENED", Text("2025-11-03")),
    ("DONOR.HBSAG", Codes(&["NEG"])),
    ("DONOR.HBV_DNA", Codes(&["NEG"])),
    ("DONOR.HCV", Codes(&["NEG"])),
    ("DONOR.HIV", Codes(&["NEG"])),
    ("DONOR.SYPHILIS", Codes(&["NEG"])),
    ("DONOR.HTLV", Codes(&["NEG"])),
    ("DONOR.CMV", Codes(&["NEG"])),
    ("DONOR.EBV", Codes(&["NEG"])),
    ("DONOR.PASSED", Codes(&["Y"])),
    ("DONOR.CONSENT", Text("2025-11-01")),
    ("DONOR.APHERESIS", Text("2025-11-10")),
];

const LOT: &[(&str, Raw)] = &[
    ("LOT.NUMBER", Text("UC19-2603")),
    ("LOT.DONOR", Text("D-07")),
    ("LOT.PRODUCT", Text("Allogeneic CD19 CAR-T")),
    ("LOT.EDITED", Codes(&["N"])),
    ("LOT.MADE", Text("2025-11-20")),
    ("LOT.FROZEN", Text("2025-11-21")),
    ("LOT.EXPIRES", Text("2026-11-20")),
    ("LOT.VIABILITY", Number("92", "%")),
    ("LOT.CAR", Number("41", "%")),
    ("LOT.VCN", Text("1.8")),
    ("LOT.ENDOTOXIN", Text("< 0.5 EU/mL")),
    ("LOT.STERILITY", Codes(&["NEG"])),
    ("LOT.MYCOPLASMA", Codes(&["NEG"])),
    ("LOT.RCL", Codes(&["NEG"])),
    ("LOT.RELEASED", Codes(&["Y"])),
    ("LOT.RELEASED_ON", Text("2025-12-15")),
    ("LOT.OOS", Codes(&["N"])),
    ("LOT.BAD", Codes(&["N"])),
];

const BAG: &[(&str, Raw)] = &[
    ("BAG.CODE", Text("BAG-0001-A")),
    ("BAG.LOT", Text("UC19-2603")),
    ("BAG.COI", Text("COI-26-0001")),
    ("BAG.VOLUME", Number("50", "mL")),
    ("BAG.CELLS", Number("10", "10^6/mL")),
    ("BAG.RECEIVED", Text("2026-03-01 09:00")),
    ("BAG.COLD", Codes(&["Y"])),
    ("BAG.STATUS", Codes(&["STORED"])),
    ("BAG.STATUS_ON", Text("2026-03-01")),
];

const BAG_AT: &str = "INF/INFUSION/INFUSION.PRODUCT/INFUSION.BAG";

/// A donor, a lot, a bag, each complete; the nurse in front of them, on the day of the infusion.
fn site() -> Room {
    let mut room = Room::furnished();
    room.pass_days(14);
    room.sit("nurse");
    for (path, pairs) in [
        ("SITE/DONORS/DONOR", DONOR),
        ("SITE/LOTS/LOT", LOT),
        ("SITE/BAGS/BAG", BAG),
    ] {
        keep(&mut room, path, pairs, &[]);
    }
    room
}

/// Fills a record as a nurse would and completes it where nothing prevents that.
fn keep(room: &mut Room, path: &str, pairs: &[(&'static str, Raw)], other: &[(&'static str, Raw)]) -> FormView {
    let chart = Chart::eligible().with(pairs).with(other);
    let view = room.fill(path, &chart);
    if view.blockers.is_empty() {
        room.complete(path).unwrap()
    } else {
        view
    }
}

fn register(room: &mut Room, oid: &str) -> RegisterView {
    let asked = Registers {
        register: Some(oid.into()),
    };
    acts::registers(&mut room.desk, asked).unwrap().registers.remove(0)
}

fn uses(room: &mut Room, record: &str) -> UsesView {
    acts::record_uses(&mut room.desk, RecordOf { record: form(record) }).unwrap()
}

/// `id weight` of what is found at an item.
fn found(view: &FormView, oid: &str) -> Vec<String> {
    let said = find(view, oid).findings.into_iter();
    said.map(|finding| format!("{} {:?}", finding.check, finding.severity))
        .collect()
}

fn infuse(room: &mut Room, subject: &str, other: &[(&'static str, Raw)]) -> FormView {
    room.add_subject(subject);
    let chart = Chart::eligible().with(other);
    room.fill(&format!("{subject}/INF/INFUSION"), &chart)
}

/// Corrects a value, also where that hides others.
fn say(room: &mut Room, path: &str, raw: Raw) -> FormView {
    let asked = EnterValue {
        reason: Some(because("source_corrected")),
        hide_answers: true,
        ..enter(&item(path), raw)
    };
    acts::enter_value(&mut room.desk, asked).unwrap()
}

#[test]
fn a_record_is_kept_as_a_form_is() {
    let mut room = site();
    let lots = register(&mut room, "LOTS");
    assert_eq!(lots.next, form("SITE/LOTS/LOT[2]"));
    let [lot] = &lots.records[..] else { panic!("{lots:?}") };
    assert_eq!(
        (lot.name.as_deref(), lot.state.as_str(), lot.hard),
        (Some("UC19-2603"), "complete", 0)
    );
    assert_eq!(
        lot.cells.iter().map(|cell| cell.item.as_str()).collect::<Vec<_>>(),
        ["LOT.DONOR", "LOT.EXPIRES", "LOT.RELEASED", "LOT.BAD"]
    );
    assert!(lot.cells.iter().all(|cell| cell.value.is_some()));

    // Complete: a change needs a reason, and is in the history.
    let sterility = "SITE/LOTS/LOT/LOT.TESTS/LOT.STERILITY";
    assert_eq!(code(room.type_at(sterility, Codes(&["POS"]))), "reason_due");
    let view = room.correct(sterility, Codes(&["POS"]), "source_corrected").unwrap();
    // Released though not sterile: hard, and no longer complete.
    assert_eq!(found(&view, "LOT.STERILITY"), ["CHK-LOT-05 Hard"]);
    assert_eq!(view.state, "started");
    assert_eq!(code(room.complete("SITE/LOTS/LOT")), "form_has_blockers");
    let past = acts::history(&mut room.desk, HistoryOf { path: item(sterility) }).unwrap();
    assert_eq!(past.values.len(), 2);
    room.type_at(sterility, Codes(&["NEG"])).unwrap();
    room.complete("SITE/LOTS/LOT").unwrap();

    // Asked about, answered, verified, signed.
    room.sit("monitor");
    let asked = RaiseQuery {
        path: item(sterility),
        text: "Which method?".into(),
    };
    let query = acts::raise_query(&mut room.desk, asked).unwrap();
    assert_eq!(register(&mut room, "LOTS").records[0].queries, 1);
    let review = acts::review(
        &mut room.desk,
        Review {
            subject: Some("SITE".into()),
        },
    )
    .unwrap();
    let one = review.items.iter().find(|one| one.path == item(sterility)).unwrap();
    let asked = Verify {
        path: one.path.clone(),
        version: one.version,
    };
    assert_eq!(acts::verify(&mut room.desk, asked).unwrap().verification, "verified");
    room.sit("nurse");
    let today = acts::today(&mut room.desk, Today {}).unwrap();
    assert_eq!(
        today.queries.iter().map(|query| &query.path).collect::<Vec<_>>(),
        [&item(sterility)]
    );
    let asked = AnswerQuery {
        query: query.query,
        text: "Culture.".into(),
    };
    acts::answer_query(&mut room.desk, asked).unwrap();
    let all = acts::queries(
        &mut room.desk,
        Queries {
            subject: Some("SITE".into()),
        },
    )
    .unwrap();
    assert_eq!(all.queries.len(), 1);
    room.sit("doctor");
    assert_eq!(acts::today(&mut room.desk, Today {}).unwrap().to_sign, 3);
    story::sign_all(&mut room);
    assert_eq!(acts::to_sign(&mut room.desk, ToSign {}).unwrap().forms, []);
    assert_eq!(register(&mut room, "LOTS").records[0].state, "signed");
    room.sound();
}

#[test]
fn registers_are_no_subjects() {
    let mut room = site();
    let asked = AddSubject { subject: "SITE".into() };
    assert_eq!(code(acts::add_subject(&mut room.desk, asked)), "subject_code_reserved");
    assert_eq!(acts::subjects(&mut room.desk, Subjects {}).unwrap().subjects, []);
    let today = acts::today(&mut room.desk, Today {}).unwrap();
    assert_eq!((today.subjects, today.visits.len(), today.unfinished_all), (0, 0, 0));
    let asked = SubjectOf { subject: "SITE".into() };
    assert_eq!(code(acts::subject(&mut room.desk, asked)), "no_such_subject");
    for path in ["SITE/SCR/DM", "SITE/LOTS/BAG", "SITE/LOTS[2]/LOT"] {
        let answer = acts::form(&mut room.desk, conduct::requests::FormOf { form: form(path) });
        assert_eq!(code(answer), "no_such_form", "{path}");
    }
    let nowhere = Registers {
        register: Some("FREEZERS".into()),
    };
    assert_eq!(code(acts::registers(&mut room.desk, nowhere)), "no_such_register");
    let subjects = RecordOf {
        record: form("S-001/SCR/DM"),
    };
    assert_eq!(code(acts::record_uses(&mut room.desk, subjects)), "no_such_subject");
    // What is found is the record, by its code, and by it with the name of the register.
    room.add_subject("S-001");
    room.type_at("SITE/BAGS/BAG[2]/BAG.MAIN/BAG.CODE", Text("UC19-2603-B"))
        .unwrap();
    for (text, expected) in [
        ("uc19-2603", vec!["SITE/LOTS/LOT", "SITE/BAGS/BAG[2]"]),
        ("ＵＣ１９ 批次", vec!["SITE/LOTS/LOT"]),
        ("bags uc19", vec!["SITE/BAGS/BAG[2]"]),
        ("bags", vec![]),
        ("D-07", vec!["SITE/DONORS/DONOR"]),
    ] {
        let asked = Search {
            text: text.into(),
            subject: None,
        };
        let hits = acts::search(&mut room.desk, asked).unwrap().hits;
        let records = hits.iter().filter(|hit| hit.kind == "record");
        let records: Vec<String> = records.map(|hit| hit.form.clone().unwrap().to_string()).collect();
        assert_eq!(records, expected, "{text}");
        // The casebook touched last is a person's.
        assert!(
            hits.iter().all(|hit| hit.kind == "record" || hit.subject == "S-001"),
            "{text}"
        );
    }
}

#[test]
fn a_code_is_given_once() {
    let mut room = site();
    let view = room
        .type_at("SITE/LOTS/LOT[2]/LOT.MAIN/LOT.NUMBER", Text("UC19-2603"))
        .unwrap();
    let number = find(&view, "LOT.NUMBER");
    assert_eq!(found(&view, "LOT.NUMBER"), ["KEY Hard"]);
    assert_eq!(number.findings[0].others, [item("SITE/LOTS/LOT/LOT.MAIN/LOT.NUMBER")]);
    assert_eq!(number.findings[0].kind, "same_name");
    assert!(view.blockers.iter().any(|blocker| blocker.path == number.path));
    // The first says so too, and stays as complete as it was said to be.
    let first = room.form("SITE/LOTS/LOT");
    assert_eq!(
        (found(&first, "LOT.NUMBER"), first.state.as_str()),
        (vec!["KEY Hard".to_owned()], "complete")
    );
    let view = room
        .type_at("SITE/LOTS/LOT[2]/LOT.MAIN/LOT.NUMBER", Text("UC19-2604"))
        .unwrap();
    assert_eq!(found(&view, "LOT.NUMBER"), Vec::<String>::new());
    assert_eq!(found(&room.form("SITE/LOTS/LOT"), "LOT.NUMBER"), Vec::<String>::new());
    room.sound();
}

#[test]
fn a_bag_is_infused_once() {
    let mut room = site();
    let view = infuse(&mut room, "S-001", &[]);
    assert_eq!(found(&view, "INFUSION.BAG"), Vec::<String>::new());
    room.complete("S-001/INF/INFUSION").ok();
    let second = infuse(&mut room, "S-002", &[]);
    let others = |view: &FormView| find(view, "INFUSION.BAG").findings[0].others.clone();
    assert_eq!(found(&second, "INFUSION.BAG"), ["ONCE Hard"]);
    assert_eq!(others(&second), [item(&format!("S-001/{BAG_AT}"))]);
    assert!(
        second
            .blockers
            .iter()
            .any(|blocker| blocker.path.item == "INFUSION.BAG")
    );
    let first = room.form("S-001/INF/INFUSION");
    assert_eq!(found(&first, "INFUSION.BAG"), ["ONCE Hard"]);
    assert_eq!(others(&first), [item(&format!("S-002/{BAG_AT}"))]);
    // The list of forms says so as well.
    let asked = SubjectOf {
        subject: "S-002".into(),
    };
    let subject = acts::subject(&mut room.desk, asked).unwrap();
    let forms = subject.visits.iter().flat_map(|visit| &visit.forms);
    let infusion = forms.into_iter().find(|one| one.form.form == "INFUSION").unwrap();
    assert!(infusion.hard > 0, "{infusion:?}");
    room.type_at(&format!("S-002/{BAG_AT}"), Text("BAG-0002-A")).unwrap();
    assert_eq!(
        found(&room.form("S-001/INF/INFUSION"), "INFUSION.BAG"),
        Vec::<String>::new()
    );
    room.sound();
}

/// A complete infusion that is corrected to a bag that is somebody else's is no longer complete.
#[test]
fn a_correction_to_a_bag_of_somebody_else_opens_the_form() {
    let mut room = site();
    infuse(&mut room, "S-001", &[]);
    let other = [
        ("INFUSION.BAG", Text("BAG-0002-A")),
        ("INFUSION.COI", Text("COI-26-0002")),
    ];
    let bag = [("BAG.CODE", Text("BAG-0002-A")), ("BAG.COI", Text("COI-26-0002"))];
    keep(&mut room, "SITE/BAGS/BAG[2]", BAG, &bag);
    infuse(&mut room, "S-002", &other);
    room.vitals("S-002");
    room.complete("S-002/INF/INFUSION").unwrap();
    let at = format!("S-002/{BAG_AT}");
    let view = room.correct(&at, Text("BAG-0001-A"), "transcription").unwrap();
    assert_eq!(view.state, "started");
    assert!(room.journal().iter().any(|entry| entry.act == "form_reopened"));
    room.sound();
}

/// What the registers say of a bag, its lot and its donor is found at the infusion; the fact is never blocked.
#[test]
fn what_the_registers_say_is_found_at_the_infusion() {
    let bag = "SITE/BAGS/BAG/BAG.MAIN";
    let lot = "SITE/LOTS/LOT";
    let donor = "SITE/DONORS/DONOR/DONOR.MAIN";
    let cases: &[(&str, &str, Raw, &str, &[&str])] = &[
        (
            bag,
            "BAG.STATUS",
            Codes(&["QUARANTINE"]),
            "INFUSION.BAG",
            &["CHK-REF-01 Soft"],
        ),
        (
            bag,
            "BAG.STATUS",
            Codes(&["DISCARDED"]),
            "INFUSION.BAG",
            &["CHK-REF-01 Soft"],
        ),
        (bag, "BAG.STATUS", Codes(&["INFUSED"]), "INFUSION.BAG", &[]),
        (bag, "BAG.LOT", Text("UC19-2604"), "INFUSION.LOT", &["CHK-REF-02 Hard"]),
        (
            bag,
            "BAG.COI",
            Text("COI-26-0009"),
            "INFUSION.COI",
            &["CHK-REF-03 Hard"],
        ),
        (bag, "BAG.CODE", Text("BAG-0009-A"), "INFUSION.BAG", &["REFERENCE Soft"]),
        (
            &format!("{lot}/LOT.RELEASE"),
            "LOT.RELEASED",
            Codes(&["N"]),
            "INFUSION.LOT",
            &["CHK-REF-04 Soft"],
        ),
        (
            &format!("{lot}/LOT.RELEASE"),
            "LOT.BAD",
            Codes(&["Y"]),
            "INFUSION.LOT",
            &["CHK-REF-05 Soft"],
        ),
        (
            &format!("{lot}/LOT.MAIN"),
            "LOT.EXPIRES",
            Text("2026-03-15"),
            "INFUSION.LOT",
            &["CHK-REF-06 Soft"],
        ),
        (
            &format!("{lot}/LOT.MAIN"),
            "LOT.EXPIRES",
            Text("2026-03-16"),
            "INFUSION.LOT",
            &[],
        ),
        (
            &format!("{lot}/LOT.MAIN"),
            "LOT.NUMBER",
            Text("UC19-2699"),
            "INFUSION.LOT",
            &["REFERENCE Soft"],
        ),
        (
            donor,
            "DONOR.ABO",
            Codes(&["B"]),
            "INFUSION.DONOR_ABO",
            &["CHK-REF-08 Hard"],
        ),
        (donor, "DONOR.ABO", Codes(&["A"]), "INFUSION.DONOR_ABO", &[]),
    ];
    let mut room = site();
    infuse(&mut room, "S-001", &[]);
    room.vitals("S-001");
    room.complete("S-001/INF/INFUSION").unwrap();
    for (place, oid, raw, at, expected) in cases {
        let path = format!("{place}/{oid}");
        let before = find(&room.form(path.rsplitn(3, '/').last().unwrap()), oid).value;
        let now = find(&say(&mut room, &path, *raw), oid).value;
        let view = room.form("S-001/INF/INFUSION");
        assert_eq!(&found(&view, at), expected, "{oid} {raw:?}");
        assert_eq!(view.state, "complete", "{oid}");
        assert!(before != now || expected.is_empty(), "{oid}");
        let (_, back) = DONOR
            .iter()
            .chain(LOT)
            .chain(BAG)
            .find(|(known, _)| known == oid)
            .unwrap();
        say(&mut room, &path, *back);
        assert_eq!(
            found(&room.form("S-001/INF/INFUSION"), at),
            Vec::<String>::new(),
            "{oid}"
        );
    }
    room.sound();
}

#[test]
fn a_bad_lot_lists_its_subjects() {
    let mut room = site();
    infuse(&mut room, "S-001", &[]);
    // Only the bag says which lot it was.
    let bag = [("BAG.CODE", Text("BAG-0002-A")), ("BAG.COI", Text("COI-26-0002"))];
    keep(&mut room, "SITE/BAGS/BAG[2]", BAG, &bag);
    room.add_subject("S-002");
    room.type_at(&format!("S-002/{BAG_AT}"), Text("BAG-0002-A")).unwrap();
    // Allocated, not infused; and one of another lot.
    room.add_subject("S-003");
    room.type_at("S-003/SCR/ALLOC/ALLOC.MAIN/ALLOC.LOT", Text("UC19-2603"))
        .unwrap();
    infuse(
        &mut room,
        "S-004",
        &[
            ("INFUSION.LOT", Text("UC19-2699")),
            ("INFUSION.BAG", Text("BAG-0099-A")),
        ],
    );

    let told = uses(&mut room, "SITE/LOTS/LOT");
    assert_eq!(told.subjects, ["S-001", "S-002", "S-003"]);
    let line = |one: &conduct::views::UseView| {
        let via: Vec<&str> = one.via.iter().filter_map(|record| record.name.as_deref()).collect();
        format!("{} {}", one.path, via.join(" "))
    };
    assert_eq!(
        told.uses.iter().map(line).collect::<Vec<_>>(),
        [
            format!("S-001/{BAG_AT} BAG-0001-A"),
            "S-001/INF/INFUSION/INFUSION.PRODUCT/INFUSION.LOT ".to_owned(),
            format!("S-002/{BAG_AT} BAG-0002-A"),
            "S-003/SCR/ALLOC/ALLOC.MAIN/ALLOC.LOT ".to_owned(),
            "SITE/BAGS/BAG/BAG.MAIN/BAG.LOT ".to_owned(),
            "SITE/BAGS/BAG[2]/BAG.MAIN/BAG.LOT ".to_owned(),
        ]
    );
    assert_eq!(told.uses[1].day.as_deref(), Some("2026-03-16"));
    assert_eq!(
        told.uses[4].record.as_ref().unwrap().name.as_deref(),
        Some("BAG-0001-A")
    );
    // The donor lists its lots, and everybody whom they went to.
    let told = uses(&mut room, "SITE/DONORS/DONOR");
    assert_eq!(told.subjects, ["S-001", "S-002", "S-003"]);
    let records = told.uses.iter().filter(|one| one.record.is_some());
    assert_eq!(
        records.map(|one| one.path.to_string()).collect::<Vec<_>>(),
        ["SITE/LOTS/LOT/LOT.MAIN/LOT.DONOR"]
    );
    assert_eq!(
        register(&mut room, "DONORS").records[0].subjects,
        ["S-001", "S-002", "S-003"]
    );
    assert_eq!(uses(&mut room, "SITE/LABS/LABREG").uses, []);
    room.sound();
}

#[test]
fn a_laboratory_says_what_is_normal() {
    let mut room = site();
    room.type_at("SITE/LABS/LABREG/LABREG.MAIN/LABREG.CODE", Text("LAB-1"))
        .unwrap();
    for (part, raw) in [
        ("ANALYTE", Codes(&["HGB"])),
        ("SEX", Codes(&["F"])),
        ("AGE_FROM", Number("18", "a")),
        ("LOW", Text("115")),
        ("HIGH", Text("150")),
        ("UNIT", Text("g/L")),
    ] {
        room.type_at(&format!("SITE/LABS/LABREG/LABREG.RANGE/LABREG.{part}"), raw)
            .unwrap();
    }
    room.add_subject("S-001");
    room.type_at("S-001/SCR/DM/DM.MAIN/DM.SEX", Codes(&["F"])).unwrap();
    room.type_at("S-001/SCR/DM/DM.MAIN/DM.BIRTH", Text("1991")).unwrap();
    room.type_at("S-001/INF/HEMA/HEMA.WHEN/HEMA.AT", Text("2026-03-16 07:00"))
        .unwrap();
    let view = room
        .type_at("S-001/INF/HEMA/HEMA.COUNTS/HEMA.HGB", Number("9.2", "g/dL"))
        .unwrap();
    assert_eq!(find(&view, "HEMA.HGB").normal, None);
    let view = room
        .type_at("S-001/INF/HEMA/HEMA.WHEN/HEMA.LAB", Text("LAB-1"))
        .unwrap();
    let normal = find(&view, "HEMA.HGB").normal.unwrap();
    assert_eq!(
        (
            normal.low.as_deref(),
            normal.high.as_deref(),
            normal.unit.as_deref(),
            normal.stands.as_str()
        ),
        (Some("11.5"), Some("15"), Some("g/dL"), "below")
    );
    assert_eq!(normal.record, form("SITE/LABS/LABREG"));
    assert_eq!(find(&view, "HEMA.WBC").normal, None);
    let view = room
        .type_at("S-001/INF/HEMA/HEMA.WHEN/HEMA.LAB", Text("LAB-2"))
        .unwrap();
    assert_eq!(
        (found(&view, "HEMA.LAB"), find(&view, "HEMA.HGB").normal),
        (vec!["REFERENCE Soft".to_owned()], None)
    );
}

/// A form that repeats is listed as often as it was begun.
#[test]
fn a_further_record_of_a_form_is_in_the_casebook() {
    let mut room = site();
    room.add_subject("S-001");
    let forms = |room: &mut Room| {
        let asked = SubjectOf {
            subject: "S-001".into(),
        };
        let view = acts::subject(&mut room.desk, asked).unwrap();
        let all = view.visits.into_iter().flat_map(|visit| visit.forms);
        let hema = all.filter(|one| one.form.form == "HEMA" && one.form.visit == "INF");
        hema.map(|one| one.form.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(forms(&mut room), ["S-001/INF/HEMA"]);
    room.type_at("S-001/INF/HEMA[2]/HEMA.WHEN/HEMA.AT", Text("2026-03-16 19:00"))
        .unwrap();
    assert_eq!(forms(&mut room), ["S-001/INF/HEMA", "S-001/INF/HEMA[2]"]);
    room.sound();
}

#[test]
fn a_bundle_carries_the_registers_and_names_them_no_subject() {
    let mut room = site();
    room.add_subject("S-001");
    room.sit("doctor");
    let handle = room.desk.choose(room.folder.clone());
    let asked = ExportBundle {
        handle,
        plain: true,
        sealed_for: Vec::new(),
    };
    let length = room.length();
    let exported = acts::export_bundle(&mut room.desk, asked).unwrap();
    assert_eq!(exported.entries, length);
    let handle = room.desk.choose(room.folder.join(&exported.files[0]));
    let verified = acts::verify_bundle(&mut room.desk, VerifyBundle { handle }).unwrap();
    assert_eq!(
        (verified.outcome.as_str(), verified.subjects),
        ("holds", vec!["S-001".to_owned()])
    );
    let bytes = std::fs::read(room.folder.join(&exported.files[0])).unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("SITE/LOTS/LOT/LOT.MAIN/LOT.NUMBER") && has("UC19-2603"));
    room.sound();
}
