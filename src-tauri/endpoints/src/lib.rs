//! From records to CRR and OS: proportions, survival curves, cohorts.
