import { deny, type Denial } from '../denial';

/** What is wrong with a text, and where. Columns start at 1 and count characters from the beginning of the text, line ends included. */
export interface Problem {
  readonly column: number;
  readonly message: string;
  /** What a person can write instead. */
  readonly remedy?: string;
}

/** The refusal for a problem: INVALID_PARAMETER, its message begins with the column. `where` names the cell of a table, `field` the parameter. */
export function refuse(problem: Problem, field = 'condition', where?: string): { readonly ok: false; readonly denial: Denial } {
  const place = where === undefined ? `Column ${problem.column}` : `${where}, column ${problem.column}`;
  return deny('INVALID_PARAMETER', `${place}: ${problem.message}`, { field, ...(problem.remedy === undefined ? {} : { remedy: problem.remedy }) });
}
