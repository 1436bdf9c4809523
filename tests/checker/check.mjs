#!/usr/bin/env node
// Walks every member with a phone through every fact screen of a running gateway and compares each
// figure with the imported files by its own arithmetic.
//
//   node tests/checker/check.mjs --url http://127.0.0.1:8080 --channel at-kmss --code '*384*2#' \
//        --organisation kmss --import var/demo/import/kmss [--config config] [--today 2026-11-21]
//        [--requests 64] [--only MEMBER] [--other-pin 7294]
//
// The members' PINs must be unset, set by an earlier run or --other-pin. Exit 0 only when every figure was right
// and every member reached.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Dialogue, Gateway } from './dialogue.mjs';
import { dayOf, loadFacts, loadRules } from './facts.mjs';
import { Expectations, Grammar, loadOffers, loadTexts } from './screens.mjs';
import { Walk } from './walk.mjs';

const differencesShown = 20;
const minutesFromUtc = 6 * 60; // Asia/Dhaka, no summer time
const membersPerPhoneMax = 12;

function options() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8080' },
      channel: { type: 'string' },
      code: { type: 'string' },
      organisation: { type: 'string' },
      import: { type: 'string' },
      config: { type: 'string', default: 'config' },
      today: { type: 'string' },
      requests: { type: 'string', default: '64' },
      only: { type: 'string' },
      'other-pin': { type: 'string' },
    },
  });
  for (const name of ['channel', 'code', 'organisation', 'import']) {
    if (!values[name]) throw new Error(`--${name} is missing`);
  }
  return values;
}

const dhakaMinutes = () => Math.floor(Date.now() / 60_000) + minutesFromUtc;
const dhakaToday = () => Math.floor(dhakaMinutes() / 1440);

/** The members that a dial can reach, by phone, and those that none can. */
function byPhone(members) {
  const phones = new Map();
  for (const member of members) {
    if (!member.msisdn) continue;
    if (!phones.has(member.msisdn)) phones.set(member.msisdn, []);
    if (member.status !== 'closed') phones.get(member.msisdn).push(member);
  }
  return phones;
}

async function inParallel(items, workers, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: Math.max(1, workers) }, async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  }));
}

async function checkUnknown(gateway, grammar, msisdn, report) {
  const dialogue = new Dialogue(gateway, msisdn);
  const screen = await dialogue.dial();
  const known = grammar.identify(['reg.unknown'], screen.normalize('NFC').split('\n'));
  if (!dialogue.ended || !known) report(msisdn, 'unknown number', '', 'not the one END screen', screen);
}

async function main() {
  const given = options();
  const members = loadFacts(given.import);
  const rules = loadRules(join(given.config, 'organisations', `${given.organisation}.toml`));
  const grammar = new Grammar(loadTexts(join(given.config, 'texts'), given.organisation));
  const offers = loadOffers(given.config, given.organisation);
  const today = given.today ? dayOf(given.today) : dhakaToday();
  const gateway = new Gateway(given.url, given.channel, given.code, Number(given.requests));
  const expectations = new Expectations(grammar, rules, today);

  const differences = [];
  const report = (who, screen, language, what, text) => {
    differences.push({ who, screen, language, what, text });
  };
  const phones = byPhone(members);
  let reached = 0;
  let reachable = 0;
  let screens = 0;
  const walkOne = async (member) => {
    reachable++;
    const walk = new Walk(member, gateway, grammar, expectations, {
      offers,
      otherPin: given['other-pin'],
      clock: () => dhakaMinutes() % 1440,
      report: (...difference) => report(member.code, ...difference),
    });
    try {
      await walk.run();
      // Some dial once more: the PIN is asked, and once.
      if (Number(member.code) % 10 === 0) await walk.runAgain();
      reached++;
    } catch (error) {
      report(member.code, 'dialogue', walk.language ?? '', error.message, '');
    }
    screens += walk.checked;
  };

  await inParallel([...phones].reverse(), Number(given.requests), async ([msisdn, hers]) => {
    if (given.only && !hers.some((member) => member.code === given.only)) return;
    if (hers.length === 0) {
      await checkUnknown(gateway, grammar, msisdn, report);
    } else if (hers.length > membersPerPhoneMax) {
      report(msisdn, 'whose', '', `${hers.length} members on one phone`, '');
    }
    for (const member of hers.slice(0, membersPerPhoneMax)) {
      if (!given.only || member.code === given.only) await walkOne(member);
    }
  });
  await checkUnknown(gateway, grammar, '8801399999999', report);
  gateway.close();

  for (const { who, screen, language, what, text } of differences.slice(0, differencesShown)) {
    console.log(`${who} ${screen} ${language}: ${what}\n    ${text}`);
  }
  const without = members.filter((member) => !member.msisdn).length;
  const closed = members.filter((member) => member.msisdn && member.status === 'closed').length;
  console.log(`${given.organisation}: ${members.length} members, ${without} without a phone, ` +
              `${closed} closed; ${gateway.screens} requests`);
  console.log(`checked ${reached} members, ${screens} screens, ${differences.length} wrong`);
  process.exitCode = differences.length === 0 && reached === reachable && reached > 0 ? 0 : 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
