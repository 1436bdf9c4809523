// A message centre that keeps what it gets as octets: read from the layouts of SMPP 3.4, with no
// library between the wire and what is compared.
import net from 'node:net';

const SUBMIT = 0x4;
const ENQUIRE = 0x15;
const UNBIND = 0x6;
const BINDS = [0x1, 0x2, 0x9];
const RESPONSE = 0x8000_0000;

function response(id, sequence, body = Buffer.alloc(0)) {
  const out = Buffer.alloc(16);
  out.writeUInt32BE(16 + body.length, 0);
  out.writeUInt32BE((id | RESPONSE) >>> 0, 4);
  out.writeUInt32BE(sequence, 12);
  return Buffer.concat([out, body]);
}

function reader(body) {
  let at = 0;
  return {
    octet: () => body[at++],
    string: () => {
      const end = body.indexOf(0, at);
      if (end < 0) throw new Error('a string without an end');
      const value = body.toString('latin1', at, end);
      at = end + 1;
      return value;
    },
    octets: (count) => {
      if (at + count > body.length) throw new Error('cut off');
      at += count;
      return body.subarray(at - count, at);
    },
    rest: () => body.subarray(at),
  };
}

function readSubmit(body) {
  const from = reader(body);
  const read = { serviceType: from.string() };
  const party = () => ({ ton: from.octet(), npi: from.octet(), address: from.string() });
  read.source = party();
  read.destination = party();
  [read.esmClass, read.protocolId, read.priority] = [from.octet(), from.octet(), from.octet()];
  [read.schedule, read.validity] = [from.string(), from.string()];
  [read.registered, read.replace] = [from.octet(), from.octet()];
  [read.dataCoding, read.defaultId] = [from.octet(), from.octet()];
  read.length = from.octet();
  read.octets = from.octets(read.length);
  read.parameters = from.rest();
  return read;
}

export class RawSmsc {
  static async start() {
    const made = new RawSmsc();
    made.submits = new Map(); // by the system_id of the bind
    made.sockets = new Set();
    made.faults = [];
    made.next = 1;
    made.server = net.createServer((socket) => made.serve(socket));
    await new Promise((resolve) => made.server.listen(0, '127.0.0.1', resolve));
    made.port = made.server.address().port;
    return made;
  }

  /** What came from whoever bound with this name, for this number, in the order of arrival. */
  partsOf(systemId, number) {
    return (this.submits.get(systemId) ?? []).filter((one) => one.destination.address === number);
  }

  serve(socket) {
    let kept = Buffer.alloc(0);
    const state = { systemId: undefined };
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (octets) => {
      kept = Buffer.concat([kept, octets]);
      while (kept.length >= 16 && kept.length >= kept.readUInt32BE(0)) {
        const length = kept.readUInt32BE(0);
        const frame = kept.subarray(0, length);
        kept = kept.subarray(length);
        try {
          this.take(socket, state, frame.readUInt32BE(4), frame.readUInt32BE(12), frame.subarray(16));
        } catch (problem) {
          this.faults.push(problem);
          socket.destroy();
          return;
        }
      }
    });
  }

  take(socket, state, id, sequence, body) {
    if (BINDS.includes(id)) {
      state.systemId = reader(body).string();
      this.submits.set(state.systemId, this.submits.get(state.systemId) ?? []);
      socket.write(response(id, sequence, Buffer.from('CENTRE\0')));
    } else if (id === SUBMIT) {
      this.submits.get(state.systemId).push(readSubmit(body));
      socket.write(response(id, sequence, Buffer.from(`${this.next++}\0`)));
    } else if (id === ENQUIRE || id === UNBIND) {
      socket.write(response(id, sequence));
    }
  }

  async stop() {
    for (const one of this.sockets) one.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
