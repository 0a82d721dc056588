//! Columns to values and back.

use api::SessionKey;
use serde::Serialize;
use serde::de::DeserializeOwned;
use spin_sdk::sqlite::{RowResult, Value};

use super::HistoryError;

/// A row that is read by column number.
pub(super) struct Row<'a>(pub(super) &'a RowResult);

impl<'a> Row<'a> {
    /// A column that is always there.
    pub(super) fn get<T: TryFrom<&'a Value>>(&self, column: usize) -> Result<T, HistoryError> {
        self.0.get(column).ok_or(HistoryError::Row { column })
    }

    /// A column that may be NULL.
    pub(super) fn optional<T: TryFrom<&'a Value>>(
        &self,
        column: usize,
    ) -> Result<Option<T>, HistoryError> {
        match self.0.values.get(column) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.get(column).map(Some),
        }
    }

    pub(super) fn text(&self, column: usize) -> Result<String, HistoryError> {
        self.get::<&str>(column).map(str::to_owned)
    }

    pub(super) fn optional_text(&self, column: usize) -> Result<Option<String>, HistoryError> {
        Ok(self.optional::<&str>(column)?.map(str::to_owned))
    }

    /// A session's id, as its owner has it.
    pub(super) fn session_id(&self, column: usize) -> Result<String, HistoryError> {
        let key = SessionKey::parse(self.get(column)?);
        let key = key.map_err(|_| HistoryError::Row { column })?;
        Ok(key.id().to_owned())
    }

    /// A column of JSON; NULL is the default.
    pub(super) fn json<T: DeserializeOwned + Default>(
        &self,
        column: usize,
    ) -> Result<T, HistoryError> {
        match self.optional::<&str>(column)? {
            None => Ok(T::default()),
            Some(text) => serde_json::from_str(text).map_err(|_| HistoryError::Row { column }),
        }
    }

    /// One of a few words, such as a status; NULL is nothing.
    pub(super) fn optional_word<T: DeserializeOwned>(
        &self,
        column: usize,
    ) -> Result<Option<T>, HistoryError> {
        let Some(word) = self.optional_text(column)? else {
            return Ok(None);
        };
        serde_json::from_value(word.into())
            .map(Some)
            .map_err(|_| HistoryError::Row { column })
    }

    /// One of a few words that is always there.
    pub(super) fn word<T: DeserializeOwned>(&self, column: usize) -> Result<T, HistoryError> {
        self.optional_word(column)?
            .ok_or(HistoryError::Row { column })
    }
}

/// NULL where nothing is to be told.
pub(super) fn json(value: &impl Serialize) -> Value {
    match serde_json::to_string(value) {
        Ok(text) if text != "null" && text != "[]" => Value::Text(text),
        _ => Value::Null,
    }
}

/// An enum's word, as it is in JSON.
pub(super) fn word(value: &impl Serialize) -> Value {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Value::Text(word),
        _ => Value::Null,
    }
}
