//! Names of what a path points to, from the study definition.

use conduct::{
    def::{FormDef, ItemDef, StudyDef},
    path::{FormPath, ItemPath},
};

use crate::words::Words;

/// The question of an item; its OID where the study has none.
pub(crate) fn item(study: &StudyDef, path: &ItemPath, words: &Words) -> String {
    let question = find_item(study, path)
        .map(|item| words.text(&item.question))
        .filter(|text| !text.is_empty());
    let name = question.unwrap_or(&path.item);
    if path.row == 1 {
        name.to_owned()
    } else {
        format!("{name} [{}]", path.row)
    }
}

/// Visit and form, each with its number from the second on.
pub(crate) fn place(study: &StudyDef, path: &FormPath, words: &Words) -> String {
    let visit = study
        .visits
        .iter()
        .find(|visit| visit.oid == path.visit)
        .map(|visit| words.text(&visit.name));
    let form = find_form(study, path).map(|form| words.text(&form.name));
    format!(
        "{} · {}",
        numbered(visit, &path.visit, path.visit_no),
        numbered(form, &path.form, path.form_no)
    )
}

/// A unit as printed.
pub(crate) fn unit<'a>(study: &'a StudyDef, code: &'a str, words: &Words) -> &'a str {
    study
        .units
        .iter()
        .find(|unit| unit.code == code)
        .map_or(code, |unit| words.text(&unit.text))
}

fn numbered(name: Option<&str>, oid: &str, no: u32) -> String {
    let name = name.filter(|name| !name.is_empty()).unwrap_or(oid);
    if no == 1 {
        name.to_owned()
    } else {
        format!("{name} {no}")
    }
}

fn find_form<'a>(study: &'a StudyDef, path: &FormPath) -> Option<&'a FormDef> {
    study.forms.iter().find(|form| form.oid == path.form)
}

fn find_item<'a>(study: &'a StudyDef, path: &ItemPath) -> Option<&'a ItemDef> {
    let form = find_form(study, &path.form)?;
    form.groups
        .iter()
        .flat_map(|group| &group.items)
        .find(|item| item.oid == path.item)
}
