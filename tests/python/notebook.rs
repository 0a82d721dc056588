//! A notebook's conveniences, since models write for notebooks.

use crate::harness::Server;

#[test]
fn the_value_of_a_final_expression_comes_back() {
    let server = Server::shared();
    for (code, shown) in [
        ("6 * 7", "42"),
        ("x = 'text'\nx", "'text'"),
        ("def f():\n    return [1, 2]\nf()", "[1, 2]"),
        ("(\n  1 +\n  1\n)  # with a comment", "2"),
    ] {
        let reply = server.run(code).prints("");
        assert_eq!(reply.result("text/plain"), shown, "{code}\n{reply}");
    }
}

#[test]
fn what_is_not_a_final_expression_or_has_no_value_gives_nothing() {
    for code in [
        "1\nx = 2",
        "None",
        "x = 1",
        "print('', end='')",
        "6 * 7;",
        "if True: 42",
        "'a'; pass",
    ] {
        let reply = Server::shared().run(code).succeeded();
        assert!(reply.data.results.is_empty(), "{code}\n{reply}");
    }
}

#[test]
fn the_answer_shows_the_result() {
    let reply = Server::shared().run("6 * 7").succeeded();
    assert!(reply.answer.contains("42"), "\n{reply}");
}

#[test]
fn a_data_frame_comes_back_as_text_and_html() {
    let reply = Server::shared()
        .run("import pandas as pd\npd.DataFrame({'a': [1, 2]})")
        .succeeded();
    assert_eq!(reply.result("text/plain"), "   a\n0  1\n1  2", "\n{reply}");
    assert!(reply.result("text/html").contains("<table"), "\n{reply}");
}

#[test]
fn display_shows_what_it_is_given() {
    let reply = Server::shared()
        .run("for number in range(3): display(number)")
        .succeeded();
    let shown: Vec<_> = reply
        .data
        .results
        .iter()
        .map(|bundle| bundle["text/plain"].as_str())
        .collect();
    assert_eq!(shown, ["0", "1", "2"], "\n{reply}");
}

#[test]
fn an_object_shows_itself_as_it_likes() {
    let code = "class A:\n    def __repr__(self): return 'plain'\n    def _repr_html_(self): return '<b>html</b>'\n    def _repr_svg_(self): return '<svg/>'\nA()";
    let reply = Server::shared().run(code).succeeded();
    let shown =
        ["text/plain", "text/html", "image/svg+xml"].map(|media_type| reply.result(media_type));
    assert_eq!(shown, ["plain", "<b>html</b>", "<svg/>"], "\n{reply}");
}

#[test]
fn a_representation_that_fails_is_left_out() {
    let code = "class A:\n    def __repr__(self): return 'plain'\n    def _repr_html_(self): raise ValueError\nA()";
    let reply = Server::shared().run(code).prints("");
    assert_eq!(
        reply.data.results[0].keys().collect::<Vec<_>>(),
        ["text/plain"],
        "\n{reply}"
    );
}

#[test]
fn a_repr_that_fails_is_the_programs_failure() {
    let reply =
        Server::shared().run("class A:\n    def __repr__(self): raise ValueError('no repr')\nA()");
    reply.raises("ValueError: no repr");
}

#[test]
fn a_program_that_replaces_builtins_still_gets_its_result() {
    let code = "import builtins, json\nbuiltins.print = None\njson.dumps = None\n6 * 7";
    let reply = Server::shared().run(code).succeeded();
    assert_eq!(reply.result("text/plain"), "42", "\n{reply}");
}
