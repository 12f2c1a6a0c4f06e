/** A Redis that may be away or slow: what it does not say within 50 ms it does not know. Nobody waits until it is there. */
export async function cacheAt(url) {
  if (!url) return undefined;
  const { createClient } = await import('redis');
  const client = createClient({ url, disableOfflineQueue: true, commandOptions: { timeout: 50 } });
  client.on('error', () => {}); // It connects again by itself.
  client.connect().catch(() => {});
  return client;
}
