export { figuresJson, metricsJson, resultJson, type FiguresJson, type IntentJson, type MetricsJson, type ResultJson, type TradeJson } from './resultJson';
export { tearsheet, type TearsheetParts } from './tearsheet';
