// @ts-check
/** What a closed connection means for the person, and what helps. Pure. */

/** @typedef {"retry" | "reload" | "login" | ""} Remedy what the person can do about it; "": nothing */
/** @typedef {{isFinal: boolean, isQuick: boolean, remedy: Remedy, text: string}} Closing `isQuick`: the server is back in a moment */

const LOST = { isFinal: false, isQuick: false, remedy: /** @type {const} */ ("retry"), text: "The connection is lost; trying again." };
const KEPT = "What you did is kept in this tab.";

/**
 * @param {number} code of the closed socket
 * @param {string} reason in the server's words
 * @returns {Closing}
 */
export function closingOf(code, reason) {
  switch (code) {
    case 1012:
      return { ...LOST, isQuick: true, text: "The server restarts; one moment." };
    case 4408:
      return { ...LOST, isQuick: true, text: "This page could not keep up with the room; it joins again." };
    case 4400:
      return final("reload", "The server speaks another version than this page: reload the page.");
    case 4401:
      return final("login", `Log in to go on. ${KEPT}`);
    case 4403:
      return final("", "Your access to this room was withdrawn. An owner of the room can send you another link.");
    case 4404:
      return final("", sentence(reason) || "There is no such room here.");
    case 4429:
      return final("reload", "The server could not read what this page sent, too often: reload the page.");
    default:
      return LOST;
  }
}

/**
 * @param {Pick<Closing, "isFinal" | "remedy"> | null} closing
 * @returns {boolean} whether nothing that is done here reaches the room again, not even from a page that is loaded anew
 */
export function isOver(closing) {
  return closing !== null && closing.isFinal && closing.remedy === "";
}

/**
 * @param {string} text of the closing
 * @param {number} unsent operations
 * @param {Pick<Closing, "isFinal" | "remedy">} closing
 * @returns {string} the text, and what becomes of what the person does meanwhile
 */
export function withUnsent(text, unsent, closing) {
  if (unsent === 0) return text;
  if (isOver(closing)) return `${text} ${unsent === 1 ? "What you did last" : `What you did last, ${unsent} things,`} did not get there: the averages with it can be saved as a session file.`;
  if (closing.isFinal) return text;
  const many = unsent === 1 ? "What you did meanwhile is kept and will be sent." : `${unsent} things that you did meanwhile are kept and will be sent.`;
  return `${text} ${many}`;
}

/**
 * @param {{closing: Closing | null, unsent: number}} state of a page without a connection
 * @returns {string} why, and what becomes of what the person did
 */
export function lostWords({ closing, unsent }) {
  const why = closing ?? LOST;
  return withUnsent(why.text, unsent, why);
}

/**
 * @param {number} status of an answer over HTTP that is no success
 * @param {string | undefined} error in the server's words
 */
export function refusalWords(status, error) {
  if (status === 401) return "This server does not know you any more: log in again, or ask for another link";
  return error ?? `The server answered ${status}`;
}

/** @param {Remedy} remedy @param {string} text @returns {Closing} */
function final(remedy, text) {
  return { isFinal: true, isQuick: false, remedy, text };
}

/** @param {string} text */
function sentence(text) {
  return text && `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
