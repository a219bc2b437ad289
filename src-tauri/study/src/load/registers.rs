//! Registers of the site: each with its form, the item that names a record, and the items elsewhere that hold such a name.

use crate::{
    def::{ItemKind, RegisterDef},
    load::{
        draft::Draft,
        reader::{Desk, Node},
    },
    problem::ProblemCode,
    study::Index,
};

pub(crate) fn read(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    for register in node.tables("register") {
        let oid = register.oid("oid");
        let name = register.both("name");
        let form = register.oid("form");
        let key = register.oid("key");
        let referred_by = register.texts("referred_by");
        if let (Some(oid), Some(form), Some(key)) = (oid, form, key) {
            // A path names a register where it would name a visit: one name, one meaning.
            draft.define(desk, "visit", &oid.value, &oid.spot);
            draft.place(format!("register:{}/form", oid.value), &form.spot);
            draft.place(format!("register:{}/key", oid.value), &key.spot);
            for item in &referred_by {
                draft.place(format!("register:{}/by/{}", oid.value, item.value), &item.spot);
            }
            draft.def.registers.push(RegisterDef {
                oid: oid.value,
                name,
                form: form.value,
                key: key.value,
                referred_by: referred_by.into_iter().map(|item| item.value).collect(),
            });
        }
        register.finish();
    }
    node.finish();
}

pub(crate) fn check(desk: &Desk<'_>, draft: &Draft, index: &Index) {
    for register in &draft.def.registers {
        let spot = |part: &str| draft.spot(&format!("register:{}/{part}", register.oid));
        if draft.def.forms.iter().all(|form| form.oid != register.form) {
            desk.say(&spot("form"), ProblemCode::UnknownForm, &[("oid", &register.form)]);
        }
        // A form of the site cannot be a subject's too: its rules would look for the subject's records.
        if let Some(visit) = index.visits_of(&draft.def, &register.form).first() {
            let facts = [("oid", register.form.as_str()), ("first", visit.oid.as_str())];
            desk.say(&spot("form"), ProblemCode::Duplicate, &facts);
        }
        let own = register.key.starts_with(&format!("{}.", register.form));
        if !own {
            let facts = [("oid", register.key.as_str()), ("form", register.form.as_str())];
            desk.say(&spot("key"), ProblemCode::OidNotOfForm, &facts);
        }
        let keys = [(spot("key"), &register.key)];
        let others = register
            .referred_by
            .iter()
            .map(|item| (spot(&format!("by/{item}")), item));
        for (spot, item) in keys.into_iter().chain(others) {
            match index.item(&draft.def, item).map(|place| &place.item.kind) {
                None => desk.say(&spot, ProblemCode::UnknownItem, &[("oid", item)]),
                Some(ItemKind::Text { .. } | ItemKind::Scan { .. }) => {}
                Some(
                    ItemKind::Integer { .. }
                    | ItemKind::Decimal { .. }
                    | ItemKind::Code { .. }
                    | ItemKind::Codes { .. }
                    | ItemKind::Date { .. }
                    | ItemKind::Time {}
                    | ItemKind::DateTime {}
                    | ItemKind::Duration { .. }
                    | ItemKind::Derived { .. },
                ) => {
                    let facts = [("key", item.as_str()), ("expected", "a text or a scanned identifier")];
                    desk.say(&spot, ProblemCode::WrongType, &facts);
                }
            }
        }
    }
}
