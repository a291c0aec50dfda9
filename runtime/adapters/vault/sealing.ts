import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';

/**
 * How one entry is sealed. The key is scrypt (RFC 7914) of the passphrase with the entry's own salt; N 2^15, r 8, p 1 take 32 MiB and about a tenth of a second, the
 * figures that the RFC's author names for interactive use, doubled. AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce; the entry's name is authenticated with it,
 * so that no entry can stand under another's name. Parameters are kept with the entry: they can grow without a new format. Those of a file are bounded.
 */
const KDF = { N: 2 ** 15, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const bytes = (least: number, most = least) => z.base64().transform((text) => Buffer.from(text, 'base64')).refine(({ length }) => length >= least && length <= most);

export const Sealed = z.strictObject({
  kdf: z.strictObject({ name: z.literal('scrypt'), N: z.int().min(2 ** 14).max(2 ** 18), r: z.int().min(8).max(16), p: z.int().min(1).max(4), salt: bytes(SALT_BYTES) }),
  cipher: z.literal('aes-256-gcm'),
  nonce: bytes(NONCE_BYTES),
  data: bytes(0, 64 * 1_024),
  tag: bytes(TAG_BYTES),
  /** When it was put there, epoch ms. */
  changedAt: z.int(),
});
export type Sealed = z.output<typeof Sealed>;
export type SealedText = z.input<typeof Sealed>;

/** Seals a text under a name. Every call takes a new salt and a new nonce. */
export async function seal(name: string, text: string, passphrase: string, changedAt: number): Promise<SealedText> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', await derived(passphrase, { ...KDF, salt }), nonce).setAAD(bound(name));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const base64 = (buffer: Buffer): string => buffer.toString('base64');
  return { kdf: { name: 'scrypt', ...KDF, salt: base64(salt) }, cipher: 'aes-256-gcm', nonce: base64(nonce), data: base64(data), tag: base64(cipher.getAuthTag()), changedAt };
}

/** The text again; undefined for another passphrase, another name or changed bytes: which of them can not be told. */
export async function unseal(name: string, { kdf, nonce, data, tag }: Sealed, passphrase: string): Promise<string | undefined> {
  const decipher = createDecipheriv('aes-256-gcm', await derived(passphrase, kdf), nonce, { authTagLength: TAG_BYTES }).setAAD(bound(name)).setAuthTag(tag);
  const opened = decipher.update(data);
  try {
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** What is authenticated besides the secret: the format's version and the name. */
function bound(name: string): Buffer {
  return Buffer.from(JSON.stringify(['bellwether-vault', 1, name]));
}

function derived(passphrase: string, { N, r, p, salt }: { readonly N: number; readonly r: number; readonly p: number; readonly salt: Buffer }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
