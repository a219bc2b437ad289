//! Visits: planned, unplanned, running.

use crate::{
    identifiers::Kind,
    odm::import::{forms::Form, names::Names, page::Page, report::NoteCode, source::Source, tables::Tables, texts},
};

/// The page, and which visit collects which form.
pub(crate) fn visits<'x>(
    source: &Source<'x>,
    tables: &Tables<'x>,
    names: &Names,
    forms: &[Form],
) -> (String, Vec<(String, String)>) {
    let mut page = Page::headed("Visits in order. ODM 1.3 has no days and no windows.");
    let mut collected = Vec::new();
    let mut order = Vec::new();
    if let Some(protocol) = source.child(tables.version, "Protocol") {
        for event in source.ordered(protocol, "StudyEventRef") {
            source.attribute(event, "Mandatory");
            let oid = source.attribute(event, "StudyEventOID");
            if let (Some(node), Some(oid)) = (tables.events.follow(source, event, oid), oid) {
                order.push((oid, node));
            }
        }
    }
    let named = !order.is_empty();
    for (oid, node) in tables.events.all() {
        if order.iter().all(|(known, _)| *known != oid) {
            if named {
                source.note(node, NoteCode::NotInProtocol, &[("oid", oid)]);
            }
            order.push((oid, node));
        }
    }
    for (oid, node) in order {
        let own = names.give(Kind::Visit, oid, source.ours(node, "oid"), None);
        let name = texts::named(source, node, "Description");
        source.attribute(node, "Name");
        page.raw("");
        for open in &name.open {
            page.comment(&format!("text without language: {open}"));
        }
        page.raw("[[visit]]");
        page.text("oid", &own);
        page.both("name", &name.text);
        let repeats = source.yes(node, "Repeating");
        let kind = match (source.attribute(node, "Type"), repeats) {
            (Some("Scheduled"), false) => "scheduled".to_owned(),
            (Some("Unscheduled"), true) => "unscheduled".to_owned(),
            (Some("Common"), false) => "log".to_owned(),
            (kind, _) => {
                let kind = kind.unwrap_or("");
                let repeating = if repeats { "Yes" } else { "No" };
                let facts = [("oid", oid), ("type", kind), ("repeating", repeating)];
                source.note(node, NoteCode::RepeatsOtherwise, &facts);
                format!("{kind}, Repeating {repeating}")
            }
        };
        page.text("kind", &kind);
        let number = |text: &str| text.parse::<i32>().ok();
        if let Some(day) = source.ours(node, "day").and_then(number) {
            page.bare("day", day);
        }
        if let Some((first, last)) = source.ours(node, "window").and_then(|window| window.split_once(' '))
            && let Some((first, last)) = number(first).zip(number(last))
        {
            page.line("window", &format!("[{first}, {last}]"));
        }
        let mut of_visit = Vec::new();
        for form in source.ordered(node, "FormRef") {
            source.attribute(form, "Mandatory");
            let theirs = source.attribute(form, "FormOID");
            super::forms::condition(source, tables, form, &mut page);
            if tables.forms.follow(source, form, theirs).is_some()
                && let Some(known) = forms.iter().find(|known| Some(known.theirs.as_str()) == theirs)
            {
                of_visit.push(known.own.as_str());
                collected.push((own.clone(), known.own.clone()));
            }
        }
        page.texts("forms", of_visit);
        source.keep("visits");
    }
    (page.done(), collected)
}
