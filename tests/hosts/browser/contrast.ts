import type { Locator } from 'playwright-core';
import type { PageElement, PageStyle } from './pageElement';

declare function getComputedStyle(element: PageElement): PageStyle;

/** A text and the colours it is shown in, both as `rgb(r, g, b)`. */
interface Shown {
  readonly text: string;
  readonly colour: string;
  readonly background: string;
}

/** The texts whose contrast to what lies behind them is below `least` (WCAG 2's formula; 4.5 is its demand for normal text). */
export async function faintTexts(texts: Locator, least: number): Promise<readonly string[]> {
  const shown = await texts.evaluateAll((elements: readonly PageElement[]): Shown[] => elements.filter((element) => element.checkVisibility()).map((element) => {
    let behind: PageElement | null = element;
    while (behind !== null && /^rgba\(.*, 0\)$/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
    return { text: (element.textContent ?? '').trim(), colour: getComputedStyle(element).color, background: behind === null ? 'rgb(255, 255, 255)' : getComputedStyle(behind).backgroundColor };
  }));
  return shown.flatMap(({ text, colour, background }) => {
    const ratio = contrast(luminance(colour), luminance(background));
    return ratio < least ? [`${text.slice(0, 60)}: ${ratio.toFixed(1)} (${colour} on ${background})`] : [];
  });
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Relative luminance of an sRGB colour, 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
