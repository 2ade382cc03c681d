/** Short messages at the foot of the window; read out by screen readers, gone by themselves unless they are errors. */
import { useEffect } from 'react';
import { actionById } from '../actions.ts';
import type { Message } from '../app-store.ts';
import { useApp, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Button } from './controls.tsx';
import { Icon, Mark } from './icons.tsx';

const SHOWN_MS = 6_000;

export function Messages() {
  const messages = useApp((s) => s.messages);
  const announcement = useApp((s) => s.announcement);
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </div>
      {messages.length > 0 ? (
        <section className="messages" aria-label={t('ui.messages')}>
          {messages.map((message) => (
            <MessageRow key={message.id} message={message} />
          ))}
        </section>
      ) : null}
    </>
  );
}

function MessageRow({ message }: { readonly message: Message }) {
  const station = useStation();
  const { id, tone, text } = message;
  const action = message.action === undefined ? undefined : actionById(message.action);
  useEffect(() => {
    if (tone === 'error') return;
    const timer = setTimeout(() => station.app.dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [station, id, tone]);
  return (
    <div className={`message message-${tone}`}>
      <Mark kind={tone === 'error' ? 'error' : tone === 'success' ? 'sure' : 'info'} />
      <span className="message-text">{text}</span>
      {action ? (
        <Button
          look="quiet"
          onPress={() => {
            station.app.dismiss(id);
            if (action.enabled(station)) action.run(station);
          }}
        >
          {t(action.label)}
        </Button>
      ) : null}
      <Button look="quiet" className="button-icon" aria-label={t('ui.dismiss')} onPress={() => station.app.dismiss(id)}>
        <Icon name="cross" size={12} />
      </Button>
    </div>
  );
}
