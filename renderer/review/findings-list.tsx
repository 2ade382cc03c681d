import { useState } from 'react';
import type { Finding, Invoice } from '../../core/contract/invoice.ts';
import { useStation } from '../station.ts';
import { findingWords, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { keyOf } from './cells.ts';
import { isAccepted, isDoubt } from './progress.ts';

const FEW = 4;
const ORDER = { error: 0, warning: 1, info: 2 } as const;

/** What the rules found, the worst first; each a sentence with its numbers and what would clear it. */
export function FindingsList({ invoice }: { readonly invoice: Invoice }) {
  const [all, setAll] = useState(false);
  // A doubt about one value stands at its field; the list is for what concerns the whole.
  const findings = invoice.findings
    .filter((f) => !isDoubt(f))
    .toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  if (findings.length === 0) return null;
  const shown = all ? findings : findings.slice(0, findings.length === FEW + 1 ? FEW + 1 : FEW);
  return (
    <section className="findings" aria-label={t('ui.findings')}>
      <ul>
        {shown.map((finding, i) => (
          <li key={`${finding.code} ${finding.variant} ${i}`}>
            <FindingRow finding={finding} accepted={isAccepted(finding, invoice)} />
          </li>
        ))}
      </ul>
      {findings.length > shown.length || all ? (
        <Button look="quiet" onPress={() => setAll(!all)}>
          {all ? t('ui.findings.fewer') : t('ui.findings.more', { n: findings.length - shown.length })}
        </Button>
      ) : null}
    </section>
  );
}

function FindingRow({ finding, accepted }: { readonly finding: Finding; readonly accepted: boolean }) {
  const { review } = useStation();
  const { sentence, clear } = findingWords(finding);
  const first = finding.cells[0];
  const content = (
    <>
      <Mark kind={accepted ? 'human' : finding.severity} />
      <span className="visually-hidden">{t(`severity.${finding.severity}`)}: </span>
      <span>
        {sentence} <span className="finding-clear">{accepted ? t('ui.findings.accepted') : clear}</span>
      </span>
    </>
  );
  return first ? (
    <button
      type="button"
      className={`finding finding-${finding.severity}`}
      onClick={() => review.requestFocus(keyOf(first))}
    >
      {content}
    </button>
  ) : (
    <div className={`finding finding-${finding.severity}`}>{content}</div>
  );
}
