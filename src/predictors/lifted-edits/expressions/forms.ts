/** In which forms members of a range are told, where they are not told by one of their fields alone. */
import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { betweens, type Form, fieldOf, itself, type Member, phrased, told } from "./query.ts";
import type { Gone } from "./ranges.ts";
import type { Site } from "./sources.ts";
import { split } from "./split-text.ts";

const triedMax = 64;
const fieldsMax = 16;
const depthMax = 2;

/** `picked`: who is told, where that is known. */
export function formsOf(
  site: Site,
  gone: Gone,
  values: readonly Json[],
  picked: readonly number[] | null,
): readonly { readonly form: Form; readonly picked: readonly number[] }[] {
  const [value] = values;
  if (
    value === undefined ||
    (picked === null && (typeof value !== "object" || value === null) && typeof value !== "string")
  )
    return [];
  const found = new Map<string, { form: Form; picked: readonly number[] }>();
  for (const at of picked?.slice(0, 1) ?? gone.members.slice(0, triedMax).keys()) {
    const member = gone.members[at];
    if (member === undefined) continue;
    for (const form of derived(site, gone.fields, member, value, 0)) {
      const name = JSON.stringify(form);
      const told = found.has(name) ? null : whoIsTold(site, gone, form, values, picked);
      if (told !== null) found.set(name, { form, picked: told });
    }
  }
  return [...found.values()];
}

function whoIsTold(
  site: Site,
  { members }: Gone,
  form: Form,
  values: readonly Json[],
  picked: readonly number[] | null,
): readonly number[] | null {
  const own: number[] = [];
  for (const at of picked ?? members.keys()) {
    const [member, value] = [members[at], values[own.length]];
    if (member === undefined || value === undefined) break;
    const made = told(form, member, site);
    if (made !== undefined && equalJson(made, value)) own.push(at);
    else if (picked !== null) return null;
  }
  return own.length === values.length ? own : null;
}

/** Forms that tell the member so: by a field, a phrase, or a record of such. */
function derived(site: Site, fields: readonly string[], member: Member, value: Json, depth: number): readonly Form[] {
  const forms: Form[] = [];
  for (const field of fields) {
    const own = fieldOf(member, field, site);
    if (own !== undefined && equalJson(own, value)) forms.push(["field", field]);
  }
  if (forms.length > 0) return depth === 0 ? forms : forms.slice(0, 1);
  if (typeof value === "string") return phrases(site, fields, member, value);
  if (!isObject(value) || depth >= depthMax) return [];
  const keys = Object.keys(value);
  if (keys.length === 0 || keys.length > fieldsMax) return [];
  const record: [string, Form][] = [];
  for (const key of keys) {
    const one = value[key] ?? null;
    const [form] = derived(site, fields, member, one, depth + 1);
    const own = form ?? justOf(site, one);
    if (own === null) return [];
    record.push([key, own]);
  }
  return record.some(([, form]) => form[0] !== "just" && form[0] !== "given") ? [["record", record]] : [];
}

function justOf({ scene }: Site, value: Json): Form | null {
  if (typeof value === "object" && value !== null) return null;
  const slot = scene.action.slots.find((one) => one.value === value);
  return slot === undefined || typeof value === "boolean" ? ["just", value] : ["given", ["argument", slot.name]];
}

function phrases(site: Site, fields: readonly string[], member: Member, text: string): readonly Form[] {
  const forms: Form[] = [];
  for (const style of ["plain", "point"]) {
    const pieces = fields.flatMap((field) => {
      const value = field === itself && typeof member.value === "object" ? undefined : fieldOf(member, field, site);
      return ["plain", ...betweens].flatMap((own) => {
        const piece = value === undefined ? null : phrased(value, own === "plain" ? style : own);
        return piece === null || piece === "" || (own !== "plain" && !isArray(value))
          ? []
          : [{ piece, source: [field, own === "plain" ? style : own] as const }];
      });
    });
    const parts = split(text, pieces);
    if (parts.some((part) => typeof part !== "string")) forms.push(["phrase", parts]);
  }
  return forms;
}
