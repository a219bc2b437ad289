//! The definitions of a version by their OIDs, the first of each, and which of them stand on a form.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use roxmltree::Node;

use crate::odm::import::{report::NoteCode, source::Source};

/// Definitions of one kind, in the order of the file.
pub(crate) struct Table<'x> {
    pub(crate) name: &'static str,
    by_oid: BTreeMap<&'x str, Node<'x, 'x>>,
    order: Vec<&'x str>,
    used: RefCell<BTreeSet<&'x str>>,
}

impl<'x> Table<'x> {
    fn of(source: &Source<'x>, version: Node<'x, 'x>, name: &'static str) -> Self {
        let mut table = Self {
            name,
            by_oid: BTreeMap::new(),
            order: Vec::new(),
            used: RefCell::default(),
        };
        for node in source.children(version, name) {
            match source.attribute(node, "OID") {
                None => {
                    source.note(node, NoteCode::NoOid, &[("what", name)]);
                    source.told(node);
                }
                Some(oid) if table.by_oid.contains_key(oid) => {
                    source.note(node, NoteCode::OidTwice, &[("what", name), ("oid", oid)]);
                    source.told(node);
                }
                Some(oid) => {
                    table.by_oid.insert(oid, node);
                    table.order.push(oid);
                }
            }
        }
        table
    }

    /// What a reference means; said when it is not there.
    pub(crate) fn follow(&self, source: &Source<'x>, from: Node<'x, 'x>, oid: Option<&'x str>) -> Option<Node<'x, 'x>> {
        let oid = oid.unwrap_or("");
        let found = self.by_oid.get(oid).copied();
        match found {
            Some(_) => {
                self.used.borrow_mut().insert(oid);
            }
            None => source.note(from, NoteCode::NotThere, &[("what", self.name), ("oid", oid)]),
        }
        found
    }

    /// All, in the order of the file.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'x str, Node<'x, 'x>)> {
        self.order.iter().filter_map(|oid| Some((*oid, *self.by_oid.get(oid)?)))
    }
}

/// All tables of a version.
pub(crate) struct Tables<'x> {
    pub(crate) version: Node<'x, 'x>,
    pub(crate) events: Table<'x>,
    pub(crate) forms: Table<'x>,
    pub(crate) groups: Table<'x>,
    pub(crate) items: Table<'x>,
    pub(crate) codelists: Table<'x>,
    pub(crate) conditions: Table<'x>,
    pub(crate) methods: Table<'x>,
    pub(crate) units: BTreeSet<&'x str>,
}

impl<'x> Tables<'x> {
    pub(crate) fn of(source: &Source<'x>, study: Node<'x, 'x>, version: Node<'x, 'x>) -> Self {
        let basic = source.child(study, "BasicDefinitions");
        let units = basic
            .into_iter()
            .flat_map(|basic| source.children(basic, "MeasurementUnit"));
        let table = |name| Table::of(source, version, name);
        Self {
            version,
            events: table("StudyEventDef"),
            forms: table("FormDef"),
            groups: table("ItemGroupDef"),
            items: table("ItemDef"),
            codelists: table("CodeList"),
            conditions: table("ConditionDef"),
            methods: table("MethodDef"),
            units: units.filter_map(|unit| source.attribute(unit, "OID")).collect(),
        }
    }

    /// Says which groups and items stand on no form: a definition of ours has no place for them.
    pub(crate) fn count_nowhere(&self, source: &Source<'x>) {
        for table in [&self.groups, &self.items, &self.conditions, &self.methods] {
            let used = table.used.borrow();
            for (oid, node) in table.all().filter(|(oid, _)| !used.contains(oid)) {
                source.note(node, NoteCode::Nowhere, &[("what", table.name), ("oid", oid)]);
                source.told(node);
            }
        }
    }
}
