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
            "registers.toml",
            "forms/consent.toml",
            "forms/dm.toml",
            "forms/disease.toml",
            "forms/perf.toml",
            "forms/lab.toml",
            "forms/marrow.toml",
            "forms/sero.toml",
            "forms/cns.toml",
            "forms/hsct.toml",
            "forms/medhx.toml",
            "forms/priortx.toml",
            "forms/repro.toml",
            "forms/hla.toml",
            "forms/elig.toml",
            "forms/genetics.toml",
            "forms/lines.toml",
            "forms/alloc.toml",
            "forms/hold.toml",
            "forms/ldtx.toml",
            "forms/infusion.toml",
            "forms/crs.toml",
            "forms/vitals.toml",
            "forms/support.toml",
            "forms/neuro.toml",
            "forms/hema.toml",
            "forms/chem.toml",
            "forms/coag.toml",
            "forms/inflam.toml",
            "forms/immuno.toml",
            "forms/kinetics.toml",
            "forms/bcell.toml",
            "forms/chim.toml",
            "forms/response.toml",
            "forms/mrd.toml",
            "forms/csf.toml",
            "forms/imaging.toml",
            "forms/cyto.toml",
            "forms/iechs.toml",
            "forms/tls.toml",
            "forms/febrile.toml",
            "forms/agvhd.toml",
            "forms/cgvhd.toml",
            "forms/crsep.toml",
            "forms/icansep.toml",
            "forms/ae.toml",
            "forms/sae.toml",
            "forms/cm.toml",
            "forms/transf.toml",
            "forms/infect.toml",
            "forms/bridge.toml",
            "forms/subseq.toml",
            "forms/alive.toml",
            "forms/dev.toml",
            "forms/reconsent.toml",
            "forms/pregrep.toml",
            "forms/death.toml",
            "forms/eos.toml",
            "forms/follow.toml",
            "forms/ltfu.toml",
            "forms/rcl.toml",
            "forms/visit.toml",
            "forms/donor.toml",
            "forms/lot.toml",
            "forms/bag.toml",
            "forms/labreg.toml",
        )
    };
}

/// Paths and texts of its files.
pub const FILES: &[(&str, &str)] = version!("allo-cd19-ball/1.0");

/// The same of amendment 1.1, the worked example of one: a threshold, a new item, a retired one.
pub const AMENDMENT: &[(&str, &str)] = version!("allo-cd19-ball/1.1");

/// Every version that comes with Cartwright, the oldest first: version and files.
pub const VERSIONS: &[(&str, &[(&str, &str)])] = &[("1.0", FILES), ("1.1", AMENDMENT)];

/// Loads it.
///
/// # Errors
/// Its problems; a test shows that there are none.
pub fn load() -> Result<Study, Vec<Problem>> {
    crate::load::load(FILES)
}
