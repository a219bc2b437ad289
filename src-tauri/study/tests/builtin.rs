//! The study that comes with Cartwright loads without a problem.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what they expect")]

#[test]
fn it_loads_clean() {
    if let Err(problems) = study::builtin::load() {
        let texts: std::collections::HashMap<_, _> = study::builtin::FILES.iter().copied().collect();
        for problem in &problems {
            println!("{}", study::problem::render(problem, texts[problem.file.as_str()]));
        }
        panic!("{} problems", problems.len());
    }
}
