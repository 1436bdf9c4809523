// Numbers, dates and words as members read them, by the rules of docs: lakh grouping, Bangla digits
// in Bangla, day/month, poisha only when there are some.

const banglaZero = 0x09e6;
const banglaWeekdays = ['সোম', 'মঙ্গল', 'বুধ', 'বৃহঃ', 'শুক্র', 'শনি', 'রবি'];
const englishWeekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** One form of a text for comparing: NFC, without joiners. */
export function plain(text) {
  return text.normalize('NFC').replace(/[\u200C\u200D\uFEFF]/g, '');
}

export function banglaDigits(text) {
  return text.replace(/[0-9]/g, (d) => String.fromCharCode(banglaZero + Number(d)));
}

export function asciiDigits(text) {
  return text.replace(/[\u09E6-\u09EF]/g, (d) => String(d.charCodeAt(0) - banglaZero));
}

function localised(ascii, language) {
  return language === 'bn' ? banglaDigits(ascii) : ascii;
}

/** `poisha`: a BigInt. */
export function moneyForm(poisha, language) {
  const sign = poisha < 0n ? '-' : '';
  const magnitude = poisha < 0n ? -poisha : poisha;
  const taka = String(magnitude / 100n);
  const tail = taka.slice(-3);
  const head = taka.slice(0, -3).replace(/\B(?=(\d\d)+$)/g, ',');
  const rest = magnitude % 100n;
  const cents = rest === 0n ? '' : '.' + String(rest).padStart(2, '0');
  return localised(sign + (head ? head + ',' : '') + tail + cents, language);
}

export function countForm(count, language) {
  return localised(String(count), language);
}

/** `day`: days since 1970. */
export function dateForm(day, language) {
  const date = new Date(day * 86_400_000);
  return localised(`${date.getUTCDate()}/${date.getUTCMonth() + 1}`, language);
}

/** ISO weekday of a day number: 1 = Monday. */
export function weekdayOf(day) {
  return (((day + 3) % 7) + 7) % 7 + 1;
}

export function weekdayForm(day, language) {
  return (language === 'bn' ? banglaWeekdays : englishWeekdays)[weekdayOf(day) - 1];
}

/** Minutes since midnight. Parts of a day in Bangla: night, morning, noon, afternoon. */
export function timeForm(minutes, language) {
  const hour = Math.floor(minutes / 60);
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${String(minutes % 60).padStart(2, '0')}`;
  if (language === 'en') return `${clock} ${hour < 12 ? 'am' : 'pm'}`;
  const part = hour < 5 || hour >= 19 ? 'রাত' : hour < 12 ? 'সকাল' : hour < 15 ? 'দুপুর' : 'বিকাল';
  return `${part} ${banglaDigits(clock)}`;
}

/** A number as it is dialled inside the country. */
export function phoneForm(written, language) {
  const digits = written.replace(/\D/g, '').replace(/^(?:00)?880(?=\d{8})/, '0');
  return localised(digits, language);
}

/**
 * What a USSD string of 160 octets holds: 182 characters when all are in the GSM alphabet, else 80
 * UTF-16 units.
 */
export function fitsOneScreen(text) {
  return /^[\n\r -_a-z]*$/.test(text) ? text.length <= 182 : text.length <= 80;
}
