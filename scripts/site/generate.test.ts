import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessApi } from '../../core/contract/access.ts';
import { api } from '../../core/contract/http.ts';
import type { Endpoint } from '../../server/endpoint.ts';
import { openApiDocument } from '../../server/openapi.ts';
import { createGenerator } from './generate.ts';
import { readDescription } from './openapi.ts';

const endpoints: Readonly<Record<string, Endpoint>> = { ...api, ...accessApi };
const description = readDescription(openApiDocument(endpoints, '1') as never);
const generator = createGenerator(description);
const SAMPLE = { numRuns: 40, seed: 4711 };

test.each(description.operations)('$id: what is valid by the document is valid by the contract', (operation) => {
  const { body } = endpoints[operation.id]!;
  for (const made of fc.sample(
    generator.valid(operation, () => []),
    SAMPLE,
  )) {
    expect(made.path).toMatch(/^\/[\x21-\x7e]*$/);
    expect(made.path).not.toContain('{');
    if (body === null || typeof body === 'string') continue;
    const parsed = body.safeParse(JSON.parse(String(made.body)));
    // What a refinement asks for beyond the schema cannot be seen in the document.
    const beyond = parsed.error?.issues.filter(({ code }) => code !== 'custom' && code !== 'invalid_format') ?? [];
    expect(beyond).toEqual([]);
  }
});

test('what is known is asked for; the same seed makes the same requests', () => {
  const operation = description.operations.find(({ id }) => id === 'getInvoice')!;
  const real = fc.sample(
    generator.valid(operation, () => ['an-id'], true),
    SAMPLE,
  );
  expect(new Set(real.map(({ path }) => path))).toEqual(new Set(['/api/v1/invoices/an-id']));
  const again = fc.sample(
    generator.broken(operation, () => []),
    SAMPLE,
  );
  expect(
    fc.sample(
      generator.broken(operation, () => []),
      SAMPLE,
    ),
  ).toEqual(again);
});

test('broken requests are refused by the contract more often than not', () => {
  const operation = description.operations.find(({ id }) => id === 'correctFields')!;
  const { body } = api.correctFields;
  const refused = fc
    .sample(
      generator.broken(operation, () => []),
      { numRuns: 200, seed: 1 },
    )
    .filter((made) => {
      try {
        return !body.safeParse(JSON.parse(String(made.body))).success;
      } catch {
        return true;
      }
    });
  expect(refused.length).toBeGreaterThan(60);
});
