// @ts-check
/** `sharewords.js`: what is said of roles and of who can reach the server, and the address of a link. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ROLES as KNOWN } from "../../ui/static/roles.js";
import { hostWords, isThisMachine, linkOf, ROLES } from "../../ui/static/sharewords.js";

test("every role has a link, from the least to the most", () => {
  assert.deepEqual(ROLES.map(({ role }) => role), KNOWN);
});

test("loopback addresses mean this machine, others do not", () => {
  assert.deepEqual(["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "a.localhost"].map(isThisMachine), [true, true, true, true, true]);
  assert.deepEqual(["studio.lan", "192.168.1.7", "127.example.org.evil.net", "localhost.example"].map(isThisMachine), [false, false, false, false]);
});

test("it is said whether other machines can reach this server", () => {
  assert.match(hostWords("127.0.0.1", false), /Only this machine.*--host/);
  assert.match(hostWords("localhost", true), /address that means this machine itself/);
  assert.match(hostWords("studio.lan", true), /as studio\.lan/);
});

test("a link stands under the page's address, whatever path that has", () => {
  assert.equal(linkOf("join/abc", "https://studio.lan/tools/avex/?collection=shoes"), "https://studio.lan/tools/avex/join/abc");
  assert.equal(linkOf("join/abc", "http://127.0.0.1:7860/"), "http://127.0.0.1:7860/join/abc");
});
