//! What a query gave, statement by statement.

use surrealdb::types::{SurrealValue, Value};

use crate::DbError;

/// The results of the statements of one query, in order; BEGIN and COMMIT of a transaction are not among them.
#[derive(Debug, Default)]
pub struct Rows(Vec<Value>);

impl Rows {
    pub(crate) const fn new(values: Vec<Value>) -> Self {
        Self(values)
    }

    /// How many statements gave a result.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no statement gave a result.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The raw result of statement number `index` (from 0); `NONE` if there is no such statement. Leaves `NONE` behind.
    pub fn value(&mut self, index: usize) -> Value {
        self.0.get_mut(index).map(std::mem::take).unwrap_or_default()
    }

    /// The one record that statement number `index` gave, or the value it returned; `None` if it gave none.
    /// More than one record is [`DbError::Internal`].
    pub fn one<T: SurrealValue>(&mut self, index: usize) -> Result<Option<T>, DbError> {
        let value = match self.value(index) {
            Value::Array(array) if !T::is_value(&Value::Array(array.clone())) => {
                let mut values = array.into_iter();
                let first = values.next();
                if values.next().is_some() {
                    return Err(DbError::Internal(format!("statement {index} gave more than one record")));
                }
                first.unwrap_or_default()
            }
            value => value,
        };
        match value {
            Value::None | Value::Null => Ok(None),
            value => convert(value, index).map(Some),
        }
    }

    /// All records that statement number `index` gave.
    pub fn all<T: SurrealValue>(&mut self, index: usize) -> Result<Vec<T>, DbError> {
        match self.value(index) {
            Value::None | Value::Null => Ok(Vec::new()),
            Value::Array(array) => array.into_iter().map(|value| convert(value, index)).collect(),
            value => convert(value, index).map(|value| vec![value]),
        }
    }

    /// Like [`Rows::one`], of the last statement: what the `RETURN` at the end of a transaction gave.
    pub fn last<T: SurrealValue>(&mut self) -> Result<Option<T>, DbError> {
        self.one(self.0.len().saturating_sub(1))
    }

    /// Like [`Rows::all`], of the last statement.
    pub fn last_all<T: SurrealValue>(&mut self) -> Result<Vec<T>, DbError> {
        self.all(self.0.len().saturating_sub(1))
    }
}

fn convert<T: SurrealValue>(value: Value, index: usize) -> Result<T, DbError> {
    T::from_value(value).map_err(|error| DbError::Internal(format!("statement {index}: {}", error.message())))
}
