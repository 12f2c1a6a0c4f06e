'use strict';

// What the package has in public, name by name, is public-api.txt: a change of it is seen in review.
// LEADWRIGHT_BLESS=1 writes it anew. wire.d.ts is generated, and listed by its names.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const ts = require('typescript');

const root = path.join(__dirname, '..');
const listed = path.join(root, 'public-api.txt');
const { exports: entries } = require('../package.json');

/** Each way into the package that has types, with the file that says them. */
const ways = Object.entries(entries)
  .map(([way, entry]) => [way.replace(/^\./, 'leadwright'), entry.require?.types ?? entry.types])
  .filter(([, file]) => file !== undefined)
  .sort(([one], [other]) => (one < other ? -1 : 1));

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

/** A declaration on one line for each member, without its comments. */
function shown(declaration) {
  const whole = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const text = printer.printNode(ts.EmitHint.Unspecified, whole, whole.getSourceFile());
  return text.replace(/^export /, '').replace(/^declare /, '');
}

function listing() {
  const files = ways.map(([, file]) => path.join(root, file));
  const program = ts.createProgram(files, { strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16, types: [] });
  const checker = program.getTypeChecker();
  const lines = ['The public names of the Node package. Made by `LEADWRIGHT_BLESS=1 node --test test/public-api.test.js`.'];
  for (const [way, file] of ways) {
    lines.push('', `# ${way}`);
    const source = checker.getSymbolAtLocation(program.getSourceFile(path.join(root, file)));
    const names = checker.getExportsOfModule(source).sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const symbol of names) {
      const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const parts = (own.declarations ?? []).map((each) => (each.getSourceFile().fileName.endsWith('/wire.d.ts')
        ? `type ${symbol.name} of the wire` : shown(each)));
      lines.push(...parts.flatMap((part) => part.split('\n')));
    }
  }
  return `${lines.join('\n')}\n`;
}

const made = listing();

test('the public API is what is listed', () => {
  if (process.env.LEADWRIGHT_BLESS) fs.writeFileSync(listed, made);
  assert.equal(made, fs.readFileSync(listed, 'utf8'), 'LEADWRIGHT_BLESS=1 writes public-api.txt anew');
});

test('the listing sees what there is', () => {
  assert.match(made, /\n# leadwright\n/);
  assert.match(made, /\nclass Engine/);
  assert.match(made, /\n {4}decideSync\(/);
  assert.match(made, /\n# leadwright\/migrate\n/);
  assert.match(made, /type Explanation of the wire/);
});
