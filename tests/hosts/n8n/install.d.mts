/** Installs the committed n8n into the cache where it is not there yet and returns its folder. */
export function ensureN8n(root?: string): string;
