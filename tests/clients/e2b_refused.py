"""What E2B's SDK can ask for and not get: each is refused, and says what it was."""

from e2b_code_interpreter import Sandbox
from e2b.exceptions import SandboxException

sandbox = Sandbox.create()
REFUSED = {
    "`r` can't be run": lambda: sandbox.run_code("1", language="r"),
    "`envs` is not supported": lambda: sandbox.run_code("1", envs={"A": "b"}),
    "`cwd` can't be `/tmp`": lambda: sandbox.create_code_context(cwd="/tmp"),
    "`javascript` can't be run": lambda: sandbox.create_code_context(language="javascript"),
    "there is no template `other`": lambda: Sandbox.create("other"),
    "`metadata` is not supported": lambda: Sandbox.create(metadata={"a": "b"}),
    "`allow_internet_access` is not supported": lambda: Sandbox.create(allow_internet_access=True),
    "/process.Process/Start": lambda: sandbox.commands.run("ls"),
    "/process.Process/List": lambda: sandbox.commands.list(),
    "/filesystem.Filesystem/MakeDir": lambda: sandbox.files.make_dir("a"),
    "/filesystem.Filesystem/Move": lambda: sandbox.files.rename("a", "b"),
    "/filesystem.Filesystem/CreateWatcher": lambda: sandbox.files.watch_dir("."),
    "/pause": sandbox.pause,
    "/fork": sandbox.fork,
    "/snapshots": sandbox.create_snapshot,
    "/metrics": sandbox.get_metrics,
}
for message, ask in REFUSED.items():
    try:
        ask()
    except SandboxException as refused:
        assert message in str(refused), refused
        continue
    raise AssertionError(f"it was not refused: {message}")
sandbox.kill()
