// RFC 4180, read by hand: what is compared with the gateway must not go through its own reader.

/** The rows of a CSV text as objects by column name. Throws on a row of another width. */
export function parseCsv(text) {
  const [names, ...rows] = parseRows(text.replace(/^\uFEFF/, ''));
  if (!names) return [];
  return rows.map((fields, i) => {
    if (fields.length !== names.length) {
      throw new Error(`row ${i + 2} has ${fields.length} fields, the header ${names.length}`);
    }
    return Object.fromEntries(names.map((name, k) => [name, fields[k]]));
  });
}

function parseRows(text) {
  const rows = [];
  let row = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        field += '"';
        i++;
      } else if (c === '"') {
        quoted = false;
      } else {
        field += c;
      }
    } else if (c === '"' && field === '') {
      quoted = true;
    } else if (c === ',') {
      row.push(field);
      field = '';
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++;
      row.push(field);
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
      field = '';
    } else {
      field += c;
    }
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  return rows;
}
