// @ts-check
/** `peoplerules.js`: who is there, what they are called, how often one says where one is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALIVE_EVERY_S, byAuthor, doing, followPeople, guestName, HERE_EVERY_S, HerePace, initials, inkOn, learnNames, nameOfAuthor, newsOf, onlyMoved, properName, whereTo, withCalled,
} from "../../ui/static/peoplerules.js";
import { authorOf } from "../../ui/static/authors.js";
import { colorOfAuthor } from "../../ui/static/timelinepeople.js";
import { readMessage } from "./read.js";

/** @typedef {import("../../ui/static/messages.js").Person} Person */

/** @type {Person} */
const ANN = readMessage("server/people.json").people[0];

/** @param {Partial<Person>} change @returns {Person} */
function person(change) {
  return { ...ANN, ...change };
}

/** @param {Partial<import("../../ui/static/messages.js").People>} change */
function people(change) {
  return /** @type {const} */ ({ type: "people", people: [], gone: [], is_all: false, ...change });
}

/** @param {readonly [string, string][]} pairs */
function named(...pairs) {
  return new Map(pairs.map(([author, name]) => [author, { name, color: "#000000" }]));
}

test("people come, move and go, and a whole list replaces what was known", () => {
  const both = followPeople([], people({ people: [person({}), person({ id: "bob" })] }));
  const moved = followPeople(both, people({ people: [person({ cluster: "c2" })] }));
  assert.deepEqual(moved.map(({ id, cluster }) => [id, cluster]), [[ANN.id, "c2"], ["bob", "main"]]);
  assert.deepEqual(followPeople(moved, people({ gone: [ANN.id] })).map(({ id }) => id), ["bob"]);
  assert.deepEqual(followPeople(moved, people({ people: [person({ id: "eve" })], is_all: true })).map(({ id }) => id), ["eve"]);
});

test("a cursor that moves is told from everything else that changes", () => {
  const before = [person({}), person({ id: "bob" })];
  assert.equal(onlyMoved(before, followPeople(before, people({ people: [person({ at: [0, 0], radius: 0.1 })] }))), true);
  assert.equal(onlyMoved(before, followPeople(before, people({ people: [person({ tool: "sketch" })] }))), false);
  assert.equal(onlyMoved(before, followPeople(before, people({ gone: ["bob"] }))), false);
  assert.equal(onlyMoved(before, followPeople(before, people({ people: [person({ id: "eve" })] }))), false);
});

test("what somebody does is said in words", () => {
  const of = (/** @type {Partial<Person>} */ change) => doing(person(change), () => "Boots", { color: "Color brush" });
  assert.equal(of({}), "Boots · Color brush");
  assert.equal(of({ tool: "", state: "idle" }), "Boots · idle");
  assert.equal(of({ image: "a/b.png", tool: "" }), "looks at b.png");
});

test("initials can be read on light and on dark colors", () => {
  assert.deepEqual(["#0055ff", "#882222", "#eebb00", "#88ccee", "#ffffff", "#000000"].map(inkOn), ["#fff", "#fff", "#000", "#000", "#000", "#fff"]);
});

test("a name is remembered after its owner has left, and changes with them", () => {
  const heard = learnNames(new Map(), [person({ author: "ann", name: "Ann" })]);
  assert.equal(nameOfAuthor({ author: "me", names: heard }, "ann"), "Ann");
  assert.equal(learnNames(heard, [person({ author: "ann", name: "Ann" })]), heard);
  const renamed = learnNames(heard, [person({ author: "ann", name: "Anna" })]);
  assert.equal(renamed.get("ann")?.name, "Anna");
  assert.deepEqual(["me", "bob", ""].map((author) => nameOfAuthor({ author: "me", names: renamed }, author)), ["you", "somebody", "somebody"]);
});

test("who has not said a name yet keeps the one that was heard before", () => {
  const heard = learnNames(new Map(), [person({ author: "ann", name: "Ann" })]);
  assert.equal(learnNames(heard, [person({ author: "ann", name: "Guest" })]), heard);
  assert.equal(learnNames(heard, [person({ author: "eve", name: "Guest" })]).get("eve")?.name, "Guest");
});

test("a room tells how those were called whom one never met, and those whom one has keep their color", () => {
  const met = learnNames(new Map(), [person({ author: "ann", name: "Ann", color: "#0055ff" })]);
  const names = withCalled(met, { bob: "Bob", ann: "Anna", "": "Nobody", eve: "" });
  assert.deepEqual([...names], [["bob", { name: "Bob", color: "" }], ["ann", { name: "Anna", color: "#0055ff" }]]);
  assert.equal(withCalled(names, { bob: "Bob" }), names);
  const told = authorOf({ author: "me", names }, "bob", "Robert");
  assert.deepEqual([told.name, told.initials, told.color], ["Bob", "B", colorOfAuthor("bob", { author: "me", names })]);
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`a${at}`, `N${at}`]));
  assert.deepEqual([withCalled(names, many).size, withCalled(names, many).has("bob")], [1000, false]);
});

test("of very many names the oldest are forgotten", () => {
  const crowd = Array.from({ length: 1001 }, (_, at) => person({ author: `a${at}`, name: `N${at}` }));
  const names = learnNames(new Map(), crowd);
  assert.deepEqual([names.size, names.has("a0"), names.has("a1000")], [1000, false, true]);
});

test("initials are one or two capitals, whatever the script", () => {
  assert.deepEqual(["ann", "Ann Lee", "ann van der lee", "é", "", "李 小龙", "a.b"].map(initials), ["A", "AL", "AL", "É", "?", "李小", "AB"]);
});

test("a guest keeps the name, and a typed name is made short and plain", () => {
  assert.equal(guestName("a12"), guestName("a12"));
  assert.match(guestName(""), /^Guest [A-Z][a-z]+$/);
  assert.equal(properName("  Ann \n Lee "), "Ann Lee");
  assert.equal([...properName("😀".repeat(50))].length, 40);
});

test("somebody with two pages is one person, shown where they are active", () => {
  const pages = [person({ id: "1", state: "idle" }), person({ id: "2", state: "here" }), person({ id: "3", author: "bob" })];
  assert.deepEqual(byAuthor(pages).map(({ id }) => id), ["2", "3"]);
  assert.deepEqual(byAuthor(pages, "1").map(({ id }) => id), ["1", "3"]);
});

test("coming and going is said in one sentence, a reload is not said at all", () => {
  assert.equal(newsOf(named(), named(["ann", "Ann"])), "Ann has joined");
  assert.equal(newsOf(named(["ann", "Ann"]), named(["bob", "Bob"])), "Bob has joined. Ann has left");
  assert.equal(newsOf(named(), named(["a", "Ann"], ["b", "Bob"])), "Ann and Bob have joined");
  assert.equal(newsOf(named(), named(["a", "Ann"], ["b", "Bob"], ["c", "Cy"])), "Ann and 2 others have joined");
  assert.equal(newsOf(named(["a", "Ann"]), named(["a", "Ann"])), "");
});

test("where one is is said when it changes, at most 20 times a second, and every 10 s as a sign of life", () => {
  const pace = new HerePace();
  const here = readMessage("client/here.json");
  const moved = { ...here, at: [0.1, 0.1] };
  assert.equal(pace.wants(here, 0), true);
  assert.equal(pace.wants(moved, HERE_EVERY_S / 2), false);
  assert.equal(pace.wants(moved, HERE_EVERY_S), true);
  assert.equal(pace.wants(moved, 1), false);
  assert.equal(pace.wants(moved, HERE_EVERY_S + ALIVE_EVERY_S), true);
  pace.reset();
  assert.equal(pace.wants(moved, HERE_EVERY_S + ALIVE_EVERY_S), true);
});

test("following goes to clusters that are there, and nowhere once the person has left", () => {
  const state = { clusterId: "main", session: { clusters: [{ id: "main" }, { id: "c2" }] }, following: ANN.id, people: [person({ cluster: "c2" })] };
  assert.equal(whereTo(state), "c2");
  assert.equal(whereTo({ ...state, clusterId: "c2" }), null);
  assert.equal(whereTo({ ...state, people: [person({ cluster: "c3" })] }), null);
  assert.equal(whereTo({ ...state, people: [] }), null);
  assert.equal(whereTo({ ...state, following: "" }), null);
});
