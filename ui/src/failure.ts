// What goes wrong is said with a stable code, in a sentence, with what to do.

/** Everything that an element can fail with. */
export type FailureCode = 'ui.wrong_shape' | 'ui.wrong_version' | 'ui.other_origin' | 'ui.not_loaded' | 'ui.not_json';

/** Where and what; no value of the data. */
export interface FailureParts {
  /** A JSON Pointer into the data. */
  path?: string;
  /** What stood there: `a number`. */
  found?: string;
  /** What was expected: `a text`. */
  expected?: string;
}

const TEXTS: Record<FailureCode, [what: string, remedy: string]> = {
  'ui.wrong_shape': ['the data are not what this element shows', 'give it what leadwright writes, as it is'],
  'ui.wrong_version': ['the data are of another version of the format', 'use the elements of the same version as leadwright'],
  'ui.other_origin': ['src leads to another site, and is not asked', 'serve the data from the site of the page'],
  'ui.not_loaded': ['the data could not be loaded', 'try again, or look whether you are still signed in'],
  'ui.not_json': ['what was loaded is not JSON', 'look at what the address of src answers'],
};

/** Why an element shows nothing. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly parts: FailureParts;
  readonly remedy: string;

  constructor(code: FailureCode, parts: FailureParts = {}) {
    super(TEXTS[code][0]);
    this.name = 'Failure';
    this.code = code;
    this.parts = parts;
    this.remedy = TEXTS[code][1];
  }

  /** `at /entries/0/contract: found a number, expected a text` */
  get where(): string {
    const { path, found, expected } = this.parts;
    const what = [found && `found ${found}`, expected && `expected ${expected}`].filter(Boolean).join(', ');
    const at = path === undefined ? '' : `at ${path === '' ? 'the top' : path}`;
    return [at, what].filter(Boolean).join(': ');
  }
}
