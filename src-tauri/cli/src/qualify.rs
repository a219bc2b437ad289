//! `qualify`: any file of cases against the clinical rules.

use std::path::PathBuf;

use conduct::qualify;

use crate::out::{Out, Ran, Trouble};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// File of cases: `{"meta": …, "vectors": [{id, fn, inputs, expected, tolerance?}]}`.
    vectors: PathBuf,
}

pub(crate) fn run(args: &Args, out: &Out) -> Ran {
    let text =
        std::fs::read_to_string(&args.vectors).map_err(|e| Trouble::File(args.vectors.display().to_string(), e))?;
    let result = qualify::run(&text).map_err(Trouble::Words)?;
    for function in &result.functions {
        out.say(&format!(
            "{:<28} {} passed, {} failed",
            function.name, function.passed, function.failed
        ));
    }
    for failure in &result.failures {
        out.say(&format!(
            "\n{} {}\n  inputs   {}\n  expected {}\n  got      {}",
            failure.id, failure.function, failure.inputs, failure.expected, failure.got
        ));
    }
    out.say(&format!("{} passed, {} failed", result.passed, result.failed));
    out.document(&result);
    Ok(result.failed == 0)
}
