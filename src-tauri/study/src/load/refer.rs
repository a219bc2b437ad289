//! What refers to what: visits to forms, items to codelists and units, criteria to items and decisions.

use crate::{
    def::{CriterionRule, ItemDef, ItemKind, StudyDef, VisitKind},
    load::{draft::Draft, names, reader::Desk},
    number::{analyte, converted},
    problem::ProblemCode,
    resolve::{Unsettled, settles},
    rule::ItemRef,
    study::Index,
};

pub(crate) fn check(desk: &Desk<'_>, draft: &Draft, index: &Index) {
    visits(desk, draft);
    windows(desk, draft);
    for form in &draft.def.forms {
        let kept = draft.def.registers.iter().any(|register| register.form == form.oid);
        if !kept && index.visits_of(&draft.def, &form.oid).is_empty() {
            let spot = draft.spot(&format!("form:{}", form.oid));
            desk.say(&spot, ProblemCode::NeverCollected, &[("oid", &form.oid)]);
        }
        for item in form.groups.iter().flat_map(|group| &group.items) {
            lists(desk, draft, item);
            units(desk, draft, item);
        }
    }
    criteria(desk, draft, index);
    names::check(desk, draft);
    for (name, item) in &draft.landmarks {
        if index.item(&draft.def, item).is_none() {
            let spot = draft.spot(&format!("landmark:{name}"));
            desk.say(&spot, ProblemCode::UnknownItem, &[("oid", item)]);
        }
    }
    for check in &draft.def.checks {
        if index.item(&draft.def, &check.item).is_none() {
            let spot = draft.spot(&format!("check:{}/item", check.id));
            desk.say(&spot, ProblemCode::UnknownItem, &[("oid", &check.item)]);
        }
    }
}

fn visits(desk: &Desk<'_>, draft: &Draft) {
    for visit in &draft.def.visits {
        for form in &visit.forms {
            if draft.def.forms.iter().all(|known| known.oid != *form) {
                let spot = draft.spot(&format!("visit:{}/form/{form}", visit.oid));
                desk.say(&spot, ProblemCode::UnknownForm, &[("oid", form)]);
            }
        }
    }
}

/// Two scheduled windows that share a day would leave open which visit a day belongs to.
fn windows(desk: &Desk<'_>, draft: &Draft) {
    let mut planned: Vec<(i32, i32, &str)> = draft
        .def
        .visits
        .iter()
        .filter(|visit| matches!(visit.kind, VisitKind::Scheduled))
        .filter_map(|visit| visit.window.map(|(first, last)| (first, last, visit.oid.as_str())))
        .collect();
    planned.sort_unstable();
    // The visit before whose window reaches furthest: a long window may lie over several.
    let mut furthest: Option<(i32, &str)> = None;
    for (first, last, visit) in planned {
        if let Some((reached, before)) = furthest
            && first <= reached
        {
            let spot = draft.spot(&format!("visit:{visit}/window"));
            let facts = [("visit", visit), ("other", before)];
            desk.say(&spot, ProblemCode::WindowsOverlap, &facts);
        }
        if furthest.is_none_or(|(reached, _)| last > reached) {
            furthest = Some((last, visit));
        }
    }
}

fn lists(desk: &Desk<'_>, draft: &Draft, item: &ItemDef) {
    if let ItemKind::Code { codelist } | ItemKind::Codes { codelist } = &item.kind
        && draft.def.codelists.iter().all(|list| list.oid != *codelist)
    {
        let spot = draft.spot(&format!("item:{}/codelist", item.oid));
        desk.say(&spot, ProblemCode::UnknownCodelist, &[("oid", codelist)]);
    }
}

fn units(desk: &Desk<'_>, draft: &Draft, item: &ItemDef) {
    let (units, known_analyte) = match &item.kind {
        ItemKind::Integer { units } => (units, None),
        ItemKind::Decimal { units, analyte, .. } => (units, analyte.as_deref()),
        ItemKind::Text { .. }
        | ItemKind::Code { .. }
        | ItemKind::Codes { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Scan { .. }
        | ItemKind::Derived { .. } => return,
    };
    if let Some(code) = known_analyte
        && analyte(code).is_none()
    {
        let spot = draft.spot(&format!("item:{}/analyte", item.oid));
        desk.say(
            &spot,
            ProblemCode::UnknownWord,
            &[("word", code), ("allowed", "the analytes of `criteria`")],
        );
        return;
    }
    for unit in units {
        let spot = draft.spot(&format!("item:{}/unit/{unit}", item.oid));
        if draft.def.units.iter().all(|known| known.code != *unit) {
            desk.say(&spot, ProblemCode::UnknownUnit, &[("unit", unit)]);
        }
        let canonical = units.first().map_or("", String::as_str);
        if converted(known_analyte, rust_decimal::Decimal::ONE, unit, canonical).is_none() {
            let analyte = known_analyte.unwrap_or("an item without analyte");
            let facts = [("unit", unit.as_str()), ("to", canonical), ("analyte", analyte)];
            desk.say(&spot, ProblemCode::UnitNotConvertible, &facts);
        }
    }
}

fn criteria(desk: &Desk<'_>, draft: &Draft, index: &Index) {
    for criterion in &draft.def.criteria {
        if let Some(decision) = &criterion.decision
            && draft.def.decisions.iter().all(|known| known.id != *decision)
        {
            let spot = draft.spot(&format!("criterion:{}/decision", criterion.id));
            desk.say(&spot, ProblemCode::UnknownDecision, &[("id", decision)]);
        }
        let CriterionRule::Asked { item, source } = &criterion.rule else {
            continue;
        };
        for (key, oid) in [("judged", item), ("stands_in", source)] {
            let spot = draft.spot(&format!("criterion:{}/{key}", criterion.id));
            let reference = ItemRef {
                visit: None,
                item: oid.clone(),
            };
            unsettled(desk, &spot, oid, settles(&draft.def, index, None, &reference));
        }
        if let Some(place) = index.item(&draft.def, item)
            && !is_judgement(&draft.def, place.item)
        {
            let spot = draft.spot(&format!("criterion:{}/judged", criterion.id));
            let codes = "MET, NOT_MET, CANNOT_SAY";
            desk.say(&spot, ProblemCode::NotAJudgement, &[("oid", item), ("codelist", codes)]);
        }
    }
}

fn is_judgement(def: &StudyDef, item: &ItemDef) -> bool {
    use crate::eligibility::{CANNOT_SAY, MET, NOT_MET};
    let ItemKind::Code { codelist } = &item.kind else {
        return false;
    };
    def.codelists.iter().any(|list| {
        list.oid == *codelist
            && list
                .codes
                .iter()
                .map(|code| code.code.as_str())
                .eq([MET, NOT_MET, CANNOT_SAY])
    })
}

/// Says why a reference means no single record.
pub(crate) fn unsettled(desk: &Desk<'_>, spot: &crate::load::reader::Spot, oid: &str, result: Result<(), Unsettled>) {
    match result {
        Ok(()) => {}
        Err(Unsettled::Item) => desk.say(spot, ProblemCode::UnknownItem, &[("oid", oid)]),
        Err(Unsettled::Visit(visit)) => desk.say(spot, ProblemCode::UnknownVisit, &[("oid", &visit)]),
        Err(Unsettled::NotCollectedAt(visit)) => {
            let form = oid.split('.').next().unwrap_or(oid);
            let named = format!("{form} at {visit}");
            desk.say(spot, ProblemCode::UnknownForm, &[("oid", &named)]);
        }
        Err(Unsettled::Rows) => desk.say(spot, ProblemCode::IntoRows, &[("oid", oid)]),
        Err(Unsettled::Several(visits)) => {
            let example = format!("{}:{oid}", visits.first().map_or("VISIT", String::as_str));
            let visits = visits.join(", ");
            desk.say(
                spot,
                ProblemCode::Ambiguous,
                &[("oid", oid), ("visits", &visits), ("example", &example)],
            );
        }
    }
}
