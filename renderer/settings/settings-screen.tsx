import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Settings } from '../../core/contract/settings.ts';
import { desktop } from '../inbox/choose-files.ts';
import { habitsOf, typedValue } from '../../core/invoice/typed-value.ts';
import { atSite } from '../access.ts';
import { problemText } from '../problem.ts';
import type { Look } from '../session/look.ts';
import { useApp, useMay, useStation } from '../station.ts';
import { currentLanguage, number, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { Choice, Row, TextRow } from './controls.tsx';
import { OcrLanguages } from './ocr-languages.tsx';
import { SiteLinkSection } from './site-link.tsx';

export function SettingsScreen() {
  const settings = useApp((s) => s.settings);
  const station = useApp((s) => s.status?.place === 'station');
  return (
    <div className="page-column">
      <header className="page-head">
        <h1>{t('ui.nav.settings')}</h1>
      </header>
      {settings ? <SettingsForm settings={settings} /> : <div className="skeleton skeleton-block" aria-busy="true" />}
      {station ? <SiteLinkSection /> : null}
      <StationFacts />
    </div>
  );
}

function SettingsForm({ settings }: { readonly settings: Settings }) {
  const { app } = useStation();
  const site = useApp(atSite);
  const mayChange = useMay('settings.change');
  const [failed, setFailed] = useState<string | null>(null);
  /** Every change shows and is sent at once; a refused one is said, and the old value comes back. */
  const change = async (part: Partial<Settings>) => {
    try {
      setFailed(null);
      await app.changeSettings(part);
      app.announce(t('ui.settings.saved'));
    } catch (error) {
      setFailed(problemText(error));
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
      {site ? <OwnLook /> : <LookSection look={settings} set={set} zone={<TimeZone settings={settings} set={set} />} />}
      {mayChange ? null : (
        <p className="form-note settings-note" role="note">
          <Mark kind="info" /> {t('ui.settings.locked')}
        </p>
      )}
      <fieldset className="settings-locked" disabled={!mayChange}>
        {site ? (
          <section aria-labelledby="settings-site">
            <h2 id="settings-site">{t('ui.settings.site')}</h2>
            <TimeZone settings={settings} set={set} />
          </section>
        ) : null}
        <section aria-labelledby="settings-reading">
          <h2 id="settings-reading">{t('ui.settings.reading')}</h2>
          <OcrLanguages settings={settings} set={set} />
          {site ? null : <WatchedFolder settings={settings} set={set} />}
        </section>
        <Rules settings={settings} set={set} refuse={setFailed} />
        <Csv settings={settings} set={set} />
      </fieldset>
    </div>
  );
}

interface LookProps {
  readonly look: Pick<Settings, 'language' | 'theme'>;
  readonly set: (part: Look) => void;
  readonly zone?: ReactNode;
  readonly hint?: string;
}

function LookSection({ look, set, zone, hint }: LookProps) {
  return (
    <section aria-labelledby="settings-look">
      <h2 id="settings-look">{t('ui.settings.look')}</h2>
      <Choice
        label={t('ui.settings.language')}
        value={look.language}
        options={[
          ['en', 'English'],
          ['de', 'Deutsch'],
        ]}
        onChange={(language) => set({ language })}
      />
      <Choice
        label={t('ui.settings.theme')}
        value={look.theme}
        options={[
          ['system', t('ui.settings.theme.system')],
          ['light', t('ui.settings.theme.light')],
          ['dark', t('ui.settings.theme.dark')],
        ]}
        onChange={(theme) => set({ theme })}
      />
      {zone}
      {hint === undefined ? null : <p className="muted settings-foot">{hint}</p>}
    </section>
  );
}

/** At a site the settings are everybody's; language and colours are one's own. */
function OwnLook() {
  const { app } = useStation();
  const own = useApp((s) => s.look);
  const look = { language: own.language ?? currentLanguage(), theme: own.theme ?? ('system' as const) };
  return (
    <LookSection
      look={look}
      set={(part) => app.setState({ look: { ...own, ...part } })}
      hint={t('ui.settings.look.hint')}
    />
  );
}

function TimeZone({ settings, set }: PartProps) {
  return (
    <TextRow
      label={t('ui.settings.timeZone')}
      hint={t('ui.settings.timeZone.hint')}
      value={settings.timeZone}
      list={Intl.supportedValuesOf('timeZone')}
      onCommit={(timeZone) => set({ timeZone })}
    />
  );
}

function Rules({ settings, set, refuse }: PartProps & { readonly refuse: (why: string) => void }) {
  return (
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
          else refuse(t('ui.invalid.number', { text }));
        }}
      />
    </section>
  );
}

function Csv({ settings, set }: PartProps) {
  return (
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

/** What a person may want to know about this station or site, said plainly. */
function StationFacts() {
  const status = useApp((s) => s.status);
  const me = useApp((s) => s.me);
  if (!status) return null;
  const { dataFolder } = status;
  const place: readonly (readonly [string, string | null])[] =
    me === null
      ? [
          [t('ui.facts.data'), dataFolder],
          [t('ui.facts.actor'), status.actor],
          [t('ui.facts.device'), status.device],
        ]
      : [
          [t('ui.facts.place'), me.site],
          [t('ui.facts.actor'), `${me.name} (${me.login})`],
          [t('ui.facts.role'), t(`ui.role.${me.role}`)],
        ];
  const facts = [
    ...place,
    [t('ui.facts.rules'), status.rules],
    [t('ui.facts.today'), status.today],
    [t('ui.facts.version'), status.version],
  ] as const;
  return (
    <section className="facts" aria-labelledby="settings-facts">
      <h2 id="settings-facts">{t('ui.facts')}</h2>
      <dl>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
