/** Rows of a CSV text, for showing it as a table. Fields may be quoted and hold the separator, quotes and line ends (RFC 4180). */
export function csvRows(text: string, limit: number): string[][] {
  const body = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(body);
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < body.length && rows.length < limit; i++) {
    const sign = body[i]!;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (body[i + 1] === '"') field += body[++i]!;
      else quoted = false;
    } else if (sign === '"' && field === '') quoted = true;
    else if (sign === separator) {
      row.push(field);
      field = '';
    } else if (sign === '\n') {
      rows.push([...row, field]);
      [row, field] = [[], ''];
    } else if (sign !== '\r') field += sign;
  }
  if (rows.length < limit && (field !== '' || row.length > 0)) rows.push([...row, field]);
  return rows;
}

/** The separator that the heading uses most: column names hold none. */
function separatorOf(text: string): string {
  const heading = text.slice(0, text.search(/[\r\n]|$/));
  const count = (sign: string) => heading.split(sign).length;
  return [';', ',', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
