// Data of the wrong shape are told to people: where, what was found and what was expected; never the value.

import { Failure } from './failure.js';

/** What a value must be. A member whose name ends in `?` may be missing or null. */
export type Shape = 'text' | 'number' | 'flag' | 'anything' | { readonly list: Shape } | { readonly [member: string]: Shape };

/** @throws {Failure} `ui.wrong_shape` for the first value that is something else. */
export function check(value: unknown, shape: Shape, path = ''): void {
  if (shape === 'anything') return;
  if (typeof shape === 'string') {
    const wanted = { text: 'string', number: 'number', flag: 'boolean' }[shape];
    if (typeof value !== wanted) throw wrong(path, value, NAMES[wanted] ?? wanted);
    return;
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) throw wrong(path, value, 'a list');
    value.forEach((item, index) => check(item, shape.list, `${path}/${index}`));
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, value, 'an object');
  for (const [name, inner] of Object.entries(shape)) {
    const key = name.endsWith('?') ? name.slice(0, -1) : name;
    const member: unknown = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    if (name.endsWith('?') && (member === undefined || member === null)) continue;
    check(member, inner, `${path}/${key}`);
  }
}

/** A list has one member, of that name; no object that is checked has. */
function isList(shape: Exclude<Shape, string>): shape is { readonly list: Shape } {
  return 'list' in shape;
}

const NAMES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  undefined: 'nothing',
};

function wrong(path: string, value: unknown, expected: string): Failure {
  const named = value === null ? 'null' : Array.isArray(value) ? 'a list' : NAMES[typeof value];
  return new Failure('ui.wrong_shape', { path, found: named ?? 'an object', expected });
}
