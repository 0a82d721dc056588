//! chromedriver, one for all tests, and its sessions, each a browser of its own.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Condvar, Mutex, OnceLock};

use fantoccini::wd::Capabilities;
use serde_json::json;
use tempfile::TempDir;

use super::super::process::Process;
use super::webdriver::WebDriver;

/// As many as there are cores in CI; a browser with too little of one is slow enough to fail tests.
const MOST_AT_ONCE: usize = 2;

/// A browser that runs until it is dropped.
pub(super) struct Session {
    pub(super) web: WebDriver,
    /// Its profile, and its downloads.
    folder: TempDir,
    _place: Place,
}

impl Session {
    pub(super) fn start() -> Self {
        let place = Place::take();
        let driver = Driver::shared();
        let folder = TempDir::new_in(driver.folder.path()).expect("there is a temporary folder");
        fs::create_dir(folder.path().join("downloads")).expect("it is new");
        let web = WebDriver::start(driver.process.address(), capabilities(folder.path()))
            .unwrap_or_else(|failure| panic!("no browser starts: {failure}"));
        Self {
            web,
            folder,
            _place: place,
        }
    }

    /// Where its downloads are.
    pub(super) fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }
}

struct Driver {
    process: Process,
    folder: TempDir,
}

impl Driver {
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Driver> = OnceLock::new();
        SHARED.get_or_init(|| {
            let mut command = Command::new(program(&["chromedriver"]));
            command
                .arg("--port=0")
                // Times are shown as they are where the browser is.
                .env("TZ", "UTC")
                // The browsers are in its group, and end with it.
                .process_group(0);
            let process = Process::start_other(command, |line| {
                let (_, port) = line.split_once("started successfully on port ")?;
                Some(format!("127.0.0.1:{}", port.trim_end_matches('.')))
            });
            let folder = TempDir::new().expect("there is a temporary folder");
            process.end_group_with_us(folder.path());
            Driver { process, folder }
        })
    }
}

/// What a browser is to be like.
fn capabilities(folder: &Path) -> Capabilities {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--window-size=1280,900".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-gpu".to_owned(),
        "--force-color-profile=srgb".to_owned(),
        "--lang=en-US".to_owned(),
        format!("--user-data-dir={}", folder.join("profile").display()),
    ];
    // Chromium's own sandbox refuses root. It is our own pages that it shows.
    if fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        arguments.push("--no-sandbox".to_owned());
    }
    let capabilities = json!({
        "browserName": "chrome",
        "timeouts": { "script": 60_000, "pageLoad": 60_000 },
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "binary": program(&["chromium", "chromium-browser", "google-chrome"]),
            "args": arguments,
            "prefs": {
                "download.default_directory": folder.join("downloads"),
                "download.prompt_for_download": false,
            },
        },
    });
    serde_json::from_value(capabilities).expect("they are an object")
}

/// The first of these programs that is installed.
fn program(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "`{}` is missing: `cargo xtask test` installs it as root on Debian; \
             otherwise, `apt-get install chromium chromium-driver`",
            names[0]
        )
    })
}

/// A place among the browsers that run.
struct Place;

static TAKEN: Mutex<usize> = Mutex::new(0);
static LEFT: Condvar = Condvar::new();

impl Place {
    fn take() -> Self {
        let taken = TAKEN.lock().expect("no holder panics");
        let mut taken = LEFT
            .wait_while(taken, |taken| *taken >= MOST_AT_ONCE)
            .expect("no holder panics");
        *taken += 1;
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *TAKEN.lock().expect("no holder panics") -= 1;
        LEFT.notify_one();
    }
}
