"""An agent on LangGraph."""

import os

from langchain_aws import ChatBedrockConverse
from langchain_core.language_models import BaseChatModel
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from scripted_model import ScriptedModel
from streaming_agent import StreamingAgent, from_langgraph

name = os.environ["AGENT_MODEL"]
model: BaseChatModel = ScriptedModel() if name == "scripted" else ChatBedrockConverse(model=name)


async def think(state: MessagesState) -> MessagesState:
    return {"messages": [await model.ainvoke(state["messages"])]}


graph = StateGraph(MessagesState).add_node(think).add_edge(START, "think")
memory = InMemorySaver()
app = StreamingAgent(from_langgraph(lambda context: graph.compile(checkpointer=memory)))

if __name__ == "__main__":
    app.run()
