//! Each call, run: inputs over, result back in one shape.

use std::rc::Rc;

use chrono::NaiveDate;
use criteria::{
    Decisions,
    age::{Age, Birth, completed_years},
    dose, elig,
    elig::fresh::Kind,
    quantity::{Level, Positive},
    renal, response, tox,
};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::{
    def::ItemKind,
    medicine::{
        Outcome, Status,
        bind::Bound,
        disease,
        eligible::{self, aged},
        labs,
        made::{Made, factors, lines},
        registry::{self, Call},
        toxic,
    },
    path::{FormPath, ItemPath, Oid},
    resolve::Place,
    shown::path_of,
    study::Study,
    values::Values,
};

impl Study {
    /// What a derived item comes to; nothing for an item that is typed.
    #[must_use]
    pub fn derive(&self, values: &Values<'_>, path: &ItemPath) -> Option<Outcome> {
        self.outcome(values, path).map(|outcome| (*outcome).clone())
    }

    /// As [`Study::derive`], worked out once for these values.
    pub(crate) fn outcome(&self, values: &Values<'_>, path: &ItemPath) -> Option<Rc<Outcome>> {
        let place = self.item(&path.item)?;
        let ItemKind::Derived { call, with } = &place.item.kind else {
            return None;
        };
        values.seen_before.outcome(self, path, || {
            let from = Place::Form {
                form: path.form.clone(),
                group: Some((path.group.clone(), path.row)),
            };
            self.call(values, &from, call, with)
        })
    }

    /// Every derived item of a form that is shown.
    #[must_use]
    pub fn derived(&self, values: &Values<'_>, form: &FormPath) -> Vec<(ItemPath, Outcome)> {
        let mut derived = Vec::new();
        for place in self.items(&form.form) {
            if !matches!(place.item.kind, ItemKind::Derived { .. }) {
                continue;
            }
            for row in values.rows(form, place) {
                let path = path_of(form, place, row);
                if self.visibility(values, form, row, &place.item.oid) == crate::shown::Visible::Hidden {
                    continue;
                }
                if let Some(outcome) = self.derive(values, &path) {
                    derived.push((path, outcome));
                }
            }
        }
        derived
    }

    pub(crate) fn call(
        &self,
        values: &Values<'_>,
        from: &Place,
        name: &str,
        with: &[(String, Oid)],
    ) -> Option<Outcome> {
        let call = registry::call(name)?;
        Some(run(call, &self.bind(values, from, call, with), self.decisions()))
    }
}

/// Inputs as a struct of `criteria`. One that the quantity cannot take counts as missing, never as something else.
pub(super) fn read<T: DeserializeOwned + Default>(json: &Map<String, Json>) -> T {
    let mut usable = Map::new();
    for (name, value) in json {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        if serde_json::from_value::<T>(Json::Object(alone)).is_ok() {
            usable.insert(name.clone(), value.clone());
        }
    }
    serde_json::from_value(Json::Object(usable)).unwrap_or_default()
}

pub(super) fn one<T: DeserializeOwned>(json: &Map<String, Json>, name: &str) -> Option<T> {
    serde_json::from_value(json.get(name)?.clone()).ok()
}

fn run(call: &Call, bound: &Bound, decisions: &Decisions) -> Outcome {
    let json = &bound.json;
    let of = Made { call: call.name, bound };
    match call.name {
        "age.at_consent" => age(&of, json),
        "lab.times_uln" => times_uln(&of, json),
        "days.since" => days(&of, json),
        "renal.cockcroft_gault" => of.computed(renal::cockcroft_gault(&read(json))),
        "renal.ckd_epi_2021" => of.computed(renal::ckd_epi_2021(&read(json))),
        "renal.bedside_schwartz" => of.computed(renal::bedside_schwartz(&read(json))),
        "elig.I2" => of.criterion(elig::person::i2(&read(json), decisions)),
        "elig.I6" => {
            let found = elig::disease::i6(&read(json), decisions);
            of.criterion(aged(json, found, Kind::Marrow, &["bm_blasts_pct", "mrd_fraction"]))
        }
        "elig.I8" => {
            let found = elig::organ::i8(&read(json), decisions);
            of.criterion(aged(json, found, Kind::Laboratory, &["creatinine"]))
        }
        "elig.I9" => {
            let found = elig::organ::i9(&read(json), decisions);
            let stale = &["alt_x_uln", "ast_x_uln", "bili_x_uln"];
            of.criterion(aged(json, found, Kind::Laboratory, stale))
        }
        "elig.I10" => {
            let found = elig::organ::i10(&read(json), decisions);
            of.criterion(aged(json, found, Kind::Imaging, &["lvef_pct"]))
        }
        "elig.E3" => of.criterion(elig::disease::e3(&read(json), decisions)),
        "elig.E5" => of.criterion(elig::prior::e5(&read(json), decisions)),
        "elig.E8" => {
            let found = elig::infection::e8(&read(json), decisions);
            of.criterion(aged(json, found, Kind::Serology, &["hbsag", "hbcab"]))
        }
        "response.cns" => {
            let found = response::cns::cns(&read(json));
            let result = found.status.map(|status| status.code().to_owned());
            of.value(result, &found.missing, found.reasons, Vec::new())
        }
        "response.assess" => disease::assessed(&of, decisions),
        "window.d28" => window(&of, json, decisions),
        "tox.crs" => toxic::graded(&of, tox::crs::crs(&read(json))),
        "dose.car" => dose_given(&of, json, true),
        "dose.viable_car" => dose_given(&of, json, false),
        "dose.within_plan" => of.criterion(dose::amount::within_plan(&read(json), decisions)),
        "dose.thaw" => thaw(&of, json),
        // The registry and this list are held together by a test.
        _ => eligible::run(&of, decisions)
            .or_else(|| disease::run(&of, decisions))
            .or_else(|| toxic::run(&of, decisions))
            .or_else(|| labs::run(&of, decisions))
            .unwrap_or_else(|| of.outcome(Status::NotEvaluable)),
    }
}

fn age(of: &Made<'_>, json: &Map<String, Json>) -> Outcome {
    let (dob, consent): (Option<Birth>, Option<NaiveDate>) = (one(json, "dob"), one(json, "consent_date"));
    let Some((dob, consent)) = dob.zip(consent) else {
        return of.lacking_any(&["dob", "consent_date"]);
    };
    match completed_years(dob, consent) {
        Ok(age) => Outcome {
            unit: "a".into(),
            ..of.value(Some(years(age)), &[], Vec::new(), Vec::new())
        },
        // Born after consent: the date of birth cannot be right.
        Err(_) => of.lacking(&["dob"]),
    }
}

fn years(age: Age) -> String {
    if age.min() == age.max() {
        age.min().to_string()
    } else {
        format!("{}-{}", age.min(), age.max())
    }
}

fn times_uln(of: &Made<'_>, json: &Map<String, Json>) -> Outcome {
    let (value, uln): (Option<Level>, Option<Positive>) = (one(json, "value"), one(json, "uln"));
    let Some((value, uln)) = value.zip(uln) else {
        return of.lacking_any(&["value", "uln"]);
    };
    match value.times(uln) {
        Some(times) => of.number(times.get(), "xULN"),
        None => of.lacking(&["value", "uln"]),
    }
}

fn days(of: &Made<'_>, json: &Map<String, Json>) -> Outcome {
    let (from, on): (Option<NaiveDate>, Option<NaiveDate>) = (one(json, "date"), one(json, "on"));
    let Some((from, on)) = from.zip(on) else {
        return of.lacking_any(&["date", "on"]);
    };
    let days = on.signed_duration_since(from).num_days();
    Outcome {
        unit: "d".into(),
        ..of.value(Some(days.to_string()), &[], Vec::new(), Vec::new())
    }
}

fn window(of: &Made<'_>, json: &Map<String, Json>, decisions: &Decisions) -> Outcome {
    match response::window::d28(&read(json), decisions) {
        None => of.lacking_any(&["infusion_date", "visit_date"]),
        Some(placed) => Outcome {
            status: if placed.in_window { Status::Pass } else { Status::Fail },
            unit: "d".into(),
            ..of.value(Some(placed.day.to_string()), &[], Vec::new(), Vec::new())
        },
    }
}

fn dose_given(of: &Made<'_>, json: &Map<String, Json>, per_kg: bool) -> Outcome {
    let found = dose::amount::car(&read(json));
    let million = Decimal::from(1_000_000);
    let (value, unit) = if per_kg {
        (found.per_kg, "10^6/kg")
    } else {
        (found.viable_car, "10^6")
    };
    let made = match value {
        Some(value) => {
            // Read in millions at the bedside, handed on in cells.
            let shown = of.number(value.checked_div(million).unwrap_or(value), unit);
            Outcome {
                exact: Some(value.normalize().to_string()),
                ..shown
            }
        }
        None => of.outcome(Status::NotEvaluable),
    };
    let missing = if value.is_some() {
        Vec::new()
    } else {
        of.fields(&found.missing)
    };
    Outcome {
        missing,
        warnings: lines(found.warnings),
        arithmetic: factors(found.factors),
        ..made
    }
}

fn thaw(of: &Made<'_>, json: &Map<String, Json>) -> Outcome {
    match dose::bedside::thaw(&read(json)) {
        Ok(found) => {
            let minutes = found.minutes.map(|minutes| minutes.to_string());
            Outcome {
                unit: "min".into(),
                exact: minutes.clone(),
                result: minutes,
                ..of.criterion(found.criterion)
            }
        }
        // The order is impossible: one of the two times is wrong, so neither can be relied on.
        Err(dose::bedside::StartBeforeThaw) => of.lacking_times(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Inputs of the registry are inputs of the function: a slip would silently never be handed over.
    #[test]
    fn the_registry_names_inputs_that_exist() {
        let own: [(&str, &[&str]); 8] = [
            ("age.at_consent", &["dob", "consent_date"]),
            ("lab.times_uln", &["value", "uln"]),
            ("days.since", &["date", "on"]),
            ("renal.cockcroft_gault", renal::Renal::INPUTS),
            ("renal.ckd_epi_2021", renal::Renal::INPUTS),
            ("renal.bedside_schwartz", renal::Renal::INPUTS),
            ("dose.viable_car", dose::amount::Dose::INPUTS),
            ("dose.thaw", dose::bedside::Thaw::INPUTS),
        ];
        let published: [(&str, &[&str]); 14] = [
            ("elig.I2", elig::person::I2::INPUTS),
            ("elig.I6", elig::disease::I6::INPUTS),
            ("elig.I8", elig::organ::I8::INPUTS),
            ("elig.I9", elig::organ::I9::INPUTS),
            ("elig.I10", elig::organ::I10::INPUTS),
            ("elig.E3", elig::disease::E3::INPUTS),
            ("elig.E5", elig::prior::E5::INPUTS),
            ("elig.E8", elig::infection::E8::INPUTS),
            ("response.cns", response::cns::Cns::INPUTS),
            ("response.assess", response::assess::Assess::INPUTS),
            ("window.d28", response::window::D28::INPUTS),
            ("tox.crs", tox::crs::Crs::INPUTS),
            ("dose.car", dose::amount::Dose::INPUTS),
            ("dose.within_plan", dose::amount::WithinPlan::INPUTS),
        ];
        let known: Vec<(&str, Vec<&str>)> = own
            .into_iter()
            .chain(published)
            .map(|(name, inputs)| (name, inputs.to_vec()))
            .chain(
                disease::tests::INPUTS
                    .iter()
                    .map(|(name, inputs)| (*name, inputs.to_vec())),
            )
            .chain(toxic::tests::inputs())
            .chain(
                labs::CALLS
                    .iter()
                    .map(|call| (call.name, tox::ctcae::Lab::INPUTS.to_vec())),
            )
            .chain(eligible::CALLS.iter().map(|call| {
                let code = call.name.strip_prefix("elig.").unwrap();
                let known = elig::registry::CRITERIA.iter().find(|(known, _)| *known == code);
                let mut inputs = known.unwrap().1.to_vec();
                // What the study adds: the washouts item by item, transplant and suppression behind E6.
                match code {
                    "E17" => inputs.extend(criteria::elig::washout::Drug::ALL.iter().map(|drug| drug.code())),
                    "E6" => inputs.extend(["hsct", "cgvhd", "systemic_is_now"]),
                    _ => {}
                }
                (call.name, inputs)
            }))
            .collect();
        let names: BTreeSet<&str> = known.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, registry::all().map(|call| call.name).collect());
        for call in registry::all() {
            let inputs = &known.iter().find(|(name, _)| *name == call.name).unwrap().1;
            for input in call.inputs {
                // When the sample was taken, and until when it is fresh, belong to every criterion that may be stale.
                let dated = input.name == "taken" || input.name == "ld_start";
                assert!(dated || inputs.contains(&input.name), "{}: {}", call.name, input.name);
            }
        }
    }

    /// Every function of the registry is run, not fallen through.
    #[test]
    fn every_call_runs() {
        let decisions = Decisions::default();
        for call in registry::all() {
            let outcome = run(call, &Bound::empty(), &decisions);
            assert_eq!(outcome.call, call.name);
            assert_eq!(outcome.status, Status::NotEvaluable, "{}", call.name);
            assert!(!outcome.missing.is_empty(), "{} names nothing missing", call.name);
        }
    }
}
