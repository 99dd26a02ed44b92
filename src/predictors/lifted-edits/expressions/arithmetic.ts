/** Arithmetic in a text (`3 * (4 + 0.5)`): a small recursive descent over + − × ÷ and parentheses. Null for anything else. */
export function evaluateArithmetic(text: string): number | null {
  if (text.length > charsMax || !/\d\s*[-+*/]/.test(text)) return null;
  const tokens = text.match(/\d+(?:\.\d+)?|[-+*/()]|\S/g) ?? [];
  const parser = { tokens, at: 0, depth: 0 };
  const value = sum(parser);
  return value === null || parser.at < tokens.length || !Number.isFinite(value) ? null : value;
}

const charsMax = 200;
const depthMax = 20;

interface Parser {
  readonly tokens: readonly string[];
  at: number;
  depth: number;
}

function sum(parser: Parser): number | null {
  let left = product(parser);
  for (
    let operator = parser.tokens[parser.at];
    operator === "+" || operator === "-";
    operator = parser.tokens[parser.at]
  ) {
    parser.at += 1;
    const right = product(parser);
    if (left === null || right === null) return null;
    left = operator === "+" ? left + right : left - right;
  }
  return left;
}

function product(parser: Parser): number | null {
  let left = unit(parser);
  for (
    let operator = parser.tokens[parser.at];
    operator === "*" || operator === "/";
    operator = parser.tokens[parser.at]
  ) {
    parser.at += 1;
    const right = unit(parser);
    if (left === null || right === null) return null;
    left = operator === "*" ? left * right : left / right;
  }
  return left;
}

function unit(parser: Parser): number | null {
  const token = parser.tokens[parser.at++];
  if (token === "-" || token === "(") {
    if (++parser.depth > depthMax) return null;
    const inner = token === "-" ? unit(parser) : sum(parser);
    parser.depth -= 1;
    if (token === "-") return inner === null ? null : -inner;
    return parser.tokens[parser.at++] === ")" ? inner : null;
  }
  return token !== undefined && /^\d/.test(token) ? Number(token) : null;
}

/** The ways in which a result may be written. */
export const arithmeticForms = ["number", "text", "cents", "cents-text", "point-text"] as const;

export function writeArithmetic(value: number, form: string): number | string {
  const cents = roundTo(value, 2);
  switch (form) {
    case "text":
      return String(value);
    case "cents":
      return cents;
    case "cents-text":
      return String(cents);
    case "point-text":
      return Number.isInteger(cents) ? `${cents}.0` : String(cents);
    default:
      return value;
  }
}

/** −1: as it is. Half away from zero in decimal, as people and most languages round. */
export function roundTo(value: number, digits: number): number {
  return digits < 0 ? value : Number(value.toFixed(digits));
}
