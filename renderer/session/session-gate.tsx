import type { ReactNode } from 'react';
import { useApp, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Brand } from '../ui/brand.tsx';
import { Button } from '../ui/controls.tsx';

/** Stands before everything where nothing may be shown: nobody is signed in, or somebody else is. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { session } = useStation();
  const state = useApp((s) => s.session);
  const known = useApp((s) => s.status !== null);
  const other = useApp((s) => s.other);
  const before = useApp((s) => s.me?.name ?? '');
  if (state === 'other')
    return (
      <main className="still">
        <Brand />
        <h1>{t('ui.session.other')}</h1>
        <p>{t('ui.session.other.say', { name: other, before })}</p>
        <Button look="primary" autoFocus onPress={() => session.startOver()}>
          {t('ui.session.other.go', { name: other })}
        </Button>
      </main>
    );
  if (state !== 'open' && !known)
    return (
      <main className="still">
        <Brand />
        <h1>{t('ui.session.out')}</h1>
        <p>{state === 'revoked' ? t('ui.session.revoked') : t('ui.session.out.say')}</p>
        <Button look="primary" autoFocus onPress={() => session.signIn()}>
          {t('ui.session.signIn')}
        </Button>
      </main>
    );
  return children;
}
