"""E2B's code interpreter runs code: output, results, figures, errors, callbacks, a deadline."""

import time

from e2b_code_interpreter import Sandbox
from e2b.exceptions import TimeoutException

with Sandbox.create() as sandbox:
    assert sandbox.is_running()

    seen = []
    code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\n'te' + 'xt'"
    execution = sandbox.run_code(code, on_stdout=seen.append, on_stderr=seen.append, on_result=seen.append)
    assert "".join(execution.logs.stdout) == "out\n", execution
    assert "".join(execution.logs.stderr) == "err\n", execution
    assert execution.text == "text", execution
    assert execution.error is None, execution
    assert execution.execution_count == 1, execution
    assert {type(thing).__name__ for thing in seen} == {"OutputMessage", "Result"}, seen
    assert abs(seen[0].timestamp / 1e9 - time.time()) < 60, seen[0]

    execution = sandbox.run_code("import pandas as pd\npd.DataFrame({'a': [1, 2]})", language="python")
    assert execution.execution_count == 2, execution
    assert "<table" in execution.results[0].html, execution.results

    execution = sandbox.run_code("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n6 * 7")
    figure, value = execution.results
    assert figure.png.startswith("iVBOR") and not figure.is_main_result, figure.formats()
    assert value.text == execution.text == "42", value

    errors = []
    execution = sandbox.run_code("print('before')\n1 / 0", on_error=errors.append)
    assert execution.error.name == "ZeroDivisionError", execution.error
    assert execution.error.value == "division by zero", execution.error
    assert "line 2" in execution.error.traceback, execution.error
    assert errors == [execution.error] and "".join(execution.logs.stdout) == "before\n", execution

    # What a program takes long for and never says anything of.
    assert sandbox.run_code("import time\ntime.sleep(0.3)\n1").text == "1"

    # Every call is an interpreter of its own: the one thing that is otherwise than at E2B.
    sandbox.run_code("x = 1")
    assert sandbox.run_code("x").error.name == "NameError"

    try:
        sandbox.run_code("while True: pass", timeout=1)
        raise AssertionError("it was waited for")
    except TimeoutException:
        pass
    assert sandbox.run_code("'still there'").text == "still there"
    Sandbox.connect(sandbox.sandbox_id).run_code("open('kept.txt', 'w').write('kept')")
    assert sandbox.files.read("kept.txt") == "kept"

assert not sandbox.is_running()

# What is hung up on ends, and does not keep its sandbox from being killed.
try:
    with Sandbox.create() as sandbox:
        sandbox.run_code("while True: pass", timeout=1)
    raise AssertionError("it was waited for")
except TimeoutException:
    pass
assert not sandbox.is_running()
