"""E2B's SDK makes, finds and ends sandboxes, and has contexts in them."""

from e2b_code_interpreter import Sandbox
from e2b.exceptions import NotFoundException, SandboxException, SandboxNotFoundException

sandbox = Sandbox.create(timeout=60)
info = sandbox.get_info()
assert info.sandbox_id == sandbox.sandbox_id and info.state.value == "running", info
sandbox.set_timeout(1)

pages = Sandbox.list(limit=1)
listed = set()
while pages.has_next:
    listed.update(info.sandbox_id for info in pages.next_items())
assert sandbox.sandbox_id in listed, listed

first, = sandbox.list_code_contexts()
context = sandbox.create_code_context(language="python", cwd="/workspace")
assert (context.language, context.cwd) == ("python", "/workspace"), context
assert {c.id for c in sandbox.list_code_contexts()} == {first.id, context.id}
for one in [first, context]:
    assert sandbox.run_code("1 + 1", context=one).text == "2"
sandbox.restart_code_context(context)
sandbox.remove_code_context(context)
assert [c.id for c in sandbox.list_code_contexts()] == [first.id]
for fails in [
    lambda: sandbox.run_code("1", context=context),
    lambda: sandbox.remove_code_context(context),
    lambda: sandbox.restart_code_context(context),
]:
    try:
        fails()
    except NotFoundException:
        continue
    raise AssertionError("the context is still there")

assert sandbox.kill() and not sandbox.kill()
assert not sandbox.is_running()
for fails, error in [
    (lambda: sandbox.run_code("1"), "was not found"),
    (lambda: sandbox.files.read("a"), "was not found"),
    (lambda: sandbox.files.exists("a"), "was not found"),
    (lambda: sandbox.get_info(), "not found"),
    (lambda: Sandbox.connect(sandbox.sandbox_id), "not found"),
]:
    try:
        fails()
    except (SandboxException, SandboxNotFoundException) as refused:
        assert error in str(refused), refused
        continue
    raise AssertionError("the sandbox is still there")
