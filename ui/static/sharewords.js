// @ts-check
/** What roles may do in plain words, whether others can reach this server, and how a link gets to the clipboard. */

import { ago } from "./scale.js";

/** @typedef {import("./messages.js").Role} Role */
/** @typedef {import("./branchesapi.js").Link} Link */

/** @type {readonly {role: Role, title: string, may: string}[]} */
export const ROLES = [
  { role: "viewer", title: "Viewer", may: "Looks at everything and is seen by the others; changes nothing." },
  { role: "annotator", title: "Annotator", may: "Places keypoints, reviews images, comments and votes; changes no average." },
  { role: "editor", title: "Editor", may: "Does all of that, and paints, makes clusters and names moments." },
  { role: "owner", title: "Owner", may: "Does everything, and lets others in or out by these links." },
];

/** @param {string} hostname of this page @returns {boolean} whether only this machine understands it */
export function isThisMachine(hostname) {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/**
 * @param {string} hostname of this page
 * @param {boolean | null} isGuarded whether the server asks who comes; null: unknown
 * @returns {string} whether other machines can reach it
 */
export function hostWords(hostname, isGuarded) {
  if (!isThisMachine(hostname)) return `Whoever has a link enters by it, without a password; others reach this server as ${hostname}.`;
  if (isGuarded) return "You opened this page by an address that means this machine itself. If the server listens for others, open it by the machine's name and make the links there: they begin with the address of this page.";
  return "Only this machine reaches this server: a link works in other browsers here. To share with other machines start avex serve with --host; it then asks whoever comes for a link, a token or a password.";
}

/**
 * @param {string} path as the server told it
 * @param {string} [base] address of the page
 */
export function linkOf(path, base = document.baseURI) {
  return new URL(path, base).href;
}

/** @param {Link} link @param {number} nowS @returns {boolean} whether somebody can still enter by it */
export function isOpen({ is_revoked, expires }, nowS) {
  return !is_revoked && (expires === null || expires > nowS);
}

/**
 * @param {Link} link
 * @param {string} maker
 * @param {number} nowS
 * @returns {string} for whom it is, who made it when, and when it ends
 */
export function linkWords({ label, created, expires }, maker, nowS) {
  const when = ago(created, nowS);
  const left = expires === null ? "" : ago(nowS, expires);
  const parts = [label, `made by ${maker}${when === "" ? "" : when === "now" ? " just now" : ` ${when} ago`}`, left === "" ? "" : left === "now" ? "ends soon" : `ends in ${left}`];
  return parts.filter((part) => part !== "").join(" · ");
}

/**
 * @param {string} text
 * @param {HTMLInputElement} field that shows it: selected, so that it can be copied by hand
 * @returns {Promise<boolean>} whether it is in the clipboard
 */
export async function copyText(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field.focus();
    field.select();
    // Without a secure address browsers have only this, which may be refused as well.
    return document.execCommand("copy");
  }
}
