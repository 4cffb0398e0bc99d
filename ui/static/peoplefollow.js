// @ts-check
/** While somebody is followed: a frame in their color around the average, who it is, and how to end it. */

import { h } from "./dom.js";
import { inkOn } from "./peoplerules.js";

/** @param {import("./presence.js").Presence} presence */
export function createFollowFrame(presence) {
  const { store } = presence;
  const text = h("span", {});
  const stop = h("button", { type: "button", class: "ax-follow-stop", "aria-label": "Stop following", title: "Look around by yourself again (Escape)" }, "Stop");
  stop.onclick = () => presence.stopFollowing();
  const label = h("div", { class: "ax-follow-label", role: "status" }, text, stop);
  const element = h("div", { class: "ax-follow", hidden: true }, label);
  let leader = { name: "", color: "" };
  store.watch(({ following, people }) => {
    element.hidden = following === "";
    if (following === "") return;
    leader = people.find(({ id }) => id === following) ?? leader;
    element.style.setProperty("--person", leader.color);
    element.style.setProperty("--ink", inkOn(leader.color));
    const words = `Following ${leader.name}`;
    if (text.textContent !== words) text.textContent = words;
  });
  return element;
}
