// @ts-check
/** What the page shows, in one value; views are told once a display frame that it changed. */

import { EMPTY_BOARD } from "./board.js";
import { NO_PICKS } from "./clusterrules.js";
import { IDLE } from "./keypoints.js";
import { NOTHING } from "./modes.js";

/** @typedef {import("./messages.js").Session} Session */
/** @typedef {"color" | "sketch" | "eraser"} Brush a tool that has a radius */
/** @typedef {Brush | "explore" | "select" | "keypoints" | "comment"} Tool */

/**
 * @typedef {object} State
 * @property {"connecting" | "open" | "lost" | "refused"} connection
 * @property {import("./closing.js").Closing | null} closing why there is no connection
 * @property {number} unsent
 * @property {string} author
 * @property {import("./messages.js").Collection | null} collection
 * @property {readonly string[]} collections
 * @property {Session | null} session what the room has confirmed and, on it, what it has not answered yet
 * @property {ReadonlySet<string>} waiting ids of the edits and comments that the room has not confirmed as they are shown
 * @property {number} revision
 * @property {import("./board.js").Board} board what people said: comments, votes, claims, snapshots; on it, what the room has not answered yet
 * @property {string} person id of this page among the people
 * @property {import("./messages.js").Role} role what this page may do
 * @property {import("./messages.js").RoomInfo | null} room
 * @property {readonly import("./messages.js").Person[]} people everybody in the room, this page included
 * @property {import("./peoplerules.js").Names} names of authors, also of those who have left
 * @property {boolean} isNamed whether the server says what this person is called, not the person
 * @property {string} following id of the person whose focus this page goes with; "" for nobody
 * @property {string} clusterId the one in focus
 * @property {ReadonlyMap<string, import("./messages.js").Figures>} figures of the clusters, by id
 * @property {number | null} outliers part of the collection that no cluster explains
 * @property {ReadonlyMap<string, import("./messages.js").Progress>} progress of what is under way, by cluster
 * @property {import("./clusterrules.js").Picks} picks images that are picked in the strip
 * @property {readonly import("./outliers.js").Outlier[] | null} unexplained images that no cluster explains; null: not heard yet
 * @property {boolean} showsOutliers whether the strip shows what no cluster explains
 * @property {boolean} showsShortlist whether the strip shows the images that people voted for
 * @property {{text: string, back: string, steps?: number} | null} undoable what was just done, in so many steps; `back`: the cluster that undoing it brings back
 * @property {boolean} canUndo
 * @property {boolean} canRedo
 * @property {import("./messages.js").Ranking | null} ranking
 * @property {string | null} selected id of an edit
 * @property {string | null} hovered id of an edit
 * @property {Tool} tool
 * @property {import("./messages.js").Rgb} color
 * @property {Record<Brush, number>} radius
 * @property {import("./modes.js").Explore} explore what the explorer brush holds
 * @property {import("./keypoints.js").Placing} placing what is done with the keypoints of the cluster in focus
 * @property {boolean} showsTrust whether it is shown where the average is too blurred for keypoints
 * @property {boolean} onlyMine whether the keypoints that others placed are left out, so that two people place theirs without seeing each other's
 * @property {boolean} magnifies whether what is under the hand is shown larger
 * @property {import("./keypointspropagate.js").Job | null} propagation of the keypoints to the images; null: not heard yet
 * @property {"off" | "busy" | "on"} interest whether it is shown where many modes are
 * @property {boolean} starting whether averages to start from are offered
 * @property {boolean} overlay whether the strokes are drawn over the average
 * @property {boolean} picking whether the next press takes a color from the average
 * @property {{text: string, level: "info" | "error"} | null} notice
 * @property {number} fps
 */

/** @type {State} */
const INITIAL = {
  connection: "connecting",
  closing: null,
  unsent: 0,
  author: "",
  collection: null,
  collections: [],
  session: null,
  waiting: new Set(),
  revision: 0,
  board: EMPTY_BOARD,
  person: "",
  role: "owner",
  room: null,
  people: [],
  names: new Map(),
  isNamed: false,
  following: "",
  clusterId: "main",
  figures: new Map(),
  outliers: null,
  progress: new Map(),
  picks: NO_PICKS,
  unexplained: null,
  showsOutliers: false,
  showsShortlist: false,
  undoable: null,
  canUndo: false,
  canRedo: false,
  ranking: null,
  selected: null,
  hovered: null,
  tool: "color",
  color: [200, 32, 44],
  radius: { color: 0.06, sketch: 0.018, eraser: 0.06 },
  explore: NOTHING,
  placing: IDLE,
  showsTrust: true,
  magnifies: false,
  onlyMine: false,
  propagation: null,
  interest: "off",
  starting: false,
  overlay: true,
  picking: false,
  notice: null,
  fps: 0,
};

export class Store {
  /** @type {((state: State) => void)[]} */
  #views = [];
  /** @type {((state: State) => void)[]} */
  #moving = [];
  #scheduled = 0;
  #move = 0;

  /** @param {Partial<State>} start */
  constructor(start) {
    this.state = { ...INITIAL, ...start };
  }

  /** @param {Partial<State>} change */
  update(change) {
    this.state = { ...this.state, ...change };
    this.#scheduled ||= requestAnimationFrame(() => {
      this.#scheduled = 0;
      for (const view of this.#views) view(this.state);
    });
  }

  /**
   * Take in where cursors are. They move all the time: only views that asked for it are told.
   *
   * @param {State["people"]} people
   */
  move(people) {
    this.state = { ...this.state, people };
    this.#move ||= requestAnimationFrame(() => {
      this.#move = 0;
      for (const view of this.#moving) view(this.state);
    });
  }

  /** @param {(state: State) => void} view called soon, and after each change */
  watch(view) {
    this.#views.push(view);
    this.update({});
  }

  /** @param {(state: State) => void} view called also where nothing but a cursor has moved */
  watchMoves(view) {
    this.#moving.push(view);
    this.watch(view);
  }

  close() {
    cancelAnimationFrame(this.#scheduled);
    cancelAnimationFrame(this.#move);
    this.#views = this.#moving = [];
  }
}

/**
 * @param {Tool} tool
 * @returns {tool is Brush}
 */
export function isBrush(tool) {
  return tool !== "explore" && tool !== "select" && tool !== "keypoints" && tool !== "comment";
}

/**
 * @param {State} state
 * @returns {import("./messages.js").Cluster | null} the one in focus
 */
export function clusterOf(state) {
  const clusters = state.session?.clusters ?? [];
  return clusters.find((cluster) => cluster.id === state.clusterId) ?? clusters[0] ?? null;
}

/**
 * @param {State} state
 * @returns {readonly import("./messages.js").Edit[]}
 */
export function editsOf(state) {
  return clusterOf(state)?.edits.map((entry) => entry.edit) ?? [];
}

/** @param {State} state */
export function aspectOf(state) {
  return state.collection ? state.collection.height / state.collection.width : 1;
}
