//! A loaded study: the definition, its compiled rules, and where each thing is found.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use criteria::Decisions;

use crate::{
    confirmed::Confirmed,
    def::{CheckDef, Codelist, FormDef, ItemDef, ItemGroupDef, RegisterDef, StudyDef, VisitDef, VisitKind},
    path::{FormPath, ItemPath, Oid, SITE},
    reach::{Reach, reach},
    rule::Rule,
};

/// What an expression belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleKey {
    /// The condition under which a group is shown.
    Group(Oid),
    /// The condition under which an item is shown.
    Item(Oid),
    /// A check, by its identifier.
    Check(String),
}

/// An item and what it stands on.
#[derive(Debug, Clone, Copy)]
pub struct ItemPlace<'s> {
    /// The form.
    pub form: &'s FormDef,
    /// The group.
    pub group: &'s ItemGroupDef,
    /// The item.
    pub item: &'s ItemDef,
}

/// A definition that loaded without a problem.
#[derive(Debug)]
pub struct Study {
    def: StudyDef,
    rules: Rules,
    index: Index,
    decisions: Decisions,
    landmarks: BTreeMap<String, Oid>,
    confirmed: Vec<Confirmed>,
    reach: Reach,
}

/// The compiled rules, each under the identifier of what it belongs to.
#[derive(Debug, Default)]
struct Rules {
    groups: HashMap<Oid, Rule>,
    items: HashMap<Oid, Rule>,
    checks: HashMap<String, Rule>,
    /// Checks shown at an item, in the order of the definition.
    checks_at: HashMap<Oid, Vec<usize>>,
}

impl Rules {
    fn of(def: &StudyDef, compiled: BTreeMap<RuleKey, Rule>) -> Self {
        let mut rules = Self::default();
        for (key, rule) in compiled {
            match key {
                RuleKey::Group(oid) => rules.groups.insert(oid, rule),
                RuleKey::Item(oid) => rules.items.insert(oid, rule),
                RuleKey::Check(id) => rules.checks.insert(id, rule),
            };
        }
        for (at, check) in def.checks.iter().enumerate() {
            rules.checks_at.entry(check.item.clone()).or_default().push(at);
        }
        rules
    }
}

/// Where things are in a definition, by identifier.
#[derive(Debug, Default)]
pub(crate) struct Index {
    forms: HashMap<Oid, usize>,
    items: HashMap<Oid, (usize, usize, usize)>,
    /// Visits that collect a form.
    visits_of: HashMap<Oid, Vec<usize>>,
}

impl Index {
    pub(crate) fn of(def: &StudyDef) -> Self {
        let mut index = Self::default();
        for (f, form) in def.forms.iter().enumerate() {
            index.forms.entry(form.oid.clone()).or_insert(f);
            for (g, group) in form.groups.iter().enumerate() {
                for (i, item) in group.items.iter().enumerate() {
                    index.items.entry(item.oid.clone()).or_insert((f, g, i));
                }
            }
        }
        for (v, visit) in def.visits.iter().enumerate() {
            let mut once = BTreeSet::new();
            for form in visit.forms.iter().filter(|form| once.insert(*form)) {
                index.visits_of.entry(form.clone()).or_default().push(v);
            }
        }
        index
    }

    pub(crate) fn item<'s>(&self, def: &'s StudyDef, oid: &str) -> Option<ItemPlace<'s>> {
        let (f, g, i) = self.items.get(oid).copied()?;
        let form = def.forms.get(f)?;
        let group = form.groups.get(g)?;
        Some(ItemPlace {
            form,
            group,
            item: group.items.get(i)?,
        })
    }

    pub(crate) fn visits_of<'s>(&self, def: &'s StudyDef, form: &str) -> Vec<&'s VisitDef> {
        self.visits_of
            .get(form)
            .into_iter()
            .flatten()
            .filter_map(|v| def.visits.get(*v))
            .collect()
    }
}

impl Study {
    pub(crate) fn new(
        def: StudyDef,
        rules: BTreeMap<RuleKey, Rule>,
        decisions: Decisions,
        landmarks: BTreeMap<String, Oid>,
        confirmed: Vec<Confirmed>,
    ) -> Self {
        let index = Index::of(&def);
        let reach = reach(&def, &rules);
        Self {
            rules: Rules::of(&def, rules),
            reach,
            def,
            index,
            decisions,
            landmarks,
            confirmed,
        }
    }

    /// The item of a date or fact that the whole trial counts from: `infusion_date`, `consent_date`, `sex` …
    #[must_use]
    pub fn landmark(&self, name: &str) -> Option<&str> {
        self.landmarks.get(name).map(String::as_str)
    }

    /// All landmarks: what it is, and the item.
    pub fn landmarks(&self) -> impl Iterator<Item = (&String, &Oid)> {
        self.landmarks.iter()
    }

    /// The sponsor's decisions in force, as `criteria` takes them.
    #[must_use]
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// Rules and decisions that the definition names as confirmed.
    #[must_use]
    pub fn confirmed(&self) -> &[Confirmed] {
        &self.confirmed
    }

    /// The definition.
    #[must_use]
    pub fn def(&self) -> &StudyDef {
        &self.def
    }

    /// The rule of a group, an item or a check, where it has one.
    #[must_use]
    pub fn rule(&self, key: &RuleKey) -> Option<&Rule> {
        match key {
            RuleKey::Group(oid) => self.rules.groups.get(oid),
            RuleKey::Item(oid) => self.rules.items.get(oid),
            RuleKey::Check(id) => self.rules.checks.get(id),
        }
    }

    /// The conditions under which an item is asked: of its group and its own, as far as there are any.
    pub(crate) fn conditions(&self, place: ItemPlace<'_>) -> impl Iterator<Item = &Rule> {
        let group = self.rules.groups.get(&place.group.oid);
        group.into_iter().chain(self.rules.items.get(&place.item.oid))
    }

    /// The checks shown at an item, each with its rule.
    pub(crate) fn checks_at(&self, item: &str) -> impl Iterator<Item = (&CheckDef, &Rule)> {
        let at = self.rules.checks_at.get(item).into_iter().flatten();
        at.filter_map(|at| {
            let check = self.def.checks.get(*at)?;
            Some((check, self.rules.checks.get(&check.id)?))
        })
    }

    /// An item with its form and group.
    #[must_use]
    pub fn item(&self, oid: &str) -> Option<ItemPlace<'_>> {
        self.index.item(&self.def, oid)
    }

    /// A form.
    #[must_use]
    pub fn form(&self, oid: &str) -> Option<&FormDef> {
        self.index.forms.get(oid).and_then(|f| self.def.forms.get(*f))
    }

    /// A register of the site.
    #[must_use]
    pub fn register(&self, oid: &str) -> Option<&RegisterDef> {
        self.def.registers.iter().find(|register| register.oid == oid)
    }

    /// A visit.
    #[must_use]
    pub fn visit(&self, oid: &str) -> Option<&VisitDef> {
        self.def.visits.iter().find(|visit| visit.oid == oid)
    }

    /// A codelist.
    #[must_use]
    pub fn codelist(&self, oid: &str) -> Option<&Codelist> {
        self.def.codelists.iter().find(|list| list.oid == oid)
    }

    /// Whether anything on a form may come out differently once the value of an item changes: the item stands on it, or a
    /// condition, a derivation or a check there follows from it.
    #[must_use]
    pub fn touches(&self, item: &str, form: &str) -> bool {
        self.item(item).is_some_and(|place| place.form.oid == form)
            || self.reach.get(item).is_some_and(|forms| forms.contains(form))
    }

    /// The visits that collect a form, in order.
    #[must_use]
    pub fn visits_of(&self, form: &str) -> Vec<&VisitDef> {
        self.index.visits_of(&self.def, form)
    }

    /// All items of a form, in order.
    pub fn items<'s>(&'s self, form: &str) -> impl Iterator<Item = ItemPlace<'s>> + use<'s> {
        self.form(form).into_iter().flat_map(|form| {
            form.groups
                .iter()
                .flat_map(move |group| group.items.iter().map(move |item| ItemPlace { form, group, item }))
        })
    }

    /// Whether the definition has such a form there: the visit collects it and the numbers are allowed.
    #[must_use]
    pub fn holds_form(&self, path: &FormPath) -> bool {
        if path.subject == SITE {
            // A record of a register: the register stands where a visit would, the number is the record's.
            let register = self.register(&path.visit);
            return register.is_some_and(|register| register.form == path.form)
                && path.visit_no == 1
                && path.form_no > 0;
        }
        let (Some(visit), Some(form)) = (self.visit(&path.visit), self.form(&path.form)) else {
            return false;
        };
        let visit_no = match visit.kind {
            VisitKind::Unscheduled => true,
            VisitKind::Scheduled | VisitKind::Log => path.visit_no == 1,
        };
        visit.forms.contains(&path.form)
            && visit_no
            && path.visit_no > 0
            && path.form_no > 0
            && (form.repeats || path.form_no == 1)
    }

    /// Whether the definition has such an item there, in that group and row.
    #[must_use]
    pub fn holds(&self, path: &ItemPath) -> bool {
        self.holds_form(&path.form)
            && path.row > 0
            && self.item(&path.item).is_some_and(|place| {
                place.form.oid == path.form.form
                    && place.group.oid == path.group
                    && (place.group.repeats || path.row == 1)
            })
    }
}
