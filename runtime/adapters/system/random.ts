/** Uniform in [0, 1), for waits that shall not fall together. Nothing secret is made of it. */
export const systemRandom = (): number => Math.random();
