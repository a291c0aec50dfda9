import { deny, type Denial, type Outcome } from '../../domain/denial';
import type { SourceBinding } from '../../runtime';
import { MissingPort, type OwnedContext } from './context';

/** A source that is refused, or breaks while it starts, leaves nothing running. */
export function startSource({ definition, params }: SourceBinding, owned: OwnedContext): Outcome<void> {
  try {
    const started = definition.start(params, owned.context);
    if (!started.ok) owned.end();
    return started;
  } catch (error) {
    owned.end();
    if (error instanceof MissingPort) return { ok: false, denial: missing(error) };
    throw error;
  }
}

function missing({ message }: MissingPort): Denial {
  return deny('NOT_SUPPORTED', message, { remedy: 'Give Bellwether a tick source.' }).denial;
}
