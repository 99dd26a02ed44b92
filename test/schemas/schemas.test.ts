/** The schemas are documented to the last field and say the same as the TypeScript records. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { parseSchema, type RecordNode, type SchemaNode } from "../../src/codec/schema.ts";
import { loadSchema, type RecordName, recordNames } from "../../src/codec/schemas.ts";
import { root } from "../style/sources.ts";

const typeOf: Readonly<Record<RecordName, string>> = {
  interaction: "Interaction",
  situation: "SituationRecord",
  transition: "Transition",
  score: "Score",
  outcome: "Outcome",
  alarm: "Alarm",
  baseline: "Baseline",
  rollup: "Rollup",
  model: "Model",
  snapshot: "Snapshot",
  command: "Command",
  "dead-letter": "DeadLetter",
  blob: "Blob",
  "blob-chunk": "BlobChunk",
};

function undocumented(schema: unknown, path: string): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((branch) => undocumented(branch, path));
  if (typeof schema !== "object" || schema === null) return [];
  const { type, doc, fields, items } = schema as { type?: unknown; doc?: unknown; fields?: unknown[]; items?: unknown };
  const own = (type === "record" || type === "enum") && !isText(doc) ? [path] : [];
  const inner = (fields ?? []).flatMap((field) => {
    const { name, type: fieldType, doc: fieldDoc } = field as { name: string; type: unknown; doc?: unknown };
    const here = `${path}.${name}`;
    return [...(isText(fieldDoc) ? [] : [here]), ...undocumented(fieldType, here)];
  });
  return [
    ...own,
    ...inner,
    ...undocumented(items, `${path}[]`),
    ...(typeof type === "object" ? undocumented(type, path) : []),
  ];
}

/** Closed sets that will grow are strings on the wire: an old reader takes a new member without an error. */
const growing: ReadonlySet<string> = new Set(["quality", "window", "stage"]);

const isText = (doc: unknown) => typeof doc === "string" && doc.length >= 8;

describe("schemas", () => {
  it.each(recordNames)("documents every field of %s", (name) => {
    expect(undocumented(loadSchema(name), name)).toEqual([]);
  });

  it("would notice a field without a doc", () => {
    expect(undocumented({ type: "record", doc: "A record.", fields: [{ name: "x", type: "int" }] }, "r")).toEqual([
      "r.x",
    ]);
  });

  it.each(recordNames)("gives %s the fields that its TypeScript type has", (name) => {
    expect(shapeOfSchema(parseSchema(loadSchema(name)))).toEqual(shapeOfType(typeOf[name]));
  });

  it.each(recordNames)(
    "gives every nullable field of %s the default null, so that it can be left out later",
    (name) => {
      const bare = nullableWithoutDefault(loadSchema(name), name);
      expect(bare).toEqual([]);
    },
  );
});

function nullableWithoutDefault(schema: unknown, path: string): readonly string[] {
  const { fields } = schema as { fields: { name: string; type: unknown; default?: unknown }[] };
  return fields
    .filter(({ type, default: standard }) => Array.isArray(type) && standard !== null)
    .map(({ name }) => `${path}.${name}`);
}

type Shape = string | { readonly [field: string]: Shape } | readonly [Shape];

function shapeOfSchema(node: SchemaNode): Shape {
  switch (node.kind) {
    case "record":
      return Object.fromEntries((node as RecordNode).fields.map((field) => [field.name, shapeOfSchema(field.node)]));
    case "array":
      return [shapeOfSchema(node.items)];
    case "nullable":
      return withNull(shapeOfSchema(node.inner));
    case "enum":
      return [...node.symbols].sort().join("|");
    case "int":
    case "long":
    case "double":
      return "number";
    default:
      return node.kind;
  }
}

const withNull = (shape: Shape): Shape => (typeof shape === "string" ? `${shape}?` : { "?": shape });

/** The declarations of the files of records, by name. */
const declarations = new Map<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>();
for (const file of ["records", "rollup-records", "score-records", "alarm-records"].map(
  (name) => `src/codec/${name}.ts`,
)) {
  const source = ts.createSourceFile(file, readFileSync(root + file, "utf8"), ts.ScriptTarget.ES2023, true);
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) declarations.set(node.name.text, node);
  });
}

function shapeOfType(name: string): Shape {
  if (name === "JsonText") return "string";
  if (name === "Uint8Array") return "bytes";
  const declaration = declarations.get(name);
  if (declaration === undefined) throw new Error(`no type ${name}`);
  return ts.isInterfaceDeclaration(declaration) ? shapeOfMembers(declaration.members) : shapeOf(declaration.type);
}

function shapeOfMembers(members: ts.NodeArray<ts.TypeElement>): Shape {
  return Object.fromEntries(
    members.map((member) => {
      if (!ts.isPropertySignature(member) || member.type === undefined) throw new Error("not a property");
      if (member.questionToken !== undefined) throw new Error("null, never optional");
      const name = member.name.getText();
      return [name, growing.has(name) && !ts.isTypeOperatorNode(member.type) ? "string" : shapeOf(member.type)];
    }),
  );
}

function shapeOf(type: ts.TypeNode): Shape {
  if (ts.isTypeLiteralNode(type)) return shapeOfMembers(type.members);
  if (ts.isTypeOperatorNode(type)) return shapeOf(type.type);
  if (ts.isArrayTypeNode(type)) return [shapeOf(type.elementType)];
  if (ts.isParenthesizedTypeNode(type)) return shapeOf(type.type);
  if (ts.isTypeReferenceNode(type)) return shapeOfType(type.typeName.getText());
  if (ts.isUnionTypeNode(type)) {
    const isNull = (one: ts.TypeNode) => ts.isLiteralTypeNode(one) && one.literal.kind === ts.SyntaxKind.NullKeyword;
    const rest = type.types.filter((one) => !isNull(one));
    const shapes = rest.map(shapeOf);
    const only =
      shapes.length === 1
        ? (shapes[0] ?? "")
        : shapes
            .flatMap((one) => String(one).split("|"))
            .sort()
            .join("|");
    return rest.length === type.types.length ? only : withNull(only);
  }
  if (ts.isLiteralTypeNode(type)) return type.literal.getText().replaceAll('"', "");
  return type.getText();
}
