// Replays a file from Node: `id same` of each decision, or of those that are named.
'use strict';

const [addon, plan, store, ...names] = process.argv.slice(2);
const { Engine, LeadwrightError, Plan } = require(addon);

/** What is said of each decision, a line for each. */
function* said(engine, one) {
  try {
    for (const { id, same } of engine.replay(one)) yield `${id} ${same ? 'same' : 'differs'}\n`;
  } catch (error) {
    if (!(error instanceof LeadwrightError)) throw error;
    yield `${one} ${error.code}\n`;
  }
}

const engine = new Engine(Plan.load(plan), { store });
const lines = (names.length > 0 ? names : [undefined]).flatMap((one) => [...said(engine, one)]);
process.stdout.write(lines.join(''));
engine.close();
