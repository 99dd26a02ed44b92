"""
Records walks in six small worlds from PyPI, as event files for `driftline evaluate`: two boards (chess as a map of squares, four in a row as rows
of cells) and four places where somebody walks about (a kitchen with two cooks, a taxi, a warehouse with two robots, a survival game). States are
what an agent platform would log; where a package has arrays and codes, they are told as records and words.

What a package draws is drawn by a seed; animals and night are left out of the survival game. What stays unknowable: the next request for a shelf,
whether grass gives a sapling.

    pip install overcooked-ai==1.1.0 gymnasium==1.4.0 pettingzoo==1.27.0 chess==1.11.2 crafter==1.8.3 rware==2.0.0 networkx
    PYTHONHASHSEED=0 python3 test/bench/third-worlds.py FOLDER [WORLD ...]
"""
import json
import logging
import sys
import warnings

import numpy
from recording import call, record, walk

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


# A kitchen

COMPASS = {(0, -1): "north", (0, 1): "south", (1, 0): "east", (-1, 0): "west", (0, 0): "stay", "interact": "interact"}


def kitchen(draw, number):
    from overcooked_ai_py.mdp.overcooked_mdp import OvercookedGridworld

    layouts = ["cramped_room", "asymmetric_advantages", "coordination_ring", "counter_circuit_o_1order"]
    game = OvercookedGridworld.from_layout_name(draw.choice(layouts))
    numpy.random.seed(draw.randrange(2**31))
    at = [game.get_random_start_state_fn(random_start_pos=True, rnd_obj_prob_thresh=0.2)()]
    rows = ["".join(row) for row in game.terrain_mtx]

    def state():
        told = at[0].to_dict()
        for cook in told["players"]:
            cook["orientation"] = COMPASS[tuple(cook["orientation"])]
        for thing in [*told["objects"], *(cook["held_object"] or {} for cook in told["players"])]:
            thing.pop("_cooking_tick", None)
        return {"terrain": rows, **json.loads(json.dumps(told))}

    def choose(cook):
        x, y = cook.position[0] + cook.orientation[0], cook.position[1] + cook.orientation[1]
        faces = rows[y][x]
        eager = faces in "OTDSP" or (faces == "X" and (cook.has_object() or at[0].has_object((x, y))))
        return "interact" if draw.random() < (0.6 if eager else 0.05) else draw.choice([*COMPASS][:5])

    def act():
        chosen = [choose(cook) for cook in at[0].players]
        at[0], _ = game.get_state_transition(at[0], chosen)
        return call("act", first=COMPASS[chosen[0]], second=COMPASS[chosen[1]])

    return "sensible", *walk(60, state, act)


# A taxi


def taxi(draw, number):
    import gymnasium

    environment = gymnasium.make("Taxi-v4").unwrapped
    code = [environment.reset(seed=draw.randrange(2**31))[0]]
    stands = ["red", "green", "yellow", "blue", "taxi"]
    moves = ["south", "north", "east", "west", "pickup", "dropoff"]
    told = {"reward": 0, "done": False}
    plan = {"red": (0, 0), "green": (0, 4), "yellow": (4, 0), "blue": (4, 3)}

    def state():
        row, column, passenger, destination = (int(one) for one in environment.decode(code[0]))
        place = {"taxi": {"row": row, "column": column}, "passenger": stands[passenger], "destination": stands[destination]}
        return {**place, **told}

    def act():
        if told["done"]:
            return None
        now = state()
        goal = plan[now["destination"] if now["passenger"] == "taxi" else now["passenger"]]
        here = (now["taxi"]["row"], now["taxi"]["column"])
        if here == goal and draw.random() < 0.7:
            move = 5 if now["passenger"] == "taxi" else 4
        else:
            move = draw.choices(range(6), [4, 4, 4, 4, 1, 1])[0]
        code[0], reward, done, *_ = environment.step(move)
        told.update(reward=int(reward), done=bool(done))
        return call(moves[move])

    return "sensible", *walk(60, state, act)


# Four in a row


def fours(draw, number):
    from pettingzoo.classic.connect_four.connect_four import raw_env

    game = raw_env()
    game.reset()
    told = {"winner": None, "result": "ready"}
    names = {0: "", 1: "red", 2: "yellow"}

    def state():
        rows = [[names[one] for one in game.board[7 * row : 7 * row + 7]] for row in range(6)]
        return {"board": rows, "turn": names[game.agents.index(game.agent_selection) + 1], **told}

    def act():
        if told["winner"] is not None:
            return None
        column = draw.randrange(7)
        if game.board[column] == 0:
            player = names[game.agents.index(game.agent_selection) + 1]
            game.step(column)
            ended, won = any(game.terminations.values()), any(game.rewards.values())
            told.update(result="dropped", winner=player if won else "nobody" if ended else None)
        else:
            told["result"] = "refused"
        return call("drop", column=column)

    return "random", *walk(60, state, act)


# Chess


def chess(draw, number):
    import chess as rules

    board, told = rules.Board(), {"result": "ready"}
    words = ["pawn", "knight", "bishop", "rook", "queen", "king"]

    def word(piece):
        return f"{'white' if piece.color else 'black'} {words[piece.piece_type - 1]}"

    def state():
        pieces = {rules.square_name(square): word(piece) for square, piece in sorted(board.piece_map().items())}
        turn = "white" if board.turn else "black"
        return {"board": pieces, "turn": turn, "halfmoves": board.halfmove_clock, "move": board.fullmove_number, **told}

    def act():
        moves = sorted(board.legal_moves, key=str)
        if not moves:
            return None
        lawful = draw.random() < 0.85
        takes = [one for one in moves if board.is_capture(one)]
        move = draw.choice(takes if takes and draw.random() < 0.4 else moves)
        if not lawful:
            move = rules.Move(draw.choice(sorted(board.piece_map())), draw.randrange(64))
        told["result"] = "moved" if move in board.legal_moves else "illegal"
        if move in board.legal_moves:
            board.push(move)
        more = {"promotion": words[move.promotion - 1]} if move.promotion else {}
        return call("move", **{"from": rules.square_name(move.from_square), "to": rules.square_name(move.to_square)}, **more)

    return "random", *walk(50, state, act)


# A warehouse


def warehouse(draw, number):
    from rware.warehouse import RewardType, Warehouse

    game = Warehouse(3, 2, 1, 2, 0, 1, 2, None, 500, RewardType.GLOBAL)
    game.reset(seed=draw.randrange(2**31))
    moves = ["wait", "forward", "left", "right", "load"]

    def state():
        robots = [
            {
                "id": f"robot-{one.id}",
                "x": int(one.x),
                "y": int(one.y),
                "direction": one.dir.name.lower(),
                "carrying": one.carrying_shelf and f"shelf-{one.carrying_shelf.id}",
            }
            for one in game.agents
        ]
        shelves = [{"id": f"shelf-{one.id}", "x": int(one.x), "y": int(one.y)} for one in game.shelfs]
        wanted = [f"shelf-{one.id}" for one in game.request_queue]
        goals = [{"x": int(x), "y": int(y)} for x, y in game.goals]
        return {"robots": robots, "shelves": shelves, "requests": wanted, "goals": goals}

    def act():
        chosen = [draw.choices(range(5), [1, 6, 2, 2, 2])[0] for _ in game.agents]
        game.step(chosen)
        return call("tick", **{f"robot-{at + 1}": moves[one] for at, one in enumerate(chosen)})

    return "random", *walk(60, state, act)


# A survival game


def survival(draw, number):
    import crafter
    from crafter import constants

    game = crafter.Env(area=(12, 12), view=(9, 9), size=(9, 9), length=None, seed=draw.randrange(2**31))
    game.render = game._balance_chunk = game._update_time = lambda *_: None
    game.reset()
    for one in list(game._world.objects):
        if one is not game._player:
            game._world.remove(one)
    player, world = game._player, game._world
    player.inventory.update({name: draw.randrange(4) for name in ["wood", "stone", "coal", "iron", "sapling"]})
    names = {(0, 1): "down", (0, -1): "up", (1, 0): "right", (-1, 0): "left"}

    def state():
        cells = [[world[(x, y)][0] for x in range(12)] for y in range(12)]
        plants = [{"x": int(one.pos[0]), "y": int(one.pos[1]), "grown": one.grown} for one in world.objects if one is not player]
        body = {name: getattr(player, f"_{name}") for name in ["hunger", "thirst", "fatigue", "recover"]}
        place = {"x": int(player.pos[0]), "y": int(player.pos[1]), "facing": names[tuple(player.facing)]}
        bag = {name: int(amount) for name, amount in player.inventory.items()}
        return {"player": {**place, "sleeping": player.sleeping, **body}, "inventory": bag, "map": cells, "plants": plants}

    def act():
        if player.health <= 0:
            return None
        facing = world[(player.pos[0] + player.facing[0], player.pos[1] + player.facing[1])][0]
        useful = facing in constants.collect and facing != "grass"
        if useful and draw.random() < 0.6:
            action = "do"
        else:
            moves = draw.random() < 0.7
            action = draw.choice([one for one in constants.actions if one.startswith("move_") == moves])
        game.step(constants.actions.index(action))
        return action

    return "sensible", *walk(60, state, act)


# By world: episodes that are learnt, and that are tested.
WORLDS = {
    "kitchen": (kitchen, 50, 10),
    "taxi": (taxi, 60, 10),
    "fours": (fours, 60, 15),
    "chess": (chess, 60, 12),
    "warehouse": (warehouse, 50, 10),
    "survival": (survival, 60, 10),
}


if __name__ == "__main__":
    folder, *chosen = sys.argv[1:]
    record(folder, WORLDS, chosen)
