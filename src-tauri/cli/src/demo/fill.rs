//! Fills a form as a person would: what is asked, in the order it is asked, until nothing is asked any more.

use conduct::{
    acts,
    requests::{CompleteForm, EnterValue, FormOf},
    views::{FormView, ItemView},
};

use super::{Trial, profile::Profile};
use crate::out::Trouble;

/// What somebody types into one item.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) unit: Option<String>,
    pub(super) codes: Vec<String>,
    pub(super) missing: Option<conduct::Missing>,
}

impl Typed {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub(super) fn number(text: impl Into<String>, unit: &str) -> Self {
        Self {
            text: text.into(),
            unit: Some(unit.into()),
            ..Self::default()
        }
    }

    pub(super) fn codes(codes: &[&str]) -> Self {
        Self {
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            ..Self::default()
        }
    }
}

/// Times a form is gone over before it must have settled; each pass answers what the one before made visible.
const PASSES: usize = 8;

impl Trial {
    /// Fills what is asked; items in `leave` stay empty.
    pub(super) fn fill(&mut self, form: &str, profile: &Profile, leave: &[&str]) -> Result<FormView, Trouble> {
        let path = form
            .parse()
            .map_err(|_| Trouble::Words(format!("{form}: not a form")))?;
        let mut view = acts::form(&mut self.desk, FormOf { form: path })?;
        for _ in 0..PASSES {
            let Some(next) = asked(&view, profile, leave) else {
                return Ok(view);
            };
            for (item, typed) in next {
                self.pass(9);
                view = self.enter(&item, &typed)?;
            }
        }
        Ok(view)
    }

    /// Types one value.
    pub(super) fn enter(&mut self, item: &ItemView, typed: &Typed) -> Result<FormView, Trouble> {
        let asked = EnterValue {
            path: item.path.clone(),
            text: typed.text.clone(),
            unit: typed.unit.clone(),
            codes: typed.codes.clone(),
            missing: typed.missing,
            by_hand: false,
            reason: None,
            hide_answers: true,
        };
        acts::enter_value(&mut self.desk, asked).map_err(|problem| {
            let words = crate::words::problem("en", &problem);
            Trouble::Words(format!("{}: {typed:?}: {words}", item.path))
        })
    }

    /// Completes a form; says what prevents it.
    pub(super) fn complete(&mut self, form: &str) -> Result<(), Trouble> {
        let path: conduct::FormPath = form
            .parse()
            .map_err(|_| Trouble::Words(format!("{form}: not a form")))?;
        self.pass(15);
        acts::complete_form(&mut self.desk, CompleteForm { form: path })
            .map(|_| ())
            .map_err(|problem| Trouble::Words(format!("{form}: {}", crate::words::problem("en", &problem))))
    }
}

/// Items that are shown and empty and that the profile has an answer for.
fn asked(view: &FormView, profile: &Profile, leave: &[&str]) -> Option<Vec<(ItemView, Typed)>> {
    let mut next = Vec::new();
    for group in &view.groups {
        for row in &group.rows {
            for item in &row.items {
                let wanted = item.shown && item.value.is_none() && item.derived.is_none();
                if !wanted || leave.contains(&item.path.item.as_str()) {
                    continue;
                }
                if let Some(typed) = profile.answer(&item.path) {
                    next.push((item.clone(), typed));
                }
            }
        }
    }
    (!next.is_empty()).then_some(next)
}
