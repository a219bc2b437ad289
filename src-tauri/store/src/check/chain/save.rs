//! One save while its entries are read: who acts in it, and what of it the rights of that person must cover.

use std::collections::HashMap;

use proof::PublicKey;
use study::act::{Act, Actor, Body, FileKind, PersonId, Role};

/// A person as the journal has told so far.
pub(super) struct Known {
    pub(super) key: Option<PublicKey>,
    pub(super) login: String,
    pub(super) role: Role,
    pub(super) disabled: bool,
}

/// What an entry says of people.
enum News {
    Added(PersonId, Known),
    Disabled(PersonId),
}

/// The entries since the last signature, in short.
#[derive(Default)]
pub(super) struct OpenSave {
    /// The last to act.
    pub(super) actor: Option<Actor>,
    pub(super) two_actors: bool,
    roles: Vec<Option<Role>>,
    /// It wrote the header anew.
    pub(super) header: bool,
    /// It made the file: who signs it is told in it.
    pub(super) first: bool,
    pub(super) recovered: bool,
    pub(super) administers: bool,
    pub(super) of_the_device: bool,
    pub(super) not_this_kind: bool,
    news: Vec<News>,
}

/// Whether an act goes with a new list of slots in the header.
fn writes_header(act: &Act) -> bool {
    matches!(
        act,
        Act::PersonAdded { .. }
            | Act::PersonDisabled { .. }
            | Act::PasswordChanged { .. }
            | Act::AccessCardTaken { .. }
            | Act::RecoveryCodeReplaced {}
            | Act::KeyReplaced {}
            | Act::LogOpened { .. }
    )
}

fn administers(act: &Act) -> bool {
    matches!(
        act,
        Act::PersonAdded { .. }
            | Act::PersonDisabled { .. }
            | Act::LogOpened { .. }
            | Act::StudyInstalled { .. }
            | Act::RecoveryCodeReplaced {}
            | Act::KeyReplaced {}
            | Act::AccessGranted { .. }
            | Act::AccessCardWritten { .. }
            | Act::AccessCardTaken { .. }
            | Act::PeopleConfirmed { .. }
            | Act::AttemptsSeen { .. }
            | Act::KeySheetSwitched { .. }
            | Act::KeySheetPrinted { .. }
    )
}

impl OpenSave {
    /// One more entry of it.
    pub(super) fn take_in(&mut self, body: &Body, kind: FileKind) {
        let act = &body.act;
        self.two_actors |= self.actor.as_ref().is_some_and(|actor| *actor != body.actor);
        self.actor = Some(body.actor.clone());
        if !self.roles.contains(&body.role) {
            self.roles.push(body.role);
        }
        self.header |= writes_header(act);
        self.first |= matches!(act, Act::SiteCreated { .. });
        self.recovered |= matches!(act, Act::Recovered { .. });
        self.administers |= administers(act);
        self.of_the_device |= matches!(act, Act::FindingRaised { .. } | Act::FindingClosed { .. });
        self.not_this_kind |= !act.belongs_in(kind);
        self.news.extend(news(act));
    }

    pub(super) fn acts_only_as(&self, role: Option<Role>) -> bool {
        self.roles.iter().all(|acted| *acted == role)
    }

    /// What it told of people is known from now on.
    pub(super) fn learn(&mut self, people: &mut HashMap<PersonId, Known>) {
        for news in self.news.drain(..) {
            match news {
                News::Added(person, known) => {
                    people.insert(person, known);
                }
                News::Disabled(person) => {
                    if let Some(known) = people.get_mut(&person) {
                        known.disabled = true;
                    }
                }
            }
        }
    }
}

fn news(act: &Act) -> Option<News> {
    if let Act::PersonAdded {
        person,
        login,
        role,
        key,
        ..
    } = act
    {
        let known = Known {
            key: key.parse().ok(),
            login: login.clone(),
            role: *role,
            disabled: false,
        };
        return Some(News::Added(person.clone(), known));
    }
    if let Act::PersonDisabled { person } = act {
        return Some(News::Disabled(person.clone()));
    }
    None
}
