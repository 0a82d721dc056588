"""E2B's SDK once more, without waiting."""

import asyncio
import os

from e2b_code_interpreter import AsyncSandbox


async def main():
    sandbox = await AsyncSandbox.create()
    await sandbox.files.write("n", "20")
    code = "n = int(open('n').read())\nprint(n)\nn * "
    executions = await asyncio.gather(*(sandbox.run_code(f"{code}{i}") for i in range(3)))
    assert [execution.text for execution in executions] == ["0", "20", "40"], executions
    assert ["".join(execution.logs.stdout) for execution in executions] == ["20\n"] * 3, executions
    assert await sandbox.is_running()
    assert await sandbox.kill()


asyncio.run(main())
# All has held by now. The threads of the SDK's HTTP client (pyqwest 0.12) at times abort an interpreter that
# takes itself apart, one time in eight, so this one does not.
os._exit(0)
