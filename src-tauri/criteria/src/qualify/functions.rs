//! The functions by name, each from its JSON inputs to its JSON answer.

use super::Unknown;
use crate::decision::{Decisions, Ruleset};
use crate::dose::{amount, bedside};
use crate::elig::{overall, registry};
use crate::finding::{Computed, Criterion, Grade, Grading, Outcome, Reason};
use crate::response::{Category, assess, best, cns, mrd, window};
use crate::tox::{acute_gvhd, chronic_gvhd, crs, ctcae, febrile, hematotox, icaht, icans, iec_hs, lysis, safety};
use crate::{body, holds, renal, unit};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

type Answer = Result<Value, Unknown>;

macro_rules! functions {
    ($($name:literal => $run:expr;)*) => {
        /// Every name that [`super::run_vector`] knows.
        pub const FUNCTIONS: &[&str] = &[$($name),*];

        pub(super) fn run(name: &str, inputs: &Value) -> Answer {
            let run: fn(&Value) -> Answer = match name {
                $($name => $run,)*
                _ => return Err(Unknown::Function(name.to_owned())),
            };
            run(inputs)
        }
    };
}

functions! {
    "elig.criterion" => elig_criterion;
    "elig.overall" => elig_overall;
    "renal.cockcroft_gault" => |i| Ok(computed(&renal::cockcroft_gault(&read(i)?), "ml_min"));
    "renal.ckd_epi_2021" => |i| Ok(computed(&renal::ckd_epi_2021(&read(i)?), "egfr"));
    "renal.bedside_schwartz" => |i| Ok(computed(&renal::bedside_schwartz(&read(i)?), "egfr"));
    "conv.convert" => convert;
    "conv.corrected_calcium" => |i| {
        let result = body::corrected_calcium(&read(i)?);
        let mut answer = computed(&result, "value");
        answer["unit"] = json!(result.unit);
        Ok(answer)
    };
    "conv.bsa" => |i| Ok(computed(&body::bsa(&read(i)?), "m2"));
    "holds.ld1" => |i| Ok(hold(&holds::ld1(&read(i)?, &Decisions::default())));
    "holds.d0" => |i| Ok(hold(&holds::d0(&read(i)?, &Decisions::default())));
    "dose.car" => |i| {
        let result = amount::car(&read(i)?);
        let status = result.per_kg.is_none().then_some("not_evaluable");
        Ok(json!({"viable_car": number(result.viable_car), "per_kg": number(result.per_kg), "status": status,
            "missing": result.missing, "warning": first(&result.warnings)}))
    };
    "dose.within_plan" => |i| Ok(criterion(&amount::within_plan(&read(i)?, &Decisions::default())));
    "dose.kymriah_range" => |i| Ok(criterion(&amount::kymriah_range(&read(i)?)));
    "dose.tcr" => |i| {
        let result = amount::tcr(&read(i)?, &Decisions::default());
        let mut answer = result.criterion.as_ref().map_or_else(|| json!({"result": "not_applicable"}), criterion);
        answer["tcr_per_kg"] = json!(number(result.tcr_per_kg));
        Ok(answer)
    };
    "dose.thaw" => |i| Ok(match bedside::thaw(&read(i)?) {
        Err(bedside::StartBeforeThaw) => json!({"error": "start_before_thaw"}),
        Ok(result) => {
            let mut answer = criterion(&result.criterion);
            answer["minutes"] = json!(result.minutes);
            answer["minutes_to_stop"] = json!(result.minutes_to_stop);
            answer
        }
    });
    "dose.identity_check" => |i| {
        let input: bedside::Identity = read(i)?;
        let mut answer = criterion(&bedside::identity_check(&input));
        let same = matches!((&input.nurse1, &input.nurse2), (Some(a), Some(b)) if bedside::same_person(a, b));
        answer["error"] = json!(same.then_some("same_person"));
        Ok(answer)
    };
    "response.assess" => response_assess;
    "response.mrd" => |i| {
        let result = mrd::mrd(&read(i)?);
        Ok(json!({"negative_1e4": result.negative_1e4, "negative_1e6": result.negative_1e6, "eln": result.eln,
            "missing": result.missing, "warning": first(&result.warnings)}))
    };
    "response.cns" => |i| {
        let result = cns::cns(&read(i)?);
        let status = result.status.is_none().then_some("not_evaluable");
        Ok(json!({"cns": result.status, "status": status, "missing": result.missing}))
    };
    "response.confirmed" => |i| Ok(json!(best::confirmed(&read(i)?)));
    "response.best" => |i| Ok(json!({"best": best::best(&read(i)?)}));
    "response.crr" => |i| Ok(best::crr(&read(i)?).map_or_else(|| json!({"x": null, "n": null, "status": "not_evaluable"}), |rate| json!(rate)));
    "window.d28" => |i| {
        let placed = window::d28(&read(i)?, &Decisions::default());
        Ok(placed.map_or_else(
            || json!({"day": null, "in_window": null, "status": "not_evaluable"}),
            |placed| json!(placed),
        ))
    };
    "tox.crs" => |i| Ok(graded(&crs::crs(&read(i)?), "grade"));
    "tox.ice" => |i| {
        let result = icans::ice(&read(i)?);
        let status = if result.total.is_some() { "graded" } else { "not_evaluable" };
        Ok(json!({"total": result.total, "status": status, "missing": result.missing}))
    };
    "tox.icans" => |i| Ok(graded(&icans::icans(&read(i)?), "grade"));
    "tox.iec_hs_screen" => |i| Ok(json!(iec_hs::iec_hs_screen(&read(i)?)));
    "tox.icaht_early" => |i| Ok(graded(&icaht::icaht_early(&read(i)?), "grade"));
    "tox.icaht_late" => |i| Ok(graded(&icaht::icaht_late(&read(i)?), "grade"));
    "tox.t_icaht_early" => |i| Ok(graded(&icaht::t_icaht_early(&read(i)?), "grade"));
    "tox.t_icaht_late" => |i| Ok(graded(&icaht::t_icaht_late(&read(i)?), "grade"));
    "tox.car_hematotox" => |i| {
        let result = hematotox::car_hematotox(&read(i)?);
        let status = if result.risk.is_some() { "graded" } else { "not_evaluable" };
        Ok(json!({"score": result.score, "risk": result.risk, "status": status, "missing": result.missing}))
    };
    "tox.agvhd_stage" => agvhd_stage;
    "tox.agvhd_overall" => |i| Ok(graded(&acute_gvhd::overall(&read(i)?), "grade"));
    "tox.cgvhd" => |i| {
        let sites: Scores = read(i)?;
        Ok(graded(&chronic_gvhd::cgvhd(&sites.scores), "severity"))
    };
    "tox.tls" => |i| {
        let result = lysis::tls(&read(i)?);
        let (status, grade) = status(&result.grade);
        Ok(json!({"ltls": result.ltls, "ctls": result.ctls, "grade": grade, "status": status, "missing": result.missing}))
    };
    "tox.ctcae5" => |i| lab(i, ctcae::Version::V5);
    "tox.ctcae6" => |i| lab(i, ctcae::Version::V6);
    "tox.sae" => |i| {
        let result = safety::sae(&read(i)?);
        let status = result.serious.is_none().then_some("not_evaluable");
        Ok(json!({"serious": result.serious, "status": status, "missing": result.missing}))
    };
    "tox.expedited" => |i| Ok(json!(safety::expedited(&read(i)?)));
    "tox.febrile_neutropenia" => |i| Ok(graded(&febrile::febrile_neutropenia(&read(i)?), "grade"));
}

fn read<T: DeserializeOwned>(inputs: &Value) -> Result<T, Unknown> {
    serde_json::from_value(inputs.clone()).map_err(|why| Unknown::Inputs(why.to_string()))
}

/// Takes one key out of the inputs, the rest being those of the function itself.
fn take(inputs: &Value, key: &str) -> (Option<Value>, Value) {
    let mut rest = inputs.clone();
    let taken = rest.as_object_mut().and_then(|map| map.remove(key));
    (taken, rest)
}

fn number(value: Option<Decimal>) -> Option<f64> {
    value.and_then(|value| value.to_f64())
}

fn first(warnings: &[Reason]) -> Option<&'static str> {
    warnings.first().map(|warning| warning.what)
}

fn computed(result: &Computed, key: &str) -> Value {
    let status = result.value.is_none().then_some("not_evaluable");
    json!({key: number(result.value), "status": status, "missing": result.missing})
}

fn criterion(result: &Criterion) -> Value {
    let (word, missing) = match &result.outcome {
        Outcome::Pass => ("pass", json!([])),
        Outcome::Fail => ("fail", json!([])),
        Outcome::NotEvaluable { missing } => ("not_evaluable", json!(missing)),
    };
    json!({"result": word, "missing": missing, "warning": first(&result.warnings)})
}

fn hold(result: &Criterion) -> Value {
    let mut answer = criterion(result);
    answer["result"] = json!(holds::clearance(result));
    answer
}

fn status<G: Serialize>(grade: &Grade<G>) -> (&'static str, Value) {
    match grade {
        Grade::Graded { grade } => ("graded", json!(grade)),
        Grade::AtLeast { grade, .. } => ("at_least", json!(grade)),
        Grade::NotEvaluable { .. } => ("not_evaluable", Value::Null),
    }
}

fn graded<G: Serialize>(result: &Grading<G>, key: &str) -> Value {
    let (status, grade) = status(&result.grade);
    let warnings: Vec<_> = result.warnings.iter().map(|warning| warning.what).collect();
    json!({"status": status, key: grade, "missing": result.grade.missing(), "warning": first(&result.warnings),
        "warnings": warnings})
}

fn elig_criterion(inputs: &Value) -> Answer {
    let (code, rest) = take(inputs, "criterion");
    let code: String = read(&code.unwrap_or(Value::Null))?;
    Ok(criterion(&registry::criterion(&code, &rest, &Decisions::default())?))
}

fn elig_overall(inputs: &Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Pass,
        Fail,
        NotEvaluable,
        NotApplicable,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Results {
        results: Vec<Word>,
    }
    let results: Results = read(inputs)?;
    let outcomes: Vec<_> = results
        .results
        .iter()
        .map(|word| match word {
            Word::Pass | Word::NotApplicable => Outcome::Pass,
            Word::Fail => Outcome::Fail,
            Word::NotEvaluable => Outcome::NotEvaluable { missing: Vec::new() },
        })
        .collect();
    Ok(json!({"status": overall(&outcomes)}))
}

fn convert(inputs: &Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Conversion {
        analyte: unit::Analyte,
        value: Option<Decimal>,
        from: String,
        to: String,
    }
    let conversion: Conversion = read(inputs)?;
    let Some(value) = conversion.value else {
        return Ok(json!({"value": null, "status": "not_evaluable"}));
    };
    Ok(
        match unit::convert(conversion.analyte, value, &conversion.from, &conversion.to) {
            Ok(value) => json!({"value": number(Some(value))}),
            Err(unit::NoConversion) => json!({"error": "no_conversion"}),
        },
    )
}

fn response_assess(inputs: &Value) -> Answer {
    let (ruleset, rest) = take(inputs, "ruleset");
    let mut decisions = Decisions::default();
    if let Some(ruleset) = ruleset.filter(|ruleset| !ruleset.is_null()) {
        decisions.ruleset = read::<Ruleset>(&ruleset)?;
    }
    let result = assess::assess(&read(&rest)?, &decisions);
    let flags: Vec<_> = result.warnings.iter().map(|warning| warning.what).collect();
    let evaluable = result.category != Category::Ne;
    Ok(
        json!({"category": result.category, "flags": flags, "flag": flags.first(), "missing": result.missing,
        "evaluable": evaluable}),
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scores {
    scores: chronic_gvhd::Sites,
}

fn agvhd_stage(inputs: &Value) -> Answer {
    let (organ, rest) = take(inputs, "organ");
    let organ: String = read(&organ.unwrap_or(Value::Null))?;
    let result = match organ.as_str() {
        "skin" => acute_gvhd::skin(&read(&rest)?),
        "liver" => acute_gvhd::liver(&read(&rest)?),
        "upper_gi" => acute_gvhd::upper_gi(&read(&rest)?),
        "lower_gi" => acute_gvhd::lower_gi(&read(&rest)?),
        _ => return Err(Unknown::Inputs(format!("no organ {organ}"))),
    };
    Ok(graded(&result, "stage"))
}

fn lab(inputs: &Value, version: ctcae::Version) -> Answer {
    Ok(ctcae::ctcae(&read(inputs)?, version).map_or_else(
        || json!({"status": "no_term", "grade": null, "missing": [], "warning": null, "warnings": []}),
        |result| graded(&result, "grade"),
    ))
}
