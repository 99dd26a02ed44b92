"""Walks as event files: one JSON event a line, gzipped, episode by episode."""
import copy
import gzip
import json
import random


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


def call(name, **arguments):
    return {"name": name, "arguments": arguments}


def walk(steps, state, act):
    """`act()`: an action that was done; null where there is nothing more to do. `state()`: as JSON that is kept."""
    start, done = copy.deepcopy(state()), []
    for _ in range(steps):
        action = act()
        if action is None:
            break
        done.append((action, copy.deepcopy(state())))
    return start, done


def record(folder, worlds, chosen):
    """`worlds`: by name what makes a walk (its agent, first state and steps), and how many are learnt and tested. All where none is chosen."""
    for name, (make, train, test) in worlds.items():
        if not chosen or name in chosen:
            write(f"{folder}/{name}-train.jsonl.gz", drawn(name, make, train, 1))
            write(f"{folder}/{name}-test.jsonl.gz", drawn(name, make, test, 2))


def drawn(name, make, count, seed):
    for number in range(count):
        draw = random.Random(f"{name} {seed} {number}")
        agent, start, steps = make(draw, number)
        yield name, f"{seed}-{number}", agent, start, steps
