//! Code that waits for a person: approved, edited, rejected, and decided by two.

use super::INSTRUCTION;
use crate::dashboard::paste;
use crate::harness::{Browser, ModelServer, Say, Server, until};

/// A model that writes these programs, and a server that runs them when a person says so; the execution that waits.
fn waiting(programs: &[&str]) -> (ModelServer, Server, String) {
    let model = ModelServer::replying(programs.iter().map(|program| Say::done(program)));
    let server = Server::asking(&model);
    let server = server
        .variable("python_coder_openinterpreter_auto_run", "false")
        .start();
    let waits = server.run(INSTRUCTION);
    let id = waits.execution_id().to_owned();
    (model, server, id)
}

#[test]
fn what_waits_is_approved() {
    let (_model, server, id) = waiting(&["print('approved', 6 * 7)"]);
    let page = Browser::open(&server, &format!("/executions/{id}"));
    page.sees("This code waits for you")
        .sees("Awaiting approval");
    assert_eq!(page.value("#proposed-code"), "print('approved', 6 * 7)");
    page.axe_everywhere();
    page.click_text("Approve")
        .sees("Succeeded")
        .sees("approved 42");
    page.lacks("This code waits for you").has(1, ".attempt");
}

#[test]
fn what_waits_is_edited_first() {
    let (_model, server, id) = waiting(&["print('proposed', 6 * 7)"]);
    let page = Browser::open(&server, &format!("/executions/{id}"));
    page.find("#proposed-code");
    paste(&page, "#proposed-code", "print('edited', 6 * 8)");
    page.click_text("Take the edits back");
    assert_eq!(page.value("#proposed-code"), "print('proposed', 6 * 7)");
    paste(&page, "#proposed-code", "print('edited', 6 * 8)");
    page.click_text("Approve with edits")
        .sees("Succeeded")
        .sees("edited 48");
    page.lacks("proposed 42");
}

#[test]
fn what_waits_is_rejected_and_the_model_hears_why() {
    let (model, server, id) = waiting(&["print('first', 6 * 7)", "print('second', 6 * 8)"]);
    let page = Browser::open(&server, &format!("/executions/{id}"));
    page.click_text("Reject");
    page.type_into("#reason", "it is too loud").axe();
    page.keys("Enter");
    until("the second proposal", || {
        (page.value("#proposed-code") == "print('second', 6 * 8)").then_some(())
    });
    let asked = format!("{:?}", model.requests());
    assert!(asked.contains("it is too loud"), "{asked}");
    page.sees("Not run").click_text("Approve");
    page.sees("second 48").sees("Succeeded").lacks("first 42");
}

#[test]
fn of_two_who_decide_the_second_is_told() {
    let (_model, server, id) = waiting(&["print('once', 6 * 7)"]);
    let page = Browser::open(&server, &format!("/executions/{id}"));
    page.find("#proposed-code");
    // The page can't hear of it before it decides itself.
    page.script(
        "for (const one of document.querySelectorAll('.approval .button-main')) { \
        const request = new XMLHttpRequest(); \
        request.open('POST', location.origin + '/api' + location.pathname + '/approve', false); \
        request.setRequestHeader('content-type', 'application/json'); \
        request.send('{}'); one.click(); }",
    );
    page.sees("This decision came too late")
        .sees("Succeeded")
        .sees("once 42")
        .axe();
    page.expect_console_error("409");
}
