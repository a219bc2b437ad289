//! Answers questions of statistics for other programs: reads a JSON array of `[function, inputs]` and writes an array of
//! answers, one for each, as [`endpoints::qualify::run_vector`] gives them.

use endpoints::qualify::run_vector;
use serde_json::Value;
use std::io::{Error, ErrorKind, Write, stdin, stdout};

fn main() -> std::io::Result<()> {
    let refused = |why: String| Error::new(ErrorKind::InvalidInput, why);
    let questions: Vec<(String, Value)> =
        serde_json::from_reader(stdin().lock()).map_err(|why| refused(why.to_string()))?;
    let mut answers = Vec::with_capacity(questions.len());
    for (function, inputs) in &questions {
        answers.push(run_vector(function, inputs).map_err(|why| refused(why.to_string()))?);
    }
    serde_json::to_writer(stdout().lock(), &answers).map_err(Error::other)?;
    stdout().flush()
}
