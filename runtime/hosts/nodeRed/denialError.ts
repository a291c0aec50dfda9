import { explained, type Denial } from '../../domain/denial';

/** A refusal as Node-RED's error: a Catch node finds the code in `msg.error.code` and the whole denial in `msg.error.cause`. */
export class DenialError extends Error {
  override readonly name = 'DenialError';
  readonly code: string;

  constructor(denial: Denial) {
    super(explained(denial), { cause: denial });
    this.code = denial.code;
  }
}
