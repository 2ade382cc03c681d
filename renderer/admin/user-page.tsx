/** One person: role and limits, the ways back in, the devices. Nobody changes the own account. */
import { useCallback, useState } from 'react';
import type { z } from 'zod';
import type { Invitation, User } from '../../core/contract/access.ts';
import { isStale } from '../api.ts';
import { problemText } from '../problem.ts';
import { routeHash } from '../route.ts';
import { useApp, useMay, useStation } from '../station.ts';
import { currentLanguage, instant, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { LoadState } from '../ui/load-state.tsx';
import { Fact } from '../ui/fact.tsx';
import { useLoaded } from '../ui/use-loaded.ts';
import { LimitsEditor, RoleChoice, rowsOf } from './access-fields.tsx';
import { DeviceTable } from './device-table.tsx';
import { LinkDialog } from './invite-dialog.tsx';
import { readLimits } from './limits.ts';
import { UserState } from './user-state.tsx';
import { factorWords, limitProblemWords, limitsWords } from './words.ts';

export function UserPage({ id }: { readonly id: string }) {
  const { client } = useStation();
  const load = useCallback(() => client.getUser({ params: { id } }), [client, id]);
  const loaded = useLoaded(load);
  const user = loaded.value;
  return (
    <div className="page-column user-page">
      <p className="crumbs">
        <a href={routeHash({ screen: 'users' })}>
          <Icon name="left" /> {t('ui.users.all')}
        </a>
      </p>
      <LoadState {...loaded} />
      {user === null ? null : <Known user={user} put={loaded.put} reload={loaded.reload} />}
    </div>
  );
}

interface KnownProps {
  readonly user: User;
  readonly put: (user: User) => void;
  readonly reload: () => void;
}

function Known({ user, put, reload }: KnownProps) {
  const self = useApp((s) => s.me?.account === user.id);
  const { app } = useStation();
  const mayChange = useMay('user.change');
  const changes = mayChange && !self;
  // Stands above the form that is made anew with what is there now.
  const [stale, setStale] = useState(false);
  const onStale = () => {
    setStale(true);
    reload();
  };
  const onSaved = (saved: User) => {
    setStale(false);
    put(saved);
    void app.refreshNames();
  };
  return (
    <>
      <header className="page-head">
        <h1>{user.name}</h1>
        <UserState user={user} />
      </header>
      <dl className="vendor-facts user-facts">
        {user.role === 'service' ? null : <Fact name={t('ui.users.login')}>{user.login}</Fact>}
        <Fact name={t('ui.users.factor')}>{user.role === 'service' ? '–' : factorWords(user)}</Fact>
        <Fact name={t('ui.users.last')}>
          {user.lastSignInAt === null ? t('ui.users.never') : instant(user.lastSignInAt)}
        </Fact>
        <Fact name={t('ui.users.since')}>{instant(user.createdAt)}</Fact>
      </dl>
      {changes ? null : (
        <p className="form-note" role="note">
          <Mark kind="info" /> {t(mayChange ? 'ui.users.self' : 'ui.users.readonly')}
        </p>
      )}
      {changes && user.role !== 'service' ? (
        <AccessForm
          key={JSON.stringify([user.name, user.role, user.limits])}
          user={user}
          put={onSaved}
          stale={stale}
          onStale={onStale}
        />
      ) : (
        <section className="card">
          <h2>{t('ui.users.access')}</h2>
          <p>
            {t(`ui.role.${user.role}`)}: {t(`ui.role.${user.role}.does`)}
            {user.role === 'approver' ? ` (${limitsWords(user.limits)})` : ''}
          </p>
        </section>
      )}
      {changes ? <SignInSection user={user} put={onSaved} /> : null}
      {user.role === 'service' ? null : <Devices user={user} />}
    </>
  );
}

interface FormProps {
  readonly user: User;
  readonly put: (user: User) => void;
  readonly stale: boolean;
  readonly onStale: () => void;
}

/** What was seen is what is changed: where somebody else was quicker, the newer state is shown instead. */
function AccessForm({ user, put, stale, onStale }: FormProps) {
  const { client, app } = useStation();
  const [name, setName] = useState(user.name);
  const [role, setRole] = useState(user.role);
  const [rows, setRows] = useState(() => rowsOf(user.limits));
  const [wrong, setWrong] = useState<{ key: number; words: string } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const read = role === 'approver' ? readLimits(rows, currentLanguage()) : { kind: 'limits' as const, limits: [] };
  const limits = read.kind === 'limits' ? read.limits : null;
  const same =
    name.trim() === user.name &&
    role === user.role &&
    JSON.stringify(limits) === JSON.stringify(role === 'approver' ? user.limits : []);
  const save = async () => {
    if (read.kind === 'problem') return setWrong({ key: read.key, words: limitProblemWords(read.problem) });
    setWrong(null);
    setFailed(null);
    setBusy(true);
    try {
      const body = { name, role, limits: read.limits };
      const saved = await client.changeUser({ params: { id: user.id }, body, ifMatch: client.tagOf(user) });
      app.say(t('ui.users.saved', { name: saved.name }), 'success');
      put(saved);
    } catch (error) {
      setBusy(false);
      if (!isStale(error)) return setFailed(problemText(error));
      onStale();
    }
  };
  return (
    <section className="card">
      <h2>{t('ui.users.access')}</h2>
      <form
        className="access-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!same && !busy) void save();
        }}
      >
        {stale ? (
          <p className="form-error" role="alert">
            <Mark kind="error" /> {t('ui.refused.stale')}
          </p>
        ) : null}
        <label className="text-field user-name-field">
          <span>{t('ui.users.name')}</span>
          <input className="input" value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        </label>
        <RoleChoice value={role} onChange={setRole} />
        {role === 'approver' ? (
          <LimitsEditor rows={rows} wrong={wrong} onChange={(next) => setRows([...next])} />
        ) : null}
        {failed === null ? null : (
          <p className="form-error" role="alert">
            <Mark kind="error" /> {failed}
          </p>
        )}
        <p>
          <Button type="submit" look="primary" isDisabled={same || busy || name.trim() === ''}>
            {t('ui.users.save')}
          </Button>
        </p>
      </form>
    </section>
  );
}

type Link = z.infer<typeof Invitation>;

function SignInSection({ user, put }: { readonly user: User; readonly put: (user: User) => void }) {
  const { client, app } = useStation();
  const [link, setLink] = useState<Link | null>(null);
  const { id, name } = user;
  const params = { id };
  const done = (change: Promise<User>, words: string): void =>
    void change.then(
      (saved) => {
        put(saved);
        app.say(words, 'success');
      },
      (error: unknown) => app.say(problemText(error), 'error'),
    );
  const invite = (): void =>
    void client
      .inviteAgain({ params, body: {} })
      .then(setLink, (error: unknown) => app.say(problemText(error), 'error'));
  const reset = (): void =>
    app.ask({
      title: t('ui.users.reset.title', { name }),
      text: t('ui.users.reset.say', { name }),
      yes: t('ui.users.reset'),
      run: () => done(client.resetSecondFactor({ params, body: {} }), t('ui.users.reset.done', { name })),
    });
  const disable = (): void =>
    app.ask({
      title: t('ui.users.disable.title', { name }),
      text: t('ui.users.disable.say', { name }),
      yes: t('ui.users.disable'),
      run: () => done(client.disableUser({ params, body: {} }), t('ui.users.disable.done', { name })),
    });
  const enable = (): void => done(client.enableUser({ params, body: {} }), t('ui.users.enable.done', { name }));
  const own = !user.external && user.role !== 'service';
  return (
    <section className="card">
      <h2>{t('ui.users.signIn')}</h2>
      {user.external ? <p className="muted">{t('ui.users.external')}</p> : null}
      <ul className="offers">
        {own && user.state !== 'disabled' ? (
          <Offer label={t('ui.users.inviteAgain')} hint={t('ui.users.inviteAgain.hint')} onPress={invite} />
        ) : null}
        {own && user.secondFactor ? (
          <Offer label={t('ui.users.reset')} hint={t('ui.users.reset.hint')} onPress={reset} />
        ) : null}
        {user.state === 'disabled' ? (
          <Offer label={t('ui.users.enable')} hint={t('ui.users.enable.hint', { name })} onPress={enable} />
        ) : (
          <Offer label={t('ui.users.disable')} hint={t('ui.users.disable.hint')} onPress={disable} />
        )}
      </ul>
      {link === null ? null : <LinkDialog name={name} link={link} onClose={() => setLink(null)} />}
    </section>
  );
}

interface OfferProps {
  readonly label: string;
  readonly hint: string;
  readonly onPress: () => void;
}

function Offer({ label, hint, onPress }: OfferProps) {
  return (
    <li>
      <Button onPress={onPress}>{label}</Button>
      <span className="muted">{hint}</span>
    </li>
  );
}

function Devices({ user }: { readonly user: User }) {
  const { client } = useStation();
  const load = useCallback(
    async () => (await client.listDevices({})).items.filter(({ account }) => account === user.id),
    [client, user.id],
  );
  const loaded = useLoaded(load);
  return (
    <section>
      <h2>{t('ui.users.devices')}</h2>
      <LoadState {...loaded} />
      {loaded.value?.length === 0 ? <p className="muted">{t('ui.devices.none')}</p> : null}
      {loaded.value && loaded.value.length > 0 ? (
        <DeviceTable devices={loaded.value} owners={false} reload={loaded.reload} />
      ) : null}
    </section>
  );
}
