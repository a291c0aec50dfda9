/** Installs n8n's lint rules once, in a folder named after the lock file. */
export function ensureLint(root?: string): Promise<{ readonly dir: string }>;
