"""The Python prototype of lifted edits on recorded walks, for comparison: learns from one file of events, predicts the steps of another.

    python3 test/bench/prototype.py PROTOTYPE TRAIN.jsonl.gz TEST.jsonl.gz

PROTOTYPE is the folder of its sources (lib.py, ptree.py, …). Needs numpy, scipy, scikit-learn and jsonpatch. It sees the objects of a state
alone, so it is judged on those: exact next objects, in one stage and with the action's change and the world's own tick learnt apart. States
of the tested steps are read for the schema. Runs differ, since Python's sets have another order in each.
"""
import gzip
import json
import os
import sys
import tempfile
import time

PROTOTYPE, TRAIN, TEST = (os.path.abspath(path) for path in sys.argv[1:4])
sys.path.insert(0, PROTOTYPE)
os.chdir(tempfile.mkdtemp())
os.mkdir("data")  # The prototype lists this folder when it is imported.

import jsonpatch  # noqa: E402
import lib  # noqa: E402
from ptree import PModel, Tok, build, choose_labels, evaluate, items_of, make_spec, run_predict, summ  # noqa: E402


def steps(path):
    """(game, action, state, state after the action, state after the tick, next free id) of each step."""
    state, game, free = {}, {}, {}
    with gzip.open(path, "rt") as lines:
        for line in lines:
            event = json.loads(line)
            episode = event["episode"]
            if event["type"] == "reset":
                state[episode], game[episode] = event["state"], event["context"]["game"]
                free[episode] = 1 + max(thing["uuid"] for thing in event["state"]["objects"])
            elif event["type"] == "step":
                before = state[episode]
                after = jsonpatch.apply_patch(before, event["patch"])
                between = event.get("intermediatePatch")
                middle = after if between is None else jsonpatch.apply_patch(before, between)
                yield game[episode], event["action"], before, middle, after, free[episode]
                state[episode] = after
                free[episode] = max([free[episode]] + [1 + thing["uuid"] for one in (middle, after) for thing in one["objects"]])


def games(train, test):
    """The prototype's own form: a game has its states, canonical states, and transitions by the numbers of states."""
    found, schema, words = {}, {}, set()
    for part, path in (("train", train), ("test", test)):
        for number, (name, action, before, middle, after, free) in enumerate(steps(path)):
            if name not in found:
                made = found[name] = lib.Game()
                made.name, made.raw, made.index, made.train, made.test = name, [], {}, [], []
            game = found[name]

            def place(state):
                text = lib.dumps_(state["objects"])
                if text not in game.index:
                    game.index[text] = len(game.raw)
                    game.raw.append(json.loads(text))
                return game.index[text]

            score = lambda state: [state["score"], state["gameOver"], state["gameWon"]]  # noqa: E731
            transition = [number, action, place(before), place(middle), place(after), score(before), score(after), free]
            getattr(game, part).append(transition)
    for game in found.values():
        unique = {}
        for one in game.train:
            unique.setdefault((one[2], one[1]), one)
        game.train = list(unique.values())
        lib.schema_scan(game.raw, schema)
        for objects in game.raw:
            for thing in objects:
                for value in thing["properties"].values():
                    if isinstance(value, dict):
                        words.update(key for key in value if " " not in key)
    for game in found.values():
        game.E = [lib.canon(objects, schema) for objects in game.raw]
        game.names = [sorted(((thing["name"], thing["uuid"]) for thing in objects), key=lambda one: -len(one[0])) for objects in game.raw]
        for before, after in {(one[2], one[4]) for one in game.train if one[2] != one[4]}:
            for thing, old in game.E[before].items():
                new = game.E[after].get(thing, {})
                for key, value in old.items():
                    pair = (value, new.get(key))
                    if key[0] not in "@^" and all(isinstance(word, str) for word in pair) and pair[0] != pair[1]:
                        words.update(word for word in pair if " " not in word and len(word) > 1)
    return list(found.values()), words


def main():
    found, words = games(TRAIN, TEST)
    print("steps learnt", sum(len(game.train) for game in found), "tried", sum(len(game.test) for game in found), flush=True)
    tokens, specs, models = Tok(), {}, {}
    for stage in ("act", "env", "full"):
        start = time.process_time()
        specs[stage] = make_spec(found, words, stage)
        models[stage] = PModel().fit(choose_labels(build(found, stage, specs[stage], tokens, negp=0.06)), tokens)
        print(stage, "learnt in", round(time.process_time() - start), "s of processor time", flush=True)
    whole, apart = {}, {}
    for game in found:
        whole[game.name] = run_predict(models["full"], items_of(game, game.test, "full"), specs["full"], tokens)
        first = run_predict(models["act"], items_of(game, game.test, "act"), specs["act"], tokens)
        between = [
            (state, "", game.names[one[2]], max(one[7], 1 + max(state, default=-1)))
            for (state, _, _), one in zip(first, game.test)
        ]
        second = run_predict(models["env"], between, specs["env"], tokens)
        apart[game.name] = [(b[0], a[1] * b[1], 0) for a, b in zip(first, second)]
    for name, said in (("in one stage", whole), ("action, then tick", apart)):
        print(f"{name}:", summ(evaluate(found, "full", said)[0]), flush=True)


main()
