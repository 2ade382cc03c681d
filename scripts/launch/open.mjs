import { spawn } from 'node:child_process';

export const hasDisplay = (env = process.env, platform = process.platform) =>
  platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);

/** Opens the address in the user's browser; a machine without one gets the reason, never an error. */
export function openBrowser(url, say) {
  if (!hasDisplay()) return say('No display: open the address above in a browser on this machine.');
  const [command, args] =
    process.platform === 'win32'
      ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', [url]];
  const child = spawn(command, args, { stdio: 'ignore', detached: true, windowsHide: true });
  const tell = () => say('No browser could be opened: open the address above yourself.');
  child.on('error', tell);
  child.on('exit', (code) => code !== 0 && tell());
  child.unref();
  return undefined;
}
