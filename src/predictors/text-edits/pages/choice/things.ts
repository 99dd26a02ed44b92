/** What rules may ask of the things that the arguments mean: what is said of them, what holds them, what they hold, what they are tied to. */
import { hashText, mix } from "../../../lifted/hash.ts";
import { families } from "../../../lifted/tokens.ts";
import { put } from "../../features.ts";
import type { Values } from "../../reading.ts";
import type { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import type { Links } from "../events/links.ts";
import type { Clauses, Named } from "../naming/clauses.ts";
import type { Referent } from "../naming/finding.ts";
import { identitiesOf, referentsOf, tiedIn } from "../naming/here.ts";
import type { PageStructure } from "../structure.ts";
import type { Node } from "../text/nodes.ts";

const { action: ofForm, relation: ofRelation, self: ofSelf, parent: ofParent, addressed: ofAddressed } = families;

const kidsMax = 2;
/** More things are seldom together again. */
const togetherMax = 4;

export function writeThings(
  writer: TokenWriter,
  pages: PageStructure,
  belief: PageBelief,
  named: Named,
  things: Values,
): void {
  const referents = referentsOf(belief, named);
  if (named.clauses !== undefined) putClauses(writer, named.clauses, referents);
  for (const [at, one] of referents.entries()) {
    if (one === null) continue;
    putReferent(writer, one, at);
    for (const [other, its] of referents.entries()) {
      if (its === null || other === at) continue;
      if (its.node === one.node && other < at)
        put(writer, ofRelation, mix(401, at), other, () => `<${at}> is <${other}>`);
      if (one.node.kids.includes(its.node))
        put(writer, ofRelation, mix(402, at), other, () => `<${at}> holds <${other}>`);
    }
  }
  for (const [at, { length }] of tiedIn(pages, belief, named).entries())
    if (length > 0) put(writer, ofRelation, mix(403, at), length, () => `${length} things that <${at}> holds are tied`);
  const ids = identitiesOf(pages, belief, named, things);
  for (const [at, id] of ids.entries()) putLinks(writer, belief.links, ids, id, at);
}

/** How far what the action says of its things is so, and of how many. */
function putClauses(writer: TokenWriter, clauses: Clauses, referents: readonly (Referent | null)[]): void {
  if (clauses.form !== "")
    put(writer, ofForm, 404, hashText(clauses.form), () => `the action says "${clauses.form}" of its arguments`);
  for (const [at, one] of referents.slice(0, clauses.heads).entries()) {
    const level = one?.level ?? noLevel;
    put(writer, ofRelation, mix(405, at), level, () => `what is said of <${at}> ${levelWords[level]}`);
    const all = one?.all ?? 0;
    put(writer, ofRelation, mix(406, at), all, () => `things that <${at}> may mean: ${all}`);
  }
}

/** Of a thing that is not shown. */
const noLevel = 4;
const levelWords = ["is not so", "is so with more", "may be so", "is so", "cannot be seen"];

function putReferent(writer: TokenWriter, { node, text, rank, count, names }: Referent, at: number): void {
  put(
    writer,
    ofRelation,
    mix(410, at),
    rank,
    () => `<${at}> is named ${["by its kind", "by words", "longer", "in part", "whole"][rank]}`,
  );
  put(writer, ofRelation, mix(411, at), count, () => `things that may be <${at}>: ${count}`);
  put(writer, ofRelation, mix(412, at), names, () => `names that may mean <${at}>: ${names}`);
  put(
    writer,
    ofRelation,
    mix(413, at),
    Math.min(2, text),
    () => `<${at}> is ${text === 0 ? "on the page" : "elsewhere"}`,
  );
  put(writer, ofSelf, mix(414, at), hashText(node.head), () => `of <${at}> is said "${node.head.slice(0, 80)}"`);
  const held = node.holds ? Math.min(kidsMax, node.kids.length) : kidsMax + 1;
  put(
    writer,
    ofRelation,
    mix(415, at),
    held,
    () => `what <${at}> holds is ${["nothing", "one", "many", "not known"][held]}`,
  );
  const { parent } = node;
  put(
    writer,
    ofParent,
    mix(416, at),
    parent === null ? 0 : hashText(parent.head),
    () => `<${at}> is in "${parent?.head ?? ""}"`,
  );
  if (parent !== null)
    put(writer, ofParent, mix(417, at), hashText(parent.lower), () => `<${at}> is in ${parent.name}`);
  const only: Node | undefined = node.kids[0];
  if (only !== undefined && held === 1)
    put(writer, ofParent, mix(418, at), hashText(only.lower), () => `<${at}> holds only ${only.name}`);
  if (node.kids.length < 2 || node.kids.length > togetherMax) return;
  const all = node.kids
    .map(({ lower }) => lower)
    .sort()
    .join(" and ");
  put(writer, ofParent, mix(419, at), hashText(all), () => `<${at}> holds ${all}`);
}

function putLinks(writer: TokenWriter, links: Links, ids: readonly string[], id: string, at: number): void {
  const own = links.get(id);
  put(
    writer,
    ofRelation,
    mix(420, at),
    Math.min(4, own?.size ?? 0),
    () => `ends taken of <${at}>: ${Math.min(4, own?.size ?? 0)}${(own?.size ?? 0) < 4 ? "" : " or more"}`,
  );
  for (const [end, { other }] of own ?? []) {
    put(writer, ofRelation, mix(421, at), hashText(end), () => `"${end}" <${at}> is taken`);
    const with_ = ids.indexOf(other);
    if (with_ >= 0) put(writer, ofAddressed, mix(422, at), with_, () => `<${at}> is tied to <${with_}>`);
  }
}
