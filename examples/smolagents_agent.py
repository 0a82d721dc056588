"""A smolagents agent whose Python runs in Vivarium instead of in its own process.

    pip install 'smolagents[openai]'
    export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_API_KEY=none MODEL=gpt-oss:20b
    python examples/smolagents_agent.py "What is the 1000th prime?"
"""

import os
import sys

from smolagents import OpenAIModel, Tool, ToolCallingAgent
from vivarium import Vivarium

vivarium = Vivarium()  # one session: the files of one step are there in the next


class PythonCoder(Tool):
    name = "python_coder"
    # What the model reads is Vivarium's own description, with the packages and limits in force.
    description = vivarium.schema()["function"]["description"]
    inputs = {"code": {"type": "string", "description": "Python source"}}
    output_type = "string"

    def forward(self, code: str) -> str:
        return vivarium.run(code=code)


if __name__ == "__main__":
    model = OpenAIModel(
        model_id=os.environ.get("MODEL", "gpt-oss:20b"),
        api_base=os.environ["OPENAI_BASE_URL"],
        api_key=os.environ["OPENAI_API_KEY"],
    )
    agent = ToolCallingAgent(tools=[PythonCoder()], model=model, max_steps=10, verbosity_level=0)
    print(agent.run(sys.argv[1]))
