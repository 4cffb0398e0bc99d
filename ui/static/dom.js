// @ts-check
/** The few lines that stand in for a framework: make an element, an icon, a button. */

/**
 * Make an element. `on…` properties become listeners, `class`, `aria-…`, `data-…`, `role` and the like
 * become attributes, everything else is set as a property. Text is never read as markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-")) Object.assign(element, { [name]: value });
    else element.setAttribute(name === "class" ? "class" : name, String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Outlines on a 24 x 24 grid, drawn for this page. */
const ICONS = {
  color: "M14.5 4.5 19.5 9.5 M12.6 6.4 17.6 11.4 11 18c-1.2 1.2-3.2.6-4.4 1.4-.9.6-1.9.9-3.1.6.9-.8.9-1.7 1.1-2.7.3-1.400.7-3.100 1.900-4.300z",
  explore: "M4.500 4.500h4 M4.500 4.500v4 M19.500 4.500h-4 M19.500 4.500v4 M4.500 19.500h4 M4.500 19.500v-4 M12 8.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z M14.500 14.500l5 5",
  interest: "M12 3.800c.6 3.200 4.700 5 4.700 9.600a4.700 4.700 0 0 1-9.400 0c0-1.900.9-3 1.900-4.100.3 1.300.9 2 1.700 2.400-.3-3 .1-5.600 1.100-7.900z",
  start: "M4.500 5h4.500v4.500H4.500z M4.500 14.500h4.500V19H4.500z M13 7.200h6.500 M13 16.700h6.500",
  like: "M4.500 4.500h9v9h-9z M17 10.500h2.500v9h-9V17 M7 11l2-2.500 1.500 1.700",
  sketch: "M4 18.500c3-9 5.500-12.500 7.500-11.500 2.500 1.200-3 8.500-.5 9.500 2.200.9 4.200-5 6.200-4.500 1.500.4.3 3.200 2.800 3.500",
  eraser: "M9 19.500h10.500 M4.600 14.400 13.600 5.400a1.600 1.600 0 0 1 2.300 0l3.200 3.200a1.600 1.600 0 0 1 0 2.300L10.500 19.500H8.300l-3.700-3.700a1 1 0 0 1 0-1.400z M9.500 9.500 15 15",
  select: "M6 4.500 18.500 11.800 12.700 13.200 10.200 19z",
  keypoints: "M6.5 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z M17.5 7.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z M9.5 15.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z M8.5 7.4l7 1.8 M7 9l2 6.5 M11 16l5-4.8",
  fit: "M4.5 9V4.5H9 M15 4.5h4.5V9 M19.5 15v4.5H15 M9 19.5H4.5V15",
  minus: "M5.5 12h13",
  pencil: "M5 19l1-4L15.5 5.5l3 3L9 18z M13.5 7.5l3 3",
  up: "M6 14.5 12 8.5l6 6",
  down: "M6 9.5l6 6 6-6",
  undo: "M8.500 5 4.500 9l4 4 M4.500 9H14a5 5 0 0 1 0 10h-3.500",
  redo: "M15.500 5l4 4-4 4 M19.500 9H10a5 5 0 0 0 0 10h3.500",
  eye: "M2.800 12C5 8 8.300 6 12 6s7 2 9.200 6c-2.200 4-5.500 6-9.200 6s-7-2-9.200-6z M12 9.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z",
  eyeOff: "M4 4l16 16 M9.800 6.300C10.500 6.100 11.200 6 12 6c3.700 0 7 2 9.200 6a14 14 0 0 1-2.700 3.400 M15.700 17.200A9.600 9.600 0 0 1 12 18c-3.700 0-7-2-9.200-6a14 14 0 0 1 3.600-4.200",
  close: "M6 6l12 12 M18 6 6 18",
  trash: "M5 7h14 M10 7V4.800h4V7 M7 7l.8 12.200h8.400L17 7 M10.300 10.500v5.500 M13.700 10.500v5.500",
  menu: "M5 7h14 M5 12h14 M5 17h14",
  download: "M12 4.500v10 M7.800 10.500 12 14.700l4.200-4.200 M5 19.500h14",
  help: "M9.200 9.300a2.900 2.900 0 1 1 4.300 2.500c-1 .6-1.500 1.100-1.500 2.200 M12 17.300v.1",
  theme: "M12 4.500a7.500 7.500 0 1 0 7.500 7.500A5.800 5.800 0 0 1 12 4.500z",
  pin: "M9 4.500h6 M10 4.500v5L7 13.500h10l-3-4v-5 M12 13.500V20",
  exclude: "M12 4.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15z M6.700 6.700l10.600 10.600",
  previous: "M14.500 5.500 8 12l6.500 6.500",
  next: "M9.500 5.500 16 12l-6.500 6.500",
  similar: "M4.500 4.500h6v6h-6z M13.500 4.500h6v6h-6z M4.500 13.500h6v6h-6z M13.500 13.500h6v6h-6z",
  dropper: "M13.500 6.500l4 4 M15.500 8.500 8 16l-3.500 3.500.7-3.800L12.700 8.200 M14.500 7.500l2-2a2 2 0 0 1 2.800 2.800l-2 2",
  layers: "M12 4.500 20 9l-8 4.500L4 9z M4 13l8 4.500 8-4.500",
  plus: "M12 5.500v13 M5.500 12h13",
  sharpen: "M12 4l2 6 6 2-6 2-2 6-2-6-6-2 6-2z",
  merge: "M5 6h4.500v4.500H5z M5 13.500h4.500V18H5z M12 8.200h2c2 0 2 3.800 4.500 3.800 M12 15.800h2c2 0 2-3.800 4.500-3.800",
  near: "M12 7.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9z M12 4v3.500 M12 16.500V20 M4 12h3.500 M16.500 12H20",
  anywhere: "M12 12m-1.500 0a1.500 1.500 0 1 0 3 0a1.500 1.500 0 1 0-3 0 M4.500 9V4.500H9 M15 4.500h4.500V9 M19.500 15v4.500H15 M9 19.500H4.500V15",
  compare: "M4.500 6h15v12h-15z M12 4v16 M8 10.500 6.500 12 8 13.500 M16 10.500l1.500 1.500-1.500 1.500",
  review: "M4.5 5.500h15v13h-15z M8 12.200l2.600 2.600 5.400-5.600",
  comment: "M5 5.500h14v10h-7.500L7.500 19.500v-4H5z M8.500 9h7 M8.500 12h4.500",
  upvote: "M4.500 11h3.500v8H4.500z M8 11l3.500-6.500c1.600 0 2.200 1.200 1.900 2.600L12.800 10h5c1.200 0 1.900 1 1.600 2.100l-1.400 5.400c-.2.900-.9 1.500-1.800 1.500H8",
  downvote: "M4.500 13h3.500V5H4.500z M8 13l3.500 6.500c1.600 0 2.200-1.200 1.900-2.600L12.800 14h5c1.200 0 1.900-1 1.600-2.100l-1.400-5.400C17.800 5.600 17.100 5 16.200 5H8",
  more: "M6 12h.1 M12 12h.1 M18 12h.1",
  branch: "M7 4.5v15 M7 15.500c0-4.500 10-2.500 10-8 M17 7.500V5 M5.200 4.500h3.600 M15.200 4.500h3.600 M5.200 19.500h3.600",
  history: "M4.800 9.500A7.700 7.700 0 1 1 4.500 13.500 M4.500 5v4.700h4.700 M12 8v4.300l3 1.900",
  share: "M7 10a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z M17 4.300a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z M17 15.300a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400z M9 11.200l6-3.600 M9 13.200l6 3.300",
  play: "M8 5.500 18.500 12 8 18.500z",
  pause: "M8.500 5.500v13 M15.500 5.500v13",
  lock: "M7 11h10v8H7z M9 11V8.500a3 3 0 0 1 6 0V11",
};

/** @typedef {keyof typeof ICONS} IconName */

/**
 * @param {IconName} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "ax-icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A button with an icon, named for the screen reader and in its tooltip.
 *
 * @param {IconName} name
 * @param {string} label
 * @param {() => void} onPress
 * @param {string} [key] the shortcut, shown in the tooltip
 */
export function iconButton(name, label, onPress, key = "") {
  const title = key ? `${label} (${key})` : label;
  return h(
    "button",
    { type: "button", class: "ax-button ax-icon-button", title, "aria-label": label, onclick: onPress },
    icon(name),
  );
}

/** @param {readonly [number, number, number]} color */
export function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

/**
 * Close the popover that is open, and give the focus back to where it was before.
 *
 * @returns {boolean} whether one was open
 */
export function closePopover() {
  const open = document.querySelector(".ax-root [popover]:popover-open");
  if (!(open instanceof HTMLElement)) return false;
  open.hidePopover();
  return true;
}

/**
 * A button that is on or off; `aria-checked` says which.
 *
 * @param {string} label
 * @param {string} title
 * @param {() => void} onPress
 */
export function createSwitch(label, title, onPress) {
  const track = h("span", { class: "ax-switch-track", "aria-hidden": "true" });
  return h("button", { type: "button", class: "ax-switch", role: "switch", "aria-checked": "false", title, onclick: onPress }, track, h("span", {}, label));
}

/**
 * Arrows, Home and End walk through the buttons and links of a row or column.
 *
 * @param {HTMLElement} list
 * @param {KeyboardEvent} event
 */
export function moveFocus(list, event) {
  const buttons = [...list.querySelectorAll(/** @type {"button"} */ ("button:not(:disabled, [tabindex='-1']), a"))];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const places = /** @type {Record<string, number>} */ ({
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: buttons.length - 1,
  });
  const next = buttons[places[event.key] ?? -1];
  if (at < 0 || !next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

/**
 * Arrows walk to the nearest button in their direction, Home and End to the first and last.
 *
 * @param {HTMLElement} area buttons in rows
 * @param {KeyboardEvent} event
 */
export function moveFocusAbout(area, event) {
  const buttons = [...area.querySelectorAll("button")];
  const from = buttons.find((button) => button === document.activeElement);
  if (!from) return;
  const next = { Home: buttons[0], End: buttons.at(-1) }[event.key] ?? nearest(buttons, from, event.key);
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

/**
 * @param {readonly HTMLButtonElement[]} buttons
 * @param {HTMLButtonElement} from
 * @param {string} key
 * @returns {HTMLButtonElement | undefined} a step aside weighs more than one ahead, so that rows are kept
 */
function nearest(buttons, from, key) {
  const directions = /** @type {Record<string, readonly [number, number]>} */ ({
    ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  });
  const direction = directions[key];
  if (!direction) return undefined;
  const [x, y] = middleOf(from);
  const away = buttons.flatMap((button) => {
    const [dx, dy] = [middleOf(button)[0] - x, middleOf(button)[1] - y];
    const ahead = dx * direction[0] + dy * direction[1];
    const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
    return ahead > 1 && (direction[0] === 0 || aside < from.offsetHeight) ? [{ button, cost: ahead + 3 * aside }] : [];
  });
  return away.sort((one, other) => one.cost - other.cost)[0]?.button;
}

/** @param {HTMLElement} element */
function middleOf(element) {
  const { x, y, width, height } = element.getBoundingClientRect();
  return /** @type {const} */ ([x + width / 2, y + height / 2]);
}
