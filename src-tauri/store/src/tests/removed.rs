//! A row is taken out, about which something was asked: the question stays, goes on, and every check agrees with what is shown.

use study::act::Act;

use crate::{
    Checking, QueryFilter, QueryState,
    tests::{codes, lively, quick_desk},
};

#[test]
fn a_question_outlives_the_row_that_it_is_about() {
    let mut desk = quick_desk();
    let file = lively(&mut desk);
    let moment = desk.stamp().moment;
    let mut checking = Checking::in_full(&file).unwrap();
    assert!(checking.go_on(&file, &mut || false).unwrap());
    let last = checking.end(&moment).1.unwrap();
    file.close().unwrap();
    let (mut file, nurse) = desk.unlock("nurse").unwrap();
    let removed = Act::RowRemoved {
        form: "S-001/SCR/DM".parse().unwrap(),
        group: "DM.MAIN".into(),
        row: 1,
    };
    desk.act(&mut file, &nurse, vec![removed]);
    assert!(file.items_of_subject("S-001").unwrap().iter().all(|item| item.removed));
    let query = || "q-1".to_owned();
    for (act, expected) in [
        (
            Act::QueryReopened {
                query: query(),
                text: "Why?".into(),
            },
            QueryState::Open,
        ),
        (
            Act::QueryAnswered {
                query: query(),
                text: "Entered twice.".into(),
            },
            QueryState::Answered,
        ),
        (
            Act::QueryClosed {
                query: query(),
                text: None,
            },
            QueryState::Closed,
        ),
    ] {
        desk.act(&mut file, &nurse, vec![act]);
        let rows = file.queries(QueryFilter::OfSubject("S-001")).unwrap();
        assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [expected]);
    }
    assert_eq!(codes(&file), Vec::<&str>::new());
    let mut since = Checking::since(&file, &last).unwrap();
    assert!(since.go_on(&file, &mut || false).unwrap());
    assert_eq!(since.end(&moment).0.findings, Vec::new());
}
