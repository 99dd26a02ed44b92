/** What rules may ask of a call: how it stands to what documents it, what it names, and what its likes were answered. */
import { hashText, mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import { put } from "../features.ts";
import type { TokenWriter } from "../token-writer.ts";
import type { Proposals } from "./proposals.ts";
import type { Request } from "./request.ts";

const { action: ofForm, relation: ofRelation, self: ofSelf, name: ofName, context: ofContext } = families;

export function writeCallFeatures(writer: TokenWriter, request: Request, proposals: Proposals): void {
  writer.begin();
  const { name, args, wrapped, documented, facts, extra, missing } = request;
  const extras = Math.min(2, extra.length);
  put(
    writer,
    ofForm,
    201,
    extras,
    () => `${["no argument", "one argument", "several arguments"][extras]} undocumented`,
  );
  for (const [path, names] of missing) {
    const at = hashText(path);
    const count = Math.min(3, names.length);
    put(writer, ofForm, mix(202, at), count, () => `${count === 3 ? "3 or more" : count} missing of ${path}`);
    const listed = Math.min(3, documented.get(path)?.length ?? 0);
    put(writer, ofRelation, mix(203, at), listed, () => `${path} lists ${listed === 3 ? "3 or more" : listed}`);
  }
  if (documented.size === 0) put(writer, ofForm, 204, 0, () => "nothing documents the arguments");
  if (wrapped) put(writer, ofForm, 205, 0, () => "the arguments are wrapped in one");
  const entries = Object.entries(args);
  const count = Math.min(2, entries.length);
  put(writer, ofForm, 206, count, () => `${["no argument", "one argument", "several arguments"][count]}`);
  const [only] = entries;
  if (count === 1 && typeof only?.[1] === "string") {
    const holds = /^\s*[[{]/.test(only[1]);
    put(
      writer,
      ofForm,
      207,
      Number(holds),
      () => `the one argument is a text${holds ? " that holds an object or a list" : ""}`,
    );
  }
  for (const [key, value] of entries) {
    put(writer, ofSelf, 208, hashText(key), () => `there is an argument ${key}`);
    if (typeof value === "string")
      put(
        writer,
        ofName,
        mix(209, hashText(key)),
        hashText(value),
        () => `argument ${key} is ${JSON.stringify(value)}`,
      );
  }
  for (const [at, part] of [name, ...name.split("/").slice(0, 4)].entries())
    put(writer, ofName, mix(210, at), hashText(part), () => `the call, part ${at}, is ${part}`);
  for (const [path, text] of facts)
    put(writer, ofContext, mix(211, hashText(path)), hashText(text), () => `${path} is ${text}`);
  for (const [at, proposal] of proposals.entries()) {
    const known = proposal === null ? 0 : proposal.sure ? 2 : 1;
    put(writer, ofRelation, mix(212, at), known, () => `what ${likenesses[at]} was answered is ${knownWords[known]}`);
  }
}

/** In the order of the proposals. */
export const likenesses = [
  "the same request",
  "the last call with such arguments",
  "the last call of this name",
] as const;
const knownWords = ["not known", "known", "known, and was right about the call before"] as const;
