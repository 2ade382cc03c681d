/** What stations have taken along from the site, and the way to release it. */
import type { LeaseHead } from '../../core/contract/together-http.ts';
import { problemText } from '../problem.ts';
import { useApp, useMay, useStation, useTogether } from '../station.ts';
import { nameOf, number, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { clock } from './company.tsx';

export function LeaseTable() {
  const leases = useTogether((s) => s.leases);
  useApp((s) => s.nameTurns);
  const mayRelease = useMay('lease.release');
  return (
    <section>
      <h2>{t('ui.leases.title')}</h2>
      <p className="lead">{t('ui.leases.hint')}</p>
      {leases.length === 0 ? (
        <p className="muted">{t('ui.leases.empty')}</p>
      ) : (
        <table className="list leases">
          <thead>
            <tr>
              <th scope="col">{t('ui.leases.who')}</th>
              <th scope="col">{t('ui.leases.station')}</th>
              <th scope="col">{t('ui.leases.left')}</th>
              <th scope="col">{t('ui.leases.until')}</th>
              {mayRelease ? (
                <th scope="col">
                  <span className="visually-hidden">{t('ui.leases.release')}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {leases.map((lease) => (
              <Row key={lease.id} lease={lease} mayRelease={mayRelease} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ lease, mayRelease }: { readonly lease: LeaseHead; readonly mayRelease: boolean }) {
  const { client, app } = useStation();
  const { id, actor, deviceName, left, size, until } = lease;
  const name = nameOf(actor);
  const release = () =>
    app.ask({
      title: t('ui.leases.release.title'),
      text: t('ui.leases.release.say', { name }),
      yes: t('ui.leases.release'),
      run: () => {
        client.releaseLease({ params: { id }, body: {} }).then(
          () => app.say(t('ui.leases.released'), 'success'),
          (error: unknown) => app.say(problemText(error), 'error'),
        );
      },
    });
  return (
    <tr>
      <td>{name}</td>
      <td>{deviceName}</td>
      <td>{t('ui.leases.left.of', { n: number(String(left)), size: number(String(size)) })}</td>
      <td>{clock(until)}</td>
      {mayRelease ? (
        <td>
          <Button aria-label={t('ui.leases.release.one', { name })} onPress={release}>
            {t('ui.leases.release')}
          </Button>
        </td>
      ) : null}
    </tr>
  );
}
