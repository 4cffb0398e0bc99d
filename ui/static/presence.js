// @ts-check
/** This page among the people: says where its person is, and goes with somebody who is followed. */

import { ownName } from "./myself.js";
import { HerePace, IDLE_AFTER_S, whereTo } from "./peoplerules.js";
import { clusterOf, isBrush } from "./store.js";

const LOOK_EVERY_MS = 50;
/** Whoever is followed may lose the connection for a moment: nobody is left at once. */
const FAITHFUL_MS = 5000;
/** Two who follow each other would change places for ever: after a change of places one waits a little. */
const SWAP_MS = 400;

export class Presence {
  #pace = new HerePace();
  #actedS = now();
  /** author of the person who is followed */
  #leader = "";
  /** where this page was before it went with somebody, and until when that is remembered */
  #left = { cluster: "", untilMs: 0 };
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #ending;
  /** @type {() => string | null} name of the photograph that is looked at */
  imageOf = () => null;

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./canvas.js").Canvas} canvas
   * @param {AbortSignal} signal ends all listeners
   */
  constructor(room, canvas, signal) {
    this.room = room;
    this.store = room.store;
    this.canvas = canvas;
    this.signal = signal;
    for (const type of ["pointermove", "pointerdown", "keydown", "wheel"]) {
      document.addEventListener(type, () => (this.#actedS = now()), { signal, capture: true, passive: true });
    }
    document.addEventListener("visibilitychange", () => this.#say(), { signal });
    this.#timer = setInterval(() => this.#say(), LOOK_EVERY_MS);
    let connection = "";
    this.store.watch((state) => {
      if (state.connection === "open" && connection !== "open") this.#enter();
      connection = state.connection;
      this.#goAlong();
    });
  }

  close() {
    clearInterval(this.#timer);
    clearTimeout(this.#ending);
  }

  /** @param {string} id of a person; the same one again: no longer */
  toggleFollow(id) {
    const { following, people } = this.store.state;
    this.#leader = people.find((person) => person.id === id)?.author ?? "";
    this.store.update({ following: following === id ? "" : id });
  }

  /** @returns {boolean} whether somebody was followed */
  stopFollowing() {
    if (this.store.state.following === "") return false;
    this.store.update({ following: "" });
    return true;
  }

  /** @returns {import("./messages.js").Here} where this person is now */
  get here() {
    const { state } = this.store;
    const { active } = this.canvas.painter;
    const isAlone = state.people.length < 2;
    const image = this.imageOf();
    return {
      type: "here",
      name: ownName(),
      cluster: clusterOf(state)?.id ?? state.clusterId,
      at: isAlone || image !== null ? null : (this.canvas.cursor ?? this.canvas.pointer),
      tool: state.tool,
      radius: !isAlone && active !== null && isBrush(active) ? state.radius[active] : null,
      image,
      is_active: !document.hidden && now() - this.#actedS < IDLE_AFTER_S,
    };
  }

  /** The connection is new: nobody has heard anything, and it may be that another person is logged in. */
  async #enter() {
    this.#pace.reset();
    const response = await fetch(new URL("api/me", this.room.base)).catch(() => null);
    const me = response?.ok ? await response.json().catch(() => null) : null;
    this.store.update({ isNamed: me?.is_guarded === true && me.name !== "" });
  }

  #say() {
    const { connection, session } = this.store.state;
    if (connection !== "open" || !session) return;
    const { here } = this;
    if (this.#pace.wants(here, now())) this.room.here(here);
  }

  #goAlong() {
    const { state } = this.store;
    clearTimeout(this.#ending);
    if (state.following === "") return;
    const again = state.people.find(({ id }) => id === state.following) ?? state.people.find(({ author }) => author === this.#leader);
    if (!again) this.#ending = setTimeout(() => this.store.update({ following: "" }), FAITHFUL_MS);
    else if (again.id !== state.following) this.store.update({ following: again.id });
    else this.#goTo(whereTo(state));
  }

  /** @param {string | null} cluster */
  #goTo(cluster) {
    if (cluster === null) return;
    const isSwap = cluster === this.#left.cluster && performance.now() < this.#left.untilMs;
    if (isSwap) {
      this.#left = { cluster: "", untilMs: 0 };
      this.#ending = setTimeout(() => this.#goAlong(), SWAP_MS * (1 + Math.random()));
      return;
    }
    this.#left = { cluster: this.store.state.clusterId, untilMs: performance.now() + SWAP_MS };
    this.room.goTo(cluster);
  }
}

function now() {
  return performance.now() / 1000;
}
