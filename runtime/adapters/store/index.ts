export { openSqliteJournal, openSqliteStore, type SqliteJournal, type SqliteStoreOptions } from './sqlite/open';
export { fileOwners, isAnyOwnerAlive, isOwnerAlive, lonelyOwner } from './sqlite/owners';
export { StoreError, type StoreErrorCode } from './storeError';
