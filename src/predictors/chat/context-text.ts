/**
 * What is known about an episode, as text for a model: a text stays as it is, an object becomes sections `=== Name ===` with one line a
 * member. A goal that the first observation states already is left out.
 */
import type { Json } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";

/** Empty where there is nothing to say. `first`: the first observation. */
export function contextText(context: Json | null, first: string): string {
  if (context === null) return "";
  if (!isObject(context)) return plain(context);
  return Object.entries(context)
    .filter(([key, value]) => !(key === "goal" && typeof value === "string" && first.includes(value.trim())))
    .map(([key, value]) => section(key, value))
    .join("\n\n");
}

/** Whether it tells more than what the episode is to achieve. */
export function tellsMoreThanGoal(context: Json | null): boolean {
  if (context === null) return false;
  return !isObject(context) || Object.keys(context).some((key) => key !== "goal");
}

function section(key: string, value: Json): string {
  return `=== ${title(key)} ===\n${body(value)}`;
}

function body(value: Json): string {
  if (isArray(value)) return value.map((item) => `- ${inline(item)}`).join("\n");
  if (!isObject(value)) return plain(value);
  return Object.entries(value)
    .map(([key, item]) => (isLong(item) ? `${key}:\n${item.trim()}` : `${key}: ${inline(item)}`))
    .join("\n");
}

function inline(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function plain(value: Json): string {
  return typeof value === "string" ? value.trim() : JSON.stringify(value);
}

function isLong(value: Json): value is string {
  return typeof value === "string" && value.includes("\n");
}

/** `openRooms`, `open_rooms` → `Open Rooms`. */
function title(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .filter((word) => word !== "")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(" ");
}
