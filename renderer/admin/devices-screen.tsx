/** Stations that are connected to the site: one's own, and for whoever may see them everybody's. */
import { useCallback } from 'react';
import { useApp, useMay, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Icon } from '../ui/icons.tsx';
import { LoadState } from '../ui/load-state.tsx';
import { useLoaded } from '../ui/use-loaded.ts';
import { LeaseTable } from '../together/lease-table.tsx';
import { DeviceTable } from './device-table.tsx';

export function DevicesScreen() {
  const { client } = useStation();
  const self = useApp((s) => s.me?.account);
  const all = useMay('device.read');
  const load = useCallback(
    async () => (all ? await client.listDevices({}) : await client.listOwnDevices({})).items,
    [client, all],
  );
  const loaded = useLoaded(load);
  const devices = loaded.value ?? [];
  const own = devices.filter(({ account }) => account === self);
  const others = devices.filter(({ account }) => account !== self);
  return (
    <div className="page-column">
      <header className="page-head">
        <h1>{t(all ? 'ui.nav.devices' : 'ui.devices.own')}</h1>
      </header>
      <p className="lead">{t('ui.devices.hint')}</p>
      <LoadState {...loaded} />
      {loaded.value?.length === 0 ? (
        <div className="state">
          <Icon name="offline" size={36} />
          <h2>{t('ui.devices.empty')}</h2>
          <p>{t('ui.devices.empty.hint')}</p>
        </div>
      ) : null}
      {all && own.length > 0 ? <h2>{t('ui.devices.own')}</h2> : null}
      {own.length > 0 ? <DeviceTable devices={own} owners={false} reload={loaded.reload} /> : null}
      {own.length > 0 && others.length > 0 ? <h2>{t('ui.devices.all')}</h2> : null}
      {others.length > 0 ? <DeviceTable devices={others} owners reload={loaded.reload} /> : null}
      {all ? <LeaseTable /> : null}
    </div>
  );
}
