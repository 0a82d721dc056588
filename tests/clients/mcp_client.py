"""Does with the official Python client what an agent would, and prints what it saw as JSON.

usage: mcp_client.py auto|legacy URL
       mcp_client.py auto|legacy COMMAND ARGUMENTS...
"""

import json
import sys
import time

import anyio
from mcp import Client, StdioServerParameters

SLOW = "import time\nfor number in range(3):\n    print(number, flush=True)\n    time.sleep(0.15)\n{'numbers': [0, 1, 2]}"
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nopen('made.csv', 'w').write('a,b\\n')"
ENDLESS = "open('started', 'w').close()\nwhile True: pass"


async def main(mode, server):
    seen = {}
    async with Client(server, mode=mode) as client:
        tools = (await client.list_tools()).tools
        seen["tools"] = [tool.name for tool in tools]

        progress = []

        async def note(number, total, message):
            progress.append(message)

        result = await client.call_tool("python_coder", {"code": SLOW}, progress_callback=note)
        seen["progress"] = "".join(text for text in progress if not text.strip() or text.strip().isdigit())
        seen["result"] = result.structured_content["result"]
        seen["is_error"] = result.is_error

        result = await client.call_tool("execute_code", {"code": FIGURE})
        session = result.structured_content["session_id"]
        seen["content"] = [content.type for content in result.content]
        picture = next(content for content in result.content if content.type == "image")
        seen["picture"] = picture.mime_type
        links = {content.name: content.uri for content in result.content if content.type == "resource_link"}
        seen["csv"] = (await client.read_resource(links["made.csv"])).contents[0].text
        seen["listed"] = "made.csv" in [file.name for file in (await client.list_resources()).resources]
        seen["templates"] = [template.uri_template for template in (await client.list_resource_templates()).resource_templates]

        result = await client.call_tool("python_coder", {"code": "1 / 0"})
        seen["error"] = [result.is_error, result.content[0].text.splitlines()[0]]

        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "python_coder", {"code": ENDLESS, "session_id": session})
            started = f"vivarium://sessions/{session}/files/started"
            while True:
                try:
                    await client.read_resource(started)
                    break
                except Exception as error:
                    if "no resource" not in str(error):
                        raise
            group.cancel_scope.cancel()
        seen["cancelled"] = session
        # Another call goes on as if nothing had been.
        since = time.monotonic()
        await client.call_tool("python_coder", {"code": "print('after')", "session_id": session})
        seen["goes_on"] = time.monotonic() - since < 10
    print(json.dumps(seen))


mode, first, *rest = sys.argv[1:]
server = first if first.startswith("http") else StdioServerParameters(command=first, args=rest)
anyio.run(main, mode, server)
