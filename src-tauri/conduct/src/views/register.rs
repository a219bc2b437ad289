//! The site's registers and their records.

use serde::{Deserialize, Serialize};
use study::{
    path::{FormPath, ItemPath, Oid, SubjectCode},
    value::Value,
};
use ts_rs::TS;

use super::views;

views! {
    /// Registers in the order of the definition.
    RegistersView {
        /// Each with its records.
        registers: Vec<RegisterView>,
    }
    /// One register.
    RegisterView {
        /// OID.
        register: Oid,
        /// Records in the order in which they were begun.
        records: Vec<RecordView>,
        /// Where the next one is entered.
        next: FormPath,
    }
    /// One record.
    RecordView {
        /// Where.
        form: FormPath,
        /// Its code; none while it has none.
        name: Option<String>,
        /// What tells it from others, in the order of the register's columns.
        cells: Vec<CellView>,
        /// State of its form: `started`, `complete`, `verified`, `signed`, `changed`.
        state: String,
        /// Open or answered queries.
        queries: u32,
        /// Hard findings.
        hard: u32,
        /// Soft findings.
        soft: u32,
        /// Subjects whose forms name it, itself or through other records; by code.
        subjects: Vec<SubjectCode>,
    }
    /// A value in a list.
    CellView {
        /// Item.
        item: Oid,
        /// Value.
        value: Option<Value>,
    }
    /// What names a record.
    UsesView {
        /// Subjects, by code.
        subjects: Vec<SubjectCode>,
        /// Every place, those of subjects first.
        uses: Vec<UseView>,
    }
    /// One place that names a record.
    UseView {
        /// The item that holds the name.
        path: ItemPath,
        /// Whose form it is; none for a record of a register.
        subject: Option<SubjectCode>,
        /// The record that it is, for a record of a register.
        record: Option<RecordNameView>,
        /// Records in between, the one that names the record asked about first.
        via: Vec<RecordNameView>,
        /// First date on the form of a subject.
        day: Option<String>,
    }
    /// A record by name.
    RecordNameView {
        /// Where.
        form: FormPath,
        /// Its code; none while it has none.
        name: Option<String>,
    }
}
