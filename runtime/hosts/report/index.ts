export { figuresJson, metricsJson, resultJson, type FiguresJson, type IntentJson, type MetricsJson, type ResultJson, type TradeJson } from './resultJson';
export { figureText as figureWords, resultWords } from './words';
export { tearsheet, type TearsheetParts } from './tearsheet';
