/** Records in Confluent framing: what becomes of those that no registry made ours, and that dead letters hold what was sent. */
import { describe, expect, it } from "vitest";
import { blankInteraction } from "../../../src/codec/blank-interaction.ts";
import { codecs } from "../../../src/codec/codecs.ts";
import { createTrackBench } from "../../support/track.ts";

const framed = Uint8Array.from([0, 0, 0, 0, 7, 1, 2]);

describe("a record in Confluent framing", () => {
  it("is a dead letter that names the option where there is no registry", () => {
    const bench = createTrackBench();
    bench.send(framed, "e");
    expect(bench.out.dead).toMatchObject([{ stage: "decode", reason: "no-registry", value: framed }]);
    expect(bench.out.dead[0]?.message).toContain("--registry URL");
  });

  it("is a dead letter with the reason that the log gives where there is one", () => {
    const bench = createTrackBench();
    const refused = { reason: "unknown-schema", message: "no schema with the id 7" } as const;
    bench.send(framed, "e", { refused });
    expect(bench.out.dead).toMatchObject([{ ...refused, value: framed }]);
  });

  it("is kept as it was sent where the log made it ours, also by an event that waits through a restart", async () => {
    const early = codecs.interaction.encode({
      ...blankInteraction,
      type: "observation",
      episode: "e",
      environment: "w",
      step: 3,
      state: "1",
    });
    const bench = createTrackBench();
    bench.send({ type: "reset", episode: "e", environment: "w", state: 0 });
    bench.send(early, "e", { sent: framed });
    bench.send(codecs.interaction.encode({ ...blankInteraction, type: "end", episode: "" }), "e", { sent: framed });
    await bench.restart();
    bench.wait(3_600_000);
    bench.tick();
    expect(bench.out.dead.map(({ reason, value }) => [reason, value])).toEqual([
      ["invalid", framed],
      ["observation-without-action", framed],
    ]);
  });
});
