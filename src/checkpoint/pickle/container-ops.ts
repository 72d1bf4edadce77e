/**
 * Opcodes that build tuples, lists, dictionaries and sets, and those that move values around: marks, the
 * memo, and the stack itself.
 */
import { isKey, kindOf, type Stored, type StoredKey, Tuple, Unresolved } from '../stored';
import type { Machine, OpTable } from './machine';

function key(machine: Machine, value: Stored): StoredKey {
  if (isKey(value)) return value;
  throw machine.input.error(`expected a key of a dict, found ${kindOf(value)}`);
}

/** Pushes a tuple of the `count` values on top. */
function tuple(machine: Machine, count: number): void {
  const items: Stored[] = [];
  for (let i = 0; i < count; i++) items.push(machine.pop());
  machine.pushNew(new Tuple(items.reverse()));
}

/** Adds to the list that is now on top. */
function append(machine: Machine, items: readonly Stored[]): void {
  const target = machine.top();
  if (target instanceof Unresolved) target.items ??= [];
  const list = target instanceof Unresolved ? target.items : target;
  if (!Array.isArray(list))
    throw machine.input.error(`expected a list to append to, found ${kindOf(target)}`);
  for (const item of items) list.push(item);
}

/** Sets entries of the dictionary that is now on top: keys and values alternate. */
function setItems(machine: Machine, items: readonly Stored[]): void {
  const target = machine.top();
  if (target instanceof Unresolved) target.entries ??= new Map();
  const map = target instanceof Unresolved ? target.entries : target;
  if (!(map instanceof Map)) throw machine.input.error(`expected a dict to fill, found ${kindOf(target)}`);
  fill(machine, map, items);
}

function fill(machine: Machine, map: Map<StoredKey, Stored>, items: readonly Stored[]): void {
  for (let i = 0; i < items.length; i += 2) {
    const [name, value] = [items[i], items[i + 1]];
    if (name === undefined || value === undefined)
      throw machine.input.error('expected a value for every key');
    map.set(key(machine, name), value);
  }
}

function newDict(machine: Machine): Map<StoredKey, Stored> {
  const map = new Map<StoredKey, Stored>();
  fill(machine, map, machine.popMark());
  return map;
}

function newSet(machine: Machine): Set<StoredKey> {
  return new Set(machine.popMark().map(item => key(machine, item)));
}

/** Adds to the set that is now on top. */
function addItems(machine: Machine): void {
  const items = machine.popMark();
  const target = machine.top();
  if (target instanceof Set) for (const item of items) target.add(key(machine, item));
  else if (target instanceof Unresolved) append(machine, items);
  else throw machine.input.error(`expected a set to add to, found ${kindOf(target)}`);
}

function setItem(machine: Machine): void {
  const value = machine.pop();
  const name = machine.pop();
  setItems(machine, [name, value]);
}

function mark(machine: Machine): void {
  machine.charge(4);
  machine.marks.push(machine.stack);
  machine.stack = [];
}

/** POP: removes a value, or a mark where nothing is above it. */
function discard(machine: Machine): void {
  if (machine.stack.length > 0) machine.stack.pop();
  else machine.popMark();
}

function get(machine: Machine, index: number): void {
  const value = machine.memo.get(index);
  if (value === undefined) throw machine.input.error(`expected a value in the memo at ${index}, found none`);
  machine.push(value);
}

function put(machine: Machine, index: number): void {
  machine.charge(1);
  machine.memo.set(index, machine.top());
}

/** The index of GET and PUT, written in decimal. */
function lineIndex(machine: Machine): number {
  const line = machine.input.line();
  if (!/^\d{1,10}$/.test(line)) throw machine.input.error('expected an index of the memo');
  return Number(line);
}

/** PROTO: the version of the format. */
function protocol(machine: Machine): void {
  const version = machine.input.u8();
  if (version > 5) throw machine.input.error(`expected a pickle of protocol 5 or older, found ${version}`);
}

/** FRAME: announces a length, which says nothing that is needed; only its bounds are checked. */
function frame(machine: Machine): void {
  const length = machine.input.u64();
  if (length > machine.input.left) throw machine.input.error(`expected ${length} more bytes in a frame`);
}

/** The opcodes, by Python's names. */
export const containerOps: OpTable = {
  EMPTY_TUPLE: [0x29, m => tuple(m, 0)],
  TUPLE1: [0x85, m => tuple(m, 1)],
  TUPLE2: [0x86, m => tuple(m, 2)],
  TUPLE3: [0x87, m => tuple(m, 3)],
  TUPLE: [0x74, m => m.pushNew(new Tuple(m.popMark()))],
  EMPTY_LIST: [0x5d, m => m.pushNew([])],
  LIST: [0x6c, m => m.pushNew(m.popMark())],
  APPEND: [0x61, m => append(m, [m.pop()])],
  APPENDS: [0x65, m => append(m, m.popMark())],
  EMPTY_DICT: [0x7d, m => m.pushNew(new Map())],
  DICT: [0x64, m => m.pushNew(newDict(m))],
  SETITEM: [0x73, setItem],
  SETITEMS: [0x75, m => setItems(m, m.popMark())],
  EMPTY_SET: [0x8f, m => m.pushNew(new Set())],
  FROZENSET: [0x91, m => m.pushNew(newSet(m))],
  ADDITEMS: [0x90, addItems],
  MARK: [0x28, mark],
  POP: [0x30, discard],
  POP_MARK: [0x31, m => void m.popMark()],
  DUP: [0x32, m => m.push(m.top())],
  GET: [0x67, m => get(m, lineIndex(m))],
  BINGET: [0x68, m => get(m, m.input.u8())],
  LONG_BINGET: [0x6a, m => get(m, m.input.u32())],
  PUT: [0x70, m => put(m, lineIndex(m))],
  BINPUT: [0x71, m => put(m, m.input.u8())],
  LONG_BINPUT: [0x72, m => put(m, m.input.u32())],
  MEMOIZE: [0x94, m => put(m, m.memo.size)],
  PROTO: [0x80, protocol],
  FRAME: [0x95, frame],
};
