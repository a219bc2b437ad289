//! A missing value never settles what it could change: for every function, inputs drawn from all cases that the project keeps,
//! some of them taken away, and then given any value that any case has.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use criteria::qualify::run_vector;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// A function, narrowed to one criterion, organ or term.
type Group = (String, String);
type Pools = BTreeMap<String, Vec<Value>>;

/// What narrows a function and is no clinical input.
const NARROWING: [&str; 4] = ["criterion", "organ", "term", "ruleset"];

/// Inputs that count only when stated, that name a unit, or that choose a limb; by function, or by criterion.
const STATED: &[(&str, &[&str])] = &[
    // Times may be absent on the same day; unsigned after a first procedure fails.
    ("I1", &["consent_time", "first_procedure_time", "signature"]),
    ("I4", &["mrd_relapse_fraction", "no_cr_at_end_of_induction"]),
    // Karnofsky decides where ECOG is absent.
    ("I7", &["ecog"]),
    // Unknown outside 10 to 55 years is no potential.
    ("I13", &["childbearing_potential"]),
    ("renal.bedside_schwartz", &["age"]),
    // Only a stated blood sample, or a stated dilution, speaks against the result.
    ("response.mrd", &["hemodiluted", "specimen"]),
    // The volume wins over episodes, which decide where it is absent.
    ("lower_gi", &["ml_per_day"]),
    (
        "tox.ctcae5",
        &[
            "unit",
            "corrected",
            "bleeding",
            "life_threatening",
            "transfusion_indicated",
        ],
    ),
    (
        "tox.ctcae6",
        &[
            "unit",
            "corrected",
            "bleeding",
            "life_threatening",
            "transfusion_indicated",
        ],
    ),
    // Graded by the limit of normal alone, flagged.
    ("creatinine", &["baseline"]),
    // Not known is treated as related and as unexpected.
    ("tox.expedited", &["related", "unexpected", "upgraded_on"]),
    // Another cause counts only where somebody stated it.
    (
        "tox.crs",
        &["hypotension_attributed_elsewhere", "hypoxia_attributed_elsewhere"],
    ),
    ("tox.icans", &["attributed_elsewhere", "seizure_minutes"]),
    // Without a baseline only the absolute limits count.
    ("tox.tls", &["baseline"]),
];

/// Functions that are no judgement of one record, or whose text gives results for missing items (response: a grid of its own).
const ELSEWHERE: [&str; 9] = [
    "response.assess",
    "response.best",
    "response.crr",
    "response.confirmed",
    "elig.overall",
    "conv.convert",
    "tox.icaht_late",
    "tox.t_icaht_early",
    "tox.t_icaht_late",
];

fn cases() -> Vec<(String, Map<String, Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/criteria");
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            cases.extend(file["vectors"].as_array().unwrap().iter().filter_map(|vector| {
                let inputs = vector["inputs"].as_object()?.clone();
                Some((vector["fn"].as_str()?.to_owned(), inputs))
            }));
        }
    }
    cases.retain(|(name, _)| {
        !name.starts_with("stats.") && !name.starts_with("endpoint.") && !ELSEWHERE.contains(&name.as_str())
    });
    cases
}

fn group(name: &str, inputs: &Map<String, Value>) -> Group {
    let narrowing = NARROWING
        .iter()
        .find_map(|key| inputs.get(*key))
        .and_then(Value::as_str);
    (name.to_owned(), narrowing.unwrap_or("").to_owned())
}

/// Every value that a case gives to an input, by group.
fn pools(cases: &[(String, Map<String, Value>)]) -> BTreeMap<Group, Pools> {
    let mut pools: BTreeMap<Group, Pools> = BTreeMap::new();
    for (name, inputs) in cases {
        let pool = pools.entry(group(name, inputs)).or_default();
        for (key, value) in inputs.iter().filter(|(key, _)| !NARROWING.contains(&key.as_str())) {
            let values = pool.entry(key.clone()).or_default();
            if !value.is_null() && !values.contains(value) {
                values.push(value.clone());
            }
        }
    }
    pools
}

/// Pseudo-random and the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count.max(1)
    }
}

fn rank(value: &Value) -> Option<u64> {
    let words = ["none", "mild", "moderate", "severe"];
    value
        .as_u64()
        .or_else(|| words.iter().position(|word| value == *word).map(|at| at as u64))
}

/// How an answer contradicts one that was given when less was known.
fn contradiction(before: &Value, after: &Value) -> Option<String> {
    let open = ["at_least", "not_evaluable"]
        .iter()
        .any(|word| before["status"] == *word);
    for (key, value) in before.as_object()? {
        if ["missing", "warning", "warnings", "reasons", "status", "error", "unit"].contains(&key.as_str()) {
            continue;
        }
        if value.is_null() || value == "not_evaluable" {
            continue;
        }
        let later = &after[key.as_str()];
        if open && before["status"] == "at_least" && ["grade", "stage", "severity"].contains(&key.as_str()) {
            if rank(later) < rank(value) {
                return Some(format!("at least {value}, then {later}"));
            }
        } else if later != value {
            return Some(format!("{key} {value}, then {later}"));
        }
    }
    None
}

fn stated(group: &Group, key: &str) -> bool {
    STATED
        .iter()
        .any(|(name, keys)| (group.0 == *name || group.1 == *name) && keys.contains(&key))
}

/// Inputs that contradict one another: what is filled in must be possible beside what is known.
fn possible(group: &Group, inputs: &Map<String, Value>) -> bool {
    let is = |key: &str, value: Value| inputs.get(key) == Some(&value);
    let has = |key: &str| inputs.get(key).is_some_and(|value| !value.is_null());
    let text = |key: &str| inputs.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    match (group.0.as_str(), group.1.as_str()) {
        ("elig.criterion", "E6") => !(is("systemic_is_ever", json!(false)) && has("days_since_systemic_is")),
        ("elig.criterion", "E9") => {
            let needless = [("hcv_ab", "hcv_rna"), ("treponemal", "nontreponemal")];
            !needless
                .iter()
                .any(|(first, second)| is(first, json!("neg")) && has(second))
        }
        ("elig.criterion", "E13") => !(is("mi_pci_ever", json!(false)) && has("days_since_mi_pci")),
        ("elig.criterion", "E14") => !(is("stroke_ever", json!(false)) && has("days_since_stroke")),
        ("elig.criterion", "E17") => !has("infusion_date") || text("infusion_date") >= text("ld_start"),
        ("elig.criterion", "E18") => !(is("live_vaccine_ever", json!(false)) && has("last_live_vaccine")),
        // Age and date of birth are two ways of saying one thing.
        ("elig.criterion", "I2") => !(has("age") && (has("dob") || has("birth"))),
        ("elig.criterion", "I13") => !(is("sex", json!("M")) && is("childbearing_potential", json!(true))),
        ("elig.criterion", "E16") => {
            !(is("sex", json!("M")) && (is("pregnant", json!(true)) || is("breast_feeding", json!(true))))
        }
        ("tox.car_hematotox", _) => !(has("crp_mg_dl") && has("crp_mg_l")),
        ("response.mrd", _) => !(is("detected", json!(false)) && has("value")),
        ("tox.crs", _) => {
            let none = is("vasopressors", json!([]));
            let some = has("vasopressors") && !none;
            // Whether one was given, and which, say the same.
            let agree = !(none && is("vasopressor_used", json!(true)) || some && is("vasopressor_used", json!(false)));
            agree && !(some && is("hypotension", json!(false)))
        }
        ("tox.icans", _) => {
            !is("ice_unable_unarousable", json!(true))
                || !has("consciousness")
                || is("consciousness", json!("unarousable"))
        }
        _ => true,
    }
}

#[test]
fn what_is_settled_stays_settled() {
    let cases = cases();
    let pools = pools(&cases);
    let mut dice = Dice(20_250_331);
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    let mut compared: BTreeMap<Group, usize> = BTreeMap::new();
    for (name, inputs) in &cases {
        let group = group(name, inputs);
        let pool = &pools[&group];
        for _ in 0..60 {
            // The case itself, some inputs exchanged for what another case has, some taken away.
            let mut less = inputs.clone();
            let mut gone = Vec::new();
            for (key, values) in pool {
                match dice.below(6) {
                    0 if !values.is_empty() => {
                        less.insert(key.clone(), values[dice.below(values.len())].clone());
                    }
                    1 | 2 if !stated(&group, key) => {
                        less.insert(key.clone(), Value::Null);
                    }
                    _ => {}
                }
                if less.get(key).is_none_or(Value::is_null) && !values.is_empty() && !stated(&group, key) {
                    gone.push(key.clone());
                }
            }
            let Ok(before) = run_vector(name, &json!(less)) else {
                continue;
            };
            let mut more = less.clone();
            for key in &gone {
                let values = &pool[key];
                more.insert(key.clone(), values[dice.below(values.len())].clone());
            }
            if before.get("error").is_some_and(|e| !e.is_null()) || !possible(&group, &more) || !possible(&group, &less)
            {
                continue;
            }
            let Ok(after) = run_vector(name, &json!(more)) else {
                continue;
            };
            if after.get("error").is_some_and(|e| !e.is_null()) {
                continue;
            }
            *compared.entry(group.clone()).or_default() += 1;
            if let Some(why) = contradiction(&before, &after) {
                // The smallest addition that shows it.
                let one = gone.iter().find_map(|key| {
                    let mut single = less.clone();
                    single.insert(key.clone(), more[key].clone());
                    let after = run_vector(name, &json!(single)).ok()?;
                    contradiction(&before, &after).map(|why| (key.clone(), why))
                });
                let key = one.as_ref().map_or("several", |(key, _)| key.as_str()).to_owned();
                let why = one.as_ref().map_or(why, |(_, why)| why.clone());
                wrong
                    .entry(format!("{} {} {key}", group.0, group.1))
                    .or_insert_with(|| format!("{why}: {} with {}", json!(less), json!(more.get(&key))));
            }
        }
    }
    let lines: Vec<String> = wrong.iter().map(|(what, why)| format!("{what}: {why}")).collect();
    assert!(lines.is_empty(), "{}:\n{}", lines.len(), lines.join("\n"));
    assert!(compared.values().sum::<usize>() > 20_000, "{compared:?}");
}
