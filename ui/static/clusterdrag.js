// @ts-check
/** Cards are put in another order by dragging, and walked, moved, renamed and deleted by keys. */

import { placeUnder } from "./clusterrules.js";

/** @typedef {import("./clustercard.js").Card} Card */

/** A press that moves less than this is a click. */
const SLACK_PX = 6;

/**
 * Let a card be dragged by mouse or pen; a finger scrolls the row, and moves cards by the menu.
 *
 * @param {Card} card
 * @param {() => readonly Card[]} cards all of them, in their order
 * @param {(id: string, place: number) => void} drop place among the others
 */
export function makeDraggable(card, cards, drop) {
  const { face, element } = card;
  /** @type {{x: number, y: number, isMoving: boolean} | null} */
  let from = null;
  let place = 0;
  const others = () => cards().filter((one) => one !== card);
  const mark = (/** @type {number} */ at) =>
    others().forEach(({ element: other }, number, all) => {
      other.classList.toggle("ax-drop-before", number === at);
      other.classList.toggle("ax-drop-after", at === all.length && number === all.length - 1);
    });
  const end = () => {
    from = null;
    mark(-1);
    element.classList.remove("ax-dragging");
    element.style.translate = "";
  };
  face.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType !== "touch") from = { x: event.clientX, y: event.clientY, isMoving: false };
  });
  face.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.isMoving && Math.hypot(dx, dy) < SLACK_PX) return;
    if (!from.isMoving) face.setPointerCapture(event.pointerId);
    from.isMoving = true;
    element.classList.add("ax-dragging");
    element.style.translate = `${dx}px ${dy}px`;
    place = placeUnder(others().map(({ element: other }) => other.getBoundingClientRect()), { x: event.clientX, y: event.clientY });
    mark(place);
  });
  face.addEventListener("pointerup", () => {
    const wasMoving = from?.isMoving ?? false;
    end();
    if (wasMoving) drop(card.id, place);
  });
  face.addEventListener("pointercancel", end);
  face.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && from?.isMoving) {
      event.stopPropagation();
      end();
    }
  });
}

const STEPS = /** @type {Record<string, 1 | -1>} */ ({ ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 });

/**
 * The keys of a card that has the keyboard's focus.
 *
 * @param {Card} card
 * @param {import("./clusteractions.js").ClusterActions} actions
 * @param {KeyboardEvent} event
 * @returns {string | null} id of the cluster whose card is to have the keyboard's focus, if that changes
 */
export function onCardKey(card, actions, event) {
  const { ids } = actions;
  const at = ids.indexOf(card.id);
  const step = STEPS[event.key];
  const ends = /** @type {Record<string, number>} */ ({ Home: 0, End: ids.length - 1 });
  if (event.ctrlKey || event.metaKey) return null;
  let next = null;
  if (step && event.altKey) actions.move(card.id, at + step);
  else if (step || event.key in ends) next = ids[step ? at + step : (ends[event.key] ?? at)] ?? null;
  else if (event.key === "F2") card.startRename();
  else if (event.key === "Delete" || event.key === "Backspace") {
    next = ids[at + 1] ?? ids[at - 1] ?? null;
    actions.remove(card.id);
  } else return null;
  event.preventDefault();
  event.stopPropagation();
  return next ?? (event.altKey ? card.id : null);
}
