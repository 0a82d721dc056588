//! The service's start and end.

use crate::harness::{PythonService, until, vivarium};

#[test]
fn sigterm_lets_a_program_end_and_then_ends_the_service() {
    let service = PythonService::start(&[]);
    let mut run = service
        .start_run("print('started', flush=True)\nimport time\ntime.sleep(0.5)\nprint('ended')");
    run.wait_for_line();
    let status = service.terminate(|| assert_eq!(run.finish().stdout, "ended\n"));
    assert_eq!(status.code(), Some(0));
}

#[test]
fn what_a_run_leaves_in_tmp_is_gone() {
    let service = PythonService::start(&[]);
    service.run("open('/tmp/a', 'w').write('x')");
    // The answer comes before the instance and its `/tmp` are taken apart.
    until("nothing but the script to be left", || {
        walk(service.data())
            .iter()
            .all(|path| path.contains("script_"))
            .then_some(())
    });
}

#[test]
fn a_port_in_use_is_one_clear_line() {
    let service = PythonService::start(&[]);
    let address = service.process().address().to_owned();
    let ended = vivarium(
        &[
            "python",
            "--listen",
            &address,
            "--data",
            service.data().to_str().unwrap(),
        ],
        "",
    )
    .expect(1);
    assert!(
        ended.stderr.contains("is in use") && ended.stderr.contains("hint:"),
        "{ended}"
    );
}

/// Every file below a folder.
fn walk(folder: &std::path::Path) -> Vec<String> {
    // What vanishes meanwhile is not left.
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .flat_map(|path| {
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path.display().to_string()]
            }
        })
        .collect()
}
