/** Line icons on a 16 grid, drawn with the text's colour. Decorative: the words stand beside them or in the label of the button. */
const PATHS = {
  check: 'M3 8.5l3.2 3.2L13 5',
  cross: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14',
  upload: 'M8 10.5V2.5M4.8 5.5L8 2.3l3.2 3.2M2.5 10.5v3h11v-3',
  download: 'M8 2.5v8M4.8 7.5L8 10.7l3.2-3.2M2.5 10.5v3h11v-3',
  left: 'M10 3L5 8l5 5',
  right: 'M6 3l5 5-5 5',
  up: 'M3 10l5-5 5 5',
  down: 'M3 6l5 5 5-5',
  undo: 'M3 6h6.5a3.5 3.5 0 0 1 0 7H6M3 6l3-3M3 6l3 3',
  redo: 'M13 6H6.5a3.5 3.5 0 0 0 0 7H10M13 6l-3-3M13 6l-3 3',
  history: 'M8 4.5V8l2.4 1.6M2.6 6.2A5.7 5.7 0 1 1 2.3 8M2.3 3.4l.3 2.9 2.9-.3',
  command:
    'M5.5 5.5v5h5v-5zM5.5 5.5H4a1.8 1.8 0 1 1 1.5-1.8zM10.5 5.5V4A1.8 1.8 0 1 1 12 5.5zM5.5 10.5V12A1.8 1.8 0 1 1 4 10.5zM10.5 10.5H12a1.8 1.8 0 1 1-1.5 1.8z',
  help: 'M6 6a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6v.2M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13z',
  settings: 'M2.5 4.5h6M12.5 4.5h1M2.5 11.5h1M7.5 11.5h6M10.5 6.2V2.8M5.5 13.2V9.8',
  fitWidth: 'M2 3v10M14 3v10M4.5 8h7M6 6.2L4.2 8 6 9.8M10 6.2L11.8 8 10 9.8',
  fitPage: 'M4 2h8v12H4zM8 4.5v7M6.6 6L8 4.5 9.4 6M6.6 10L8 11.5 9.4 10',
  rotate: 'M12.8 8A4.8 4.8 0 1 1 8 3.2h3M9 1l2.2 2.2L9 5.4',
  area: 'M3 5.5V3h2.5M10.5 3H13v2.5M13 10.5V13h-2.5M5.5 13H3v-2.5M5.5 8h5',
  boxes: 'M2.5 3h6v3.5h-6zM7 9.5h6.5V13H7z',
  pages: 'M5 2.5h7v9H5zM3.5 5v8.5h7',
  context: 'M7 11A4 4 0 1 0 7 3a4 4 0 0 0 0 8zM10 10l3.5 3.5M7 5.2v3.6M5.2 7h3.6',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  file: 'M4 1.8h5.5L12.5 5v9.2H4zM9.5 1.8V5h3',
  export: 'M6 3H3v10.5h10V10M9 2.5h4.5V7M13.2 2.8L7.5 8.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  trash: 'M2.8 4.5h10.4M6.2 4.5V2.8h3.6v1.7M4.2 4.5l.6 9h6.4l.6-9',
  inbox: 'M2.5 9.5L4.2 3h7.6l1.7 6.5v4h-11zM2.5 9.5h3.2l.8 1.6h3l.8-1.6h3.2',
  info: 'M8 7.2v4M8 4.8v.2M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13z',
  again: 'M13 8a5 5 0 1 1-1.6-3.7M13.2 2v2.8h-2.8',
  person: 'M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 14c.4-2.7 2.4-4.2 5.2-4.2s4.8 1.5 5.2 4.2',
  away: 'M3 5.5h10v8H3zM6 5.5V3h4v2.5M3 9h10',
  offline:
    'M2 2l12 12M4.2 7.2A6 6 0 0 1 6.5 6M9.9 6.1c.7.3 1.4.7 1.9 1.2M6.2 9.6a3 3 0 0 1 3.6 0M8 12.3v.1M2 5.2a9 9 0 0 1 1.6-1.1M7 3.2a9 9 0 0 1 7 2',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Severity and certainty by shape as well as by colour. */
export function Mark({
  kind,
}: {
  readonly kind: 'error' | 'warning' | 'info' | 'human' | 'proved' | 'sure' | 'likely' | 'doubtful' | 'empty';
}) {
  return (
    <svg
      className={`mark mark-${kind}`}
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden="true"
      focusable="false"
    >
      {MARKS[kind]}
    </svg>
  );
}

const MARKS = {
  error: (
    <>
      <path className="mark-fill" d="M3.7.5h4.6l3.2 3.2v4.6l-3.2 3.2H3.7L.5 8.3V3.7z" />
      <path className="mark-on" d="M4 4l4 4M8 4l-4 4" />
    </>
  ),
  warning: (
    <>
      <path className="mark-fill" d="M6 .8l5.6 10.4H.4z" />
      <path className="mark-on" d="M6 4.4v3M6 9.2v.2" />
    </>
  ),
  info: (
    <>
      <circle className="mark-fill" cx="6" cy="6" r="5.4" />
      <path className="mark-on" d="M6 5.4v3.2M6 3.2v.2" />
    </>
  ),
  human: (
    <>
      <circle className="mark-line" cx="6" cy="3.6" r="2.1" />
      <path className="mark-line" d="M1.8 11c.3-2.6 2-4 4.2-4s3.9 1.4 4.2 4" />
    </>
  ),
  proved: (
    <>
      <circle className="mark-fill" cx="6" cy="6" r="5.4" />
      <path className="mark-on" d="M3.4 6.2l1.9 1.9 3.4-3.9" />
    </>
  ),
  sure: <circle className="mark-fill" cx="6" cy="6" r="3.6" />,
  likely: (
    <>
      <circle className="mark-line" cx="6" cy="6" r="3.6" />
      <path className="mark-fill" d="M6 2.4a3.6 3.6 0 0 1 0 7.2z" />
    </>
  ),
  doubtful: <path className="mark-line" d="M6 1.2L10.8 6 6 10.8 1.2 6z" />,
  empty: <path className="mark-line" d="M2.5 6h7" />,
} as const;
