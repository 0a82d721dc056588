"""E2B's SDK reads and writes files, and programs see the same ones."""

import io

from e2b_code_interpreter import Sandbox
from e2b.exceptions import FileNotFoundException, InvalidArgumentException

sandbox = Sandbox.create()
files = sandbox.files

written = files.write("data/ü.csv", "a\n1\n")
assert written.path == "/workspace/data/ü.csv" and written.name == "ü.csv", written
assert sandbox.run_code(f"open({written.path!r}).read()").text == "a\\n1\\n"
assert sandbox.run_code("open('data/ü.csv').read(); open('made', 'wb').write(bytes(256))").error is None
assert files.read("/workspace/made", format="bytes") == bytes(256)
assert b"".join(files.read("made", format="stream")) == bytes(256)

several = files.write_files([{"path": "b/1", "data": "1"}, {"path": "/workspace/b/c/2", "data": b"2"}])
assert [file.path for file in several] == ["/workspace/b/1", "/workspace/b/c/2"], several
assert (files.read("b/1"), files.read("b/c/2")) == ("1", "2")

# Larger than a request may be elsewhere, and never whole in memory.
large = bytes(range(256)) * (11 << 12)
files.write("large", io.BytesIO(large))
assert files.read("large", format="bytes") == large
files.write("large", large[1:])
assert files.get_info("large").size == len(large) - 1

assert [entry.name for entry in files.list("b")] == ["1", "c"], files.list("b")
assert [entry.path for entry in files.list("/workspace/b", depth=2)][-1] == "/workspace/b/c/2"
assert files.exists("b/c") and files.exists("made") and not files.exists("nothing")
assert files.get_info("b").type.value == "dir" and files.get_info("made").size == 256

files.remove("b")
assert not files.exists("b/1") and not files.exists("b")
files.remove("made")

for fails, error in [
    (lambda: files.read("made"), FileNotFoundException),
    (lambda: files.remove("made"), FileNotFoundException),
    (lambda: files.list("made"), FileNotFoundException),
    (lambda: files.read("/home/user/made"), InvalidArgumentException),
    (lambda: files.write("../made", "1"), InvalidArgumentException),
    (lambda: files.write("made", "1", gzip=True), InvalidArgumentException),
]:
    try:
        fails()
    except error:
        continue
    raise AssertionError(f"no {error.__name__}")
sandbox.kill()
