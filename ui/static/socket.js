// @ts-check
/** The connection to a room: joins, rejoins with a growing pause, sends what waits. */

import { closingOf } from "./closing.js";
import { backOff, newestHover, newestPreview, Outbox } from "./delivery.js";
import { readFrame } from "./frame.js";
import { PROTOCOL, readServerMessages } from "./messages.js";
import { ASK_EVERY_S, Pulse } from "./pulse.js";
import { ofThisTab, Unsent } from "./unsent.js";

/** @typedef {import("./messages.js").Operation} Operation */
/** @typedef {import("./messages.js").Scored} Scored */

/** What was sent and not answered for so long is no longer a matter of a moment. */
const OVERDUE_S = 2;
const QUICK_ATTEMPTS = 4;
const TURN_MS = 50;

/**
 * @typedef {object} Handlers
 * @property {(message: import("./messages.js").ServerMessage) => void} onMessage
 * @property {(frame: import("./frame.js").Frame) => void} onFrame
 * @property {(state: "connecting" | "open" | "lost" | "refused", closing: import("./closing.js").Closing | null) => void} onState
 */

/** @param {string} prefix */
export function newId(prefix) {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return prefix + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class RoomSocket {
  #outbox = new Outbox();
  #preview = newestPreview();
  #hover = newestHover();
  /** @type {WebSocket | null} */
  #socket = null;
  #joined = false;
  #closed = false;
  #isFinal = false;
  #attempt = 0;
  /** whether the server is there, whatever the socket believes */
  #pulse = new Pulse();
  /** since when something waits for an answer */
  #waitingS = 0;
  #unsent = new Unsent(ofThisTab());
  /** whose operations wait, and in which room; null before the first welcome. @type {import("./unsent.js").Owner | null} */
  #owner = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #doubting;
  /** @type {ReturnType<typeof setInterval>} */
  #pings;

  /**
   * @param {() => string} urlOf the socket, with its query: how far the room is known changes
   * @param {Handlers} handlers
   */
  constructor(urlOf, handlers) {
    this.urlOf = urlOf;
    this.handlers = handlers;
    this.#pings = setInterval(() => this.#ping(), ASK_EVERY_S * 1000);
    this.#connect();
  }

  /** Whether something would be lost with this tab that a moment's patience does not send. */
  get isOverdue() {
    return this.waiting.length > 0 && (!this.#joined || now() - this.#waitingS > OVERDUE_S);
  }

  /** @returns {readonly import("./delivery.js").Operate[]} operations that were not answered yet, in order */
  get waiting() {
    return this.#outbox.waiting;
  }

  /**
   * @param {Operation} operation
   * @returns {string} its id
   */
  operate(operation) {
    const message = this.#outbox.add(newId("o"), operation);
    this.#keep();
    this.#preview.drop();
    if (this.#joined) this.#send(message);
    return message.op_id;
  }

  /**
   * Show the average with an edit in progress; the newest wins.
   *
   * @param {string} cluster
   * @param {Scored | null} edit
   */
  preview(cluster, edit) {
    this.#preview.offer({ cluster, edit });
    this.#flush();
  }

  /**
   * Ask which modes are under a point; the newest wins.
   *
   * @param {string} cluster
   * @param {import("./stroke.js").Point} point
   * @param {number} size of the patch, pixels of the collection
   */
  hover(cluster, point, size) {
    this.#hover.offer({ cluster, point, size });
    this.#flush();
  }

  /**
   * Say which cluster this page looks at; without a connection nothing is said.
   *
   * @param {string} cluster
   */
  focus(cluster) {
    this.#preview.drop();
    if (this.#joined) this.#send({ type: "focus", cluster });
  }

  /** @param {string} cluster of which the sharpening is given up */
  cancel(cluster) {
    if (this.#joined) this.#send({ type: "cancel", what: "sharpen", cluster });
  }

  /** @param {import("./messages.js").Here} here where I am; without a connection nothing is said */
  here(here) {
    if (this.#joined) this.#send(here);
  }

  /** Try at once: the person asks for it, or the network is said to be back. */
  retryNow() {
    if (this.#closed || this.#isFinal || this.#joined) return;
    this.rejoin();
  }

  /** Find out soon whether the server is there: the network is said to be gone, or this page has slept. */
  doubt() {
    if (!this.#joined) return;
    this.#pulse.doubt();
    this.#ping();
    clearTimeout(this.#doubting);
    this.#doubting = setTimeout(() => this.#endIfOver(), this.#pulse.patienceS * 1000 + 100);
  }

  /** Join anew, as what is known of the room is not to be trusted, or no longer the room that is wanted. */
  rejoin() {
    clearTimeout(this.#retry);
    this.#attempt = 0;
    this.#joined = false;
    const before = this.#socket;
    this.#connect();
    before?.close();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#doubting);
    clearInterval(this.#pings);
    this.#socket?.close();
  }

  #connect() {
    if (this.#closed) return;
    this.handlers.onState("connecting", null);
    const socket = new WebSocket(this.urlOf());
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#pulse.begin(now());
    socket.onopen = () => socket === this.#socket && this.#pulse.open(now());
    socket.onmessage = (event) => socket === this.#socket && this.#receive(event.data);
    socket.onclose = (event) => socket === this.#socket && this.#lost(event);
  }

  /** @param {{code: number, reason: string}} event */
  #lost(event) {
    this.#joined = false;
    if (this.#closed) return;
    const closing = closingOf(event.code, event.reason);
    this.#isFinal = closing.isFinal;
    this.handlers.onState(closing.isFinal ? "refused" : "lost", closing);
    if (closing.isFinal) return;
    const attempt = this.#attempt++;
    const pauseS = closing.isQuick && attempt < QUICK_ATTEMPTS ? 0.3 + Math.random() * 0.4 : backOff(attempt, Math.random());
    this.#retry = setTimeout(() => this.#connect(), pauseS * 1000);
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#pulse.hear();
    if (typeof data !== "string") {
      const frame = readFrame(data);
      if (frame.kind !== "card") this.#acknowledge(frame.request);
      this.handlers.onFrame(frame);
      return;
    }
    for (const message of readServerMessages(data)) this.#take(message);
    this.#flush();
  }

  /** @param {import("./messages.js").ServerMessage} message */
  #take(message) {
    if (message.type === "welcome") this.#welcome(message);
    if (message.type === "pong") this.#pulse.answer(now() - message.time);
    const isAnswer = message.type === "applied" || message.type === "refused";
    if (isAnswer && this.#outbox.settle(message.op_id)) this.#keep();
    if (message.type === "status" && message.request !== null) this.#acknowledge(message.request);
    if (message.type === "modes") this.#hover.acknowledge(message.request);
    this.handlers.onMessage(message);
  }

  /** @param {import("./messages.js").Welcome} welcome */
  #welcome({ author, collection }) {
    this.#joined = true;
    this.#pulse.join();
    this.#attempt = 0;
    this.#own({ author, room: collection.name });
    this.#preview.reset();
    this.#hover.reset();
    this.handlers.onState("open", null);
    this.#waitingS = now();
    for (const message of this.waiting) this.#send(message);
  }

  /**
   * What waits belongs to one author in one room; that of others stays where it is kept, until they are back.
   *
   * @param {import("./unsent.js").Owner} owner
   */
  #own(owner) {
    const isSame = this.#owner?.author === owner.author && this.#owner.room === owner.room;
    if (isSame) return;
    if (this.#owner) this.#outbox.clear();
    this.#owner = owner;
    this.#outbox.restore(this.#unsent.read(owner));
    this.#keep();
  }

  /** Keep what waits, in case this tab is loaded anew. */
  #keep() {
    if (this.waiting.length <= 1) this.#waitingS = now();
    if (this.#owner) this.#unsent.keep(this.#owner, this.waiting);
  }

  /** @param {number} request */
  #acknowledge(request) {
    this.#preview.acknowledge(request);
    this.#flush();
  }

  #flush() {
    if (!this.#joined) return;
    for (const line of [this.#preview, this.#hover]) {
      const message = line.take(now());
      if (message) this.#send(message);
    }
  }

  #ping() {
    this.#endIfOver();
    if (this.#joined && this.#socket?.readyState === WebSocket.OPEN) {
      this.#pulse.ask(now());
      this.#send({ type: "ping", time: now() });
    }
    this.#flush();
  }

  #endIfOver() {
    const state = this.#socket?.readyState;
    const isAlive = state === WebSocket.OPEN || state === WebSocket.CONNECTING;
    if (!isAlive || !this.#pulse.isOver(now())) return;
    // Where this page had no time for what was sent to it, that is read first.
    const [socket, pulse] = [this.#socket, this.#pulse];
    setTimeout(() => socket === this.#socket && !this.#closed && pulse.isOver(now()) && this.#abandon(), TURN_MS);
  }

  /** A dead network may take minutes to close a socket: go on without it. */
  #abandon() {
    const dead = this.#socket;
    this.#socket = null;
    dead?.close();
    this.#lost({ code: 1006, reason: "" });
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

function now() {
  return performance.now() / 1000;
}

/**
 * @param {URL} base of the page
 * @param {string} collection "" for the first served
 * @param {string} author
 * @param {{since: number, last: string} | null} [known] the revision up to which the room is known, and the operation that made it
 */
export function socketUrl(base, collection, author, known = null) {
  const url = new URL("ws", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (collection) url.searchParams.set("collection", collection);
  url.searchParams.set("author", author);
  url.searchParams.set("protocol", String(PROTOCOL));
  if (known) url.searchParams.set("since", String(known.since));
  if (known) url.searchParams.set("last", known.last);
  return url.href;
}
