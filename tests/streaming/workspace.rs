//! How large a session's workspace is, as its last execution left it.

use api::history::Session;

use super::stream;
use crate::harness::{Server, until};

#[test]
fn a_session_shows_how_large_its_workspace_is() {
    let server = Server::shared();
    let session = server.session();
    let code = "open('a', 'w').write('x' * 1000)";
    let script_bytes = code.len() as u64;
    let reply = session.run(code);
    assert_eq!(reply.data.files.len(), 2, "\n{reply}");
    let shown = || -> Session {
        let path = format!("/api/sessions/{}", session.id());
        server.http().get(&path).expect(200).json()
    };
    // It is written when the caller has the answer.
    let (known, _) = until("the size", || {
        let shown = shown();
        Some((shown.workspace_bytes?, shown.workspace_files?))
    });
    assert_eq!(known, (1000 + script_bytes, 2));
    stream(server, session.id(), "import os; os.remove('a')").rest();
    until("the size to change", || {
        (shown().workspace_files == Some(2) && shown().workspace_bytes < Some(1000)).then_some(())
    });
}

#[test]
fn a_run_that_is_cancelled_leaves_its_files() {
    let server = Server::shared();
    let session = server.session();
    let code = "open('a', 'w').write('x' * 1000)\nprint('written', flush=True)\nwhile True: pass";
    let mut call = stream(server, session.id(), code);
    call.until_line();
    drop(call);
    let path = format!("/api/sessions/{}", session.id());
    until("the size", || {
        let shown: Session = server.http().get(&path).expect(200).json();
        (shown.workspace_bytes? > 1000).then_some(())
    });
}
