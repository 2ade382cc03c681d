import { useEffect, useState } from 'react';
import type { Settings } from '../../core/contract/settings.ts';
import { desktop } from '../inbox/choose-files.ts';
import { habitsOf, typedValue } from '../../core/invoice/typed-value.ts';
import { useApp, useStation } from '../station.ts';
import { currentLanguage, number, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Choice, Row, TextRow } from './controls.tsx';
import { OcrLanguages } from './ocr-languages.tsx';

export function SettingsScreen() {
  const settings = useApp((s) => s.settings);
  return (
    <div className="page-column">
      <header className="page-head">
        <h1>{t('ui.nav.settings')}</h1>
      </header>
      {settings ? <SettingsForm settings={settings} /> : <div className="skeleton skeleton-block" aria-busy="true" />}
      <StationFacts />
    </div>
  );
}

function SettingsForm({ settings }: { readonly settings: Settings }) {
  const { app } = useStation();
  const [failed, setFailed] = useState<string | null>(null);
  /** Every change shows and is sent at once; a refused one is said, and the old value comes back. */
  const change = async (part: Partial<Settings>) => {
    try {
      setFailed(null);
      await app.changeSettings(part);
      app.announce(t('ui.settings.saved'));
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  const set = (part: Partial<Settings>) => void change(part);
  return (
    <div className="settings">
      {failed === null ? null : (
        <p className="form-error" role="alert">
          {failed}
        </p>
      )}
      <section aria-labelledby="settings-look">
        <h2 id="settings-look">{t('ui.settings.look')}</h2>
        <Choice
          label={t('ui.settings.language')}
          value={settings.language}
          options={[
            ['en', 'English'],
            ['de', 'Deutsch'],
          ]}
          onChange={(language) => set({ language })}
        />
        <Choice
          label={t('ui.settings.theme')}
          value={settings.theme}
          options={[
            ['system', t('ui.settings.theme.system')],
            ['light', t('ui.settings.theme.light')],
            ['dark', t('ui.settings.theme.dark')],
          ]}
          onChange={(theme) => set({ theme })}
        />
        <TextRow
          label={t('ui.settings.timeZone')}
          hint={t('ui.settings.timeZone.hint')}
          value={settings.timeZone}
          list={Intl.supportedValuesOf('timeZone')}
          onCommit={(timeZone) => set({ timeZone })}
        />
      </section>
      <section aria-labelledby="settings-reading">
        <h2 id="settings-reading">{t('ui.settings.reading')}</h2>
        <OcrLanguages settings={settings} set={set} />
        <WatchedFolder settings={settings} set={set} />
      </section>
      <section aria-labelledby="settings-rules">
        <h2 id="settings-rules">{t('ui.settings.rules')}</h2>
        <TextRow
          label={t('ui.settings.minimumConfidence')}
          hint={t('ui.settings.minimumConfidence.hint')}
          value={String(Math.round(settings.minimumConfidence * 100))}
          unit="%"
          onCommit={(text) => {
            const share = Number(text) / 100;
            if (share >= 0 && share <= 1) set({ minimumConfidence: share });
          }}
        />
        <TextRow
          label={t('ui.settings.tolerance')}
          hint={t('ui.settings.tolerance.hint')}
          value={number(settings.tolerances['default'] ?? '0.01')}
          onCommit={(text) => {
            const typed = typedValue({ type: 'amount', name: '' }, text, habitsOf(currentLanguage()));
            if (typed.kind === 'value' && typed.value !== null)
              set({ tolerances: { ...settings.tolerances, default: typed.value } });
            else setFailed(t('ui.invalid.number', { text }));
          }}
        />
      </section>
      <section aria-labelledby="settings-csv">
        <h2 id="settings-csv">{t('ui.settings.csv')}</h2>
        <Choice
          label={t('ui.settings.csvDelimiter')}
          value={settings.csvDelimiter}
          options={[
            [';', t('ui.settings.semicolon')],
            [',', t('ui.settings.comma')],
            ['\t', t('ui.settings.tab')],
          ]}
          onChange={(csvDelimiter) => set({ csvDelimiter })}
        />
        <Choice
          label={t('ui.settings.csvDecimal')}
          value={settings.csvDecimal}
          options={[
            ['.', '1234.50'],
            [',', '1234,50'],
          ]}
          onChange={(csvDecimal) => set({ csvDecimal })}
        />
      </section>
    </div>
  );
}

interface PartProps {
  readonly settings: Settings;
  readonly set: (part: Partial<Settings>) => void;
}

function WatchedFolder({ settings, set }: PartProps) {
  const [path, setPath] = useState(settings.watchedFolder ?? '');
  useEffect(() => setPath(settings.watchedFolder ?? ''), [settings.watchedFolder]);
  const commit = () => {
    const next = path.trim() === '' ? null : path.trim();
    if (next !== settings.watchedFolder) set({ watchedFolder: next });
  };
  return (
    <Row label={t('ui.settings.folder')} hint={t('ui.settings.folder.hint')} htmlFor="settings-folder">
      <span className="with-button">
        <input
          id="settings-folder"
          className="input"
          value={path}
          aria-describedby="settings-folder-hint"
          onChange={(event) => setPath(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
        {desktop ? (
          <Button
            onPress={() => {
              void desktop?.chooseFolder().then((folder) => folder !== null && set({ watchedFolder: folder }));
            }}
          >
            {t('ui.settings.folder.choose')}
          </Button>
        ) : null}
        {settings.watchedFolder === null ? null : (
          <Button onPress={() => set({ watchedFolder: null })}>{t('ui.settings.folder.stop')}</Button>
        )}
      </span>
    </Row>
  );
}

/** What a person may want to know about this station, said plainly. */
function StationFacts() {
  const status = useApp((s) => s.status);
  if (!status) return null;
  const facts: readonly [string, string | null][] = [
    [t('ui.facts.data'), status.dataFolder],
    [t('ui.facts.secrets'), status.secrets],
    [t('ui.facts.actor'), status.actor],
    [t('ui.facts.device'), status.device],
    [t('ui.facts.rules'), status.rules],
    [t('ui.facts.today'), status.today],
    [t('ui.facts.version'), status.version],
  ];
  return (
    <section className="facts" aria-labelledby="settings-facts">
      <h2 id="settings-facts">{t('ui.facts')}</h2>
      <dl>
        {facts
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
