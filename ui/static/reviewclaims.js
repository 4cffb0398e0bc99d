// @ts-check
/** Sharing the queue of a review: who looks at which images, taking the next ones, giving them back, asking before another's is changed. */

import { authorOf, avatar } from "./authors.js";
import { AT_ONCE, claimedBy, claimOfOther, minutesLeft, nextFree, standing, withoutOthers } from "./claims.js";
import { h } from "./dom.js";
import { counted } from "./reviewbulk.js";
import { mayDo } from "./roles.js";

/** @typedef {import("./claims.js").Claim} Claim */

const HIDES = "avex-hides-claimed";
/** What is held is told anew so often, and held on to when it is so old and its holder still works. */
const EVERY_MS = 20_000;
const RENEWED_MIN = 10;

export class ReviewClaims {
  /** @type {Map<string, string>} images that are changed although another has claimed them: whose claim it was */
  #allowed = new Map();
  /** @type {{image: string, run: () => void} | null} what is to be done once a person has said so */
  asking = null;
  hidesOthers = localStorage.getItem(HIDES) === "true";
  /** @type {readonly unknown[]} */
  #of = [];
  /** @type {ReadonlyMap<string, Claim>} */
  #standing = new Map();

  /** @param {import("./reviewmodel.js").ReviewModel} model */
  constructor(model) {
    this.model = model;
    this.store = model.room.store;
  }

  get mayClaim() {
    return mayDo(this.store.state, "put_claim");
  }

  /** @returns {ReadonlyMap<string, Claim>} those that hold now, by image */
  get standing() {
    const { claims } = this.store.state.board;
    const part = Math.floor(Date.now() / EVERY_MS);
    if (this.#of[0] !== claims || this.#of[1] !== part) {
      this.#of = [claims, part];
      this.#standing = standing(claims, Date.now() / 1000);
    }
    return this.#standing;
  }

  /** @returns {readonly string[]} the names of the images that this person has claimed */
  get own() {
    return claimedBy(this.standing, this.store.state.author);
  }

  /** @param {string} image @returns {Claim | null} */
  ofOther(image) {
    return claimOfOther(this.standing, image, this.store.state.author);
  }

  /**
   * @param {readonly import("./reviewrules.js").QueueItem[]} queue
   * @param {number | null} id of the image that is looked at, which stays
   * @returns {readonly import("./reviewrules.js").QueueItem[]} without what others have claimed
   */
  reachable(queue, id) {
    const left = new Set(withoutOthers(queue, this.standing, this.store.state.author));
    return left.size === queue.length ? queue : queue.filter((item) => item.id === id || left.has(item));
  }

  claimNext() {
    const images = nextFree(this.model.queue, this.standing);
    if (images.length === 0) {
      this.model.update({ wrong: "Every image that is open has been claimed: wait, or look at one that somebody else has" });
      return;
    }
    this.model.room.operate({ type: "put_claim", images });
    const isOwn = (/** @type {number | null} */ id) => this.model.queue.some((item) => item.id === id && images.includes(item.name));
    const first = this.model.queue.find(({ name }) => name === images[0]);
    if (!isOwn(this.model.state.id) && first) this.model.open(first.id);
    this.model.redraw();
  }

  giveBack() {
    if (this.own.length > 0) this.model.room.operate({ type: "remove_claim", images: this.own });
    this.model.redraw();
  }

  /** Claim one image, or give it back. @param {string} image */
  toggle(image) {
    const isOwn = this.standing.get(image)?.author === this.store.state.author;
    this.model.room.operate({ type: isOwn ? "remove_claim" : "put_claim", images: [image] });
    this.model.redraw();
  }

  toggleHiding() {
    this.hidesOthers = !this.hidesOthers;
    localStorage.setItem(HIDES, String(this.hidesOthers));
    this.model.redraw();
  }

  /**
   * Whether an image is not to be changed now: the role does not allow it, or somebody else looks at the image, and a
   * person must say first that they mean it; `run` is done when they have.
   *
   * @param {string} image
   * @param {() => void} run
   */
  holdsBack(image, run) {
    if (!this.mayClaim) {
      this.model.room.onDenied();
      this.model.redraw();
      return true;
    }
    this.#renew();
    const claim = this.ofOther(image);
    if (!claim || this.#allowed.get(image) === claim.author) return false;
    this.asking = { image, run };
    this.model.redraw();
    return true;
  }

  /** Change it all the same, now and until somebody else claims it. */
  allow() {
    const { asking } = this;
    const claim = asking && this.ofOther(asking.image);
    if (asking && claim) this.#allowed.set(asking.image, claim.author);
    this.asking = null;
    asking?.run();
    this.model.redraw();
  }

  leave() {
    this.asking = null;
    this.model.update({ local: new Map() });
  }

  /** Whoever goes on working holds on to what they have claimed. */
  #renew() {
    const { own } = this;
    const now = Date.now() / 1000;
    const isOld = own.some((image) => minutesLeft(/** @type {Claim} */ (this.standing.get(image)), now) <= RENEWED_MIN);
    if (isOld) this.model.room.operate({ type: "put_claim", images: own });
  }
}

/**
 * In the head of the queue: take the next ones, give back, leave out what others have.
 *
 * @param {import("./reviewmodel.js").ReviewModel} model
 */
export function createClaimRow(model) {
  const { claims } = model;
  const next = chip(`Claim next ${AT_ONCE}`, "Nobody else need look at them; a claim ends with the review, and after half an hour", (event) => workOn(event, () => claims.claimNext()));
  const back = chip("", "Others may take them", (event) => workOn(event, () => claims.giveBack()));
  const hide = chip("Hide others’", "Leave out of the queue what others have claimed", () => claims.toggleHiding());
  const element = h("div", { class: "ax-row ax-wrap ax-queue-claims", role: "group", "aria-label": "Claims" }, next, back, hide);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  model.watch(() => {
    const own = claims.own.length;
    const others = claims.standing.size - own;
    next.hidden = !claims.mayClaim || model.queue.length === 0;
    back.hidden = own === 0 || !claims.mayClaim;
    back.textContent = `Give back ${own}`;
    hide.hidden = others === 0 && !claims.hidesOthers;
    hide.setAttribute("aria-pressed", String(claims.hidesOthers));
    element.hidden = next.hidden && hide.hidden;
    clearTimeout(timer);
    if (claims.standing.size > 0) timer = setTimeout(() => model.redraw(), EVERY_MS);
  });
  return element;
}

/**
 * Below the photograph: who has claimed it, and the question whether to change it all the same.
 *
 * @param {import("./reviewmodel.js").ReviewModel} model
 */
export function createClaimBar(model) {
  const { claims } = model;
  const who = h("span", { class: "ax-claim-who" });
  const words = h("span", {});
  const allow = chip("Change it all the same", "", (event) => workOn(event, () => claims.allow()));
  const next = chip("Next free image", "", (event) => workOn(event, () => {
    claims.leave();
    model.stepFree();
  }));
  const element = h("div", { class: "ax-claim-bar", role: "status", hidden: true }, who, words, allow, next);
  model.watch(({ image }) => {
    const claim = image && claims.ofOther(image.name);
    if (claims.asking && claims.asking.image !== image?.name) claims.asking = null;
    element.hidden = !claim;
    if (!claim) return;
    const author = authorOf(model.room.store.state, claim.author, claim.name);
    const left = minutesLeft(claim, Date.now() / 1000);
    who.replaceChildren(avatar(author));
    words.textContent = claims.asking ? `${author.name} has claimed this image: change it all the same?` : `${author.name} has claimed this image, for ${counted(left, "more minute")}.`;
    allow.hidden = claims.asking === null;
    element.dataset["asking"] = String(claims.asking !== null);
  });
  return element;
}

/**
 * Claim the image that is looked at, or give it back.
 *
 * @param {import("./reviewmodel.js").ReviewModel} model
 */
export function createClaimChip(model) {
  const { claims } = model;
  const claimed = chip("Claim", "Nobody else need look at this image; press again to give it back", () => model.state.image && claims.toggle(model.state.image.name));
  model.watch(({ image }) => {
    const claim = claims.standing.get(image?.name ?? "");
    claimed.hidden = !claims.mayClaim;
    claimed.disabled = !image || (claim !== undefined && claim.author !== model.author);
    claimed.setAttribute("aria-pressed", String(claim?.author === model.author));
    claimed.textContent = claim?.author === model.author ? `Claimed, ${minutesLeft(claim, Date.now() / 1000)} min` : "Claim";
  });
  return claimed;
}

/**
 * @param {import("./reviewmodel.js").ReviewModel} model
 * @param {string} image
 * @returns {{name: string, color: string, minutes: number} | null} as a row of the queue tells it
 */
export function claimTold({ claims, room }, image) {
  const claim = claims.standing.get(image);
  if (!claim) return null;
  const { name, color } = authorOf(room.store.state, claim.author, claim.name);
  return { name, color, minutes: minutesLeft(claim, Date.now() / 1000) };
}

/**
 * Do what a button is for, and go to the photograph: the button may be gone, and Enter means the image from here on.
 *
 * @param {Event} event
 * @param {() => void} run
 */
function workOn({ target }, run) {
  run();
  const review = target instanceof Element ? target.closest("dialog") : null;
  const stage = review?.querySelector(".ax-review-stage");
  if (stage instanceof HTMLElement) stage.focus({ preventScroll: true });
}

/** @param {string} label @param {string} title @param {(event: Event) => unknown} onclick */
function chip(label, title, onclick) {
  return h("button", { type: "button", class: "ax-button ax-chip", title, onclick }, label);
}
