/**
 * Opcodes by which a pickle names and calls things. None of them calls anything here: see `Machine.call`.
 */
import { kindOf } from '../stored';
import type { Machine, OpTable } from './machine';

function stackGlobal(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw machine.input.error(`expected the name of a class, found ${kindOf(module)} and ${kindOf(name)}`);
  }
  machine.pushNew(machine.global(module, name));
}

function readGlobal(machine: Machine) {
  const module = machine.input.line();
  return machine.global(module, machine.input.line());
}

/** REDUCE and NEWOBJ: a call with a tuple of arguments. */
function reduce(machine: Machine): void {
  const args = machine.arguments(machine.pop());
  machine.push(machine.call(machine.pop(), args));
}

/** NEWOBJ_EX: a call with keyword arguments too, which none of the known constructors takes. */
function newObjectWithKeywords(machine: Machine): void {
  const keywords = machine.pop();
  const args = machine.arguments(machine.pop());
  const hasKeywords = keywords instanceof Map && keywords.size > 0;
  machine.push(machine.call(machine.pop(), hasKeywords ? [...args, keywords] : args));
}

/** OBJ: the class and its arguments above a mark. */
function object(machine: Machine): void {
  const [callable, ...args] = machine.popMark();
  if (callable === undefined) throw machine.input.error('expected a class above the mark, found nothing');
  machine.push(machine.call(callable, args));
}

/** INST: the class named in place, its arguments above a mark. */
function instance(machine: Machine): void {
  const callable = readGlobal(machine);
  machine.push(machine.call(callable, machine.popMark()));
}

function build(machine: Machine): void {
  const state = machine.pop();
  machine.build(machine.top(), state);
}

/** The opcodes, by Python's names. */
export const objectOps: OpTable = {
  GLOBAL: [0x63, m => m.pushNew(readGlobal(m))],
  STACK_GLOBAL: [0x93, stackGlobal],
  REDUCE: [0x52, reduce],
  NEWOBJ: [0x81, reduce],
  NEWOBJ_EX: [0x92, newObjectWithKeywords],
  OBJ: [0x6f, object],
  INST: [0x69, instance],
  BUILD: [0x62, build],
  BINPERSID: [0x51, m => m.push(m.persistent(m.pop()))],
};
