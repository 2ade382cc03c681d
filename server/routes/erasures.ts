/** Erasure: what it would take away, asking for it, confirming it by another person, and what was erased. */
import { api } from '../../core/contract/http.ts';
import type { On } from '../endpoint.ts';

export function installErasureRoutes(on: On): void {
  on(api.getErasure, ({ erasure }, { params }) => erasure.plan(params.id));
  on(api.askErasure, ({ erasure }, { params, body }) => erasure.ask(params.id, body));
  on(api.listErasures, async ({ erasure }) => ({ items: await erasure.list() }));
  on(api.confirmErasure, ({ erasure }, { params, body }) => erasure.confirm(params.id, body.by));
  on(api.withdrawErasure, ({ erasure }, { params }) => erasure.withdraw(params.id));
}
