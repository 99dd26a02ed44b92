/** Sources of lists in words, for people. */
import { shownTemplate } from "./reading.ts";
import { type Owner, partsOfLast, type Source } from "./structure.ts";

export function sourceWords(source: Source): string {
  switch (source.from) {
    case "constant":
      return "what was shown here most";
    case "owner":
      return ownerWords(source.owner);
    case "relation":
      return `${source.relation}${ofOwner(source.owner)}, as believed`;
    case "place":
      return `${source.relation}${ofOwner(source.owner)}, as last seen at this place in another episode`;
    case "fellow":
      return `the last ${source.relation} in which ${ownerWords(source.owner)} stands`;
    case "habit":
      return `${source.relation}${ofOwner(source.owner)}, as nearly every episode shows it`;
  }
}

function ofOwner(owner: Owner): string {
  return owner === null ? "" : ` of ${ownerWords(owner)}`;
}

function ownerWords(owner: Owner): string {
  if (owner === null) return "nobody";
  if (owner.of === "argument") return `<${owner.at}>`;
  const [at, template] = partsOfLast(owner.key);
  return `<${at}> of the last ${shownTemplate(template)}`;
}
