'use strict';

// The helpers of web frameworks, over node:http and over Request and Response. `examples/express` has them in Express.

const assert = require('node:assert/strict');
const http = require('node:http');
const { once } = require('node:events');
const { test } = require('node:test');
const { Engine, InputError, Messages, Plan, StoreError } = require('leadwright');
const express = require('leadwright/express');
const next = require('leadwright/next');
const { TINY, file } = require('../support');

const SCHEMA = 'us/home-services@1';
const GOOD = '{"id":"L1","source":"web","phone":"(312) 867-5309","zip":"60601"}';
const FORM = 'application/x-www-form-urlencoded';

function engineOf(t) {
  const engine = new Engine(Plan.load(file(t, 'plan.jsonc', TINY)));
  t.after(() => engine.close());
  return engine;
}

/** Sends to a middleware behind node:http; what it lets through is answered with what it put on the request. */
async function served(t, middleware, parse) {
  const last = express.problems();
  const server = http.createServer(async (request, response) => {
    await parse?.(request);
    const fail = (error) => last(error, request, response, (other) => response.writeHead(599).end(other.message));
    await middleware(request, response, (error) => {
      if (error) return fail(error);
      const { lead, decision } = request;
      return response.end(JSON.stringify({ state: lead?.canonical.state, outcome: decision?.outcome, source: decision?.source }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => (server.closeAllConnections(), server.close()));
  return (body, type = 'application/json', more = {}) => {
    const headers = { 'content-type': type, ...more };
    return fetch(`http://127.0.0.1:${server.address().port}/`, { method: 'POST', body, headers });
  };
}

/** Sends to a route handler. */
function routed(handler) {
  return (body, type = 'application/json', more = {}) =>
    handler(new Request('http://localhost/leads', { method: 'POST', body, headers: { 'content-type': type, ...more } }));
}

/** Both ways in, which answer bad leads alike. */
const ways = {
  express: (t, options) => served(t, express.validLead(options)),
  next: (t, options) => routed(next.validLead(options, (lead) => ({ state: lead.canonical.state }))),
};

for (const [name, way] of Object.entries(ways)) {
  test(`${name}: valid leads go through, others are answered with their problems`, async (t) => {
    const messages = new Messages({ 'field.missing': 'Please fill in {field}.' });
    const send = await way(t, { schema: SCHEMA, require: ['zip'], messages });
    assert.equal((await (await send(GOOD)).json()).state, 'IL');
    assert.equal((await (await send('Phone=%28312%29+867-5309&zip=60601', `${FORM}; charset=utf-8`)).json()).state, 'IL');
    for (const [body, want] of [['{"phone":"call me","zip":"60601"}', 'phone.not_a_number'], ['{"phone":"312-867-5309"}', 'field.missing'],
      ['[]', 'json.not_an_object'], ['{', 'json.syntax'], ['', 'json.empty_line'], ['{"zip":"60601","zip":"60602"}', 'json.duplicate_key']]) {
      const answer = await send(body);
      const text = await answer.text();
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [422, 'application/problem+json'], body);
      const problem = JSON.parse(text);
      const { type, title, status, code } = problem;
      assert.deepEqual([type, title, status, code], ['urn:leadwright:lead.invalid', 'The lead is not valid.', 422, 'lead.invalid']);
      const told = problem.problems.find((each) => each.code === want);
      assert.ok(told, `${want} of ${body}: ${text}`);
      if (want === 'field.missing') assert.equal(told.message, 'Please fill in zip.');
      assert.doesNotMatch(text, /call me|5309/);
    }
    const long = await send('x'.repeat(65 * 1024));
    assert.deepEqual([long.status, (await long.json()).code], [413, 'limit.lead_bytes']);
    assert.equal((await send('zipped', undefined, { 'content-encoding': 'gzip' })).status, 415);
  });

  test(`${name}: wrong options are told whoever wrote them`, () => {
    const { validLead, decideLead } = { express, next }[name];
    assert.throws(() => validLead({ schema: 'no' }, () => {}), InputError);
    assert.throws(() => validLead({ schema: SCHEMA, requires: [] }, () => {}), TypeError);
    assert.throws(() => decideLead({ engin: {} }), TypeError);
    assert.throws(() => decideLead({}), /`engine` is an Engine/);
  });

  test(`${name}: leads are decided, with what the service knows itself`, async (t) => {
    const engine = engineOf(t);
    const fields = async () => ({ source: 'web' });
    const options = { engine: () => engine, fields };
    const send = name === 'express' ? await served(t, express.decideLead(options)) : routed(next.decideLead(options));
    const first = await send(GOOD.replace('"web"', '"somebody else"'));
    assert.deepEqual([first.status, (await first.json()).outcome], [name === 'next' ? 201 : 200, 'assigned']);
    assert.equal([...engine.replay()].length, 1);
    assert.equal((await send(GOOD)).status, 200);
    assert.equal((await send('id=L2&phone=312-867-5308&zip=60601', FORM)).ok, true);
    for (const body of ['{"id":"L3","zip":"60601"}', '[]', '{', '7']) {
      const answer = await send(body);
      assert.deepEqual([answer.status, (await answer.json()).code], [422, 'lead.invalid'], body);
    }
    await engine.close();
    const closed = await send(GOOD);
    assert.deepEqual([closed.status, (await closed.json()).code], [500, 'engine.closed']);
  });

  test(`${name}: a store that is busy is asked again, a mistake of the service is its own`, async (t) => {
    const failing = (error) => {
      const options = { engine: { decide: () => Promise.reject(error) } };
      return name === 'express' ? served(t, express.decideLead(options)) : routed(next.decideLead(options));
    };
    const busy = await (await failing(new StoreError('secret', 'store.busy')))(GOOD);
    assert.deepEqual([busy.status, busy.headers.get('retry-after')], [503, '1']);
    assert.doesNotMatch(await busy.text(), /secret/);
    const broken = await (await failing(new StoreError('secret', 'store.corrupt')))(GOOD);
    assert.deepEqual([broken.status, (await broken.json()).code], [500, 'store.corrupt']);
    const other = await failing(new Error('of the service'));
    if (name === 'express') assert.equal((await other(GOOD)).status, 599);
    else await assert.rejects(other(GOOD), /of the service/);
  });
}

test('express: what a parser before has read is taken', async (t) => {
  const { validLead } = express;
  for (const made of [JSON.parse, Buffer.from, String]) {
    const send = await served(t, validLead({ schema: SCHEMA }), async (request) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      request.body = made(Buffer.concat(parts));
    });
    assert.equal((await (await send(GOOD)).json()).state, 'IL');
  }
});

test('next: answers are what `then` says', async () => {
  const handler = next.validLead({ schema: SCHEMA }, (lead, request, { params }) => new Response(params.id, { status: 202 }));
  const request = new Request('http://localhost/', { method: 'POST', body: GOOD });
  const answer = await handler(request, { params: { id: '7' } });
  assert.deepEqual([answer.status, await answer.text()], [202, '7']);
  assert.throws(() => next.validLead({ schema: SCHEMA }), /`then` is a function/);
  assert.equal(next.problemOf(new StoreError('', 'store.busy')).status, 503);
  assert.throws(() => next.problemOf(new Error('other')), /other/);
  assert.equal((await handler(new Request('http://localhost/'))).status, 422);
});

test('both are imported as they are required', async () => {
  for (const name of ['express', 'next', 'migrate']) {
    const { default: whole, ...named } = await import(`leadwright/${name}`);
    assert.equal(whole, require(`leadwright/${name}`));
    assert.deepEqual({ ...named }, { ...whole });
  }
});
