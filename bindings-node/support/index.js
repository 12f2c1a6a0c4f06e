'use strict';

// What the tests share: the repository's vectors, its example, and the command that was built beside the package.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');

const REPOSITORY = path.resolve(__dirname, '../..');
const NOW = '2026-11-24T23:05:00Z';

const TINY = `{
  "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"] } },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
  "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "where": { "state": "IL" },
    "caps": { "day": 2 }, "sell": { "exclusive": { "price": "40.00" } } } } } }
}`;

/** A lead that acme-il wants. */
function lead(number, fields = {}) {
  return { id: `L${number}`, source: 'web', phone: `312-867-${5300 + number}`, zip: '60601', ...fields };
}

/** A folder that is gone when the test is over. */
function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'leadwright-'));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A file in a folder of its own. */
function file(t, name, content) {
  const made = path.join(folder(t), name);
  fs.writeFileSync(made, content);
  return made;
}

/** The golden vectors of a kind: the members of each as they are written. */
function vectors(kind) {
  const within = path.join(REPOSITORY, 'vectors', kind);
  const names = fs.readdirSync(within).filter((name) => name.endsWith('.json'));
  if (names.length === 0) throw new Error(`there are no vectors of the kind ${kind}`);
  return names.sort().map((name) => [name, members(fs.readFileSync(path.join(within, name), 'utf8'))]);
}

/** The members of a JSON object as they are written; absent ones are undefined. */
function members(text) {
  const member = ([from, to, colon]) => [JSON.parse(text.slice(from, colon)), text.slice(colon + 1, to).trim()];
  return Object.fromEntries(inner(text).map(member));
}

/** The items of a JSON array as they are written. */
function items(text) {
  return inner(text).map(([from, to]) => text.slice(from, to).trim());
}

/** Where the parts of an object or array begin and end, and where the colon of each is. */
function inner(text) {
  const parts = [];
  let [depth, from, colon] = [0, 0, 0];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}:,]/g)) {
    if ('[{'.includes(token) && ++depth === 1) from = index + 1;
    if (depth === 1 && token === ':') colon = index;
    const ends = (token === ',' && depth === 1) || (']}'.includes(token) && --depth === 0);
    if (ends && text.slice(from, index).trim() !== '') parts.push([from, index, colon]);
    if (ends) from = index + 1;
  }
  return parts;
}

/** JSON without the white space between its tokens. */
function compact(text) {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}

/** The 10,000 raw leads of the example, one a line. */
function exampleLeads() {
  return zlib.gunzipSync(fs.readFileSync(path.join(REPOSITORY, 'examples/home-services/leads.jsonl.gz')));
}

/** The command line that was built beside the package; where there is none, the package's own. */
function command() {
  const built = process.env.LEADWRIGHT_COMMAND;
  return built === undefined ? [process.execPath, path.join(__dirname, '../bin/leadwright.js')] : [built];
}

/** Lines of bytes, without their ends. */
function lines(bytes) {
  const text = bytes.toString('latin1');
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map((line) => Buffer.from(line, 'latin1'));
}

module.exports = {
  NOW, REPOSITORY, TINY,
  command, compact, exampleLeads, file, folder, items, lead, lines, members, vectors,
};
