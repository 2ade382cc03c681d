/** Shift+?: the keys, made from the actions themselves. */
import { ACTION_GROUPS, ACTIONS, isOffered } from '../actions.ts';
import { useStation } from '../station.ts';
import { t } from '../text.ts';
import { Keys } from './controls.tsx';
import { Dialog } from './dialog.tsx';

export function HelpSheet() {
  const station = useStation();
  const { app } = station;
  return (
    <Dialog title={t('ui.help.title')} size="large" onClose={() => app.close()}>
      <div className="help-groups">
        {ACTION_GROUPS.map((group) => {
          const actions = ACTIONS.filter((a) => a.group === group && a.keys.length > 0 && isOffered(a, station));
          // Nine keys for nine candidates are one line of help, four arrows for an area too.
          const shown = actions.filter(
            (a) => !/Candidate[2-9]$|candidate[2-9]$|^area\.(?:move|size)(?!Left)/.test(a.id),
          );
          return (
            <section key={group}>
              <h3>{t(`ui.group.${group}`)}</h3>
              <dl className="help-keys">
                {shown.map((a) => (
                  <div key={a.id}>
                    <dt>
                      <Keys chord={a.keys[0]!} />
                    </dt>
                    <dd>{t(a.label)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
        <section>
          <h3>{t('ui.help.mouse')}</h3>
          <dl className="help-keys help-mouse">
            {(['click', 'append', 'area', 'edge', 'goto', 'pan', 'zoom'] as const).map((what) => (
              <div key={what}>
                <dt>{t(`ui.help.mouse.${what}`)}</dt>
                <dd>{t(`ui.help.mouse.${what}.does`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
