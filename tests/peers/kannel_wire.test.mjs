// The same texts by the gateway and by Kannel to one message centre: what is on the wire is
// compared octet by octet. Where the two differ on purpose, the test says how.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Gateway, eventually } from './gateway.mjs';
import { Kannel } from './kannel.mjs';
import { RawSmsc } from './raw_smsc.mjs';

const HEADER = 0x40; // esm_class: the user data begins with a header
// Kannel asks for store and forward by name (esm_class 3), we leave the mode to the centre (0).
const KANNEL_MODE = 0x03;

let centre;
let kannel;
let gateway;
let number = 1799100000;

before(async () => {
  centre = await RawSmsc.start();
  gateway = await Gateway.start(`
[[channels]]
name = "smpp-kmss"
adapter = "smpp"
organisation = "kmss"
host = "127.0.0.1"
port = ${centre.port}
system_id = "uthan"
password = "pw"
sender = "KMSS"
tps = 1000
`);
  kannel = await Kannel.start(centre.port, 'kannel');
});

after(async () => {
  await kannel?.stop();
  const code = await gateway?.stop();
  await centre.stop();
  assert.equal(code, 0);
  assert.deepEqual(centre.faults, []);
});

/** The parts of the text as each of the two sent them. */
async function sentByBoth(text, coding) {
  const to = `880${number++}`;
  await kannel.send(to, text, coding);
  await gateway.send(to, text, `wire-${to}`);
  const whole = (systemId) => {
    const parts = centre.partsOf(systemId, to);
    const wanted = parts.length > 0 && parts[0].esmClass & HEADER ? parts[0].octets[4] : 1;
    return parts.length >= wanted && parts;
  };
  return [await eventually(() => whole('uthan')), await eventually(() => whole('kannel'))];
}

/** All but the octets of the text. */
function assertAlike(ours, theirs, coding) {
  assert.equal(ours.length, theirs.length);
  for (const [i, part] of ours.entries()) {
    const other = theirs[i];
    assert.equal(part.dataCoding, coding);
    assert.equal(part.dataCoding, other.dataCoding);
    assert.equal(part.esmClass, other.esmClass & ~KANNEL_MODE);
    assert.equal(part.protocolId, other.protocolId);
    assert.equal(part.source.address, other.source.address);
    assert.deepEqual([part.source.ton, part.source.npi], [other.source.ton, other.source.npi]);
    assert.equal(part.length, part.octets.length);
    assert.equal(part.parameters.length, 0);
    if (ours.length > 1) {
      // 05 00 03, the reference (each counts its own), how many, which.
      assert.deepEqual([...part.octets.subarray(0, 3)], [5, 0, 3]);
      assert.deepEqual([...other.octets.subarray(0, 3)], [5, 0, 3]);
      assert.deepEqual([...part.octets.subarray(4, 6)], [ours.length, i + 1]);
      assert.deepEqual([...other.octets.subarray(4, 6)], [ours.length, i + 1]);
    }
  }
}

/** As we write it: a letter with its dot below is one unit, not two. */
const composed = (text) => text.replaceAll('\u09a1\u09bc', '\u09dc').replaceAll('\u09a2\u09bc', '\u09dd')
  .replaceAll('\u09af\u09bc', '\u09df');

const headerOf = (parts) => (parts.length > 1 ? 6 : 0);
const textOctets = (parts) => parts.map((part) => part.octets.subarray(headerOf(parts)).toString('hex'));

test('texts of one part in GSM-7 are the same octets', async () => {
  const texts = [
    'KMSS: Tk 550 due on 30-11. Thank you.',
    'KMSS: {a} [b] ~c~ ^d^ |e| \\f €1 @ £ ¥ è é ù ì ò Ç Ø ø Å å Δ _ Φ Γ Λ Ω Π Ψ Σ Θ Ξ',
    'KMSS: Æ æ ß É ! " # ¤ % & ( ) * + , - . / : ; < = > ? ¡ Ä Ö Ñ Ü § ¿ ä ö ñ ü à',
    `KMSS: ${'x'.repeat(160 - 6)}`,
  ];
  for (const text of texts) {
    const [ours, theirs] = await sentByBoth(text, 0);
    assertAlike(ours, theirs, 0);
    assert.equal(ours.length, 1);
    assert.deepEqual(textOctets(ours), textOctets(theirs));
  }
});

test('a long text in GSM-7 is cut at the same septets', async () => {
  for (const length of [161, 306, 307, 459, 600]) {
    const text = `KMSS: ${'0123456789'.repeat(60)}`.slice(0, length);
    const [ours, theirs] = await sentByBoth(text, 0);
    assertAlike(ours, theirs, 0);
    assert.ok(ours.length > 1);
    assert.deepEqual(textOctets(ours), textOctets(theirs));
  }
});

test('Bangla is the same UCS-2', async () => {
  const [ours, theirs] = await sentByBoth('KMSS: আপনার কিস্তি ৳৫৫০ আগামীকাল।', 2);
  assertAlike(ours, theirs, 8);
  assert.equal(ours.length, 1);
  assert.deepEqual(textOctets(ours), textOctets(theirs));
});

// We never cut between a letter and its signs; Kannel cuts after every 67 units.
test('a long Bangla text is the same UCS-2, cut between letters', async () => {
  const text = composed('KMSS: আপনার কিস্তি ৳৫৫০ আগামীকাল। ক্ষুদ্র ঋণ, সড়ক শাখা, জ্যৈষ্ঠ মাস। '
    + 'সাথে থাকুন: সভার দিন রবিবার, সময় সকাল দশটা।');
  const [ours, theirs] = await sentByBoth(text, 2);
  assertAlike(ours, theirs, 8);
  assert.ok(ours.length > 1);
  assert.equal(textOctets(ours).join(''), textOctets(theirs).join(''));
  for (const part of ours) {
    assert.ok(part.length <= 140);
    const first = part.octets.readUInt16BE(headerOf(ours));
    assert.ok(!/\p{M}/u.test(String.fromCharCode(first)));
  }
  for (const part of theirs.slice(0, -1)) assert.equal(part.length, 140);
});

// Kannel writes what it was given: the same letters in more units.
test('letters with a dot below take one unit each', async () => {
  const text = 'KMSS: \u09b8\u09a1\u09bc\u0995, \u09b8\u09ae\u09af\u09bc, \u09a6\u09c3\u09a2\u09bc';
  const [ours, theirs] = await sentByBoth(text, 2);
  const [same, composedTheirs] = await sentByBoth(composed(text), 2);
  assert.equal(theirs[0].length, ours[0].length + 6);
  assert.deepEqual(textOctets(ours), textOctets(composedTheirs));
  assert.deepEqual(textOctets(ours), textOctets(same));
});

// Kannel may leave an escape at one part's end and its letter at the next one's beginning.
test('an extended letter is not torn', async () => {
  const text = `KMSS: ${'y'.repeat(152 - 6)}€ and more ${'z'.repeat(20)}`;
  const [ours, theirs] = await sentByBoth(text, 0);
  assert.equal(ours.length, theirs.length);
  assert.equal(textOctets(ours).join(''), textOctets(theirs).join(''));
  assert.notEqual(ours[0].octets.at(-1), 0x1B);
});
