//! `identifiers.toml`: what parts of a definition are called in the file of others that they came from.

use crate::{
    identifiers::Kind,
    load::{
        draft::Draft,
        reader::{Desk, Node},
    },
    problem::ProblemCode,
};

/// Its name; a definition made here has none.
pub(crate) const FILE: &str = "identifiers.toml";

pub(crate) fn read(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    for kind in Kind::ALL {
        for entry in node.tables(kind.word()) {
            let (own, theirs) = (entry.text("oid"), entry.text("odm"));
            if let (Some(own), Some(theirs)) = (own, theirs) {
                let key = format!("identifier of a {}", kind.word());
                draft.define(desk, &key, &own.value, &own.spot);
                draft.def.identifiers.note(kind, &own.value, &theirs.value);
            }
            entry.finish();
        }
    }
    node.finish();
}

/// Every name stands beside a part that is there.
pub(crate) fn check(desk: &Desk<'_>, draft: &Draft) {
    // An item that cannot be read is told where it stands; that its name then hangs in the air says nothing more.
    if !desk.is_clean() {
        return;
    }
    let def = &draft.def;
    for (kind, own, _) in def.identifiers.iter() {
        let groups = || def.forms.iter().flat_map(|form| &form.groups);
        let (there, code) = match kind {
            Kind::Study => (def.oid == own, ProblemCode::UnknownWord),
            Kind::Visit => (
                def.visits.iter().any(|visit| visit.oid == own),
                ProblemCode::UnknownVisit,
            ),
            Kind::Form => (def.forms.iter().any(|form| form.oid == own), ProblemCode::UnknownForm),
            Kind::Group => (groups().any(|group| group.oid == own), ProblemCode::UnknownItem),
            Kind::Item => (
                groups().flat_map(|group| &group.items).any(|item| item.oid == own),
                ProblemCode::UnknownItem,
            ),
            Kind::Codelist => (
                def.codelists.iter().any(|list| list.oid == own),
                ProblemCode::UnknownCodelist,
            ),
        };
        if !there {
            let spot = draft.spot(&format!("identifier of a {}:{own}", kind.word()));
            let facts = [("oid", own), ("word", own), ("allowed", def.oid.as_str())];
            desk.say(&spot, code, &facts);
        }
    }
}
