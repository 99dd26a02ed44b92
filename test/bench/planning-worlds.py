"""
Records walks in small worlds from PyPI, as event files for `driftline evaluate`: worlds of classical planning (pddlgym 0.0.7) and of a grid
(minigrid 3.2.0, gymnasium 1.4.0). Every walk is by a seeded random agent: of four steps in five it chooses among actions that are possible, where
the package can list them.

    pip install pddlgym==0.0.7 minigrid==3.2.0 gymnasium==1.4.0
    python3 test/bench/planning-worlds.py FOLDER
"""
import random
import sys
import warnings

warnings.filterwarnings("ignore")
import gymnasium
import minigrid  # noqa: F401 registers its worlds
import pddlgym
from recording import write

STEPS, TRAIN, TEST = 40, 40, 10


def things(observation, flags):
    """What holds, by the thing that it is said of. Of `flags`, what does not hold is false; all else is left out."""
    objects = {str(one.name): {"type": str(one.var_type)} for one in sorted(observation.objects, key=str)}
    literals = sorted(observation.literals, key=str)
    for thing in objects.values():
        thing.update(dict.fromkeys(flags, False))
    state = {"objects": objects}
    for one in literals:
        name, who = one.predicate.name, [str(variable.name) for variable in one.variables]
        if not who:
            state[name] = True
        elif len(who) == 1:
            objects[who[0]][name] = True
        else:
            objects[who[0]].setdefault(name, []).append(who[1] if len(who) == 2 else who[1:])
    return state


def possible(space, observation, only):
    try:
        return sorted(space.all_ground_literals(observation, valid_only=only), key=str)
    except AssertionError:  # This space lists possible ones alone.
        return sorted(space.all_ground_literals(observation, valid_only=True), key=str)


def planning(name, form, count, seed):
    environment = pddlgym.make(f"PDDLEnv{name.capitalize()}-v0", raise_error_on_invalid_action=False)
    draw, known = random.Random(seed), environment.domain.predicates.values()
    flags = sorted(one.name for one in known if one.arity == 1) if form == "flags" else []
    for number in range(count):
        problem = number % len(environment.problems)
        environment.fix_problem_index(problem)
        observation, _ = environment.reset()
        start, steps = things(observation, flags), []
        for _ in range(STEPS):
            actions = possible(environment.action_space, observation, draw.random() > 0.2)
            if not actions:
                break
            action = draw.choice(actions)
            observation, _, done, *_ = environment.step(action)
            who = [str(variable.name) for variable in action.variables]
            said = {"name": action.predicate.name, "arguments": {f"a{at}": one for at, one in enumerate(who)}}
            text = f"{action.predicate.name} {' '.join(who)}"
            steps.append((text if form == "text" else said, things(observation, flags)))
            if done:
                break
        yield name, f"p{problem}", "random", start, steps


MOVES = ["left", "right", "forward", "pickup", "drop", "toggle"]


def cells(environment):
    world, objects = environment.unwrapped, []
    for y in range(world.grid.height):
        for x in range(world.grid.width):
            cell = world.grid.get(x, y)
            if cell is None:
                continue
            door = {"open": cell.is_open, "locked": cell.is_locked} if cell.type == "door" else {}
            objects.append({"type": cell.type, "color": cell.color, "x": x, "y": y, **door})
    held = world.carrying
    agent = {
        "x": int(world.agent_pos[0]),
        "y": int(world.agent_pos[1]),
        "direction": ["east", "south", "west", "north"][world.agent_dir],
        "carrying": None if held is None else {"type": held.type, "color": held.color},
    }
    return {"agent": agent, "objects": objects, "mission": world.mission, "steps": world.step_count}


def grid(name, made, count, seed):
    environment, draw = gymnasium.make(made), random.Random(seed)
    for number in range(count):
        environment.reset(seed=seed * 1000 + number)
        start, steps = cells(environment), []
        for _ in range(60):
            move = draw.choices(range(6), [2, 2, 6, 3, 1, 3])[0]
            *_, ended, stopped, _ = environment.step(move)
            steps.append((MOVES[move], cells(environment)))
            if ended or stopped:
                break
        yield name, f"s{seed}-{number}", "random", start, steps


if __name__ == "__main__":
    folder = sys.argv[1]
    for name in ["blocks", "baking", "ferry", "gripper", "elevator", "tireworld", "minecraft"]:
        for form in ["objects", "flags", "text"]:
            write(f"{folder}/{name}-{form}-train.jsonl.gz", planning(name, form, TRAIN, 1))
            write(f"{folder}/{name}-{form}-test.jsonl.gz", planning(name, form, TEST, 2))
    for name, made in [("doorkey", "MiniGrid-DoorKey-6x6-v0"), ("fetch", "MiniGrid-Fetch-6x6-N2-v0")]:
        write(f"{folder}/{name}-train.jsonl.gz", grid(name, made, 60, 1))
        write(f"{folder}/{name}-test.jsonl.gz", grid(name, made, 10, 2))
