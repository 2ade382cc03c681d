/** What the station has learned of vendors: all of them, or one. */
import { useEffect, useState } from 'react';
import type { VendorSummary } from '../../core/contract/vendors.ts';
import { problemText } from '../problem.ts';
import { routeHash } from '../route.ts';
import { useStation } from '../station.ts';
import { instant, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { VendorPage } from './vendor-page.tsx';
import { invoicesText, rightText } from './words.ts';

export function VendorsScreen({ id }: { readonly id: string | null }) {
  return id === null ? <VendorList /> : <VendorPage key={id} id={id} />;
}

function VendorList() {
  const { client } = useStation();
  const [items, setItems] = useState<readonly VendorSummary[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    client.listVendors({}).then(
      (reply) => {
        setItems(reply.items);
        setFailed(null);
      },
      (error: unknown) => setFailed(problemText(error)),
    );
  }, [client, attempt]);
  return (
    <div className="page-column">
      <header className="page-head">
        <h1>{t('ui.nav.vendors')}</h1>
      </header>
      <p className="lead">{t('ui.vendors.hint')}</p>
      {failed === null ? null : (
        <div className="state" role="alert">
          <Mark kind="error" />
          <p>{failed}</p>
          <Button onPress={() => setAttempt(attempt + 1)}>{t('ui.retry')}</Button>
        </div>
      )}
      {items === null && failed === null ? <div className="skeleton skeleton-block" aria-busy="true" /> : null}
      {items?.length === 0 ? (
        <div className="state">
          <Icon name="history" size={36} />
          <h2>{t('ui.vendors.empty')}</h2>
          <p>{t('ui.vendors.empty.hint')}</p>
        </div>
      ) : null}
      {items && items.length > 0 ? <VendorTable items={items} /> : null}
    </div>
  );
}

function VendorTable({ items }: { readonly items: readonly VendorSummary[] }) {
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t('ui.vendors.name')}</th>
          <th scope="col">{t('ui.vendors.lessons')}</th>
          <th scope="col">{t('ui.vendors.when')}</th>
          <th scope="col">{t('ui.vendors.used')}</th>
          <th scope="col">{t('ui.vendors.right')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((vendor) => (
          <tr key={vendor.vendor}>
            <th scope="row">
              <a href={routeHash({ screen: 'vendors', id: vendor.vendor })}>{vendor.name}</a>
            </th>
            <td>
              {invoicesText(vendor.lessons)}
              {vendor.active < vendor.lessons ? (
                <span className="muted">
                  {' '}
                  ({vendor.lessons - vendor.active} {t('ui.vendors.forgotten')})
                </span>
              ) : null}
            </td>
            <td>
              <time dateTime={vendor.learnedAt}>{instant(vendor.learnedAt)}</time>
            </td>
            <td>{vendor.uses === 0 ? t('ui.vendors.never') : invoicesText(vendor.uses)}</td>
            <td>{rightText(vendor)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
