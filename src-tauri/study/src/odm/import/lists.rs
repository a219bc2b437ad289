//! Codelists and units.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::Node;

use crate::{
    identifiers::Kind,
    odm::import::{
        names::Names,
        page::Page,
        report::NoteCode,
        source::Source,
        tables::Tables,
        texts::{self, Found},
    },
    text::Text,
};

/// Their identifiers with ours.
pub(crate) fn allot<'x>(names: &Names, tables: &Tables<'x>, source: &Source<'x>) -> BTreeMap<&'x str, String> {
    tables
        .codelists
        .all()
        .map(|(oid, node)| (oid, names.give(Kind::Codelist, oid, source.ours(node, "oid"), None)))
        .collect()
}

pub(crate) fn codelists<'x>(source: &Source<'x>, tables: &Tables<'x>, own: &BTreeMap<&'x str, String>) -> String {
    let mut page = Page::headed("Permitted values, in the order shown.");
    for (oid, node) in tables.codelists.all() {
        page.raw("");
        if let Some(name) = source.attribute(node, "Name").filter(|name| *name != oid) {
            page.comment(&format!("Name: {name}"));
        }
        source.attribute(node, "DataType");
        if let Some(external) = source.child(node, "ExternalCodeList") {
            let [dictionary, version, href] =
                ["Dictionary", "Version", "href"].map(|name| source.attribute(external, name).unwrap_or(""));
            let facts = [("oid", oid), ("dictionary", dictionary), ("version", version)];
            source.note(external, NoteCode::ExternalCodelist, &facts);
            page.comment(&format!("external codelist: {dictionary} {version} {href}"));
        }
        let entries = entries(source, node, oid);
        page.raw("[[codelist]]");
        page.text("oid", own.get(oid).map_or(oid, String::as_str));
        page.raw("codes = [");
        for (code, found) in &entries {
            for open in &found.open {
                page.raw(&format!(
                    "    # text without language: {}",
                    open.replace(char::is_control, " ")
                ));
            }
            let Text { en, zh } = &found.text;
            let [code, en, zh] = [code, en, zh].map(|text| super::page::quoted(text));
            page.raw(&format!("    {{ code = {code}, en = {en}, zh = {zh} }},"));
        }
        page.raw("]");
        source.keep("codelists");
    }
    page.done()
}

fn entries<'x>(source: &Source<'x>, list: Node<'x, 'x>, oid: &'x str) -> Vec<(String, Found)> {
    let mut entries = Vec::new();
    let mut seen = BTreeSet::new();
    let decoded = source
        .ordered(list, "CodeListItem")
        .into_iter()
        .map(|item| (item, true));
    let bare = source
        .ordered(list, "EnumeratedItem")
        .into_iter()
        .map(|item| (item, false));
    for (item, decodes) in decoded.chain(bare) {
        let code = source.exact(item, "CodedValue").unwrap_or("").to_owned();
        if !seen.insert(code.clone()) {
            source.note(item, NoteCode::CodeTwice, &[("oid", oid), ("code", &code)]);
        }
        let found = if decodes {
            texts::read(source, source.child(item, "Decode"))
        } else {
            // An enumerated item is shown as its code, in every language.
            Found {
                text: Text {
                    en: code.clone(),
                    zh: code.clone(),
                },
                open: Vec::new(),
            }
        };
        source.keep("codes");
        entries.push((code, found));
    }
    entries
}

pub(crate) fn units<'x>(source: &Source<'x>, study: Node<'x, 'x>) -> String {
    let mut page = Page::headed("Units by code, and as printed.");
    let basic = source.child(study, "BasicDefinitions");
    for unit in basic
        .into_iter()
        .flat_map(|basic| source.children(basic, "MeasurementUnit"))
    {
        let Some(oid) = source.attribute(unit, "OID") else {
            source.note(unit, NoteCode::NoOid, &[("what", "MeasurementUnit")]);
            continue;
        };
        let found = texts::named(source, unit, "Symbol");
        page.raw("");
        if let Some(name) = source.attribute(unit, "Name").filter(|name| *name != oid) {
            page.comment(&format!("Name: {name}"));
        }
        for open in &found.open {
            page.comment(&format!("text without language: {open}"));
        }
        page.raw("[[unit]]");
        page.text("code", oid);
        page.text("en", &found.text.en);
        page.text("zh", &found.text.zh);
        source.keep("units");
    }
    page.done()
}
