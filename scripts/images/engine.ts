/**
 * A Docker engine of one's own: its own data, sockets and process group, away when it is closed.
 *
 * [Note: Two engines, one data folder] A build needs the machine's network (npm, Debian), a running site needs networks of its own, and neither may change the
 * machine's. So images are built by an engine without bridge and without a firewall, whose builds use the machine's network; then it ends, and a second one on
 * the same data runs inside a network namespace, where it may make bridges and rules as it likes. The namespace has no name and ends with its last process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, type Shell } from './shell.ts';

export interface Engine {
  /** The environment that the docker command finds this engine by. */
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  docker(args: readonly string[], options?: Parameters<Shell['run']>[2]): ReturnType<Shell['run']>;
  stop(): Promise<void>;
}

const BUILDING = ['--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'];
const START_MS = 30_000;
const STOP_MS = 40_000;

export const DOCKER = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

export async function startEngine(
  shell: Shell,
  work: string,
  kind: 'building' | 'running',
  config: string,
): Promise<Engine> {
  const socket = join(work, 'docker.sock');
  const logFile = join(work, `dockerd-${kind}.log`);
  mkdirSync(join(work, 'exec'), { recursive: true });
  writeFileSync(join(work, 'daemon.json'), '{}\n');
  const places = [
    '--data-root',
    join(work, 'data'),
    '--exec-root',
    join(work, 'exec'),
    '--pidfile',
    join(work, 'docker.pid'),
  ];
  const rest = [
    '--config-file',
    join(work, 'daemon.json'),
    '--cgroup-parent',
    `/${basename(work)}`,
    '-H',
    `unix://${socket}`,
  ];
  const engine = ['dockerd', ...places, ...rest, ...(kind === 'building' ? BUILDING : [])];
  // The kernel ends it with us, however we end; a session of its own, so that Ctrl+C reaches us and not it.
  const kept = ['--pdeathsig', 'TERM', ...engine];
  const inside = `ip link set lo up; exec setpriv "$@"`;
  const log = openSync(logFile, 'a');
  const child =
    kind === 'building'
      ? spawn('setpriv', kept, { detached: true, stdio: ['ignore', log, log] })
      : spawn('unshare', ['--net', 'sh', '-c', inside, 'sh', ...kept], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: config, DOCKER_BUILDKIT: '1' };
  const docker: Engine['docker'] = (args, options = {}) =>
    shell.run(DOCKER, args, { ...options, env: { ...env, ...options.env } });
  const stop = () => stopEngine(child, ended);
  const from = Date.now();
  for (;;) {
    const answer = await docker(['version', '--format', '{{.Server.Version}}'], {
      anyCode: true,
      timeoutMs: 5_000,
    }).catch(() => undefined);
    if (answer?.code === 0) break;
    if (child.exitCode !== null || child.signalCode !== null || Date.now() - from > START_MS) {
      await stop();
      throw new CommandError(`dockerd does not run here:\n${readFileSync(logFile, 'utf8').slice(-3_000)}`);
    }
    await sleep(100);
  }
  return { env, pid: child.pid!, docker, stop };
}

async function stopEngine(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
  child.kill('SIGKILL');
  await ended;
}

/** Whatever the engine left: processes and mounts that belong to its folder, its control groups, the folder. */
export async function sweep(shell: Shell, work: string, { keep }: { keep: boolean }): Promise<void> {
  for (const pid of [...processesOf(work), ...processesIn(join('/sys/fs/cgroup/pids', basename(work)))]) kill(pid);
  await sleep(200);
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${work}/`))
    .toReversed();
  for (const place of mounts) await shell.run('umount', ['--lazy', place], { anyCode: true, always: true });
  for (const controller of readdirSync('/sys/fs/cgroup')) {
    removeGroups(join('/sys/fs/cgroup', controller, basename(work)));
    removeGroups(join('/sys/fs/cgroup', controller, 'docker'));
  }
  removeGroups(join('/sys/fs/cgroup', basename(work)));
  if (!keep) await rm(work, { recursive: true, force: true, maxRetries: 3 });
}

/** Ours alone: no other process has this folder's name in its command line or its program. */
function processesOf(work: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const program = basename(readlinkSync(`/proc/${pid}/exe`));
        return line.includes(`${work}/`) && /^(?:dockerd|containerd.*|docker-proxy|runc)$/.test(program);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** What containers still run, where their engine died before them. */
function processesIn(group: string): number[] {
  if (!existsSync(group)) return [];
  const own = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own, ...below.flatMap((entry) => processesIn(join(group, entry.name)))];
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Empty groups only: the kernel refuses the others. */
function removeGroups(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) removeGroups(join(folder, entry.name));
    rmdirSync(folder);
  } catch {
    // Not there, or somebody's.
  }
}
