import { OCR_LANGUAGES, type OcrLanguage, type Settings } from '../../core/contract/settings.ts';
import { LANGUAGE_NAMES } from '../language-names.ts';
import { t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { Row } from './controls.tsx';

interface Props {
  readonly settings: Settings;
  readonly set: (part: Partial<Settings>) => void;
}

/** Ticked languages stand first, in the order they are tried in; one can be moved up. At least one stays ticked. */
export function OcrLanguages({ settings, set }: Props) {
  const chosen = OCR_LANGUAGES.filter((code) => settings.ocrLanguages.includes(code)).toSorted(
    (a, b) => settings.ocrLanguages.indexOf(a) - settings.ocrLanguages.indexOf(b),
  );
  const others = OCR_LANGUAGES.filter((code) => !chosen.includes(code));
  const choose = (ocrLanguages: OcrLanguage[]) => set({ ocrLanguages });
  return (
    <Row
      label={t('ui.settings.ocr')}
      hint={t(settings.ocrAutomatic ? 'ui.settings.ocr.auto.hint' : 'ui.settings.ocr.hint')}
      group
    >
      <label className="tick">
        <input
          type="checkbox"
          checked={settings.ocrAutomatic}
          onChange={() => set({ ocrAutomatic: !settings.ocrAutomatic })}
        />
        {t('ui.settings.ocr.auto')}
      </label>
      <ol className="languages">
        {[...chosen, ...others].map((code) => {
          const at = chosen.indexOf(code);
          return (
            <li key={code}>
              <label>
                <input
                  type="checkbox"
                  checked={at >= 0}
                  disabled={chosen.length === 1 && at === 0}
                  onChange={() => choose(at < 0 ? [...chosen, code] : chosen.filter((one) => one !== code))}
                />
                <span lang={LANGUAGE_NAMES[code].tag}>{LANGUAGE_NAMES[code].name}</span>
              </label>
              {at > 0 ? (
                <Button
                  look="quiet"
                  className="button-icon"
                  aria-label={t('ui.settings.ocr.earlier', { language: LANGUAGE_NAMES[code].name })}
                  onPress={() => choose(chosen.toSpliced(at - 1, 2, code, chosen[at - 1] ?? code))}
                >
                  <Icon name="up" size={12} />
                </Button>
              ) : null}
            </li>
          );
        })}
      </ol>
    </Row>
  );
}
