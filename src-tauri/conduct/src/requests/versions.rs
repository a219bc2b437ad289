//! What is asked about study versions and about findings.

use serde::{Deserialize, Serialize};
use study::{
    act::Reason,
    path::{ItemPath, SubjectCode},
};
use ts_rs::TS;

requests! {
    /// A study definition in force.
    StudyInForce {
        /// The version; the newest in force where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        version: Option<String>,
    }
    /// Study versions in force, and those that could be.
    Versions {}
    /// What a further study version would change.
    PlanVersion {
        /// Version, one of those offered.
        version: String,
    }
    /// A further study version comes into force: whoever is added from now on is under it, everybody else stays.
    InstallVersion {
        /// Version, one of those offered.
        version: String,
    }
    /// What moving a subject to another study version would change.
    PlanMove {
        /// Who.
        subject: SubjectCode,
        /// Version in force, newer than the subject's.
        to: String,
    }
    /// A subject moves to another study version.
    MoveSubject {
        /// Who.
        subject: SubjectCode,
        /// Version so far, as shown.
        from: String,
        /// Version from now on.
        to: String,
        /// Why.
        reason: Reason,
    }
    /// Say why a soft finding may stand.
    ExplainFinding {
        /// Item that it is shown at.
        path: ItemPath,
        /// Identifier of the check.
        check: String,
        /// Why.
        text: String,
    }
}
