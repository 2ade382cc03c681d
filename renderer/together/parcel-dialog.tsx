/** How many invoices a station takes along, and for how long. */
import { useState } from 'react';
import { problemText } from '../problem.ts';
import { useInbox, useStation, useTogether } from '../station.ts';
import { number, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { clock } from './company.tsx';
import { parcelFilter } from './parcel-filter.ts';

const SIZES = [50, 100, 300] as const;
const HOURS = [8, 24] as const;

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly values: readonly number[];
  readonly value: number;
  readonly say: (value: number) => string;
  readonly onChange: (value: number) => void;
}

function Choice({ name, label, values, value, say, onChange }: ChoiceProps) {
  return (
    <fieldset className="parcel-choice">
      <legend>{label}</legend>
      {values.map((one) => (
        <label key={one}>
          <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />
          {say(one)}
        </label>
      ))}
    </fieldset>
  );
}

export function ParcelDialog() {
  const { app, client, inbox } = useStation();
  const isAway = useTogether((s) => !s.on);
  const isFiltered = useInbox((s) => s.query.q !== '' || s.query.status.length > 0 || s.query.only != null);
  const [size, setSize] = useState<number>(SIZES[0]);
  const [hours, setHours] = useState<number>(HOURS[0]);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);

  const take = async () => {
    setBusy(true);
    setFailed(null);
    try {
      const filter = parcelFilter(inbox.getState().query);
      if (filter === undefined) return setFailed(t('ui.parcel.none'));
      const parcel = await client.takeParcel({ body: { size, hours, filter } });
      if (parcel.size === 0) return setFailed(t('ui.parcel.none'));
      app.close();
      app.say(t('ui.parcel.taken', { n: parcel.size, until: clock(parcel.until) }), 'success');
    } catch (error) {
      setFailed(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('ui.parcel.title')}
      size="small"
      onClose={() => app.close()}
      footer={
        <>
          <Button onPress={() => app.close()}>{t('ui.cancel')}</Button>
          <Button look="primary" isDisabled={busy || isAway} onPress={() => void take()}>
            {t('ui.parcel.take')}
          </Button>
        </>
      }
    >
      <p>{t('ui.parcel.lead')}</p>
      <Choice
        name="parcel-size"
        label={t('ui.parcel.size')}
        values={SIZES}
        value={size}
        say={(n) => number(String(n))}
        onChange={setSize}
      />
      <Choice
        name="parcel-hours"
        label={t('ui.parcel.hours')}
        values={HOURS}
        value={hours}
        say={(n) => t('ui.parcel.hours.of', { n })}
        onChange={setHours}
      />
      <p className="muted">{t(isFiltered ? 'ui.parcel.which.filtered' : 'ui.parcel.which')}</p>
      <p role="alert" className="parcel-failed">
        {isAway ? t('ui.parcel.away') : failed}
      </p>
    </Dialog>
  );
}
