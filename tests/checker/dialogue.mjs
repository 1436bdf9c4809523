// A feature phone that speaks the Africa's Talking USSD format: the whole history joined with "*",
// answers that begin with "CON " or "END ".
import { Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { randomBytes } from 'node:crypto';

/** The gateway takes this many inputs in one dialogue; two are kept to leave it. */
export const inputsMax = 60;

export class Gateway {
  constructor(baseUrl, channel, serviceCode, sockets) {
    this.url = new URL(`/channels/${channel}/ussd`, baseUrl);
    this.request = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    this.agent = this.url.protocol === 'https:' ? undefined
      : new Agent({ keepAlive: true, maxSockets: sockets });
    this.serviceCode = serviceCode;
    this.screens = 0;
  }

  post(form) {
    const body = new URLSearchParams(form).toString();
    this.screens++;
    return new Promise((resolve, reject) => {
      const call = this.request(this.url, {
        method: 'POST', agent: this.agent, timeout: 30_000,
        headers: { 'content-type': 'application/x-www-form-urlencoded',
                   'content-length': Buffer.byteLength(body) },
      }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode,
                                         body: Buffer.concat(chunks).toString('utf8') }));
      });
      call.on('error', reject);
      call.on('timeout', () => call.destroy(new Error('no answer in 30 s')));
      call.end(body);
    });
  }

  close() {
    this.agent?.destroy();
  }
}

export class Dialogue {
  constructor(gateway, msisdn) {
    this.gateway = gateway;
    this.msisdn = msisdn;
    this.sessionId = `ATUid_${randomBytes(16).toString('hex')}`;
    this.inputs = [];
    this.ended = false;
  }

  room() {
    return inputsMax - this.inputs.length;
  }

  dial() {
    return this.turn();
  }

  press(input) {
    this.inputs.push(input);
    return this.turn();
  }

  /** The next screen's text. Throws when the answer is none. */
  async turn() {
    if (this.ended) throw new Error('the dialogue had ended');
    const { status, body } = await this.gateway.post({
      sessionId: this.sessionId,
      phoneNumber: `+${this.msisdn}`,
      networkCode: '47001',
      serviceCode: this.gateway.serviceCode,
      text: this.inputs.join('*'),
    });
    const match = /^(CON|END) ([\s\S]*)$/.exec(body);
    if (status !== 200 || !match) throw new Error(`HTTP ${status}: ${body.slice(0, 100)}`);
    this.ended = match[1] === 'END';
    return match[2];
  }
}
