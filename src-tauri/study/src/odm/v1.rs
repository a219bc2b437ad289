//! ODM 1.3.2.

use crate::{
    Study,
    def::{FormDef, ItemDef, ItemGroupDef, StudyDef, VisitKind},
    identifiers::Kind,
    odm::{
        Edition, V1,
        element::Element,
        outward::Outward,
        parts::{
            all_groups, code_lists, codelist, condition, condition_oid, data_type, distinct, event_kind, item_aliases,
            method, method_oid, name, neutral, ours, own_name, places, range_checks, register_aliases, texts, units,
            visit_aliases, yes_no,
        },
    },
    text::Text,
};

const EDITION: Edition = Edition::V1_3_2;

pub(crate) fn root(study: &Study, made: &str) -> Element {
    let def = study.def();
    let study_oid = def.identifiers.theirs(Kind::Study, &def.oid).unwrap_or(&def.oid);
    Element::new("ODM")
        .with("xmlns", V1)
        .with("ODMVersion", "1.3.2")
        .with("FileType", "Snapshot")
        .with("Granularity", "Metadata")
        .with("FileOID", format!("{}.{}", def.oid, def.version))
        .with("CreationDateTime", made)
        .with("SourceSystem", "Cartwright")
        .with("SourceSystemVersion", env!("CARGO_PKG_VERSION"))
        .holding([Element::new("Study")
            .with("OID", study_oid)
            .holding([globals(def)])
            .holding(measurement_units(def))
            .holding([version(study)])])
}

fn globals(def: &StudyDef) -> Element {
    let title = &def.registration.title;
    let described = if title.is_empty() {
        name(&def.name, &def.oid)
    } else {
        title
    };
    Element::new("GlobalVariables").holding([
        Element::text("StudyName", name(&def.name, &def.oid)),
        Element::text("StudyDescription", described),
        Element::text("ProtocolName", &def.oid),
    ])
}

fn measurement_units(def: &StudyDef) -> Option<Element> {
    (!def.units.is_empty()).then(|| {
        Element::new("BasicDefinitions").holding(def.units.iter().map(|unit| {
            Element::new("MeasurementUnit")
                .with("OID", &unit.code)
                .with("Name", &unit.code)
                .holding([
                    texts("Symbol", &unit.text, EDITION).unwrap_or_else(|| neutral("Symbol", &unit.code, EDITION))
                ])
        }))
    })
}

fn version(study: &Study) -> Element {
    let def = study.def();
    let mut outward = Outward::of(def);
    let groups: Vec<(&FormDef, &ItemGroupDef)> = all_groups(def).collect();
    let items = distinct(
        Kind::Item,
        groups
            .iter()
            .flat_map(|(_, group)| &group.items)
            .map(|item| (item.oid.as_str(), item)),
        &mut outward,
        |outward, item| item_def(study, outward, item),
    );
    let group_defs = distinct(
        Kind::Group,
        groups.iter().map(|pair| (pair.1.oid.as_str(), *pair)),
        &mut outward,
        |outward, (form, group)| group_def(def, outward, form, group),
    );
    let forms = distinct(
        Kind::Form,
        def.forms.iter().map(|form| (form.oid.as_str(), form)),
        &mut outward,
        |outward, form| form_def(def, outward, form),
    );
    let conditions = groups
        .iter()
        .flat_map(|(_, group)| {
            let of_items = group.items.iter().map(|item| (&item.oid, &item.when));
            std::iter::once((&group.oid, &group.when)).chain(of_items)
        })
        .filter_map(|(oid, when)| when.as_ref().map(|when| condition(oid, when, EDITION)));
    let methods = groups
        .iter()
        .flat_map(|(_, group)| &group.items)
        .filter_map(|item| method(item, EDITION));
    Element::new("MetaDataVersion")
        .with("OID", &def.version)
        .with("Name", format!("{} {}", def.oid, def.version))
        .holding([protocol(def, &outward)])
        .holding(def.visits.iter().map(|visit| {
            let (kind, repeats) = event_kind(visit);
            Element::new("StudyEventDef")
                .with("OID", outward.get(Kind::Visit, &visit.oid))
                .with("Name", name(&visit.name, &visit.oid))
                .with("Repeating", yes_no(repeats))
                .with("Type", kind)
                .holding(texts("Description", &visit.name, EDITION))
                .holding(visit.forms.iter().enumerate().map(|(no, form)| {
                    Element::new("FormRef")
                        .with("FormOID", outward.get(Kind::Form, form))
                        .with("Mandatory", "Yes")
                        .with("OrderNumber", (no + 1).to_string())
                }))
                .holding(visit_aliases(def, &outward, visit))
        }))
        .holding(forms)
        .holding(group_defs)
        .holding(items)
        .holding(code_lists(def, &outward, EDITION))
        .holding(conditions)
        .holding(methods)
}

fn protocol(def: &StudyDef, outward: &Outward) -> Element {
    let registration = &def.registration;
    let conditions = registration.conditions.iter().enumerate();
    let outcomes = registration.outcomes.iter().enumerate();
    let notes = registration.notes.iter().enumerate();
    let described = (!registration.title.is_empty()).then(|| neutral("Description", &registration.title, EDITION));
    Element::new("Protocol")
        .holding(described)
        .holding(def.visits.iter().enumerate().map(|(no, visit)| {
            Element::new("StudyEventRef")
                .with("StudyEventOID", outward.get(Kind::Visit, &visit.oid))
                .with("Mandatory", yes_no(visit.kind == VisitKind::Scheduled))
                .with("OrderNumber", (no + 1).to_string())
        }))
        .holding([ours("name.en", &def.name.en), ours("name.zh", &def.name.zh)])
        .holding([ours("intervention", &registration.intervention)])
        .holding(conditions.map(|(no, condition)| ours(&format!("condition.{}", no + 1), condition)))
        .holding(outcomes.flat_map(|(no, (measure, frame))| {
            let no = no + 1;
            [
                ours(&format!("outcome.{no}.measure"), measure),
                ours(&format!("outcome.{no}.time_frame"), frame),
            ]
        }))
        .holding((!registration.rationale.is_empty()).then(|| ours("rationale", &registration.rationale)))
        .holding(notes.flat_map(|(no, note)| both(&format!("note.{}", no + 1), note)))
        .holding(def.identity.iter().flat_map(|text| both("identity", text)))
}

/// A text of ours in both languages.
fn both(about: &str, text: &Text) -> [Element; 2] {
    [
        ours(&format!("{about}.en"), &text.en),
        ours(&format!("{about}.zh"), &text.zh),
    ]
}

fn form_def(def: &StudyDef, outward: &Outward, form: &FormDef) -> Element {
    let panels = (!form.panels.is_empty()).then(|| ours("panels", &form.panels.join(" ")));
    Element::new("FormDef")
        .with("OID", outward.get(Kind::Form, &form.oid))
        .with("Name", name(&form.name, &form.oid))
        .with("Repeating", yes_no(form.repeats))
        .holding(texts("Description", &form.name, EDITION))
        .holding(form.groups.iter().enumerate().map(|(no, group)| {
            Element::new("ItemGroupRef")
                .with("ItemGroupOID", outward.get(Kind::Group, &group.oid))
                .with("Mandatory", yes_no(group.when.is_none()))
                .with("OrderNumber", (no + 1).to_string())
                .with_some(
                    "CollectionExceptionConditionOID",
                    group.when.as_ref().map(|_| condition_oid(&group.oid)),
                )
        }))
        .holding(own_name(def, outward, Kind::Form, &form.oid))
        .holding([ours("domain", &form.domain)])
        .holding(panels)
        .holding(register_aliases(def, form))
}

fn group_def(def: &StudyDef, outward: &Outward, form: &FormDef, group: &ItemGroupDef) -> Element {
    let domain = (form.domain != "own").then_some(&form.domain);
    Element::new("ItemGroupDef")
        .with("OID", outward.get(Kind::Group, &group.oid))
        .with("Name", name(&group.name, &group.oid))
        .with("Repeating", yes_no(group.repeats))
        .with_some("Domain", domain.cloned())
        .holding(texts("Description", &group.name, EDITION))
        .holding(group.items.iter().enumerate().map(|(no, item)| {
            let derived = method(item, EDITION).is_some();
            Element::new("ItemRef")
                .with("ItemOID", outward.get(Kind::Item, &item.oid))
                .with("Mandatory", yes_no(item.required))
                .with("OrderNumber", (no + 1).to_string())
                .with_some("MethodOID", derived.then(|| method_oid(&item.oid)))
                .with_some(
                    "CollectionExceptionConditionOID",
                    item.when.as_ref().map(|_| condition_oid(&item.oid)),
                )
        }))
        .holding(own_name(def, outward, Kind::Group, &group.oid))
}

fn item_def(study: &Study, outward: &Outward, item: &ItemDef) -> Element {
    let def = study.def();
    let (data_type, length) = data_type(item, def, EDITION);
    let unit = |code: &String| Element::new("MeasurementUnitRef").with("MeasurementUnitOID", code);
    let canonical = units(item).first().map(unit);
    let list = codelist(item).map(|list| outward.get(Kind::Codelist, list).to_owned());
    Element::new("ItemDef")
        .with("OID", outward.get(Kind::Item, &item.oid))
        .with("Name", outward.get(Kind::Item, &item.oid))
        .with("DataType", data_type)
        .with_some(
            "Length",
            length.filter(|length| *length > 0).map(|length| length.to_string()),
        )
        .with_some("SignificantDigits", places(item).map(|places| places.to_string()))
        .holding(
            item.guidance
                .as_ref()
                .and_then(|text| texts("Description", text, EDITION)),
        )
        .holding(texts("Question", &item.question, EDITION))
        .holding(units(item).iter().map(unit))
        .holding(range_checks(def, item, canonical.as_ref(), EDITION))
        .holding(list.map(|list| Element::new("CodeListRef").with("CodeListOID", list)))
        .holding(item_aliases(study, outward, item))
}
