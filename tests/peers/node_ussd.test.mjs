// A dialogue that the npm package smpp dials as a USSD gateway: another reading of SMPP 3.4.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import smpp from 'smpp';
import { Gateway, eventually } from './gateway.mjs';

const phone = '8801810000001';
const screens = [];
let server;
let gateway;
let session;

before(async () => {
  server = smpp.createServer((made) => {
    made.on('error', () => made.destroy());
    made.on('bind_transceiver', (pdu) => {
      made.send(pdu.response({ system_id: 'USSDGW', sc_interface_version: 0x34 }));
      session = made;
    });
    made.on('enquire_link', (pdu) => made.send(pdu.response()));
    made.on('unbind', (pdu) => made.send(pdu.response(), () => made.close()));
    made.on('submit_sm', (pdu) => {
      screens.push(pdu);
      made.send(pdu.response({ message_id: String(screens.length) }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = await Gateway.start(`
[[channels]]
name = "ussd-kmss"
adapter = "smpp"
organisation = "kmss"
service_codes = ["*384*2#"]
host = "127.0.0.1"
port = ${server.address().port}
system_id = "uthan"
password = "pw"
[channels.ussd]
`);
  await eventually(() => session);
});

after(async () => {
  const code = await gateway.stop();
  server.close();
  assert.equal(code, 0);
});

/** The screen that this turn is shown. */
async function turn(text, number, op = 18) {
  const shown = screens.length;
  const answer = await new Promise((resolve) => session.deliver_sm({
    service_type: 'USSD', source_addr: phone, source_addr_ton: 1, source_addr_npi: 1,
    destination_addr: '384', data_coding: 0, short_message: Buffer.from(text),
    ussd_service_op: op, its_session_info: Buffer.from([number, 0]),
  }, resolve));
  assert.equal(answer.command_status, 0);
  await eventually(() => screens.length > shown);
  assert.equal(screens.length, shown + 1);
  return screens.at(-1);
}

const textOf = (pdu) => pdu.short_message.message;

test('a member dials, chooses a PIN and asks for her instalment', async () => {
  let screen = await turn('*384*2#', 1, 1);
  assert.equal(screen.service_type, 'USSD');
  assert.equal(screen.destination_addr, phone);
  assert.equal(screen.source_addr, '384');
  assert.equal(screen.ussd_service_op, 2);
  assert.deepEqual(screen.its_session_info, Buffer.from([1, 0]));
  assert.equal(screen.data_coding, 8);
  for (const key of ['4821', '4821', '0']) screen = await turn(key, 1);
  const menu = textOf(await turn('1', 1));
  assert.match(menu, /1 \u0995\u09bf\u09b8\u09cd\u09a4\u09bf/);

  assert.equal(textOf(await turn('*384*2#', 2, 1)), menu);
  await turn('1', 2);
  assert.match(textOf(await turn('4821', 2)), /[\u09e6-\u09ef]+\/[\u09e6-\u09ef]+/);
  assert.equal(textOf(await turn('0', 2)), menu);
  screen = await turn('0', 2);
  assert.equal(screen.ussd_service_op, 17);
  assert.deepEqual(screen.its_session_info, Buffer.from([2, 1]));
});
