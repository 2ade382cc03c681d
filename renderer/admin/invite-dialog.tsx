/** A person is invited; the link is shown once, for whoever invites to hand over. */
import { useState } from 'react';
import type { z } from 'zod';
import type { Role } from '../../core/access/roles.ts';
import { type Invitation, Login } from '../../core/contract/access.ts';
import { ApiError } from '../api.ts';
import { problemText } from '../problem.ts';
import { useStation } from '../station.ts';
import { currentLanguage, instant, t } from '../text.ts';
import { Button, Keys } from '../ui/controls.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/icons.tsx';
import { blankLimit, LimitsEditor, RoleChoice } from './access-fields.tsx';
import { readLimits } from './limits.ts';
import type { LimitRow } from './limits.ts';
import { limitProblemWords } from './words.ts';

type Link = z.infer<typeof Invitation>;

export function InviteDialog() {
  const { app } = useStation();
  const [made, setMade] = useState<{ name: string; link: Link } | null>(null);
  if (made !== null) return <LinkDialog name={made.name} link={made.link} onClose={() => app.close()} />;
  return <InviteForm onMade={(name, link) => setMade({ name, link })} />;
}

function InviteForm({ onMade }: { readonly onMade: (name: string, link: Link) => void }) {
  const { app, client } = useStation();
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [role, setRole] = useState<Role>('reviewer');
  const [rows, setRows] = useState<readonly LimitRow[]>([blankLimit([], 'EUR')]);
  const [wrong, setWrong] = useState<{ key: number; words: string } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const possible = !busy && name.trim() !== '' && Login.safeParse(login).success;
  const submit = async () => {
    if (!possible) return;
    // A row that was offered and not used is none.
    const used = rows.filter(({ amount }) => amount.trim() !== '');
    const read = role === 'approver' ? readLimits(used, currentLanguage()) : { kind: 'limits' as const, limits: [] };
    if (read.kind === 'problem') return setWrong({ key: read.key, words: limitProblemWords(read.problem) });
    setWrong(null);
    setFailed(null);
    setBusy(true);
    try {
      const { user, invitation } = await client.inviteUser({ body: { login, name, role, limits: read.limits } });
      void app.refreshNames();
      onMade(user.name, invitation);
    } catch (error) {
      const taken = error instanceof ApiError && error.code === 'conflict';
      setFailed(taken ? t('ui.refused.taken') : problemText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('ui.users.invite.title')}
      onClose={() => app.close()}
      footer={
        <>
          <Button onPress={() => app.close()}>{t('ui.cancel')}</Button>
          <Button look="primary" isDisabled={!possible} onPress={() => void submit()}>
            {t('ui.users.invite.do')} <Keys chord="Ctrl+Enter" />
          </Button>
        </>
      }
    >
      <form
        className="invite"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
        }}
      >
        <label className="text-field">
          <span>{t('ui.users.name')}</span>
          {/* The dialog is opened to type it. */}
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
          <input className="input" value={name} autoFocus maxLength={200} onChange={(e) => setName(e.target.value)} />
        </label>
        <label className="text-field">
          <span>{t('ui.users.login')}</span>
          <input
            className="input"
            value={login}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setLogin(event.target.value)}
          />
          <span className="hint">{t('ui.users.login.hint')}</span>
        </label>
        <RoleChoice value={role} onChange={setRole} />
        {role === 'approver' ? <LimitsEditor rows={rows} wrong={wrong} onChange={setRows} /> : null}
        {failed === null ? null : (
          <p className="form-error" role="alert">
            <Mark kind="error" /> {failed}
          </p>
        )}
        {/* Enter in a field sends it. */}
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

const selectLink = (): void => document.querySelector<HTMLInputElement>('#invitation-link')?.select();

interface LinkProps {
  readonly name: string;
  readonly link: Link;
  readonly onClose: () => void;
}

export function LinkDialog({ name, link, onClose }: LinkProps) {
  const { app } = useStation();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link.link);
      app.say(t('ui.users.copied'), 'success');
    } catch {
      // Without the right to the clipboard, or without TLS, there is none: it is selected, and Ctrl+C does it.
      selectLink();
    }
  };
  return (
    <Dialog
      title={t('ui.users.invited.title', { name })}
      onClose={onClose}
      footer={
        <Button look="primary" onPress={onClose}>
          {t('ui.users.done')}
        </Button>
      }
    >
      <p>{t('ui.users.invited.say', { name, until: instant(link.expiresAt) })}</p>
      <div className="with-button">
        <input
          id="invitation-link"
          className="input invitation-link"
          readOnly
          aria-label={t('ui.users.link')}
          value={link.link}
          onFocus={(event) => event.target.select()}
        />
        <Button autoFocus onPress={() => void copy()}>
          {t('ui.users.copy')}
        </Button>
      </div>
    </Dialog>
  );
}
