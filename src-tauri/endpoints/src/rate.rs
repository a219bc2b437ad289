//! Complete remission rate under each named definition \[D-01\], the registered one first.
//!
//! | definition | numerator: best CR, CRh or CRi among assessments | denominator |
//! |---|---|---|
//! | `registered` | from enrolment to first progression or relapse, or 2 calendar years; new therapy is no cut | enrolled |
//! | `best_response` | from day 14 to relapse or progression, new therapy (transplant included), 24 months | enrolled |
//! | `day_28` | days 25 to 31 | enrolled |
//! | `within_3_months` | as `best_response`, at most 3 calendar months after infusion | enrolled |
//! | `infused_only` | as `registered` | infused |
//! | `cr_alone` | as `registered`, CR only | enrolled |
//! | `any_count_failure` | as `registered`, MLFS too: CRi by any count failure \[D-23\] | enrolled |
//! | `overall_response` | as `registered`, PR too: CR + CRh + CRi + PR | enrolled |
//!
//! Not evaluable, lost and dead early stay in the denominator \[D-20\]. Patients with MRD only at baseline are listed apart
//! \[D-22\]. A remission before infusion is listed by subject.

use crate::proportion::{Proportion, clopper_pearson};
use crate::response::Response;
use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// One assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// Date.
    pub date: NaiveDate,
    /// Category.
    pub response: Response,
}

/// What the rate needs of one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The code of the subject.
    pub subject: String,
    /// Date of enrolment.
    pub enrolled: NaiveDate,
    /// Date of infusion.
    pub infused: Option<NaiveDate>,
    /// New antileukaemic therapy, transplant included.
    pub new_therapy: Option<NaiveDate>,
    /// Marrow below 5 % and no extramedullary disease at baseline.
    pub mrd_only: bool,
    /// Assessments, in any order.
    pub assessments: Vec<Assessed>,
}

/// A definition of the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Definition {
    /// As registered.
    Registered,
    /// Best response.
    BestResponse,
    /// Day 28.
    #[serde(rename = "day_28")]
    Day28,
    /// Within three months.
    #[serde(rename = "within_3_months")]
    Within3Months,
    /// Registered, of the infused.
    InfusedOnly,
    /// Registered, CR alone.
    CrAlone,
    /// Registered, with the broad CRi: neither lineage need have recovered \[D-23\].
    AnyCountFailure,
    /// Overall response: registered, with partial remission.
    OverallResponse,
}

impl Definition {
    /// Every definition, in the order of display.
    pub const ALL: [Self; 8] = [
        Self::Registered,
        Self::BestResponse,
        Self::Day28,
        Self::Within3Months,
        Self::InfusedOnly,
        Self::CrAlone,
        Self::AnyCountFailure,
        Self::OverallResponse,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::BestResponse => "best_response",
            Self::Day28 => "day_28",
            Self::Within3Months => "within_3_months",
            Self::InfusedOnly => "infused_only",
            Self::CrAlone => "cr_alone",
            Self::AnyCountFailure => "any_count_failure",
            Self::OverallResponse => "overall_response",
        }
    }

    /// Whether a best response is in the numerator.
    #[must_use]
    pub fn counts(self, response: Response) -> bool {
        match self {
            Self::CrAlone => response == Response::Cr,
            Self::AnyCountFailure => response.is_remission() || response == Response::Mlfs,
            Self::OverallResponse => response.is_remission() || response == Response::Pr,
            Self::Registered | Self::BestResponse | Self::Day28 | Self::Within3Months | Self::InfusedOnly => {
                response.is_remission()
            }
        }
    }
}

/// The days that count as day 28 \[D-06\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day28 {
    /// First day.
    pub first: u16,
    /// Last day.
    pub last: u16,
}

impl Default for Day28 {
    fn default() -> Self {
        Self { first: 25, last: 31 }
    }
}

/// A rate under one definition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RateResult {
    /// The definition.
    pub definition: Definition,
    /// Numerator.
    pub x: usize,
    /// Denominator.
    pub n: usize,
    /// Exact interval; absent for an empty denominator.
    pub proportion: Option<Proportion>,
    /// Who is in the denominator, with the best response that counted.
    pub counted: Vec<Counted>,
    /// Listed apart: MRD only at baseline.
    pub mrd_only: Vec<String>,
    /// In the numerator by an assessment before infusion.
    pub before_infusion: Vec<String>,
}

/// One subject of the denominator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The code of the subject.
    pub subject: String,
    /// Best response in the window; not evaluable without one.
    pub best: Response,
    /// Whether it is in the numerator.
    pub responder: bool,
}

/// The rate under one definition at a level of confidence.
#[must_use]
pub fn remission_rate(subjects: &[Subject], definition: Definition, day_28: Day28, level: f64) -> RateResult {
    let infused_only = definition == Definition::InfusedOnly;
    let eligible = |one: &&Subject| !infused_only || one.infused.is_some();
    let mut result = RateResult {
        definition,
        x: 0,
        n: 0,
        proportion: None,
        counted: Vec::new(),
        mrd_only: Vec::new(),
        before_infusion: Vec::new(),
    };
    for one in subjects.iter().filter(eligible) {
        if one.mrd_only {
            result.mrd_only.push(one.subject.clone());
            continue;
        }
        let counted = window(one, definition, day_28);
        let best = best_of(&counted, definition);
        let counts = |response| definition.counts(response);
        let responder = counts(best);
        let first = counted.iter().filter(|a| counts(a.response)).map(|a| a.date).min();
        if let (Some(first), Some(infused)) = (first, one.infused)
            && first < infused
        {
            result.before_infusion.push(one.subject.clone());
        } else if first.is_some() && one.infused.is_none() {
            result.before_infusion.push(one.subject.clone());
        }
        result.x += usize::from(responder);
        result.counted.push(Counted {
            subject: one.subject.clone(),
            best,
            responder,
        });
    }
    result.n = result.counted.len();
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    result.proportion = clopper_pearson(count(result.x), count(result.n), level);
    result
}

/// The best response of one subject in a definition's window; not evaluable without one.
pub(crate) fn best(one: &Subject, definition: Definition, day_28: Day28) -> Response {
    best_of(&window(one, definition, day_28), definition)
}

/// The best by the order of categories; where a definition counts a category that stands below one that it does not
/// count, a response that counts is the better one.
fn best_of(counted: &[Assessed], definition: Definition) -> Response {
    let responses = counted.iter().map(|one| one.response);
    responses
        .min_by_key(|response| (!definition.counts(*response), *response))
        .unwrap_or(Response::Ne)
}

/// The assessments that count, relapse left out.
fn window(one: &Subject, definition: Definition, day_28: Day28) -> Vec<Assessed> {
    let bounds = match definition {
        Definition::Registered
        | Definition::InfusedOnly
        | Definition::CrAlone
        | Definition::AnyCountFailure
        | Definition::OverallResponse => Some((one.enrolled, one.enrolled.checked_add_months(Months::new(24)))),
        Definition::BestResponse => one
            .infused
            .map(|d0| (d0 + Days::new(14), d0.checked_add_months(Months::new(24)))),
        Definition::Within3Months => one
            .infused
            .map(|d0| (d0 + Days::new(14), d0.checked_add_months(Months::new(3)))),
        Definition::Day28 => one.infused.map(|d0| {
            (
                d0 + Days::new(u64::from(day_28.first)),
                d0.checked_add_days(Days::new(u64::from(day_28.last))),
            )
        }),
    };
    let Some((from, Some(to))) = bounds else {
        return Vec::new();
    };
    let cuts_at_therapy = matches!(definition, Definition::BestResponse | Definition::Within3Months);
    // A window after infusion is not ended by a progression before it.
    let clock = match definition {
        Definition::Registered
        | Definition::InfusedOnly
        | Definition::CrAlone
        | Definition::AnyCountFailure
        | Definition::OverallResponse => from,
        Definition::BestResponse | Definition::Within3Months | Definition::Day28 => one.infused.unwrap_or(from),
    };
    let ended = one
        .assessments
        .iter()
        .filter(|a| a.response.ends_window() && a.date >= clock)
        .map(|a| a.date)
        .min();
    one.assessments
        .iter()
        .filter(|a| a.date >= from && a.date <= to && a.response != Response::Relapse)
        .filter(|a| ended.is_none_or(|end| a.date <= end))
        .filter(|a| !cuts_at_therapy || one.new_therapy.is_none_or(|therapy| a.date <= therapy))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn subject(name: &str, assessments: &[(&str, Response)]) -> Subject {
        Subject {
            subject: name.into(),
            enrolled: day("2024-01-01"),
            infused: Some(day("2024-02-01")),
            new_therapy: None,
            mrd_only: false,
            assessments: assessments
                .iter()
                .map(|(date, response)| Assessed {
                    date: day(date),
                    response: *response,
                })
                .collect(),
        }
    }

    fn x_n(subjects: &[Subject]) -> Vec<(usize, usize)> {
        Definition::ALL
            .iter()
            .map(|definition| remission_rate(subjects, *definition, Day28::default(), 0.95))
            .map(|rate| (rate.x, rate.n))
            .collect()
    }

    #[test]
    fn each_definition_has_its_own_window() {
        // Registered, best response, day 28, 3 months, infused, CR alone, any count failure, overall response.
        assert_eq!(
            x_n(&[subject("a", &[("2024-02-29", Response::Cri)])]),
            [(1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (0, 1), (1, 1), (1, 1)]
        );
        assert_eq!(
            x_n(&[subject("a", &[("2024-05-02", Response::Cr)])]),
            [(1, 1), (1, 1), (0, 1), (0, 1), (1, 1), (1, 1), (1, 1), (1, 1)]
        );
        let mut treated = subject("a", &[("2024-04-01", Response::Cr)]);
        treated.new_therapy = Some(day("2024-03-31"));
        assert_eq!(
            x_n(&[treated]),
            [(1, 1), (0, 1), (0, 1), (0, 1), (1, 1), (1, 1), (1, 1), (1, 1)]
        );
        let after = subject("a", &[("2024-02-20", Response::Pd), ("2024-04-01", Response::Cr)]);
        assert_eq!(
            x_n(&[after]),
            [(0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1)]
        );
    }

    #[test]
    fn who_is_in_the_denominator() {
        let mut never = subject("never", &[]);
        never.infused = None;
        let mut molecular = subject("mrd", &[("2024-02-29", Response::Cr)]);
        molecular.mrd_only = true;
        let bridged = subject("bridged", &[("2024-01-20", Response::Cr)]);
        let all = [never, molecular, bridged];
        assert_eq!(
            x_n(&all),
            [(1, 2), (0, 2), (0, 2), (0, 2), (1, 1), (1, 2), (1, 2), (1, 2)]
        );
        let rate = remission_rate(&all, Definition::Registered, Day28::default(), 0.95);
        assert_eq!(
            (rate.mrd_only, rate.before_infusion),
            (vec!["mrd".to_owned()], vec!["bridged".to_owned()])
        );
        assert_eq!(
            remission_rate(&[], Definition::Registered, Day28::default(), 0.95).proportion,
            None
        );
    }

    #[test]
    fn two_years_to_the_day() {
        let at = |date: &str| x_n(&[subject("a", &[(date, Response::Cr)])])[0].0;
        assert_eq!((at("2026-01-01"), at("2026-01-02")), (1, 0));
    }

    #[test]
    fn broad_definitions_count_more() {
        let of = |responses: &[Response], definition| {
            let dates = ["2024-02-29", "2024-03-20", "2024-04-20"];
            let assessments: Vec<_> = dates.into_iter().zip(responses.iter().copied()).collect();
            remission_rate(&[subject("a", &assessments)], definition, Day28::default(), 0.95).x
        };
        for (responses, registered, any_count_failure, overall) in [
            (&[Response::Crh][..], 1, 1, 1),
            (&[Response::Mlfs], 0, 1, 0),
            (&[Response::Aplastic], 0, 0, 0),
            (&[Response::Pr], 0, 0, 1),
            (&[Response::Mlfs, Response::Pr], 0, 1, 1),
            (&[Response::Nr, Response::Ne], 0, 0, 0),
        ] {
            let got = (
                of(responses, Definition::Registered),
                of(responses, Definition::AnyCountFailure),
                of(responses, Definition::OverallResponse),
            );
            assert_eq!(got, (registered, any_count_failure, overall), "{responses:?}");
        }
    }

    #[test]
    fn codes_are_what_is_written() {
        for definition in Definition::ALL {
            assert_eq!(serde_json::to_value(definition).unwrap(), definition.code());
        }
    }
}
