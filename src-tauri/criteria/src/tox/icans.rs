//! Neurotoxicity (ICANS) and its ICE score: Lee, BBMT 2019;25:625, Tables 3-6 \[S\].
//!
//! | domain | 1 | 2 | 3 | 4 |
//! |---|---|---|---|---|
//! | ICE (from 12 years) | 7-9 | 3-6 | 0-2 | unable, unarousable |
//! | CAPD (below 12, or delayed at baseline) | 1-8 | 1-8 | ≥ 9 | unable |
//! | consciousness | spontaneous | voice | tactile | unarousable |
//! | seizure | – | – | resolving | > 5 min, repetitive |
//! | motor | – | – | – | deep focal weakness |
//! | oedema | – | – | focal | diffuse, signs of pressure |
//!
//! Tremor, myoclonus and intracranial haemorrhage do not count. Grade 5 is death.
//!
//! The bounds of CAPD (1-8, 9 or more) follow a report of the consensus and Table 6 \[GK\]; grade 5 and a seizure of exactly 5
//! minutes as grade 3 are project decisions.

use crate::age::Age;
use crate::finding::{Field, Grading, Op};
use crate::inputs::{codes, inputs};
use crate::quantity::{Level, d};
use crate::score::{Capd, IceNaming, IceOne, IceOrientation, IceTotal};
use crate::truth::{Ledger, Measure, Span, Truth, union};
use crate::{rule, what as w};
use rust_decimal::Decimal;
use serde::Serialize;

inputs! {
    /// The items of ICE.
    Ice {
        /// Year, month, city, hospital.
        orientation: IceOrientation,
        /// Three objects.
        naming: IceNaming,
        /// One command.
        command: IceOne,
        /// One sentence.
        writing: IceOne,
        /// Counting back from 100 by ten.
        attention: IceOne,
    }
}

/// The ICE total, or what it lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IceResult {
    /// 0 to 10.
    pub total: Option<u8>,
    /// The items that are missing.
    pub missing: Vec<Field>,
}

/// Sums ICE; one missing item leaves no total.
#[must_use]
pub fn ice(input: &Ice) -> IceResult {
    let items = [
        ("orientation", input.orientation.map(IceOrientation::get)),
        ("naming", input.naming.map(IceNaming::get)),
        ("command", input.command.map(IceOne::get)),
        ("writing", input.writing.map(IceOne::get)),
        ("attention", input.attention.map(IceOne::get)),
    ];
    IceResult {
        total: items
            .iter()
            .try_fold(0, |sum, (_, item)| item.map(|points| sum + points)),
        missing: items
            .iter()
            .filter(|(_, item)| item.is_none())
            .map(|(name, _)| Field(name))
            .collect(),
    }
}

codes! {
    /// Level of consciousness.
    Consciousness {
        /// Alert.
        #[serde(alias = "awake")]
        Alert = "alert",
        /// Awakens spontaneously.
        #[serde(alias = "awakens_spontaneously")]
        Spontaneous = "spontaneous",
        /// Awakens to voice.
        #[serde(alias = "awakens_to_voice")]
        Voice = "voice",
        /// Awakens only to touch.
        #[serde(alias = "awakens_to_tactile", alias = "tactile_only")]
        Tactile = "tactile",
        /// Unarousable, stupor or coma.
        #[serde(alias = "stupor", alias = "coma")]
        Unarousable = "unarousable",
    }
}

codes! {
    /// Seizure.
    Seizure {
        /// None.
        None = "none",
        /// Clinical, resolving rapidly.
        Resolved = "resolved",
        /// Non-convulsive on EEG, resolving with intervention.
        #[serde(alias = "ncse")]
        NcseResolved = "ncse_resolved",
        /// Longer than 5 minutes.
        Prolonged = "prolonged_gt5min",
        /// Repetitive without return to baseline.
        Repetitive = "repetitive",
    }
}

codes! {
    /// Oedema on imaging.
    Edema {
        /// None.
        None = "none",
        /// Focal or local.
        Focal = "focal",
        /// Diffuse.
        Diffuse = "diffuse",
        /// Around a haemorrhage: does not count.
        #[serde(alias = "haemorrhage_related")]
        HemorrhageRelated = "hemorrhage_related",
    }
}

codes! {
    /// A domain that another cause explains.
    Domain {
        /// ICE or CAPD.
        Cognition = "cognition",
        /// Consciousness.
        Consciousness = "consciousness",
        /// Seizure.
        Seizure = "seizure",
        /// Motor.
        Motor = "motor",
        /// Oedema and pressure.
        Edema = "edema",
    }
}

inputs! {
    /// One examination.
    Icans {
        /// Completed years.
        age: Age,
        /// Developmental delay at baseline: CAPD is used at any age; counts when `true`.
        developmental_delay: bool,
        /// ICE total.
        ice: IceTotal,
        /// ICE impossible because unarousable. ICE simply not done is a missing `ice`.
        ice_unable_unarousable: bool,
        /// Consciousness.
        consciousness: Consciousness,
        /// Seizure.
        seizure: Seizure,
        /// Its length, where known.
        seizure_minutes: Level,
        /// Hemiparesis or paraparesis.
        motor_deep_weakness: bool,
        /// Oedema on imaging.
        edema: Edema,
        /// Decerebrate or decorticate posture, sixth nerve palsy, papilloedema, Cushing triad; counts when `true`.
        raised_pressure_signs: bool,
        /// CAPD.
        capd: Capd,
        /// Domains explained otherwise, for example by sedation.
        attributed_elsewhere: Vec<Domain>,
        /// Died of ICANS.
        death: bool,
    }
}

/// The ICANS grade, 0 to 5: the worst domain.
#[must_use]
pub fn icans(input: &Icans) -> Grading {
    let mut ledger = Ledger::default();
    let mut parts = vec![cognition(input, &mut ledger)];
    let mut domain = |domain: Domain, span: Span| {
        let other = input
            .attributed_elsewhere
            .as_ref()
            .is_some_and(|list| list.contains(&domain));
        parts.push(if other { Span::at(0) } else { span });
    };
    domain(Domain::Consciousness, consciousness(input, &mut ledger));
    domain(Domain::Seizure, seizure(input, &mut ledger));
    let motor = ledger.fact(
        &rule::C2,
        w::MOTOR_WEAKNESS,
        input.motor_deep_weakness,
        "motor_deep_weakness",
    );
    domain(Domain::Motor, Span::if_true(&motor, 4));
    domain(Domain::Edema, edema(input, &mut ledger));
    let death = ledger.fact(&rule::C2, w::DEATH_FROM_ICANS, input.death, "death");
    parts.push(Span::if_true(&death, 5));
    ledger.grade(Span::worst(&parts))
}

fn cognition(input: &Icans, ledger: &mut Ledger) -> Span {
    let attributed = &input.attributed_elsewhere;
    if attributed
        .as_ref()
        .is_some_and(|list| list.contains(&Domain::Cognition))
    {
        return Span::at(0);
    }
    let child = match (input.developmental_delay, input.age) {
        (Some(true), _) => Truth::Yes,
        (_, Some(age)) if age.max() < 12 => Truth::Yes,
        (_, Some(age)) if age.min() >= 12 => Truth::No,
        (_, Some(_) | None) => Truth::lacking(&["age"]),
    };
    match child {
        Truth::Yes => {
            if input.ice.is_some() {
                ledger.warn(&rule::C2_CAPD, w::ICE_BELOW_12);
            }
            capd(input, ledger)
        }
        Truth::No => {
            if input.capd.is_some() {
                ledger.warn(&rule::C2_CAPD, w::CAPD_FROM_12);
            }
            adult(input, ledger)
        }
        Truth::Unknown(missing) => {
            let (child, adult) = (capd(input, ledger), adult(input, ledger));
            if child == adult {
                return child;
            }
            let fields = union(union(missing, &child.missing), &adult.missing);
            Span {
                low: child.low.min(adult.low),
                high: child.high.max(adult.high),
                missing: fields,
            }
        }
    }
}

fn adult(input: &Icans, ledger: &mut Ledger) -> Span {
    let rule = &rule::C2_ICE;
    if input.ice_unable_unarousable == Some(true) {
        ledger.word(rule, w::ICE_UNABLE, "true", true);
        return Span::at(4);
    }
    // Who cannot be aroused has 4 by consciousness, known or missing: here no more than 3 can be left out.
    let Some(total) = input.ice.map(IceTotal::get) else {
        return Span::between(0, 3, &["ice"]);
    };
    let measure = Measure {
        what: w::ICE,
        unit: "",
        value: Some(Decimal::from(total)),
        fields: &[],
    };
    // The band that the total lies in, so that the reason names the limit that decided.
    let limit = match total {
        0..=2 => 2,
        3..=6 => 6,
        _ => 9,
    };
    ledger.compare(rule, measure, Op::Le, d(limit, 0));
    match total {
        0..=2 => Span::at(3),
        3..=6 => Span::at(2),
        7..=9 => Span::at(1),
        _ => Span::at(0),
    }
}

fn capd(input: &Icans, ledger: &mut Ledger) -> Span {
    if input.ice_unable_unarousable == Some(true) {
        ledger.word(&rule::C2_CAPD, w::ICE_UNABLE, "true", true);
        return Span::at(4);
    }
    let Some(score) = input.capd.map(Capd::get) else {
        return Span::between(0, 3, &["capd"]);
    };
    let measure = Measure {
        what: w::CAPD,
        unit: "",
        value: Some(Decimal::from(score)),
        fields: &[],
    };
    let high = ledger.compare(&rule::C2_CAPD, measure, Op::Ge, d(9, 0)).yes();
    Span::at(if high { 3 } else { u8::from(score > 0) })
}

fn consciousness(input: &Icans, ledger: &mut Ledger) -> Span {
    let Some(level) = input.consciousness else {
        return Span::between(0, 4, &["consciousness"]);
    };
    let grade = match level {
        Consciousness::Alert => 0,
        Consciousness::Spontaneous => 1,
        Consciousness::Voice => 2,
        Consciousness::Tactile => 3,
        Consciousness::Unarousable => 4,
    };
    ledger.word(&rule::C2, w::CONSCIOUSNESS, level.code(), grade > 0);
    Span::at(grade)
}

fn seizure(input: &Icans, ledger: &mut Ledger) -> Span {
    let Some(kind) = input.seizure else {
        return Span::between(0, 4, &["seizure"]);
    };
    ledger.word(&rule::C2, w::SEIZURE, kind.code(), kind != Seizure::None);
    match kind {
        Seizure::None => Span::at(0),
        Seizure::Prolonged | Seizure::Repetitive => Span::at(4),
        Seizure::Resolved | Seizure::NcseResolved => {
            let value = input.seizure_minutes.map(Level::get);
            let measure = Measure {
                what: w::SEIZURE_MINUTES,
                unit: "min",
                value,
                fields: &[],
            };
            let long = ledger.compare(&rule::C2, measure, Op::Gt, d(5, 0)).yes();
            Span::at(if long { 4 } else { 3 })
        }
    }
}

fn edema(input: &Icans, ledger: &mut Ledger) -> Span {
    if input.raised_pressure_signs == Some(true) {
        ledger.word(&rule::C2, w::RAISED_PRESSURE, "true", true);
        return Span::at(4);
    }
    let Some(kind) = input.edema else {
        return Span::between(0, 4, &["edema"]);
    };
    let grade = match kind {
        Edema::None | Edema::HemorrhageRelated => 0,
        Edema::Focal => 3,
        Edema::Diffuse => 4,
    };
    ledger.word(&rule::C2, w::EDEMA, kind.code(), grade > 0);
    Span::at(grade)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Grade;
    use serde_json::json;

    fn with(change: serde_json::Value) -> Grading {
        let mut base = json!({"age": 30, "ice": 10, "ice_unable_unarousable": false, "consciousness": "alert",
            "seizure": "none", "motor_deep_weakness": false, "edema": "none", "death": false});
        for (key, value) in change.as_object().unwrap() {
            base[key] = value.clone();
        }
        icans(&serde_json::from_value(base).unwrap())
    }

    #[test]
    fn twelve_is_the_border() {
        assert_eq!(with(json!({"age": 12, "ice": 6})).grade, Grade::Graded { grade: 2 });
        assert_eq!(with(json!({"age": 11, "capd": 0})).grade, Grade::Graded { grade: 0 });
        assert_eq!(with(json!({"age": 12, "capd": 20})).warnings[0].what, w::CAPD_FROM_12);
        assert_eq!(
            with(json!({"age": 30, "developmental_delay": true, "capd": 9})).grade,
            Grade::Graded { grade: 3 }
        );
        assert_eq!(
            with(json!({"age": {"min": 11, "max": 12}, "ice": 2, "capd": 8})).grade,
            Grade::AtLeast {
                grade: 1,
                missing: vec![Field("age")]
            }
        );
    }

    #[test]
    fn other_causes_and_missing_items() {
        assert_eq!(
            with(json!({"consciousness": "voice", "attributed_elsewhere": ["consciousness"]})).grade,
            Grade::Graded { grade: 0 }
        );
        assert_eq!(
            with(json!({"ice": null, "seizure": "resolved"})).grade,
            Grade::Graded { grade: 3 }
        );
        assert_eq!(
            with(json!({"seizure": null, "ice": 5})).grade,
            Grade::AtLeast {
                grade: 2,
                missing: vec![Field("seizure")]
            }
        );
        assert_eq!(
            with(json!({"edema": "hemorrhage_related"})).grade,
            Grade::Graded { grade: 0 }
        );
        assert_eq!(
            with(json!({"raised_pressure_signs": true})).grade,
            Grade::Graded { grade: 4 }
        );
    }
}
