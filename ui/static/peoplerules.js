// @ts-check
/** Who is in the room, how they are called, who came and went, and when to say where oneself is. Pure. */

/** @typedef {import("./messages.js").Here} Here */
/** @typedef {import("./messages.js").People} People */
/** @typedef {import("./messages.js").Person} Person */
/** @typedef {{name: string, color: string}} Known what is remembered of an author; `color` "" for one who was never met */
/** @typedef {ReadonlyMap<string, Known>} Names by author id */

/** Others hear of a cursor at most so often; the server drops what comes faster. */
export const HERE_EVERY_S = 0.05;
/** Whoever says nothing for 20 s is taken for gone, so silence ends before. */
export const ALIVE_EVERY_S = 10;
/** Without a pointer and a key for so long, a person is idle. */
export const IDLE_AFTER_S = 20;
export const NAME_LIMIT = 40;
/** A room tells as many, and those whom one has met are more. */
const NAMES_LIMIT = 1000;
export const SOMEBODY = "somebody";
/** How the server calls those who have not said their name yet. */
const UNNAMED = "Guest";

const BIRDS = ["Finch", "Heron", "Kestrel", "Lark", "Magpie", "Nuthatch", "Osprey", "Plover", "Quail", "Robin", "Swift", "Tern", "Wagtail", "Avocet", "Bittern", "Curlew"];

/**
 * Take in what a message says: everybody, or who came, moved or went.
 *
 * @param {readonly Person[]} known
 * @param {People} message
 * @returns {readonly Person[]} in the order in which they came
 */
export function followPeople(known, { people, gone, is_all }) {
  if (is_all) return people;
  const byId = new Map(known.map((person) => [person.id, person]));
  for (const id of gone) byId.delete(id);
  for (const person of people) byId.set(person.id, person);
  return [...byId.values()];
}

/**
 * @param {readonly Person[]} before
 * @param {readonly Person[]} after
 * @returns {boolean} whether nothing but cursors differs
 */
export function onlyMoved(before, after) {
  return before.length === after.length && before.every((one, at) => {
    const other = after[at];
    if (one === other) return true;
    return other !== undefined && JSON.stringify({ ...one, at: null, radius: null }) === JSON.stringify({ ...other, at: null, radius: null });
  });
}

/**
 * Remember how authors are called, also when they have left; the newest of too many are kept.
 *
 * @param {Names} names not changed
 * @param {readonly Person[]} people
 * @returns {Names} the same one if nothing is new
 */
export function learnNames(names, people) {
  const heard = people.map(({ author, name, color }) => ({ author, color, name: name === UNNAMED ? (names.get(author)?.name ?? name) : name }));
  const news = heard.filter(({ author, name, color }) => {
    const known = names.get(author);
    return author !== "" && name !== "" && (known?.name !== name || known.color !== color);
  });
  if (news.length === 0) return names;
  const all = new Map(names);
  for (const { author, name, color } of news) {
    all.delete(author);
    all.set(author, { name, color });
  }
  return new Map([...all].slice(-NAMES_LIMIT));
}

/**
 * Take in what a room knows of its authors, also of those who were never met: they have no color yet.
 *
 * @param {Names} names not changed
 * @param {Readonly<Record<string, string>>} called names by author
 * @returns {Names} the same one if nothing is new
 */
export function withCalled(names, called) {
  const wanted = Object.entries(called).filter(([author, name]) => author !== "" && name !== "");
  if (wanted.every(([author, name]) => names.get(author)?.name === name)) return names;
  const all = new Map(names);
  for (const [author, name] of wanted) {
    const color = names.get(author)?.color ?? "";
    all.delete(author);
    all.set(author, { name, color });
  }
  return new Map([...all].slice(-NAMES_LIMIT));
}

/**
 * @param {{author: string, names: Names}} state
 * @param {string} author an id
 * @returns {string} "you", the name, or "somebody" for one whose name was never heard
 */
export function nameOfAuthor({ author: me, names }, author) {
  if (author === me) return "you";
  return names.get(author)?.name ?? SOMEBODY;
}

/**
 * @param {string} name
 * @returns {string} one or two capitals
 */
export function initials(name) {
  const words = name.trim().split(/[\s._-]+/).filter((word) => word !== "");
  const [first, last] = [words[0] ?? "?", words.length > 1 ? (words.at(-1) ?? "") : ""];
  return `${[...first][0] ?? "?"}${[...last][0] ?? ""}`.toUpperCase();
}

/**
 * @param {string} author
 * @returns {string} a name for somebody who has chosen none, always the same for an id
 */
export function guestName(author) {
  const sum = [...author].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 65521, 7);
  return `Guest ${BIRDS[sum % BIRDS.length]}`;
}

/** @param {string} typed @returns {string} as it may be sent */
export function properName(typed) {
  return [...typed.replace(/\s+/g, " ").trim()].slice(0, NAME_LIMIT).join("").trim();
}

/**
 * Everybody once, however many pages they have open: the one that was used last speaks for all.
 *
 * @param {readonly Person[]} people
 * @param {string} [me] id of this page, which speaks for its author
 * @returns {readonly Person[]}
 */
export function byAuthor(people, me = "") {
  /** @type {Map<string, Person>} */
  const known = new Map();
  for (const person of people) {
    const other = known.get(person.author);
    const isBetter = person.id === me || (other?.id !== me && other?.state === "idle" && person.state === "here");
    if (!other || isBetter) known.set(person.author, person);
  }
  return [...known.values()];
}

/**
 * Say who has come and who has gone, for people who hear the page: one sentence, nothing of oneself.
 *
 * @param {Names} before the others at the time of the last sentence
 * @param {Names} after
 * @returns {string} "" if nobody came or went
 */
export function newsOf(before, after) {
  const came = [...after].filter(([author]) => !before.has(author)).map(([, { name }]) => name);
  const went = [...before].filter(([author]) => !after.has(author)).map(([, { name }]) => name);
  const parts = [listed(came, "joined"), listed(went, "left")].filter((part) => part !== "");
  return parts.join(". ");
}

/** @param {readonly string[]} names @param {string} verb */
function listed(names, verb) {
  const [first = SOMEBODY] = names;
  if (names.length === 0) return "";
  if (names.length === 1) return `${first} has ${verb}`;
  return names.length === 2 ? `${first} and ${names[1]} have ${verb}` : `${first} and ${names.length - 1} others have ${verb}`;
}

/**
 * @param {string} color "#rrggbb"
 * @returns {"#000" | "#fff"} what can be read on it
 */
export function inkOn(color) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
  const light = 0.2126 * red ** 2.2 + 0.7152 * green ** 2.2 + 0.0722 * blue ** 2.2;
  return light > 0.18 ? "#000" : "#fff";
}

/**
 * What the others of a room are doing, for a list.
 *
 * @param {Person} person
 * @param {(cluster: string) => string} nameOfCluster
 * @param {Readonly<Record<string, string>>} tools names of the tools
 * @returns {string}
 */
export function doing({ cluster, tool, image, state }, nameOfCluster, tools) {
  const file = image?.split("/").at(-1);
  const where = file ? `looks at ${file}` : nameOfCluster(cluster);
  return [where, tools[tool], state === "idle" ? "idle" : ""].filter((part) => part).join(" · ");
}

/** What is said of oneself: the newest wins, only what is new, and now and then a sign of life. */
export class HerePace {
  #said = "";
  #saidS = -Infinity;

  /** The connection is new: nobody has heard anything. */
  reset() {
    this.#said = "";
    this.#saidS = -Infinity;
  }

  /**
   * @param {Here} here as it is now
   * @param {number} nowS
   * @returns {boolean} whether to say it now
   */
  wants(here, nowS) {
    const text = JSON.stringify(here);
    const since = nowS - this.#saidS;
    if (text === this.#said ? since < ALIVE_EVERY_S : since < HERE_EVERY_S) return false;
    this.#said = text;
    this.#saidS = nowS;
    return true;
  }
}

/**
 * Where to go with somebody who is followed.
 *
 * @param {{clusterId: string, session: {clusters: readonly {id: string}[]} | null, following: string, people: readonly Person[]}} state
 * @returns {string | null} a cluster to look at; null to stay
 */
export function whereTo({ clusterId, session, following, people }) {
  const leader = people.find(({ id }) => id === following);
  if (!leader || leader.cluster === clusterId) return null;
  return session?.clusters.some(({ id }) => id === leader.cluster) ? leader.cluster : null;
}
