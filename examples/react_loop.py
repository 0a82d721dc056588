"""A ReAct agent without a framework: a model thinks, runs Python in Vivarium, reads what came of it, and goes on.

    pip install openai
    export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_API_KEY=none MODEL=gpt-oss:20b
    python examples/react_loop.py "What is the 1000th prime?"
"""

import json
import os
import sys

from openai import OpenAI
from vivarium import Vivarium

MAX_TURNS = 10


def answer(question):
    model, vivarium = OpenAI(), Vivarium()  # one session: the files of one turn are there in the next
    messages = [
        {"role": "system", "content": "Work it out by running Python. When you know, answer in one sentence."},
        {"role": "user", "content": question},
    ]
    for _ in range(MAX_TURNS):
        reply = model.chat.completions.create(
            model=os.environ.get("MODEL", "gpt-oss:20b"), messages=messages, tools=[vivarium.schema()]
        )
        message = reply.choices[0].message
        messages.append(message.model_dump(exclude_none=True))
        if not message.tool_calls:
            return message.content
        for call in message.tool_calls:
            try:
                observation = vivarium.run(**json.loads(call.function.arguments))
            except (ValueError, TypeError) as error:  # models do write arguments that are none
                observation = f"The arguments are not a JSON object: {error}"
            print(f"--- {call.function.arguments}\n{observation}", file=sys.stderr)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": observation})
    return f"No answer in {MAX_TURNS} turns."


if __name__ == "__main__":
    print(answer(sys.argv[1]))
