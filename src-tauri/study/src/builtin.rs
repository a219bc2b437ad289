//! The study that comes with Cartwright, embedded file by file.

use crate::{problem::Problem, study::Study};

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$((concat!($folder, "/", $name), include_str!(concat!("../studies/", $folder, "/", $name)))),*]
    };
}

macro_rules! version {
    ($folder:literal) => {
        files!(
            $folder:
            "study.toml",
            "registration.toml",
            "visits.toml",
            "codelists.toml",
            "units.toml",
            "decisions.toml",
            "eligibility.toml",
            "checks.toml",
            "forms/consent.toml",
            "forms/dm.toml",
            "forms/disease.toml",
            "forms/perf.toml",
            "forms/lab.toml",
            "forms/marrow.toml",
            "forms/sero.toml",
            "forms/cns.toml",
            "forms/hsct.toml",
            "forms/elig.toml",
            "forms/infusion.toml",
            "forms/crs.toml",
            "forms/response.toml",
        )
    };
}

/// Paths and texts of its files.
pub const FILES: &[(&str, &str)] = version!("allo-cd19-ball/1.0");

/// The same of amendment 1.1, the worked example of one: a threshold, a new item, a retired one.
pub const AMENDMENT: &[(&str, &str)] = version!("allo-cd19-ball/1.1");

/// Loads it.
///
/// # Errors
/// Its problems; a test shows that there are none.
pub fn load() -> Result<Study, Vec<Problem>> {
    crate::load::load(FILES)
}
