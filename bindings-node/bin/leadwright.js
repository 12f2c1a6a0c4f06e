#!/usr/bin/env node
'use strict';

const native = require('../lib/native');
const { call } = require('../lib/errors');

try {
  process.exitCode = call(() => native.run(['leadwright', ...process.argv.slice(2)]));
} catch (error) {
  console.error(`leadwright: ${error.message}`);
  process.exitCode = 70;
}
