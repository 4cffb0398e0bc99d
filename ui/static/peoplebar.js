// @ts-check
/** Who is here: initials in the bar above, and on a press the list of everybody, with whom one can go along. */

import { placeAt } from "./colors.js";
import { h } from "./dom.js";
import { keepName, nameHere, ownName } from "./myself.js";
import { face } from "./peopleface.js";
import { byAuthor, doing, NAME_LIMIT, newsOf } from "./peoplerules.js";
import { ROLE_WORDS } from "./roles.js";
import { clusterOf } from "./store.js";
import { TOOLS } from "./toolbar.js";

/** @typedef {import("./messages.js").Person} Person */
/** @typedef {import("./store.js").State} State */

const TOOL_WORDS = Object.fromEntries(TOOLS.map(([tool, label]) => [tool, label.split(":")[0] ?? label]));
/** Whoever is back within this time has not been away, for those who hear the page. */
const NEWS_AFTER_MS = 3000;

export class PeopleBar {
  #stack = h("span", { class: "ax-people-stack" });
  #more = h("span", { class: "ax-people-more", hidden: true });
  #role = h("span", { class: "ax-people-role", hidden: true });
  button = h("button", { type: "button", class: "ax-button ax-people", "aria-haspopup": "dialog" }, this.#stack, this.#more, this.#role);
  #list = h("ul", { class: "ax-people-list" });
  #alone = h("p", { class: "ax-people-alone" }, "Nobody else is here now.");
  #me;
  popover;
  #news = h("div", { class: "ax-hidden", role: "status", "aria-live": "polite" });
  element;
  /** those of whom was told last. @type {import("./peoplerules.js").Names | null} */
  #told = null;
  /** the room that these are in */
  #room = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #telling;
  #drawn = "";
  /** @type {Map<string, {element: HTMLElement, update: (person: Person, state: State) => void}>} */
  #rows = new Map();

  /** @param {import("./presence.js").Presence} presence */
  constructor(presence) {
    this.presence = presence;
    this.store = presence.store;
    this.#me = createMe(presence.room, () => this.#draw(this.store.state));
    this.popover = h("div", { class: "ax-popover ax-people-popover", popover: "auto", role: "dialog", "aria-label": "People in this room" }, this.#me.element, this.#alone, this.#list);
    this.button.onclick = () => this.#open();
    this.element = h("div", { class: "ax-people-box" }, this.button, this.popover, this.#news);
    this.store.watch((state) => this.#follow(state));
    window.addEventListener("resize", () => this.#follow(this.store.state), { signal: presence.signal });
  }

  #open() {
    this.popover.showPopover();
    const box = this.button.getBoundingClientRect();
    placeAt(this.popover, { x: box.left - 28, y: box.bottom });
    this.#me.begin();
    this.#fill(this.store.state);
  }

  /** @param {State} state */
  #follow(state) {
    const key = JSON.stringify([facesShown(), state.isNamed, state.people.map(({ id, name, color, state: is }) => [id, name, color, is]), state.person, state.role, state.following]);
    if (key !== this.#drawn) this.#draw(state);
    this.#drawn = key;
    if (this.popover.matches(":popover-open")) this.#fill(state);
    this.#tell(state);
  }

  /** @param {State} state */
  #draw(state) {
    const { others, me } = everybody(state);
    const shown = others.toSorted((one, other) => Number(one.state === "idle") - Number(other.state === "idle"));
    this.#stack.replaceChildren(...shown.slice(0, facesShown()).map((person) => face(person)), face(me));
    this.#more.textContent = `+${shown.length - facesShown()}`;
    this.#more.hidden = shown.length <= facesShown();
    const limited = state.role === "viewer" || state.role === "annotator";
    this.#role.hidden = !limited;
    this.#role.textContent = limited ? state.role : "";
    const names = others.map(({ name }) => name).join(", ");
    const here = others.length === 0 ? "Only you are here" : `${others.length + 1} people here: ${names} and you`;
    this.button.title = here;
    this.button.setAttribute("aria-label", `${here}. ${limited ? `You may only do what ${state.role === "viewer" ? "a viewer" : "an annotator"} may. ` : ""}Open the list`);
  }

  /** @param {State} state */
  #fill(state) {
    const { others } = everybody(state);
    this.#me.update(state);
    this.#alone.hidden = others.length > 0;
    for (const id of this.#rows.keys()) if (!others.some((person) => person.id === id)) this.#rows.delete(id);
    const wanted = others.map((person) => {
      const row = this.#rows.get(person.id) ?? createRow(person.id, () => this.#goAlong(person.id));
      this.#rows.set(person.id, row);
      row.update(person, state);
      return row.element;
    });
    if (wanted.length !== this.#list.children.length || wanted.some((row, at) => this.#list.children[at] !== row)) this.#list.replaceChildren(...wanted);
  }

  /** @param {string} id */
  #goAlong(id) {
    this.popover.hidePopover();
    this.presence.toggleFollow(id);
  }

  /** Say to people who hear the page who came and went, once it has settled. @param {State} state */
  #tell(state) {
    const room = state.collection?.name ?? "";
    if (room !== this.#room) {
      clearTimeout(this.#telling);
      this.#news.textContent = "";
      this.#told = null; // it is oneself who has gone
      this.#room = room;
    }
    if (state.people.length === 0 || state.connection !== "open") return;
    const there = new Map(everybody(state).others.map(({ author, name }) => [author, { name, color: "" }]));
    clearTimeout(this.#telling);
    if (!this.#told) this.#told = there;
    else if (newsOf(this.#told, there) !== "") {
      this.#telling = setTimeout(() => {
        this.#news.textContent = newsOf(this.#told ?? there, there);
        this.#told = there;
      }, NEWS_AFTER_MS);
    }
  }
}

/**
 * @param {State} state
 * @returns {{others: readonly Person[], me: Person}} each author once
 */
function everybody(state) {
  const all = byAuthor(state.people, state.person);
  const others = all.filter(({ author }) => author !== state.author);
  const mine = all.find(({ author }) => author === state.author);
  /** @type {Person} */
  const me = {
    id: state.person, author: state.author, color: mine?.color ?? "#808080", role: state.role, name: nameHere(state),
    cluster: clusterOf(state)?.id ?? "", at: null, tool: state.tool, radius: null, image: null, state: "here",
  };
  return { others, me };
}

/** How many others the bar has room for. */
function facesShown() {
  return innerWidth < 1024 ? 1 : innerWidth < 1400 ? 3 : 6;
}

/**
 * @param {import("./room.js").Room} room
 * @param {() => void} onName
 */
function createMe(room, onName) {
  const input = h("input", { type: "text", class: "ax-input", maxLength: NAME_LIMIT, "aria-label": "Your name, as others see it", spellcheck: false, autocomplete: "off" });
  const fixed = h("b", {});
  const words = h("small", {});
  const picture = h("span", { class: "ax-people-picture" });
  const keep = () => {
    input.value = keepName(input.value);
    onName();
    room.store.update({});
  };
  input.onchange = keep;
  input.onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    keep();
  };
  const update = (/** @type {State} */ state) => {
    const { me } = everybody(state);
    picture.replaceChildren(face(me));
    input.hidden = state.isNamed;
    fixed.hidden = !state.isNamed;
    fixed.textContent = me.name;
    words.textContent = `You · ${ROLE_WORDS[state.role]}`;
  };
  const begin = () => {
    input.value = ownName();
    update(room.store.state);
  };
  return { element: h("div", { class: "ax-people-me" }, picture, h("span", { class: "ax-people-words" }, input, fixed, words)), update, begin };
}

/**
 * @param {string} id
 * @param {() => void} onPress
 */
function createRow(id, onPress) {
  const name = h("b", {});
  const words = h("small", {});
  const picture = h("span", { class: "ax-people-picture" });
  const follow = h("span", { class: "ax-people-follow" });
  const button = h("button", { type: "button", class: "ax-people-row" }, picture, h("span", { class: "ax-people-words" }, name, words), follow);
  button.onclick = onPress;
  let drawn = "";
  const update = (/** @type {Person} */ person, /** @type {State} */ state) => {
    const isFollowed = state.following === id;
    const cluster = (/** @type {string} */ of) => state.session?.clusters.find((one) => one.id === of)?.name ?? "";
    const is = doing(person, cluster, TOOL_WORDS);
    const key = JSON.stringify([person.name, person.color, person.state, person.role, is, isFollowed]);
    if (key === drawn) return;
    drawn = key;
    picture.replaceChildren(face(person));
    name.textContent = person.name;
    words.textContent = [is, person.role].filter(Boolean).join(" · ");
    follow.textContent = isFollowed ? "Stop" : "Follow";
    button.setAttribute("aria-pressed", String(isFollowed));
    button.setAttribute("aria-label", `${isFollowed ? "Stop following" : "Follow"} ${person.name}: ${words.textContent}`);
    button.title = isFollowed ? "Look around by yourself again (Escape)" : `Look at what ${person.name} looks at`;
  };
  return { element: h("li", {}, button), update };
}
