/** Lines of text as a PDF of one A4 page: small, so that an archive of a hundred thousand originals stays a few hundred megabytes. */

const escaped = (line: string): string => line.replaceAll(/[\\()]/g, String.raw`\$&`);

export function plainPdf(lines: readonly string[]): Buffer {
  const text = lines.map((line, at) => `1 0 0 1 60 ${780 - at * 20} Tm (${escaped(line)}) Tj`).join('\n');
  const content = `BT /F1 11 Tf\n${text}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  // One byte a character: what stands in it is within Latin-1, where WinAnsi agrees with it.
  return Buffer.from(`${file}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}
