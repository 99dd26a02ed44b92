/** Where the same value stands in a situation: arguments, attributes of roles, parts that arguments name. */
import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { ownArguments } from "../situation/own-arguments.ts";
import { hashValue } from "../state/flatten.ts";
import type { Source } from "./expression.ts";
import { namedParts } from "./named-parts.ts";
import type { Site } from "./sources.ts";
import { momentStyles, writtenMoment } from "./written-numbers.ts";

const copiesMax = 24;

export function copies(site: Site, value: Json): readonly Source[] {
  const hash = hashValue(value);
  const found: Source[] = [];
  for (const slot of site.scene.action.slots) {
    if (slot.valueHash !== hash || !equalJson(slot.value, value)) continue;
    found.push(["argument", slot.name]);
    if (slot.name === site.path?.segment) found.push(["argument", "*"]);
  }
  for (const { name, slot } of ownArguments(site.scene.action, site.entity))
    if (slot.valueHash === hash && equalJson(slot.value, value)) found.push(["argument", name]);
  if (typeof value === "string") found.push(...momentsIn(site, value));
  if (typeof value === "string" || typeof value === "number") found.push(...copiesOfItems(site, value));
  if (typeof value === "boolean" || value === null) return copiesOfFlag(site, value, hash, found);
  for (const [path, leaf] of site.leaves ?? []) if (leaf === value) found.push(["leaf", path]);
  for (const part of namedParts(site.scene)) if (part.value === value) found.push(part.source);
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    if (found.length >= copiesMax) break;
    const { entity } = role;
    if (entity.collection !== null && entity.name === value) found.push(["attribute", role.name, "@name"]);
    else if (entity.collection !== null && entity.key === value) found.push(["attribute", role.name, "@key"]);
    for (const { inverse, parent } of entity.up) {
      if (parent.name === value) found.push(["attribute", role.name, inverse.text]);
    }
    const { flat } = entity;
    for (let at = 0; at < flat.paths.length; at++) {
      const path = flat.paths[at];
      if (path === undefined || flat.hashes[at] !== hash || !equalJson(flat.values[at] ?? null, value)) continue;
      if (role.name === "S" && path === site.path) continue;
      if (path.segment !== null && path.segment === site.path?.segment)
        found.push(["attribute", role.name, path.lifted]);
      else found.push(["attribute", role.name, path.text]);
    }
  }
  return found;
}

/** Arguments that say the same moment in another style. */
function momentsIn({ scene }: Site, text: string): readonly Source[] {
  return scene.action.slots.flatMap(({ name, value }) =>
    typeof value !== "string" || value === text
      ? []
      : momentStyles.flatMap((style): Source[] =>
          writtenMoment(value, style) === text ? [["written", ["argument", name], style]] : [],
        ),
  );
}

/** Fields of the first and the last record of lists that near roles have. */
function copiesOfItems(site: Site, value: Json): readonly Source[] {
  const found: Source[] = [];
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    if (role.far || role.name === "G" || found.length >= 8) continue;
    const { paths, values } = role.entity.flat;
    for (let at = 0; at < paths.length; at++) {
      const [path, list] = [paths[at], values[at]];
      if (path === undefined || !isArray(list)) continue;
      for (const index of list.length > 1 ? [0, -1] : [0]) {
        const record = list.at(index);
        for (const [field, member] of isObject(record) ? Object.entries(record) : []) {
          if (member === value) found.push(["item", role.name, path.text, index, field]);
        }
      }
    }
  }
  return found;
}

/** Flags are equal by chance: only near ones count. */
function copiesOfFlag(site: Site, value: Json, hash: number, found: Source[]): readonly Source[] {
  if (value === null) return found;
  for (const role of site.scene.roles) {
    if (!role.name.startsWith("A") || /[\^_.]/.test(role.name.slice(2))) continue;
    const { flat } = role.entity;
    for (let at = 0; at < flat.paths.length && found.length < 6; at++) {
      const path = flat.paths[at];
      if (path !== undefined && flat.hashes[at] === hash && flat.values[at] === value && path === site.path)
        found.push(["attribute", role.name, path.text]);
    }
  }
  return found;
}
