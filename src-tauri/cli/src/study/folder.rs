//! Definitions as folders.

use std::{
    fs,
    path::{Path, PathBuf},
};

use conduct::definition::{self, Files, Study};

use crate::{
    out::{Out, Trouble},
    words,
};

/// The files of a definition: a folder, or without one a version that is built in (`1.0`, `1.1`).
pub(crate) fn files(named: Option<&PathBuf>) -> Result<Files, Trouble> {
    let Some(named) = named else {
        return Ok(definition::built_in("1.0").unwrap_or_default());
    };
    let built_in = named.to_str().and_then(definition::built_in);
    match built_in {
        Some(files) if !named.exists() => Ok(files),
        Some(_) | None => below(named),
    }
}

/// The study of a definition that has no problems.
pub(crate) fn study(named: Option<&PathBuf>, out: &Out) -> Result<Study, Trouble> {
    let files = files(named)?;
    definition::load(&files).map_err(|problems| {
        let name = named.map_or_else(String::new, |named| named.display().to_string());
        let facts = [("name", name.as_str()), ("problems", &problems.len().to_string())];
        Trouble::Words(words::message(&out.lang, "cli_study_problems", &facts))
    })
}

/// Every `*.toml` below a folder, by its path there.
fn below(dir: &Path) -> Result<Files, Trouble> {
    let failed = |path: &Path, e| Trouble::File(path.display().to_string(), e);
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|e| failed(&folder, e))? {
            let path = entry.map_err(|e| failed(&folder, e))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let text = fs::read_to_string(&path).map_err(|e| failed(&path, e))?;
                let name = path.strip_prefix(dir).unwrap_or(&path);
                files.push((name.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Trouble::Words(format!("{}: no *.toml files", dir.display())));
    }
    Ok(files)
}

/// Writes what was asked for to a file, or to the standard output.
pub(crate) fn write(to: Option<&PathBuf>, bytes: &[u8]) -> Result<(), Trouble> {
    use std::io::Write as _;
    match to {
        Some(path) => fs::write(path, bytes).map_err(|e| Trouble::File(path.display().to_string(), e)),
        None => std::io::stdout()
            .write_all(bytes)
            .map_err(|e| Trouble::File("-".to_owned(), e)),
    }
}
