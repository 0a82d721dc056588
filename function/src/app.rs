//! What lasts as long as the instance: the settings, read once.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use spin_sdk::variables;

use crate::log;
use crate::settings::table::TABLE;
use crate::settings::{Problem, Settings};

/// What the settings came to, for as long as the instance lives.
static SETTINGS: OnceLock<Result<Arc<Settings>, Vec<Problem>>> = OnceLock::new();

/// The settings in force, or everything that is wrong with them.
pub async fn settings() -> Result<Arc<Settings>, Vec<Problem>> {
    if let Some(settings) = SETTINGS.get() {
        return settings.clone();
    }
    let settings = read().await.map(Arc::new);
    if let Err(problems) = &settings {
        problems.iter().for_each(log::error);
    }
    // Two requests may both have read them; they have read the same.
    SETTINGS.get_or_init(|| settings).clone()
}

async fn read() -> Result<Settings, Vec<Problem>> {
    let mut values = BTreeMap::new();
    let mut unreadable = Vec::new();
    for declared in &TABLE {
        match variables::get(declared.name).await {
            Ok(value) => {
                values.insert(declared.name, value);
            }
            // A manifest of somebody else's may leave some out.
            Err(variables::Error::Undefined(_)) => {}
            Err(error) => unreadable.push(Problem {
                name: declared.name,
                value: error.to_string(),
                allowed: "readable".to_owned(),
            }),
        }
    }
    let settings = Settings::from_lookup(|name| values.get(name).cloned());
    match settings {
        Ok(settings) if unreadable.is_empty() => Ok(settings),
        Ok(_) => Err(unreadable),
        Err(problems) => Err(problems.into_iter().chain(unreadable).collect()),
    }
}
