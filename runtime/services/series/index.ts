export { createSeriesBook, type SeriesBookOptions, type SeriesLimits } from './seriesBook';
