// What both elements share: data by property or by `src`, errors that are told, one style sheet.

import { h } from './dom.js';
import { Failure } from './failure.js';
import { CSS } from './style.js';

/** On a server there are no elements, and importing this must not fail there. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

let sheet: CSSStyleSheet | undefined;

/** One for all elements of the page. A constructed sheet needs no `unsafe-inline`. */
function styles(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}

/** An element that shows data which the host gives it, or which are at an address of the same site. */
export abstract class DataElement extends Base {
  static observedAttributes = ['src'];

  /** Properties that a host may have set before the element was known. */
  protected abstract readonly properties: readonly string[];
  #shadow: ShadowRoot | undefined;
  #loading: AbortController | undefined;
  #drawing = false;
  #failure: Failure | undefined;

  /** What there is to show; `null` for nothing yet. @throws {Failure} for data of the wrong shape. */
  protected abstract view(): Node | null;
  /** Takes what `src` answered. */
  protected abstract take(data: unknown): void;

  /** An address of the same site that answers JSON. */
  get src(): string | null {
    return this.getAttribute('src');
  }

  set src(address: string | null) {
    if (address === null) this.removeAttribute('src');
    else this.setAttribute('src', address);
  }

  connectedCallback(): void {
    for (const name of this.properties) this.#upgrade(name);
    if (this.#shadow === undefined) {
      this.#shadow = this.attachShadow({ mode: 'open' });
      this.#shadow.adoptedStyleSheets = [styles()];
    }
    this.#draw();
    if (this.src !== null && this.#loading === undefined) void this.#load();
  }

  disconnectedCallback(): void {
    this.#loading?.abort();
    this.#loading = undefined;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (name !== 'src' || before === now || !this.isConnected) return;
    this.#loading?.abort();
    this.#loading = undefined;
    if (now !== null) void this.#load();
  }

  /** Asks for the data at `src` again. */
  reload(): Promise<void> {
    this.#loading?.abort();
    return this.#load();
  }

  /** What was set on the object before it was one of ours goes through the setter. */
  #upgrade(name: string): void {
    if (!Object.hasOwn(this, name)) return;
    const value: unknown = Reflect.get(this, name);
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, value);
  }

  async #load(): Promise<void> {
    const src = this.src;
    if (src === null) return;
    const loading = new AbortController();
    this.#loading = loading;
    this.setAttribute('aria-busy', 'true');
    try {
      const data = await fetched(src, loading.signal);
      if (!loading.signal.aborted) this.take(data);
    } catch (error) {
      if (!loading.signal.aborted) this.#fail(error);
    } finally {
      if (this.#loading === loading || this.#loading === undefined) this.removeAttribute('aria-busy');
    }
  }

  /** There are other data: what was wrong with those of before is over. */
  protected changed(): void {
    this.#failure = undefined;
    this.#draw();
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof Failure ? error : new Failure('ui.wrong_shape');
    this.#draw();
  }

  /** Draws anew, once for all that changes at a time. */
  #draw(): void {
    if (this.#shadow === undefined || this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      const drawn = this.#failure ?? this.#viewed();
      const view = drawn instanceof Failure ? told(drawn) : drawn;
      this.#shadow?.replaceChildren(...(view === null ? [] : [view]));
      if (drawn instanceof Failure) this.tell('lw-error', { code: drawn.code, ...drawn.parts });
    });
  }

  #viewed(): Node | null | Failure {
    try {
      return this.view();
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  }

  /** An event that the host hears, also outside of the shadow. */
  protected tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

function told(failure: Failure): HTMLElement {
  const remedy = `${failure.remedy[0]?.toUpperCase()}${failure.remedy.slice(1)}. `;
  return h(
    'div',
    { role: 'alert', part: 'error', class: 'failed' },
    h('strong', {}, `This cannot be shown: ${failure.message}.`),
    failure.where === '' ? null : h('p', {}, failure.where),
    h('p', { class: 'soft' }, remedy, h('code', {}, failure.code)),
  );
}

/** JSON of the same site: no other one is asked, not even over a redirect. */
async function fetched(src: string, signal: AbortSignal): Promise<unknown> {
  let address: URL;
  try {
    address = new URL(src, document.baseURI);
  } catch {
    throw new Failure('ui.other_origin', { expected: 'an address of this site' });
  }
  if (address.origin !== location.origin) throw new Failure('ui.other_origin', { expected: `an address of ${location.origin}` });
  const headers = { accept: 'application/json' };
  const options = { signal, headers, mode: 'same-origin', credentials: 'same-origin' } as const;
  const answer = await fetch(address, options).catch(() => {
    throw new Failure('ui.not_loaded', { found: 'no answer' });
  });
  if (!answer.ok) throw new Failure('ui.not_loaded', { found: `an answer of ${answer.status}` });
  try {
    return (await answer.json()) as unknown;
  } catch {
    throw new Failure('ui.not_json');
  }
}
