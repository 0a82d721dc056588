//! `/api/events`: who watches is told of what is his, and nothing happens there when others do something.

use api::live::Changes;

use super::{ONE, TWO, call, two_tenants};
use crate::harness::{Http, Watched};

#[test]
fn what_changes_is_told_to_its_owner_alone() {
    let server = two_tenants();
    let (one, two) = (server.http().bearer(ONE), server.http().bearer(TWO));
    let poll = |http: &Http, cursor: &str| -> Changes {
        let path = format!("/api/events?cursor={cursor}");
        http.get(&path).expect(200).json()
    };
    let mut watched = Watched::open(&two, "", &[]);
    let first = watched.next();
    let ones_cursor = poll(&one, "").cursor;
    let ones = call(&one, "a", "print('hi')").send();
    one.put("/api/sessions/by-file/files/a.txt", "a")
        .expect(201);
    one.delete("/api/sessions/by-file").expect(204);
    let nothing = poll(&two, &first.cursor);
    assert_eq!(
        nothing,
        Changes {
            cursor: first.cursor.clone(),
            ..Changes::default()
        }
    );

    let twos = call(&two, "own", "print('hi')").send();
    let mut seen = Vec::new();
    watched.until(|changes| {
        assert!(!changes.reset, "{changes:?}");
        assert_eq!(changes.sessions, [""; 0]);
        seen.extend(changes.executions.clone());
        !seen.is_empty()
    });
    for execution in &seen {
        assert_eq!(execution.execution_id, twos.execution_id());
        assert_eq!(execution.session_id, "own");
    }
    let told = poll(&one, &ones_cursor);
    assert_eq!(told.executions.len(), 1, "{told:?}");
    assert_eq!(told.executions[0].execution_id, ones.execution_id());
    assert_eq!(told.sessions, ["by-file"], "{told:?}");
    // A cursor of one's says nothing of one's to two.
    let strange = poll(&two, &told.cursor);
    assert!(
        strange.executions.iter().all(|e| e.session_id == "own"),
        "{strange:?}"
    );
    assert_eq!(strange.sessions, [""; 0]);
}
