// One member's way through every fact screen, in both languages.
import { Dialogue } from './dialogue.mjs';
import { fitsOneScreen } from './forms.mjs';
import { runningLoans } from './rules.mjs';
import { difference, isHerRow, keys, languages } from './screens.mjs';

const prompts = ['pin.new', 'pin.again', 'pin.ask', 'menu.resume', 'reg.consent', 'pin.weak',
                 'pin.limited', 'pin.locked', 'pin.wrong', 'pin.none', 'reg.unknown', 'err.system',
                 'nav.end'];
const pinScreens = ['pin.ask', 'pin.wrong', 'pin.locked', 'pin.limited', 'pin.none'];
const moneyFacts = ['due', 'statement', 'savings', 'loan', 'eligibility'];
const openFacts = ['meeting', 'branch', 'sms', 'help'];

function hashOf(text) {
  let hash = 2166136261;
  for (const c of text) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619) >>> 0;
  return hash;
}

/** Four digits that are hers alone and not easy to guess. */
export function pinOf(member) {
  for (let i = hashOf(member.code); ; i += 7919) {
    const pin = String(i % 10_000).padStart(4, '0');
    const steps = [1, 2, 3].map((k) => (pin.charCodeAt(k) - pin.charCodeAt(k - 1) + 10) % 10);
    // A run may pass from 9 to 0.
    const isRun = steps.every((step) => step === steps[0] && [0, 1, 9].includes(step));
    const isYear = Number(pin) >= 1940 && Number(pin) <= 2029;
    if (!isRun && !isYear && pin.slice(0, 2) !== pin.slice(2) && !member.code.endsWith(pin) &&
        !member.msisdn.endsWith(pin)) {
      return pin;
    }
  }
}

/** 1 with amounts, 2 without, 3 no. */
const consentOf = (member) => 1 + (hashOf(`sms ${member.code}`) % 3);

export class Walk {
  /**
   * @param options.offers as loadOffers says
   * @param options.otherPin tried when hers is wrong: set by who dialled before; may be absent
   * @param options.clock () => minutes of the organisation's day
   * @param options.report (screen, language, what, text) => void
   */
  constructor(member, gateway, grammar, expectations, options) {
    Object.assign(this, { member, gateway, grammar, expectations }, options);
    this.language = null;
    this.checked = 0;
  }

  async run() {
    await this.open();
    const first = this.language;
    const second = languages.find((language) => language !== first);
    await this.checkAll(moneyFacts);
    await this.speak(second);
    await this.checkAll(moneyFacts);
    await this.checkAll(openFacts);
    await this.speak(first);
    await this.checkAll(openFacts);
    await this.hangUp();
  }

  /** A later dialogue: the PIN is asked once, before the first fact that needs it. */
  async runAgain() {
    const opened = await this.open();
    if (opened.pinAsked || opened.enrolled) this.wrong('main', 'asked for a PIN before any fact', '');
    await this.showFact('due');
    if (this.pinsAsked !== 1) this.wrong('due', `${this.pinsAsked} PINs asked, not 1`, '');
    await this.home();
    await this.showFact('savings');
    if (this.pinsAsked !== 1) this.wrong('savings', `${this.pinsAsked} PINs asked, not 1`, '');
    await this.home();
    await this.hangUp();
  }

  // The dialogue.

  /** Dials and answers until the main menu is there. */
  async open() {
    this.dialogue = new Dialogue(this.gateway, this.member.msisdn);
    this.pinsAsked = 0;
    let enrolled = false;
    let screen = await this.dialogue.dial();
    for (let step = 0; step < 12; step++) {
      const { lines, exit } = this.grammar.split(screen);
      const known = this.grammar.identify(prompts, lines);
      if (known) {
        enrolled ||= known.id === 'pin.new';
        screen = await this.answer(known, screen);
      } else if (this.isMain(lines, exit)) {
        return { enrolled, pinAsked: this.pinsAsked > 0 };
      } else if (exit) {
        screen = await this.chooseHer(screen);
      } else if (enrolled) {
        await this.check('due', screen, this.expectations.due(this.member, this.language));
        screen = await this.dialogue.press('0');
      } else {
        throw new Error(`unexpected screen: ${screen}`);
      }
    }
    throw new Error('the main menu does not come');
  }

  isMain(lines, exit) {
    const found = this.grammar.identify(['menu.main'], lines);
    if (found && exit) this.language = found.language;
    return Boolean(found) && exit;
  }

  async answer({ id, language }, screen) {
    const member = this.member;
    switch (id) {
      case 'pin.new':
        this.language = language;
        if (language !== member.language) this.wrong('pin.new', `in ${language}`, screen);
        return this.dialogue.press(pinOf(member));
      case 'pin.again':
        return this.dialogue.press(pinOf(member));
      case 'pin.ask':
        this.pinsAsked++;
        return this.dialogue.press(pinOf(member));
      case 'pin.wrong':
        return this.dialogue.press(this.otherPin ?? pinOf(member));
      case 'menu.resume':
        return this.dialogue.press('2');
      case 'reg.consent':
        return this.dialogue.press(String(consentOf(member)));
      default:
        throw new Error(`${id}: ${screen}`);
    }
  }

  /** On a shared phone: her line of the list. */
  async chooseHer(screen) {
    for (let page = 0; page < 12; page++) {
      this.checkWidth('whose', screen);
      const { lines, more } = this.grammar.split(screen);
      const rows = lines.map((line) => /^([1-8]) (.+) (\S{2})$/.exec(line)).filter(Boolean);
      const hers = rows.filter(([, , name, tail]) =>
        languages.some((language) => isHerRow(this.member, { name, tail }, language)));
      if (hers.length > 1) throw new Error('two lines of the list are alike');
      if (hers.length === 1) return this.dialogue.press(hers[0][1]);
      if (!more) break;
      screen = await this.dialogue.press('9');
    }
    throw new Error(`she is not in the list: ${screen}`);
  }

  async home() {
    return this.dialogue.press('00');
  }

  async hangUp() {
    if (this.dialogue.ended) return;
    const screen = await this.home();
    const { lines, exit } = this.grammar.split(screen);
    if (!this.isMain(lines, exit)) this.wrong('main', 'not the main menu after 00', screen);
    await this.dialogue.press('0');
    if (!this.dialogue.ended) this.wrong('main', '0 does not end the dialogue', '');
  }

  /** Leaves and dials again when the dialogue has too few inputs left. */
  async makeRoom(inputs) {
    if (this.dialogue.room() >= inputs) return;
    await this.hangUp();
    await this.open();
  }

  async press(keysOfWay) {
    let screen = '';
    for (const key of keysOfWay) screen = await this.dialogue.press(key);
    for (let tries = 0; tries < 2; tries++) {
      const known = this.grammar.identify(pinScreens, this.grammar.split(screen).lines);
      if (!known) break;
      screen = await this.answer(known, screen);
    }
    return screen;
  }

  async speak(language) {
    await this.makeRoom(8);
    await this.press(keys.language[language]);
    const screen = await this.home();
    const { lines, exit } = this.grammar.split(screen);
    if (!this.isMain(lines, exit) || this.language !== language) {
      throw new Error(`the language did not change: ${screen}`);
    }
  }

  // The facts.

  async checkAll(facts) {
    for (const fact of facts) {
      await this.makeRoom(14);
      if (fact === 'loan') await this.checkLoans();
      else if (fact === 'eligibility') await this.checkEligibility();
      else if (fact === 'meeting') await this.checkMeeting();
      else await this.showFact(fact);
      if (!this.atHome) await this.home();
      this.atHome = false;
    }
  }

  async showFact(fact) {
    const screen = await this.press(keys[fact]);
    const expected = this.expectations[fact](this.member, this.language, consentOf(this.member));
    await this.check(fact, screen, expected);
  }

  async checkMeeting() {
    const before = this.clock();
    const screen = await this.press(keys.meeting);
    // A meeting that begins this very minute may be the next one or not.
    const [early, late] = [before, this.clock()].map((minutes) =>
      this.expectations.meeting(this.member, this.language, minutes));
    const { lines } = this.grammar.split(screen);
    const isEarly = difference(this.grammar, early, lines, this.language) === null;
    await this.check('meeting', screen, isEarly ? early : late);
  }

  async checkLoans() {
    const running = runningLoans(this.member);
    let screen = await this.press(keys.loan);
    if (running.length <= 1) {
      await this.check('loan', screen, this.expectations.loan(this.member, this.language));
      return;
    }
    const rows = [];
    for (let page = 0; ; page++) {
      const { lines, more } = this.grammar.split(screen);
      this.checkWidth('loan list', screen);
      const shown = this.grammar.match('loan.choose', this.language, lines)
        ?? this.grammar.match('loan.choose', this.language, [this.listTitle(), ...lines]);
      if (!shown) {
        this.wrong('loan list', `page ${page + 1} is no list of loans`, screen);
        return;
      }
      for (const [i, row] of shown.rows.entries()) {
        await this.checkLoanOfList(rows.length, page, String(i + 1), screen);
        rows.push(row);
      }
      if (!more) break;
      screen = await this.dialogue.press('9');
    }
    const expected = this.expectations.loanList(this.member, this.language);
    this.checked++;
    if (JSON.stringify(rows.map(({ principal, date }) => ({ principal, date }))) !==
        JSON.stringify(expected.rows)) {
      this.wrong('loan list', `not ${JSON.stringify(expected.rows)}`, JSON.stringify(rows));
    }
  }

  listTitle() {
    return this.grammar.text('loan.choose', this.language).split('\n')[0];
  }

  /** From the list's page into a loan and back to the same page. */
  async checkLoanOfList(index, page, key, list) {
    if (this.dialogue.room() < 5) {
      await this.hangUp();
      await this.open();
      await this.press(keys.loan);
      for (let i = 0; i < page; i++) await this.dialogue.press('9');
    }
    const loan = runningLoans(this.member)[index];
    const screen = await this.dialogue.press(key);
    if (loan) {
      await this.check(`loan ${loan.loanNo}`, screen,
                       this.expectations.loanSummary(this.member, loan, this.language));
    }
    const again = await this.dialogue.press('0');
    if (again !== list) this.wrong('loan list', 'another list after 0', again);
  }

  async checkEligibility() {
    const expected = this.expectations.eligibility(this.member, this.language);
    let screen;
    if (this.offers.eligibilityInMain) {
      screen = await this.press(keys.eligibility);
    } else if (runningLoans(this.member).length === 0) {
      screen = await this.press([...keys.loan, '1']);
    } else {
      this.atHome = true; // not offered beside a running loan
      return;
    }
    await this.check('eligibility', screen, expected);
    if (!this.offers.amountAfterEligibility ||
        !['elig.yes', 'elig.gap', 'elig.charge'].includes(expected.id)) {
      return;
    }
    const ask = await this.dialogue.press('1');
    await this.check('elig.ask', ask, { id: 'elig.ask', values: {} });
    const taka = this.amountToAsk();
    const answer = await this.dialogue.press(String(taka));
    await this.check(`eligibility ${taka}`, answer,
                     this.expectations.eligibility(this.member, this.language, BigInt(taka) * 100n));
  }

  /** Below, at, inside, at the upper end of and above what the product allows. */
  amountToAsk() {
    const hash = hashOf(`amount ${this.member.code} ${this.language}`);
    const product = this.expectations.rules.products.find(
      (one) => one.code === this.expectations.rules.eligibilityProduct);
    const [min, max] = [Number(product.min / 100n), Number(product.max / 100n)];
    const inside = min + (hash % Math.max(1, max - min));
    return [min - 1, min, inside, inside, max, max + 1][hash % 6];
  }

  // The comparison.

  /** Follows the pages of one text and compares it as a whole. */
  async check(name, first, expected) {
    const all = [];
    let screen = first;
    for (let page = 0; page < 20; page++) {
      this.checkWidth(name, screen);
      const { lines, more } = this.grammar.split(screen);
      all.push(...lines);
      if (!more) break;
      screen = await this.dialogue.press('9');
    }
    this.checked++;
    const what = difference(this.grammar, expected, all, this.language);
    if (what !== null) this.wrong(name, what, all.join(' | '));
  }

  checkWidth(name, screen) {
    if (!fitsOneScreen(screen)) this.wrong(name, `${screen.length} characters do not fit`, screen);
  }

  wrong(screen, what, text) {
    this.report(screen, this.language, what, text);
  }
}
