//! People: added by an administrator, with a password of their own; disabled, never deleted.

use std::collections::HashMap;

use store::{NewPerson, SecretString, SiteFile};
use study::act::{Act, Actor, Moment};

use crate::{
    desk::{Desk, Place},
    entry::proper_reason,
    machine::{Dice, instant, moment},
    password,
    requests::{AcceptDeclaration, AddPerson, ChangePassword, DisablePerson, People},
    rights,
    trouble::{Outcome, no, no_with},
    views::{PeopleView, PersonView, StatusView},
};

/// Printed names by person, for reading entries aloud.
#[derive(Default)]
pub(crate) struct Names(HashMap<String, String>);

impl Names {
    pub(crate) fn of(file: &SiteFile) -> Outcome<Self> {
        Ok(Self(
            file.people()?
                .into_iter()
                .map(|row| (row.person, row.printed_name))
                .collect(),
        ))
    }

    /// The printed name; the device has none.
    pub(crate) fn printed(&self, actor: &Actor) -> Option<String> {
        match actor {
            Actor::Device => None,
            Actor::Person(person) => Some(self.0.get(person).unwrap_or(person).clone()),
        }
    }

    /// The printed name, or the word for the device.
    pub(crate) fn printed_or_device(&self, actor: &Actor) -> String {
        self.printed(actor).unwrap_or_else(|| "–".to_owned())
    }
}

/// Log-in names: letters, digits, dot and hyphen, 2 to 32 characters.
pub(crate) fn proper_login(login: &str) -> Outcome<()> {
    let proper = (2..=32).contains(&login.len())
        && login
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-')
        && login.starts_with(|c: char| c.is_ascii_lowercase());
    if proper {
        Ok(())
    } else {
        no_with("login_form", &[("login", login)])
    }
}

/// A person as the file takes them, after the words were looked at.
pub(crate) fn new_person(
    login: &str,
    printed_name: &str,
    role: study::act::Role,
    identity_verified: &str,
    password: String,
    practice: bool,
) -> Outcome<NewPerson> {
    proper_login(login)?;
    let printed_name = printed_name.trim();
    if printed_name.is_empty() || printed_name.chars().count() > 80 {
        return no("printed_name_needed");
    }
    if identity_verified.trim().is_empty() {
        return no("identity_words_needed");
    }
    if !practice {
        password::strong_enough(&password, &[login, printed_name])?;
    }
    Ok(NewPerson {
        login: login.to_owned(),
        printed_name: printed_name.to_owned(),
        role,
        password: SecretString::from(password),
        identity_verified: identity_verified.trim().to_owned(),
    })
}

impl Desk {
    pub(crate) fn people(&mut self, _: People) -> Outcome<PeopleView> {
        let file = &self.sitting()?.file;
        let names = Names::of(file)?;
        let mut people = Vec::new();
        let trainings = self.trainings()?;
        let (confirmed, confirm_due) = self.people_confirmed()?;
        for row in file.people()? {
            let key = row.key.parse::<proof::PublicKey>().ok();
            let added = file.entry(&row.added)?.and_then(|entry| entry.body);
            let active = !row.disabled && !crate::access::is_over(row.until.as_deref(), self.now());
            let own = trainings.iter().filter(|(person, _)| *person == row.person);
            let own: Vec<_> = own.map(|(_, training)| training.clone()).collect();
            people.push(PersonView {
                training_due: row.home && Self::training_due(row.role, active, &own),
                trainings: own,
                words: key.map(|k| k.words().join(" ")).unwrap_or_default(),
                fingerprint: key.map(|k| k.fingerprint()).unwrap_or_default(),
                here: file.logs_in_here(&row.person),
                site: (!row.home).then_some(row.site),
                person: row.person,
                login: row.login,
                printed_name: row.printed_name,
                role: row.role,
                active,
                until: row
                    .until
                    .as_deref()
                    .and_then(instant)
                    .map(|at| moment(at.with_timezone(self.now().offset()))),
                added_by: added
                    .as_ref()
                    .map(|body| names.printed_or_device(&body.actor))
                    .unwrap_or_default(),
                added: added.map_or_else(
                    || Moment {
                        at: String::new(),
                        offset: String::new(),
                    },
                    |body| body.moment,
                ),
            });
        }
        let devices = self.devices_of(file)?;
        let kind = file.kind();
        let roles = rights::ROLES
            .into_iter()
            .filter(|role| rights::works_in(kind, *role))
            .collect();
        Ok(PeopleView {
            people,
            devices,
            roles,
            confirmed,
            confirm_due,
        })
    }

    pub(crate) fn add_person(&mut self, asked: AddPerson) -> Outcome<PeopleView> {
        self.writable()?;
        let stamp = self.stamp();
        let until = crate::access::until(asked.role, asked.days, self.now())?;
        let practice = self.sitting()?.file.synthetic();
        if !rights::works_in(self.sitting()?.file.kind(), asked.role) {
            return no_with("role_of_another_kind", &[("role", &rights::role_code(asked.role))]);
        }
        let person = new_person(
            &asked.login,
            &asked.printed_name,
            asked.role,
            &asked.identity_verified,
            asked.password,
            practice,
        )?;
        let kdf = self.machine.kdf(practice);
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let dice = &mut Dice(self.machine.as_mut());
        let added = sitting.file.add_person(&sitting.session, &person, kdf, &stamp, dice)?;
        sitting.names = Names::of(&sitting.file)?;
        if let Some(until) = until {
            self.save(vec![Act::AccessGranted { person: added, until }.into()])?;
        }
        self.people(People {})
    }

    pub(crate) fn disable_person(&mut self, asked: DisablePerson) -> Outcome<PeopleView> {
        self.writable()?;
        proper_reason(self, &asked.reason)?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        if sitting.session.person() == &asked.person {
            return no("not_yourself");
        }
        let mut dice = Dice(self.machine.as_mut());
        sitting
            .file
            .disable_person(&sitting.session, &asked.person, asked.reason, &stamp, &mut dice)?;
        self.people(People {})
    }

    pub(crate) fn change_password(&mut self, asked: ChangePassword) -> Outcome<StatusView> {
        self.writable()?;
        let stamp = self.stamp();
        let practice = self.sitting()?.file.synthetic();
        let kdf = self.machine.kdf(practice);
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        if !practice {
            password::strong_enough(
                &asked.new_password,
                &[sitting.session.login(), sitting.session.printed_name()],
            )?;
        }
        let (old, new) = (
            SecretString::from(asked.password),
            SecretString::from(asked.new_password),
        );
        let mut dice = Dice(self.machine.as_mut());
        sitting
            .file
            .change_password(&sitting.session, (&old, &new), kdf, &stamp, &mut dice)?;
        self.status_now()
    }

    pub(crate) fn accept_declaration(&mut self, asked: AcceptDeclaration) -> Outcome<StatusView> {
        self.writable()?;
        self.statement_text("declaration", &asked.text)?;
        let login = self.sitting()?.session.login().to_owned();
        self.authenticate(&login, asked.password)?;
        self.save(vec![Act::DeclarationAccepted { text: asked.text }.into()])?;
        self.status_now()
    }
}
