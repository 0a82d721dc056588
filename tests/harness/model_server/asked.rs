//! A request that a model server got.

use api::history::{Message, Role};
use serde_json::Value;

/// A request, and its parts that tests look at.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(crate) body: Value,
}

impl Asked {
    /// A header's value, or the empty string.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }

    /// What the model is told.
    pub(crate) fn messages(&self) -> Vec<Message> {
        serde_json::from_value(self.body["messages"].clone())
            .unwrap_or_else(|error| panic!("not the messages expected: {error}\n{self:#?}"))
    }

    /// Who speaks, in order.
    pub(crate) fn roles(&self) -> Vec<Role> {
        self.messages()
            .into_iter()
            .map(|message| message.role)
            .collect()
    }

    /// The first message of the user: the instruction and the attempts so far.
    pub(crate) fn instruction(&self) -> String {
        self.first_of(Role::User)
    }

    /// The system prompt.
    pub(crate) fn system(&self) -> String {
        self.first_of(Role::System)
    }

    /// What was said last.
    pub(crate) fn last(&self) -> String {
        self.messages().pop().unwrap().content
    }

    /// The whole conversation, for a snapshot.
    pub(crate) fn conversation(&self) -> String {
        self.messages()
            .iter()
            .map(|message| format!("=== {:?} ===\n{}\n", message.role, message.content))
            .collect()
    }

    fn first_of(&self, role: Role) -> String {
        self.messages()
            .into_iter()
            .find(|message| message.role == role)
            .unwrap_or_else(|| panic!("nobody speaks as {role:?}\n{self:#?}"))
            .content
    }
}
