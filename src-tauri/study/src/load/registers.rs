//! Registers of the site: each with its form, the item that names a record, and the items elsewhere that hold such a name.

use crate::{
    def::{ItemKind, RegisterDef},
    load::{
        draft::Draft,
        reader::{At, Desk, Node, Spot},
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
        let once = register.texts("once");
        let columns = register.texts("columns");
        let ranges = register.pairs("ranges");
        let measures = register.pairs("measures");
        if let (Some(oid), Some(form), Some(key)) = (oid, form, key) {
            // A path names a register where it would name a visit: one name, one meaning.
            draft.define(desk, "visit", &oid.value, &oid.spot);
            draft.place(format!("register:{}/form", oid.value), &form.spot);
            draft.place(format!("register:{}/key", oid.value), &key.spot);
            for item in &referred_by {
                draft.place(format!("register:{}/by/{}", oid.value, item.value), &item.spot);
            }
            for item in &once {
                draft.place(format!("register:{}/once/{}", oid.value, item.value), &item.spot);
            }
            for item in &columns {
                draft.place(format!("register:{}/column/{}", oid.value, item.value), &item.spot);
            }
            for (part, item) in &ranges {
                draft.place(format!("register:{}/range/{}", oid.value, part.value), &item.spot);
            }
            for (item, code) in &measures {
                draft.place(format!("register:{}/measure/{}", oid.value, item.value), &item.spot);
                draft.place(format!("register:{}/analyte/{}", oid.value, item.value), &code.spot);
            }
            let values = |items: Vec<At<String>>| items.into_iter().map(|item| item.value).collect();
            let named = |pairs: Vec<(At<String>, At<String>)>| {
                pairs.into_iter().map(|(name, of)| (name.value, of.value)).collect()
            };
            draft.def.registers.push(RegisterDef {
                oid: oid.value,
                name,
                form: form.value,
                key: key.value,
                referred_by: values(referred_by),
                once: values(once),
                columns: values(columns),
                ranges: named(ranges),
                measures: named(measures),
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
        for item in register.once.iter().filter(|item| !register.referred_by.contains(item)) {
            desk.say(
                &spot(&format!("once/{item}")),
                ProblemCode::UnknownItem,
                &[("oid", item)],
            );
        }
        for item in &register.columns {
            of_form(
                desk,
                draft,
                index,
                &spot(&format!("column/{item}")),
                item,
                &register.form,
            );
        }
        ranges(desk, draft, index, register);
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

/// Parts of a range of normal; the first three are needed.
pub(crate) const PARTS: [&str; 9] = [
    "analyte", "low", "high", "unit", "sex", "age_from", "age_to", "from", "to",
];

/// An item that stands on the register's own form.
fn of_form(desk: &Desk<'_>, draft: &Draft, index: &Index, spot: &Spot, item: &str, form: &str) {
    match index.item(&draft.def, item) {
        None => desk.say(spot, ProblemCode::UnknownItem, &[("oid", item)]),
        Some(place) if place.form.oid == form => {}
        Some(_) => desk.say(spot, ProblemCode::OidNotOfForm, &[("oid", item), ("form", form)]),
    }
}

/// Ranges of normal: the parts are known and stand in the rows of one group, and the codes are analytes of theirs.
fn ranges(desk: &Desk<'_>, draft: &Draft, index: &Index, register: &RegisterDef) {
    let spot = |part: &str| draft.spot(&format!("register:{}/{part}", register.oid));
    let allowed = PARTS.join(", ");
    let of = |part: &str| {
        register
            .ranges
            .iter()
            .find(|(known, _)| known == part)
            .map(|(_, oid)| oid)
    };
    let group = |oid: &str| index.item(&draft.def, oid).map(|place| place.group.oid.as_str());
    for (part, item) in &register.ranges {
        let at = spot(&format!("range/{part}"));
        if !PARTS.contains(&part.as_str()) {
            let facts = [("word", part.as_str()), ("allowed", allowed.as_str())];
            desk.say(&at, ProblemCode::UnknownWord, &facts);
        }
        of_form(desk, draft, index, &at, item, &register.form);
        if let Some(first) = of("analyte").filter(|first| group(first) != group(item)) {
            desk.say(
                &at,
                ProblemCode::IntoRows,
                &[("oid", item), ("group", group(first).unwrap_or(""))],
            );
        }
    }
    if !register.ranges.is_empty() {
        for part in PARTS.iter().take(3).filter(|part| of(part).is_none()) {
            desk.say(&spot("key"), ProblemCode::KeyAbsent, &[("key", part)]);
        }
    }
    let codes = of("analyte").and_then(|oid| {
        let ItemKind::Code { codelist } = &index.item(&draft.def, oid)?.item.kind else {
            return None;
        };
        draft.def.codelists.iter().find(|list| list.oid == *codelist)
    });
    for (item, code) in &register.measures {
        if index.item(&draft.def, item).is_none() {
            desk.say(
                &spot(&format!("measure/{item}")),
                ProblemCode::UnknownItem,
                &[("oid", item)],
            );
        }
        if codes.is_none_or(|list| list.codes.iter().all(|known| known.code != *code)) {
            let list = codes.map_or("", |list| list.oid.as_str());
            let facts = [("code", code.as_str()), ("codelist", list)];
            desk.say(&spot(&format!("analyte/{item}")), ProblemCode::UnknownCode, &facts);
        }
    }
}
