//! The sponsor's decisions as the definition states them, in the shape that `criteria` takes.

use criteria::Decisions;
use serde::Deserialize as _;
use serde_json::Value as Json;

use crate::def::DecisionDef;

/// The decisions in force, as `criteria` takes them: defaults, replaced by the values that the definition names.
///
/// # Errors
/// The identifier of the decision and the name of a value that cannot be read.
pub fn decisions(defs: &[DecisionDef]) -> Result<Decisions, Vec<(String, String)>> {
    let Ok(Json::Object(defaults)) = serde_json::to_value(Decisions::default()) else {
        return Ok(Decisions::default());
    };
    let mut wrong = Vec::new();
    let mut in_force = defaults.clone();
    for def in defs {
        for (name, text) in &def.values {
            // Other values of a decision are words for people; only those that a function knows are handed over.
            let Some(default) = defaults.get(name) else { continue };
            let value = match default {
                Json::Bool(_) => text.parse().ok().map(Json::Bool),
                Json::Number(_) => text.parse::<i64>().ok().map(Json::from),
                Json::String(_) | Json::Null => Some(Json::String(text.clone())),
                Json::Array(_) | Json::Object(_) => None,
            };
            let mut alone = defaults.clone();
            match value {
                Some(value) => {
                    alone.insert(name.clone(), value.clone());
                    if Decisions::deserialize(Json::Object(alone)).is_ok() {
                        in_force.insert(name.clone(), value);
                        continue;
                    }
                    wrong.push((def.id.clone(), name.clone()));
                }
                None => wrong.push((def.id.clone(), name.clone())),
            }
        }
    }
    if wrong.is_empty() {
        Ok(Decisions::deserialize(Json::Object(in_force)).unwrap_or_default())
    } else {
        Err(wrong)
    }
}
