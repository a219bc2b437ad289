//! The times to event by name: from when, what is an event, what censors. A page shows these codes in words beside every
//! figure, so that no figure stands without its definition.

use crate::course::Course;
use crate::event::{self, Timed, Transplant, Why};
use serde::{Deserialize, Serialize};

/// A time to event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// Overall survival from admission, as registered \[D-02\].
    Os,
    /// Overall survival from infusion: sensitivity.
    OsFromInfusion,
    /// Duration of remission.
    Dor,
    /// Duration of remission, censored at transplant: sensitivity \[D-14\].
    DorCensorTransplant,
    /// Relapse-free survival of those in remission, from the remission.
    Rfs,
    /// Relapse-free survival from infusion; without remission on day 1.
    RfsFromInfusion,
    /// Event-free survival.
    Efs,
    /// Time to next treatment.
    Ttnt,
}

/// From when a time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// Admission to hospital for this treatment.
    Admission,
    /// Infusion.
    Infusion,
    /// First CR, CRh or CRi.
    Remission,
}

impl Start {
    /// Every start.
    pub const ALL: [Self; 3] = [Self::Admission, Self::Infusion, Self::Remission];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Admission => "admission",
            Self::Infusion => "infusion",
            Self::Remission => "remission",
        }
    }
}

/// How a time is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// From when.
    pub start: Start,
    /// What is an event.
    pub events: &'static [Why],
    /// What censors.
    pub censored: &'static [Why],
}

impl Endpoint {
    /// Every endpoint, in the order of display.
    pub const ALL: [Self; 8] = [
        Self::Os,
        Self::OsFromInfusion,
        Self::Dor,
        Self::DorCensorTransplant,
        Self::Rfs,
        Self::RfsFromInfusion,
        Self::Efs,
        Self::Ttnt,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Os => "os",
            Self::OsFromInfusion => "os_from_infusion",
            Self::Dor => "dor",
            Self::DorCensorTransplant => "dor_censor_transplant",
            Self::Rfs => "rfs",
            Self::RfsFromInfusion => "rfs_from_infusion",
            Self::Efs => "efs",
            Self::Ttnt => "ttnt",
        }
    }

    /// How it is defined.
    #[must_use]
    pub fn definition(self) -> Definition {
        const ASSESSED: &[Why] = &[
            Why::LastAssessment,
            Why::NewTherapy,
            Why::MissedAssessments,
            Why::NoAssessment,
            Why::TwoYears,
        ];
        const TO_TRANSPLANT: &[Why] = &[
            Why::LastAssessment,
            Why::NewTherapy,
            Why::Transplant,
            Why::MissedAssessments,
            Why::NoAssessment,
            Why::TwoYears,
        ];
        const FAILURE: &[Why] = &[Why::NoRemission, Why::Relapse, Why::Death];
        let (start, events, censored): (_, &[Why], &[Why]) = match self {
            Self::Os => (Start::Admission, &[Why::Death], &[Why::LastAlive, Why::TwoYears]),
            Self::OsFromInfusion => (Start::Infusion, &[Why::Death], &[Why::LastAlive, Why::TwoYears]),
            Self::Dor | Self::Rfs => (Start::Remission, &[Why::Relapse, Why::Death], ASSESSED),
            Self::DorCensorTransplant => (Start::Remission, &[Why::Relapse, Why::Death], TO_TRANSPLANT),
            Self::RfsFromInfusion | Self::Efs => (Start::Infusion, FAILURE, ASSESSED),
            Self::Ttnt => (
                Start::Infusion,
                &[Why::NextTherapy, Why::LeukaemiaDeath],
                &[Why::Transplant, Why::OtherDeath, Why::LastContact, Why::TwoYears],
            ),
        };
        Definition {
            start,
            events,
            censored,
        }
    }

    /// The time of one subject.
    ///
    /// # Errors
    /// A contradiction of dates.
    pub fn of(self, course: &Course) -> Timed {
        match self {
            Self::Os => course.survival_from(course.admitted),
            Self::OsFromInfusion => course.survival_from(course.infused),
            Self::Dor | Self::Rfs => course.duration_of_remission(Transplant::Primary),
            Self::DorCensorTransplant => course.duration_of_remission(Transplant::CensorHsct),
            Self::RfsFromInfusion => event::rfs_zuma3(&course.for_event_free()),
            Self::Efs => event::efs(&course.for_event_free()),
            Self::Ttnt => course.time_to_next_treatment(),
        }
    }

    /// Whether a subject belongs to those whose time is measured; who does not, is not missing.
    #[must_use]
    pub fn applies(self, course: &Course) -> bool {
        match self.definition().start {
            Start::Admission => true,
            Start::Infusion => course.infused.is_some(),
            Start::Remission => course.remission().is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_names_events_as_events() {
        for endpoint in Endpoint::ALL {
            let definition = endpoint.definition();
            assert!(definition.events.iter().all(|why| why.is_event()));
            assert!(definition.censored.iter().all(|why| !why.is_event()));
            assert!(definition.censored.contains(&Why::TwoYears));
            assert_eq!(serde_json::to_value(endpoint).unwrap(), endpoint.code());
        }
        for start in Start::ALL {
            assert_eq!(serde_json::to_value(start).unwrap(), start.code());
        }
        for why in Why::ALL {
            let named = |endpoint: &Endpoint| {
                let definition = endpoint.definition();
                definition.events.contains(&why) || definition.censored.contains(&why)
            };
            assert!(Endpoint::ALL.iter().any(named), "{why:?}");
        }
    }
}
