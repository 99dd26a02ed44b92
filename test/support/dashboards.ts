/** The dashboards of deploy/grafana and their queries. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../style/sources.ts";

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
}

const folder = join(root, "deploy/grafana/dashboards");
export const dashboards: readonly (Dashboard & { readonly file: string })[] = readdirSync(folder).map((file) => ({
  file,
  ...(JSON.parse(readFileSync(join(folder, file), "utf8")) as Dashboard),
}));

/** Every query with where it stands; variables are as they are written. */
export const queries: readonly { readonly where: string; readonly expr: string }[] = dashboards.flatMap(
  ({ file, panels, annotations }) => [
    ...panels.flatMap(({ title, targets }) =>
      (targets ?? []).map(({ expr, refId }) => ({ where: `${file}: ${title} ${refId}`, expr })),
    ),
    ...annotations.list.map(({ name, expr }) => ({ where: `${file}: ${name}`, expr })),
  ],
);
