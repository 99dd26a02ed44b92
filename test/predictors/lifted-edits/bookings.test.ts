/**
 * A desk that takes bookings: what a day costs is asked by its name, new bookings get the next name of a list and are large records, and what was paid
 * is given back.
 */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

type Day = { readonly price: number; readonly left: number };
type Hotel = { readonly city: string; readonly days: { readonly [day: string]: Day } };
type Stay = {
  readonly hotel: string;
  readonly day: string;
  readonly guests: readonly string[];
  readonly payments: readonly { readonly by: string; readonly amount: number }[];
  readonly room: { readonly [field: string]: Json };
  readonly status: string;
};
type Desk = {
  readonly hotels: { readonly [name: string]: Hotel };
  readonly stays: { readonly [name: string]: Stay };
  readonly result: Json;
};

const days = ["mon", "tue", "wed", "thu"];
const cities = ["Rome", "Oslo", "Bonn"];
const names = ["stay_new_a", "stay_new_b", "stay_new_c"];
const room = Object.fromEntries([..."abcdefghijklm"].map((field) => [field, `no ${field}`]));

const desk = (episode: number): Desk => ({
  hotels: Object.fromEntries(
    [0, 1, 2].map((at) => [
      `hotel-${(episode * 3 + at) % 17}`,
      {
        city: cities[(at + episode) % 3] ?? "",
        days: Object.fromEntries(
          days.map((day, more) => [day, { price: 40 + ((episode * 31 + at * 17 + more * 7) % 90), left: 1 + more }]),
        ),
      },
    ]),
  ),
  stays: {
    [`stay-${episode % 19}`]: {
      hotel: "none",
      day: days[episode % 4] ?? "",
      guests: ["Ann", "Bob", "Eve", "Flo", "Gus", "Hal"].slice(0, 1 + (episode % 6)),
      payments: [{ by: "cash", amount: 50 + ((episode * 13) % 70) }],
      room,
      status: "booked",
    },
  },
  result: null,
});

const serve: Step<Desk> = (state, random) => {
  const pick = <T>(all: readonly T[]): T => all[random.below(all.length)] as T;
  const [hotel, day, stay] = [pick(Object.keys(state.hotels)), pick(days), pick(Object.keys(state.stays))];
  const set = (name: string, next: Stay, result: Json): Desk => ({
    ...state,
    stays: { ...state.stays, [name]: next },
    result,
  });
  const booked = state.stays[stay] as Stay;
  switch (random.below(3)) {
    case 0: {
      const city = state.hotels[hotel]?.city ?? "";
      const found = Object.entries(state.hotels).filter(([, one]) => one.city === city);
      const result = found.map(([name, one]) => ({ hotel: name, price: one.days[day]?.price ?? 0 }));
      return [
        { name: "search", arguments: { city, day } },
        { ...state, result },
      ];
    }
    case 1: {
      const [first] = booked.payments;
      const back = { by: first?.by ?? "", amount: -(first?.amount ?? 0) };
      const isOff = booked.status === "off";
      const next = isOff ? booked : { ...booked, payments: [...booked.payments, back], status: "off" };
      return [{ name: "cancel", arguments: { stay } }, set(stay, next, isOff ? "refused" : "cancelled")];
    }
    default: {
      const name = names.find((one) => !Object.hasOwn(state.stays, one));
      const action = { name: "book", arguments: { hotel, day, guest: "Kim" } };
      if (name === undefined) return [action, { ...state, result: "no more" }];
      const made: Stay = {
        hotel,
        day,
        guests: ["Kim"],
        payments: [{ by: "card", amount: 90 }],
        room,
        status: "booked",
      };
      return [action, set(name, made, `booked as ${name}`)];
    }
  }
};

describe("a desk that takes bookings", () => {
  const rules = learnt(walk(desk, serve, 2_400)).current();
  const others = walk(desk, serve, 400, 101);
  const of = (name: string) => others.filter(({ action }) => action.includes(`"name":"${name}"`));

  it("tells what the day that is asked for costs, of all that meet the rest", () => {
    expect(exactness(rules, of("search"))).toBeGreaterThan(0.95);
  });

  it("gives back what was paid", () => {
    expect(exactness(rules, of("cancel"))).toBeGreaterThan(0.95);
  });

  it("makes large new records, under the first name that is not there", () => {
    expect(exactness(rules, of("book"))).toBeGreaterThan(0.95);
  });
});
