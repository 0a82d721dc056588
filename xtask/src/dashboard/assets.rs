//! Names made of contents, and the page that has them.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use super::bindgen::Bound;
use super::sources::Sources;
use super::split::{LINK, MAIN, Split};

/// The page and what it loads.
pub(super) struct Assets {
    pub(super) page: String,
    /// Names and contents.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// The names of the files that only some pages need, by the page.
    pub(super) pages: BTreeMap<String, Vec<String>>,
}

impl Assets {
    /// Names everything, from what names nothing to the page, which names the rest.
    pub(super) fn name(bound: Bound, split: Split, sources: Sources) -> Result<Self> {
        let mut assets = Self {
            page: sources.page,
            files: Vec::new(),
            pages: split.pages,
        };
        let mut link = split.link;
        for (part, wasm) in split.parts {
            let url = assets.add("wasm", wasm);
            link = link.replace(&format!("\"{part}\""), &format!("\"{url}\""));
            for needed in assets.pages.values_mut().flatten() {
                if *needed == part {
                    needed.clone_from(&url);
                }
            }
        }
        let wasm = assets.add("wasm", bound.wasm);
        let mut js = bound.js;
        for (path, text) in bound.snippets {
            let url = assets.add("js", text.into());
            js = js.replace(&format!("./{path}"), &url).replace(&path, &url);
        }
        let (link, script) = assets.add_pair(link, started(&js, &wasm)?)?;
        let style = assets.add("css", sources.style);
        assets.put("wasm", &wasm)?;
        assets.put("link", &link)?;
        assets.put("script", &script)?;
        assets.put("style", &style)?;
        for (name, content) in sources.statics {
            let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, "bin"));
            let url = assets.add(extension, content);
            let place = if stem == "favicon" { "icon" } else { stem };
            assets.put(place, &url)?;
        }
        if let Some((_, rest)) = assets.page.split_once("{{") {
            let place = rest.split("}}").next().unwrap_or_default();
            bail!("dashboard/index.html has a place for `{place}`, and there is no such file");
        }
        Ok(assets)
    }

    /// Adds a file, and says what it is asked for by.
    fn add(&mut self, extension: &str, content: Vec<u8>) -> String {
        let name = format!(
            "dashboard-{}.{extension}",
            &hex(&Sha256::digest(&content))[..16]
        );
        let url = format!("/assets/{name}");
        self.files.push((name, content));
        url
    }

    /// Adds the two scripts that import each other; each is named after both.
    fn add_pair(&mut self, link: String, script: String) -> Result<(String, String)> {
        let url = |first: &str, second: &str| {
            let hash = Sha256::digest(format!("{first}\0{second}"));
            format!("/assets/dashboard-{}.js", &hex(&hash)[..16])
        };
        let (link_url, script_url) = (url(&link, &script), url(&script, &link));
        for (text, name, other) in [(&link, MAIN, &script_url), (&script, LINK, &link_url)] {
            ensure!(
                text.contains(name),
                "a script no longer imports `{name}`, which is {other}"
            );
        }
        let link = link.replace(MAIN, &script_url);
        // In wasm-bindgen's script the name is a key of the module's imports, too.
        let script = script.replace(&format!("from \"{LINK}\""), &format!("from \"{link_url}\""));
        let script = script.replace(&format!("from '{LINK}'"), &format!("from '{link_url}'"));
        for (url, text) in [(&link_url, link), (&script_url, script)] {
            self.files.push((url.replace("/assets/", ""), text.into()));
        }
        Ok((link_url, script_url))
    }

    /// Fills a place of the page.
    fn put(&mut self, place: &str, url: &str) -> Result<()> {
        let place = format!("{{{{{place}}}}}");
        ensure!(
            self.page.contains(&place),
            "dashboard/index.html has no place `{place}`, so nothing would ever load {url}"
        );
        self.page = self.page.replace(&place, url);
        Ok(())
    }
}

/// wasm-bindgen's script, which starts the module by itself: the page's policy allows no script in the page
/// that could do it.
fn started(js: &str, wasm: &str) -> Result<String> {
    ensure!(
        js.contains("__wbg_init as default"),
        "wasm-bindgen's script no longer calls what starts the module `__wbg_init`"
    );
    Ok(format!(
        "{js}\n__wbg_init({{ module_or_path: \"{wasm}\" }});\n"
    ))
}

/// Bytes as people write hashes.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
