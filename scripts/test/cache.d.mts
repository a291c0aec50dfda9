/** Where large test installations are kept between runs and clones. */
export function cacheFolder(): string;
