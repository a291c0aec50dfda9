import type { Money } from '../money';
import { isLive, type Protection, type ProtectionStep } from './protection';

/** What a durable state asks for. They follow from the state alone, so that whoever takes over does the same, and doing one twice does it once. */
export type ProtectionAction =
  | { readonly kind: 'place'; readonly step: ProtectionStep }
  | { readonly kind: 'cancel'; readonly step: number; readonly orderId: string }
  | { readonly kind: 'move'; readonly step: number; readonly orderId: string; readonly triggerPrice: Money; readonly quantity: number };

export function actionsOf(protection: Protection): readonly ProtectionAction[] {
  return protection.steps.flatMap((step) => actionOf(protection, step));
}

function actionOf(protection: Protection, step: ProtectionStep): readonly ProtectionAction[] {
  const { state, orderId, triggerPrice, confirmedPrice, confirmedQuantity } = step;
  if (state === 'WANTED') return [{ kind: 'place', step }];
  if (state === 'ENDED' || orderId === undefined) return [];
  if (step.cancelWanted === true) return [{ kind: 'cancel', step: step.step, orderId }];
  const isMoved = triggerPrice !== undefined && (triggerPrice !== confirmedPrice || step.quantity !== confirmedQuantity);
  return isMoved && isLive(protection) ? [{ kind: 'move', step: step.step, orderId, triggerPrice, quantity: step.quantity }] : [];
}
