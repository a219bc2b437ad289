//! Transcripts of `cartwright-cli`: what is typed, what is answered, with which exit code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod bundle;
mod courses;
mod definition;
mod exchange;
mod keep;
mod qualify;
mod site;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::Value;

/// What a command answered.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    fn last_line(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }
}

/// Runs the program with its device keys in a folder.
fn run(home: &Path, args: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cartwright-cli"));
    command
        .args(args)
        .env("XDG_DATA_HOME", home)
        .env_remove("DBUS_SESSION_BUS_ADDRESS");
    let output = command.output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A synthetic site that was made once for this run; its device keys lie in `home` beside it.
struct Demo {
    folder: PathBuf,
    home: PathBuf,
}

impl Demo {
    fn make(folder: &Path, home: &Path, seed: &str, subjects: &str) -> Self {
        let at = folder.to_str().unwrap();
        let said = run(home, &["demo", "--seed", seed, "--subjects", subjects, at]).exits(0);
        assert!(said.out.contains(&format!("{subjects} synthetic subjects")), "{said:?}");
        Self {
            folder: folder.to_owned(),
            home: home.to_owned(),
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    /// The one file with an ending.
    fn ending(&self, ending: &str) -> PathBuf {
        let all: Vec<PathBuf> = fs::read_dir(&self.folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        let mut fitting = all.iter().filter(|path| path.to_string_lossy().ends_with(ending));
        let one = fitting.next().unwrap_or_else(|| panic!("no {ending} in {all:?}"));
        assert!(fitting.next().is_none(), "{all:?}");
        one.clone()
    }

    fn bundle(&self) -> PathBuf {
        self.ending(".cwb.zip")
    }
}

/// Three subjects under seed 7.
fn demo() -> &'static Demo {
    static MADE: OnceLock<Demo> = OnceLock::new();
    MADE.get_or_init(|| made("seven", "7", "3"))
}

/// Another site: one subject under seed 8.
fn other() -> &'static Demo {
    static MADE: OnceLock<Demo> = OnceLock::new();
    MADE.get_or_init(|| made("eight", "8", "1"))
}

fn made(name: &str, seed: &str, subjects: &str) -> Demo {
    let top = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if top.exists() {
        fs::remove_dir_all(&top).unwrap();
    }
    Demo::make(&top.join("site"), &top.join("home"), seed, subjects)
}

/// A copy of the synthetic site that a test may harm, with a home of its own that knows the device.
fn copy(into: &Path) -> Demo {
    let (folder, home) = (into.join("site"), into.join("home"));
    for (from, to) in [(&demo().folder, &folder), (&demo().home, &home)] {
        copy_folder(from, to);
    }
    Demo { folder, home }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Changes one byte of a file.
fn flip(path: impl AsRef<Path>, at: usize) {
    let mut bytes = fs::read(&path).unwrap();
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
}

#[test]
fn help_names_every_command_and_nonsense_is_not_run() {
    let home = tempfile::tempdir().unwrap();
    let help = run(home.path(), &["--help"]).exits(0);
    for command in ["create", "check", "verify", "export", "demo", "study", "qualify"] {
        assert!(
            help.out.lines().any(|line| line.trim_start().starts_with(command)),
            "{command}: {}",
            help.out
        );
    }
    for args in [
        &["no-such-command"][..],
        &[],
        &["verify"],
        &["--lang", "de", "study", "lint"],
    ] {
        let said = run(home.path(), args).exits(2);
        assert!(said.out.is_empty() && !said.err.is_empty());
    }
}
