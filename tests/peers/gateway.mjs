// `uthan serve` in a directory of its own, on ports that the kernel chose.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import net from 'node:net';

const root = new URL('../..', import.meta.url).pathname;
const uthan = process.env.UTHAN_BINARY ?? join(root, 'build/dev/uthan');

export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks again and again until `holds` says something; at most half a minute. */
export async function eventually(holds) {
  const until = Date.now() + 30_000;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > until) throw new Error(`never: ${holds}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export class Gateway {
  /** `channel`: a [[channels]] table of kmss. */
  static async start(channel) {
    const made = new Gateway();
    made.directory = mkdtempSync(join(tmpdir(), 'uthan-peers-'));
    made.config = join(made.directory, 'uthan.toml');
    [made.staff, made.admin] = [await freePort(), await freePort()];
    writeFileSync(made.config, `
[public]
listen = "127.0.0.1:0"
[staff]
listen = "127.0.0.1:${made.staff}"
[admin]
listen = "127.0.0.1:${made.admin}"
[database]
ledger = "sqlite:${made.directory}/ledger/"
gateway = "sqlite:${made.directory}/gateway.db"
[sessions]
store = "memory"
[secrets]
pin_key_file = "${made.directory}/pin.key"
[content]
organisations = "${made.directory}/organisations"
menus = "${root}/config/menus"
texts = "${root}/config/texts"
[[organisations]]
code = "kmss"
${channel}`);
    cpSync(join(root, 'config/organisations'), join(made.directory, 'organisations'), { recursive: true });
    const run = (...args) => execFileSync(uthan, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    run('demo-data', '--organisation', 'kmss', '--members', '20', '--seed', '1', '--as-of',
      '2026-11-21', '--out', join(made.directory, 'import'));
    run('import', '--config', made.config, '--organisation', 'kmss', join(made.directory, 'import'));
    made.key = String(run('staff', 'add', '--config', made.config, '--organisation', 'kmss',
      '--login', 'core', '--role', 'machine', '--office', 'HO')).trim();
    made.process = spawn(uthan, ['serve', '--config', made.config], { cwd: root, stdio: 'ignore' });
    made.ended = new Promise((resolve) => made.process.once('exit', resolve));
    await eventually(() => fetch(`http://127.0.0.1:${made.admin}/readyz`).then((r) => r.ok, () => false));
    return made;
  }

  async api(method, path, body) {
    const answer = await fetch(`http://127.0.0.1:${this.staff}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    return { status: answer.status, ...(await answer.json()) };
  }

  /** Its id. */
  async send(to, text, key) {
    const answer = await this.api('POST', '/messages', { to, text, class: 'answer', idempotency_key: key });
    if (answer.status !== 202) throw new Error(JSON.stringify(answer));
    return answer.id;
  }

  /** The message, once it is in this state. */
  async message(id, state) {
    return eventually(async () => {
      const now = await this.api('GET', `/messages/${id}`);
      return now.state === state && now;
    });
  }

  async stop() {
    this.process.kill('SIGTERM');
    const code = await this.ended;
    rmSync(this.directory, { recursive: true });
    return code;
  }
}
