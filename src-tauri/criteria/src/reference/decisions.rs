//! The sponsor's decisions in words, with the names under which [`Decisions`](crate::Decisions) carries them.

/// One decision as the reference prints it.
pub(super) struct Decided {
    /// `D-07`; `E2` for the two switches of that criterion.
    pub(super) id: &'static str,
    /// What is decided, and the default in words.
    pub(super) text: &'static str,
    /// Names in `Decisions`; empty where another part of the study applies it.
    pub(super) values: &'static [&'static str],
    /// Where the default comes from.
    pub(super) source: &'static str,
}

const fn decided(
    id: &'static str,
    values: &'static [&'static str],
    source: &'static str,
    text: &'static str,
) -> Decided {
    Decided {
        id,
        text,
        values,
        source,
    }
}

/// Every decision, in order.
pub(super) const DECIDED: &[Decided] = &[
    decided(
        "D-01",
        &[],
        "registration text; project",
        "Definition of the complete remission rate: best response CR, CRh or CRi from enrolment to the \
         earlier of progression or relapse and 2 calendar years, over all enrolled.",
    ),
    decided(
        "D-02",
        &[],
        "registration text; project",
        "Start of overall survival: admission to hospital for this treatment.",
    ),
    decided(
        "D-03",
        &["age_min", "age_max"],
        "sibling trials; the registration has none",
        "Age range, completed years, both ends included.",
    ),
    decided(
        "D-04",
        &["ruleset"],
        "ELN 2024, Blood 2024;143:1891",
        "Published definition of response, for all ages.",
    ),
    decided(
        "D-05",
        &["counts_inclusive"],
        "ELN, NCCN print above; CIBMTR at least",
        "Whether ANC of exactly 1.0 and platelets of exactly 100 ×10⁹/L count as recovered.",
    ),
    decided(
        "D-06",
        &["d28_first", "d28_last"],
        "project",
        "Window of the day-28 assessment, days, both ends included.",
    ),
    decided(
        "D-07",
        &["crcl_above", "egfr_child_min", "renal_warn_below"],
        "ThisCART19A; children by practice; US label of fludarabine",
        "Renal limits: an adult's clearance lies above the first (mL/min), a child's estimate at or above the \
         second (mL/min/1.73 m²); below the third a warning.",
    ),
    decided(
        "D-08",
        &["lvef_min_pct"],
        "two allogeneic sibling trials",
        "Lowest LVEF, %, included.",
    ),
    decided(
        "D-09",
        &["cd19_above_pct"],
        "NCT04516551",
        "CD19-positive blasts lie above this, %.",
    ),
    decided(
        "D-10",
        &["transaminases_max_x_uln"],
        "ThisCART19A",
        "Highest ALT and AST, × ULN, included.",
    ),
    decided(
        "D-11",
        &["prior_gene_modified_excludes"],
        "ELIANA",
        "Any earlier gene-modified cell product excludes.",
    ),
    decided(
        "D-12",
        &["dsa_mfi_min"],
        "practice",
        "Mean fluorescence intensity from which a donor-specific antibody excludes, included.",
    ),
    decided(
        "D-13",
        &["tcr_per_kg_max"],
        "GOSH-style cap",
        "Highest residual TCRαβ-positive cells per kg of an edited product, included.",
    ),
    decided(
        "D-14",
        &[],
        "project",
        "Allogeneic transplant after the infusion: not censored; censored at its date in the sensitivity \
         analysis.",
    ),
    decided("D-15", &[], "CTCAE", "Version of CTCAE: 5.0, pinned."),
    decided(
        "D-16",
        &["hbsag_positive_excludes"],
        "practice",
        "HBsAg positive with undetectable DNA excludes.",
    ),
    decided(
        "D-17",
        &[],
        "project",
        "Blood blasts above 0 and below 1 %: not evaluable until flow cytometry or a repeat.",
    ),
    decided(
        "D-18",
        &["transfusion_days"],
        "project",
        "Platelets or red cells given this many days ago or less block CR and give CRi.",
    ),
    decided(
        "D-19",
        &[],
        "project",
        "Time in an endpoint: difference of dates + 1 day.",
    ),
    decided("D-20", &[], "project", "Who is not evaluable counts as non-responder."),
    decided(
        "D-21",
        &[],
        "project",
        "What holds lymphodepletion and infusion: the list of chapter E.",
    ),
    decided(
        "D-22",
        &[],
        "project",
        "Patients with MRD alone at baseline are listed apart.",
    ),
    decided(
        "D-23",
        &["cri_breadth"],
        "project",
        "Breadth of CRi: one lineage recovered, the rest MLFS; or any failure of the counts.",
    ),
    decided(
        "D-24",
        &[],
        "project",
        "MRD of 1 % or more in remission is a flag, no event.",
    ),
    decided(
        "D-25",
        &["planned_per_kg", "dose_cap"],
        "unset",
        "Planned dose, cells per kg, and absolute cap, cells. Without them the check of acceptance is not \
         evaluable and says so.",
    ),
    decided(
        "D-26",
        &[],
        "unset",
        "Regimen of lymphodepletion: recorded, not checked.",
    ),
    decided(
        "D-27",
        &[],
        "unset",
        "Stopping rules: none entered; counters are shown with that banner.",
    ),
    decided("D-28", &[], "practice", "Schedule of visits and premedication."),
    decided(
        "E2",
        &["mature_b_excludes", "cml_blast_crisis_excludes"],
        "ZUMA-3",
        "Mature-B leukaemia and lymphoid blast crisis of CML exclude.",
    ),
];
