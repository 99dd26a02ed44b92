/** How numbers are written in texts. */

/** `plain`: as JSON does. `point`: always with a point, as languages that tell integers from others do. `pad3`: to so many digits, with zeros. */
export function writtenNumber(value: number, style: string): string {
  if (style === "point") return Number.isInteger(value) ? `${value}.0` : String(value);
  if (style.startsWith("pad")) return String(value).padStart(Number(style.slice(3)), "0");
  return String(value);
}

/** A whole number that a text is; null where it is none. */
export function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

const moment = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?$/;

/** How a moment may be written: whole, its day, its time of day. */
export const momentStyles = ["moment", "day", "clock"] as const;

/** A text that says a day or a moment, in another style; null for any other text, and where the style asks for what it does not say. */
export function writtenMoment(text: string, style: string): string | null {
  if (text.length > 32) return null;
  const [found, day, clock, seconds = ":00"] = moment.exec(text) ?? [];
  if (found === undefined || day === undefined) return null;
  if (style === "day") return day;
  if (clock === undefined) return null;
  return style === "clock" ? clock : `${day}T${clock}${seconds}`;
}
