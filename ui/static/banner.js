// @ts-check
/** Above the average: that the connection is lost and what becomes of one's work, or what the server has to say. */

import { isOver, lostWords } from "./closing.js";
import { h } from "./dom.js";

/** Within this time a connection may be lost and back without a word. */
const PATIENCE_MS = 700;

const BUTTONS = /** @type {const} */ ({ retry: "Try now", reload: "Reload", login: "Log in", save: "Save" });

/** @param {import("./room.js").Room} room */
export function createBanner(room) {
  const { store } = room;
  const text = h("span", {});
  const button = h("button", { type: "button", class: "ax-button" });
  button.onclick = () => help(room, remedyOf(store.state));
  const banner = h("div", { class: "ax-banner", role: "alert", hidden: true }, text, button);
  let welcomed = false;
  /** since when there is no connection; null: there is one */
  let lostMs = /** @type {number | null} */ (null);
  store.watch((state) => {
    welcomed ||= state.connection === "open";
    const isRefused = state.connection === "refused";
    const isLost = isRefused || (welcomed && state.connection !== "open");
    if (isLost && lostMs === null) setTimeout(() => store.update({}), PATIENCE_MS);
    lostMs = isLost ? (lostMs ?? performance.now()) : null;
    if (isRefused && state.closing?.remedy === "login" && state.unsent === 0) help(room, "login");
    const tells = isRefused || (lostMs !== null && performance.now() - lostMs >= PATIENCE_MS - 10);
    const remedy = remedyOf(state);
    banner.hidden = !tells && state.notice === null;
    button.hidden = !tells || remedy === "";
    if (remedy !== "") button.textContent = BUTTONS[remedy];
    banner.dataset["level"] = tells ? "error" : (state.notice?.level ?? "error");
    const words = tells ? lostWords(state) : (state.notice?.text ?? "");
    if (text.textContent !== words) text.textContent = words;
  });
  return banner;
}

/**
 * @param {import("./store.js").State} state
 * @returns {import("./closing.js").Remedy | "save"}
 */
function remedyOf({ closing, unsent }) {
  return isOver(closing) && unsent > 0 ? "save" : (closing?.remedy ?? "retry");
}

/**
 * @param {import("./room.js").Room} room
 * @param {import("./closing.js").Remedy | "save"} remedy
 */
function help(room, remedy) {
  if (remedy === "save") room.saveShown();
  else if (remedy === "reload") location.reload();
  else if (remedy === "login") location.assign(loginUrl(room.base));
  else room.retryNow();
}

/** @param {URL} base of the page @returns {string} where one logs in, and comes back from */
export function loginUrl(base) {
  const url = new URL("login", base);
  url.searchParams.set("next", `/${location.pathname.slice(base.pathname.length)}${location.search}`);
  return url.href;
}
