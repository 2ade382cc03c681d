import { browserLanguage, setLanguage, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Brand } from '../ui/brand.tsx';
import { readLook } from './look.ts';

interface Props {
  /** `out`: signed out; `in`: the window of a sign-in, at its end. */
  readonly kind: 'out' | 'in';
  readonly go: () => void;
}

/** Without a server: what stands when a sign-in has ended on purpose, or was just made for another window. */
export function StillScreen({ kind, go }: Props) {
  const look = readLook(localStorage);
  const language = look.language ?? browserLanguage();
  setLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dataset['theme'] = look.theme ?? 'system';
  document.title = `${t(`ui.session.${kind}`)} – ${t('ui.app')}`;
  return (
    <main className="still">
      <Brand />
      <h1>{t(`ui.session.${kind}`)}</h1>
      <p>{t(`ui.session.${kind}.say`)}</p>
      <Button look="primary" autoFocus onPress={go}>
        {t(kind === 'out' ? 'ui.session.signIn' : 'ui.session.in.go')}
      </Button>
    </main>
  );
}
