import { NodeOperationError, type INode } from 'n8n-workflow';
import { Denial } from '../../domain/denial';

/** A refusal as n8n shows an error: what happened with its item, what to do about it underneath. */
export function denialError(node: INode, denial: Denial, itemIndex?: number): NodeOperationError {
  const where = itemIndex === undefined ? '' : ` [item ${itemIndex}]`;
  return new NodeOperationError(node, `${denial.message}${where}`, {
    description: [denial.remedy, `Code ${denial.code}.`].filter((part) => part !== undefined).join(' '),
    ...(itemIndex === undefined ? {} : { itemIndex }),
  });
}

/** Broken I/O or a bug, with the node and the item named. */
export function unexpectedError(node: INode, cause: unknown, itemIndex?: number): NodeOperationError {
  if (cause instanceof NodeOperationError) return cause;
  const where = itemIndex === undefined ? '' : ` [item ${itemIndex}]`;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new NodeOperationError(node, `${message}${where}`, {
    description: 'Bellwether could not finish this step. Run it again: an order that was already journalled is not sent twice.',
    ...(itemIndex === undefined ? {} : { itemIndex }),
  });
}

/** Why the account can not be used. The refusal may come from another copy of this module: it is told by its name and its shape. */
export function accountError(node: INode, cause: unknown): NodeOperationError {
  const denial = cause instanceof Error && cause.name === 'AccountRefused' && 'denial' in cause ? Denial.safeParse(cause.denial) : undefined;
  return denial?.success === true ? denialError(node, denial.data) : unexpectedError(node, cause);
}
