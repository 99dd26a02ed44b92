/** One line of the doctor: what was looked at, how it is, what that means, and the command that mends it. */
import { isRefused } from "../../log/kafka/errors.ts";

export interface Check {
  readonly check: string;
  /** `bad` stops or loses something now or soon; `warn` may be meant so. */
  readonly result: "ok" | "warn" | "bad";
  readonly means: string;
  /** Empty where there is nothing to mend, and nothing better to be had. */
  readonly mend: string;
}

export const ok = (check: string, means: string): Check => ({ check, result: "ok", means, mend: "" });
export const warn = (check: string, means: string, mend: string): Check => ({ check, result: "warn", means, mend });
export const bad = (check: string, means: string, mend: string): Check => ({ check, result: "bad", means, mend });

/** A check that itself fails is bad: what it would have said is not known. What this user may not see is for another user to look at. */
export async function checked(
  check: string,
  mend: string,
  look: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isRefused(error))
      return [warn(check, `not looked at: ${message}`, "driftline topics acls --only operator: a user that may look")];
    return [bad(check, message, mend)];
  }
}
