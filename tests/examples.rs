//! The agents of `examples/`, each with the real library from its registry, asking a scripted model.

use serde_json::{Value, json};

use crate::harness::{Asked, Ended, MODEL, ModelServer, Say, Server, client};

const QUESTION: &str = "What is six times seven?";
const KNOWN: &str = "It is 42.";

#[test]
fn a_plain_loop() {
    let said = [Say::text(KNOWN)];
    let (ended, asked) = ask("react_loop.py", said);
    assert_eq!(ended.stdout, format!("{KNOWN}\n"), "\n{ended}");
    assert_eq!(observations(&asked[3]).len(), 3, "{asked:#?}");
}

#[test]
fn a_plain_loop_survives_arguments_that_are_none() {
    let said = [
        Say::calls("python_coder", &json!("print(1)")),
        Say::calls("python_coder", &json!({ "timeout": 1 })),
        Say::text(KNOWN),
    ];
    let (ended, asked) = ask("react_loop.py", said);
    assert_eq!(ended.stdout, format!("{KNOWN}\n"), "\n{ended}");
    let [.., not_an_object, no_code] = &observations(&asked[5])[..] else {
        panic!("{asked:#?}");
    };
    assert!(
        not_an_object.contains("not a JSON object"),
        "{not_an_object}"
    );
    assert!(no_code.contains("`code` is missing"), "{no_code}");
}

#[test]
fn a_graph() {
    let (ended, _) = ask("langgraph_agent.py", [Say::text(KNOWN)]);
    assert_eq!(ended.stdout, format!("{KNOWN}\n"), "\n{ended}");
}

#[test]
fn a_small_agent() {
    let said = [Say::calls("final_answer", &json!({ "answer": KNOWN }))];
    let (ended, _) = ask("smolagents_agent.py", said);
    assert_eq!(ended.stdout, format!("{KNOWN}\n"), "\n{ended}");
}

/// Runs an agent that writes a file, fails, reads the file, and then goes on with `said`; checks that it saw what
/// came of that, and gives what it was told.
#[track_caller]
fn ask(example: &str, said: impl IntoIterator<Item = Say>) -> (Ended, Vec<Asked>) {
    let work = [
        Say::tool_call("open('n.txt', 'w').write('7')\nprint('written')"),
        Say::tool_call("print(6 * n)"),
        Say::tool_call("print(6 * int(open('n.txt').read()))"),
    ];
    let model = ModelServer::replying(work.into_iter().chain(said));
    let vivarium = format!("http://{}", Server::shared().process().address());
    let script = format!("examples/{example}");
    let environment = [
        ("OPENAI_BASE_URL", model.url()),
        ("OPENAI_API_KEY", "none".to_owned()),
        ("MODEL", MODEL.to_owned()),
        ("VIVARIUM_URL", vivarium),
    ];
    let environment = environment
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let ended = client(&[&script, QUESTION], &environment).expect(0);
    let asked = model.requests();

    let tools = asked[0].body["tools"].as_array().unwrap();
    let is_ours = |tool: &&Value| tool["function"]["name"] == "python_coder";
    let description = &tools.iter().find(is_ours).unwrap()["function"]["description"];
    assert!(
        description.as_str().unwrap().contains("pandas"),
        "{description}"
    );
    assert_eq!(asked[0].body["model"], MODEL);
    let [written, failed, read] = &observations(&asked[3])[..] else {
        panic!("{asked:#?}");
    };
    assert!(written.contains("written"), "{written}");
    assert!(failed.contains("NameError"), "{failed}");
    assert!(read.contains("42"), "{read}");
    (ended, asked)
}

/// What the model is told of its calls: in messages of the tool's, or in words.
fn observations(asked: &Asked) -> Vec<String> {
    let messages = asked.body["messages"].as_array().unwrap();
    let texts = messages.iter().filter_map(|message| {
        let content = &message["content"];
        let text = content.as_str().or(content[0]["text"].as_str())?;
        let is_told = message["role"] == "tool" || text.starts_with("Observation:");
        is_told.then(|| text.to_owned())
    });
    texts.collect()
}
