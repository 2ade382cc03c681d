/** One vendor: how it is recognised, what was learned of it field by field and from which invoices, and the way to forget each. */
import { useEffect, useState } from 'react';
import type { LearntField, LearntLesson, Vendor } from '../../core/contract/vendors.ts';
import { problemText } from '../problem.ts';
import { routeHash } from '../route.ts';
import { useMay, useStation } from '../station.ts';
import { actorName, iban, instant, labelOf, say, shown, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Fact } from '../ui/fact.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { PageCrop } from './page-crop.tsx';
import { invoicesText, rightText } from './words.ts';

interface What {
  readonly lesson?: string;
  readonly field?: string;
  readonly name: string;
  readonly back: boolean;
}

type Change = (what: What) => void;

export function VendorPage({ id }: { readonly id: string }) {
  const { client, app } = useStation();
  const [vendor, setVendor] = useState<Vendor | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    client.getVendor({ params: { id } }).then(setVendor, (error: unknown) => setFailed(problemText(error)));
  }, [client, id]);
  const change: Change = ({ lesson, field, name, back }) => {
    const body = { ...(lesson === undefined ? {} : { lesson }), ...(field === undefined ? {} : { field }) };
    const ask = back ? client.restoreLessons({ params: { id }, body }) : client.forgetLessons({ params: { id }, body });
    ask.then(
      (reply) => {
        setVendor(reply);
        app.say(t(back ? 'ui.vendors.did.restore' : 'ui.vendors.did.forget', { what: name }), 'success');
      },
      (error: unknown) => app.say(problemText(error), 'error'),
    );
  };
  return (
    <div className="page-column">
      <p className="crumbs">
        <a href={routeHash({ screen: 'vendors' })}>
          <Icon name="left" /> {t('ui.vendors.all')}
        </a>
      </p>
      {failed === null ? null : (
        <div className="state" role="alert">
          <Mark kind="error" />
          <p>{failed}</p>
        </div>
      )}
      {vendor === null ? (
        failed === null && <div className="skeleton skeleton-block" aria-busy="true" />
      ) : (
        <Known vendor={vendor} change={change} />
      )}
    </div>
  );
}

function Known({ vendor, change }: { readonly vendor: Vendor; readonly change: Change }) {
  const gone = vendor.active === 0;
  const mayTeach = useMay('vendor.teach');
  return (
    <>
      <header className="page-head">
        <h1>{vendor.name}</h1>
        {mayTeach ? (
          <Button onPress={() => change({ name: vendor.name, back: gone })}>
            <Icon name={gone ? 'undo' : 'trash'} /> {t(gone ? 'ui.vendors.restore.all' : 'ui.vendors.forget.all')}
          </Button>
        ) : null}
      </header>
      <dl className="vendor-facts">
        <Fact name={t('ui.vendors.known')}>
          {vendor.keys.length === 0 ? t('ui.vendors.key.none') : <Keys keys={vendor.keys} />}
        </Fact>
        <Fact name={t('ui.vendors.style')}>{styleText(vendor)}</Fact>
        <Fact name={t('ui.vendors.used')}>{vendor.uses === 0 ? t('ui.vendors.never') : invoicesText(vendor.uses)}</Fact>
        <Fact name={t('ui.vendors.right')}>{rightText(vendor)}</Fact>
      </dl>
      <h2>{t('ui.vendors.fields')}</h2>
      <table className="list learnt-fields">
        <thead>
          <tr>
            <th scope="col">{t('ui.vendors.field')}</th>
            <th scope="col">{t('ui.vendors.remembered')}</th>
            <th scope="col">{t('ui.vendors.example')}</th>
            <th scope="col">{t('ui.vendors.from')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('ui.vendors.forget')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {vendor.fields.map((field) => (
            <FieldRow key={field.field} vendor={vendor} field={field} change={change} />
          ))}
        </tbody>
      </table>
      <h2>{t('ui.vendors.items')}</h2>
      <p className="lead">{t('ui.vendors.items.hint')}</p>
      <LessonTable vendor={vendor} change={change} />
    </>
  );
}

function Keys({ keys }: { readonly keys: readonly string[] }) {
  return (
    <ul className="vendor-keys">
      {keys.map((key) => {
        const at = key.indexOf(':');
        return (
          <li key={key}>
            <span className="muted">{say(`ui.vendors.key.${key.slice(0, at)}`)}</span>{' '}
            {key.startsWith('iban:') ? iban(key.slice(at + 1)) : key.slice(at + 1)}
          </li>
        );
      })}
    </ul>
  );
}

function styleText({ decimalMark, dayOrder, rates }: Vendor): string {
  const parts = [
    decimalMark === null ? '' : t('ui.vendors.style.mark', { mark: decimalMark }),
    dayOrder === null ? '' : t(`ui.vendors.style.${dayOrder}`),
    rates.length === 0 ? '' : t('ui.vendors.style.rates', { rates: rates.join(', ') }),
  ];
  return parts.filter(Boolean).join(' · ') || '–';
}

const refOf = (vendor: Vendor, field: string) => ({ entity: { type: 'invoice' as const, id: vendor.vendor }, field });

function rememberedText(vendor: Vendor, { field, fixed, value, label }: LearntField): string {
  if (value === null) return t('ui.vendors.absent');
  if (fixed) return t('ui.vendors.fixed', { value: shown(refOf(vendor, field), value) });
  return label === null ? t('ui.vendors.place.bare') : t('ui.vendors.place', { label });
}

function FieldRow({
  vendor,
  field,
  change,
}: {
  readonly vendor: Vendor;
  readonly field: LearntField;
  readonly change: Change;
}) {
  const name = labelOf(refOf(vendor, field.field));
  const { forgotten, example } = field;
  return (
    <tr className={forgotten || vendor.active === 0 ? 'is-forgotten' : undefined}>
      <th scope="row">{name}</th>
      <td>{forgotten ? t('ui.vendors.forgotten') : rememberedText(vendor, field)}</td>
      <td>{example === null ? null : <PageCrop sha={example.document} page={example.page} box={example.box} />}</td>
      <td>
        {invoicesText(field.lessons)}
        {field.corrected === 0 ? null : (
          <span className="muted">, {t('ui.vendors.corrected', { n: field.corrected })}</span>
        )}
      </td>
      <td>
        {vendor.active === 0 ? null : (
          <ForgetButton
            name={name}
            forgotten={forgotten}
            onPress={() => change({ field: field.field, name, back: forgotten })}
          />
        )}
      </td>
    </tr>
  );
}

function ForgetButton({
  name,
  forgotten,
  onPress,
}: {
  readonly name: string;
  readonly forgotten: boolean;
  readonly onPress: () => void;
}) {
  if (!useMay('vendor.teach')) return null;
  return (
    <Button
      look="quiet"
      aria-label={t(forgotten ? 'ui.vendors.restore.one' : 'ui.vendors.forget.one', { what: name })}
      onPress={onPress}
    >
      {t(forgotten ? 'ui.vendors.restore' : 'ui.vendors.forget')}
    </Button>
  );
}

function LessonTable({ vendor, change }: { readonly vendor: Vendor; readonly change: Change }) {
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">{t('ui.vendors.invoice')}</th>
          <th scope="col">{t('ui.vendors.when')}</th>
          <th scope="col">{t('ui.vendors.by')}</th>
          <th scope="col">{t('ui.vendors.fixes')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('ui.vendors.forget')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {vendor.items.map((lesson) => (
          <LessonRow key={lesson.id} vendor={vendor} lesson={lesson} change={change} />
        ))}
      </tbody>
    </table>
  );
}

function LessonRow({
  vendor,
  lesson,
  change,
}: {
  readonly vendor: Vendor;
  readonly lesson: LearntLesson;
  readonly change: Change;
}) {
  const name = lesson.invoiceNumber ?? t('ui.vendors.noNumber');
  const fixes = lesson.corrected.map((field) => labelOf(refOf(vendor, field))).join(', ');
  return (
    <tr className={lesson.forgotten ? 'is-forgotten' : undefined}>
      <th scope="row">
        <a href={routeHash({ screen: 'review', id: lesson.invoice })}>{name}</a>
      </th>
      <td>
        <time dateTime={lesson.learnedAt}>{instant(lesson.learnedAt)}</time>
      </td>
      <td>{actorName(lesson.actor)}</td>
      <td>{fixes === '' ? t('ui.vendors.fixes.none') : fixes}</td>
      <td>
        <ForgetButton
          name={name}
          forgotten={lesson.forgotten}
          onPress={() => change({ lesson: lesson.id, name, back: lesson.forgotten })}
        />
      </td>
    </tr>
  );
}
