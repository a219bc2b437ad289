//! ODM 2.0: forms and groups are item groups of two types, units are items, windows and criteria have a place.

use crate::{
    Study,
    def::{CriterionDef, CriterionRule, FormDef, ItemDef, ItemGroupDef, StudyDef, VisitDef},
    identifiers::Kind,
    odm::{
        Edition, V2,
        element::Element,
        outward::Outward,
        parts::{
            all_groups, code_lists, codelist, condition, condition_oid, data_type, distinct, event_kind, expression,
            item_aliases, method, method_oid, name, neutral, ours, own_name, places, range_checks, register_aliases,
            texts, units, visit_aliases, yes_no,
        },
    },
    text::Text,
};

const EDITION: Edition = Edition::V2_0;

pub(crate) fn root(study: &Study, made: &str) -> Element {
    let def = study.def();
    let study_oid = def.identifiers.theirs(Kind::Study, &def.oid).unwrap_or(&def.oid);
    let title = &def.registration.title;
    let described = (!title.is_empty()).then(|| neutral("Description", title, EDITION));
    Element::new("ODM")
        .with("xmlns", V2)
        .with("ODMVersion", "2.0")
        .with("FileType", "Snapshot")
        .with("Granularity", "Metadata")
        .with("FileOID", format!("{}.{}", def.oid, def.version))
        .with("CreationDateTime", made)
        .with("SourceSystem", "Cartwright")
        .with("SourceSystemVersion", env!("CARGO_PKG_VERSION"))
        .holding([Element::new("Study")
            .with("OID", study_oid)
            .with("StudyName", name(&def.name, &def.oid))
            .with("ProtocolName", &def.oid)
            .holding(described)
            .holding([version(study)])])
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
    let sections = distinct(
        Kind::Group,
        groups.iter().map(|pair| (pair.1.oid.as_str(), *pair)),
        &mut outward,
        |outward, (form, group)| section(def, outward, form, group),
    );
    let forms = distinct(
        Kind::Form,
        def.forms.iter().map(|form| (form.oid.as_str(), form)),
        &mut outward,
        |outward, form| form_def(def, outward, form),
    );
    let measured: Vec<&ItemDef> = groups
        .iter()
        .flat_map(|(_, group)| &group.items)
        .filter(|item| !units(item).is_empty())
        .collect();
    let mut unit_items = Vec::new();
    let mut unit_lists = Vec::new();
    for item in &measured {
        let (unit_item, list) = (unit_item(&outward, item), unit_list(def, item));
        if !unit_items.contains(&unit_item) {
            unit_items.push(unit_item);
        }
        if !unit_lists.contains(&list) {
            unit_lists.push(list);
        }
    }
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
    let events = def.visits.iter().map(|visit| event(def, &outward, visit));
    Element::new("MetaDataVersion")
        .with("OID", &def.version)
        .with("Name", format!("{} {}", def.oid, def.version))
        .holding(texts("Description", &def.name, EDITION))
        .holding([protocol(def, &outward)])
        .holding(events)
        .holding(forms)
        .holding(sections)
        .holding(items)
        .holding(unit_items)
        .holding(code_lists(def, &outward, EDITION))
        .holding(unit_lists)
        .holding(conditions)
        .holding(def.criteria.iter().map(criterion_condition))
        .holding(methods)
}

fn event(def: &StudyDef, outward: &Outward, visit: &VisitDef) -> Element {
    let (kind, repeats) = event_kind(visit);
    Element::new("StudyEventDef")
        .with("OID", outward.get(Kind::Visit, &visit.oid))
        .with("Name", name(&visit.name, &visit.oid))
        .with("Repeating", yes_no(repeats))
        .with("Type", kind)
        .holding(texts("Description", &visit.name, EDITION))
        .holding(visit.forms.iter().enumerate().map(|(no, form)| {
            Element::new("ItemGroupRef")
                .with("ItemGroupOID", outward.get(Kind::Form, form))
                .with("Mandatory", "Yes")
                .with("OrderNumber", (no + 1).to_string())
        }))
        .holding(visit_aliases(def, outward, visit))
}

fn protocol(def: &StudyDef, outward: &Outward) -> Element {
    let timings = timings(def, outward);
    let sides: [(&'static str, char); 2] = [("InclusionCriteria", 'I'), ("ExclusionCriteria", 'E')];
    let mut criteria = Element::new("InclusionExclusionCriteria");
    for (side, letter) in sides {
        let of_side: Vec<&CriterionDef> = def
            .criteria
            .iter()
            .filter(|criterion| criterion.id.starts_with(letter))
            .collect();
        if !of_side.is_empty() {
            criteria.add(Element::new(side).holding(of_side.into_iter().map(|criterion| {
                Element::new("Criterion")
                    .with("OID", &criterion.id)
                    .with("Name", &criterion.id)
                    .with("ConditionOID", criterion_oid(criterion))
                    .holding(texts("Description", &criterion.text, EDITION))
            })));
        }
    }
    let any = criteria != Element::new("InclusionExclusionCriteria");
    Element::new("Protocol")
        .holding(timings)
        .holding(any.then_some(criteria))
}

/// From day 0 to each planned day, with the days before and after that are allowed.
fn timings(def: &StudyDef, outward: &Outward) -> Option<Element> {
    let zero = def.visits.iter().find(|visit| visit.day == Some(0))?;
    let constraints: Vec<Element> = def
        .visits
        .iter()
        .filter(|visit| visit.oid != zero.oid)
        .filter_map(|visit| {
            let (day, (first, last)) = visit.day.zip(visit.window)?;
            let days = |count: i32| format!("P{count}D");
            (day >= 0).then(|| {
                Element::new("RelativeTimingConstraint")
                    .with("OID", format!("TIMING.{}", visit.oid))
                    .with("Name", name(&visit.name, &visit.oid))
                    .with("PredecessorOID", outward.get(Kind::Visit, &zero.oid))
                    .with("SuccessorOID", outward.get(Kind::Visit, &visit.oid))
                    .with("Type", "StartToStart")
                    .with("TimepointRelativeTarget", days(day))
                    .with("TimepointPreWindow", days(day - first))
                    .with("TimepointPostWindow", days(last - day))
            })
        })
        .collect();
    (!constraints.is_empty()).then(|| {
        Element::new("StudyTimings").holding([Element::new("StudyTiming")
            .with("OID", "TIMING")
            .with("Name", "Day 0")
            .holding(constraints)])
    })
}

fn criterion_oid(criterion: &CriterionDef) -> String {
    format!("CRITERION.{}", criterion.id)
}

fn criterion_condition(criterion: &CriterionDef) -> Element {
    let rule = match &criterion.rule {
        CriterionRule::Computed { call, with } => {
            let inputs: Vec<String> = with.iter().map(|(input, oid)| format!("{input}={oid}")).collect();
            format!("{call}({})", inputs.join(", "))
        }
        CriterionRule::Asked { item, .. } => format!("{item} == \"{}\"", crate::eligibility::MET),
    };
    Element::new("ConditionDef")
        .with("OID", criterion_oid(criterion))
        .with("Name", &criterion.id)
        .holding(texts("Description", &criterion.text, EDITION))
        .holding([Element::new("MethodSignature"), expression("criterion", &rule, EDITION)])
}

fn form_def(def: &StudyDef, outward: &Outward, form: &FormDef) -> Element {
    let panels = (!form.panels.is_empty()).then(|| ours("panels", &form.panels.join(" ")));
    Element::new("ItemGroupDef")
        .with("OID", outward.get(Kind::Form, &form.oid))
        .with("Name", name(&form.name, &form.oid))
        .with("Repeating", if form.repeats { "Simple" } else { "No" })
        .with("Type", "Form")
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

fn section(def: &StudyDef, outward: &Outward, form: &FormDef, group: &ItemGroupDef) -> Element {
    let domain = (form.domain != "own").then_some(&form.domain);
    let mut element = Element::new("ItemGroupDef")
        .with("OID", outward.get(Kind::Group, &group.oid))
        .with("Name", name(&group.name, &group.oid))
        .with("Repeating", if group.repeats { "Simple" } else { "No" })
        .with_some("Domain", domain.cloned())
        .with("Type", "Section")
        .holding(texts("Description", &group.name, EDITION));
    let mut no = 0;
    for item in &group.items {
        no += 1;
        let shown = outward.get(Kind::Item, &item.oid);
        let derived = method(item, EDITION).is_some();
        let measured = !units(item).is_empty();
        element.add(
            Element::new("ItemRef")
                .with("ItemOID", shown)
                .with("Mandatory", yes_no(item.required))
                .with("OrderNumber", no.to_string())
                .with_some("MethodOID", derived.then(|| method_oid(&item.oid)))
                .with_some("UnitsItemOID", measured.then(|| unit_oid(shown)))
                .with_some(
                    "CollectionExceptionConditionOID",
                    item.when.as_ref().map(|_| condition_oid(&item.oid)),
                ),
        );
        if measured {
            no += 1;
            element.add(
                Element::new("ItemRef")
                    .with("ItemOID", unit_oid(shown))
                    .with("Mandatory", "No")
                    .with("OrderNumber", no.to_string()),
            );
        }
    }
    element.holding(own_name(def, outward, Kind::Group, &group.oid))
}

fn unit_oid(item: &str) -> String {
    format!("{item}.UNIT")
}

fn unit_list_oid(item: &ItemDef) -> String {
    format!("UNITS({})", units(item).join(","))
}

/// The unit that goes with a number, chosen from those of its source documents.
fn unit_item(outward: &Outward, item: &ItemDef) -> Element {
    let oid = unit_oid(outward.get(Kind::Item, &item.oid));
    let longest = units(item).iter().map(|unit| unit.chars().count()).max().unwrap_or(1);
    Element::new("ItemDef")
        .with("OID", &oid)
        .with("Name", &oid)
        .with("DataType", "text")
        .with("Length", longest.max(1).to_string())
        .holding([Element::new("CodeListRef").with("CodeListOID", unit_list_oid(item))])
}

fn unit_list(def: &StudyDef, item: &ItemDef) -> Element {
    Element::new("CodeList")
        .with("OID", unit_list_oid(item))
        .with("Name", unit_list_oid(item))
        .with("DataType", "text")
        .holding(units(item).iter().enumerate().map(|(no, code)| {
            let known = def.units.iter().find(|unit| unit.code == *code);
            let same = Text {
                en: code.clone(),
                zh: code.clone(),
            };
            Element::new("CodeListItem")
                .with("CodedValue", code)
                .with("OrderNumber", (no + 1).to_string())
                .holding(texts("Decode", known.map_or(&same, |unit| &unit.text), EDITION))
        }))
}

fn item_def(study: &Study, outward: &Outward, item: &ItemDef) -> Element {
    let def = study.def();
    let (data_type, length) = data_type(item, def, EDITION);
    let list = codelist(item).map(|list| outward.get(Kind::Codelist, list).to_owned());
    let guidance = item.guidance.as_ref();
    Element::new("ItemDef")
        .with("OID", outward.get(Kind::Item, &item.oid))
        .with("Name", outward.get(Kind::Item, &item.oid))
        .with("DataType", data_type)
        .with_some(
            "Length",
            length.filter(|length| *length > 0).map(|length| length.to_string()),
        )
        // 2.0 has no count of digits after the point; the format says it.
        .with_some("DisplayFormat", places(item).map(|places| format!(".{places}")))
        .holding(texts("Question", &item.question, EDITION))
        .holding(guidance.and_then(|text| texts("CRFCompletionInstructions", text, EDITION)))
        .holding(range_checks(def, item, None, EDITION))
        .holding(list.map(|list| Element::new("CodeListRef").with("CodeListOID", list)))
        .holding(item_aliases(study, outward, item))
}
