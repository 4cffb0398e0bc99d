// @ts-check
/** `frame.js`: the binary header, against the same example that pytest reads. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asOld, HEADER_BYTES, isNewer, readFrame } from "../../ui/static/frame.js";
import { readMessage } from "./read.js";


/** @param {string} hex */
function bufferOf(hex) {
  return Uint8Array.from(Buffer.from(hex, "hex")).buffer;
}

test("the golden frames are read as the server wrote them", () => {
  for (const name of ["frame.json", "card.json"]) {
    const { header_hex, codec, elapsed_s, ...fields } = readMessage(name);
    const frame = readFrame(bufferOf(`${header_hex}ffd8`));
    assert.equal(frame.type, `image/${codec}`);
    assert.ok(Math.abs(frame.elapsedS - elapsed_s) < 1e-6);
    for (const [field, value] of Object.entries(fields)) {
      assert.equal(/** @type {any} */ (frame)[field], value, field);
    }
    assert.deepEqual([...frame.picture], [0xff, 0xd8]);
  }
});

test("what is no frame is refused", () => {
  assert.throws(() => readFrame(new ArrayBuffer(HEADER_BYTES)), /longer than 20 bytes, got 20/);
  assert.throws(() => readFrame(new ArrayBuffer(30)), /unknown frame: kind 0/);
});

test("the newest wins, first by revision, then by request", () => {
  const shown = { revision: 4, request: 7 };
  assert.equal(isNewer(shown, { revision: 4, request: 6 }), false);
  assert.equal(isNewer(shown, { revision: 4, request: 7 }), true);
  assert.equal(isNewer(shown, { revision: 5, request: 0 }), true);
  assert.equal(isNewer(shown, { revision: 3, request: 9 }), false);
});

test("what was made before the connection was lost gives way to anything", () => {
  const old = asOld({ revision: 9, request: 7, cluster: "main" });
  assert.equal(old.cluster, "main");
  assert.equal(isNewer(old, { revision: 0, request: 0 }), true);
});
