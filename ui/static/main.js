// @ts-check
/** Puts the explorer into an element of the page, and takes it out again when the page is drawn anew. */

import { createAlignment } from "./alignment.js";
import { createBanner } from "./banner.js";
import { Canvas } from "./canvas.js";
import { ClusterActions } from "./clusteractions.js";
import { ClusterRow } from "./clusters.js";
import { ColorPopover } from "./colors.js";
import { CommentTool } from "./commenttool.js";
import { Compare } from "./compare.js";
import { Detail } from "./detail.js";
import { ExplorerBrush } from "./explore.js";
import { h } from "./dom.js";
import { createEditList } from "./edits.js";
import { listenToHand } from "./hand.js";
import { InterestMap } from "./interest.js";
import { Guide } from "./keypointsguide.js";
import { listenToKeypointHand } from "./keypointshand.js";
import { forSheet, keypointShortcuts } from "./keypointskeys.js";
import { createKeypointPanel } from "./keypointspanel.js";
import { Propagate } from "./keypointspropagate.js";
import { KeypointTool } from "./keypointstool.js";
import { Trust } from "./keypointstrust.js";
import { pageShortcuts } from "./keys.js";
import { NOTHING } from "./modes.js";
import { rememberedNames, rememberNames } from "./myself.js";
import { createModeStrip } from "./modestrip.js";
import { Painter } from "./paint.js";
import { PeopleBar } from "./peoplebar.js";
import { applyRole } from "./permits.js";
import { Cursors } from "./peoplecursors.js";
import { createFollowFrame } from "./peoplefollow.js";
import { Presence } from "./presence.js";
import { createCountControl, createReadouts, createStatus, createWeighting } from "./panel.js";
import { figure } from "./scale.js";
import { createSheet, listenToKeys } from "./shortcuts.js";
import { SchemaDialog } from "./schemadialog.js";
import { Review } from "./review.js";
import { Room } from "./room.js";
import { Rooms } from "./roommenu.js";
import { newId } from "./socket.js";
import { aspectOf, clusterOf, editsOf, Store } from "./store.js";
import { StartPanel } from "./start.js";
import { createStrip } from "./strip.js";
import { createToast } from "./toast.js";
import { createToolbar } from "./toolbar.js";
import { createTopbar } from "./topbar.js";

const BASE = new URL("../", import.meta.url);
const FPS_EVERY_MS = 250;

/** What was mounted last; a page that draws its element anew mounts again. */
let unmount = () => {};

/** @param {HTMLElement} element */
export async function mount(element) {
  unmount();
  rememberTheme();
  await loadStyle();
  const explorer = new Explorer(element);
  unmount = () => explorer.close();
}

class Explorer {
  #abort = new AbortController();
  #live = h("div", { class: "ax-hidden", role: "status", "aria-live": "polite" });

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.store = new Store({ ...rememberedBrush(), names: rememberedNames() });
    this.room = new Room(this.store, BASE);
    this.painter = new Painter(this.#host());
    this.canvas = new Canvas(this.store, this.painter);
    this.presence = new Presence(this.room, this.canvas, this.#abort.signal);
    this.people = new PeopleBar(this.presence);
    new Cursors(this.canvas);
    this.clusters = new ClusterActions(this.room);
    this.compare = new Compare(this.room);
    this.row = new ClusterRow(this.clusters, (id, other) => this.compare.open(id, other));
    this.brush = new ExplorerBrush(this.room, (text) => this.#announce(text), () => this.clusters.spawnFromMode());
    this.interest = new InterestMap(this.room, this.canvas);
    this.start = new StartPanel(this.room, () => this.#focusCanvas());
    this.colors = new ColorPopover(this.room, this.canvas);
    this.commenting = new CommentTool(this.room, this.canvas, (id) => this.detail.open(id, [id]));
    this.detail = new Detail(this.room, this.commenting.comments);
    this.review = new Review(this.room, this.commenting.comments);
    this.presence.imageOf = () => (this.review.isOpen ? (this.review.model.state.image?.name ?? null) : this.detail.image);
    this.keypoints = new KeypointTool(this.room, this.canvas, (text) => this.#announce(text));
    this.guide = new Guide(this.keypoints, new Trust(this.keypoints));
    this.schema = new SchemaDialog(this.keypoints);
    this.rooms = new Rooms(this.room, (name) => this.#changeCollection(name));
    this.rooms.onRestored = () => this.#focusCanvas();
    this.propagate = new Propagate(this.keypoints, () => this.review.open());
    const shortcuts = pageShortcuts(this.room, this.clusters, {
      openSpawn: () => this.row.openSpawn(),
      compare: () => this.compare.open(),
      review: () => this.review.open(),
      openColors: () => this.#openColors(),
      openTimeline: () => this.rooms.timeline.open(),
      openHelp: () => this.sheet.showModal(),
      toggleInterest: () => this.interest.toggle(),
      comments: () => this.commenting.list.toggle(),
      giveUp: () => this.#giveUp(),
    });
    const ofKeypoints = keypointShortcuts(this.keypoints);
    this.sheet = createSheet(forSheet(shortcuts, ofKeypoints));
    listenToKeys([...ofKeypoints, ...shortcuts], () => this.#isInUse(), this.#abort.signal);
    listenToKeypointHand(this.keypoints, this.guide, this.#abort.signal);
    listenToHand(this.canvas, this.#handActions(), this.#abort.signal);
    element.replaceChildren(this.#layout());
    this.#follow();
    this.#stayConnected();
    this.room.join(new URLSearchParams(location.search).get("collection") ?? "");
  }

  close() {
    this.#abort.abort();
    this.presence.close();
    this.keypoints.flush();
    this.propagate.close();
    this.rooms.close();
    this.room.close();
    this.canvas.close();
    this.store.close();
    clearInterval(this.fpsTimer);
  }

  #layout() {
    const topbar = createTopbar(this.room, {
      changeCollection: (name) => this.#changeCollection(name),
      openHelp: () => this.sheet.showModal(),
      openSession: (file) => this.#openSession(file),
      review: () => this.review.open(),
      toggleInterest: () => this.interest.toggle(),
      toggleStart: () => this.start.toggle(),
      toggleTheme: () => toggleTheme(this.store),
      people: this.people.element,
      rooms: this.rooms.menu.button,
      comments: this.commenting.list.button,
    });
    const side = h(
      "aside",
      { class: "ax-side", "aria-label": "Edits and settings" },
      createKeypointPanel(this.keypoints, this.schema, this.propagate.element),
      createReadouts(this.room),
      createCountControl(this.room),
      createAlignment(this.clusters),
      createWeighting(this.room),
      h("h2", { class: "ax-heading" }, "Edits"),
      createEditList(this.room, () => this.#focusCanvas()),
      createStatus(this.room),
    );
    const strip = createStrip(this.room, {
      open: (id, ids) => this.detail.open(id, ids),
      isPainting: () => this.painter.active !== null,
      spawn: (names) => this.clusters.spawnFromImages(names),
    });
    const root = h(
      "div",
      { class: "ax-root" },
      topbar,
      createToolbar(this.store, (anchor) => this.#openColors(anchor)),
      this.row.element,
      h(
        "main",
        { class: "ax-center" },
        createFollowFrame(this.presence),
        createBanner(this.room),
        this.canvas.element,
        this.guide.element,
        createModeStrip(this.room, this.brush, () => this.#leaveModes()),
        strip,
        createToast(this.clusters),
      ),
      this.start.element,
      side,
      this.colors.element,
      this.commenting.element,
      this.commenting.list.element,
      this.detail.element,
      this.compare.element,
      this.review.element,
      this.schema.element,
      ...this.rooms.elements,
      this.sheet,
      this.#live,
    );
    applyRole(root, this.room);
    this.store.watch(({ tool, picking, overlay, role, connection }) => Object.assign(root.dataset, { tool, picking, overlay, role, connection }));
    return root;
  }

  /** Wire what comes from the room to what is shown. */
  #follow() {
    this.room.onFrame = async (frame) => {
      // A hint that comes while the picture is decoded is about this picture: it stays.
      const { notice } = this.store.state;
      if (frame.kind === "card") {
        await this.row.show(frame);
        return;
      }
      const bitmap = await this.canvas.show(frame);
      if (!bitmap) return;
      this.row.mirror(bitmap, frame.cluster);
      if (notice?.level === "info" && notice === this.store.state.notice) this.store.update({ notice: null });
      this.element.dataset["ready"] = "true";
    };
    this.room.onWelcome = () => {
      this.canvas.restart();
      this.row.restart();
    };
    this.room.onError = (text) => this.store.update({ notice: { text, level: "error" } });
    this.#followFocus();
    this.#announceAtRest();
    this.#countFrames();
    this.store.watch(rememberBrush);
    rememberNames(this.store);
  }

  /** Nothing is lost without a question, and no time where the network is back. */
  #stayConnected() {
    const { signal } = this.#abort;
    window.addEventListener("beforeunload", (event) => this.room.isOverdue && event.preventDefault(), { signal });
    window.addEventListener("online", () => this.room.retryNow(), { signal });
    window.addEventListener("offline", () => this.room.doubt(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#isBack(), { signal });
  }

  /** This page is looked at again, perhaps after a night. */
  #isBack() {
    this.room.retryNow();
    this.room.doubt();
  }

  /** The picture of a cluster that is looked at comes at once, small, and then as it is. */
  #followFocus() {
    let focused = "";
    this.store.watch((state) => {
      const now = `${state.collection?.name} ${clusterOf(state)?.id}`;
      if (now === focused || !state.session) return;
      const isFirst = focused === "";
      focused = now;
      if (!isFirst) this.canvas.standIn(this.row.pictureOf(clusterOf(state)?.id ?? ""));
    });
  }

  #announceAtRest() {
    let said = "";
    this.store.watch((state) => {
      const { ranking, revision } = state;
      const now = `${revision} ${clusterOf(state)?.id}`;
      if (!ranking || ranking.revision !== revision || said === now) return;
      said = now;
      const images = figure(ranking.effective_images);
      const isOneOfMany = (state.session?.clusters.length ?? 0) > 1;
      this.#announce(`${isOneOfMany ? `${clusterOf(state)?.name}. ` : ""}The average is made of about ${images} images, sharpness ${figure(ranking.sharpness)}`);
    });
  }

  #countFrames() {
    const { stats } = this.canvas;
    this.fpsTimer = setInterval(() => {
      const now = performance.now();
      const recent = stats.painted.filter((time) => now - time < 1000).length;
      const fps = this.painter.active !== null ? recent : 0;
      if (fps !== this.store.state.fps) this.store.update({ fps });
      Object.assign(this.element.dataset, { frames: stats.frames, live: stats.live, fps: recent });
    }, FPS_EVERY_MS);
  }

  /** @returns {import("./paint.js").Host} */
  #host() {
    return {
      settings: () => {
        const { tool, color, radius, selected } = this.store.state;
        const { state } = this.store;
        return { tool, color, radius, selected, aspect: aspectOf(state), edits: editsOf(state) };
      },
      preview: (edit) => this.room.preview(edit),
      put: (edit) => this.room.put(edit),
      remove: (id) => this.room.remove(id),
      select: (selected) => this.store.update({ selected }),
      newId: () => newId("e"),
      nowS: () => performance.now() / 1000,
    };
  }

  /** @returns {import("./hand.js").Actions} */
  #handActions() {
    return {
      explorer: this.brush,
      comment: (point) => this.commenting.begin(point),
      openColors: (event, point) => this.colors.open({ x: event.clientX, y: event.clientY }, point),
      pickColor: (point) => this.colors.choose(this.canvas.colorAt(point)),
      announce: (text) => this.#announce(text),
    };
  }

  /** The keys go on where the explorer brush looked. */
  #leaveModes() {
    this.#focusCanvas();
    this.canvas.useKeys(this.brush.point);
  }

  #focusCanvas() {
    this.canvas.overlay.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} [anchor] */
  #openColors(anchor) {
    const place = anchor ?? this.canvas.frame;
    const box = place.getBoundingClientRect();
    const point = this.canvas.pointer ?? this.canvas.cursor ?? [0.5, 0.5];
    const hasPointer = !anchor && this.canvas.pointer !== null;
    const x = hasPointer ? box.left + point[0] * box.width : box.right;
    const y = hasPointer ? box.top + point[1] * box.height : box.top;
    this.colors.open({ x, y }, point);
  }

  #giveUp() {
    if (this.painter.active !== null) this.painter.cancel();
    else if (this.presence.stopFollowing()) return;
    else if (this.brush.isOn && this.store.state.explore.pinned) this.brush.end();
    else this.store.update({ selected: null, picking: false });
    this.canvas.redraw();
  }

  /** @param {string} name */
  #changeCollection(name) {
    const url = new URL(location.href);
    url.searchParams.set("collection", name);
    history.replaceState(null, "", url);
    this.store.update({ selected: null, hovered: null });
    this.row.clear();
    this.room.join(name);
  }

  /** @param {File} file */
  async #openSession(file) {
    const text = await file.text();
    try {
      JSON.parse(text);
      await this.room.open(text);
    } catch (error) {
      const why = error instanceof SyntaxError ? `${file.name} is not a session: it must be JSON` : /** @type {Error} */ (error).message;
      this.store.update({ notice: { text: why, level: "error" } });
    }
  }

  /** @param {string} text */
  #announce(text) {
    this.#live.textContent = text;
  }

  #isInUse() {
    const hasDialog = this.sheet.open || this.schema.element.open || this.detail.element.open || this.compare.element.open || this.review.isOpen || this.rooms.isOpen;
    return !hasDialog && this.element.isConnected && this.element.offsetParent !== null;
  }
}

async function loadStyle() {
  const href = new URL("static/explorer.css", BASE).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = h("link", { rel: "stylesheet", href });
  const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
  document.head.append(link);
  await loaded;
}

/** Gradio follows the system; a choice made here is kept. */
function rememberTheme() {
  const chosen = localStorage.getItem("avex-theme");
  if (chosen) document.body.classList.toggle("dark", chosen === "dark");
}

/** @param {Store} store */
function toggleTheme(store) {
  const isDark = document.body.classList.toggle("dark");
  localStorage.setItem("avex-theme", isDark ? "dark" : "light");
  store.update({});
}

/** @returns {Partial<import("./store.js").State>} */
function rememberedBrush() {
  try {
    const { patch = NOTHING.size, ...brush } = JSON.parse(localStorage.getItem("avex-brush") ?? "{}");
    return { ...brush, explore: { ...NOTHING, size: patch } };
  } catch {
    return {};
  }
}

/** @param {import("./store.js").State} state */
function rememberBrush({ tool, color, radius, overlay, explore, showsTrust, magnifies, onlyMine }) {
  localStorage.setItem("avex-brush", JSON.stringify({ tool, color, radius, overlay, showsTrust, magnifies, onlyMine, patch: explore.size }));
}
