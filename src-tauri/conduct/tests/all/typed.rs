//! What is typed and not yet saved: kept for the person who typed it, offered again, forgotten once saved.

use conduct::{
    Missing, RawInput, acts,
    requests::{FormOf, KeepUnfinished, Today},
    views::UnfinishedView,
};

use crate::{
    chart::{Raw, find},
    room::{Room, form, item},
};

const PLT: &str = "S-001/SCR/LAB/LAB.HEM/LAB.PLT";

/// A text in a control.
pub(crate) fn standing(text: &str) -> UnfinishedView {
    UnfinishedView {
        input: RawInput {
            text: text.into(),
            ..RawInput::default()
        },
        by_hand: false,
    }
}

fn keep(room: &mut Room, text: &str) -> bool {
    let asked = KeepUnfinished {
        path: item(PLT),
        typed: (!text.is_empty()).then(|| standing(text)),
    };
    acts::keep_unfinished(&mut room.desk, asked).unwrap().kept
}

fn offered(room: &mut Room) -> Option<String> {
    let view = acts::form(
        &mut room.desk,
        FormOf {
            form: form("S-001/SCR/LAB"),
        },
    )
    .unwrap();
    find(&view, "LAB.PLT").unfinished.map(|typed| typed.input.text)
}

fn listed(room: &mut Room) -> usize {
    acts::today(&mut room.desk, Today {}).unwrap().typed.len()
}

#[test]
fn it_is_offered_after_reopening_to_who_typed_it_and_forgotten_once_saved() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    let length = room.length();
    assert!(keep(&mut room, "6l"));
    assert_eq!(room.length(), length, "it is outside the journal");
    acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();

    room.sit("nurse2");
    assert_eq!(
        (offered(&mut room), listed(&mut room)),
        (None, 0),
        "another person's hand is not shown"
    );
    room.sit("nurse");
    assert_eq!((offered(&mut room).as_deref(), listed(&mut room)), (Some("6l"), 1));
    // What is refused leaves it there.
    room.type_at(PLT, Raw::Number("6l", "10^9/L")).unwrap_err();
    assert_eq!(offered(&mut room).as_deref(), Some("6l"));
    let view = room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    assert_eq!((find(&view, "LAB.PLT").unfinished, listed(&mut room)), (None, 0));

    assert!(keep(&mut room, "62"));
    assert!(!keep(&mut room, ""));
    assert_eq!(offered(&mut room), None);
    room.sound();
}

#[test]
fn typing_the_saved_value_again_forgets_it_too() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    keep(&mut room, "6");
    let length = room.length();
    room.type_at(PLT, Raw::Number("61", "10^9/L")).unwrap();
    assert_eq!((offered(&mut room), room.length()), (None, length));
}

/// Not the text alone: a chosen unit, codes, a missing kind, and an item that was emptied while its reason is due.
#[test]
fn everything_that_stands_in_a_control_is_kept() {
    let mut room = Room::furnished();
    room.sit("nurse");
    room.add_subject("S-001");
    let inputs = [
        RawInput {
            text: "61".into(),
            unit: Some("10^9/L".into()),
            ..RawInput::default()
        },
        RawInput {
            missing: Some(Missing::NotDone),
            ..RawInput::default()
        },
        RawInput {
            codes: vec!["A".into(), "B".into()],
            ..RawInput::default()
        },
        RawInput::default(),
    ];
    for input in inputs {
        let typed = UnfinishedView { input, by_hand: true };
        let asked = KeepUnfinished {
            path: item(PLT),
            typed: Some(typed.clone()),
        };
        assert!(acts::keep_unfinished(&mut room.desk, asked).unwrap().kept);
        acts::close_file(&mut room.desk, conduct::requests::CloseFile {}).unwrap();
        room.sit("nurse");
        let view = acts::form(
            &mut room.desk,
            FormOf {
                form: form("S-001/SCR/LAB"),
            },
        )
        .unwrap();
        assert_eq!(find(&view, "LAB.PLT").unfinished, Some(typed));
    }
}
