/** What Linux says of NVIDIA GPUs, for people: which one, and whether a driver is loaded. It decides nothing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const proc = "/proc/driver/nvidia";

/** `driver 570.86.15`, or null where none is loaded. */
export function cudaDriver(): string | null {
  try {
    const version = /Module\s+(\d+[\d.]*)/.exec(readFileSync(join(proc, "version"), "utf8"));
    return `driver ${version?.[1] ?? "of NVIDIA"}`;
  } catch {
    // Under WSL the driver is that of Windows.
    return existsSync("/dev/dxg") ? "the driver of Windows" : null;
  }
}

/** `NVIDIA H100 80GB HBM3`: of the first one; null where it cannot be read. */
export function gpuModel(): string | null {
  try {
    const [first = ""] = readdirSync(join(proc, "gpus")).sort();
    return /Model:\s*(.+)/.exec(readFileSync(join(proc, "gpus", first, "information"), "utf8"))?.[1]?.trim() ?? null;
  } catch {
    return null;
  }
}
