// @ts-check
/** Reads the golden messages that pytest reads too. */
import { readdirSync, readFileSync } from "node:fs";

const MESSAGES = new URL("../messages/", import.meta.url);

/**
 * @param {string} path under tests/messages
 * @returns {any}
 */
export function readMessage(path) {
  return JSON.parse(readFileSync(new URL(path, MESSAGES), "utf8"));
}

/**
 * @param {string} folder under tests/messages
 * @returns {string[]} the texts of its messages
 */
export function messageTexts(folder) {
  const root = new URL(`${folder}/`, MESSAGES);
  return readdirSync(root).map((name) => readFileSync(new URL(name, root), "utf8"));
}
