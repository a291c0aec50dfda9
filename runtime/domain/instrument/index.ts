export { createCatalogue, type Catalogue } from './catalogue';
export { derivativesExchangeOf, readExchange, type ExchangeReading } from './exchange';
export { formatSymbol, type SymbolParts } from './format';
export { parseSymbol, type Expiry, type OptionType, type SymbolReading } from './grammar';
export { InstrumentOverride, OVERRIDES_FILE, readOverrides, withOverrides } from './overrides';
export { chooseContract, resolveSymbol, tradable, type Contract, type ResolveRequest } from './resolve';
export { isOnTick, roundToTick, tickSizeAt } from './ticks';
