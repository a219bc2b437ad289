//! A person at a file: what every command on a file begins with.

use std::path::{Path, PathBuf};

use conduct::{
    acts,
    desk::Desk,
    requests::{OpenFile, Unlock},
};

use crate::{machine, out::Trouble};

#[derive(clap::Args)]
pub(crate) struct Who {
    /// Log-in name.
    #[arg(long)]
    user: String,
    /// File whose first line is the password.
    #[arg(long)]
    password_file: PathBuf,
}

/// A desk with the file open and the person in front of it.
pub(crate) fn down(file: &Path, who: &Who) -> Result<Desk, Trouble> {
    let mut desk = machine::desk(Box::new(machine::Here), &machine::app_data().join("devices"))?;
    let handle = desk.choose(machine::absolute(file)?);
    acts::open_file(&mut desk, OpenFile { handle })?;
    let password = machine::password_in(&who.password_file)?;
    let login = who.user.clone();
    acts::unlock(&mut desk, Unlock { login, password })?;
    Ok(desk)
}
