// @ts-check
/** `pulse.js`: a server that is gone is found out, one that is slow or that nobody has asked is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Pulse } from "../../ui/static/pulse.js";

/** @param {readonly number[]} took how long answers took lately */
function joined(...took) {
  const pulse = new Pulse();
  pulse.begin(0);
  pulse.open(0);
  pulse.hear();
  pulse.join();
  for (const one of took) pulse.answer(one);
  return pulse;
}

/** @param {Pulse} pulse asked at 100 s @returns {number} seconds until it is given up, in whole ones */
function patience(pulse) {
  pulse.ask(100);
  return Array.from({ length: 60 }, (_, second) => second).find((second) => pulse.isOver(100 + second)) ?? Infinity;
}

test("silence means nothing where nothing was asked", () => {
  const pulse = joined();
  assert.equal(pulse.isOver(1e6), false);
  pulse.ask(1e6);
  pulse.hear();
  assert.equal(pulse.isOver(2e6), false);
});

test("a question that stays unanswered for more than 7 s ends the connection, whatever was asked since", () => {
  const pulse = joined();
  pulse.ask(100);
  pulse.ask(105);
  assert.deepEqual([pulse.isOver(107), pulse.isOver(107.1)], [false, true]);
});

test("a server that was slow lately has longer, at most 15 s, until it has been quick for a while", () => {
  assert.deepEqual([joined(0.1, 1.5), joined(0.1, 9)].map(patience), [13, 16]);
  assert.equal(patience(joined(9, ...Array(24).fill(0.1))), 8);
});

test("where the browser doubts the network 3 s are enough, or more for a slow server", () => {
  const [quick, slow, back] = [joined(0.1), joined(2), joined(0.1)];
  for (const pulse of [quick, slow, back]) pulse.doubt();
  back.hear(); // it is there after all
  assert.deepEqual([quick, slow, back].map(patience), [4, 9, 8]);
});

test("a connection has 15 s to come about, and a large room 30 s to be told", () => {
  const pulse = new Pulse();
  pulse.doubt();
  pulse.begin(100);
  assert.equal(patience(pulse), 16);
  pulse.open(100);
  assert.equal(patience(pulse), 31);
});
