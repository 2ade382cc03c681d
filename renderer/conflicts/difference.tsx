import { differenceOf } from '../../core/text/difference.ts';

/** A value with what is different in it set off: by colour, weight and underline, so not by colour alone. */
export function Difference({ text, other }: { readonly text: string; readonly other: string | undefined }) {
  if (other === undefined || other === text) return <>{text}</>;
  return (
    <>
      {differenceOf(text, other).map((part, i) =>
        // Parts have no identity but their place.
        // oxlint-disable-next-line react/no-array-index-key
        part.differs ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
      )}
    </>
  );
}
