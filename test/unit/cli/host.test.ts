import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { processHost, quietly } from "../../../src/cli/host.ts";

/** A stream that keeps what is written, as far as the host looks at one. */
function stream() {
  const written: string[] = [];
  const emitter = Object.assign(new EventEmitter(), {
    written,
    isTTY: false,
    columns: 80,
    write: (text: string) => written.push(text),
  });
  return { emitter, written, sink: quietly(emitter as unknown as NodeJS.WriteStream) };
}

function brokenPipe(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe("quietly", () => {
  it("drops what is written after the reader has gone", () => {
    const { emitter, written, sink } = stream();
    sink.write("a");
    emitter.emit("error", brokenPipe("EPIPE"));
    sink.write("b");
    expect(written).toEqual(["a"]);
  });

  it("lets other failures of the stream through", () => {
    const { emitter } = stream();
    expect(() => emitter.emit("error", brokenPipe("ENOSPC"))).toThrow("ENOSPC");
  });

  it("drops what is written after the terminal was closed", () => {
    const { emitter, written, sink } = stream();
    emitter.emit("error", brokenPipe("EIO"));
    sink.write("a");
    expect(written).toEqual([]);
  });

  it("loses but what a full disk refuses, where it is to keep going", () => {
    const { emitter, written, sink } = stream();
    sink.keepGoing?.();
    emitter.emit("error", brokenPipe("ENOSPC"));
    sink.write("b");
    expect(written).toEqual(["b"]);
  });

  it("follows the terminal's size", () => {
    const { emitter, sink } = stream();
    emitter.columns = 120;
    expect(sink.columns).toBe(120);
  });
});

describe("processHost", () => {
  it("hears SIGHUP until it is told to listen no more", async () => {
    const host = processHost(() => Promise.reject(new Error("no app")));
    let heard = 0;
    const first = new Promise<void>((resolve) => {
      const stop = host.onReload(() => {
        heard++;
        stop();
        resolve();
      });
    });
    process.kill(process.pid, "SIGHUP");
    await first;
    expect(heard).toBe(1);
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });
});
