// @ts-check
/** `sharewords.js`: what is said of roles and of who can reach the server, and the address of a link. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ROLES as KNOWN } from "../../ui/static/roles.js";
import { hostWords, isOpen, isThisMachine, linkOf, linkWords, ROLES } from "../../ui/static/sharewords.js";

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

/** @type {import("../../ui/static/branchesapi.js").Link} */
const LINK = { id: "l", role: "editor", label: "Ada", author: "a", created: 1000, expires: null, is_revoked: false };

test("it is said for whom a link is, who made it when, and when it ends", () => {
  assert.equal(linkWords(LINK, "you", 1020), "Ada · made by you just now");
  assert.equal(linkWords({ ...LINK, label: "", expires: 1000 + 3 * 86400 }, "Eve", 1600), "made by Eve 10 min ago · ends in 3 d");
});

test("one cannot enter by a link that is revoked or has ended", () => {
  assert.equal(isOpen(LINK, 2000), true);
  assert.equal(isOpen({ ...LINK, is_revoked: true }, 2000), false);
  assert.deepEqual([1999, 2000, 2001].map((nowS) => isOpen({ ...LINK, expires: 2000 }, nowS)), [true, false, false]);
});
