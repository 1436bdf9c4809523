// The part of TOML that the project's configuration uses: tables, arrays of tables, strings on one
// and on several lines, numbers, dates (as strings), booleans, arrays and inline tables.

export function parseToml(text) {
  const root = {};
  let table = root;
  let at = 0;

  const fail = (what) => {
    const line = text.slice(0, at).split('\n').length;
    throw new Error(`TOML line ${line}: ${what}`);
  };
  const skip = (pattern) => {
    pattern.lastIndex = at;
    at = pattern.test(text) ? pattern.lastIndex : at;
  };
  const blank = () => skip(/(?:[ \t\r\n]|#[^\n]*)*/y);
  const space = () => skip(/[ \t]*/y);
  const take = (pattern) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return null;
    at = pattern.lastIndex;
    return match;
  };

  function key() {
    const parts = [];
    do {
      space();
      const part = take(/"([^"]*)"|([A-Za-z0-9_-]+)/y) ?? fail('a key is missing');
      parts.push(part[1] ?? part[2]);
      space();
    } while (take(/\./y));
    return parts;
  }

  function value() {
    const long = take(/"""\r?\n?([\s\S]*?)"""/y);
    if (long) return unescaped(long[1].replace(/\\\r?\n\s*/g, ''));
    const short = take(/"((?:[^"\\\n]|\\.)*)"/y);
    if (short) return unescaped(short[1]);
    const literal = take(/'([^'\n]*)'/y);
    if (literal) return literal[1];
    const word = take(/true|false/y);
    if (word) return word[0] === 'true';
    const date = take(/\d{4}-\d{2}-\d{2}/y);
    if (date) return date[0];
    const number = take(/[+-]?\d[\d_]*(?:\.\d+)?/y);
    if (number) return Number(number[0].replaceAll('_', ''));
    if (take(/\[/y)) return list();
    if (take(/\{/y)) return inline();
    return fail('a value is missing');
  }

  function list() {
    const items = [];
    for (;;) {
      blank();
      if (take(/\]/y)) return items;
      items.push(value());
      blank();
      take(/,/y);
    }
  }

  function inline() {
    const made = {};
    for (;;) {
      blank();
      if (take(/\}/y)) return made;
      assign(made);
      blank();
      take(/,/y);
    }
  }

  function descend(into, path) {
    for (const part of path) {
      into[part] ??= {};
      into = Array.isArray(into[part]) ? into[part].at(-1) : into[part];
    }
    return into;
  }

  function assign(into) {
    const path = key();
    if (!take(/=/y)) fail('"=" is missing');
    space();
    descend(into, path.slice(0, -1))[path.at(-1)] = value();
  }

  for (blank(); at < text.length; blank()) {
    if (take(/\[\[/y)) {
      const path = key();
      const parent = descend(root, path.slice(0, -1));
      (parent[path.at(-1)] ??= []).push((table = {}));
      if (!take(/\]\]/y)) fail('"]]" is missing');
    } else if (take(/\[/y)) {
      table = descend(root, key());
      if (!take(/\]/y)) fail('"]" is missing');
    } else {
      assign(table);
    }
  }
  return root;
}

function unescaped(text) {
  const plain = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, c) =>
    c.length === 5 ? String.fromCharCode(parseInt(c.slice(1), 16)) : (plain[c] ?? c));
}
