//! The types that the document refers to.

use std::any::type_name;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// All that were referred to, by name.
#[derive(Default)]
pub(super) struct Schemas(Map<String, Value>);

/// Refers to a type.
pub(super) type Of = fn(&mut Schemas) -> Value;

/// Bytes.
pub(super) const BINARY: Of = |_| json!({ "type": "string", "format": "binary" });
/// Any object.
pub(super) const OBJECT: Of = |_| json!({ "type": "object" });

impl Schemas {
    /// A reference to a type, which is among them from now on.
    pub(super) fn refer<T: ToSchema>(&mut self) -> Value {
        let mut used = vec![(name_of::<T>(), T::schema())];
        T::schemas(&mut used);
        for (name, schema) in used {
            let text = serde_json::to_string(&schema).expect("schemas are JSON");
            let text = text.replace("schemas/BTreeMap", "schemas/MimeBundle");
            let schema = serde_json::from_str(&text).expect("it was JSON before");
            // The one type that is another's name.
            let name = if name == "BTreeMap" {
                "MimeBundle".to_owned()
            } else {
                name
            };
            let before = self.0.insert(name.clone(), schema);
            assert!(
                before.is_none_or(|before| before == self.0[&name]),
                "two types are called {name}"
            );
        }
        json!({ "$ref": format!("#/components/schemas/{}", name_of::<T>()) })
    }

    pub(super) fn all(self) -> Map<String, Value> {
        self.0
    }
}

/// The name of a type; a page of something says of what.
fn name_of<T: ToSchema>() -> String {
    match type_name::<T>()
        .strip_suffix('>')
        .and_then(|name| name.rsplit("::").next())
    {
        Some(item) => format!("{}Of{item}", T::name()),
        None => T::name().into_owned(),
    }
}
