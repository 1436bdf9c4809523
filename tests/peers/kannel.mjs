// Kannel's bearerbox and smsbox (Debian's package kannel) as an ESME, in a directory of its own.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from './gateway.mjs';

export class Kannel {
  /** Bound to the message centre at this port under this system_id. */
  static async start(smscPort, systemId) {
    const made = new Kannel();
    made.directory = mkdtempSync(join(tmpdir(), 'uthan-kannel-'));
    mkdirSync(join(made.directory, 'spool'));
    const [admin, boxes] = [await freePort(), await freePort()];
    made.http = await freePort();
    const config = join(made.directory, 'kannel.conf');
    writeFileSync(config, `
group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = bench
smsbox-port = ${boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
store-type = spool
store-location = "${made.directory}/spool"
log-level = 4

group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = ${smscPort}
transceiver-mode = true
smsc-username = ${systemId}
smsc-password = pw
system-type = ""
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${made.http}
sendsms-interface = 127.0.0.1
log-level = 4

group = sendsms-user
username = test
password = test
max-messages = 10
concatenation = true

group = sms-service
keyword = default
max-messages = 0
text = ""
`);
    made.processes = [];
    made.run('/usr/sbin/bearerbox', config);
    await eventually(() => fetch(`http://127.0.0.1:${admin}/status.txt?password=bench`)
      .then(async (answer) => / \(online /.test(await answer.text()), () => false));
    made.run('/usr/sbin/smsbox', config);
    await eventually(() => fetch(`http://127.0.0.1:${made.http}/`).then(() => true, () => false));
    return made;
  }

  run(program, config) {
    const started = spawn(program, ['-v', '4', config], { cwd: this.directory, stdio: 'ignore' });
    this.processes.push({ started, ended: new Promise((resolve) => started.once('exit', resolve)) });
  }

  /** `coding`: 0 for 7-bit, 2 for UCS-2; Kannel does not choose by itself. */
  async send(to, text, coding) {
    const query = new URLSearchParams({
      username: 'test', password: 'test', from: 'KMSS', to, text, coding, charset: 'UTF-8',
    });
    const answer = await fetch(`http://127.0.0.1:${this.http}/cgi-bin/sendsms?${query}`);
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
  }

  /** smsbox first; whoever does not listen is killed. */
  async stop() {
    for (const { started, ended } of this.processes.reverse()) {
      started.kill('SIGTERM');
      const impatience = setTimeout(() => started.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(impatience);
    }
    rmSync(this.directory, { recursive: true });
  }
}
