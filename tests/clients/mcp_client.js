// Does with the official TypeScript clients what an agent would, and prints what it saw as JSON.
//
// usage: MODULES=FOLDER node mcp_client.js 2025|2026 URL
//        MODULES=FOLDER node mcp_client.js 2025|2026 COMMAND ARGUMENTS...

const { createRequire } = require("node:module");
const { join } = require("node:path");

// The packages are not beside this file.
const from = createRequire(join(process.env.MODULES, "here.js"));
const [year, first, ...rest] = process.argv.slice(2);

function load() {
  if (year === "2025") {
    const { Client } = from("@modelcontextprotocol/sdk/client/index.js");
    const { StreamableHTTPClientTransport } = from("@modelcontextprotocol/sdk/client/streamableHttp.js");
    const { StdioClientTransport } = from("@modelcontextprotocol/sdk/client/stdio.js");
    // Between the two are the schema of the result, which has a default, and the options.
    const callTool = (client, params, options) => client.callTool(params, undefined, options);
    return { Client, StreamableHTTPClientTransport, StdioClientTransport, callTool, options: {} };
  }
  const { Client, StreamableHTTPClientTransport } = from("@modelcontextprotocol/client");
  const { StdioClientTransport } = from("@modelcontextprotocol/client/stdio");
  const callTool = (client, params, options) => client.callTool(params, options);
  const options = { versionNegotiation: { mode: { pin: "2026-07-28" } } };
  return { Client, StreamableHTTPClientTransport, StdioClientTransport, callTool, options };
}

const SLOW = `import time
for number in range(3):
    print(number, flush=True)
    time.sleep(0.15)
{'numbers': [0, 1, 2]}`;
const FIGURE = `import matplotlib.pyplot as plt
plt.plot([1, 2])
open('made.csv', 'w').write('a,b\\n')`;
const ENDLESS = `open('started', 'w').close()
while True: pass`;

async function main() {
  const { Client, StreamableHTTPClientTransport, StdioClientTransport, callTool, options } = load();
  const client = new Client({ name: "test", version: "1" }, options);
  const transport = first.startsWith("http")
    ? new StreamableHTTPClientTransport(new URL(first))
    : new StdioClientTransport({ command: first, args: rest });
  await client.connect(transport);
  const call = (name, args, options) => callTool(client, { name, arguments: args }, options);
  const seen = {};
  seen.tools = (await client.listTools()).tools.map((tool) => tool.name);

  const told = [];
  const onprogress = ({ message }) => told.push(message);
  let result = await call("python_coder", { code: SLOW }, { onprogress });
  seen.progress = told.filter((text) => /^[0-9\s]*$/.test(text)).join("");
  seen.result = result.structuredContent.result;
  seen.is_error = result.isError;

  result = await call("execute_code", { code: FIGURE });
  const session = result.structuredContent.session_id;
  seen.content = result.content.map((content) => content.type);
  seen.picture = result.content.find((content) => content.type === "image").mimeType;
  const link = result.content.find((content) => content.name === "made.csv");
  seen.csv = (await client.readResource({ uri: link.uri })).contents[0].text;
  seen.listed = (await client.listResources()).resources.some((file) => file.name === "made.csv");
  seen.templates = (await client.listResourceTemplates()).resourceTemplates.map((template) => template.uriTemplate);

  result = await call("python_coder", { code: "1 / 0" });
  seen.error = [result.isError, result.content[0].text.split("\n")[0]];

  const stop = new AbortController();
  const endless = call("python_coder", { code: ENDLESS, session_id: session }, { signal: stop.signal });
  const ended = endless.then(() => "it ended", () => "it was given up");
  for (;;) {
    try {
      await client.readResource({ uri: `vivarium://sessions/${session}/files/started` });
      break;
    } catch (error) {
      if (!error.message.includes("no resource")) throw error;
    }
  }
  stop.abort();
  if ((await ended) !== "it was given up") throw new Error("the call was not given up");
  seen.cancelled = session;
  // Another call goes on as if nothing had been.
  const since = Date.now();
  await call("python_coder", { code: "print('after')", session_id: session });
  seen.goes_on = Date.now() - since < 10_000;
  console.log(JSON.stringify(seen));
  await client.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
