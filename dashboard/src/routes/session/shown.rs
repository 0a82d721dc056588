//! What is in a file, in the way that suits its kind. Read again when the file has changed; where one has scrolled to stays.

use std::sync::Arc;

use api::client::ClientError;
use futures::StreamExt as _;
use leptos::ev;
use leptos::prelude::*;

use super::preview::Shown;
use super::table::Sheet;
use crate::browser::{object_url, revoke};
use crate::fetched::{Fetched, fetch};
use crate::parts::awaiting::Await;
use crate::parts::code::Code;
use crate::parts::frame::Frame;
use crate::parts::markdown::Markdown;
use crate::parts::output::Output;
use crate::text::numbers::bytes;
use crate::text::preview::{MAX_TEXT_BYTES, Preview, pretty_json, text_of};

/// A longer source is shown a page at a time, as output is.
const MAX_CODE_BYTES: usize = 200_000;

/// The beginning of a file of text.
#[derive(Debug, Clone)]
struct Text {
    text: String,
    /// Whether there is more of it.
    cut: bool,
}

/// An address for bytes of this page, let go of when nothing shows them any more.
struct Address(String);

impl Drop for Address {
    fn drop(&mut self) {
        revoke(&self.0);
    }
}

/// What is in a file of a kind that can be shown.
pub(super) fn shown(file: &Shown, kind: Preview) -> AnyView {
    match kind {
        Preview::Image => image(file),
        Preview::Pdf => pdf(file),
        Preview::Table => view! { <Sheet file=file.clone() /> }.into_any(),
        Preview::Svg | Preview::Markdown => drawn(file, kind),
        Preview::Json | Preview::Python | Preview::Text | Preview::None => written(file, kind),
    }
}

/// What to do about a file that could not be read.
pub(super) fn instead<T: Send + Sync>(file: &Shown, what: Fetched<T>) -> impl IntoView + use<T> {
    let file = file.clone();
    move || {
        what.problem().map(
            |_| view! { <p class="preview-instead">{file.download("Download it instead")}</p> },
        )
    }
}

fn image(file: &Shown) -> AnyView {
    let address = whole(file, file.media_type());
    let size = RwSignal::new(None::<Result<(u32, u32), ()>>);
    let measure = move |event: ev::Event| {
        let image = event_target::<leptos::web_sys::HtmlImageElement>(&event);
        size.set(Some(Ok((image.natural_width(), image.natural_height()))));
    };
    let words = move || match size.get() {
        None => "\u{a0}".to_owned(),
        Some(Ok((width, height))) => format!("{width} × {height} pixels"),
        Some(Err(())) => "This is no picture that a browser can show.".to_owned(),
    };
    let name = file.name();
    view! {
        <Await what=address let:address>
            <img
                class="figure preview-image" alt=name.clone() src=move || address.with(|address| address.0.clone())
                hidden=move || size.get() == Some(Err(())) on:load=measure on:error=move |_| size.set(Some(Err(())))
            />
            <p class="muted tabular">{words}</p>
        </Await>
        {instead(file, address)}
    }
    .into_any()
}

/// Without the list of pages: there is no room for it.
const PDF_VIEW: &str = "#navpanes=0&view=FitH";

fn pdf(file: &Shown) -> AnyView {
    // Whatever it is: were it taken for a page, it would be one of ours.
    let address = whole(file, "application/pdf".to_owned());
    let name = file.name();
    view! {
        <Await what=address let:address>
            <iframe class="preview-pdf" title=name.clone() src=move || address.with(|address| format!("{}{PDF_VIEW}", address.0))></iframe>
        </Await>
        {instead(file, address)}
    }
    .into_any()
}

/// Markdown and SVG: a document in a frame, or its source.
fn drawn(file: &Shown, kind: Preview) -> AnyView {
    let text = text(file);
    let as_source = RwSignal::new(false);
    let name = file.name();
    let show = move |text: Signal<Text>| {
        let name = name.clone();
        let source = Signal::derive(move || text.with(|text| text.text.clone()));
        view! {
            {cut(text)}
            {move || match (as_source.get(), kind) {
                (true, _) => source_of(source, &name, false),
                (false, Preview::Markdown) => view! { <Markdown text=source label=name.clone() /> }.into_any(),
                (false, _) => view! { <Frame html=source label=name.clone() /> }.into_any(),
            }}
        }
    };
    let switch = move |label: &'static str, source: bool| {
        view! {
            <button
                type="button" class="session-tab" aria-pressed=move || (as_source.get() == source).to_string()
                on:click=move |_| as_source.set(source)
            >{label}</button>
        }
    };
    view! {
        <div class="session-tabs" role="group" aria-label="How it is shown">{switch("Preview", false)}{switch("Source", true)}</div>
        <Await what=text let:text>{show(text)}</Await>
        {instead(file, text)}
    }
    .into_any()
}

/// Text, code and JSON.
fn written(file: &Shown, kind: Preview) -> AnyView {
    let text = text(file);
    let name = file.name();
    let show = move |text: Signal<Text>| {
        let name = name.clone();
        let source = Signal::derive(move || {
            text.with(|text| match kind {
                Preview::Json if !text.cut => pretty_json(&text.text),
                _ => text.text.clone(),
            })
        });
        view! { {cut(text)}{source_of(source, &name, kind == Preview::Python)} }
    };
    view! {
        <Await what=text let:text>{show(text)}</Await>
        {instead(file, text)}
    }
    .into_any()
}

fn source_of(source: Signal<String>, name: &str, python: bool) -> AnyView {
    let name = name.to_owned();
    let is_long = Memo::new(move |_| source.with(|source| source.len() > MAX_CODE_BYTES));
    let is_empty = Memo::new(move |_| source.with(String::is_empty));
    (move || match (is_empty.get(), is_long.get()) {
        (true, _) => view! { <p class="muted">"The file is empty."</p> }.into_any(),
        (false, true) => view! { <Output text=source label=name.clone() /> }.into_any(),
        (false, false) => view! { <Code source label=name.clone() python /> }.into_any(),
    })
    .into_any()
}

/// That this is not all of it.
fn cut(text: Signal<Text>) -> impl IntoView {
    move || {
        text.with(|text| text.cut).then(|| {
            view! { <p class="preview-note">{format!("Only the first {} are shown. Download it to see all.", bytes(MAX_TEXT_BYTES))}</p> }
        })
    }
}

/// The whole file, as an address for what the browser shows by itself.
fn whole(file: &Shown, media_type: String) -> Fetched<Arc<Address>> {
    let file = file.clone();
    fetch(move |client| {
        file.track();
        let (session, path) = (file.files.session(), file.path.clone());
        let media_type = media_type.clone();
        async move {
            let response = client.read_file(&session, &path).await?;
            let bytes = response.bytes().await?;
            let address = object_url(&bytes, &media_type).unwrap_or_default();
            Ok(Arc::new(Address(address)))
        }
    })
}

/// The beginning of the file.
fn text(file: &Shown) -> Fetched<Text> {
    let file = file.clone();
    fetch(move |client| {
        file.track();
        let (session, path) = (file.files.session(), file.path.clone());
        async move {
            let most = MAX_TEXT_BYTES as usize;
            let response = client.read_file(&session, &path).await?;
            let mut chunks = Box::pin(response.bytes_stream());
            let mut bytes = Vec::new();
            // Dropping the stream tells the server that this is enough.
            while bytes.len() <= most
                && let Some(chunk) = chunks.next().await
            {
                bytes.extend_from_slice(&chunk.map_err(ClientError::from)?);
            }
            let cut = bytes.len() > most;
            bytes.truncate(most);
            Ok(Text {
                text: text_of(bytes, cut),
                cut,
            })
        }
    })
}
