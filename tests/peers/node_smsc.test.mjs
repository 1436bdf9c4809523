// Text messages through the npm package smpp as a message centre: another reading of SMPP 3.4.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import smpp from 'smpp';
import { Gateway, eventually } from './gateway.mjs';

const taken = [];
let server;
let gateway;
let next = 0x1000;

const hex = (n) => n.toString(16).toUpperCase().padStart(8, '0');

/** The receipt names the message in decimal, the parameter in hexadecimal. */
function tell(session, pdu, id) {
  session.deliver_sm({
    esm_class: 4, source_addr: pdu.destination_addr, source_addr_ton: 1, source_addr_npi: 1,
    destination_addr: pdu.source_addr, data_coding: 0, message_state: 2, receipted_message_id: hex(id),
    short_message: Buffer.from(`id:${id} sub:001 dlvrd:001 submit date:2611271200 `
      + 'done date:2611271200 stat:DELIVRD err:000 text:'),
  });
}

before(async () => {
  server = smpp.createServer((session) => {
    session.on('error', () => session.destroy());
    session.on('bind_transceiver', (pdu) => session.send(pdu.response(pdu.password === 'pw'
      ? { system_id: 'CENTRE', sc_interface_version: 0x34 }
      : { command_status: smpp.ESME_RINVPASWD })));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => session.send(pdu.response(), () => session.close()));
    session.on('submit_sm', (pdu) => {
      taken.push(pdu);
      const id = next++;
      const early = pdu.destination_addr.endsWith('99');
      if (early) tell(session, pdu, id);
      session.send(pdu.response({ message_id: hex(id) }));
      if (!early) tell(session, pdu, id);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = await Gateway.start(`
[[channels]]
name = "smpp-kmss"
adapter = "smpp"
organisation = "kmss"
host = "127.0.0.1"
port = ${server.address().port}
system_id = "uthan"
password = "pw"
sender = "KMSS"
tps = 1000
`);
});

after(async () => {
  const code = await gateway.stop();
  server.close();
  assert.equal(code, 0);
});

const partsTo = (number) => taken.filter((pdu) => pdu.destination_addr === number);
const textOf = (parts) => parts.map((pdu) => pdu.short_message.message).join('');

test('a text in GSM-7 with its extension is read as it was written', async () => {
  const text = 'KMSS: Tk 550 {due} on 30-11, [Kendra] @ 9~10 am. €1';
  const id = await gateway.send('01799000001', text, 'a1');
  await gateway.message(id, 'delivered');
  const [part] = partsTo('8801799000001');
  assert.equal(part.source_addr, 'KMSS');
  assert.equal(part.source_addr_ton, 5);
  assert.equal(part.registered_delivery, 1);
  assert.equal(part.short_message.message, text);
});

test('a Bangla text in two parts is read letter by letter', async () => {
  const text = 'KMSS: \u0986\u09aa\u09a8\u09be\u09b0 \u0995\u09bf\u09b8\u09cd\u09a4\u09bf '
    + '\u09f3\u09eb\u09eb\u09e6 \u0986\u0997\u09be\u09ae\u09c0\u0995\u09be\u09b2\u0964 '
    + '\u0995\u09cd\u09b7\u09c1\u09a6\u09cd\u09b0 \u098b\u09a3, \u09b0\u200d\u09cd\u09af\u09be\u09ac '
    + '\u09b8\u09dc\u0995 \u09b6\u09be\u0996\u09be, \u099c\u09cd\u09af\u09c8\u09b7\u09cd\u09a0 '
    + '\u09ae\u09be\u09b8\u0964';
  const id = await gateway.send('01799000002', text, 'a2');
  const message = await gateway.message(id, 'delivered');
  const parts = partsTo('8801799000002');
  assert.equal(message.segments, parts.length);
  assert.ok(parts.length > 1);
  assert.equal(textOf(parts), text);
  assert.deepEqual(parts.map((pdu) => pdu.short_message.udh[0][4]), parts.map((_, i) => i + 1));
});

test('a receipt that comes before the answer counts', async () => {
  const id = await gateway.send('01799000099', 'KMSS: early', 'a3');
  const message = await gateway.message(id, 'delivered');
  assert.match(message.why, /^Delivered to the phone/);
});

test('many at once arrive once each', async () => {
  const numbers = Array.from({ length: 300 }, (_, i) => `0179901${String(i).padStart(4, '0')}`);
  for (let i = 0; i < numbers.length; i += 50) {
    await Promise.all(numbers.slice(i, i + 50).map((to, j) => gateway.send(to, 'KMSS: all', `many-${i + j}`)));
  }
  await eventually(() => taken.filter((pdu) => pdu.destination_addr.startsWith('880179901')).length >= 300);
  for (const to of numbers) assert.equal(partsTo(`88${to}`).length, 1);
});
