// @ts-check
/** Links by which others enter this room, each with a role: made on demand, copied, revoked. */

import { titleOf } from "./branches.js";
import { h, icon, iconButton } from "./dom.js";
import { copyText, hostWords, isOpen, linkOf, linkWords, ROLES } from "./sharewords.js";
import { doerOf } from "./timelinepeople.js";

/** @typedef {import("./branchesapi.js").Link} Link */
/** @typedef {import("./messages.js").Role} Role */

/** After how many days a link ends, 0 for never. */
const ENDS = /** @type {const} */ ([[0, "until revoked"], [1, "for a day"], [7, "for a week"], [30, "for a month"]]);

export class ShareDialog {
  element = h("dialog", { class: "ax-dialog ax-links", "aria-labelledby": "ax-links-title" });
  #heading = h("h2", { id: "ax-links-title" });
  #host = h("p", { class: "ax-links-host" });
  #roles = h("ul", { class: "ax-links-roles" });
  #wrong = h("p", { class: "ax-wrong", role: "alert", hidden: true });
  #said = h("p", { class: "ax-hidden", role: "status" });
  /** @type {Map<string, string>} addresses that were made while this page is open, by the link's id: they are told once */
  #addresses = new Map();
  /** @type {readonly Link[]} */
  #links = [];
  /** the link of which it is asked whether it is to be revoked */
  #doubted = "";
  #asked = 0;

  /**
   * @param {import("./room.js").Room} room
   * @param {import("./branchesapi.js").RoomApi} api
   */
  constructor(room, api) {
    this.store = room.store;
    this.api = api;
    const close = iconButton("close", "Close", () => this.element.close(), "Esc");
    close.classList.add("ax-dialog-close");
    this.element.append(this.#heading, close, this.#host, this.#wrong, this.#roles, this.#said);
    this.element.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation());
    this.element.addEventListener("click", (event) => event.target === this.element && this.element.close());
  }

  open() {
    const { room, role } = this.store.state;
    this.#heading.textContent = `Share “${room ? titleOf(room) : ""}”`;
    this.#wrong.hidden = true;
    this.#links = [];
    this.#doubted = "";
    const isOwner = role === "owner";
    this.#roles.hidden = !isOwner;
    this.#host.textContent = isOwner ? "" : "Only owners of a room let others in: ask one of them for a link.";
    if (!this.element.open) this.element.showModal();
    if (!isOwner) return;
    this.#show();
    this.#tellHost();
    this.#load();
  }

  async #tellHost() {
    const me = await this.api.me().catch(() => null);
    this.#host.textContent = hostWords(new URL(document.baseURI).hostname, me?.is_guarded ?? null);
  }

  async #load() {
    const asked = ++this.#asked;
    this.#roles.setAttribute("aria-busy", "true");
    await this.#try(async () => {
      const links = await this.api.links();
      if (asked === this.#asked) this.#links = links;
    });
    if (asked !== this.#asked) return;
    this.#roles.setAttribute("aria-busy", "false");
    this.#show();
  }

  /** @param {() => Promise<void>} run what fails is told */
  async #try(run) {
    try {
      this.#wrong.hidden = true;
      await run();
    } catch (error) {
      this.#wrong.textContent = error instanceof Error ? error.message : String(error);
      this.#wrong.hidden = false;
    }
  }

  #show() {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["field"] : undefined;
    this.#roles.replaceChildren(...ROLES.map((one) => this.#role(one)));
    const field = focused ? this.#roles.querySelector(`[data-field="${focused}"]`) : null;
    if (field instanceof HTMLElement) field.focus();
    else if (this.element.open && (document.activeElement === document.body || !this.element.contains(document.activeElement))) this.#roles.querySelector("button")?.focus();
  }

  /** @param {{role: Role, title: string, may: string}} one */
  #role({ role, title, may }) {
    const label = h("input", { type: "text", class: "ax-input", placeholder: "For whom", maxLength: 60, "aria-label": `For whom the ${role}'s link is`, spellcheck: false });
    const make = h("button", { type: "submit", class: "ax-button ax-plain", "data-field": `make-${role}` }, `Make a link`);
    const ends = h("select", { class: "ax-input", "aria-label": `When the ${role}'s link ends` }, ...ENDS.map(([days, words]) => h("option", { value: String(days) }, words)));
    const form = h("form", { method: "dialog", class: "ax-row" }, label, ends, make);
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#make(role, label.value.trim(), Number(ends.value) || null, make);
    };
    const links = this.#links.filter((link) => link.role === role && isOpen(link, Date.now() / 1000));
    return h(
      "li",
      { class: "ax-links-role" },
      h("div", { class: "ax-links-role-head" }, h("div", {}, h("b", {}, title), h("p", { class: "ax-muted" }, may)), form),
      h("ul", { class: "ax-links-links" }, ...links.map((link) => this.#link(link))),
    );
  }

  /** @param {Link} link */
  #link(link) {
    const address = this.#addresses.get(link.id);
    const by = linkWords(link, doerOf(link.author, this.store.state), Date.now() / 1000);
    const said = h("div", { class: "ax-links-said" }, h("span", {}, by));
    if (address) said.append(this.#address(address, link.id));
    else said.append(h("small", { class: "ax-muted" }, "Its address was shown when it was made, and is not kept: make another one if it is lost."));
    return h("li", { class: "ax-links-link" }, said, link.id === this.#doubted ? this.#doubt(link) : this.#revokeButton(link));
  }

  /** @param {string} address @param {string} id */
  #address(address, id) {
    const input = h("input", { type: "text", class: "ax-input ax-links-address", value: address, readOnly: true, "aria-label": "Address of the link" });
    input.onfocus = () => input.select();
    const copy = h("button", { type: "button", class: "ax-button ax-plain", "data-field": `copy-${id}` }, "Copy");
    copy.onclick = async () => {
      const isCopied = await copyText(address, input);
      copy.textContent = isCopied ? "Copied" : "Press Ctrl+C";
      this.#said.textContent = isCopied ? "The link is copied" : "The browser does not let the page copy: press Ctrl+C";
    };
    return h("div", { class: "ax-row" }, input, copy);
  }

  /** @param {Link} link */
  #revokeButton(link) {
    const button = iconButton("trash", `Revoke the link${link.label ? ` for ${link.label}` : ""}`, () => {
      this.#doubted = link.id;
      this.#show();
      /** @type {HTMLElement | null} */ (this.#roles.querySelector(`[data-field="keep-${link.id}"]`))?.focus();
    });
    button.classList.add("ax-small");
    button.dataset["field"] = `revoke-${link.id}`;
    return button;
  }

  /** @param {Link} link */
  #doubt(link) {
    const keep = h("button", { type: "button", class: "ax-button ax-chip", "data-field": `keep-${link.id}` }, "Keep");
    keep.onclick = () => {
      this.#doubted = "";
      this.#show();
      /** @type {HTMLElement | null} */ (this.#roles.querySelector(`[data-field="revoke-${link.id}"]`))?.focus();
    };
    const revoke = h("button", { type: "button", class: "ax-button ax-chip ax-grave" }, "Revoke");
    revoke.onclick = () => this.#revoke(link, revoke);
    return h("div", { class: "ax-row", role: "alert" }, h("small", {}, "Who came by it is out at once."), keep, revoke);
  }

  /** @param {Role} role @param {string} label @param {number | null} days @param {HTMLButtonElement} button */
  async #make(role, label, days, button) {
    button.disabled = true;
    await this.#try(async () => {
      const made = await this.api.makeLink(role, label, days);
      this.#addresses.set(made.id, linkOf(made.path));
      await this.#load();
      /** @type {HTMLElement | null} */ (this.#roles.querySelector(`[data-field="copy-${made.id}"]`))?.focus();
    });
    button.disabled = false;
  }

  /** @param {Link} link @param {HTMLButtonElement} button */
  async #revoke(link, button) {
    button.disabled = true;
    await this.#try(async () => {
      await this.api.revoke(link.id);
      this.#doubted = "";
      this.#said.textContent = "The link is revoked";
      await this.#load();
      /** @type {HTMLElement | null} */ (this.#roles.querySelector(`[data-field="make-${link.role}"]`))?.focus();
    });
    button.disabled = false;
  }
}
