import { useState } from 'react';
import type { Device } from '../../core/contract/access.ts';
import { problemText } from '../problem.ts';
import { useApp, useMay, useStation } from '../station.ts';
import { instant, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface Props {
  readonly devices: readonly Device[];
  /** Whose they are is worth a column. */
  readonly owners: boolean;
  readonly reload: () => void;
}

/** Those that are connected first, the one seen last at the top. */
const order = (a: Device, b: Device): number =>
  Number(a.revokedAt !== null) - Number(b.revokedAt !== null) ||
  (b.lastSeenAt ?? b.createdAt).localeCompare(a.lastSeenAt ?? a.createdAt);

export function DeviceTable({ devices, owners, reload }: Props) {
  const [renaming, setRenaming] = useState<Device | null>(null);
  return (
    <>
      <table className="list devices">
        <thead>
          <tr>
            <th scope="col">{t('ui.devices.name')}</th>
            {owners ? <th scope="col">{t('ui.devices.owner')}</th> : null}
            <th scope="col">{t('ui.devices.added')}</th>
            <th scope="col">{t('ui.devices.seen')}</th>
            <th scope="col">{t('ui.devices.state')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('ui.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {devices.toSorted(order).map((device) => (
            <DeviceRow key={device.id} device={device} owners={owners} reload={reload} rename={setRenaming} />
          ))}
        </tbody>
      </table>
      {renaming === null ? null : (
        <RenameDialog
          device={renaming}
          onClose={(done) => {
            setRenaming(null);
            if (done) reload();
          }}
        />
      )}
    </>
  );
}

interface RowProps extends Omit<Props, 'devices'> {
  readonly device: Device;
  readonly rename: (device: Device) => void;
}

function DeviceRow({ device, owners, reload, rename }: RowProps) {
  const { client, app } = useStation();
  const own = useApp((s) => s.me?.account === device.account);
  const mayRevoke = useMay('device.revoke');
  const { id, name, revokedAt, lastSeenAt, platform, version } = device;
  const revoke = () =>
    app.ask({
      title: t('ui.devices.revoke.title', { name }),
      text: t('ui.devices.revoke.say'),
      yes: t('ui.devices.revoke'),
      run: () => {
        const args = { params: { id }, body: {} };
        (own ? client.revokeOwnDevice(args) : client.revokeDevice(args)).then(
          () => {
            app.say(t('ui.devices.revoked', { name }), 'success');
            reload();
          },
          (error: unknown) => app.say(problemText(error), 'error'),
        );
      },
    });
  return (
    <tr className={revokedAt === null ? undefined : 'is-forgotten'}>
      <th scope="row">
        {name}
        {platform === null ? null : <span className="device-told">{[platform, version].join(' ')}</span>}
      </th>
      {owners ? <td>{device.owner}</td> : null}
      <td>
        <time dateTime={device.createdAt}>{instant(device.createdAt)}</time>
      </td>
      <td>{lastSeenAt === null ? t('ui.devices.never') : <time dateTime={lastSeenAt}>{instant(lastSeenAt)}</time>}</td>
      <td>
        {revokedAt === null ? (
          <span className="status status-user-active">{t('ui.devices.state.connected')}</span>
        ) : (
          <span className="status status-user-disabled">{t('ui.devices.revokedAt', { at: instant(revokedAt) })}</span>
        )}
      </td>
      <td className="row-actions">
        {own && revokedAt === null ? (
          <Button look="quiet" aria-label={t('ui.devices.rename.one', { name })} onPress={() => rename(device)}>
            {t('ui.devices.rename')}
          </Button>
        ) : null}
        {(own || mayRevoke) && revokedAt === null ? (
          <Button look="quiet" aria-label={t('ui.devices.revoke.one', { name })} onPress={revoke}>
            {t('ui.devices.revoke')}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}

function RenameDialog({ device, onClose }: { readonly device: Device; readonly onClose: (done: boolean) => void }) {
  const { client, app } = useStation();
  const [name, setName] = useState(device.name);
  const save = () => {
    if (name.trim() === '') return;
    client.renameDevice({ params: { id: device.id }, body: { name } }).then(
      (saved) => {
        app.say(t('ui.devices.renamed', { name: saved.name }), 'success');
        onClose(true);
      },
      (error: unknown) => app.say(problemText(error), 'error'),
    );
  };
  return (
    <Dialog
      title={t('ui.devices.rename.one', { name: device.name })}
      size="small"
      onClose={() => onClose(false)}
      footer={
        <>
          <Button onPress={() => onClose(false)}>{t('ui.cancel')}</Button>
          <Button look="primary" isDisabled={name.trim() === ''} onPress={save}>
            {t('ui.users.save')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <label className="text-field">
          <span>{t('ui.devices.name')}</span>
          {/* The dialog is opened to type it. */}
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
          <input className="input" value={name} autoFocus maxLength={200} onChange={(e) => setName(e.target.value)} />
        </label>
      </form>
    </Dialog>
  );
}
