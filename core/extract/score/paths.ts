/** Names of fields as the curves of confidence have them: `grossTotal`, `line.quantity`, `taxRow.base`. */
import { fieldInfo } from '../../invoice/fields.ts';
import type { EntityType } from '../../invoice/fields.ts';

const isEntity = (name: string): name is EntityType => name === 'line' || name === 'taxRow';

/** What kind of value stands in it; cells of lines are a kind of their own, as a table is read otherwise than a label. */
export function typeOfPath(path: string): string {
  const [entity = '', name = ''] = path.split('.');
  if (!isEntity(entity)) return fieldInfo('invoice', path)?.type ?? 'text';
  return `${entity}-${fieldInfo(entity, name)?.type ?? 'text'}`;
}
