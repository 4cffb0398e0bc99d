// @ts-check
/** A small dialog that asks for what an action needs, carries it out, and stays open with the reason where it fails. */

import { h, iconButton } from "./dom.js";

/** @typedef {Record<string, string | boolean>} Values */
/**
 * @typedef {object} Field
 * @property {string} name
 * @property {"text" | "switch"} kind
 * @property {string} label
 * @property {string} [note]
 * @property {string | boolean} value
 * @property {number} [limit] characters
 */
/**
 * @typedef {object} Question
 * @property {string} title
 * @property {readonly (Node | string)[]} [words] paragraphs
 * @property {readonly Field[]} [fields]
 * @property {string} action what the button says
 * @property {boolean} [isGrave] whether it takes something away
 * @property {(values: Values) => Promise<void>} run throws with words for the person
 */

export class AskDialog {
  #heading = h("h2", { id: "ax-ask-title" });
  #words = h("div", { class: "ax-ask-words" });
  #fields = h("div", { class: "ax-ask-fields" });
  #wrong = h("p", { class: "ax-wrong", role: "alert", hidden: true });
  #go = h("button", { type: "submit", class: "ax-button ax-primary" });
  #form;
  element = h("dialog", { class: "ax-dialog ax-ask", "aria-labelledby": "ax-ask-title" });
  /** @type {Question | null} */
  #question = null;
  /** @type {Map<string, HTMLInputElement>} */
  #inputs = new Map();

  constructor() {
    const close = iconButton("close", "Close", () => this.element.close(), "Esc");
    close.classList.add("ax-dialog-close");
    const cancel = h("button", { type: "button", class: "ax-button ax-plain", onclick: () => this.element.close() }, "Cancel");
    this.#form = h("form", { method: "dialog" }, this.#words, this.#fields, this.#wrong, h("div", { class: "ax-row ax-ask-foot" }, cancel, this.#go));
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      this.#run();
    };
    this.element.append(this.#heading, close, this.#form);
    this.element.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation());
    this.element.addEventListener("click", (event) => event.target === this.element && this.element.close());
  }

  /** @param {Question} question */
  open(question) {
    this.#question = question;
    this.#heading.textContent = question.title;
    this.say(question, question.words ?? []);
    this.#inputs = new Map();
    this.#fields.replaceChildren(...(question.fields ?? []).map((field) => this.#field(field)));
    this.#wrong.hidden = true;
    this.#go.textContent = question.action;
    this.#go.classList.toggle("ax-grave", question.isGrave ?? false);
    this.#setBusy(false);
    if (!this.element.open) this.element.showModal();
    const first = this.#inputs.values().next().value;
    if (first?.type === "text") first.select();
    (first ?? this.#go).focus();
  }

  /**
   * @param {Question} question nothing is said if another one is asked meanwhile
   * @param {readonly (Node | string)[]} words
   */
  say(question, words) {
    if (question !== this.#question) return;
    this.#words.replaceChildren(...words.map((one) => (typeof one === "string" ? h("p", {}, one) : one)));
    this.#words.hidden = words.length === 0;
  }

  /** @param {Field} field */
  #field({ name, kind, label, note = "", value, limit }) {
    const input = h("input", kind === "text" ? { type: "text", class: "ax-input", maxLength: limit ?? 60, value, required: true, spellcheck: false } : { type: "checkbox", checked: value });
    this.#inputs.set(name, input);
    const said = h("span", {}, label, note ? h("small", { class: "ax-muted" }, note) : null);
    return h("label", { class: `ax-ask-${kind}` }, ...(kind === "text" ? [said, input] : [input, said]));
  }

  async #run() {
    const question = this.#question;
    if (!question || this.#go.disabled) return;
    const values = Object.fromEntries([...this.#inputs].map(([name, input]) => [name, input.type === "checkbox" ? input.checked : input.value.trim()]));
    this.#setBusy(true);
    this.#wrong.hidden = true;
    try {
      await question.run(values);
      if (this.#question === question) this.element.close();
    } catch (error) {
      if (this.#question !== question) return;
      this.#wrong.textContent = error instanceof Error ? error.message : String(error);
      this.#wrong.hidden = false;
    } finally {
      if (this.#question === question) this.#setBusy(false);
    }
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#go.disabled = isBusy;
    this.#form.setAttribute("aria-busy", String(isBusy));
  }
}
