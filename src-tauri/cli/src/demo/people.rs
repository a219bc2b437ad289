//! Who works at the made-up site.

use conduct::{
    Reason, Role, acts,
    requests::{
        AcceptDeclaration, AddPerson, ConfirmRecoveryCode, CreateSite, GrantAccess, Lock, People, StudyInForce, Unlock,
    },
};

use super::{PASSWORD, Trial};
use crate::out::Trouble;

/// Log-in name, printed name, role.
pub(super) const PEOPLE: &[(&str, &str, Role)] = &[
    ("admin.zhao", "Zhao Min", Role::Administrator),
    ("nurse.li", "Li Na, RN", Role::Nurse),
    ("nurse.wang", "Wang Fang, RN", Role::Nurse),
    ("dr.chen", "Chen Wei, MD", Role::Investigator),
    ("dr.sun", "Sun Yue, MD", Role::SubInvestigator),
    ("monitor.ruiz", "Ana Ruiz", Role::Monitor),
    ("data.okafor", "Chidi Okafor", Role::DataManager),
    ("audit.meyer", "Jonas Meyer", Role::Auditor),
];

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Nurse => "nurse",
        Role::SubInvestigator => "sub_investigator",
        Role::Investigator => "investigator",
        Role::DataManager => "data_manager",
        Role::Monitor => "monitor",
        Role::Auditor => "auditor",
        Role::Administrator => "administrator",
    }
}

/// Makes the file and everybody in it; each accepts the declaration. Answers with the recovery code.
pub(super) fn gather(trial: &mut Trial) -> Result<String, Trouble> {
    let (login, printed_name, _) = PEOPLE[0];
    let created = acts::create_site(
        &mut trial.desk,
        CreateSite {
            handle: trial.handle,
            site: "012".into(),
            site_name: "Practice Hospital".into(),
            login: login.into(),
            printed_name: printed_name.into(),
            identity_verified: "synthetic person".into(),
            password: PASSWORD.into(),
        },
    )?;
    let recovery = created.recovery_code;
    acts::confirm_recovery_code(
        &mut trial.desk,
        ConfirmRecoveryCode {
            typed: recovery.clone(),
        },
    )?;
    for (login, printed_name, role) in &PEOPLE[1..] {
        trial.pass(60);
        acts::add_person(
            &mut trial.desk,
            AddPerson {
                login: (*login).into(),
                printed_name: (*printed_name).into(),
                role: *role,
                identity_verified: "synthetic person".into(),
                password: PASSWORD.into(),
                days: (*role == Role::Auditor).then_some(366),
            },
        )?;
    }
    let def = acts::study_in_force(&mut trial.desk, StudyInForce { version: None })?;
    let text = def
        .statements
        .iter()
        .find(|s| s.code == "declaration")
        .map(|s| s.text.en.clone())
        .unwrap_or_default();
    for (login, _, _) in PEOPLE {
        trial.sit(login)?;
        let accepted = AcceptDeclaration {
            text: text.clone(),
            password: PASSWORD.into(),
        };
        acts::accept_declaration(&mut trial.desk, accepted)?;
    }
    Ok(recovery)
}

impl Trial {
    /// Administrator: the auditor's days begin anew, after a trial that is longer than they may be.
    pub(super) fn renew_auditor(&mut self) -> Result<(), Trouble> {
        self.sit(PEOPLE[0].0)?;
        let people = acts::people(&mut self.desk, People {})?.people;
        let Some(auditor) = people.into_iter().find(|one| one.role == Role::Auditor) else {
            return Ok(());
        };
        let asked = GrantAccess {
            person: auditor.person,
            days: 366,
            reason: Reason {
                code: "other".into(),
                text: Some("The audit goes on.".into()),
            },
        };
        acts::grant_access(&mut self.desk, asked)?;
        Ok(())
    }

    /// Somebody else sits down.
    pub(super) fn sit(&mut self, login: &str) -> Result<(), Trouble> {
        self.pass(120);
        acts::lock(&mut self.desk, Lock { how: "person".into() })?;
        self.pass(60);
        acts::unlock(
            &mut self.desk,
            Unlock {
                login: login.into(),
                password: PASSWORD.into(),
            },
        )?;
        Ok(())
    }

    /// Time passes.
    pub(super) fn pass(&self, seconds: i64) {
        self.passed
            .fetch_add(seconds * 1000, std::sync::atomic::Ordering::Relaxed);
    }
}

/// Who they are, a line `name role` each.
pub(super) fn readme(recovery: &str) -> String {
    let mut text = String::from(
        "Synthetic site file for practice. Nobody in it exists. Everybody has the password in password.txt.\n\n",
    );
    for (login, _, role) in PEOPLE {
        text.push_str(&format!("{login} {}\n", role_word(*role)));
    }
    text.push_str(&format!("\nRecovery code: {recovery}\n"));
    text
}
