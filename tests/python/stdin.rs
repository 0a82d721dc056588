//! `input()` reads what the request gave, and never waits for a person.

use crate::harness::Server;

#[test]
fn input_reads_the_given_lines() {
    Server::shared()
        .tool("name = input('name? ')\nprint('hello', name)\nprint(input())")
        .stdin("Ada\nLovelace")
        .send()
        .prints("name? hello Ada\nLovelace\n");
}

#[test]
fn sys_stdin_reads_the_rest() {
    Server::shared()
        .tool("import sys\nprint(input(), sys.stdin.read().split())")
        .stdin("first\na b\nc\n")
        .send()
        .prints("first ['a', 'b', 'c']\n");
}

#[test]
fn without_stdin_input_raises_at_once() {
    Server::shared()
        .run("input('name? ')")
        .raises("EOFError: EOF when reading a line");
}

#[test]
fn input_past_the_end_raises_at_once() {
    Server::shared()
        .tool("print(input())\ninput()")
        .stdin("only one\n")
        .send()
        .raises("EOFError: EOF when reading a line");
}

#[test]
fn stdin_that_is_not_read_does_no_harm() {
    Server::shared()
        .tool("print('hi')")
        .stdin(&"x".repeat(1 << 20))
        .send()
        .prints("hi\n");
}
