import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { SetupError } from './step.mjs';

/**
 * Runs a command to its end and gives its exit code. `collect` keeps the output instead of showing it, for a message if it fails.
 * @returns {Promise<{code: number, output: string}>}
 */
export function exec(command, args, { cwd, env, collect = false, timeoutMs, shell = false, stdio } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      shell,
      windowsHide: true,
      stdio: stdio ?? (collect ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit']),
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const timer = timeoutMs ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : undefined;
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new SetupError(`Could not run ${command}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? (signal ? 128 : 1), output });
    });
  });
}

/** npm, as the one that started us (npm sets npm_execpath) or the one on PATH. */
export function npm(args, options = {}) {
  // npm hands its own settings to scripts as npm_config_*; a nested npm must read the files again, not a flag of the outer call.
  const env = { ...process.env, ...options.env };
  for (const key of Object.keys(env)) {
    if (/^npm_config_(ignore_scripts|omit|include|only|production|offline|prefix|global|silent|loglevel)$/i.test(key))
      delete env[key];
  }
  // A machine set to production would leave out the build tools.
  delete env.NODE_ENV;
  const path = process.env.npm_execpath;
  // The Node that runs us may lie in the node_modules that npm has just laid anew.
  if (path && /npm-cli\.c?js$/.test(path) && existsSync(process.execPath))
    return exec(process.execPath, [path, ...args], { ...options, env });
  const windows = process.platform === 'win32';
  return exec(windows ? 'npm.cmd' : 'npm', args, { ...options, env, shell: windows });
}
