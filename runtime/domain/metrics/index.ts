export { curveOfTrades } from './curve';
export { dailyReturns, DAYS_A_YEAR } from './curveFigures';
export { FIGURES, isFigureName, type FigureMeaning, type FigureName, type Figures, type FigureUnit } from './figures';
export { metricsOf, type Metrics, type MetricsOptions, type PeriodFigures } from './metrics';
export { isClosed, type ClosedTrade } from './tradeFigures';
