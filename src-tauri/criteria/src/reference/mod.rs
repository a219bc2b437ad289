//! The rules as a printed reference, `docs/criteria.md`, made from what is computed: the rules themselves, the decisions with
//! the defaults in force, and the tables of thresholds. A test compares the two, so that the page cannot fall behind.

mod decisions;
mod tables;

use crate::elig::registry::CRITERIA;
use crate::finding::{Evidence, Rule};
use crate::rule::RULES;
use crate::what::WHATS;
use crate::{Decisions, VERSION, qualify};
use decisions::DECIDED;
use std::fmt::Write as _;

const OPENING: &str = "\
This page is made from the code that judges and grades (`make criteria`); what stands here is what is computed. It is a \
configuration for building and testing the software. It is not the protocol of a sponsor and no guidance for treatment: \
every value needs the approval of the sponsor and the investigator before it is used on patients.

What is missing is never taken for normal. A result is called not evaluable only if some value of a missing item could \
change it, or where a rule says so; a grade that missing items could only raise is shown as “at least”. Comparisons are made \
with exact decimals in the unit that the published table prints.

| evidence | means |
|---|---|
| S | seen in the published source |
| S2 | seen in a secondary source only |
| GK | project default after the publication that is named; its text was not seen: confirm before use |
| PD | project default where the publication is silent or ambiguous: confirm before use |

A rule marked GK or PD must be confirmed by the sponsor before a release. `cartwright-cli study lint --release` counts those \
that the study definition does not name as confirmed.
";

/// One chapter: its letter and title, whether a rule belongs to it, and what is told besides.
type Chapter = (&'static str, fn(&str) -> bool, &'static [fn(&mut String)]);

const CHAPTERS: &[Chapter] = &[
    (
        "A Eligibility",
        |code| code == "Fresh" || is_criterion(code),
        &[
            criteria_list,
            tables::fresh,
            tables::washouts,
            tables::steroids,
            tables::renal,
        ],
    ),
    ("B Response", |code| code.starts_with('B'), &[tables::response]),
    (
        "C Toxicity",
        |code| code.starts_with('C'),
        &[tables::ctcae, tables::units],
    ),
    ("D Visits", |_| false, &[visits]),
    (
        "E Infusion",
        |code| ["Hold", "Vitals", "Plausible", "Dose"].contains(&family(code)),
        &[tables::vitals, tables::plausible],
    ),
];

fn family(code: &str) -> &str {
    code.split('.').next().unwrap_or(code)
}

fn is_criterion(code: &str) -> bool {
    CRITERIA.iter().any(|(id, _)| *id == family(code))
}

/// Whether a rule's own source was seen. One whose source was not must be confirmed before a release.
#[must_use]
pub fn must_be_confirmed(rule: &Rule) -> bool {
    match rule.evidence {
        Evidence::Gk | Evidence::Pd => true,
        Evidence::S | Evidence::S2 => false,
    }
}

/// The whole page, in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut page = format!("# Criteria, version {VERSION}\n\n{OPENING}");
    for (title, belongs, besides) in CHAPTERS {
        let _ = write!(page, "\n## {title}\n");
        for rule in RULES.iter().filter(|rule| belongs(rule.code)) {
            page.push_str(&entry(rule));
        }
        for part in *besides {
            part(&mut page);
        }
    }
    decided(&mut page);
    outputs(&mut page);
    page
}

fn entry(rule: &Rule) -> String {
    let mut text = format!("\n### {}\n\n{}\n\n", rule.code, rule.text);
    let source = rule.source;
    let _ = match rule.evidence {
        Evidence::S => writeln!(text, "- Evidence S: _{source}_"),
        Evidence::S2 => writeln!(text, "- Evidence S2, a secondary source: _{source}_"),
        Evidence::Gk | Evidence::Pd => {
            let tag = rule.evidence.code();
            match source.strip_prefix("project: ") {
                Some(matter) => writeln!(
                    text,
                    "- Evidence {tag}: project default for _{matter}_, no text followed: confirm before use"
                ),
                None => writeln!(
                    text,
                    "- Evidence {tag}: project default after _{source}_, text not seen: confirm before use"
                ),
            }
        }
    };
    if let Some(decision) = rule.decision {
        let _ = writeln!(text, "- Decision {decision}: {}", in_force(decision));
    }
    text
}

/// The values of a decision as the code has them.
fn in_force(id: &str) -> String {
    let defaults = serde_json::to_value(Decisions::default()).unwrap_or_default();
    let Some(decided) = DECIDED.iter().find(|decided| decided.id == id) else {
        return String::new();
    };
    let values: Vec<String> = decided
        .values
        .iter()
        .map(|name| {
            let value = match defaults.get(*name) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(serde_json::Value::Null) | None => "unset".to_owned(),
                Some(other) => other.to_string(),
            };
            format!("`{name}` = {value}")
        })
        .collect();
    if values.is_empty() {
        decided.text.to_owned()
    } else {
        values.join(", ")
    }
}

fn decided(page: &mut String) {
    page.push_str("\n## Decisions of the sponsor, with the default in force\n\n| decision | what is decided | default in force | source |\n|---|---|---|---|\n");
    for decided in DECIDED {
        let value = if decided.values.is_empty() {
            "as said".to_owned()
        } else {
            in_force(decided.id)
        };
        let _ = writeln!(
            page,
            "| {} | {} | {value} | {} |",
            decided.id, decided.text, decided.source
        );
    }
}

fn criteria_list(page: &mut String) {
    page.push_str("\n### Criteria and their inputs\n\n| criterion | inputs |\n|---|---|\n");
    for (code, inputs) in CRITERIA {
        let named: Vec<String> = inputs.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(page, "| {code} | {} |", named.join(", "));
    }
    page.push_str(
        "\nAny criterion that fails makes a subject ineligible, even when others are not evaluable; else any that is not \
         evaluable leaves the verdict pending; else the subject is eligible. There is no waiver.\n",
    );
}

fn visits(page: &mut String) {
    page.push_str(
        "\nVisits, windows and forms are data of the study definition (`visits.toml`), not rules of this code; D-28 decides \
         them.\n",
    );
}

fn outputs(page: &mut String) {
    page.push_str("\n## Functions and codes\n\nFunctions that `cartwright-cli qualify` runs on a file of cases:\n\n");
    for name in qualify::FUNCTIONS {
        let _ = writeln!(page, "- `{name}`");
    }
    page.push_str("\nCodes of the quantities and statements that a reason or a warning names:\n\n");
    let codes: Vec<String> = WHATS.iter().map(|code| format!("`{code}`")).collect();
    for line in codes.chunks(6) {
        let _ = writeln!(
            page,
            "{}{}",
            line.join(", "),
            if line.last() == codes.last() { "." } else { "," }
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_stands_in_exactly_one_chapter() {
        for rule in RULES {
            let count = CHAPTERS.iter().filter(|(_, belongs, _)| belongs(rule.code)).count();
            assert_eq!(count, 1, "{}", rule.code);
            assert!(rule.text.ends_with('.') && rule.text.len() > 20, "{}", rule.code);
        }
    }

    #[test]
    fn every_value_of_the_decisions_is_explained_once() {
        let fields = serde_json::to_value(Decisions::default()).unwrap();
        let fields: BTreeSet<_> = fields.as_object().unwrap().keys().cloned().collect();
        let named: Vec<String> = DECIDED
            .iter()
            .flat_map(|d| d.values)
            .map(|name| (*name).to_owned())
            .collect();
        assert_eq!(named.len(), fields.len());
        assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), fields);
        let ids: Vec<_> = DECIDED.iter().map(|d| d.id).filter(|id| id.starts_with("D-")).collect();
        let expected: Vec<String> = (1..=28).map(|n| format!("D-{n:02}")).collect();
        assert_eq!(ids, expected);
    }

    #[test]
    fn what_must_be_confirmed_says_so() {
        let page = markdown();
        for rule in RULES {
            let own = page
                .split("\n### ")
                .find(|part| part.starts_with(&format!("{}\n", rule.code)))
                .unwrap();
            assert_eq!(
                own.contains("confirm before use"),
                must_be_confirmed(rule),
                "{}",
                rule.code
            );
        }
    }
}
