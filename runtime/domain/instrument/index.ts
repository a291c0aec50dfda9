export { contractTerms, createCatalogue, type Catalogue } from './catalogue';
export { derivativesExchangeOf, readExchange, type ExchangeReading } from './exchange';
export { readExpiryCode, resolveExpiry, type ResolvedExpiry } from './expiryCodes';
export { ruleExpiries } from './expiries';
export { freshnessOf, freshSince, type Freshness } from './freshness';
export { formatSymbol, type SymbolParts } from './format';
export { parseSymbol, type Expiry, type OptionType, type SymbolReading } from './grammar';
export type {
  ContractQuery, Listing, MasterAttempt, MasterBatch, MasterBook, MasterDownload, MasterDraft, MasterRow, MasterSnapshot, MasterSource, MasterVersion, MasterView, RejectedRow,
} from './master';
export { masterRow, rejected, SKIPPED, type MasterFacts, type MasterReading } from './masterRow';
export { InstrumentOverride, OVERRIDES_FILE, readOverrides, withOverrides } from './overrides';
export { chooseContract, resolveSymbol, tradable, type Contract, type ResolveRequest } from './resolve';
export { nearestStrike, ruleStrikes, strikesAround } from './strikes';
export { isOnTick, roundToTick, tickSizeAt, type Ticked } from './ticks';
