//! Who could do what: the life of every access and every delegated duty, read from the entries, on screen and on paper.

use chrono::NaiveDate;
use study::act::{Act, Body, Moment, Role};

use crate::{
    desk::{Desk, because},
    entry::proper_reason,
    machine::{instant, make_id, moment},
    requests::{Access, Delegate, EndDelegation, WriteAccess},
    rights::{self, role_code},
    sheets::{Cell, Page},
    trouble::{Outcome, Trouble, no, no_with},
    views::{AccessRowView, AccessView, DelegationView, RoleRightsView, WrittenView},
};

/// Duties that an investigator hands on; words are `duty_<code>`.
const DUTIES: [&str; 11] = [
    "consent",
    "eligibility",
    "entry",
    "queries",
    "leukapheresis",
    "product",
    "infusion",
    "identity",
    "toxicity",
    "response",
    "samples",
];

/// Columns of the access report.
const COLUMNS: [&str; 9] = [
    "name",
    "login",
    "role",
    "trained",
    "from",
    "to",
    "granted_by",
    "ended",
    "may",
];
/// Columns of the delegation log.
const LOG_COLUMNS: [&str; 7] = ["name", "role", "from", "to", "delegated_by", "ended", "duties"];

impl Desk {
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "of the acts in the office of the file these five say who may do what"
    )]
    pub(crate) fn access(&mut self, _: Access) -> Outcome<AccessView> {
        let sitting = self.sitting()?;
        let offset = *self.now().offset();
        let mut rows: Vec<AccessRowView> = Vec::new();
        let mut delegations: Vec<DelegationView> = Vec::new();
        let people = sitting.file.people()?;
        let who = |person: &str| people.iter().find(|row| row.person == person);
        for entry in sitting.file.office()? {
            let Some(Body {
                act,
                actor,
                moment: when,
                reason,
                ..
            }) = entry.body
            else {
                continue;
            };
            let by = sitting.names.printed_or_device(&actor);
            let reason = reason.and_then(|reason| reason.text.or(Some(reason.code)));
            match act {
                Act::PersonAdded {
                    person,
                    login,
                    printed_name,
                    role,
                    ..
                } => rows.push(AccessRowView {
                    person,
                    login,
                    printed_name,
                    role,
                    from: when,
                    to: None,
                    granted_by: by,
                    ended: None,
                    ended_by: None,
                    reason: None,
                    trainings: Vec::new(),
                }),
                Act::AccessGranted { person, until } => {
                    let until = instant(&until).map(|at| moment(at.with_timezone(&offset)));
                    let Some(row) = rows.iter_mut().rev().find(|row| row.person == person) else {
                        continue;
                    };
                    if row.to.as_ref().is_some_and(|to| to.at < when.at) {
                        // It had run out: this is another time.
                        let again = AccessRowView {
                            from: when,
                            to: until,
                            granted_by: by,
                            reason,
                            ..row.clone()
                        };
                        rows.push(again);
                    } else {
                        (row.to, row.reason) = (until, reason);
                    }
                }
                Act::PersonDisabled { person } => {
                    let Some(row) = rows.iter_mut().rev().find(|row| row.person == person) else {
                        continue;
                    };
                    if row.to.as_ref().is_none_or(|to| to.at > when.at) {
                        row.to = Some(when);
                        (row.ended, row.ended_by, row.reason) = (Some("disabled".to_owned()), Some(by), reason);
                    }
                }
                Act::Delegated {
                    delegation,
                    to,
                    duties,
                    from,
                    until,
                } => {
                    let Some(row) = who(&to) else { continue };
                    delegations.push(DelegationView {
                        delegation,
                        person: to,
                        printed_name: row.printed_name.clone(),
                        role: row.role,
                        duties,
                        from,
                        until,
                        delegated: when,
                        delegated_by: by,
                        ended: None,
                        ended_by: None,
                        reason: None,
                    });
                }
                Act::DelegationEnded { delegation } => {
                    if let Some(row) = delegations.iter_mut().find(|row| row.delegation == delegation) {
                        (row.ended, row.ended_by, row.reason) = (Some(when), Some(by), reason);
                    }
                }
                _ => {}
            }
        }
        let now = moment(self.now()).at;
        let trainings = self.trainings()?;
        for row in &mut rows {
            let own = trainings
                .iter()
                .filter(|(who, t)| *who == row.person && t.role == row.role);
            row.trainings = own.map(|(_, training)| training.clone()).collect();
            let over = row.ended.is_none() && row.to.as_ref().is_some_and(|to| to.at <= now);
            if over {
                row.ended = Some("expired".to_owned());
            }
        }
        Ok(AccessView {
            rows,
            delegations,
            roles: rights::ROLES
                .iter()
                .map(|role| RoleRightsView {
                    role: *role,
                    rights: rights::of(*role),
                })
                .collect(),
            duties: DUTIES.iter().map(|duty| (*duty).to_owned()).collect(),
        })
    }

    pub(crate) fn delegate(&mut self, asked: Delegate) -> Outcome<AccessView> {
        self.writable()?;
        self.declared()?;
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let (first, last) = (day(&asked.from), asked.until.as_deref().map(day));
        let Some(first) = first else {
            return no("delegation_days");
        };
        if last.is_some_and(|last| last.is_none_or(|last| last < first)) {
            return no("delegation_days");
        }
        if asked.duties.is_empty() || asked.duties.iter().any(|duty| !DUTIES.contains(&duty.as_str())) {
            return no("delegation_duties");
        }
        let sitting = self.sitting()?;
        match sitting.file.person(&asked.person)? {
            Some(row) if !row.disabled && matches!(row.role, Role::Nurse | Role::SubInvestigator) => {}
            Some(row) => return no_with("delegation_role", &[("role", &role_code(row.role))]),
            None => return no("no_such_person"),
        }
        let delegation = make_id(self.machine.as_mut(), "d");
        let act = Act::Delegated {
            delegation,
            to: asked.person,
            duties: asked.duties,
            from: asked.from,
            until: asked.until,
        };
        self.save(vec![act.into()])?;
        self.access(Access {})
    }

    pub(crate) fn end_delegation(&mut self, asked: EndDelegation) -> Outcome<AccessView> {
        self.writable()?;
        proper_reason(self, &asked.reason)?;
        let open = self.access(Access {})?.delegations;
        if !open
            .iter()
            .any(|row| row.delegation == asked.delegation && row.ended.is_none())
        {
            return no("no_such_delegation");
        }
        let delegation = asked.delegation;
        self.save(vec![because(Act::DelegationEnded { delegation }, Some(asked.reason))])?;
        self.access(Access {})
    }

    pub(crate) fn write_access(&mut self, asked: WriteAccess) -> Outcome<WrittenView> {
        let folder = self.chosen(asked.handle)?;
        let view = self.access(Access {})?;
        let (kind, columns, rows): (_, &'static [&'static str], _) = match asked.what.as_str() {
            "access" => ("access", &COLUMNS, access_rows(&view)),
            "delegations" => ("delegations", &LOG_COLUMNS, log_rows(&view)),
            _ => return no_with("no_such_report", &[("what", &asked.what)]),
        };
        let page = Page {
            kind,
            columns,
            rows,
            ..Page::default()
        };
        let bytes = match asked.format.as_str() {
            "pdf" => self.sheet(&page, &asked.locale)?,
            "csv" => csv(&page).into_bytes(),
            _ => return no_with("no_such_report", &[("what", &asked.format)]),
        };
        let site = self.sitting()?.file.site()?.site;
        let file = format!(
            "{site}-{kind}-{}.{}",
            self.now().format("%Y-%m-%d-%H%M%S"),
            asked.format
        );
        std::fs::write(folder.join(&file), &bytes).map_err(|e| Trouble::Write("the page", e))?;
        Ok(WrittenView {
            file,
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        })
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn when(moment: Option<&Moment>) -> Cell {
    moment.map_or(Cell::Empty, |moment| Cell::When(moment.clone()))
}

/// Why and by whom something ended.
fn ended(how: Option<&str>, by: Option<&str>, reason: Option<&str>) -> Cell {
    let parts: Vec<&str> = [how, by, reason].into_iter().flatten().collect();
    if parts.is_empty() {
        Cell::Empty
    } else {
        Cell::Codes("ended_", parts.iter().map(|p| (*p).to_owned()).collect())
    }
}

fn access_rows(view: &AccessView) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = view
        .rows
        .iter()
        .map(|row| {
            vec![
                text(&row.printed_name),
                text(&row.login),
                Cell::Codes("role_", vec![role_code(row.role)]),
                // The first is what lets somebody attest; none says so plainly.
                row.trainings
                    .first()
                    .map_or(Cell::Codes("training_", vec!["none".to_owned()]), |training| {
                        Cell::Day(training.on.clone())
                    }),
                Cell::When(row.from.clone()),
                when(row.to.as_ref()),
                text(&row.granted_by),
                ended(row.ended.as_deref(), row.ended_by.as_deref(), row.reason.as_deref()),
                Cell::Codes("role_does_", vec![role_code(row.role)]),
            ]
        })
        .collect();
    rows.extend(view.delegations.iter().map(|row| {
        vec![
            text(&row.printed_name),
            Cell::Empty,
            Cell::Codes("role_", vec![role_code(row.role)]),
            Cell::Empty,
            Cell::Day(row.from.clone()),
            row.until.clone().map_or(Cell::Empty, Cell::Day),
            text(&row.delegated_by),
            ended(
                row.ended.as_ref().map(|_| "taken_back"),
                row.ended_by.as_deref(),
                row.reason.as_deref(),
            ),
            Cell::Codes("duty_", row.duties.clone()),
        ]
    }));
    rows
}

fn log_rows(view: &AccessView) -> Vec<Vec<Cell>> {
    let rows = view.delegations.iter().map(|row| {
        let how = row.ended.as_ref().map(|_| "taken_back");
        vec![
            text(&row.printed_name),
            Cell::Codes("role_", vec![role_code(row.role)]),
            Cell::Day(row.from.clone()),
            row.until.clone().map_or(Cell::Empty, Cell::Day),
            text(&row.delegated_by),
            ended(how, row.ended_by.as_deref(), row.reason.as_deref()),
            Cell::Codes("duty_", row.duties.clone()),
        ]
    });
    rows.collect()
}

/// RFC 4180, codes instead of words, moments in UTC. What a spreadsheet would take for a formula begins with an apostrophe.
fn csv(page: &Page) -> String {
    let quoted = |text: &str| {
        let plain = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            "'"
        } else {
            ""
        };
        format!("\"{plain}{}\"", text.replace('"', "\"\""))
    };
    let mut out = page.columns.join(",");
    for row in &page.rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                Cell::Empty => String::new(),
                // A role's acts by name, from the same table that the core asks.
                Cell::Codes("role_does_", roles) => quoted(&acts_of(roles).join(" ")),
                Cell::Codes(_, codes) => quoted(&codes.join(" ")),
                Cell::Text(text) | Cell::Day(text) => quoted(text),
                Cell::When(when) => quoted(&when.at),
            })
            .collect();
        out.push_str("\r\n");
        out.push_str(&cells.join(","));
    }
    out.push_str("\r\n");
    out
}

fn acts_of(roles: &[String]) -> Vec<String> {
    let role = rights::ROLES.iter().find(|role| roles.contains(&role_code(**role)));
    role.map(|role| rights::of(*role)).unwrap_or_default()
}
