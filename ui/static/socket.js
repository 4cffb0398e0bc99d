// @ts-check
/** The connection to a room: joins, rejoins with a growing pause, sends what waits. */

import { backOff, newestHover, newestPreview, Outbox } from "./delivery.js";
import { readFrame } from "./frame.js";
import { PROTOCOL, readServerMessages } from "./messages.js";

/** @typedef {import("./messages.js").Operation} Operation */
/** @typedef {import("./messages.js").Scored} Scored */

const PING_EVERY_S = 5;
const CLOSED_FOR_GOOD = [4400, 4404];

/**
 * @typedef {object} Handlers
 * @property {(message: import("./messages.js").ServerMessage) => void} onMessage
 * @property {(frame: import("./frame.js").Frame) => void} onFrame
 * @property {(state: "connecting" | "open" | "lost" | "refused", detail: string) => void} onState
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
  #attempt = 0;
  #heardS = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setInterval>} */
  #pings;

  /**
   * @param {string} url of the socket, with its query
   * @param {Handlers} handlers
   */
  constructor(url, handlers) {
    this.url = url;
    this.handlers = handlers;
    this.#pings = setInterval(() => this.#ping(), PING_EVERY_S * 1000);
    this.#connect();
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

  /** Try at once, for the person who presses "Reconnect". */
  retryNow() {
    clearTimeout(this.#retry);
    this.#attempt = 0;
    this.#connect();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#pings);
    this.#socket?.close();
  }

  #connect() {
    if (this.#closed) return;
    this.handlers.onState("connecting", "");
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => (this.#heardS = now());
    socket.onmessage = (event) => socket === this.#socket && this.#receive(event.data);
    socket.onclose = (event) => socket === this.#socket && this.#lost(event);
  }

  /** @param {CloseEvent} event */
  #lost(event) {
    this.#joined = false;
    if (this.#closed) return;
    if (CLOSED_FOR_GOOD.includes(event.code)) {
      this.handlers.onState("refused", event.reason);
      return;
    }
    this.handlers.onState("lost", event.reason);
    this.#retry = setTimeout(() => this.#connect(), backOff(this.#attempt++, Math.random()) * 1000);
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#heardS = now();
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
    if (message.type === "welcome") this.#welcome();
    if (message.type === "applied" || message.type === "refused") this.#outbox.settle(message.op_id);
    if (message.type === "status" && message.request !== null) this.#acknowledge(message.request);
    if (message.type === "modes") this.#hover.acknowledge(message.request);
    this.handlers.onMessage(message);
  }

  #welcome() {
    this.#joined = true;
    this.#attempt = 0;
    this.#preview.reset();
    this.#hover.reset();
    this.handlers.onState("open", "");
    for (const message of this.#outbox.waiting) this.#send(message);
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
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (now() - this.#heardS > PING_EVERY_S * 3) this.#socket.close();
    else this.#send({ type: "ping", time: now() });
    this.#flush();
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
 */
export function socketUrl(base, collection, author) {
  const url = new URL("ws", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (collection) url.searchParams.set("collection", collection);
  url.searchParams.set("author", author);
  url.searchParams.set("protocol", String(PROTOCOL));
  return url.href;
}
