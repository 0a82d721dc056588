//! Every shape in which models write code: each is understood, streamed and as one object.

use super::{INSTRUCTION, ends_well, scripted, scripted_with};
use crate::harness::Say;

/// Names replies, and makes a test of each: its program runs, and prints `hi`.
macro_rules! understood {
    ($($name:ident: $say:expr;)*) => {
        $(
            #[test]
            fn $name() {
                prints_hi($say);
            }
        )*
    };
}

understood! {
    a_fence_with_its_language: Say::text("```python\nprint('hi')\n```");
    a_fence_with_a_short_language: Say::text("```py\nprint('hi')\n```");
    a_fence_with_a_version: Say::text("```python3\nprint('hi')\n```");
    a_fence_in_capitals: Say::text("``` Python\nprint('hi')\n```");
    a_fence_without_a_language: Say::text("```\nprint('hi')\n```");
    a_fence_of_tildes: Say::text("~~~python\nprint('hi')\n~~~");
    a_fence_of_tildes_around_backticks: Say::text("~~~python\nprint('''\n```\nhi'''.split()[-1])\n~~~");
    a_longer_fence_around_a_fence: Say::text("````python\nprint('''\n```\nhi'''.split()[-1])\n````");
    a_fence_in_prose: Say::code("print('hi')");
    a_fence_in_a_list: Say::text("1. Say it:\n   ```python\n   for word in ['hi']:\n       print(word)\n   ```");
    a_fence_with_the_line_ends_of_windows: Say::text("Well:\r\n```python\r\nprint('hi')\r\n```\r\n");
    a_bare_program: Say::text("print('hi')");
    a_bare_program_of_several_lines: Say::text("import sys\n\nfor word in ['hi']:\n    print(word)\n");
    several_blocks_are_one_program_in_order: Say::text("First:\n```python\nword = 'hi'\n```\nand then:\n```python\nprint(word)\n```");
    a_block_of_another_language_is_none: Say::text("Run:\n```bash\npip install words\n```\nand:\n```python\nprint('hi')\n```\nIt prints:\n```text\nhi\n```");
    a_reply_cut_short: Say::cut_short("print('hi')");
    a_reply_cut_short_after_a_whole_line: Say::cut_short("print('hi')\n");
    a_tool_call: Say::tool_call("print('hi')");
    a_tool_call_with_several_lines_and_quotes: Say::tool_call("for word in [\"hi\"]:\n    print(f\"{word}\")");
    a_reply_in_any_script: Say::text("Größe 漢字 🐍\n```python\nprint('Größe 漢字 🐍hi'[-2:])\n```");
    thoughts_in_a_field: Say::code("print('hi')").thinking("reasoning_content", "```python\nprint('a thought')\n```");
    thoughts_in_another_field: Say::code("print('hi')").thinking("reasoning", "```python\nprint('a thought')\n```");
    thoughts_in_the_content: Say::text("<think>\nPerhaps\n```python\nprint('a thought')\n```\n</think>\n```python\nprint('hi')\n```");
    thoughts_that_open_a_fence: Say::text("<think>\n```python\nprint('a thought')\n</think>\n```python\nprint('hi')\n```");
    thoughts_before_a_bare_program: Say::text("<think>It is easy.</think>\nprint('hi')");
    thoughts_before_a_tool_call: Say::tool_call("print('hi')").thinking("reasoning_content", "I should call it.");
    a_reply_without_usage: Say::code("print('hi')").without_usage();
}

#[track_caller]
fn prints_hi(say: Say) {
    let over = || Say::text("It is done.");
    let (model, server) = scripted([say.clone(), over(), say.whole(), over()]);
    ends_well(server.run(INSTRUCTION), 1, "hi\n");
    ends_well(server.run(INSTRUCTION), 1, "hi\n");
    model.was_asked(4);
}

/// Names replies in which there is no program, and makes a test of each.
macro_rules! without_code {
    ($($name:ident: $say:expr;)*) => {
        $(
            #[test]
            fn $name() {
                has_no_code($say);
            }
        )*
    };
}

without_code! {
    prose: Say::text("I am sorry, I can't do that.");
    nothing: Say::text("");
    an_empty_block: Say::text("```python\n```");
    thoughts_alone: Say::text("Hm.").thinking("reasoning_content", "```python\nprint('a thought')\n```");
    thoughts_alone_in_the_content: Say::text("<think>\n```python\nprint('a thought')\n```\n</think>\nHm.");
    thoughts_without_an_end: Say::text("<think>\n```python\nprint('a thought')\n```");
    content_that_is_null: Say::raw(200, "application/json", "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": null}}]}");
    a_tool_call_without_code: Say::raw(200, "application/json", "{\"choices\": [{\"message\": {\"tool_calls\": [{\"function\": {\"name\": \"python_coder\", \"arguments\": \"{}\"}}]}}]}");
    another_language_alone: Say::text("```bash\nrm -rf /\n```");
}

#[track_caller]
fn has_no_code(say: Say) {
    let once = [("python_coder_max_retries", "1")];
    let (model, server) = scripted_with([say.clone(), say.whole()], &once);
    for _ in 0..2 {
        let reply = server
            .run(INSTRUCTION)
            .fails("Failed after 1 attempt: NoCode: the model wrote no code");
        assert_eq!(reply.data.stdout, "", "\n{reply}");
    }
    model.was_asked(2);
}

/// There are servers, and models, that can't stream.
#[test]
fn a_server_that_will_not_stream_is_asked_again_without() {
    let (model, server) = scripted([
        Say::refusal(400, "Streaming is not supported for this model"),
        Say::done("print('hi')").whole(),
    ]);
    ends_well(server.run(INSTRUCTION), 1, "hi\n");
    let requests = model.requests();
    assert_eq!(requests.len(), 2, "{requests:#?}");
    assert_eq!(requests[0].body["stream"], true, "{requests:#?}");
    assert_ne!(requests[1].body["stream"], true, "{requests:#?}");
    assert_eq!(requests[0].messages(), requests[1].messages());
}
