use super::*;

fn plan() -> Plan {
    Plan {
        max_attempts: 3,
        max_tokens: 1000,
        run_given: true,
        check: false,
        approve: false,
    }
}

fn model_writes() -> Machine {
    let plan = Plan {
        run_given: false,
        ..plan()
    };
    let mut machine = Machine::new(plan, "do it".to_owned());
    assert_eq!(machine.next(Event::Begin), Action::Brief);
    assert_eq!(machine.next(brief()), Action::Ask);
    machine
}

fn given(code: &str) -> Machine {
    Machine::new(plan(), code.to_owned())
}

fn brief() -> Event {
    Event::Briefed(vec![Message {
        role: Role::User,
        content: "do it".to_owned(),
    }])
}

fn reply(source: &str) -> Event {
    replied(source, false, 10)
}

fn replied(source: &str, done: bool, total: u64) -> Event {
    let code = (!source.is_empty()).then(|| Code {
        source: source.to_owned(),
        done,
    });
    Event::Replied {
        text: source.to_owned(),
        code,
        tokens: Tokens::counted(total, 0),
    }
}

fn ok() -> Event {
    Event::Ran(ran(Outcome::Ok, true, ""))
}

fn fails(with: &str) -> Event {
    Event::Ran(ran(Outcome::Exception, true, with))
}

fn ran(outcome: Outcome, compiled: bool, error: &str) -> Ran {
    Ran {
        outcome,
        has_run: true,
        compiled,
        output: String::new(),
        error: (outcome != Outcome::Ok).then(|| python_error(error)),
        limit: None,
        truncated: false,
        error_line: error.to_owned(),
    }
}

fn python_error(name: &str) -> PythonError {
    PythonError {
        name: name.to_owned(),
        value: String::new(),
        traceback: String::new(),
        context: String::new(),
    }
}

fn run(code: &str) -> Action {
    Action::Run(code.to_owned())
}

const FAILED: Action = Action::End(End::Failed(None));
const SUCCEEDED: Action = Action::End(End::Succeeded);

#[test]
fn valid_code_asks_nobody() {
    let mut machine = given("print(1)");
    assert_eq!(machine.next(Event::Begin), run("print(1)"));
    assert_eq!(machine.next(ok()), SUCCEEDED);
    assert_eq!(machine.attempt(), 1);
}

#[test]
fn what_fails_is_repaired_and_the_latest_code_runs() {
    let mut machine = given("a");
    machine.next(Event::Begin);
    assert_eq!(machine.next(fails("NameError")), Action::Brief);
    assert_eq!(machine.attempt(), 2);
    machine.next(brief());
    assert_eq!(machine.next(reply("b")), run("b"));
    assert!(matches!(machine.next(ok()), Action::Report(_)));
    assert_eq!(
        machine.next(Event::Reported("fine".to_owned())),
        Action::Ask
    );
    assert_eq!(machine.conversation().len(), 3);
    assert_eq!(machine.next(reply("")), SUCCEEDED);
}

#[test]
fn the_last_attempt_ends_it() {
    let mut machine = given("a");
    machine.next(Event::Begin);
    for code in ["b", "c"] {
        assert_eq!(machine.next(fails(code)), Action::Brief);
        assert_eq!(machine.next(brief()), Action::Ask);
        assert_eq!(machine.next(reply(code)), run(code));
    }
    assert_eq!(machine.next(fails("last")), FAILED);
    let codes: Vec<_> = machine.failed().iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["a", "b", "c"]);
}

#[test]
fn what_is_no_python_is_an_instruction_in_the_same_attempt() {
    let mut machine = given("compute the factorial of 20");
    machine.next(Event::Begin);
    let syntax = Event::Ran(ran(Outcome::Exception, false, "SyntaxError"));
    assert_eq!(machine.next(syntax), Action::Brief);
    assert_eq!((machine.attempt(), machine.failed().len()), (1, 0));
    assert_eq!(machine.not_python(), Some("SyntaxError: "));
    machine.next(brief());
    assert_eq!(machine.next(reply("x")), run("x"));
    // A model's own syntax error is a failed attempt like any other.
    let syntax = Event::Ran(ran(Outcome::Exception, false, "SyntaxError"));
    assert_eq!(machine.next(syntax), Action::Brief);
    assert_eq!(machine.attempt(), 2);
}

#[test]
fn steps_go_on_until_no_code_comes_or_the_model_is_done() {
    let mut machine = model_writes();
    assert_eq!(machine.next(reply("a")), run("a"));
    machine.next(ok());
    machine.next(Event::Reported(String::new()));
    assert_eq!(machine.next(replied("b", true, 1)), run("b"));
    assert_eq!(machine.next(ok()), SUCCEEDED);

    let mut machine = model_writes();
    for step in 1..MAX_STEPS {
        machine.next(reply(&format!("step {step}")));
        assert!(matches!(machine.next(ok()), Action::Report(_)), "{step}");
        machine.next(Event::Reported(String::new()));
    }
    machine.next(reply("the last"));
    assert_eq!(machine.next(ok()), SUCCEEDED);
}

#[test]
fn code_that_comes_again_after_it_ran_well_is_the_end() {
    let mut machine = model_writes();
    machine.next(reply("a"));
    machine.next(ok());
    machine.next(Event::Reported(String::new()));
    assert_eq!(machine.next(reply("a")), SUCCEEDED);
}

#[test]
fn a_step_that_fails_fails_the_attempt() {
    let mut machine = model_writes();
    machine.next(reply("a"));
    machine.next(ok());
    machine.next(Event::Reported(String::new()));
    machine.next(reply("b"));
    assert_eq!(machine.next(fails("E")), Action::Brief);
    assert_eq!(machine.failed()[0].code, "b");
    assert_eq!(machine.attempt(), 2);
}

#[test]
fn no_code_is_a_failed_attempt() {
    let mut machine = model_writes();
    for _ in 0..2 {
        assert_eq!(machine.next(reply("")), Action::Brief);
        machine.next(brief());
    }
    assert_eq!(machine.next(reply("")), FAILED);
    assert_eq!(
        machine.failed()[2].ran.error_line,
        "NoCode: the model wrote no code"
    );
}

#[test]
fn the_same_code_with_the_same_error_is_not_tried_a_third_time() {
    let mut machine = given("a");
    machine.next(Event::Begin);
    machine.next(fails("E"));
    machine.next(brief());
    machine.next(reply("a"));
    assert_eq!(
        machine.next(fails("E")),
        Action::End(End::Failed(Some(Early::Repeated)))
    );
    // Another error, or other code, is another matter.
    for (code, error) in [("a", "F"), ("b", "E")] {
        let mut machine = given("a");
        machine.next(Event::Begin);
        machine.next(fails("E"));
        machine.next(brief());
        machine.next(reply(code));
        assert_eq!(machine.next(fails(error)), Action::Brief, "{code} {error}");
    }
}

#[test]
fn the_budget_of_tokens_ends_it_with_what_it_has() {
    let spent = Action::End(End::Failed(Some(Early::Tokens)));
    let mut machine = model_writes();
    machine.next(replied("a", false, 1000));
    assert_eq!(machine.next(fails("E")), spent);
    let mut machine = model_writes();
    machine.next(replied("a", false, 1000));
    assert_eq!(machine.next(ok()), SUCCEEDED);
    let mut machine = model_writes();
    machine.next(replied("a", false, 999));
    assert_eq!(machine.next(fails("E")), Action::Brief);
}

#[test]
fn a_model_that_fails_is_not_asked_again() {
    let gone = || Event::ModelFailed("gone".to_owned());
    let mut machine = model_writes();
    assert_eq!(
        machine.next(gone()),
        Action::End(End::ModelFailed("gone".to_owned()))
    );
    let mut machine = model_writes();
    machine.next(reply("a"));
    machine.next(ok());
    machine.next(Event::Reported(String::new()));
    assert_eq!(machine.next(gone()), SUCCEEDED);
}

#[test]
fn time_that_is_over_ends_it_with_what_it_has() {
    let mut machine = given("a");
    machine.next(Event::Begin);
    machine.next(fails("E"));
    machine.next(brief());
    assert_eq!(
        machine.next(Event::OutOfTime),
        Action::End(End::Failed(Some(Early::Time)))
    );
}

#[test]
fn nothing_runs_before_a_person_has_seen_it() {
    let plan = Plan {
        approve: true,
        ..plan()
    };
    let mut machine = Machine::new(plan, "a".to_owned());
    assert_eq!(machine.next(Event::Begin), Action::Check("a".to_owned()));
    let propose = |code: &str| Action::Propose(code.to_owned());
    assert_eq!(machine.next(Event::Checked(Verdict::Allowed)), propose("a"));
    // It may take days, and another instance.
    let kept = serde_json::to_string(&machine).unwrap();
    let mut machine: Machine = serde_json::from_str(&kept).unwrap();
    assert_eq!(
        machine.next(Event::Rejected("no".to_owned())),
        Action::Brief
    );
    assert_eq!(machine.failed()[0].ran.error_line, "Rejected: no");
    machine.next(brief());
    assert_eq!(machine.next(reply("b")), propose("b"));
    assert_eq!(
        machine.next(Event::Approved(Some("c".to_owned()))),
        run("c")
    );
    assert!(matches!(machine.next(ok()), Action::Report(_)));
}

#[test]
fn what_the_policy_refuses_does_not_run() {
    let plan = Plan {
        check: true,
        ..plan()
    };
    let mut machine = Machine::new(plan, "a".to_owned());
    machine.next(Event::Begin);
    let refused = Verdict::Refused(PythonError {
        value: "line 1".to_owned(),
        ..python_error("Refused")
    });
    assert_eq!(machine.next(Event::Checked(refused)), Action::Brief);
    assert_eq!(machine.failed()[0].ran.error_line, "Refused: line 1");
    machine.next(brief());
    assert_eq!(machine.next(reply("b")), Action::Check("b".to_owned()));
    assert_eq!(machine.next(Event::Checked(Verdict::Allowed)), run("b"));
    // The interpreter's own words are better than the checker's.
    let mut machine = Machine::new(
        Plan {
            check: true,
            run_given: false,
            ..self::plan()
        },
        "a".to_owned(),
    );
    machine.next(Event::Begin);
    machine.next(brief());
    machine.next(reply("("));
    let broken = Verdict::NotPython("SyntaxError: never closed".to_owned());
    assert_eq!(machine.next(Event::Checked(broken)), run("("));
}
