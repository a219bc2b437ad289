//! Which study and which version of it, and what stands at their top.

use roxmltree::Node;

use crate::{
    load::{LANDMARKS, OPTIONAL_LANDMARKS},
    odm::import::report::NoteCode,
    odm::import::{
        Unreadable,
        forms::Form,
        names,
        page::Page,
        report::Chosen,
        source::Source,
        texts::{Found, loose},
    },
    text::Text,
};

/// What was chosen.
pub(crate) struct Choice<'x> {
    pub(crate) study: Node<'x, 'x>,
    pub(crate) study_oid: &'x str,
    pub(crate) version: Node<'x, 'x>,
}

/// The study asked for, else the first with metadata; the version asked for, else the one in effect last by the file's
/// own dates, else the one that stands last.
pub(crate) fn choose<'x>(source: &Source<'x>, root: Node<'x, 'x>) -> Result<Choice<'x>, Unreadable> {
    let studies = source.children(root, "Study");
    let versions = |study: &Node<'x, 'x>| source.children(*study, "MetaDataVersion");
    let study = match &source.options.study {
        Some(wanted) => studies
            .iter()
            .find(|study| source.attribute(**study, "OID") == Some(wanted.as_str())),
        None => studies.iter().find(|study| !versions(study).is_empty()),
    };
    let study = *study.ok_or(Unreadable::NoStudy)?;
    let of_study = versions(&study);
    let oid = |node: Node<'x, 'x>| source.attribute(node, "OID").unwrap_or("");
    let effective: Vec<Option<&str>> = of_study.iter().map(|version| effective(root, oid(*version))).collect();
    let (version, chosen) = match &source.options.version {
        Some(wanted) => {
            let found = of_study.iter().find(|version| oid(**version) == wanted);
            (found, Chosen::Asked)
        }
        None if of_study.len() == 1 => (of_study.first(), Chosen::Only),
        None if effective.iter().all(Option::is_some) => {
            let latest = of_study.iter().zip(&effective).max_by_key(|(_, date)| **date);
            (latest.map(|(version, _)| version), Chosen::Effective)
        }
        None => (of_study.last(), Chosen::Last),
    };
    let version = *version.ok_or(Unreadable::NoVersion)?;
    let mut report = source.report.borrow_mut();
    report.study = oid(study).to_owned();
    report.version = oid(version).to_owned();
    report.chosen = chosen;
    for other in &studies {
        for other_version in versions(other).into_iter().filter(|one| *one != version) {
            report.others.push(format!("{}/{}", oid(*other), oid(other_version)));
        }
    }
    drop(report);
    // A version that was not taken is counted whole, not element by element.
    for other in studies.iter().flat_map(&versions).filter(|one| *one != version) {
        source.forget(other);
    }
    for include in source.children(version, "Include") {
        let facts = [
            ("study", source.attribute(include, "StudyOID").unwrap_or("")),
            ("version", source.attribute(include, "MetaDataVersionOID").unwrap_or("")),
        ];
        source.note(include, NoteCode::Included, &facts);
    }
    Ok(Choice {
        study,
        study_oid: oid(study),
        version,
    })
}

/// When the administrative part says that a version takes effect.
fn effective<'x>(root: Node<'x, 'x>, version: &str) -> Option<&'x str> {
    root.descendants()
        .filter(|node| node.is_element() && node.tag_name().name() == "MetaDataVersionRef")
        .filter(|node| node.attribute("MetaDataVersionOID") == Some(version))
        .filter_map(|node| node.attribute("EffectiveDate"))
        .max()
}

pub(crate) fn study_page<'x>(
    source: &Source<'x>,
    chosen: &Choice<'x>,
    forms: &[Form],
    visits: &[(String, String)],
) -> String {
    let mut page = Page::headed("The study as a whole, as an ODM file has it.");
    let protocol = source.child(chosen.version, "Protocol");
    let globals = source.child(chosen.study, "GlobalVariables");
    let mut name = Found::default();
    for (about, side) in [("name.en", &mut name.text.en), ("name.zh", &mut name.text.zh)] {
        if let Some(text) = protocol.and_then(|protocol| source.ours(protocol, about)) {
            text.clone_into(side);
            source.keep("texts");
        }
    }
    let study_name = globals.and_then(|globals| source.text(globals, "StudyName"));
    if let (true, Some(globals), Some(text)) = (name.is_empty(), globals, study_name) {
        loose(source, globals, &mut name, text, NoteCode::NameForText);
    }
    if let Some(protocol_name) = globals.and_then(|globals| source.text(globals, "ProtocolName")) {
        page.comment(&format!("Name of the protocol: {protocol_name}"));
    }
    source.attribute(chosen.version, "Name");
    if let Some(description) = source.attribute(chosen.version, "Description") {
        page.comment(&format!("Description of the version: {description}"));
    }
    for open in &name.open {
        page.comment(&format!("text without language: {open}"));
    }
    page.text("oid", &names::study(chosen.study_oid));
    page.text("version", source.attribute(chosen.version, "OID").unwrap_or(""));
    page.both("name", &name.text);
    let of = |about: &str| protocol.and_then(|protocol| source.ours(protocol, about));
    if let Some((en, zh)) = of("identity.en").zip(of("identity.zh")) {
        page.both(
            "identity",
            &Text {
                en: en.to_owned(),
                zh: zh.to_owned(),
            },
        );
    }
    page.texts("forms", forms.iter().map(|form| form.own.as_str()));
    page.raw("");
    page.comment("What the whole trial counts from. ODM does not say which items these are.");
    page.raw("[landmarks]");
    let found = |landmark: &str| {
        let mut all = forms.iter().flat_map(|form| &form.landmarks);
        all.find(|(name, _)| name == landmark)
    };
    for landmark in LANDMARKS {
        match found(landmark) {
            Some((_, item)) => page.text(landmark, item),
            None => page.comment(&format!("{landmark} = \"FORM.ITEM\"")),
        }
    }
    for landmark in OPTIONAL_LANDMARKS {
        if let Some((_, item)) = found(landmark) {
            page.text(landmark, item);
        }
    }
    page.raw("");
    page.comment("Reasons for a change ([[reason]]) and meanings of signatures ([[statement]]) have no place in ODM.");
    let uncollected = forms
        .iter()
        .filter(|form| visits.iter().all(|(_, collected)| *collected != form.own));
    for form in uncollected {
        page.comment(&format!("No visit of the file collects {}.", form.own));
    }
    page.done()
}

pub(crate) fn registration<'x>(source: &Source<'x>, chosen: &Choice<'x>) -> String {
    let mut page = Page::headed("The public registration, as far as an ODM file has it.");
    let globals = source.child(chosen.study, "GlobalVariables");
    if let Some(title) = globals.and_then(|globals| source.text(globals, "StudyDescription")) {
        page.text("title", &title);
    }
    let Some(protocol) = source.child(chosen.version, "Protocol") else {
        return page.done();
    };
    // Ours only, going out and coming back: the description is the title once more.
    let aliases = source.aliases(protocol);
    let of = |about: &str| {
        let found = aliases
            .iter()
            .find(|(context, _)| context.strip_prefix(crate::odm::OURS) == Some(about));
        found.map(|(_, name)| *name)
    };
    let conditions: Vec<&str> = (1..).map_while(|no| of(&format!("condition.{no}"))).collect();
    if !conditions.is_empty() {
        page.texts("conditions", conditions);
    }
    if let Some(intervention) = of("intervention").filter(|text| !text.is_empty()) {
        page.text("intervention", intervention);
        source
            .child(protocol, "Description")
            .map(|node| source.children(node, "TranslatedText"));
    }
    if let Some(rationale) = of("rationale") {
        page.text("rationale", rationale);
    }
    let outcomes =
        (1..).map_while(|no| of(&format!("outcome.{no}.measure")).zip(of(&format!("outcome.{no}.time_frame"))));
    for (measure, frame) in outcomes {
        page.entry("outcome");
        page.text("measure", measure);
        page.text("time_frame", frame);
    }
    let notes = (1..).map_while(|no| of(&format!("note.{no}.en")).zip(of(&format!("note.{no}.zh"))));
    for (en, zh) in notes {
        page.entry("note");
        page.text("en", en);
        page.text("zh", zh);
    }
    page.done()
}
