//! Which record a bare `FORM.NAME` means.
//!
//! In this order: the same form (and row); of a register's form the record that the form at hand names; the same visit; the
//! only scheduled visit that collects the form. Where that does not settle it, the definition names the visit,
//! `SCR:MARROW.BLASTS`; the loader asks for it.

use crate::{
    def::{FormDef, StudyDef, VisitDef, VisitKind},
    path::{FormPath, ItemPath, Oid},
    registers::reaches,
    rule::ItemRef,
    study::{Index, ItemPlace, Study},
    values::Values,
};

/// From where a reference is followed: a form (and row), or the subject as a whole.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Form { form: FormPath, group: Option<(Oid, u32)> },
    Subject,
}

/// Why a reference means no single record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unsettled {
    Item,
    Visit(Oid),
    NotCollectedAt(Oid),
    Several(Vec<Oid>),
    Rows,
}

fn once(visit: &VisitDef) -> bool {
    match visit.kind {
        VisitKind::Scheduled | VisitKind::Log => true,
        VisitKind::Unscheduled => false,
    }
}

/// Whether a reference from a form (and group), or from the subject, always means one record.
pub(crate) fn settles(
    def: &StudyDef,
    index: &Index,
    from: Option<(&str, &str)>,
    reference: &ItemRef,
) -> Result<(), Unsettled> {
    let target = index.item(def, &reference.item).ok_or(Unsettled::Item)?;
    let same_form = reference.visit.is_none() && from.is_some_and(|(form, _)| form == target.form.oid);
    let same_group = same_form && from.is_some_and(|(_, group)| group == target.group.oid);
    if target.group.repeats && !same_group {
        return Err(Unsettled::Rows);
    }
    // A record of a register is the one that the form names.
    if let (None, Some((form, _))) = (&reference.visit, from)
        && let Some(register) = def.registers.iter().find(|register| register.form == target.form.oid)
        && !same_form
        && reaches(def, index, form, register)
    {
        return Ok(());
    }
    let collecting = index.visits_of(def, &target.form.oid);
    if let Some(named) = &reference.visit {
        let visit = def.visits.iter().find(|visit| visit.oid == *named);
        let visit = visit.ok_or_else(|| Unsettled::Visit(named.clone()))?;
        if !visit.forms.contains(&target.form.oid) {
            return Err(Unsettled::NotCollectedAt(named.clone()));
        }
        return if once(visit) {
            Ok(())
        } else {
            Err(Unsettled::Several(vec![named.clone()]))
        };
    }
    if same_form {
        return Ok(());
    }
    let only = match collecting.as_slice() {
        [visit] => once(visit),
        _ => false,
    };
    // From a form: wherever it is collected, either the visit has the target too, or one visit alone has it.
    let settled = only
        || from.is_some_and(|(form, _)| {
            let homes = index.visits_of(def, form);
            !homes.is_empty() && homes.iter().all(|visit| visit.forms.contains(&target.form.oid))
        });
    if settled {
        Ok(())
    } else {
        Err(Unsettled::Several(
            collecting.iter().map(|visit| visit.oid.clone()).collect(),
        ))
    }
}

impl Study {
    /// The path that a reference means, seen from a place; nothing where the definition does not settle it.
    pub(crate) fn resolve(&self, values: &Values<'_>, from: &Place, reference: &ItemRef) -> Option<ItemPath> {
        let target = self.item(&reference.item)?;
        if let Place::Form { form, group } = from
            && reference.visit.is_none()
            && form.form == target.form.oid
        {
            let row = match group {
                Some((group, row)) if *group == target.group.oid => *row,
                Some(_) | None => 1,
            };
            return Some(path(form.clone(), target, row));
        }
        if let (Place::Form { form, .. }, None) = (from, &reference.visit)
            && let Some(register) = self.register_of(&target.form.oid)
        {
            let record = self.record_meant(values, form, register)?;
            return Some(path(record, target, 1));
        }
        let (visit, visit_no) = self.visit_meant(from, reference, target.form)?;
        let form_no = values.last_form(&visit, visit_no, &target.form.oid).unwrap_or(1);
        let form = FormPath {
            subject: values.subject().to_owned(),
            visit,
            visit_no,
            form: target.form.oid.clone(),
            form_no,
        };
        Some(path(form, target, 1))
    }

    fn visit_meant(&self, from: &Place, reference: &ItemRef, form: &FormDef) -> Option<(Oid, u32)> {
        if let Some(named) = &reference.visit {
            return Some((named.clone(), 1));
        }
        if let Place::Form { form: here, .. } = from
            && self.visit(&here.visit)?.forms.contains(&form.oid)
        {
            return Some((here.visit.clone(), here.visit_no));
        }
        match self.visits_of(&form.oid).as_slice() {
            [only] if once(only) => Some((only.oid.clone(), 1)),
            _ => None,
        }
    }
}

fn path(form: FormPath, target: ItemPlace<'_>, row: u32) -> ItemPath {
    let row = if target.group.repeats { row } else { 1 };
    ItemPath {
        form,
        group: target.group.oid.clone(),
        row,
        item: target.item.oid.clone(),
    }
}
