// A second verifier, written from docs/formats/audit-log.md alone, in another language.
//
//     node verify.mjs PATH VKEY [--witness VKEY]... [--quorum K] [--receipt FILE]... [--succession FILE]...
//                     [--tsa FILE]...
//
// PATH is the folder of a bundle or a .tlog-proof. Prints {"holds", "kind", "index"} of the first
// failure, and how many receipts are kept and open, and exits with 0 or 1. It shares nothing
// with the first one, so that what both say of a bundle follows from the document.

import { constants, createHash, createHmac, createPublicKey, verify, X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const FORMAT = "hausrecht-export/v1";
const FILES = ["READ-ME.txt", "checkpoint", "checkpoint.tsr", "entries.jsonl", "proofs/leaves",
  "entries.csv", "proofs/range", "proofs/consistency", "heads.jsonl", "later.jsonl",
  "documents.jsonl", "payloads.jsonl", "manifest.json"];
const OPTIONAL = ["checkpoint.tsr", "proofs/consistency", "documents.jsonl", "payloads.jsonl"];
const ZERO = "0".repeat(64);
const HEX = "[0-9a-f]{64}", ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}", COUNT = "[1-9][0-9]{0,14}";
const ENTRY = new RegExp(
  '^\\{"action":"[a-z]{2,24}:[a-z]{2,24}","actor":"[0-9a-f]{32}","after":"' + HEX +
  '","at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z","before":"' + HEX +
  '","cause":"' + ULID + '","content":(?:null|' + COUNT + '),"id":"' + ULID +
  '","origin":"[A-Za-z0-9._~:/-]{1,100}","part":\\[' + COUNT + "," + COUNT +
  '\\],"payload":(?:null|"' + HEX + '"),"prev":"' + HEX + '","prev_id":(?:null|"' + ULID +
  '"),"reason":"[A-Za-z0-9][A-Za-z0-9._:/@#+-]{0,63}","rev":' + COUNT +
  ',"rule":(?:null|"[A-Za-z0-9._-]+@[A-Za-z0-9._-]+#[A-Za-z0-9._-]+"),"subject":"' +
  '[a-z]{2,24}:[A-Za-z0-9._-]{1,64}","v":1,"via":"(?:api|rule|job)"\\}$');

const HIDDEN = /^\{"leaf":"([0-9a-f]{64})"\}$/;

class Bad extends Error {
  constructor(kind, index = null) { super(kind); this.kind = kind; this.index = index; }
}
const need = (truth, kind, index) => { if (!truth) throw new Bad(kind, index); };
const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (body) => sha(Buffer.from([0]), Buffer.from(body));
const nodeHash = (left, right) => sha(Buffer.from([1]), left, right);
const unbase64 = (text, kind, index) => {
  const raw = Buffer.from(text, "base64");
  need(raw.toString("base64") === text, kind, index);
  return raw;
};

// Section 5: keys and notes.

function parseKey(vkey) {
  const [name, id, encoded] = [vkey.split("+")[0], vkey.split("+")[1], vkey.split("+").slice(2).join("+")];
  const raw = unbase64(encoded, "usage");
  need([1, 2, 4].includes(raw[0]), "usage");
  const named = raw[0] === 2 ? raw.subarray(1) : Buffer.concat([Buffer.from(name + "\n"), raw]);
  need(sha(named).subarray(0, 4).toString("hex") === id, "usage");
  const ed25519 = Buffer.from("302a300506032b6570032100", "hex");
  const der = raw[0] === 2 ? raw.subarray(1) : Buffer.concat([ed25519, raw.subarray(1)]);
  return { vkey, name, id, cosigner: raw[0] === 4, algorithm: raw[0] === 2 ? "sha256" : null,
    key: createPublicKey({ key: der, format: "der", type: "spki" }) };
}

// The text of a note that a key of the log signed, which of them did, and the time at which each
// known witness did.
function openNote(data, keys, witnesses = []) {
  const whole = data.toString("utf8"), gap = whole.lastIndexOf("\n\n");
  need(gap > 0 && whole.endsWith("\n") && Buffer.from(whole).equals(data), "note");
  const text = whole.slice(0, gap + 1);
  const times = new Map(), signers = [];
  for (const line of whole.slice(gap + 2, -1).split("\n")) {
    const [dash, name, encoded, more] = line.split(" ");
    need(dash === "—" && name && encoded && more === undefined, "note");
    const raw = unbase64(encoded, "note"), id = raw.subarray(0, 4).toString("hex");
    const witness = witnesses.find((each) => each.name === name && each.id === id);
    if (witness) {
      const time = raw.subarray(4, 12), blob = raw.subarray(12);
      need(time.length === 8, "witness");
      const message = `cosignature/v1\ntime ${time.readBigUInt64BE()}\n${text}`;
      need(verify(null, Buffer.from(message), witness.key, blob), "witness");
      times.set(name, Number(time.readBigUInt64BE()));
    }
    const number = keys.findIndex((key) => name === key.name && id === key.id);
    if (number < 0) continue;
    const { algorithm, key } = keys[number];
    need(verify(algorithm, Buffer.from(text), key, raw.subarray(4)), "signature");
    signers.push(number);
  }
  need(signers.length, "signature");
  return { text, times, signers };
}

// Section 5.1: a key that another followed counts up to the note's size and time.
function follow(keys, data) {
  const last = keys.at(-1), { text } = openNote(data, [last]);
  const [origin, form, from, to, size, root, at, end, ...more] = text.split("\n");
  need(form === "hausrecht-succession/v1" && end === "" && more.length === 0, "succession");
  const next = parseKey(to);
  need(from === last.vkey && origin === last.name && next.name === origin, "succession");
  openNote(data, [next]);
  last.end = { ...parseCheckpoint(`${origin}\n${size}\n${root}\n`), at: Date.parse(at) };
  return [...keys, next];
}
const maySign = (keys, signers, size, at) => signers.some((number) => {
  const end = keys[number].end;
  return !end || (size <= end.size && (at === undefined || at <= end.at));
});

function openCheckpoint(data, keys, witnesses) {
  const { text, times, signers } = openNote(data, keys, witnesses), tree = parseCheckpoint(text);
  need(maySign(keys, signers, tree.size), "signature");
  return { tree, times };
}

function parseCheckpoint(text) {
  const found = /^([^\n]+)\n(0|[1-9][0-9]*)\n([^\n]+)\n$/.exec(text);
  need(found, "note");
  const root = unbase64(found[3], "note");
  need(root.length === 32, "note");
  return { origin: found[1], size: Number(found[2]), root };
}

// Section 6.1: the tree.

class Tree {
  constructor() { this.size = 0; this.stack = []; }
  push(node, width = 1) {
    need(this.size % width === 0, "range");
    this.size += width;
    let top = { node, width };
    while (this.stack.length && this.stack.at(-1).width === top.width) {
      const left = this.stack.pop();
      top = { node: nodeHash(left.node, top.node), width: left.width * 2 };
    }
    this.stack.push(top);
  }
  root() {
    if (!this.stack.length) return sha();
    return this.stack.map((each) => each.node).reduceRight((right, left) => nodeHash(left, right));
  }
}

function cover(begin, end) {
  const widths = [];
  while (begin < end) {
    let width = 1;
    while (begin % (2 * width) === 0 && begin + 2 * width <= end) width *= 2;
    widths.push(width);
    begin += width;
  }
  return widths;
}

function included(leaf, index, size, proof, kind) {
  const path = [...proof];
  const climb = (begin, end) => {
    if (end - begin === 1) return leaf;
    let split = 1;
    while (split * 2 < end - begin) split *= 2;
    const sibling = path.pop();
    if (sibling === undefined) throw new Bad(kind, index);
    return index < begin + split
      ? nodeHash(climb(begin, begin + split), sibling)
      : nodeHash(sibling, climb(begin + split, end));
  };
  const root = climb(0, size);
  need(path.length === 0, kind, index);
  return root;
}

// Section 6.7: whether the tree of `old` is the beginning of that of `tree` (RFC 6962, 2.1.2).
function consistent(old, tree, proof) {
  const path = [...proof];
  const climb = (first, begin, end, whole) => {
    if (first === end - begin) {
      const known = whole ? old.root : path.shift();
      need(known, "anchor");
      return [known, known];
    }
    let split = 1;
    while (split * 2 < end - begin) split *= 2;
    if (first <= split) {
      const [before, after] = climb(first, begin, begin + split, whole);
      const right = path.shift();
      need(right, "anchor");
      return [before, nodeHash(after, right)];
    }
    const [before, after] = climb(first - split, begin + split, end, false);
    const left = path.shift();
    need(left, "anchor");
    return [nodeHash(left, before), nodeHash(left, after)];
  };
  if (old.size === 0) return path.length === 0;
  const [before, after] = climb(old.size, 0, tree.size, true);
  return path.length === 0 && before.equals(old.root) && after.equals(tree.root);
}

// Section 6.8: time stamps.

function der(data) {
  const found = [];
  for (let at = 0; at < data.length;) {
    const long = data[at + 1] & 128 ? data[at + 1] & 127 : 0, begin = at + 2 + long;
    const length = long ? data.readUIntBE(at + 2, long) : data[at + 1];
    need(begin + length <= data.length, "stamp");
    const content = data.subarray(begin, begin + length);
    found.push({ tag: data[at], content, raw: data.subarray(at, begin + length), get parts() { return der(content); } });
    at = begin + length;
  }
  return found;
}
const oid = (item) => item.content.toString("hex");
const SHA2 = { "608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512" };
const moment = (text) => Date.parse(text.replace(/^(....)(..)(..)(..)(..)(..)(.*)$/, "$1-$2-$3T$4:$5:$6$7"));

// The time until which the bytes may have been stamped, in ms; null where nobody was given to be held to.
function readStamp(answer, data, given) {
  const [status, token] = der(answer)[0].parts;
  need([0, 1].includes(status.parts[0].content[0]) && token, "stamp");
  const [, , content, ...more] = token.parts[1].parts[0].parts, [signer] = more.pop().parts;
  const info = content.parts[1].parts[0].content;
  const certificates = more.filter((each) => each.tag === 0xa0).flatMap((each) => each.parts)
    .map((each) => new X509Certificate(each.raw));
  const [, , digest, attributes, algorithm, signature] = signer.parts, name = SHA2[oid(digest.parts[0])];
  const said = new Map(attributes.parts.map((each) => [oid(each.parts[0]), each.parts[1].parts[0]]));
  need(said.get("2a864886f70d010904").content.equals(createHash(name).update(info).digest()), "stamp");
  const second = said.get("2a864886f70d010910022f"), named = second ?? said.get("2a864886f70d010910020c");
  const fields = named.parts[0].parts[0].parts;
  const by = fields[0].tag === 0x30 ? SHA2[oid(fields.shift().parts[0])] : second ? "sha256" : "sha1";
  const own = certificates.find((each) => createHash(by).update(each.raw).digest().equals(fields[0].content));
  need(own && own.keyUsage.includes("1.3.6.1.5.5.7.3.8"), "stamp");
  const signed = Buffer.concat([Buffer.from([0x31]), attributes.raw.subarray(1)]);
  const pss = oid(algorithm.parts[0]) === "2a864886f70d01010a";
  const key = pss ? { key: own.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING } : own.publicKey;
  need(verify(name, signed, key, signature.content), "stamp");
  const [, , imprint, , time, ...rest] = der(info)[0].parts;
  const hash = SHA2[oid(imprint.parts[0].parts[0])];
  need(createHash(hash).update(data).digest().equals(imprint.parts[1].content), "stamp");
  if (!given.length) return null;
  const at = moment(time.content.toString("ascii"));
  const leads = (one, most) => given.some((each) => each.raw.equals(one.raw)) || (most > 0 &&
    [...given, ...certificates].some((each) => each.ca && one.checkIssued(each) && one.verify(each.publicKey) && leads(each, most - 1)));
  need(Date.parse(own.validFrom) <= at && at <= Date.parse(own.validTo) && leads(own, 3), "stamp");
  const accuracy = rest.filter((each) => each.tag === 0x30).flatMap((each) => each.parts);
  const unit = { 2: 1000, 128: 1, 129: 0.001 };
  return accuracy.reduce((sum, each) => sum + unit[each.tag] * each.content.readUIntBE(0, each.content.length), at);
}

// Sections 2 and 7: the chain of each subject.

class Chains {
  constructor(origin, fromStart) {
    Object.assign(this, { origin, fromStart, last: new Map(), after: new Map(), bound: new Map(), erased: new Map(), places: new Map(), withheld: new Set(), causes: new Map(), gaps: 0 });
  }
  // Section 2: the parts of one cause.
  part(entry, index) {
    const [number, parts] = entry.part, at = Date.parse(entry.at);
    const cause = this.causes.get(entry.cause) ?? { parts, index, seen: new Set(), first: at, last: at };
    need(cause.parts === parts && number <= parts && !cause.seen.has(number), "chain", index);
    cause.seen.add(number);
    cause.first = Math.min(cause.first, at);
    cause.last = Math.max(cause.last, at);
    this.causes.set(entry.cause, cause);
  }
  follow(body, index) {
    const entry = JSON.parse(body), known = this.last.get(entry.subject);
    const fits = entry.origin === this.origin && (entry.rev === 1) === (entry.prev === ZERO) &&
      (entry.rev === 1) === (entry.prev_id === null) && entry.part[0] <= entry.part[1] &&
      (entry.prev_id === null || entry.prev_id < entry.id);
    const due = known ? known.rev + 1 : 1;
    const next = known ? entry.rev === due && entry.prev === known.head
      : entry.rev === 1 || !this.fromStart;
    need(fits && (next || (entry.rev > due && this.withheld.has(entry.prev))), "chain", index);
    if (known || this.fromStart) this.gaps += entry.rev - due;
    this.last.set(entry.subject, { rev: entry.rev, head: leafHash(body).toString("hex") });
    this.after.set(entry.subject, entry.after);
    if (entry.payload) this.bound.set(entry.id, entry);
    if (entry.action === "payload:erase") this.erased.set(entry.subject, index);
    this.places.set(entry.id, index);
    if (entry.part[1] > 1) this.part(entry, index);
    return Date.parse(entry.at);
  }
}

const DAY = 86_400_000, MINUTE = 60_000, OPEN = 15 * MINUTE;

function lines(data, kind, index) {
  const text = data.toString("utf8");
  if (text === "") return [];
  need(text.endsWith("\n"), kind, index);
  return text.slice(0, -1).split("\n");
}

// The older checkpoints, each with the times by which its entries were there, in ms.
function anchorsOf(folder, read, keys, witnesses, given, tree, begin, end) {
  const path = join(folder, "anchors"), proofs = new Map();
  const text = existsSync(join(folder, "proofs/consistency")) ? read("proofs/consistency") : Buffer.alloc(0);
  for (const line of lines(text, "anchor")) {
    const [name, ...hashes] = line.split(" ");
    need(!proofs.size || name > [...proofs.keys()].at(-1), "anchor");
    proofs.set(name, hashes.map((hash) => unbase64(hash, "anchor")));
  }
  const names = existsSync(path) ? readdirSync(path).sort().filter((name) => !name.endsWith(".tsr")) : [];
  const anchors = names.map((name) => {
    const data = read(join("anchors", name)), { tree: anchor, times } = openCheckpoint(data, keys, witnesses);
    need(anchor.origin === tree.origin && anchor.size <= tree.size, "anchor");
    if (!(begin < anchor.size && anchor.size <= end)) {
      const proof = proofs.get(name) ?? [];
      proofs.delete(name);
      need(consistent(anchor, tree, proof), "anchor");
    }
    const bounds = [...times.values()].map((time) => time * 1000);
    const stamp = join(path, name + ".tsr");
    if (existsSync(stamp)) bounds.push(readStamp(readFileSync(stamp), data, given));
    const seen = [...times.values()].map((time) => time * 1000);
    return { ...anchor, seen, bounds: bounds.filter((each) => each !== null) };
  });
  need(proofs.size === 0, "anchor");
  return anchors;
}

// Section 9.
function readReceipt(path, keys, origin) {
  const { text, signers } = openNote(readFileSync(path), keys);
  const found = new RegExp(`^([^\\n]+)\\nhausrecht-receipt/v1\\n${ULID}\\n(${HEX})\\n([^\\n]{24})\\n$`).exec(text);
  need(found && found[1] === origin, "receipt");
  const due = Date.parse(found[3]);
  need(maySign(keys, signers, 0, due - MINUTE), "signature");
  return { leaf: found[2], due };
}

// Section 8.
function checkProof(data, keys, { witnesses, quorum, receipts }) {
  const gap = data.indexOf("\n\n"), head = data.subarray(0, gap).toString("utf8");
  const found = /^c2sp\.org\/tlog-proof@v1(?:\nextra ([^\n]+))?\nindex (0|[1-9][0-9]*)((?:\n[^\n]+)*)$/.exec(head);
  need(gap > 0 && found, "proof");
  const { tree, times } = openCheckpoint(data.subarray(gap + 2), keys, witnesses);
  const index = Number(found[2]);
  need(times.size >= quorum, "witness");
  const body = found[1] && unbase64(found[1], "proof", index).toString("utf8");
  const path = found[3].split("\n").slice(1).map((hash) => unbase64(hash, "proof", index));
  need(path.every((hash) => hash.length === 32), "proof", index);
  const leaves = receipts.map((each) => readReceipt(each, keys, tree.origin).leaf);
  need(!body || (ENTRY.test(body) && JSON.parse(body).origin === tree.origin), "form", index);
  if (body) leaves.push(leafHash(body).toString("hex"));
  need(leaves.length, "proof", index);
  const leaf = Buffer.from(leaves.at(-1), "hex");
  need(index < tree.size && included(leaf, index, tree.size, path, "root").equals(tree.root), "root", index);
  need(new Set(leaves).size === 1, "receipt", index);
  for (const time of body ? times.values() : []) {
    need(Date.parse(JSON.parse(body).at) <= time * 1000 + MINUTE, "time", index);
  }
  return { kept: receipts.length, open: 0 };
}

function check(folder, keys, { witnesses, quorum, receipts, given }) {
  const read = (name) => { need(existsSync(join(folder, name)), "file"); return readFileSync(join(folder, name)); };
  const { tree, times: seen } = openCheckpoint(read("checkpoint"), keys, witnesses);
  need(seen.size >= quorum, "witness");
  const bounds = [...seen.values()].map((time) => ({ size: tree.size, time: time * 1000 }));
  need(!given.length || existsSync(join(folder, "checkpoint.tsr")), "stamp");
  if (existsSync(join(folder, "checkpoint.tsr"))) {
    const time = readStamp(read("checkpoint.tsr"), read("checkpoint"), given);
    if (time !== null) bounds.push({ size: tree.size, time });
  }
  const [numbers, ...hashes] = read("proofs/range").toString().split("\n");
  const range = /^(0|[1-9][0-9]*) (0|[1-9][0-9]*) (0|[1-9][0-9]*)$/.exec(numbers);
  need(range, "range");
  const [begin, end, size] = range.slice(1).map(Number);
  need(begin <= end && end <= size && size === tree.size, "range");
  const left = cover(0, begin), right = cover(end, size);
  need(hashes.length === left.length + right.length + 2 && hashes[left.length] === "" &&
    hashes.at(-1) === "", "range");
  const nodes = hashes.filter((line) => line).map((line) => unbase64(line, "range"));
  need(nodes.length === left.length + right.length && nodes.every((node) => node.length === 32), "range");

  const grown = new Tree(), chains = new Chains(tree.origin, begin === 0);
  const anchors = anchorsOf(folder, read, keys, witnesses, given, tree, begin, end), times = [];
  for (const anchor of anchors) bounds.push(...anchor.bounds.map((time) => ({ size: anchor.size, time })));
  const seenBy = anchors.flatMap((each) => each.seen.map((time) => ({ size: each.size, time })));
  const place = (at, index) => {
    for (const each of seenBy) need(each.size > index || at >= each.time - OPEN, "time", index);
  };
  anchors.push(...keys.flatMap((key) => key.end ? [key.end] : []));
  const places = new Map(), dated = [];
  const hold = (at, size, index) => {
    for (const bound of bounds) need(bound.size !== size || at <= bound.time + MINUTE, "time", index);
  };
  left.forEach((width, at) => grown.push(nodes[at], width));
  const leaves = read("proofs/leaves"), entries = read("entries.jsonl").toString("utf8").split("\n");
  const last = entries.pop();
  if (last !== "") entries.push(last + " ");
  entries.forEach((line, at) => {
    const index = begin + at, hidden = HIDDEN.exec(line);
    const leaf = hidden ? Buffer.from(hidden[1], "hex") : leafHash(line);
    need(leaf.equals(leaves.subarray(32 * at, 32 * at + 32)), "entry", index);
    need(hidden || ENTRY.test(line), "form", index);
    if (hidden) chains.withheld.add(hidden[1]);
    else {
      times.push(chains.follow(line, index));
      place(times.at(-1), index);
      dated.push({ index, at: times.at(-1) });
    }
    places.set(leaf.toString("hex"), index);
    grown.push(leaf);
    for (const anchor of anchors.filter((each) => each.size === grown.size)) {
      need(grown.root().equals(anchor.root), "anchor", anchor.size);
    }
    hold(times.reduce((one, two) => Math.max(one, two), -Infinity), grown.size, grown.size);
  });
  need(leaves.length === 32 * entries.length, "entry", begin + entries.length);
  need(grown.size === end, "count", grown.size);
  right.forEach((width, at) => grown.push(nodes[left.length + at], width));
  need(grown.root().equals(tree.root), "root");

  const latest = times.reduce((one, two) => Math.max(one, two), -Infinity);
  for (const bound of bounds) need(bound.size <= end || latest <= bound.time + MINUTE, "time");

  let previous = end - 1, behind = 0, hiddenBehind = 0;
  for (const line of lines(read("later.jsonl"), "later", end)) {
    const found = /^\{"entry":(\{[^{}]*\}),"index":([0-9]+),"proof":(\[[^\]]*\])\}$/.exec(line);
    const hidden = found && HIDDEN.exec(found[1]);
    need(found && (hidden || ENTRY.test(found[1])), "later", previous + 1);
    const index = Number(found[2]), proof = JSON.parse(found[3]);
    need(index > previous && index < size && JSON.stringify(proof) === found[3], "later", index);
    const path = proof.map((hash) => unbase64(hash, "later", index));
    const leaf = hidden ? Buffer.from(hidden[1], "hex") : leafHash(found[1]);
    need(included(leaf, index, size, path, "later").equals(tree.root), "later", index);
    if (hidden) chains.withheld.add(hidden[1]);
    else {
      const at = chains.follow(found[1], index);
      place(at, index);
      dated.push({ index, at });
      for (const bound of bounds) need(bound.size <= index || at <= bound.time + MINUTE, "time", index);
    }
    places.set(leaf.toString("hex"), index);
    previous = index;
    behind += 1;
    if (hidden) hiddenBehind += 1;
  }
  let before = "", subjects = 0;
  for (const line of lines(read("heads.jsonl"), "heads")) {
    const head = JSON.parse(line), known = chains.last.get(head.subject);
    need(`{"head":"${head.head}","rev":${head.rev},"subject":"${head.subject}"}` === line, "heads");
    need(head.subject > before, "heads");
    need(known && ((known.rev === head.rev && known.head === head.head) ||
      (head.rev > known.rev && chains.withheld.has(head.head))), "heads");
    chains.gaps += head.rev - known.rev;
    chains.last.delete(head.subject);
    before = head.subject;
    subjects += 1;
  }
  need(chains.last.size === 0, "heads");
  const hiddenLines = entries.filter((line) => HIDDEN.test(line)).length + hiddenBehind;
  need(chains.gaps <= hiddenLines && (begin < end || chains.gaps === hiddenLines), "heads");
  for (const cause of chains.withheld.size ? [] : chains.causes.values()) {
    const early = begin > 0 && cause.first < times[0] + DAY;
    const over = times.at(-1) > cause.last + DAY;
    need(cause.seen.size === cause.parts || early || !over, "part", cause.index);
  }

  const there = FILES.filter((name) => !OPTIONAL.includes(name) || existsSync(join(folder, name)));
  let document = Buffer.alloc(0);
  const parts = new Set();
  for (const line of there.includes("documents.jsonl") ? lines(read("documents.jsonl"), "document") : []) {
    const found = /^\{"document":(\{.*\}),"part":"([^"]*)","salt":(?:null|"([0-9a-f]{64})"),"subject":"([^"]*)"\}$/.exec(line);
    need(found && Buffer.compare(document, Buffer.from(line)) < 0, "document");
    document = Buffer.from(line);
    need(!parts.has(`${found[4]} ${found[2]}`) && (found[3] === undefined || found[2] === "META"), "document");
    parts.add(`${found[4]} ${found[2]}`);
    found.splice(2, 1);
    if (found[2] === undefined) continue;
    const state = createHmac("sha256", Buffer.from(found[2], "hex")).update("state/v1\n" + found[1]).digest("hex");
    need(chains.after.get(found[3]) === state, "document");
  }

  let one = "";
  for (const line of there.includes("payloads.jsonl") ? lines(read("payloads.jsonl"), "payload") : []) {
    const found = /^\{"entry":"([^"]*)","fields":(\{.*\}),"salt":"([0-9a-f]{64})"\}$/.exec(line);
    need(found && found[1] > one, "payload");
    one = found[1];
    const payload = createHmac("sha256", Buffer.from(found[3], "hex")).update(found[2]).digest("hex");
    need(chains.bound.get(one)?.payload === payload, "payload");
    chains.bound.delete(one);
  }
  for (const entry of there.includes("payloads.jsonl") ? chains.bound.values() : []) {
    need(chains.erased.get(entry.subject) > chains.places.get(entry.id), "payload");
  }

  const digest = (name) => createHash("sha256").update(read(name)).digest("hex");
  const sealed = there.map((name) => `${digest(name)}  ${name}\n`).join("");
  need(openNote(read("seal"), keys).text === `${tree.origin}\n${FORMAT}\n${sealed}`, "seal");
  const manifest = JSON.parse(read("manifest.json"));
  for (const [name, hash] of Object.entries(manifest.sha256)) need(digest(name) === hash, "manifest");
  need(manifest.format === FORMAT && manifest.origin === tree.origin, "manifest");
  const counts = { entries: end - begin, heads: subjects, later: behind,
    withheld: hiddenLines };
  for (const [name, count] of Object.entries(counts)) need(manifest.counts?.[name] === count, "manifest");
  need(Object.keys(manifest.counts).length === 4 && ["full", "authority", "outsider"].includes(manifest.profile), "manifest");
  const ofCase = manifest.selection.case !== undefined;
  need((ofCase && manifest.profile !== "outsider") === there.includes("documents.jsonl"), "manifest");
  need((ofCase && manifest.profile === "full") === there.includes("payloads.jsonl"), "manifest");
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath ?? name.path, name.name).slice(folder.length + 1);
    need(name.isDirectory() || path === "seal" || FILES.includes(path) || path.startsWith("anchors/"), "file");
    need(!path.endsWith(".tsr") || existsSync(join(folder, path.slice(0, -4))), "file");
  }

  const held = places;
  const promises = receipts.map((path) => readReceipt(path, keys, tree.origin));
  const kept = promises.filter((promise) => held.has(promise.leaf)).length;
  for (const promise of promises.filter((each) => held.has(each.leaf))) {
    const earlier = dated.filter((each) => each.index < held.get(promise.leaf));
    need(earlier.every((each) => each.at <= promise.due + MINUTE), "receipt");
  }
  for (const promise of promises) {
    const reached = times.length && times.at(-1) > promise.due + MINUTE;
    const early = begin > 0 && times.length && promise.due < times[0] + DAY;
    need(held.has(promise.leaf) || !reached || early, "receipt");
  }
  return { kept, open: promises.length - kept };
}

const { values, positionals: [path, vkey] } = parseArgs({ allowPositionals: true, options: {
  witness: { type: "string", multiple: true, default: [] }, quorum: { type: "string", default: "0" },
  receipt: { type: "string", multiple: true, default: [] },
  succession: { type: "string", multiple: true, default: [] },
  tsa: { type: "string", multiple: true, default: [] } } });
const options = { witnesses: values.witness.map(parseKey), quorum: Number(values.quorum), receipts: values.receipt,
  given: values.tsa.map((file) => new X509Certificate(readFileSync(file))) };
let verdict;
try {
  const keys = values.succession.reduce((known, file) => follow(known, readFileSync(file)), [parseKey(vkey)]);
  const given = statSync(path).isDirectory() ? check(path, keys, options)
    : checkProof(readFileSync(path), keys, options);
  verdict = { holds: true, kind: null, index: null, ...given };
} catch (error) {
  verdict = { holds: false, kind: error.kind ?? "form", index: error.index ?? null };
}
console.log(JSON.stringify(verdict));
process.exit(verdict.holds ? 0 : 1);
