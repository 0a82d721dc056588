//! What an answer is made of.

use serde_json::{Value, json};

use super::Client;
use crate::harness::Server;

#[test]
fn a_final_value_is_json_where_it_can_be() {
    let client = Client::connect(Server::shared().http());
    for (code, value) in [
        (
            "{'a': [1, (2.5, None)], 'b': True}",
            json!({ "a": [1, [2.5, null]], "b": true }),
        ),
        ("'text'", json!("text")),
        ("import numpy\nnumpy.arange(3)", Value::Null),
        ("print('hi')", Value::Null),
    ] {
        let result = client.call(json!({ "code": code }));
        assert_eq!(result["structuredContent"]["result"], value, "{result:#}");
    }
}

#[test]
fn a_figure_is_a_picture_and_a_file_is_a_link() {
    let client = Client::connect(Server::shared().http());
    let code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nopen('a b.csv', 'w').write('x')";
    let result = client.call(json!({ "code": code }));
    let content = result["content"].as_array().unwrap();
    let picture = &content[1];
    assert_eq!(picture["type"], "image", "{content:?}");
    assert_eq!(picture["mimeType"], "image/png", "{content:?}");
    assert!(picture["data"].as_str().unwrap().starts_with("iVBOR"));
    let link = &content[2];
    assert_eq!(link["type"], "resource_link", "{content:?}");
    let uri = format!("vivarium://sessions/{}/files/a%20b.csv", client.session);
    assert_eq!(link["uri"], uri, "{content:?}");
    let files = &result["structuredContent"]["files"];
    assert_eq!(files[0], "a b.csv", "{files}");
    let figure = files[1].as_str().unwrap();
    assert!(
        figure.ends_with("_1.png") && content[3]["name"] == figure,
        "{result:#}"
    );
}

#[test]
fn pictures_that_are_too_large_for_a_message_are_files_alone() {
    let client = Client::connect(Server::shared().http());
    let code = "import numpy, matplotlib.pyplot as plt\n\
                plt.imsave('big.png', numpy.random.rand(900, 900, 3))\n\
                class Big:\n    def _repr_png_(self): return open('big.png', 'rb').read()\nBig()";
    let result = client.call(json!({ "code": code }));
    let content = result["content"].as_array().unwrap();
    let kinds: Vec<_> = content.iter().map(|content| &content["type"]).collect();
    assert_eq!(kinds, ["text", "resource_link"], "{kinds:?}");
}

#[test]
fn a_program_that_fails_is_a_result() {
    let client = Client::connect(Server::shared().http());
    let result = client.call(json!({ "code": "1 / 0" }));
    assert_eq!(result["isError"], true, "{result:#}");
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("ZeroDivisionError: division by zero"),
        "{text}"
    );
    assert_eq!(result["structuredContent"]["success"], false);
}
