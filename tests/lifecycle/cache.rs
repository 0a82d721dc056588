//! The cache of compiled things, with several processes at once.

use crate::harness::{Server, share_image, vivarium_with_cache};

#[test]
fn two_servers_that_start_at_once_both_serve() {
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| Server::with().start().still_answers());
        }
    });
}

#[test]
fn two_servers_with_one_empty_cache_do_not_corrupt_it() {
    let folder = tempfile::tempdir().unwrap();
    share_image(folder.path());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| Server::with().cache(folder.path()).start().still_answers());
        }
    });
    Server::with().cache(folder.path()).start().still_answers();
}

#[test]
fn an_image_that_others_can_write_is_not_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    share_image(folder.path());
    let cache = folder.path().join("vivarium");
    let run = || vivarium_with_cache(folder.path(), &["run", "-"]);
    run().expect(0);
    let writable = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap()
    };
    let image = std::fs::read_dir(&cache)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let image = image.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "cwasm")
    });
    for image in image {
        writable(&image, 0o622);
        let ended = run();
        writable(&image, 0o600);
        assert!(ended.expect(1).stderr.contains("can be written by others"));
    }
    run().expect(0);
    writable(&cache, 0o777);
    assert!(run().expect(1).stderr.contains("can be written by others"));
}
