import { fileURLToPath } from 'node:url';

// Said, as there are other lock files in the folders above.
const root = fileURLToPath(new URL('.', import.meta.url));

// Next writes inline scripts of its own, so these are allowed; nothing is loaded from elsewhere.
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

/** @type {import('next').NextConfig} */
export default {
  // leadwright is a native addon: Node loads it, the bundler leaves it alone.
  serverExternalPackages: ['leadwright'],
  turbopack: { root },
  outputFileTracingRoot: root,
  poweredByHeader: false,
  headers: async () => [{ source: '/:path*', headers: [{ key: 'Content-Security-Policy', value: POLICY }] }],
};
