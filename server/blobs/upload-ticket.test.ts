import { expect, test } from 'vitest';
import { createTickets } from './upload-ticket.ts';

const id = `01890000-0000-7000-8000-000000000000-12-${'a'.repeat(64)}`;
const key = { secretAccessKey: 'secret' };

test('an id is good for whoever was given it, at the site it was given for, in every process of the installation', () => {
  const ticket = createTickets(key, 'incoming/main/').ticketOf(id, 'user:one');
  expect(ticket.length).toBeLessThanOrEqual(200);
  const elsewhere = createTickets(key, 'incoming/main/');
  expect(elsewhere.openTicket(ticket, 'user:one')).toBe(id);
  const missing = expect.objectContaining({ code: 'not_found', details: { reason: 'upload-missing' } });
  expect(() => elsewhere.openTicket(ticket, 'user:two')).toThrow(missing);
  expect(() => createTickets(key, 'incoming/north/').openTicket(ticket, 'user:one')).toThrow(missing);
  expect(() => createTickets({ secretAccessKey: 'x' }, 'incoming/main/').openTicket(ticket, 'user:one')).toThrow(
    missing,
  );
  const other = ticket.replace('a'.repeat(64), 'b'.repeat(64));
  expect(() => elsewhere.openTicket(other, 'user:one')).toThrow(missing);
});

test('what is no id is told apart', () => {
  for (const odd of ['', id, 'no id', `${id}-xyz`])
    expect(() => createTickets(key, 'incoming/main/').openTicket(odd, 'user:one')).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    );
});
