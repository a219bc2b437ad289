//! One laptop settles what the other goes on with, neither knowing of the other: somebody is asked, once, on whichever laptop it is
//! found and however often; nothing counts as compared or signed that whoever did so never had before them.

use conduct::{
    acts,
    requests::{
        AnswerQuery, AskRedaction, CloseQuery, CompleteForm, Queries, RaiseQuery, Redact, RemoveRow, ReopenForm,
        ReopenQuery, Review, Subjects, ToSign, Today, Verify, WithdrawVerification,
    },
    views::{CrossingView, FormView, ImportedView, QueryView},
};

use crate::{
    cards,
    chart::{Chart, Raw, because, find},
    exchange::{exported, fingerprint, import, monitor},
    room::{PASSWORD, Room, code, form, item},
    story::sign_all,
};

const LAB: &str = "S-001/SCR/LAB";
const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";
const CREAT: &str = "S-001/SCR/LAB/LAB.CHEM/LAB.CREAT";
const INFUSION: &str = "S-001/INF/INFUSION";
const ROW: &str = "S-001/INF/INFUSION/INFUSION.VITALS[3]/";

/// What is done at a query, by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Answers,
    AsksAgain,
    Closes,
}

use Does::{Answers, AsksAgain, Closes};

fn does(room: &mut Room, query: &str, what: Does) -> QueryView {
    let query = query.to_owned();
    room.sit(if what == Answers { "nurse" } else { "monitor" });
    let desk = &mut room.desk;
    match what {
        Answers => acts::answer_query(
            desk,
            AnswerQuery {
                query,
                text: "Copied from the slip.".into(),
            },
        ),
        AsksAgain => acts::reopen_query(
            desk,
            ReopenQuery {
                query,
                text: "Which slip?".into(),
            },
        ),
        Closes => acts::close_query(
            desk,
            CloseQuery {
                query,
                text: Some("Seen.".into()),
            },
        ),
    }
    .unwrap()
}

fn ask(room: &mut Room) -> String {
    room.sit("monitor");
    let asked = RaiseQuery {
        path: item(PLT),
        text: "Sure?".into(),
    };
    acts::raise_query(&mut room.desk, asked).unwrap().query
}

fn queries(room: &mut Room) -> Vec<QueryView> {
    acts::queries(&mut room.desk, Queries { subject: None })
        .unwrap()
        .queries
}

fn unsettled(room: &mut Room) -> Vec<QueryView> {
    let mut all = queries(room);
    all.retain(|query| query.state != "closed");
    all
}

fn one_query(room: &mut Room, query: &str) -> QueryView {
    queries(room).into_iter().find(|row| row.query == query).unwrap()
}

/// Queries with their states and what they show, as everybody should see them.
fn picture(room: &mut Room) -> Vec<(String, String, String, Option<CrossingView>)> {
    room.sit("monitor");
    let mut all: Vec<_> = queries(room)
        .into_iter()
        .map(|row| (row.query, row.path.to_string(), row.state, row.crossing))
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// A bundle of everything that one laptop holds goes to another.
#[track_caller]
fn carry(from: &mut Room, to: &mut Room) -> ImportedView {
    let bundle = sent(from);
    to.sit("doctor");
    import(to, &bundle, None).unwrap()
}

fn sent(from: &mut Room) -> std::path::PathBuf {
    static NO: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    from.sit("doctor");
    let no = NO.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    exported(from, &format!("crossed-{no}"))
}

/// Both at once: what each wrote before it heard of the other.
fn exchange(one: &mut Room, two: &mut Room) -> (ImportedView, ImportedView) {
    let (from_one, from_two) = (sent(one), sent(two));
    one.sit("doctor");
    two.sit("doctor");
    (
        import(one, &from_two, None).unwrap(),
        import(two, &from_one, None).unwrap(),
    )
}

/// Entries that put what a laptop does later behind in the one order.
fn busy(room: &mut Room, entries: usize) {
    room.sit("nurse");
    for n in 0..entries {
        room.type_at("S-001/SCR/DM/DM.MAIN/DM.SEX", Raw::Codes([&["F"], &["M"]][n % 2]))
            .unwrap();
    }
}

fn subject() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    room
}

/// What was done before the laptops parted, what one did and what the other, and the open queries there are afterwards besides
/// the one that it is about.
const SAID: &[(&[Does], &[Does], &[Does])] = &[
    (&[Answers], &[Closes], &[AsksAgain]),
    (&[], &[Closes], &[Answers]),
    (&[], &[Closes], &[Answers, AsksAgain]),
    (&[], &[Answers, Closes], &[Answers, AsksAgain, Answers]),
    (&[Closes], &[AsksAgain, Closes], &[AsksAgain]),
    (&[Closes], &[AsksAgain, Answers, Closes], &[AsksAgain]),
];

#[test]
fn what_was_said_in_a_question_that_somebody_closed_unknowing_is_not_lost() {
    let mut asked = 0;
    for (before, here, there) in SAID {
        for (ahead, beside) in [(30, 0), (0, 30)] {
            let mut site = subject();
            let query = ask(&mut site);
            for what in *before {
                does(&mut site, &query, *what);
            }
            let (mut one, mut two) = cards::beside(site);
            busy(&mut one, ahead);
            busy(&mut two, beside);
            for what in *here {
                does(&mut one, &query, *what);
            }
            for what in *there {
                does(&mut two, &query, *what);
            }
            let case = format!("{before:?} {here:?} {there:?} {ahead} {beside}");
            let (first, second) = exchange(&mut one, &mut two);
            assert_eq!(first.queries, second.queries, "{case}");
            assert_eq!(picture(&mut one), picture(&mut two), "{case}");
            for room in [&mut one, &mut two] {
                room.sit("monitor");
                let open = unsettled(room);
                assert!(!open.is_empty(), "{case}: lost");
                assert!(open.iter().all(|row| row.path == item(PLT)), "{case}");
                // Either the question itself is open, or another shows what was said and what closed it.
                let itself = open.iter().any(|row| row.query == query);
                assert_eq!(itself, first.queries == 0, "{case}");
                if !itself {
                    let crossing = open[0].crossing.as_ref().unwrap();
                    assert_eq!((open.len(), open[0].state.as_str()), (1, "open"), "{case}");
                    assert_eq!(crossing.about, "question");
                    assert_eq!(
                        (crossing.settled.act.as_str(), crossing.settled.text.as_deref()),
                        ("query_closed", Some("Seen."))
                    );
                    let said = match there.last().unwrap() {
                        Answers => ("query_answered", "Copied from the slip."),
                        AsksAgain | Closes => ("query_reopened", "Which slip?"),
                    };
                    assert_eq!(
                        (crossing.unseen.act.as_str(), crossing.unseen.text.as_deref()),
                        (said.0, Some(said.1))
                    );
                    assert_ne!(crossing.unseen.at.log, crossing.settled.at.log);
                    assert!(!crossing.unseen.device.is_empty() && crossing.unseen.by != "–");
                }
                room.sit("nurse");
                let waits = acts::today(&mut room.desk, Today {}).unwrap();
                let open = open.iter().filter(|row| row.state == "open").count();
                assert_eq!(waits.queries.len(), open, "{case}");
                room.sound();
            }
            asked += first.queries;
            // Again and again, it is asked once.
            assert_eq!(
                (carry(&mut one, &mut two).queries, carry(&mut two, &mut one).queries),
                (0, 0)
            );
            assert_eq!(picture(&mut one), picture(&mut two), "{case}");
        }
    }
    assert_eq!(
        asked, 5,
        "in one of the two orders, but where the fold itself leaves the question open"
    );
}

/// One closed, two asked again: of the two orders the one in which the closing stands.
fn unheard() -> (Room, Room, String, String) {
    let mut site = subject();
    let query = ask(&mut site);
    does(&mut site, &query, Answers);
    let (mut one, mut two) = cards::beside(site);
    busy(&mut one, 30);
    does(&mut one, &query, Closes);
    does(&mut two, &query, AsksAgain);
    exchange(&mut one, &mut two);
    one.sit("monitor");
    let open = unsettled(&mut one);
    assert_eq!((open.len(), one_query(&mut one, &query).state.as_str()), (1, "closed"));
    let about = open[0].query.clone();
    (one, two, query, about)
}

#[test]
fn who_asks_again_knowing_both_settles_the_query_about_it_on_every_laptop() {
    let (mut one, mut two, query, about) = unheard();
    // Meanwhile the other laptop finds it once more and does nothing.
    assert_eq!(does(&mut one, &query, AsksAgain).state, "open");
    assert_eq!(one_query(&mut one, &about).state, "closed");
    let noted = one
        .journal()
        .into_iter()
        .find(|entry| entry.act == "query_closed")
        .unwrap();
    assert!(noted.by.is_none(), "the device notes it");
    for _ in 0..2 {
        assert_eq!(carry(&mut one, &mut two).queries, 0);
        assert_eq!(carry(&mut two, &mut one).queries, 0);
    }
    for room in [&mut one, &mut two] {
        room.sit("monitor");
        let states = [&query, &about].map(|name| one_query(room, name).state);
        assert_eq!(states, ["open", "closed"]);
        room.sound();
    }
    // Closed by somebody who knows everything, it stays so.
    does(&mut two, &query, Closes);
    assert_eq!(carry(&mut two, &mut one).queries, 0);
    one.sit("monitor");
    assert_eq!(unsettled(&mut one), []);
}

#[test]
fn once_somebody_spoke_in_it_people_close_it_and_it_is_not_asked_anew() {
    let (mut one, mut two, query, about) = unheard();
    does(&mut two, &about, Answers);
    does(&mut two, &query, AsksAgain);
    assert_eq!(one_query(&mut two, &about).state, "answered");
    does(&mut two, &query, Closes);
    does(&mut two, &about, Closes);
    exchange(&mut one, &mut two);
    for room in [&mut one, &mut two] {
        room.sit("monitor");
        assert_eq!(unsettled(room), []);
        room.sound();
    }
    assert_eq!(carry(&mut one, &mut two).queries, 0);
}

#[test]
fn the_query_repeats_nothing_that_was_typed_and_hides_what_is_redacted() {
    let (mut one, _, _, about) = unheard();
    let shown = one_query(&mut one, &about);
    let text = shown.thread[0].text.clone().unwrap();
    assert!(
        text.contains("query_reopened") && text.contains("query_closed"),
        "{text}"
    );
    assert!(!text.contains("slip") && !text.contains("Seen"), "{text}");
    let entries = vec![shown.crossing.unwrap().unseen.at];
    one.sit("doctor");
    let asked = AskRedaction {
        entries,
        reason: because("transcription"),
    };
    let asked = acts::ask_redaction(&mut one.desk, asked).unwrap();
    let redact = Redact {
        asked: asked.at,
        login: "admin".into(),
        password: PASSWORD.into(),
        reason: because("transcription"),
    };
    acts::redact(&mut one.desk, redact).unwrap();
    let crossing = one_query(&mut one, &about).crossing.unwrap();
    assert!(crossing.unseen.redacted && crossing.unseen.text.is_none());
    assert!(!crossing.settled.redacted);
}

#[test]
fn three_laptops_ask_once_whatever_reaches_which_first() {
    let mut site = subject();
    let query = ask(&mut site);
    does(&mut site, &query, Answers);
    let (one, mut two) = cards::beside(site);
    let (mut one, mut three) = cards::beside(one);
    busy(&mut one, 30);
    does(&mut one, &query, Closes);
    does(&mut two, &query, AsksAgain);
    does(&mut three, &query, AsksAgain);
    // Two and three hear of one another, neither of the closing; one hears of two alone, then of three.
    let (early_one, early_three) = (sent(&mut one), sent(&mut three));
    assert_eq!(carry(&mut two, &mut one).queries, 1);
    two.sit("doctor");
    assert_eq!(import(&mut two, &early_three, None).unwrap().queries, 0);
    assert_eq!(import(&mut two, &early_one, None).unwrap().queries, 2);
    three.sit("doctor");
    assert_eq!(import(&mut three, &early_one, None).unwrap().queries, 1);
    one.sit("doctor");
    assert_eq!(import(&mut one, &early_three, None).unwrap().queries, 1);
    for _ in 0..2 {
        let sent = [sent(&mut one), sent(&mut two), sent(&mut three)];
        for room in [&mut one, &mut two, &mut three] {
            room.sit("doctor");
            for bundle in &sent {
                assert_eq!(import(room, bundle, None).unwrap().queries, 0);
            }
        }
    }
    let pictures = [&mut one, &mut two, &mut three].map(picture);
    assert!(pictures[0] == pictures[1] && pictures[1] == pictures[2], "{pictures:?}");
    assert_eq!(pictures[0].iter().filter(|(.., state, _)| state == "open").count(), 2);
    for room in [&mut one, &mut two, &mut three] {
        room.sound();
    }
}

/// The laboratory form filled and not complete, as both laptops have it.
fn filled() -> Room {
    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.fill(LAB, &Chart::eligible());
    room
}

/// One completes the form, the other changes a value in it.
fn unseen(ahead: usize, beside: usize) -> (Room, Room, String) {
    let (mut one, mut two) = cards::beside(filled());
    two.pass_days(7);
    busy(&mut one, ahead);
    busy(&mut two, beside);
    one.complete(LAB).unwrap();
    two.type_at(CREAT, Raw::Number("70", "umol/L")).unwrap();
    let (first, second) = exchange(&mut one, &mut two);
    assert_eq!((first.queries, second.queries), (1, 1), "{ahead} {beside}");
    assert_eq!(picture(&mut one), picture(&mut two));
    let about = unsettled(&mut one)[0].query.clone();
    (one, two, about)
}

fn states(rooms: [&mut Room; 2], query: &str) -> [String; 2] {
    rooms.map(|room| {
        room.sit("monitor");
        room.sound();
        one_query(room, query).state
    })
}

fn reopen(room: &mut Room) -> FormView {
    let asked = ReopenForm {
        form: form(LAB),
        reason: because("transcription"),
    };
    acts::reopen_form(&mut room.desk, asked).unwrap()
}

#[test]
fn a_value_that_came_while_its_form_was_completed_is_asked_about() {
    for (ahead, beside) in [(0, 0), (30, 0), (0, 30)] {
        let (mut one, mut two, about) = unseen(ahead, beside);
        for room in [&mut one, &mut two] {
            room.sit("nurse");
            let page = room.form(LAB);
            assert_eq!((page.state.as_str(), page.reason_due), ("complete", true));
            let [query] = <[QueryView; 1]>::try_from(find(&page, "LAB.CREAT").queries).unwrap();
            assert_eq!((query.query.as_str(), query.state.as_str()), (about.as_str(), "open"));
            let crossing = query.crossing.unwrap();
            assert_eq!((crossing.about.as_str(), crossing.path.as_str()), ("form", CREAT));
            assert_eq!(
                (crossing.unseen.act.as_str(), crossing.settled.act.as_str()),
                ("value_entered", "form_completed")
            );
            assert!(serde_json::to_string(&crossing.unseen.value).unwrap().contains("70"));
            assert!(crossing.unseen.reason.is_none());
            assert_eq!(acts::today(&mut room.desk, Today {}).unwrap().queries.len(), 1);
        }
        // Entered anew, with a reason, it is settled: also by the value that stands.
        one.sit("nurse");
        let same = Raw::Number("70", "umol/L");
        assert_eq!(code(one.type_at(CREAT, same)), "reason_due");
        one.correct(CREAT, same, "transcription").unwrap();
        assert_eq!(carry(&mut one, &mut two).queries, 0);
        assert_eq!(carry(&mut two, &mut one).queries, 0);
        assert_eq!(states([&mut one, &mut two], &about), ["closed", "closed"]);
    }
}

#[test]
fn who_completes_the_form_again_has_seen_it_unless_somebody_spoke() {
    for spoken in [false, true] {
        let (mut one, mut two, about) = unseen(0, 30);
        if spoken {
            does(&mut two, &about, Answers);
        }
        two.sit("nurse");
        reopen(&mut two);
        let page = acts::complete_form(&mut two.desk, CompleteForm { form: form(LAB) }).unwrap();
        let shown = if spoken { "answered" } else { "closed" };
        assert_eq!(find(&page, "LAB.CREAT").queries[0].state, shown);
        assert_eq!(carry(&mut two, &mut one).queries, 0);
        assert_eq!(carry(&mut one, &mut two).queries, 0);
        assert_eq!(states([&mut one, &mut two], &about), [shown, shown]);
    }
}

#[test]
fn completed_on_both_it_is_asked_what_the_completion_that_stands_did_not_know() {
    let mut asked = Vec::new();
    for (ahead, beside) in [(30, 0), (0, 30)] {
        let (mut one, mut two) = cards::beside(filled());
        two.pass_days(7);
        busy(&mut one, ahead);
        busy(&mut two, beside);
        one.complete(LAB).unwrap();
        two.type_at(CREAT, Raw::Number("70", "umol/L")).unwrap();
        two.complete(LAB).unwrap();
        let (first, second) = exchange(&mut one, &mut two);
        assert_eq!(first.queries, second.queries);
        assert_eq!(picture(&mut one), picture(&mut two));
        asked.push(first.queries);
    }
    assert_eq!(asked, [1, 0]);
}

#[test]
fn what_the_completion_knew_or_whoever_knew_the_completion_is_not_asked_about() {
    let (mut one, mut two) = cards::beside(filled());
    two.pass_days(7);
    two.sit("nurse");
    two.type_at(CREAT, Raw::Number("70", "umol/L")).unwrap();
    assert_eq!(carry(&mut two, &mut one).queries, 0);
    one.sit("nurse");
    one.complete(LAB).unwrap();
    assert_eq!(carry(&mut one, &mut two).queries, 0);
    two.sit("nurse");
    two.correct(CREAT, Raw::Number("71", "umol/L"), "source_corrected")
        .unwrap();
    exchange(&mut one, &mut two);
    // Reopened before the other's value comes, it is open, and nothing is asked.
    one.sit("nurse");
    reopen(&mut one);
    two.sit("nurse");
    two.correct(PLT, Raw::Number("60", "10^9/L"), "source_corrected")
        .unwrap();
    assert_eq!(exchange(&mut one, &mut two).0.queries, 0);
    for room in [&mut one, &mut two] {
        room.sit("monitor");
        assert_eq!(queries(room), []);
        room.sound();
    }
}

#[test]
fn two_values_and_a_completion_are_one_query_and_a_row_taken_out_is_one() {
    let (mut one, mut two) = cards::beside(filled());
    two.pass_days(7);
    one.sit("nurse");
    one.type_at(CREAT, Raw::Number("69", "umol/L")).unwrap();
    one.complete(LAB).unwrap();
    two.sit("nurse");
    two.type_at(CREAT, Raw::Number("70", "umol/L")).unwrap();
    assert_eq!(exchange(&mut one, &mut two).0.queries, 1);
    let query = queries(&mut one).remove(0);
    assert!(query.conflict.is_some() && query.crossing.is_none());

    let mut room = Room::furnished();
    room.pass_days(6);
    room.sit("nurse");
    room.add_subject("S-001");
    room.pass_days(10);
    room.sit("nurse");
    room.fill(INFUSION, &Chart::eligible());
    room.vitals("S-001");
    let (mut one, mut two) = cards::beside(room);
    two.pass_days(17);
    one.sit("nurse");
    one.complete(INFUSION).unwrap();
    two.sit("nurse");
    let asked = RemoveRow {
        form: form(INFUSION),
        group: "INFUSION.VITALS".into(),
        row: 3,
        reason: because("transcription"),
    };
    acts::remove_row(&mut two.desk, asked).unwrap();
    let (first, second) = exchange(&mut one, &mut two);
    assert_eq!((first.queries, second.queries), (1, 1));
    assert_eq!(picture(&mut one), picture(&mut two));
    one.sit("nurse");
    let page = one.form(INFUSION);
    let [query] = page.removed_queries.as_slice() else {
        panic!("{:?}", page.removed_queries)
    };
    let crossing = query.crossing.as_ref().unwrap();
    assert_eq!((crossing.unseen.act.as_str(), query.row_removed), ("row_removed", true));
    assert!(query.path.to_string().starts_with(ROW), "{}", query.path);
    one.sound();
}

/// What a file says of a form and an item, wherever it says it.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    form: String,
    item: String,
    listed: String,
    verified: u32,
    to_verify: u32,
    to_sign: u32,
}

fn standing(room: &mut Room) -> Standing {
    room.sit("monitor");
    let page = room.form(LAB);
    let review = acts::review(
        &mut room.desk,
        Review {
            subject: Some("S-001".into()),
        },
    );
    let review = review.unwrap();
    let listed = review.items.iter().find(|row| row.path == item(PLT));
    let today = acts::today(&mut room.desk, Today {}).unwrap();
    Standing {
        form: page.state.clone(),
        item: find(&page, "LAB.PLT").verification,
        listed: listed.map(|row| row.verification.clone()).unwrap_or_default(),
        verified: review.verified,
        to_verify: today.to_verify,
        to_sign: today.to_sign,
    }
}

/// Compares everything on the form with the source.
fn verify_all(room: &mut Room) -> u32 {
    let review = acts::review(
        &mut room.desk,
        Review {
            subject: Some("S-001".into()),
        },
    );
    let mut done = 0;
    for row in review.unwrap().items {
        let (path, version) = (row.path, row.version);
        acts::verify(&mut room.desk, Verify { path, version }).unwrap();
        done += 1;
    }
    done
}

#[test]
fn what_was_verified_elsewhere_over_another_value_of_the_same_number_is_not_verified_here() {
    let mut site = filled();
    site.complete(LAB).unwrap();
    let (mut one, mut two) = cards::beside(site);
    two.pass_days(7);
    one.sit("nurse");
    one.correct(PLT, Raw::Number("62", "10^9/L"), "transcription").unwrap();
    two.sit("nurse");
    two.correct(PLT, Raw::Number("63", "10^9/L"), "transcription").unwrap();
    // A monitor has the one laptop's bundle alone, and compares the second value that there is.
    let mut monitor = monitor();
    monitor.pass_days(8);
    let from_one = sent(&mut one);
    let key = fingerprint(&mut one.desk);
    import(&mut monitor, &from_one, Some(key)).unwrap();
    let items = verify_all(&mut monitor);
    let all = standing(&mut monitor);
    assert_eq!(
        (all.form.as_str(), all.item.as_str(), all.verified, all.to_verify),
        ("verified", "verified", items, 0)
    );
    let review = exported(&mut monitor, "review");
    let key = fingerprint(&mut monitor.desk);
    // The other laptop, with a second value of its own, hears of the review before it hears of the first laptop.
    two.sit("doctor");
    import(&mut two, &review, Some(key.clone())).unwrap();
    let here = standing(&mut two);
    let not_seen = |form: &str| Standing {
        form: form.into(),
        item: "changed".into(),
        listed: "changed".into(),
        verified: items - 1,
        to_verify: 1,
        to_sign: 1,
    };
    assert_eq!(here, not_seen("complete"));
    two.sound();
    // Then it does, and the other way round: two values, of which one was compared.
    one.sit("doctor");
    import(&mut one, &review, Some(key)).unwrap();
    assert_eq!(standing(&mut one).form, "verified");
    exchange(&mut one, &mut two);
    for room in [&mut one, &mut two] {
        assert_eq!(standing(room), not_seen("complete"));
    }
    let both = [sent(&mut one), sent(&mut two)];
    for bundle in &both {
        import(&mut monitor, bundle, None).unwrap();
    }
    let told = standing(&mut monitor);
    assert_eq!((told.item.as_str(), told.verified), ("changed", items - 1));
    // Compared once more, now the value that stands, it is verified for everybody.
    let version = find(&monitor.form(LAB), "LAB.PLT").version;
    acts::verify(
        &mut monitor.desk,
        Verify {
            path: item(PLT),
            version,
        },
    )
    .unwrap();
    let review = exported(&mut monitor, "again");
    for room in [&mut one, &mut two] {
        room.sit("doctor");
        import(room, &review, None).unwrap();
        assert_eq!(standing(room).form, "verified");
        room.sound();
    }
}

#[test]
fn what_was_signed_and_verified_unknowing_of_a_newer_value_says_so_everywhere() {
    for (ahead, beside) in [(0, 0), (30, 0), (0, 30)] {
        let mut site = filled();
        site.complete(LAB).unwrap();
        let (mut one, mut two) = cards::beside(site);
        two.pass_days(7);
        busy(&mut one, ahead);
        busy(&mut two, beside);
        two.sit("nurse");
        two.correct(PLT, Raw::Number("63", "10^9/L"), "transcription").unwrap();
        one.sit("monitor");
        let items = verify_all(&mut one);
        one.sit("doctor");
        sign_all(&mut one);
        let before = standing(&mut one);
        assert_eq!(
            (before.form.as_str(), before.item.as_str(), before.to_sign),
            ("signed", "verified", 0)
        );
        exchange(&mut one, &mut two);
        for room in [&mut one, &mut two] {
            let after = Standing {
                form: "changed".into(),
                item: "changed".into(),
                listed: "changed".into(),
                verified: items - 1,
                to_verify: 1,
                to_sign: 1,
            };
            assert_eq!(standing(room), after, "{ahead} {beside}");
            let page = room.form(LAB);
            assert!(page.signatures[0].valid && page.signatures[0].changed.len() == 1);
            let due = acts::to_sign(&mut room.desk, ToSign {}).unwrap();
            assert_eq!((due.forms.len(), due.forms[0].changes.len()), (1, 1));
            assert!(!due.signatures[0].changed.is_empty());
            let listed = acts::subjects(&mut room.desk, Subjects {}).unwrap().subjects;
            assert_eq!(listed[0].unsigned, 1);
            room.sit("monitor");
            room.sound();
        }
        // A verification that is taken back is taken back by who knows what stands.
        let asked = WithdrawVerification {
            path: item(PLT),
            reason: because("transcription"),
        };
        assert_eq!(
            acts::withdraw_verification(&mut one.desk, asked).unwrap().verification,
            "none"
        );
    }
}
