"""
Records walks in eleven small tool APIs from PyPI, as event files for `driftline evaluate`: the seven simulators of a function calling leaderboard
(bfcl-eval 2026.3.23) and the four suites of a benchmark of agents (agentdojo 0.1.35). A state is what the simulator knows, and under `result` what
the last call returned; an action is a call by its name and arguments.

Agents: `expert` makes the calls that the package gives as a task's solution; `mixed` the same, but some are left out, put elsewhere, given another
argument, or come after calls drawn at random; `random` draws all of them, with arguments that others used, that stand in the state, or made up.
Tasks that are tested are others than those that are learnt, and start in other states: where a package has one state alone, each episode's state is
drawn from it (some records of each list, with fields that were exchanged among them).

    pip install --no-deps bfcl-eval==2026.3.23 agentdojo==0.1.35
    pip install deepdiff docstring-parser google-genai mpmath openai 'pydantic[email]' pyyaml rich typing-extensions
    PYTHONHASHSEED=0 python3 test/bench/api-worlds.py FOLDER
"""
import ast
import copy
import datetime
import enum
import hashlib
import importlib
import importlib.resources
import importlib.util
import inspect
import json
import random
import re
import sys
import types
import typing

from pydantic import BaseModel
from recording import write

# What an agent makes up.
WORDS = ["alpha", "Report", "none", "draft.txt", "Paris", "XYZ", "hello there", "unknown"]
RANDOM_STEPS, EPISODES_MAX, TEST_MAX = 20, 160, 40


class Api:
    """A simulator under way. `functions`: of each its parameters, by name: a type, and whether it must be given."""

    def __init__(self, functions, call, state):
        self.functions, self.call, self.state = functions, call, state


class Task:
    """`group`: tasks that start in the same state are of one. `start(draw)`: an Api."""

    def __init__(self, name, group, start, calls):
        self.name, self.group, self.start, self.calls = name, group, start, calls


def plain(value):
    """As JSON."""
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {name.strip("_"): plain(getattr(value, name)) for name in fields if not name.startswith("initial_")}
    if isinstance(value, dict):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(one) for one in value), key=str)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


# The agents


def words_of(name):
    return {word.lower().rstrip("s") for word in re.findall(r"[A-Z]?[a-z]+|\d+|[A-Z]+", name)}


def scalars(value, path=()):
    """Values of a state, and keys of its maps, with the words of where they stand."""
    if isinstance(value, dict):
        for key, one in value.items():
            if path:
                yield key, path
            yield from scalars(one, (*path, key))
    elif isinstance(value, list):
        for one in value:
            yield from scalars(one, path)
    else:
        yield value, path


def is_of(value, kind):
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def drawn_value(draw, name, kind, used, state):
    """`used`: what was given for parameters, by name."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        kind = draw.choice([one for one in typing.get_args(kind) if one is not type(None)] or [str])
        origin = typing.get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return draw.choice(list(kind)).value
    if kind is bool:
        return draw.random() < 0.5
    if used.get(name) and draw.random() < 0.55:
        return copy.deepcopy(draw.choice(used[name]))
    if kind is list or origin is list:
        member = (typing.get_args(kind) or (str,))[0]
        return [drawn_value(draw, name, member, {}, state) for _ in range(draw.choice([1, 1, 2, 3]))]
    if kind is dict or origin is dict:
        return copy.deepcopy(draw.choice(used[name])) if used.get(name) else {"title": draw.choice(WORDS)}
    if kind in (int, float) and draw.random() < 0.4:
        return draw.choice([0, 1, 2, 5, 10, 100, 250]) if kind is int else round(draw.uniform(-5, 500), draw.choice([0, 1, 2]))
    if kind is str and draw.random() < 0.1:
        return draw.choice(WORDS)
    wanted = words_of(name)
    base = (int, float) if kind is float else kind if isinstance(kind, type) else str
    found = [(len(wanted & set().union(*map(words_of, path))), one) for one, path in scalars(state)]
    found = [(score, one) for score, one in found if is_of(one, base) or (kind is int and isinstance(one, str) and one.isdigit())]
    if not found:
        return draw.choice(used[name]) if used.get(name) else 1 if base is not str else draw.choice(WORDS)
    best = max(score for score, _ in found)
    chosen = draw.choice([one for score, one in found if score == best or draw.random() < 0.05])
    return int(chosen) if kind is int else chosen


def drawn_call(draw, api, used):
    name = draw.choice(sorted(api.functions))
    state = api.state()
    arguments = {}
    for parameter, (kind, needed) in api.functions[name].items():
        if needed or draw.random() < 0.4:
            arguments[parameter] = drawn_value(draw, parameter, kind, used, state)
    return name, arguments


def deviated(draw, api, calls, used):
    calls = copy.deepcopy(calls)
    for at in range(len(calls) - 1):
        if draw.random() < 0.1:
            calls[at], calls[at + 1] = calls[at + 1], calls[at]
    for name, arguments in calls:
        if draw.random() < 0.1:
            continue
        while draw.random() < 0.25:
            yield drawn_call(draw, api, used)
        known = [parameter for parameter in arguments if parameter in api.functions[name]]
        if known and draw.random() < 0.2:
            changed = draw.choice(known)
            kind, _ = api.functions[name][changed]
            arguments[changed] = drawn_value(draw, changed, kind, used, api.state())
        yield name, arguments
        if draw.random() < 0.1:
            yield name, arguments


def walk(task, agent, seed, used):
    draw = random.Random(seed)
    api = task.start(draw)
    start = {**api.state(), "result": None}
    if agent == "expert":
        calls = iter(task.calls)
    elif agent == "mixed":
        calls = deviated(draw, api, task.calls, used)
    else:
        calls = (drawn_call(draw, api, used) for _ in range(RANDOM_STEPS))
    steps = []
    for name, arguments in calls:
        action = {"name": name, "arguments": plain(arguments)}
        result = plain(api.call(name, copy.deepcopy(arguments)))
        # Shared parts of the result are written out, and so is the order of the keys.
        steps.append((action, json.loads(json.dumps({**api.state(), "result": result}))))
    return task.name, agent, start, steps


def record(folder, name, tasks, agents):
    draw = random.Random(name)
    groups = sorted({task.group for task in tasks})
    draw.shuffle(groups)
    tested = set(groups[: max(1, round(len(groups) / 5))])
    for part, most in (("train", EPISODES_MAX), ("test", TEST_MAX)):
        own = [task for task in tasks if (task.group in tested) == (part == "test")]
        used = {}
        for task in own:
            for _, arguments in task.calls:
                for parameter, value in arguments.items():
                    used.setdefault(parameter, []).append(value)
        plan = [(task, agent, turn) for turn, agent in enumerate(agents) for task in own]
        draw.shuffle(plan)
        walks = (walk(task, agent, f"{name} {task.name} {agent} {turn}", used) for task, agent, turn in plan[:most])
        write(f"{folder}/{name}-{part}.jsonl.gz", ((name, *one) for one in walks if one[3]))


# The function calling leaderboard

LEADERBOARD = {
    "files": "GorillaFileSystem",
    "messages": "MessageAPI",
    "posts": "TwitterAPI",
    "tickets": "TicketAPI",
    "trading": "TradingBot",
    "travel": "TravelAPI",
    "vehicle": "VehicleControlAPI",
}
SOURCES = {
    "GorillaFileSystem": "gorilla_file_system",
    "MessageAPI": "message_api",
    "TwitterAPI": "posting_api",
    "TicketAPI": "ticket_api",
    "TradingBot": "trading_bot",
    "TravelAPI": "travel_booking",
    "VehicleControlAPI": "vehicle_control",
}
UNSEEN = {"_api_description", "_random", "_flight_cost_lookup", "long_context", "_current_dir"}


def tree(item):
    if hasattr(item, "contents"):
        return {"type": "directory", "contents": {name: tree(one) for name, one in item.contents.items()}}
    return {"type": "file", "content": item.content}


def place(directory):
    names = []
    while directory is not None:
        names.append(directory.name)
        directory = directory.parent
    return "/" + "/".join(reversed(names))


def state_of(simulator):
    state = {}
    for key, value in vars(simulator).items():
        if key == "root":
            state["root"] = {value.name: tree(value)}
        elif key not in UNSEEN:
            state[key.lstrip("_")] = plain(value)
    if hasattr(simulator, "_current_dir"):
        state["current_dir"] = place(simulator._current_dir)
    return json.loads(json.dumps(state))


def parameters_of(method):
    return {
        one.name: (str if one.annotation is inspect.Parameter.empty else one.annotation, one.default is inspect.Parameter.empty)
        for one in inspect.signature(method).parameters.values()
    }


def parsed_call(text, simulator):
    call = ast.parse(text, mode="eval").body
    name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
    if not hasattr(simulator, name) or name.startswith("_"):
        return None
    names = list(inspect.signature(getattr(simulator, name)).parameters)
    arguments = {names[at]: ast.literal_eval(value) for at, value in enumerate(call.args)}
    arguments.update({one.arg: ast.literal_eval(one.value) for one in call.keywords})
    return name, arguments


def leaderboard(kind):
    source = importlib.import_module(f"bfcl_eval.eval_checker.multi_turn_eval.func_source_code.{SOURCES[kind]}")
    # Anew for each episode: defaults that are changed in one would be known in the next.
    made = lambda: getattr(importlib.reload(source), kind)()
    data = importlib.resources.files("bfcl_eval") / "data"
    lines = lambda path: [json.loads(line) for line in (data / path).read_text().splitlines() if line]
    tasks = []
    for file in ("BFCL_v4_multi_turn_base.json", "BFCL_v4_multi_turn_miss_param.json"):
        solved = {one["id"]: one["ground_truth"] for one in lines(f"possible_answer/{file}")}
        for one in lines(file):
            if kind not in one["involved_classes"]:
                continue
            config = one["initial_config"].get(kind, {})

            def start(_, config=config):
                simulator = made()
                simulator._load_scenario(copy.deepcopy(config))

                def call(name, arguments):
                    try:
                        return getattr(simulator, name)(**arguments)
                    except Exception as error:
                        return {"error": f"Error during execution: {error}"}

                methods = {
                    name: parameters_of(method)
                    for name, method in inspect.getmembers(simulator, inspect.ismethod)
                    if not name.startswith("_")
                }
                return Api(methods, call, lambda: state_of(simulator))

            calls = [parsed_call(text, made()) for turn in solved[one["id"]] for text in turn]
            group = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()
            tasks.append(Task(one["id"], group, start, [call for call in calls if call is not None]))
    return tasks


# The benchmark of agents

SUITES = ["workspace", "banking", "travel", "slack"]
RECORDS_MAX = 8


def import_suites():
    """The package's agents need the clients of four model providers; its worlds need few of them."""
    folder = importlib.util.find_spec("agentdojo").submodule_search_locations[0]
    module = types.ModuleType("agentdojo.agent_pipeline")
    module.__path__ = [f"{folder}/agent_pipeline"]
    sys.modules[module.__name__] = module
    return importlib.import_module("agentdojo.task_suite.load_suites").get_suite


def drawn_state(value, draw, mentioned):
    """Some records of each list, and those that a task speaks of; fields that name nothing are exchanged among them."""
    if isinstance(value, dict):
        return {key: drawn_state(one, draw, mentioned) for key, one in value.items()}
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return value
    needed = [at for at, one in enumerate(value) if mentioned & {str(part) for part in one.values() if not isinstance(part, (dict, list))}]
    others = [at for at in range(len(value)) if at not in needed]
    more = max(2, RECORDS_MAX - len(needed))
    kept = sorted(needed + draw.sample(others, min(more, len(others))))
    records = [copy.deepcopy(value[at]) for at in kept]
    for field in value[0]:
        told = [one.get(field) for one in value]
        is_name = len({json.dumps(one) for one in told}) == len(told)
        if is_name or draw.random() < 0.4 or any(isinstance(one, (dict, list)) for one in told):
            continue
        for one in records:
            one[field] = draw.choice(told)
    return records


class Clock(datetime.datetime):
    """The package asks for the time of day; so that a recording can be made again it passes as the calls do."""

    calls = 0

    @classmethod
    def now(cls, tz=None):
        moment = datetime.datetime(2024, 5, 15, 9, 0) + datetime.timedelta(seconds=37 * Clock.calls + Clock.calls % 13)
        return datetime.datetime(*moment.timetuple()[:6])


def set_clock():
    for name, module in list(sys.modules.items()):
        if not name.startswith("agentdojo.default_suites.v1.tools."):
            continue
        if getattr(module, "datetime", None) is datetime:
            module.datetime = types.SimpleNamespace(**{**vars(datetime), "datetime": Clock})
        elif getattr(module, "datetime", None) is datetime.datetime:
            module.datetime = Clock


def suite(name, get_suite):
    own = get_suite("v1.2", name)
    set_clock()
    runtime = importlib.import_module("agentdojo.functions_runtime").FunctionsRuntime(own.tools)
    functions = {
        one.name: {key: (field.annotation, field.is_required()) for key, field in one.parameters.model_fields.items()}
        for one in own.tools
    }
    whole = own.load_and_inject_default_environment({})
    tasks = []
    for key, task in own.user_tasks.items():
        before = task.init_environment(whole.model_copy(deep=True))
        calls = [(one.function, dict(one.args)) for one in task.ground_truth(before.model_copy(deep=True))]
        mentioned = {str(value) for _, arguments in calls for value in arguments.values()}

        def start(draw, before=before, mentioned=mentioned):
            told = drawn_state(json.loads(before.model_dump_json(by_alias=True)), draw, mentioned)
            environment = own.environment_type.model_validate(told)

            def call(function, arguments):
                Clock.calls += 1
                result, error = runtime.run_function(environment, function, arguments)
                return result if error is None else {"error": error}

            return Api(functions, call, lambda: json.loads(json.dumps(plain(environment))))

        tasks.append(Task(key, key, start, calls))
    return tasks


if __name__ == "__main__":
    folder = sys.argv[1]
    for name, kind in LEADERBOARD.items():
        record(folder, name, leaderboard(kind), ["expert", "mixed", "mixed", "random"])
    get_suite = import_suites()
    for name in SUITES:
        record(folder, f"suite-{name}", suite(name, get_suite), ["expert", "mixed", "mixed", "mixed", "random", "random"])
