"""Walks as event files: one JSON event a line, gzipped, episode by episode."""
import gzip
import json


def write(path, episodes):
    """`episodes`: of each its environment, task, agent, first state, and steps (action and the state that follows)."""
    with gzip.open(path, "wt") as file:
        for number, (environment, task, agent, start, steps) in enumerate(episodes):
            episode = f"{path.rsplit('/', 1)[-1].removesuffix('.jsonl.gz')}-{number}"
            head = {"type": "reset", "episode": episode, "environment": environment, "task": task, "arm": "real"}
            file.write(json.dumps({**head, "agent": {"name": agent}, "state": start}) + "\n")
            for at, (action, state) in enumerate(steps):
                step = {"type": "step", "episode": episode, "step": at, "action": action, "state": state}
                file.write(json.dumps(step) + "\n")
            file.write(json.dumps({"type": "end", "episode": episode, "reason": "end of recording"}) + "\n")
