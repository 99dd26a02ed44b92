/** All detectors by name. */
import { adwin } from "./adwin.ts";
import type { DetectorFactory } from "./detector.ts";
import { eSr } from "./e-sr.ts";
import { pageHinkley } from "./page-hinkley.ts";

export const detectorFactories: readonly DetectorFactory[] = [eSr, adwin, pageHinkley];
