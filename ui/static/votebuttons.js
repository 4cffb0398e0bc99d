// @ts-check
/** Two buttons for and against an image, with how many people are, on an image of the strip and beside a large one. */

import { h, icon } from "./dom.js";
import { nameOfAuthor } from "./peoplerules.js";
import { mayDo } from "./roles.js";
import { NO_VOTES, shortlistOf, talliesOf, tallyWords, voteOperation, votersWords } from "./votes.js";

/** @typedef {import("./votes.js").Tally} Tally */

const SIDES = /** @type {const} */ ([[1, "upvote", "For"], [-1, "downvote", "Against"]]);

/** The votes of the room, counted once for all who show them. */
export class Votes {
  /** @type {readonly unknown[]} */
  #of = [];
  /** @type {ReadonlyMap<string, Tally>} */
  #tallies = new Map();
  /** @type {readonly string[]} */
  #shortlist = [];

  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
  }

  /** @returns {ReadonlyMap<string, Tally>} by image */
  get tallies() {
    const { board, author } = this.room.store.state;
    if (this.#of[0] !== board.votes || this.#of[1] !== author) {
      this.#of = [board.votes, author];
      this.#tallies = talliesOf(board.votes, author);
      this.#shortlist = shortlistOf(this.#tallies);
    }
    return this.#tallies;
  }

  /** @returns {readonly string[]} images that somebody is for, the most wanted first */
  get shortlist() {
    return this.tallies.size > 0 ? this.#shortlist : [];
  }

  /** @param {string} image its name @param {-1 | 1} side @returns {string} who is for it, or against it */
  voters(image, side) {
    const { state } = this.room.store;
    const tally = this.of(image);
    if ((side > 0 ? tally.for : tally.against) === 0) return "";
    const votes = state.board.votes.filter((vote) => vote.image === image);
    return votersWords(votes, side, (author) => nameOfAuthor(state, author));
  }

  get mayVote() {
    return mayDo(this.room.store.state, "put_vote");
  }

  /** @param {string} image its name @returns {Tally} */
  of(image) {
    return this.tallies.get(image) ?? NO_VOTES;
  }

  /** The room says why where the role does not allow it. @param {string} image @param {-1 | 1} value */
  press(image, value) {
    this.room.operate(voteOperation(image, this.of(image), value));
  }
}

export class VoteButtons {
  #image = "";
  #drawn = "";
  #parts;
  element;

  /**
   * @param {Votes} votes
   * @param {{isWalked?: boolean, keys?: readonly [string, string]}} [options] `isWalked`: keys go through them
   */
  constructor(votes, { isWalked = true, keys = ["", ""] } = {}) {
    this.votes = votes;
    this.#parts = SIDES.map(([value, name, label], at) => {
      const count = h("span", { class: "ax-vote-count" });
      const press = (/** @type {Event} */ event) => {
        event.stopPropagation();
        this.votes.press(this.#image, value);
      };
      const hint = keys[at] ? `${label} (${keys[at]})` : label;
      const button = h("button", { type: "button", class: "ax-vote", title: hint, onclick: press }, icon(name), count);
      if (!isWalked) button.tabIndex = -1;
      return { value, label, hint, button, count };
    });
    this.element = h("span", { class: "ax-votes", role: "group", "aria-label": "Votes" }, ...this.#parts.map(({ button }) => button));
  }

  /** @param {string} image its name */
  draw(image) {
    const tally = this.votes.of(image);
    const { mayVote } = this.votes;
    const voters = this.#parts.map(({ value }) => this.votes.voters(image, value));
    const drawn = JSON.stringify([image, tally, mayVote, voters]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#image = image;
    this.element.dataset["any"] = String(tally.for + tally.against > 0);
    this.element.title = tallyWords(tally);
    for (const [at, { value, label, hint, button, count }] of this.#parts.entries()) {
      const people = value > 0 ? tally.for : tally.against;
      count.textContent = people > 0 ? String(people) : "";
      button.setAttribute("aria-pressed", String(tally.own === value));
      button.setAttribute("aria-label", `${label}: ${people} ${people === 1 ? "vote" : "votes"}`);
      button.title = voters[at] ? `${hint}: ${voters[at]}` : hint;
      button.setAttribute("aria-disabled", String(!mayVote));
      button.dataset["side"] = value > 0 ? "for" : "against";
    }
  }
}
