//! A transaction put together statement by statement.

use std::collections::HashSet;

use gridkey_surreal::{RecordId, RecordIdKey, SurrealValue, Value, Variables};

use super::rows::KEY_TABLE;

/// What a transaction throws when a record is no longer as it was when the change was decided on.
pub(super) const MOVED: &str = "moved";

/// The field that counts a record's changes.
pub(super) const REV: &str = "rev";

/// Statements and the values they use. Values are bound, never written into the text.
#[derive(Debug, Default)]
pub(super) struct Script {
    sql: String,
    variables: Variables,
    /// The names of the keys that are written.
    keys: HashSet<String>,
}

impl Script {
    /// Binds a value and gives the name to use it by.
    pub(super) fn bind(&mut self, value: impl SurrealValue) -> String {
        let name = format!("v{}", self.variables.len());
        self.variables.insert(name.clone(), value);
        format!("${name}")
    }

    /// Adds a statement, without its semicolon.
    pub(super) fn add(&mut self, statement: &str) {
        self.sql.push_str(statement);
        self.sql.push_str(";\n");
    }

    /// Goes on only if the record's `rev` is the one given; 0 stands for a record that is not there.
    pub(super) fn expect_rev(&mut self, record: &RecordId, rev: i64) {
        let record = self.bind(record.clone());
        self.add(&format!("IF ({record}.rev ?? 0) != {rev} {{ THROW '{MOVED}' }}"));
    }

    /// Goes on only if the record is there and its field has this value.
    pub(super) fn expect(&mut self, record: &RecordId, field: &str, value: impl SurrealValue) {
        let (record, value) = (self.bind(record.clone()), self.bind(value));
        self.add(&format!("IF {record}.{field} != {value} {{ THROW '{MOVED}' }}"));
    }

    /// Raises the `rev` of a record that is there; none counts as 0.
    pub(super) fn raise(&mut self, record: &RecordId) {
        let record = self.bind(record.clone());
        self.add(&format!("UPDATE {record} SET {REV} = ({REV} ?? 0) + 1 RETURN NONE"));
    }

    /// Goes on only if there still is such a record.
    pub(super) fn expect_present(&mut self, record: &RecordId) {
        let record = self.bind(record.clone());
        self.add(&format!("IF !record::exists({record}) {{ THROW '{MOVED}' }}"));
    }

    /// Makes the record, or replaces it as a whole.
    pub(super) fn put(&mut self, record: &RecordId, content: impl SurrealValue) {
        self.note(record);
        let (record, content) = (self.bind(record.clone()), self.bind(content));
        self.add(&format!("UPSERT {record} CONTENT {content} RETURN NONE"));
    }

    /// Makes a record that must not be there yet.
    pub(super) fn create(&mut self, record: &RecordId, content: impl SurrealValue) {
        self.note(record);
        let (record, content) = (self.bind(record.clone()), self.bind(content));
        self.add(&format!("CREATE {record} CONTENT {content} RETURN NONE"));
    }

    /// Sets one field of a record that is there.
    pub(super) fn set(&mut self, record: &RecordId, field: &str, value: impl SurrealValue) {
        // A count that says nothing of the record's standing.
        if field != REV {
            self.note(record);
        }
        let (record, value) = (self.bind(record.clone()), self.bind(value));
        self.add(&format!("UPDATE {record} SET {field} = {value} RETURN NONE"));
    }

    /// Deletes the record if it is there.
    pub(super) fn delete(&mut self, record: &RecordId) {
        self.note(record);
        let record = self.bind(record.clone());
        self.add(&format!("DELETE {record} RETURN NONE"));
    }

    /// The keys that are written.
    pub(super) fn take_keys(&mut self) -> HashSet<String> {
        std::mem::take(&mut self.keys)
    }

    /// The text and the values.
    pub(super) fn into_parts(self) -> (String, Variables) {
        (self.sql, self.variables)
    }

    fn note(&mut self, record: &RecordId) {
        if let (KEY_TABLE, RecordIdKey::String(name)) = (record.table.as_str(), &record.key) {
            self.keys.insert(name.clone());
        }
    }
}

/// The record of a table with a key of one text.
pub(super) fn record(table: &str, key: &str) -> RecordId {
    RecordId::new(table, key)
}

/// The record of a table with a key of a text and another value.
pub(super) fn pair(table: &str, first: &str, second: impl SurrealValue) -> RecordId {
    let key: Vec<Value> = vec![Value::String(first.to_owned()), second.into_value()];
    RecordId::new(table, gridkey_surreal::Array::from(key))
}
