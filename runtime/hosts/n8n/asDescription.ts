/** n8n's house style: a single sentence ends without a period. */
export function asDescription(help: string): string {
  return help.replace('e.g.', '').includes('. ') ? help : help.replace(/\.$/, '');
}
