//! Signs, drawn as strokes on a grid of 24.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Ban,
    Bolt,
    Check,
    Chevron,
    Close,
    Copy,
    Cross,
    Dark,
    Download,
    File,
    Folder,
    Hand,
    Help,
    Light,
    Link,
    Overview,
    Play,
    Playground,
    Prompts,
    Refresh,
    Running,
    Search,
    Sessions,
    Settings,
    Stop,
    System,
    Trash,
    Upload,
}

impl Sign {
    fn path(self) -> &'static str {
        match self {
            Self::Ban => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M5.6 5.6l12.8 12.8",
            Self::Bolt => "M13 3 5 14h6l-1 7 8-11h-6z",
            Self::Check => "M4.5 12.5 10 18 19.5 7",
            Self::Chevron => "M9 6l6 6-6 6",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
            Self::Cross => "M6.5 6.5l11 11M17.5 6.5l-11 11",
            Self::Dark => "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5",
            Self::Download => "M12 4v11M7 10.5l5 5 5-5M4 20h16",
            Self::File => "M6 3h8l4 4v14H6zM14 3v4h4",
            Self::Folder => "M3 6h6l2 2.5h10V19H3z",
            Self::Hand => {
                "M8 12V6.5a1.5 1.5 0 0 1 3 0V11m0-5.5v-1a1.5 1.5 0 0 1 3 0V11m0-5a1.5 1.5 0 0 1 3 0v8a6.5 6.5 0 0 1-6.5 6.5c-3 0-4.500-1.500-6-4.500L3.500 13a1.500 1.500 0 0 1 2.500-1.500L8 14"
            }
            Self::Help => "M9 9.500a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 18v.5",
            Self::Light => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400"
            }
            Self::Link => {
                "M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1"
            }
            Self::Overview => "M4 20V11M10 20V4M16 20v-6M22 20H2",
            Self::Play => "M7 4.500 19 12 7 19.500z",
            Self::Playground => "M4 5h16v14H4zM8 9.500l3 2.500-3 2.500M13 15h3.500",
            Self::Prompts => "M4 5h16v11H11l-4 4v-4H4zM8 9h8M8 12h5",
            Self::Refresh => {
                "M20 11a8 8 0 0 0-14.500-3.500L4 9M4 4v5h5M4 13a8 8 0 0 0 14.500 3.500L20 15M20 20v-5h-5"
            }
            Self::Running => {
                "M12 3v4M12 17v4M3 12h4M17 12h4M5.600 5.600l2.900 2.900M15.500 15.500l2.900 2.900M5.600 18.400l2.900-2.900M15.500 8.500l2.900-2.900"
            }
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l4.500 4.500",
            Self::Sessions => "M4 6h2M9 6h11M4 12h2M9 12h11M4 18h2M9 18h11",
            Self::Settings => "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4",
            Self::Stop => "M7 7h10v10H7z",
            Self::System => "M4 5h16v11H4zM9 20h6M12 16v4",
            Self::Trash => "M5 7h14M10 4h4M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5",
            Self::Upload => "M12 16V5M7 9.500l5-5 5 5M4 20h16",
        }
    }
}

/// A sign. It stands beside a word, or in something that has a label, and says nothing itself.
#[component]
pub(crate) fn Icon(#[prop(into)] sign: Signal<Sign>) -> impl IntoView {
    view! {
        <svg class="icon" class:icon-turning=move || sign.get() == Sign::Running viewBox="0 0 24 24" aria-hidden="true">
            <path d=move || sign.get().path() />
        </svg>
    }
}
