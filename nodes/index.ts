/** The one list of definitions: a new node adds its folder and a line here. */
export { alert } from './Alert/definition';
export { approval } from './Approval/definition';
export { approvalTrigger } from './ApprovalTrigger/definition';
export { backtest } from './Backtest/definition';
export { chartInkTrigger } from './ChartInkTrigger/definition';
export { condition } from './Condition/definition';
export { cronMarketHours } from './CronMarketHours/definition';
export { indicator } from './Indicator/definition';
export { marketData } from './MarketData/definition';
export { marketTrigger } from './MarketTrigger/definition';
export { orderEventTrigger } from './OrderEventTrigger/definition';
export { performance } from './Performance/definition';
export { placeOrder } from './PlaceOrder/definition';
export { position } from './Position/definition';
export { riskGate } from './RiskGate/definition';
export { tradeLock } from './TradeLock/definition';
export { tradingViewTrigger } from './TradingViewTrigger/definition';
