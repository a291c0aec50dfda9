export { createFeedHub, type FeedHub, type FeedHubOptions } from './createFeedHub';
export { FEED_LIMITS, type FeedLimits } from './limits';
export { marketDataOf, type MarketDataOptions } from './marketDataOf';
