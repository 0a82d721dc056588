"""A ReAct agent as a LangGraph graph: the model and the tool take turns until the model calls no tool.

    pip install langgraph langchain-openai
    export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_API_KEY=none MODEL=gpt-oss:20b
    python examples/langgraph_agent.py "What is the 1000th prime?"
"""

import os
import sys

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from vivarium import Vivarium

vivarium = Vivarium()  # one session: the files of one turn are there in the next


# What the model reads is Vivarium's own description, with the packages and limits in force.
@tool("python_coder", description=vivarium.schema()["function"]["description"])
def python_coder(code: str) -> str:
    return vivarium.run(code=code)


model = ChatOpenAI(model=os.environ.get("MODEL", "gpt-oss:20b")).bind_tools([python_coder])


def think(state: MessagesState):
    return {"messages": [model.invoke(state["messages"])]}


graph = StateGraph(MessagesState)
graph.add_node("think", think)
graph.add_node("tools", ToolNode([python_coder]))
graph.add_edge(START, "think")
graph.add_conditional_edges("think", tools_condition)  # to the tool if it is called, to the end if not
graph.add_edge("tools", "think")
agent = graph.compile()

if __name__ == "__main__":
    messages = [
        ("system", "Work it out by running Python. When you know, answer in one sentence."),
        ("user", sys.argv[1]),
    ]
    final = agent.invoke({"messages": messages}, {"recursion_limit": 20})
    print(final["messages"][-1].content)
