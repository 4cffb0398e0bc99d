// @ts-check
/** `socket.js`: what waits is sent in its order, to the room and by the author that it belongs to, and to nobody else. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { RoomSocket, socketUrl } from "../../ui/static/socket.js";
import { readMessage } from "./read.js";

class FakeSocket {
  static CONNECTING = 0;
  static OPEN = 1;
  readyState = FakeSocket.OPEN;
  /** @type {any[]} */
  sent = [];
  /** @type {(event: {data: string}) => void} */
  onmessage = () => {};
  /** @type {(event: {code: number, reason: string}) => void} */
  onclose = () => {};

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    made.push(this);
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  get operations() {
    return this.sent.filter(({ type }) => type === "operate").map(({ op_id }) => op_id);
  }

  /** @param {object} message */
  hear(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

/** @type {FakeSocket[]} */
let made = [];
/** @type {Map<string, string>} */
let kept = new Map();
/** @type {RoomSocket[]} */
let opened = [];

beforeEach(() => {
  made = [];
  kept = new Map();
  opened = [];
  const storage = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => kept.set(key, text),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  };
  Object.defineProperty(globalThis, "sessionStorage", { value: storage, configurable: true });
  Object.defineProperty(globalThis, "WebSocket", { value: FakeSocket, configurable: true });
});

afterEach(() => {
  opened.forEach((socket) => socket.close());
  mock.restoreAll();
  mock.timers.reset();
});

/** @param {import("../../ui/static/socket.js").Handlers["onState"]} [onState] */
function open(onState = () => {}) {
  const socket = new RoomSocket(() => "ws://here/ws", { onMessage: () => {}, onFrame: () => {}, onState });
  opened.push(socket);
  return socket;
}

/** @param {Partial<import("../../ui/static/messages.js").Welcome>} [change] */
function welcome(change = {}) {
  return { ...readMessage("server/welcome.json"), ...change };
}

/** @param {string} opId */
function applied(opId) {
  return { ...readMessage("server/applied.json"), op_id: opId };
}

/** @returns {FakeSocket} the newest */
function newest() {
  const socket = made.at(-1);
  assert.ok(socket);
  return socket;
}

test("what was done without a connection is sent in its order, and after an answer not again", () => {
  const socket = open();
  newest().hear(welcome());
  newest().onclose({ code: 1006, reason: "" });
  const ids = [socket.operate({ type: "undo" }), socket.operate({ type: "redo" })];
  assert.deepEqual(newest().operations, []);
  socket.retryNow();
  newest().hear(welcome());
  assert.deepEqual(newest().operations, ids);
  newest().hear(applied(ids[0] ?? ""));
  newest().onclose({ code: 1006, reason: "" });
  socket.retryNow();
  newest().hear(welcome());
  assert.deepEqual(newest().operations, [ids[1]]);
});

test("after the page is loaded anew, what waited is sent under its old id, once", () => {
  const before = open();
  newest().hear(welcome());
  const id = before.operate({ type: "undo" });
  before.close();
  const after = open();
  newest().hear(welcome());
  assert.deepEqual([newest().operations, after.waiting.length], [[id], 1]);
  newest().hear(applied(id));
  assert.deepEqual([after.waiting.length, kept.size], [0, 0]);
});

test("what one author did is never sent as another's, nor to another room", () => {
  const socket = open();
  newest().hear(welcome());
  newest().onclose({ code: 1006, reason: "" });
  const id = socket.operate({ type: "undo" });
  const { collection } = welcome();
  for (const other of [{ author: "bob" }, { collection: { ...collection, name: "shoes~k3h7q2" } }]) {
    socket.retryNow();
    newest().hear(welcome(other));
    assert.deepEqual([newest().operations, socket.waiting.length], [[], 0]);
    newest().onclose({ code: 1006, reason: "" });
  }
  socket.retryNow();
  newest().hear(welcome());
  assert.deepEqual(newest().operations, [id]);
});

test("a connection that is closed for good is not tried again", () => {
  /** @type {string[]} */
  const states = [];
  const socket = open((state) => states.push(state));
  newest().hear(welcome());
  newest().onclose({ code: 4403, reason: "" });
  socket.retryNow();
  assert.equal(made.length, 1);
  assert.equal(states.at(-1), "refused");
});

test("work is overdue without a connection, not for the moment that an answer takes", () => {
  const socket = open();
  newest().hear(welcome());
  socket.operate({ type: "undo" });
  assert.equal(socket.isOverdue, false);
  newest().onclose({ code: 1006, reason: "" });
  assert.equal(socket.isOverdue, true);
});

test("the address says how far the room is known", () => {
  const base = new URL("https://here/avex/");
  assert.equal(socketUrl(base, "shoes", "ann"), "wss://here/avex/ws?collection=shoes&author=ann&protocol=5");
  assert.match(socketUrl(base, "shoes", "ann", { since: 3, last: "o1" }), /&since=3&last=o1$/);
});

let nowMs = 0;

/**
 * Let time pass as it does in a browser: timers run when they are due.
 *
 * @param {number} seconds
 * @param {boolean} [isThere] whether the server answers, at once
 */
function wait(seconds, isThere = false) {
  for (let step = 0; step < seconds * 10; step++) {
    nowMs += 100;
    mock.timers.tick(100);
    const asked = newest().sent.at(-1);
    if (isThere && asked?.time === nowMs / 1000) newest().hear({ type: "pong", time: asked.time });
  }
}

/** @param {string[]} states what is told of the connection */
function joined(states) {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  mock.method(performance, "now", () => nowMs);
  const socket = open((state) => states.push(state));
  newest().hear(welcome());
  states.length = 0;
  return socket;
}

test("a server that answers is there however quiet the room, and one that does not is left within 10 s", () => {
  /** @type {string[]} */
  const states = [];
  joined(states);
  wait(60, true);
  assert.deepEqual(states, []);
  wait(7);
  assert.deepEqual(states, []);
  wait(3.1); // it was asked after 2.5 s at most, and again three times
  assert.equal(states[0], "lost");
});

test("where the browser says that the network is gone it is left after 3 s, unless it answers", () => {
  /** @type {string[]} */
  const states = [];
  const socket = joined(states);
  wait(1, true);
  socket.doubt();
  newest().hear({ type: "pong", time: nowMs / 1000 });
  wait(4, true);
  assert.deepEqual(states, []);
  socket.doubt();
  wait(2.9);
  assert.deepEqual(states, []);
  wait(0.4);
  assert.equal(states[0], "lost");
});
