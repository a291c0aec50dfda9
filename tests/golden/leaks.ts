import type { BarColumns } from '../../runtime/domain/indicators/core/bar';
import type { IndicatorSpec } from '../../runtime/domain/indicators/core/define';
import { runBatch } from '../../runtime/domain/indicators/run';

/** Values that are lost again after the first one, by output. What a session, or volume, must bring may pause. */
export function leaks(spec: IndicatorSpec, parameters: object, columns: BarColumns): readonly string[] {
  return Object.entries(runBatch(spec, columns, parameters)).flatMap(([output, values]) => {
    const first = values.findIndex((value) => !Number.isNaN(value));
    const after = first < 0 ? [] : [...values.subarray(first)];
    const lost = spec.pauses === true ? [] : after.filter(Number.isNaN);
    const endless = after.filter((value) => value === Infinity || value === -Infinity);
    const never = first < 0 && !spec.inputs.includes('volume') ? 1 : 0;
    return lost.length + endless.length + never === 0 ? [] : [`${spec.name}.${output}: ${lost.length} lost, ${endless.length} infinite${never === 1 ? ', never known' : ''}`];
  });
}

/** The parameters under which an indicator is tried: its defaults, in each convention that it knows. */
export function variantsOf(spec: IndicatorSpec): readonly object[] {
  return 'convention' in spec.parameters.shape ? ['talib', 'pine'].map((convention) => ({ convention })) : [{}];
}
