//! Everything but forms: study, registration, visits, codelists, units, decisions, eligibility, checks.

use crate::{
    confirmed::{Confirmed, can_be_confirmed},
    def::{
        CheckDef, CodeDef, Codelist, CriterionDef, CriterionRule, DecisionDef, Registration, Severity, UnitDef,
        VisitDef, VisitKind,
    },
    load::{
        draft::Draft,
        reader::{Desk, Node},
    },
    problem::ProblemCode,
    study::RuleKey,
};

fn codes(draft: &mut Draft, desk: &Desk<'_>, nodes: Vec<Node<'_, '_>>, of: &str) -> Vec<CodeDef> {
    let mut codes = Vec::new();
    for node in nodes {
        let code = node.text("code");
        let text = node.languages("code");
        if let Some(code) = code {
            draft.define(desk, of, &code.value, &code.spot);
            codes.push(CodeDef { code: code.value, text });
        }
        node.finish();
    }
    codes
}

pub(crate) fn study(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    if let Some(oid) = node.text("oid") {
        let fits = oid
            .value
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
        if !fits {
            desk.say(&oid.spot, ProblemCode::NotAnOid, &[("oid", &oid.value)]);
        }
        draft.def.oid = oid.value;
    }
    draft.def.version = node.text("version").map(|v| v.value).unwrap_or_default();
    draft.def.name = node.both("name");
    draft.order = node.texts("forms");
    landmarks(draft, desk, &node);
    draft.def.identity = node.opt_both("identity");
    draft.def.reasons = codes(draft, desk, node.tables("reason"), "reason");
    draft.def.statements = codes(draft, desk, node.tables("statement"), "statement");
    node.finish();
}

/// What the whole trial counts from; every one has to be named.
pub(crate) const LANDMARKS: [&str; 7] = [
    "admission_date",
    "birth_date",
    "consent_date",
    "enrolment_date",
    "infusion_date",
    "lot",
    "sex",
];

/// What a timeline marks beside them, where the study collects it: when it was, and what came of it.
pub(crate) const OPTIONAL_LANDMARKS: [&str; 14] = [
    "crs_at",
    "crs_grade",
    "death_date",
    "icans_at",
    "icans_grade",
    "identity_coi",
    "lymphodepletion_end",
    "lymphodepletion_start",
    "off_study_date",
    "relapse_date",
    "response_category",
    "response_date",
    "transplant_date",
    "vital_status_date",
];

fn landmarks(draft: &mut Draft, desk: &Desk<'_>, node: &Node<'_, '_>) {
    for (name, item) in node.pairs("landmarks") {
        if LANDMARKS
            .iter()
            .chain(&OPTIONAL_LANDMARKS)
            .any(|known| *known == name.value)
        {
            draft.place(format!("landmark:{}", name.value), &item.spot);
            draft.landmarks.insert(name.value, item.value);
        } else {
            desk.say(&name.spot, ProblemCode::UnknownKey, &[("key", &name.value)]);
        }
    }
    for name in LANDMARKS {
        if !draft.landmarks.contains_key(name) {
            node.absent(&format!("landmarks.{name}"));
        }
    }
}

pub(crate) fn registration(draft: &mut Draft, node: Node<'_, '_>) {
    let values = |key| node.texts(key).into_iter().map(|text| text.value).collect();
    let mut registration = Registration {
        title: node.text("title").map(|t| t.value).unwrap_or_default(),
        conditions: values("conditions"),
        intervention: node.text("intervention").map(|t| t.value).unwrap_or_default(),
        outcomes: Vec::new(),
        rationale: node.text("rationale").map(|t| t.value).unwrap_or_default(),
        notes: Vec::new(),
    };
    for outcome in node.tables("outcome") {
        if let (Some(measure), Some(frame)) = (outcome.text("measure"), outcome.text("time_frame")) {
            registration.outcomes.push((measure.value, frame.value));
        }
        outcome.finish();
    }
    for note in node.tables("note") {
        registration.notes.push(note.languages("note"));
        note.finish();
    }
    draft.def.registration = registration;
    node.finish();
}

const KINDS: [(&str, VisitKind); 3] = [
    ("scheduled", VisitKind::Scheduled),
    ("unscheduled", VisitKind::Unscheduled),
    ("log", VisitKind::Log),
];

pub(crate) fn visits(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    for visit in node.tables("visit") {
        let oid = visit.oid("oid");
        let name = visit.both("name");
        let kind = visit.word("kind", &KINDS);
        let day = visit.opt_int("day");
        let window = visit.opt_pair("window");
        let forms = visit.texts("forms");
        if let (Some(oid), Some(kind)) = (oid, kind) {
            draft.define(desk, "visit", &oid.value, &oid.spot);
            for form in &forms {
                draft.define(desk, &format!("form of {}", oid.value), &form.value, &form.spot);
                draft.place(format!("visit:{}/form/{}", oid.value, form.value), &form.spot);
            }
            if let Some(window) = &window {
                let (first, last) = window.value;
                draft.place(format!("visit:{}/window", oid.value), &window.spot);
                if first > last || day.is_some_and(|day| day < first || day > last) {
                    desk.say(&window.spot, ProblemCode::WindowWrong, &[("visit", &oid.value)]);
                }
            }
            draft.def.visits.push(VisitDef {
                oid: oid.value,
                name,
                kind,
                day,
                window: window.map(|w| w.value),
                forms: forms.into_iter().map(|form| form.value).collect(),
            });
        }
        visit.finish();
    }
    node.finish();
}

pub(crate) fn codelists(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    for list in node.tables("codelist") {
        let oid = list.oid("oid");
        let entries = list.tables("codes");
        if let Some(oid) = oid {
            draft.define(desk, "codelist", &oid.value, &oid.spot);
            let codes = codes(draft, desk, entries, &format!("code of {}", oid.value));
            if codes.is_empty() {
                desk.say(&oid.spot, ProblemCode::KeyAbsent, &[("key", "codes")]);
            }
            draft.def.codelists.push(Codelist { oid: oid.value, codes });
        }
        list.finish();
    }
    node.finish();
}

pub(crate) fn units(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    for unit in node.tables("unit") {
        let code = unit.text("code");
        let text = unit.languages("unit");
        if let Some(code) = code {
            draft.define(desk, "unit", &code.value, &code.spot);
            draft.def.units.push(UnitDef { code: code.value, text });
        }
        unit.finish();
    }
    node.finish();
}

pub(crate) fn decisions(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    for decision in node.tables("decision") {
        let id = decision.text("id");
        let text = decision.both("text");
        let default = decision.both("default");
        let values = decision
            .pairs("values")
            .into_iter()
            .map(|(name, value)| (name.value, value.value))
            .collect();
        let source = decision.text("source").map(|s| s.value).unwrap_or_default();
        if let Some(id) = id {
            draft.define(desk, "decision", &id.value, &id.spot);
            draft.def.decisions.push(DecisionDef {
                id: id.value,
                text,
                default,
                values,
                source,
            });
        }
        decision.finish();
    }
    confirmed(draft, desk, &node);
    node.finish();
}

/// What somebody answers for: a rule of medicine or a decision, by whom, on what day.
fn confirmed(draft: &mut Draft, desk: &Desk<'_>, node: &Node<'_, '_>) {
    for row in node.tables("confirmed") {
        let (code, by, on) = (row.text("code"), row.text("by"), row.text("on"));
        let day = on.as_ref().and_then(|on| on.value.parse().ok());
        if let (Some(on), None) = (&on, day) {
            let facts = [("key", "on"), ("expected", "a day as 2025-03-31")];
            desk.say(&on.spot, ProblemCode::WrongType, &facts);
        }
        if let Some(code) = &code {
            draft.define(desk, "confirmed", &code.value, &code.spot);
            if !can_be_confirmed(&code.value, &draft.def.decisions) {
                desk.say(&code.spot, ProblemCode::UnknownRule, &[("code", &code.value)]);
            }
        }
        if let (Some(code), Some(by), Some(on)) = (code, by, day) {
            draft.confirmed.push(Confirmed {
                code: code.value,
                by: by.value,
                on,
            });
        }
        row.finish();
    }
}

pub(crate) fn eligibility(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    for criterion in node.tables("criterion") {
        let id = criterion.text("id");
        let text = criterion.both("text");
        let decision = criterion.opt_text("decision");
        let source = criterion.text("source").map(|s| s.value).unwrap_or_default();
        let Some(id) = id else {
            continue;
        };
        draft.define(desk, "criterion", &id.value, &id.spot);
        if let Some(decision) = &decision {
            draft.place(format!("criterion:{}/decision", id.value), &decision.spot);
        }
        let rule = if criterion.has("call") {
            let call = criterion.text("call");
            let with = criterion.pairs("with");
            for (input, item) in &with {
                draft.place(format!("criterion:{}/with/{}", id.value, input.value), &item.spot);
            }
            call.map(|call| {
                draft.place(format!("criterion:{}/call", id.value), &call.spot);
                CriterionRule::Computed {
                    call: call.value,
                    with: with
                        .into_iter()
                        .map(|(input, item)| (input.value, item.value))
                        .collect(),
                }
            })
        } else {
            let item = criterion.oid("judged");
            let stands_in = criterion.oid("stands_in");
            item.zip(stands_in).map(|(item, stands_in)| {
                draft.place(format!("criterion:{}/judged", id.value), &item.spot);
                draft.place(format!("criterion:{}/stands_in", id.value), &stands_in.spot);
                CriterionRule::Asked {
                    item: item.value,
                    source: stands_in.value,
                }
            })
        };
        if let Some(rule) = rule {
            let decision = decision.map(|d| d.value);
            draft.def.criteria.push(CriterionDef {
                id: id.value,
                text,
                rule,
                decision,
                source,
            });
        }
        criterion.finish();
    }
    node.finish();
}

const SEVERITIES: [(&str, Severity); 2] = [("hard", Severity::Hard), ("soft", Severity::Soft)];

pub(crate) fn checks(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    for check in node.tables("check") {
        let id = check.text("id");
        let severity = check.word("severity", &SEVERITIES);
        let item = check.oid("item");
        let fires = check.text("fires");
        let text = check.both("text");
        let source = check.text("source").map(|s| s.value).unwrap_or_default();
        if let (Some(id), Some(severity), Some(item), Some(fires)) = (id, severity, item, fires) {
            draft.define(desk, "check", &id.value, &id.spot);
            draft.place(format!("check:{}/item", id.value), &item.spot);
            draft.def.checks.push(CheckDef {
                id: id.value.clone(),
                severity,
                item: item.value,
                fires: fires.value.clone(),
                text,
                source,
            });
            draft.rules.push((RuleKey::Check(id.value), fires));
        }
        check.finish();
    }
    node.finish();
}
