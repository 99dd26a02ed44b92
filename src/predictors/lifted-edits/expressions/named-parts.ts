/** What arguments name within the root and the addressed things: scalars of maps whose keys they are. Found once a situation. */
import type { Json } from "../../../json/json.ts";
import { isObject, pointerText } from "../../../json/pointer.ts";
import { isSearched } from "../situation/roles.ts";
import type { Scene } from "../situation/scene.ts";
import { argumentMark } from "../state/skeleton.ts";
import type { Source } from "./expression.ts";
import { namesIn } from "./sources.ts";

export interface NamedPart {
  readonly source: Source;
  readonly value: string | number;
}

const partsMax = 48;
const depthMax = 4;
const keysMax = 32;
const known = new WeakMap<Scene, readonly NamedPart[]>();

export function namedParts(scene: Scene): readonly NamedPart[] {
  const made = known.get(scene) ?? found(scene);
  known.set(scene, made);
  return made;
}

function found(scene: Scene): readonly NamedPart[] {
  const names = namesIn(scene);
  const parts: NamedPart[] = [];
  if (names.size === 0) return parts;
  const visit = (role: string, told: readonly string[], value: Json, isNamed: boolean): void => {
    if (isNamed && (typeof value === "string" || typeof value === "number") && parts.length < partsMax)
      parts.push({ source: ["part", role, pointerText(told)], value });
    if (!isObject(value) || told.length >= depthMax) return;
    const keys = Object.keys(value);
    for (const key of keys) {
      const slot = names.get(key);
      const next = value[key] ?? null;
      if (slot !== undefined) visit(role, [...told, `${argumentMark}${slot}`], next, true);
      else if (keys.length <= keysMax) visit(role, [...told, key], next, isNamed);
    }
  };
  for (const role of scene.roles) if (isSearched(role)) visit(role.name, [], role.entity.value, false);
  return parts;
}
