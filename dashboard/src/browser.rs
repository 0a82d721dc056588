//! The browser, where Leptos has no words for it.

use js_sys::{Array, Date, Uint8Array};
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, Storage, Url};

/// The time, in milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    Date::now() as i64
}

/// A time as the reader's own language and time zone have it.
pub(crate) fn local_time(ms: i64) -> String {
    local(ms, &[("dateStyle", "medium"), ("timeStyle", "medium")])
}

/// The parts of a time that are asked for, in the words of `Intl.DateTimeFormat`'s options.
pub(crate) fn local(ms: i64, parts: &[(&str, &str)]) -> String {
    let options = js_sys::Object::new();
    for (name, value) in parts {
        // Setting a property of a plain object can't fail.
        let _ = js_sys::Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    Date::new(&JsValue::from_f64(ms as f64))
        .to_locale_string("default", &options)
        .into()
}

/// What the reader's clock is ahead of UTC at a time, in milliseconds.
pub(crate) fn clock_ahead_ms(ms: i64) -> i64 {
    let minutes = Date::new(&JsValue::from_f64(ms as f64)).get_timezone_offset();
    -(minutes * 60_000.0) as i64
}

/// Where this page came from: `http://127.0.0.1:3000`.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// What is kept as long as this tab.
pub(crate) fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// What is kept for as long as the reader wants.
pub(crate) fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Copies text; says whether that was possible, which it is not without HTTPS on another machine.
pub(crate) async fn copy(text: String) -> bool {
    let clipboard = window().navigator().clipboard();
    if JsValue::from(&clipboard).is_undefined() {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text))
        .await
        .is_ok()
}

/// An address for bytes of this page. To be revoked when nothing shows them any more.
pub(crate) fn object_url(bytes: &[u8], media_type: &str) -> Option<String> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Lets go of what [`object_url`] made.
pub(crate) fn revoke(url: &str) {
    // There is nothing to be done about an address that is none.
    let _ = Url::revoke_object_url(url);
}

/// Saves bytes as a file of the reader's.
pub(crate) fn save(bytes: &[u8], name: &str) {
    let Some(url) = object_url(bytes, "application/octet-stream") else {
        return;
    };
    if let Ok(link) = document()
        .create_element("a")
        .map(JsCast::unchecked_into::<HtmlAnchorElement>)
    {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The download has its own hold on the bytes once it has begun.
    set_timeout(move || revoke(&url), std::time::Duration::from_secs(60));
}

/// Elements of a selector, in the order of the page.
pub(crate) fn elements(selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = document().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.get(index)?.dyn_into().ok())
        .collect()
}
