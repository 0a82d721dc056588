//! Light and dark: as the system has it, until the reader wants otherwise.

use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

use crate::browser::storage;

const KEY: &str = "vivarium.theme";

/// What the reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    System,
    Light,
    Dark,
}

impl Choice {
    fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one after it, round and round.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The theme in force.
#[derive(Clone, Copy)]
pub(crate) struct Theme {
    choice: RwSignal<Choice>,
    system_dark: RwSignal<bool>,
}

impl Theme {
    pub(crate) fn begin() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let choice = match kept.as_deref() {
            Some("light") => Choice::Light,
            Some("dark") => Choice::Dark,
            _ => Choice::System,
        };
        let theme = Self {
            choice: RwSignal::new(choice),
            system_dark: RwSignal::new(false),
        };
        theme.follow_system();
        Effect::new(move || {
            if let Some(root) = document().document_element() {
                // An attribute of this name can always be set.
                let _ = root.set_attribute("data-theme", theme.choice.get().word());
            }
        });
        theme
    }

    fn follow_system(self) {
        let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else {
            return;
        };
        self.system_dark.set(query.matches());
        let changed = Closure::<dyn Fn(web_sys::MediaQueryListEvent)>::new(
            move |event: web_sys::MediaQueryListEvent| {
                self.system_dark.set(event.matches());
            },
        );
        query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        // As long as the page.
        changed.forget();
        std::mem::forget(query);
    }

    pub(crate) fn choice(self) -> Choice {
        self.choice.get()
    }

    /// Whether the page is dark.
    pub(crate) fn is_dark(self) -> bool {
        match self.choice.get() {
            Choice::System => self.system_dark.get(),
            choice => choice == Choice::Dark,
        }
    }

    pub(crate) fn choose(self, choice: Choice) {
        self.choice.set(choice);
        if let Some(storage) = storage() {
            // A browser that keeps nothing shows it until it is closed.
            let _ = storage.set_item(KEY, choice.word());
        }
    }
}
