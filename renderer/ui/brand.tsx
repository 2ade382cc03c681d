import { t } from '../text.ts';

export function Brand() {
  return (
    <span className="brand" aria-hidden="true">
      <svg width="20" height="20" viewBox="0 0 32 32">
        <rect width="32" height="32" rx="7" className="brand-tile" />
        <path d="M9 6.5h10.5L24 11v14.5H9z" className="brand-page" />
        <path d="M12 19.2l2.6 2.6 5.4-6" className="brand-check" />
      </svg>
      <b>{t('ui.app')}</b>
    </span>
  );
}
