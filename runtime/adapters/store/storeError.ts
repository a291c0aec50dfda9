/**
 * Why the journal could not do its work.
 * At open: NO_SQLITE, NETWORK_FILE_SYSTEM, NOT_A_STORE, DAMAGED, NEWER_SCHEMA. Later, and then nothing was written: BUSY, QUEUE_FULL,
 * DISK_FULL, IO, CLOSED. DAMAGED_ROW: a stored row does not have its shape. NOT_FOUND and MISUSE are bugs of the caller.
 */
export type StoreErrorCode =
  | 'NO_SQLITE' | 'NETWORK_FILE_SYSTEM' | 'NOT_A_STORE' | 'DAMAGED' | 'NEWER_SCHEMA'
  | 'BUSY' | 'QUEUE_FULL' | 'DISK_FULL' | 'IO' | 'CLOSED' | 'DAMAGED_ROW' | 'NOT_FOUND' | 'MISUSE';

/** Broken I/O, damage or a bug, with a stable code; the message says what a person can do. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
